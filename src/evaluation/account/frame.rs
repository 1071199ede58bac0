//! What the formulas of a form saw, kept once for all its scores.

use std::fmt::Write;
use std::sync::Arc;

use crate::evaluation::rows::RowRead;
use crate::formula::{Inputs, Value};
use crate::quantity::Exact;
use crate::reading::Meeting;
use crate::ruleset::{Adjustment, Entry, FormInput, Method, RowInput, RuleSet};

/// Which score of a form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evaluation) enum Line {
    Execution,
    /// From zero.
    Row(usize),
}

/// The rules that a score points into, shared with the rule set.
#[derive(Debug, Clone)]
pub(in crate::evaluation) struct Tables {
    pub scoring: Arc<[Entry]>,
    pub execution: Arc<[Entry]>,
    pub methods: Arc<[Method]>,
    pub adjustments: Arc<[Adjustment]>,
}

impl Tables {
    pub fn of(rules: &RuleSet) -> Self {
        Tables {
            scoring: Arc::clone(&rules.scoring),
            execution: Arc::clone(&rules.execution),
            methods: Arc::clone(&rules.methods),
            adjustments: Arc::clone(&rules.adjustments),
        }
    }
}

/// The values of one form.
#[derive(Debug)]
pub(in crate::evaluation) struct Frame {
    pub tables: Tables,
    /// By slot: the constants of the rules, what the form says, its attributes.
    pub base: Vec<Value>,
    /// How many of `base` are constants of the rules.
    pub constants: usize,
    /// The rows' own values behind `base`, one row after the other.
    pub own: Vec<Value>,
    /// How many values each row has.
    pub width: usize,
    pub rows: Vec<Arc<RowRead>>,
}

impl Frame {
    pub fn lens(&self, line: Line) -> Lens<'_> {
        let (own, meeting) = match line {
            Line::Execution => (None, None),
            Line::Row(at) => {
                let first = at.saturating_mul(self.width);
                (self.own.get(first..first.saturating_add(self.width)), self.read(line).map(|row| &row.meeting))
            }
        };
        let row_slot = self.base.len();
        let own = own.unwrap_or_default();
        Lens { base: &self.base, own, row_slot, meeting, rate: None, points: None }
    }

    pub fn read(&self, line: Line) -> Option<&RowRead> {
        match line {
            Line::Execution => None,
            Line::Row(at) => self.rows.get(at).map(|row| &**row),
        }
    }

    /// The slot of the execution rate.
    pub fn rate(&self) -> usize {
        self.constants.saturating_add(FormInput::ExecutionRate as usize)
    }
}

/// The values of one line of a form, and how they print.
#[derive(Clone, Copy)]
pub(in crate::evaluation) struct Lens<'a> {
    /// By slot.
    pub base: &'a [Value],
    /// The slots behind them.
    pub own: &'a [Value],
    /// Where the names of a row begin.
    pub row_slot: usize,
    /// Target and actual of a row print with their unit.
    pub meeting: Option<&'a Meeting>,
    /// The slot whose number prints as a percentage.
    pub rate: Option<usize>,
    /// The slot of the points so far, behind all others, and these points.
    pub points: Option<(usize, &'a Value)>,
}

impl Inputs for Lens<'_> {
    fn value(&self, slot: usize) -> Option<&Value> {
        match self.points {
            Some((at, points)) if at == slot => Some(points),
            _ => self.base.get(slot).or_else(|| self.own.get(slot.checked_sub(self.base.len())?)),
        }
    }

    fn print(&self, slot: usize, value: &Value, out: &mut String) -> bool {
        let Value::Number(number) = value else { return false };
        if Some(slot) == self.rate {
            return percentage(number, out);
        }
        let Some(meeting) = self.meeting else { return false };
        let of_row = slot.checked_sub(self.row_slot);
        if of_row == Some(RowInput::Target as usize) || of_row == Some(RowInput::Actual as usize) {
            meeting.print(number, out);
            return true;
        }
        false
    }
}

/// `65%`, with four decimals at most: near the end of an interval fewer would mislead.
fn percentage(rate: &Exact, out: &mut String) -> bool {
    let Ok(percent) = rate.mul(&Exact::from_i64(100)) else { return false };
    // Writing to a string does not fail.
    let _ = write!(out, "{}%", percent.round_half_up(4));
    true
}
