//! A share, such as an execution rate.

use std::fmt;

use super::Exact;

/// An exact share of one: 91.76 % is about 0.9176. Any sign and size: rates above one are findings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ratio(Exact);

impl Ratio {
    pub fn new(share_of_one: Exact) -> Self {
        Ratio(share_of_one)
    }

    /// The unrounded share of one.
    pub fn to_exact(&self) -> Exact {
        self.0.clone()
    }

    /// As printed on forms: `91.76%`, at most two decimals, half-up.
    pub fn percent(&self) -> String {
        let percent = self.0.mul(&Exact::from_i64(100)).unwrap_or_else(|_| self.0.clone());
        format!("{}%", percent.round_half_up(2))
    }
}

impl fmt::Display for Ratio {
    /// At most four decimals, half-up, without trailing zeros: `0.9176`, `0.95`, `1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.round_half_up(4).fmt(f)
    }
}
