//! Days of the calendar as numbers, so that dates compare and subtract.

/// The number of a day, counted from 1 January 1970: the day after is one more. Only comparisons and
/// differences of such numbers mean something. `None` when the calendar has no such day.
pub fn day_count(year: i32, month: u8, day: u8) -> Option<i64> {
    let date = jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Some(date.ok()?.duration_since(jiff::civil::Date::constant(1970, 1, 1)).as_hours() / 24)
}

#[cfg(test)]
mod tests {
    use super::day_count;

    #[test]
    fn days_follow_one_another_over_months_and_leap_years() {
        assert_eq!(day_count(1970, 1, 1), Some(0));
        assert_eq!(day_count(1969, 12, 31), Some(-1));
        assert_eq!(day_count(2024, 3, 1).zip(day_count(2024, 2, 28)).map(|(later, earlier)| later - earlier), Some(2));
        assert_eq!(day_count(2026, 1, 16).zip(day_count(2025, 8, 7)).map(|(late, due)| late - due), Some(162));
    }

    #[test]
    fn what_the_calendar_lacks_has_no_number() {
        for (year, month, day) in [(2023, 2, 29), (2023, 0, 1), (2023, 13, 1), (2023, 4, 31), (99_999, 1, 1)] {
            assert_eq!(day_count(year, month, day), None, "{year}-{month}-{day}");
        }
    }
}
