use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;

fn exact(text: &str) -> Exact {
    let (numerator, denominator) = text.split_once('/').unwrap_or((text, "1"));
    Exact::parse(numerator).unwrap().div(&Exact::parse(denominator).unwrap()).unwrap()
}

#[test]
fn plain_decimal_notation_and_nothing_else_is_read() {
    let hundred = "9".repeat(100);
    for text in ["0", "-0", "-12.50", "007", "0.000", "3.14159265358979323846264338327950288", &hundred] {
        assert!(Exact::parse(text).is_some(), "{text}");
    }
    let too_long = "9".repeat(101);
    let long_fraction = format!("0.{}", "1".repeat(100));
    for text in [
        "",
        "-",
        ".",
        "5.",
        ".5",
        "+5",
        "1e5",
        "1_000",
        "1,000",
        " 1",
        "1 ",
        "１",
        "1.2.3",
        "--1",
        "0x10",
        "NaN",
        "∞",
        "1/2",
        "−1",
        &too_long,
        &long_fraction,
    ] {
        assert_eq!(Exact::parse(text), None, "{text}");
    }
    assert_eq!(Exact::parse("-0"), Some(Exact::ZERO));
    assert_eq!(Exact::parse(&hundred).unwrap().to_string(), hundred);
}

#[test]
fn arithmetic_does_not_round() {
    let third = exact("0.325/3");
    assert_eq!(third.mul(&Exact::from_i64(3)).unwrap(), exact("0.325"));
    assert_eq!(exact("0.1").add(&exact("0.2")).unwrap(), exact("0.3"));
    assert_eq!(exact("1").div(&Exact::ZERO), Err(ArithmeticError::DivisionByZero));
    assert_eq!(exact("1").rem(&Exact::ZERO), Err(ArithmeticError::DivisionByZero));
    for (a, b, rest) in [("7", "3", "1"), ("-7", "3", "-1"), ("7", "-3", "1"), ("-7", "-3", "-1"), ("5.5", "2", "1.5")]
    {
        assert_eq!(exact(a).rem(&exact(b)).unwrap(), exact(rest), "{a} % {b}");
    }
    assert_eq!(exact("2").pow(10).unwrap(), exact("1024"));
    assert_eq!(exact("2").pow(-2).unwrap(), exact("0.25"));
    assert_eq!(exact("0").pow(0).unwrap(), Exact::ONE);
    assert_eq!(exact("0").pow(-1), Err(ArithmeticError::DivisionByZero));
    assert_eq!(exact("2").pow(i32::MIN), Err(ArithmeticError::TooLarge));
}

#[test]
fn halves_round_away_from_zero() {
    for (value, places, want) in [
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("-7.5", 0, "-8"),
        ("-7.4", 0, "-7"),
        ("2.345", 2, "2.35"),
        ("2.5", 0, "3"),
        ("1/3", 2, "0.33"),
        ("2/3", 2, "0.67"),
        ("-0.004", 2, "0"),
        ("123", 5, "123"),
        ("1/3", u32::MAX, "0.3333333333333333333333333333"),
        ("1000000000000000000000000000000000000000.5", 0, "1000000000000000000000000000000000000001"),
    ] {
        assert_eq!(exact(value).round_half_up(places), exact(want), "{value} to {places}");
    }
    for (value, floor, ceil) in [("2.5", "2", "3"), ("-2.5", "-3", "-2"), ("4", "4", "4"), ("-1/3", "-1", "0")] {
        assert_eq!((exact(value).floor(), exact(value).ceil()), (exact(floor), exact(ceil)), "{value}");
    }
}

#[test]
fn a_number_with_an_end_prints_in_full_and_another_says_so() {
    for (value, want) in [
        ("0", "0"),
        ("-0.50", "-0.5"),
        ("100", "100"),
        ("1/8", "0.125"),
        ("1/3", "≈0.333333333333"),
        ("-2/3", "≈-0.666666666667"),
        ("200/3", "≈66.6666666667"),
        ("1/30", "≈0.0333333333333"),
        ("1/70000", "≈0.0000142857142857"),
        ("1/7", "≈0.142857142857"),
        ("10000000000000/3", "≈3333333333333"),
        ("2.9999999999999999/3", "≈1"),
        ("1/1024", "0.0009765625"),
        (
            "123456789012345678901234567890.000000000000000000000000000001",
            "123456789012345678901234567890.000000000000000000000000000001",
        ),
    ] {
        assert_eq!(exact(value).to_string(), want, "{value}");
    }
}

#[test]
fn width_is_bounded() {
    let mut value = exact("3");
    let error = loop {
        match value.mul(&value) {
            Ok(square) => value = square,
            Err(error) => break error,
        }
    };
    assert_eq!(error, ArithmeticError::TooLarge);
    assert!(value.bits() <= 2 * 4_096);
    assert_eq!(value.div(&value).unwrap(), Exact::ONE);
    let (largest, smallest) = (Exact::from_i64(i64::MAX), Exact::from_i64(i64::MIN));
    assert_eq!(
        largest.mul(&largest).unwrap().mul(&largest).unwrap().div(&largest).unwrap().div(&largest).unwrap(),
        largest
    );
    assert_eq!(smallest.neg().to_string(), "9223372036854775808");
}

#[test]
fn close_wide_numbers_compare_without_recursion() {
    // Neighbours in the Fibonacci sequence: the longest continued fraction for their width.
    let (mut a, mut b) = (Exact::ONE, Exact::ONE);
    for _ in 0..5_000 {
        let next = a.add(&b).unwrap();
        a = std::mem::replace(&mut b, next);
    }
    let (golden, next) = (b.div(&a).unwrap(), a.add(&b).unwrap().div(&b).unwrap());
    assert_ne!(golden, next);
    assert_ne!(golden.cmp(&next), std::cmp::Ordering::Equal);
}

#[test]
fn points_keep_the_scale_of_the_form() {
    for (text, prints) in [("25.00", "25.00"), ("9", "9"), ("9.180", "9.180"), ("-0.00", "0.00"), ("-3.5", "-3.5")] {
        assert_eq!(Points::parse(text).unwrap().to_string(), prints, "{text}");
    }
    for text in ["", "1e400", "abc", "1234567890", "1.0123456789", "1_0", "+1", ".5", &"9".repeat(100)] {
        assert_eq!(Points::parse(text), None, "{text}");
    }
    assert_eq!(Points::parse("25.00"), Points::parse("25"));
    assert_eq!(
        Points::checked_sum([Points::parse("9.18").unwrap(), Points::parse("30.5").unwrap()]).unwrap().to_string(),
        "39.68"
    );
    let most = Points::parse("999999999.999999999").unwrap();
    assert_eq!(most.checked_add(most), None);
    assert_eq!(most.checked_sub(most), Some(Points::ZERO));
}

#[test]
fn a_score_is_fixed_once_half_up() {
    for (score, want) in [
        ("7.727", "7.73"),
        ("9", "9"),
        ("9.50", "9.5"),
        ("0.325", "0.33"),
        ("-0.005", "-0.01"),
        ("2.345", "2.35"),
        ("0.004", "0"),
        ("1e", ""),
        ("99999999999999999999999999999999999999999999", "999999999.99"),
    ] {
        if let Some(score) = Exact::parse(score) {
            assert_eq!(Points::fix(&score).to_string(), want, "{score}");
        }
    }
    let deducted = exact("0.325/3").mul(&exact("3")).unwrap();
    assert_eq!(Points::fix(&deducted).to_string(), "0.33");
}

#[test]
fn money_converts_exactly_and_a_rate_of_nothing_is_absent() {
    let budget = Money::from_unit(&exact("5262824.65"), MoneyUnit::Yuan);
    let executed = Money::from_unit(&exact("482.935224"), MoneyUnit::TenThousandYuan);
    assert_eq!(executed.to_string(), "4829352.24");
    assert_eq!(budget.in_unit(MoneyUnit::TenThousandYuan), exact("526.282465"));
    let rate = executed.share_of(&budget).unwrap();
    assert_eq!((rate.to_string(), rate.percent()), ("0.9176".into(), "91.76%".into()));
    let nothing = Money::from_unit(&Exact::ZERO, MoneyUnit::HundredMillionYuan);
    assert_eq!(budget.share_of(&nothing), Err(ArithmeticError::DivisionByZero));
    assert_eq!(MoneyUnit::from_name("亿元"), Some(MoneyUnit::HundredMillionYuan));
    assert_eq!(MoneyUnit::from_name("美元"), None);
}

#[test]
fn years_are_bounded() {
    assert_eq!(FiscalYear::new(2022).unwrap().to_string(), "2022");
    for year in [0, 1948, 2200, -2022, 20222, i32::MIN, i32::MAX] {
        assert_eq!(FiscalYear::new(year), None, "{year}");
    }
}

/// Rationals around the bounds of each representation and far inside them.
fn any_exact() -> impl Strategy<Value = Exact> {
    let edge = (prop_oneof![Just(i64::MIN), Just(i64::MAX)], -2_i128..=2).prop_map(|(edge, by)| i128::from(edge) + by);
    let part = prop_oneof![-20_i128..20, any::<i64>().prop_map(i128::from), edge, any::<i128>()];
    (part.clone(), part).prop_map(|(numerator, denominator)| {
        let read = |value: i128| Exact::parse(&value.to_string()).unwrap();
        read(numerator).div(&read(denominator)).unwrap_or(Exact::ZERO)
    })
}

proptest! {
    #[test]
    fn the_field_laws_hold(a in any_exact(), b in any_exact(), c in any_exact()) {
        prop_assert_eq!(a.add(&b).unwrap(), b.add(&a).unwrap());
        prop_assert_eq!(a.add(&b).unwrap().sub(&b).unwrap(), a.clone());
        prop_assert_eq!(a.mul(&b.add(&c).unwrap()).unwrap(), a.mul(&b).unwrap().add(&a.mul(&c).unwrap()).unwrap());
        if !b.is_zero() {
            prop_assert_eq!(a.div(&b).unwrap().mul(&b).unwrap(), a.clone());
            let rest = a.rem(&b).unwrap();
            prop_assert!(rest.abs() < b.abs());
            prop_assert!(rest.is_zero() || rest.is_negative() == a.is_negative());
        }
        prop_assert_eq!(a.cmp(&b), a.sub(&b).unwrap().cmp(&Exact::ZERO));
    }

    #[test]
    fn rounding_is_the_nearest_with_ties_away_from_zero(a in any_exact(), places in 0_u32..6) {
        let rounded = a.round_half_up(places);
        let unit = Exact::from_i64(10).pow(-i32::try_from(places).unwrap()).unwrap();
        let off = a.sub(&rounded).unwrap().abs().mul(&Exact::from_i64(2)).unwrap();
        prop_assert!(off <= unit);
        prop_assert!(off < unit || rounded.abs() > a.abs());
        prop_assert!(rounded.div(&unit).unwrap().is_integer());
        prop_assert!(a.floor() <= a && a <= a.ceil());
    }

    #[test]
    fn a_decimal_comes_back(mantissa in any::<i64>(), scale in 0_u32..=18) {
        let decimal = Decimal::new(mantissa, scale);
        let value = Exact::from_decimal(decimal);
        prop_assert_eq!(value.to_decimal(), Some(decimal));
        prop_assert_eq!(Exact::from_scaled(mantissa, scale), Some(value.clone()));
        prop_assert_eq!(Exact::parse(&value.to_string()), Some(value.clone()));
        prop_assert_eq!(Exact::parse(&decimal.to_string()), Some(value));
    }

    #[test]
    fn points_are_read_as_the_decimal_that_is_written(text in "-?[0-9]{0,10}(\\.[0-9]{0,10})?|[-.0-9]{0,8}") {
        let unsigned = text.strip_prefix('-').unwrap_or(&text);
        let fits = unsigned.split('.').all(|part| part.len() <= 9);
        let expected = Exact::parse(&text).filter(|_| fits);
        let points = Points::parse(&text);
        prop_assert_eq!(points.map(Points::to_exact), expected.clone());
        if let Some((points, exact)) = points.zip(expected) {
            let sign = if exact.is_negative() { "-" } else { "" };
            let whole = unsigned.trim_start_matches('0');
            let whole = if whole.is_empty() || whole.starts_with('.') { format!("0{whole}") } else { whole.to_owned() };
            prop_assert_eq!(points.to_string(), format!("{sign}{whole}"));
        }
    }

    #[test]
    fn printing_never_misstates(a in any_exact()) {
        let text = a.to_string();
        match text.strip_prefix('≈') {
            None => prop_assert_eq!(Exact::parse(&text), Some(a)),
            Some(digits) => {
                let shown = Exact::parse(digits).unwrap();
                let off = a.sub(&shown).unwrap().abs();
                prop_assert!(off.mul(&Exact::from_i64(100_000_000_000)).unwrap() <= a.abs());
            }
        }
    }
}

/// Every sign, some widths and every number of decimals, with zeros in front and behind.
fn written_points() -> Vec<String> {
    let mut texts = Vec::new();
    for digits in ["0", "5", "50", "99", "100", "1005", "250000", "999999999", "123456789"] {
        for places in 0..=9 {
            let padded = format!("{digits:0>width$}", width = places + 1);
            let (whole, fraction) = padded.split_at(padded.len() - places);
            let text = if places == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") };
            texts.extend([format!("-{text}"), text]);
        }
    }
    texts
}

/// [`Decimal`] is another hand's arithmetic of digits with a scale.
#[test]
fn points_are_what_another_decimal_makes_of_them() {
    let texts = written_points();
    let both = |text: &String| (Points::parse(text).unwrap(), Decimal::from_str_exact(text).unwrap());
    for text in &texts {
        let (points, decimal) = both(text);
        let shown = if decimal.is_zero() { text.trim_start_matches('-') } else { text };
        assert_eq!(points.to_string(), shown, "{text}");
        assert_eq!(points.trimmed().to_string(), decimal.normalize().to_string(), "{text}");
        assert_eq!(points.to_exact(), Exact::from_decimal(decimal), "{text}");
        for other in texts.iter().step_by(7) {
            let (other, also) = both(other);
            let sum = points.checked_add(other).map(|sum| sum.to_string());
            let bound = Decimal::from(1_000_000_000);
            let in_range = |number: Decimal| Some(number).filter(|number| number.abs() < bound);
            let plus = in_range(decimal + also).map(|sum| if sum.is_zero() { sum.abs() } else { sum });
            assert_eq!(sum, plus.map(|sum| sum.to_string()), "{text} + {other}");
            let less = points.checked_sub(other).map(Points::to_exact);
            assert_eq!(less, in_range(decimal - also).map(Exact::from_decimal), "{text} − {other}");
            assert_eq!(points.cmp(&other), decimal.cmp(&also), "{text} against {other}");
        }
    }
}

#[test]
fn numbers_are_appended_as_they_are_shown() {
    let parts = [0, 1, 3, 7, 10, 99, 100, 12_345, i64::MAX];
    for numerator in parts.into_iter().flat_map(|part| [part, -part]) {
        for denominator in [1, 2, 3, 8, 625, 1_000_000, i64::MAX] {
            let number = Exact::from_i64(numerator).div(&Exact::from_i64(denominator)).unwrap();
            let mut appended = "=".to_owned();
            number.push_to(&mut appended);
            assert_eq!(appended, format!("={number}"));
        }
    }
}
