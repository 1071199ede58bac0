//! What kind of thing a text says, and how its number is meant.

/// What a printed text turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One number, with or without a comparison.
    Number,
    /// A number between two bounds.
    Range,
    /// A day, a deadline or a period.
    Date,
    /// Words; they may belong to a tier.
    Statement,
    /// 不适用, a dash, 无: the row asks for nothing. Neither blank nor zero.
    NotApplicable,
    /// Nothing was written.
    Blank,
    /// Something was written, but no single value can be told from it.
    Unreadable,
}

impl Kind {
    pub const ALL: [Kind; 7] =
        [Kind::Number, Kind::Range, Kind::Date, Kind::Statement, Kind::NotApplicable, Kind::Blank, Kind::Unreadable];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Number => "NUMBER",
            Kind::Range => "RANGE",
            Kind::Date => "DATE",
            Kind::Statement => "STATEMENT",
            Kind::NotApplicable => "NOT_APPLICABLE",
            Kind::Blank => "BLANK",
            Kind::Unreadable => "UNREADABLE",
        }
    }

    /// Reads a name as [`Kind::name`] writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How a number or a date bounds what it speaks of. A bare `6个` is [`Comparison::Exactly`]; that a bare
/// target asks for at least 6 is a rule about targets, not about reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    AtLeast,
    AtMost,
    MoreThan,
    LessThan,
    Exactly,
    /// Between two bounds, both included.
    Within,
}

impl Comparison {
    pub const ALL: [Comparison; 6] = [
        Comparison::AtLeast,
        Comparison::AtMost,
        Comparison::MoreThan,
        Comparison::LessThan,
        Comparison::Exactly,
        Comparison::Within,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Comparison::AtLeast => "AT_LEAST",
            Comparison::AtMost => "AT_MOST",
            Comparison::MoreThan => "MORE_THAN",
            Comparison::LessThan => "LESS_THAN",
            Comparison::Exactly => "EXACTLY",
            Comparison::Within => "WITHIN",
        }
    }

    /// Reads a name as [`Comparison::name`] writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Comparison::ALL.into_iter().find(|comparison| comparison.name() == name)
    }

    /// What a sign behind its number makes of it: `95%≤` is at least 95%.
    pub(super) fn mirrored(self) -> Option<Self> {
        match self {
            Comparison::AtLeast => Some(Comparison::AtMost),
            Comparison::AtMost => Some(Comparison::AtLeast),
            Comparison::MoreThan => Some(Comparison::LessThan),
            Comparison::LessThan => Some(Comparison::MoreThan),
            Comparison::Exactly | Comparison::Within => None,
        }
    }

    /// What `未` or `不` before the comparison makes of it: 未超过 is at most, 未达到 is less than. `None`
    /// where the denial says nothing about a bound.
    pub(super) fn denied(self) -> Option<Self> {
        match self {
            Comparison::AtLeast | Comparison::Exactly => Some(Comparison::LessThan),
            Comparison::AtMost => Some(Comparison::MoreThan),
            Comparison::MoreThan => Some(Comparison::AtMost),
            Comparison::LessThan => Some(Comparison::AtLeast),
            Comparison::Within => None,
        }
    }
}
