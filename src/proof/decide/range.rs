//! What is known of one unknown: an interval whose ends may be open or missing.

use crate::quantity::Exact;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::proof) struct End {
    pub at: Exact,
    pub open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::proof) struct Range {
    pub low: Option<End>,
    pub high: Option<End>,
}

/// What an interval tells of the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Positive,
    NonNegative,
    Negative,
    NonPositive,
    Unknown,
}

impl Sign {
    pub fn is_strict(self) -> bool {
        matches!(self, Sign::Positive | Sign::Negative)
    }

    /// The sign of the product.
    pub fn times(self, other: Sign) -> Sign {
        let parts = |sign: Sign| match sign {
            Sign::Positive => Some((true, true)),
            Sign::NonNegative => Some((true, false)),
            Sign::Negative => Some((false, true)),
            Sign::NonPositive => Some((false, false)),
            Sign::Unknown => None,
        };
        match (parts(self), parts(other)) {
            (Some((one, strict)), Some((two, too))) => match (one == two, strict && too) {
                (true, true) => Sign::Positive,
                (true, false) => Sign::NonNegative,
                (false, true) => Sign::Negative,
                (false, false) => Sign::NonPositive,
            },
            _ => Sign::Unknown,
        }
    }
}

impl Range {
    pub fn exactly(value: Exact) -> Self {
        let end = End { at: value, open: false };
        Range { low: Some(end.clone()), high: Some(end) }
    }

    pub fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) => low.at > high.at || (low.at == high.at && (low.open || high.open)),
            _ => false,
        }
    }

    /// The only value, where there is only one.
    pub fn only(&self) -> Option<&Exact> {
        match (&self.low, &self.high) {
            (Some(low), Some(high)) if low.at == high.at => Some(&low.at),
            _ => None,
        }
    }

    pub fn contains(&self, value: &Exact) -> bool {
        let above = self.low.as_ref().is_none_or(|low| if low.open { *value > low.at } else { *value >= low.at });
        let below = self.high.as_ref().is_none_or(|high| if high.open { *value < high.at } else { *value <= high.at });
        above && below
    }

    pub fn raise(&mut self, end: End) {
        let higher = |own: &End| end.at > own.at || (end.at == own.at && end.open && !own.open);
        if self.low.as_ref().is_none_or(higher) {
            self.low = Some(end);
        }
    }

    pub fn lower(&mut self, end: End) {
        let smaller = |own: &End| end.at < own.at || (end.at == own.at && end.open && !own.open);
        if self.high.as_ref().is_none_or(smaller) {
            self.high = Some(end);
        }
    }

    pub(super) fn sign(&self) -> Sign {
        let low = self.low.as_ref().filter(|low| !low.at.is_negative());
        let high = self.high.as_ref().filter(|high| high.at <= Exact::ZERO);
        match (low, high) {
            (Some(low), _) if !low.at.is_zero() || low.open => Sign::Positive,
            (_, Some(high)) if !high.at.is_zero() || high.open => Sign::Negative,
            (Some(_), _) => Sign::NonNegative,
            (_, Some(_)) => Sign::NonPositive,
            _ => Sign::Unknown,
        }
    }

    /// All sums, as far as ends can tell; an end that grows too wide is left out.
    pub(super) fn add(&self, other: &Range) -> Range {
        let sum = |one: &Option<End>, two: &Option<End>| {
            let (one, two) = (one.as_ref()?, two.as_ref()?);
            Some(End { at: one.at.add(&two.at).ok()?, open: one.open || two.open })
        };
        Range { low: sum(&self.low, &other.low), high: sum(&self.high, &other.high) }
    }

    pub(super) fn scale(&self, factor: &Exact) -> Range {
        let times = |end: &Option<End>| {
            let end = end.as_ref()?;
            Some(End { at: end.at.mul(factor).ok()?, open: end.open })
        };
        if factor.is_negative() {
            Range { low: times(&self.high), high: times(&self.low) }
        } else if factor.is_zero() {
            Range::exactly(Exact::ZERO)
        } else {
            Range { low: times(&self.low), high: times(&self.high) }
        }
    }

    /// All products, ends taken for closed.
    pub(super) fn mul(&self, other: &Range) -> Range {
        let [low, high] = self.ends();
        let [least, most] = other.ends();
        let corners = [low.times(&least), low.times(&most), high.times(&least), high.times(&most)];
        let end = |ends: &[Extended]| match ends {
            [Extended::At(value), ..] => Some(End { at: value.clone(), open: false }),
            _ => None,
        };
        let [mut ascending, mut descending] = [corners.to_vec(), corners.to_vec()];
        ascending.sort();
        descending.sort_by(|one, two| two.cmp(one));
        Range { low: end(&ascending), high: end(&descending) }
    }

    fn ends(&self) -> [Extended; 2] {
        let at = |end: &Option<End>| end.as_ref().map(|end| Extended::At(end.at.clone()));
        [at(&self.low).unwrap_or(Extended::Below), at(&self.high).unwrap_or(Extended::Above)]
    }
}

/// An end of an interval, in their order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Extended {
    Below,
    At(Exact),
    Above,
}

impl Extended {
    /// Zero times what has no end is zero: the other corners tell how far the product reaches.
    fn times(&self, other: &Extended) -> Extended {
        match (self, other) {
            (Extended::At(one), Extended::At(two)) => match one.mul(two) {
                Ok(product) => Extended::At(product),
                Err(_) if one.is_negative() == two.is_negative() => Extended::Above,
                Err(_) => Extended::Below,
            },
            (Extended::At(zero), _) | (_, Extended::At(zero)) if zero.is_zero() => Extended::At(Exact::ZERO),
            _ if self.is_below_zero() == other.is_below_zero() => Extended::Above,
            _ => Extended::Below,
        }
    }

    fn is_below_zero(&self) -> bool {
        match self {
            Extended::Below => true,
            Extended::At(value) => value.is_negative(),
            Extended::Above => false,
        }
    }
}
