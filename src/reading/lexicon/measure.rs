//! Units, what they measure, and when two of them compare.

use super::Lexicon;
use crate::quantity::Exact;

/// Index into a lexicon's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::reading) struct UnitId(pub u16);

/// A unit of the lexicon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct UnitEntry {
    /// Units of one measure convert by their factors: its number, and what the pack says of it.
    pub measure: usize,
    pub entry: Option<MeasureEntry>,
    pub factor: Exact,
    /// Other units that count the same things, one for one: 场 and 次.
    pub same_as: Vec<UnitId>,
    /// A form speaks of one year: `2次/年` and `2次` compare. The factor of such a unit is 1.
    pub implied: bool,
    /// Below a line it stands for these: 元/人天 is 元/人·天.
    pub divides: Vec<UnitId>,
    /// A unit behind a number and part of other words elsewhere: 门 of 3门, but not of 部门.
    pub only_counts: bool,
}

/// What the pack says of a measure as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::reading) struct MeasureEntry {
    /// A bare target of this measure says nothing about the good side: 3天.
    pub unclear: bool,
    /// More than a bare target is not clearly better: 万元.
    pub more_is_unclear: bool,
    /// Numbers of this measure are printed as shares in spreadsheets: 0.95 for 95%.
    pub share: bool,
    /// Beside another number, one of this measure says what is counted: 80岁以上, 400KVA.
    pub describes: bool,
    /// A number of this measure is so many times what is named before it: 不低于低保标准1.3倍.
    pub ratio: bool,
    /// Right beside a number of another such measure it may tell a time: the 分 of 2分35秒.
    pub clock: bool,
    /// A number of this measure is a change, and a bare target asks for as much of it: 降低5个百分点.
    pub difference: bool,
}

/// What a printed unit measures, and how much of it one unit is: `万元/人`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) struct Measure {
    /// Of what stands on top, scales included: 10000 for `万元/人`.
    pub factor: Exact,
    pub of: Counted,
    /// The same of what stands below.
    pub below: Exact,
    /// What it is divided by, sorted.
    pub over: Vec<UnitId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) enum Counted {
    Unit(UnitId),
    /// A unit the lexicon does not know: it compares with itself alone.
    Unlisted(String),
    /// 854万, 每亩300: no unit on top.
    Nothing,
    /// 1:0.8
    Proportion,
}

impl Measure {
    /// Of 1:0.8, which compares with its like alone.
    pub fn proportion() -> Self {
        Measure { factor: Exact::ONE, of: Counted::Proportion, below: Exact::ONE, over: Vec::new() }
    }
}

/// How two units relate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::reading) enum Reconciled {
    /// One of the second is this many of the first.
    Factor(Exact),
    /// The tops relate by this factor, but the first is not divided by anything: 1000元/人 for 1000元.
    Divided(Exact),
    /// The tops relate by this factor, but the second is not divided by anything: 1000元 for 1000元/人.
    Undivided(Exact),
    Refused,
}

impl Lexicon {
    /// How many `wanted` one `given` is, if the two measure the same.
    pub(in crate::reading) fn reconcile(&self, wanted: &Measure, given: &Measure) -> Reconciled {
        if wanted == given {
            return Reconciled::Factor(Exact::ONE);
        }
        if !self.same_count(&wanted.of, &given.of) {
            return Reconciled::Refused;
        }
        let Ok(tops) = given.factor.div(&wanted.factor) else { return Reconciled::Refused };
        if self.same_divisor(&wanted.over, &given.over) {
            let factor = tops.mul(&wanted.below).and_then(|factor| factor.div(&given.below));
            return factor.map_or(Reconciled::Refused, Reconciled::Factor);
        }
        match (wanted.over.is_empty(), given.over.is_empty()) {
            (_, true) => Reconciled::Undivided(tops),
            (true, false) => Reconciled::Divided(tops),
            (false, false) => Reconciled::Refused,
        }
    }

    /// What a unit measures by itself.
    pub(in crate::reading) fn measure_of(&self, id: UnitId) -> Option<Measure> {
        let factor = self.unit(id)?.factor.clone();
        Some(Measure { factor, of: Counted::Unit(id), below: Exact::ONE, over: Vec::new() })
    }

    /// What the pack says of the measure on top.
    pub(in crate::reading) fn measure_entry(&self, measure: &Measure) -> Option<&MeasureEntry> {
        let Counted::Unit(id) = measure.of else { return None };
        self.unit(id)?.entry.as_ref()
    }

    pub(in crate::reading) fn unit(&self, id: UnitId) -> Option<&UnitEntry> {
        self.units.get(usize::from(id.0))
    }

    fn same_count(&self, wanted: &Counted, given: &Counted) -> bool {
        match (wanted, given) {
            (Counted::Unit(a), Counted::Unit(b)) => self.same_unit(*a, *b),
            (Counted::Proportion, _) | (_, Counted::Proportion) => wanted == given,
            (Counted::Nothing, other) | (other, Counted::Nothing) => !self.is_share(other),
            (Counted::Unlisted(a), Counted::Unlisted(b)) => a == b,
            (Counted::Unit(_), Counted::Unlisted(_)) | (Counted::Unlisted(_), Counted::Unit(_)) => false,
        }
    }

    fn is_share(&self, counted: &Counted) -> bool {
        let Counted::Unit(id) = counted else { return false };
        self.unit(*id).and_then(|unit| unit.entry.as_ref()).is_some_and(|measure| measure.share)
    }

    fn same_unit(&self, a: UnitId, b: UnitId) -> bool {
        let (Some(left), Some(right)) = (self.unit(a), self.unit(b)) else { return false };
        left.measure == right.measure || left.same_as.contains(&b) || right.same_as.contains(&a)
    }

    fn same_divisor(&self, wanted: &[UnitId], given: &[UnitId]) -> bool {
        let is_implied = |id: &UnitId| self.unit(*id).is_some_and(|unit| unit.implied);
        if wanted.is_empty() || given.is_empty() {
            return wanted.iter().chain(given).all(is_implied);
        }
        wanted.len() == given.len() && wanted.iter().zip(given).all(|(a, b)| self.same_unit(*a, *b))
    }
}
