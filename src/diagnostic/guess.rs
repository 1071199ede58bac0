//! Which known name was meant by one that is not known.

/// The known name nearest to a wrong one, near enough to be a slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub name: String,
    /// No other name can have been meant.
    pub certain: bool,
}

/// A shorter name is near to too many others.
const SHORTEST_CERTAIN: usize = 4;
/// How far the next name must be away.
const CLEARLY_OTHER: usize = 3;

impl Guess {
    pub(super) fn of<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let allowed = (wrong.chars().count() / 3).max(1);
        let distance = |name: &'a str| (strsim::damerau_levenshtein(wrong, name), name);
        let mut near: Vec<(usize, &str)> = known.into_iter().map(distance).collect();
        near.sort_unstable();
        near.dedup();
        let (slips, name) = near.first().copied().filter(|(slips, _)| *slips <= allowed)?;
        let alone = near.get(1).is_none_or(|(next, _)| *next >= CLEARLY_OTHER);
        Some(Guess { name: name.to_owned(), certain: slips == 1 && alone && is_slip(wrong, name) })
    }
}

/// The known name that alone can have been meant by a wrong one.
pub fn certain_name<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    Guess::of(wrong, known).filter(|guess| guess.certain).map(|guess| guess.name)
}

/// Whether one letter of a long enough identifier was missed, doubled, swapped or mistaken. A figure is no letter:
/// `score_2022` is not `score_2023` misspelt; and one character of a Chinese word makes another word of it.
fn is_slip(wrong: &str, name: &str) -> bool {
    let identifier = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    let figures = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    wrong.len().min(name.len()) >= SHORTEST_CERTAIN
        && identifier(wrong)
        && identifier(name)
        && figures(wrong) == figures(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_certain_when_one_letter_of_one_name_is_wrong() {
        let known = ["points_possible", "actual", "target", "k2022", "met", "产出指标", "floor_a", "floor_b"];
        let cases = [
            ("points_posible", Some(("points_possible", true))),
            ("points_possilbe", Some(("points_possible", true))),
            ("Target", Some(("target", true))),
            ("pints_posible", Some(("points_possible", false))),
            ("k2023", Some(("k2022", false))),
            ("mit", Some(("met", false))),
            ("产出指示", Some(("产出指标", false))),
            ("floor_c", Some(("floor_a", false))),
            ("nothing_like_it", None),
        ];
        for (wrong, want) in cases {
            let got = Guess::of(wrong, known);
            assert_eq!(got.as_ref().map(|guess| (guess.name.as_str(), guess.certain)), want, "{wrong}");
        }
        assert_eq!(Guess::of("targe", ["target", "target"]).map(|guess| guess.certain), Some(true));
    }
}
