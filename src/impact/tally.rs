//! What becomes of all forms together.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::comparison::{Comparison, FormImpact, Side};
use super::deltas::Deltas;
use super::grades::Migration;
use super::rows::Rows;
use crate::diagnostic::{Bilingual, Severity};
use crate::form::Form;
use crate::quantity::Points;

/// A way in which a form may change. One form may change in several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// One side has no rules for it.
    Coverage,
    Awarded,
    /// Floor or ceiling of the whole form.
    Allowed,
    Grade,
    /// A rule fails on one side.
    Complete,
    /// Points or status of a row.
    Rows,
    Findings,
    /// Nothing but how a row is read, or which pack and which entry score it.
    Otherwise,
}

impl Change {
    pub const ALL: [Change; 8] = [
        Change::Coverage,
        Change::Awarded,
        Change::Allowed,
        Change::Grade,
        Change::Complete,
        Change::Rows,
        Change::Findings,
        Change::Otherwise,
    ];

    /// `snake_case`, for tools.
    pub fn name(self) -> &'static str {
        match self {
            Change::Coverage => "coverage",
            Change::Awarded => "awarded",
            Change::Allowed => "allowed",
            Change::Grade => "grade",
            Change::Complete => "complete",
            Change::Rows => "rows",
            Change::Findings => "findings",
            Change::Otherwise => "otherwise",
        }
    }

    pub fn title(self) -> Bilingual {
        match self {
            Change::Coverage => Bilingual::new("有无适用规则", "whether rules apply"),
            Change::Awarded => Bilingual::new("认定得分", "points awarded"),
            Change::Allowed => Bilingual::new("核算区间", "points allowed"),
            Change::Grade => Bilingual::new("等级", "grade"),
            Change::Complete => Bilingual::new("规则是否全部执行", "whether every rule ran"),
            Change::Rows => Bilingual::new("某一行的得分或状态", "points or status of a row"),
            Change::Findings => Bilingual::new("校验问题", "findings"),
            Change::Otherwise => Bilingual::new("只变读法或所用的规则", "only how rows are read or by which rule"),
        }
    }

    /// The ways in which a form changes.
    pub fn of(form: &FormImpact) -> Vec<Change> {
        let mut found = Vec::new();
        let mut note = |change, holds: bool| found.extend(holds.then_some(change));
        match (&form.old, &form.new) {
            (Side::Scored(old), Side::Scored(new)) => {
                let allowed = |side: &super::Scored| (side.points.floor, side.points.ceiling);
                note(Change::Awarded, old.points.awarded != new.points.awarded);
                note(Change::Allowed, allowed(old) != allowed(new));
                note(Change::Grade, old.grade != new.grade);
                note(Change::Complete, old.complete != new.complete);
            }
            (Side::NoRules(_), Side::NoRules(_)) => {}
            _ => note(Change::Coverage, true),
        }
        note(Change::Rows, form.rows.iter().any(super::RowImpact::changes_score));
        note(Change::Findings, !form.findings.is_empty());
        let otherwise = found.is_empty() && form.changes();
        found.extend(otherwise.then_some(Change::Otherwise));
        found
    }
}

/// Findings of one code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindingTally {
    pub appear: usize,
    pub vanish: usize,
    /// The gravest it was told with; nothing is graver than an error.
    pub severity: Option<Severity>,
}

/// What a change of rules does to many forms. Does not depend on the order in which they came.
#[derive(Debug, Clone, PartialEq)]
pub struct Impact {
    pub forms: usize,
    /// Forms whose scores change: see [`FormImpact::changes_score`].
    pub changed: usize,
    /// How many forms change in each way.
    pub changes: BTreeMap<Change, usize>,
    /// Of forms that both sides score.
    pub deltas: Deltas,
    pub grades: Migration,
    pub rows: Rows,
    /// By code.
    pub findings: BTreeMap<String, FindingTally>,
    /// The forms that move most, the farthest first.
    pub top: Vec<FormImpact>,
    keep: usize,
}

impl Comparison<'_> {
    /// An empty tally that will keep the `top` forms that move most.
    pub fn tally(&self, top: usize) -> Impact {
        Impact::keeping(top)
    }
}

impl Impact {
    /// Nothing yet; keeps the `top` forms that move most.
    pub fn keeping(top: usize) -> Self {
        Impact {
            forms: 0,
            changed: 0,
            changes: BTreeMap::new(),
            deltas: Deltas::default(),
            grades: Migration::default(),
            rows: Rows::default(),
            findings: BTreeMap::new(),
            top: Vec::new(),
            keep: top,
        }
    }

    /// Compares a form and counts it in.
    pub fn add(&mut self, comparison: &Comparison<'_>, label: &str, form: &Form) {
        self.record(comparison.compare(label, form));
    }

    /// Counts in a form that was compared elsewhere, on another core, say.
    pub fn record(&mut self, form: FormImpact) {
        self.forms += 1;
        self.changed += usize::from(form.changes_score());
        for change in Change::of(&form) {
            *self.changes.entry(change).or_default() += 1;
        }
        if let Some(delta) = form.delta() {
            self.deltas.record(delta);
        }
        self.grades.record(&form);
        form.rows.iter().for_each(|row| self.rows.record(row));
        for finding in &form.findings {
            let tally = self.findings.entry(finding.code.clone()).or_default();
            *(if finding.appears { &mut tally.appear } else { &mut tally.vanish }) += 1;
            tally.severity = tally.severity.max(Some(finding.severity));
        }
        if form.changes_score() {
            self.top.push(form);
            self.trim(self.keep.saturating_mul(2));
        }
    }

    /// Counts in what another tally counted. It keeps as many forms as this one.
    pub fn merge(&mut self, other: Impact) {
        let Impact { forms, changed, changes, deltas, grades, rows, findings, top, keep: _ } = other;
        self.forms += forms;
        self.changed += changed;
        for (change, count) in changes {
            *self.changes.entry(change).or_default() += count;
        }
        self.deltas.merge(&deltas);
        self.grades.merge(grades);
        self.rows.merge(rows);
        for (code, FindingTally { appear, vanish, severity }) in findings {
            let tally = self.findings.entry(code).or_default();
            tally.appear += appear;
            tally.vanish += vanish;
            tally.severity = tally.severity.max(severity);
        }
        self.top.extend(top);
        self.trim(self.keep);
    }

    /// The result: the forms that move most in their order, and no more than were asked for.
    #[must_use]
    pub fn finish(mut self) -> Self {
        self.trim(0);
        self
    }

    /// Lets go of what does not move enough, once there is more than `allowed`: sorting now and then is enough.
    fn trim(&mut self, allowed: usize) {
        if self.top.len() > allowed {
            self.top.sort_by_cached_key(movement);
            self.top.truncate(self.keep);
        }
    }
}

/// The farthest first; forms that gain or lose their rules before all.
fn movement(form: &FormImpact) -> (bool, Reverse<[Points; 3]>, String) {
    let size = |delta: Option<Points>| {
        let delta = delta.unwrap_or(Points::ZERO);
        delta.max(Points::ZERO.checked_sub(delta).unwrap_or(Points::ZERO))
    };
    let sizes = [
        size(form.delta()),
        size(form.difference(|points| points.ceiling)),
        size(form.difference(|points| points.floor)),
    ];
    (form.old.scored().is_some() == form.new.scored().is_some(), Reverse(sizes), form.label.clone())
}
