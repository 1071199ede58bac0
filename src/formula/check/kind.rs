//! What the checker knows about the value of an expression before it runs.

use crate::diagnostic::Bilingual;
use crate::formula::Type;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::formula) enum Kind {
    /// Control does not come out here: a `return`.
    Never,
    /// Nothing but absent, as from an `if` without `else`.
    Absent,
    Value(Type),
    /// A list that a script builds and reads; no formula's argument or result.
    List,
    /// Only known when it runs, as an element of a list.
    Any,
}

impl Kind {
    /// Whether a value of this kind may stand where one of `types` is wanted.
    pub(in crate::formula) fn fits(self, types: &[Type]) -> bool {
        match self {
            Kind::Never | Kind::Absent | Kind::Any => true,
            Kind::Value(value_type) => types.contains(&value_type),
            Kind::List => false,
        }
    }

    /// The kind of a value that comes from either of two places; `None` if they contradict each other.
    pub(in crate::formula) fn join(self, other: Kind) -> Option<Kind> {
        match (self, other) {
            (Kind::Never, kind) | (kind, Kind::Never) => Some(kind),
            (Kind::Any, _) | (_, Kind::Any) => Some(Kind::Any),
            (Kind::Absent, kind) | (kind, Kind::Absent) => Some(kind),
            _ => (self == other).then_some(self),
        }
    }

    pub(in crate::formula) fn title(self) -> Bilingual {
        match self {
            Kind::Never | Kind::Absent => Bilingual::new("空值", "an absent value"),
            Kind::Value(value_type) => value_type.title(),
            Kind::List => Bilingual::new("列表", "a list"),
            Kind::Any => Bilingual::new("任意值", "a value"),
        }
    }
}
