//! Texts that the facts of nearly every row say: one copy a thread. Copies of one for all threads would make these wait
//! for each other's counters, and a copy a row is memory for nothing.

use std::sync::Arc;

use crate::evaluation::Status;
use crate::formula::Value;
use crate::reading::{Comparison, Kind, Met};

struct Shared {
    empty: Arc<str>,
    kinds: [Arc<str>; Kind::ALL.len()],
    comparisons: [Arc<str>; Comparison::ALL.len()],
    verdicts: [Arc<str>; Met::ALL.len()],
    statuses: [Arc<str>; Status::ALL.len()],
}

thread_local! {
    static SHARED: Shared = Shared {
        empty: Arc::from(""),
        kinds: Kind::ALL.map(|kind| kind.name().into()),
        comparisons: Comparison::ALL.map(|comparison| comparison.name().into()),
        verdicts: Met::ALL.map(|met| met.name().into()),
        statuses: Status::ALL.map(|status| status.name().into()),
    };
}

/// The text among these that stands at a place.
fn at(list: &[Arc<str>], place: usize) -> Value {
    list.get(place).map_or(Value::Absent, |text| Value::Text(Arc::clone(text)))
}

pub(super) fn empty() -> Value {
    SHARED.with(|shared| Value::Text(Arc::clone(&shared.empty)))
}

pub(super) fn kind(kind: Kind) -> Value {
    SHARED.with(|shared| at(&shared.kinds, kind as usize))
}

/// The empty text for none.
pub(super) fn comparison(comparison: Option<Comparison>) -> Value {
    SHARED.with(|shared| match comparison {
        Some(comparison) => at(&shared.comparisons, comparison as usize),
        None => Value::Text(Arc::clone(&shared.empty)),
    })
}

pub(super) fn met(met: Met) -> Value {
    SHARED.with(|shared| at(&shared.verdicts, met as usize))
}

pub(super) fn status(status: Status) -> Value {
    SHARED.with(|shared| at(&shared.statuses, status as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_its_own_name() {
        let text = |name: &str| Value::Text(name.into());
        assert!(Kind::ALL.iter().all(|one| kind(*one) == text(one.name())));
        assert!(Comparison::ALL.iter().all(|one| comparison(Some(*one)) == text(one.name())));
        assert!(Met::ALL.iter().all(|one| met(*one) == text(one.name())));
        assert!(Status::ALL.iter().all(|one| status(*one) == text(one.name())));
        assert_eq!((comparison(None), empty()), (text(""), text("")));
    }
}
