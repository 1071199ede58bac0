//! What a text says: statements, and the reading that chooses among them.

use std::sync::Arc;

use smallvec::SmallVec;
use smol_str::SmolStr;

use super::calendar::Period;
use super::kind::{Comparison, Kind};
use super::lexicon::{Lexicon, Measure};
use crate::quantity::Exact;

/// A stretch of the original text, in bytes, and what it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    pub start: usize,
    pub end: usize,
    pub role: Role,
}

/// What a stretch of text was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Number,
    Unit,
    /// 不少于, ≥, 以上.
    Comparator,
    /// 约, 左右.
    Approximation,
    Date,
    /// A word that belongs to a tier: 圆满完成.
    Tier,
    /// 未, 不: it turns the word after it.
    Negation,
    /// 不适用 and its spellings.
    NotApplicable,
    /// A remark in brackets: shown, never scored.
    Note,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Role::Number => "NUMBER",
            Role::Unit => "UNIT",
            Role::Comparator => "COMPARATOR",
            Role::Approximation => "APPROXIMATION",
            Role::Date => "DATE",
            Role::Tier => "TIER",
            Role::Negation => "NEGATION",
            Role::NotApplicable => "NOT_APPLICABLE",
            Role::Note => "NOTE",
        }
    }
}

/// A unit as printed, with what the lexicon knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// `万元`, `元/人、天`, `百分比`: normalised (half-width, no blanks), otherwise as it stands on the form.
    pub printed: SmolStr,
    pub(super) measure: Measure,
}

/// A change against an earlier state: 增长10%, 下降0.5个百分点.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    Increase,
    Decrease,
}

/// One statement of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Where it stands in the original text, in bytes.
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
    /// Set for numbers, ranges and dates.
    pub comparison: Option<Comparison>,
    /// The number in its printed unit: 91.76 for `91.76%`, 1.2 for `1.2万亩`. Only for [`Kind::Number`].
    pub value: Option<Exact>,
    /// The bounds of a [`Kind::Range`]; aside, since few statements have them.
    pub(super) range: Option<Box<(Exact, Exact)>>,
    /// Shared: a unit of one word belongs to the lexicon.
    pub unit: Option<Arc<Unit>>,
    /// Only for [`Kind::Date`]; absent for a day of every month.
    pub date: Option<Period>,
    /// Id of the tier the words belong to, when the lexicon knows them. Only for [`Kind::Statement`].
    pub tier: Option<Arc<str>>,
    /// 约, 左右, 余: the number is not exact.
    pub approximate: bool,
    pub change: Option<Change>,
    pub(super) facts: Facts,
}

/// What the meeting must know of a statement beyond its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Facts {
    /// The number was written with decimals: `0.95`, `1.00`.
    pub decimals: bool,
    /// It was written as a fraction: `2/3`, 四分之三.
    pub fraction: bool,
    /// 任务的98%: a share of what was to be done.
    pub relative: bool,
    /// A date whose 前 may mean before its first day or up to its last: 12月前.
    pub coarse: bool,
    /// A date of the year after the form's: 次年3月底前.
    pub next_year: bool,
    /// A day that comes back every month: the 15 of 每月15日前. Such a date has no [`Statement::date`].
    pub day: Option<u8>,
    /// 除2户外, 不含追加2万元: something is left out.
    pub excepted: bool,
    /// 完成80%: how far things are.
    pub progress: bool,
    /// A date stands in the same clause.
    pub dated: bool,
    /// 户均: of one, not of all.
    pub average: bool,
    /// Beginning words beside it: 2023年11月开工.
    pub begins: bool,
    /// It is the plan's, not what was done.
    pub planned: bool,
    /// 其中: a part of what was said before.
    pub part: bool,
    /// It stands in a remark.
    pub note: bool,
    /// It may only count off.
    pub weak: bool,
    /// Index of the worst tier among the words around it: 0 for the 已完成 of `已完成37个`.
    pub tier: Option<usize>,
    /// Words beside it say what it measures.
    pub named: bool,
    /// Something nobody wants is named beside it and not denied: 亏损60万元, 不合格率96%.
    pub harm: bool,
    /// 实际: it says outright what was done.
    pub actual: bool,
}

impl Statement {
    /// A statement that says nothing yet but where it stands.
    #[inline]
    pub(super) fn empty(kind: Kind, start: usize, end: usize) -> Self {
        Statement {
            start,
            end,
            kind,
            comparison: None,
            value: None,
            range: None,
            unit: None,
            date: None,
            tier: None,
            approximate: false,
            change: None,
            facts: Facts::default(),
        }
    }

    /// The lower bound of a [`Kind::Range`], in the printed unit, itself included.
    pub fn low(&self) -> Option<&Exact> {
        self.range.as_deref().map(|(low, _)| low)
    }

    /// Likewise the upper bound.
    pub fn high(&self) -> Option<&Exact> {
        self.range.as_deref().map(|(_, high)| high)
    }
}

/// How one cell of a form is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The cell, exactly as printed. A short one stands in the reading itself, a long one is shared with those who
    /// quote it.
    pub text: SmolStr,
    /// The statement that scores.
    pub main: Statement,
    /// What else the text says, in its order; shown, and looked at where the verdict would otherwise be a guess.
    pub others: Vec<Statement>,
    /// What the reading rests on, in the order of the text.
    pub spans: Spans,
}

/// Most cells rest on no more stretches than have room in the reading itself.
pub type Spans = SmallVec<[Span; 3]>;

impl Reading {
    pub fn kind(&self) -> Kind {
        self.main.kind
    }

    pub fn comparison(&self) -> Option<Comparison> {
        self.main.comparison
    }

    pub fn value(&self) -> Option<&Exact> {
        self.main.value.as_ref()
    }

    pub fn low(&self) -> Option<&Exact> {
        self.main.low()
    }

    pub fn high(&self) -> Option<&Exact> {
        self.main.high()
    }

    /// A statement's own words, as printed.
    pub fn said(&self, statement: &Statement) -> &str {
        said(&self.text, statement.start, statement.end)
    }

    /// What a statement calls the thing it measures: its words without figures, units, comparisons, and
    /// without the words that could stand in any row.
    pub(super) fn label(&self, statement: &Statement, lexicon: &Lexicon) -> String {
        let inside = |span: &&Span| span.start >= statement.start && span.end <= statement.end;
        let measures = |role| !matches!(role, Role::Tier | Role::Negation | Role::NotApplicable);
        let mut label = String::new();
        let mut at = statement.start;
        for span in self.spans.iter().filter(inside).filter(|span| measures(span.role)) {
            label.push_str(&lexicon.name_in(self.text.get(at..span.start).unwrap_or_default()));
            at = at.max(span.end);
        }
        label.push_str(&lexicon.name_in(self.text.get(at..statement.end).unwrap_or_default()));
        label
    }

    /// The printed unit.
    pub fn unit(&self) -> Option<&str> {
        self.main.unit.as_ref().map(|unit| unit.printed.as_str())
    }

    pub fn date(&self) -> Option<Period> {
        self.main.date
    }

    pub fn tier(&self) -> Option<&str> {
        self.main.tier.as_deref()
    }

    pub fn approximate(&self) -> bool {
        self.main.approximate
    }
}

/// The words of a statement that stands at `start..end`.
pub(super) fn said(text: &str, start: usize, end: usize) -> &str {
    let said = text.get(start..end).unwrap_or_default().trim();
    let next = text.get(end..).and_then(|rest| rest.chars().next());
    match next {
        // The bracket around a unit, `3（个）`, belongs to its number.
        Some(close @ (')' | '）')) if said.contains(['(', '（']) => {
            text.get(start..end + close.len_utf8()).unwrap_or(said).trim()
        }
        _ => said,
    }
}
