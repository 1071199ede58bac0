//! Where forms go from grade to grade.

use std::collections::BTreeMap;

use super::comparison::{FormImpact, Side};
use crate::evaluation::Grade;
use crate::ruleset::RuleSet;

/// What the change of rules does to a form's grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GradeMove {
    Same,
    Up,
    Down,
    /// There is none any more.
    Lost,
    /// There was none.
    Gained,
}

impl GradeMove {
    /// Down, or lost: what nobody wants to happen unseen.
    pub fn is_drop(self) -> bool {
        matches!(self, GradeMove::Down | GradeMove::Lost)
    }
}

/// Compares grades of two rule sets. Of grades with different ids the order of the set that knows both decides, the
/// new one first; where neither does, how far each stands from the top of its own.
pub(super) fn moved(old: (&RuleSet, Option<&Grade>), new: (&RuleSet, Option<&Grade>)) -> GradeMove {
    let ((old_set, old), (new_set, new)) = (old, new);
    match (old, new) {
        (None, None) => GradeMove::Same,
        (None, Some(_)) => GradeMove::Gained,
        (Some(_), None) => GradeMove::Lost,
        (Some(old), Some(new)) if old.id == new.id => GradeMove::Same,
        (Some(old), Some(new)) => {
            let within = |set: &RuleSet| rank(set, &old.id).zip(rank(set, &new.id));
            let apart = || rank(old_set, &old.id).zip(rank(new_set, &new.id));
            match within(new_set).or_else(|| within(old_set)).or_else(apart) {
                Some((before, after)) if before < after => GradeMove::Down,
                Some((before, after)) if before > after => GradeMove::Up,
                _ => GradeMove::Same,
            }
        }
    }
}

/// How many grades stand above this one.
fn rank(set: &RuleSet, id: &str) -> Option<usize> {
    let graded = || set.bands.iter().filter(|band| band.graded);
    let own = graded().find(|band| band.id == id)?;
    Some(graded().filter(|band| band.points.low > own.points.low).count())
}

/// How a form stands under one of the books.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Graded {
        id: String,
        title: String,
    },
    Ungraded,
    /// No rules score it.
    NoRules,
}

impl Standing {
    fn of(side: &Side) -> Self {
        match side {
            Side::NoRules(_) => Standing::NoRules,
            Side::Scored(scored) => match &scored.grade {
                Some(Grade { id, title }) => Standing::Graded { id: id.clone(), title: title.clone() },
                None => Standing::Ungraded,
            },
        }
    }
}

/// How many forms go from where to where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Migration {
    counts: BTreeMap<(Standing, Standing), usize>,
    moves: BTreeMap<GradeMove, usize>,
}

impl Migration {
    pub(super) fn record(&mut self, form: &FormImpact) {
        *self.counts.entry((Standing::of(&form.old), Standing::of(&form.new))).or_default() += 1;
        *self.moves.entry(form.grade).or_default() += 1;
    }

    pub(super) fn merge(&mut self, other: Migration) {
        let Migration { counts, moves } = other;
        for (key, count) in counts {
            *self.counts.entry(key).or_default() += count;
        }
        for (key, count) in moves {
            *self.moves.entry(key).or_default() += count;
        }
    }

    /// Every pair that some form went through, with how many did.
    pub fn counts(&self) -> impl Iterator<Item = (&Standing, &Standing, usize)> {
        self.counts.iter().map(|((old, new), count)| (old, new, *count))
    }

    pub fn of(&self, old: &Standing, new: &Standing) -> usize {
        self.counts.get(&(old.clone(), new.clone())).copied().unwrap_or(0)
    }

    /// How many forms moved so.
    pub fn moves(&self, which: GradeMove) -> usize {
        self.moves.get(&which).copied().unwrap_or(0)
    }

    /// Forms that fall to a lower grade, or lose theirs.
    pub fn drops(&self) -> usize {
        self.moves.iter().filter(|(which, _)| which.is_drop()).map(|(_, count)| count).sum()
    }
}
