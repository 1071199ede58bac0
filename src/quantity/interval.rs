//! Intervals written as in mathematics: `[0.6, 0.8)`.

use std::fmt;

use super::Exact;

/// A bounded interval with open or closed ends; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Interval {
    pub low: Exact,
    pub low_closed: bool,
    pub high: Exact,
    pub high_closed: bool,
}

impl Interval {
    /// Reads `[a, b]`, `[a, b)`, `(a, b]` or `(a, b)` with decimal ends, a ≤ b; full-width signs count.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.trim().chars();
        let low_closed = match chars.next()? {
            '[' | '［' => true,
            '(' | '（' => false,
            _ => return None,
        };
        let high_closed = match chars.next_back()? {
            ']' | '］' => true,
            ')' | '）' => false,
            _ => return None,
        };
        let (low, high) = chars.as_str().split_once([',', '，'])?;
        let (low, high) = (Exact::parse(low.trim())?, Exact::parse(high.trim())?);
        let holds_something = low < high || (low == high && low_closed && high_closed);
        holds_something.then_some(Interval { low, low_closed, high, high_closed })
    }

    pub fn contains(&self, value: &Exact) -> bool {
        self.begins_by(value) && !self.is_below(value)
    }

    /// Whether all of it lies below `value`.
    pub fn is_below(&self, value: &Exact) -> bool {
        if self.high_closed { self.high < *value } else { self.high <= *value }
    }

    fn begins_by(&self, value: &Exact) -> bool {
        if self.low_closed { self.low <= *value } else { self.low < *value }
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = if self.low_closed { '[' } else { '(' };
        let close = if self.high_closed { ']' } else { ')' };
        write!(f, "{open}{}, {}{close}", self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_belongs_to_it_as_its_bracket_says() {
        let holds = |interval: &str, value: i64| Interval::parse(interval).unwrap().contains(&Exact::from_i64(value));
        for (interval, inside) in [
            ("[1, 3]", [false, true, true, true, false]),
            ("(1, 3]", [false, false, true, true, false]),
            ("[1, 3)", [false, true, true, false, false]),
            ("（1，3）", [false, false, true, false, false]),
            ("[2, 2]", [false, false, true, false, false]),
        ] {
            let found: Vec<bool> = (0..5).map(|value| holds(interval, value)).collect();
            assert_eq!(found, inside, "{interval}");
        }
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for text in ["", "[", "[1]", "[2, 1]", "[1, 1)", "1, 2", "[a, b]", "{1, 2}"] {
            assert_eq!(Interval::parse(text), None, "{text}");
        }
        assert_eq!(Interval::parse("［0.6，0.8）").unwrap().to_string(), "[0.6, 0.8)");
    }
}
