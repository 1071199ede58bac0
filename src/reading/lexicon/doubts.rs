//! How far apart two numbers must lie for their units to be in doubt: the pack's own bounds.

use super::Lexicon;
use super::collect::exact_of;
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::Fields;
use crate::quantity::Exact;

/// The doubts a pack has; what it leaves out is not doubted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::reading) struct Doubts {
    /// 元 and 万元 mixed up: one of the numbers is so many times the other.
    pub factor_slip: Option<Times>,
    /// `3200` for a target of `3.2公里`, the actual's unit left out: it is so many times the target.
    pub scale_dropped: Option<Times>,
    /// `0.98` for a limit of `1000元`, the actual's unit left out: the target is more than so many times it.
    pub unit_dropped: Option<Exact>,
    /// A bare `1` for a share: 1%, or a spreadsheet's 100%, where the target, in its own unit, is at least this.
    pub bare_one: Option<Exact>,
}

/// Both included; above zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Times {
    pub least: Exact,
    pub most: Exact,
}

impl Times {
    /// Whether `large` is so many times `small`, which is above zero.
    pub fn hold(&self, large: &Exact, small: &Exact) -> bool {
        small.mul(&self.least).is_ok_and(|bound| bound <= *large)
            && small.mul(&self.most).is_ok_and(|bound| *large <= bound)
    }
}

impl Doubts {
    /// Reads the section `doubts`.
    pub fn from_fields(fields: &mut Fields<'_, '_>) -> Self {
        let Some(node) = fields.optional("doubts") else { return Doubts::default() };
        let mut doubts = Fields::of(node, fields.problems());
        let read = Doubts {
            factor_slip: times(&mut doubts, "factor_slip"),
            scale_dropped: times(&mut doubts, "scale_dropped"),
            unit_dropped: entry(&mut doubts, "unit_dropped", |entry| bound(entry, "least")),
            bare_one: entry(&mut doubts, "bare_one", |entry| bound(entry, "least")),
        };
        doubts.finish();
        read
    }
}

impl Lexicon {
    pub(in crate::reading) fn doubts(&self) -> &Doubts {
        &self.doubts
    }
}

fn times(doubts: &mut Fields<'_, '_>, key: &'static str) -> Option<Times> {
    entry(doubts, key, |entry| {
        let (least, most) = (bound(entry, "least"), bound(entry, "most"));
        let times = Times { least: least?, most: most? };
        if times.least <= times.most {
            return Some(times);
        }
        let message = Bilingual::new(
            format!("least {} 大于 most {}，什么数都不会可疑", times.least, times.most),
            format!("least {} is above most {}: no number would be doubted", times.least, times.most),
        );
        let place = entry.place().clone();
        entry.problems().push(Diagnostic::error("bad_number", place, message));
        None
    })
}

/// What one entry says beside its title and its unit, which are for people.
fn entry<T>(
    doubts: &mut Fields<'_, '_>,
    key: &'static str,
    read: impl FnOnce(&mut Fields<'_, '_>) -> Option<T>,
) -> Option<T> {
    let node = doubts.optional(key)?;
    let mut entry = Fields::of(node, doubts.problems());
    entry.required_text("title");
    entry.required_text("unit");
    let read = read(&mut entry);
    entry.finish();
    read
}

fn bound(entry: &mut Fields<'_, '_>, key: &'static str) -> Option<Exact> {
    entry.required(key)?;
    exact_of(entry, key)
}
