//! What a word can mean. The grammar asks for senses; which word carries which is the pack's.

use std::sync::Arc;

use super::super::kind::Comparison;
use super::super::statement::{Change, Unit};
use super::measure::UnitId;

/// A word of the lexicon with everything it can mean; context decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::reading) struct Word {
    senses: Vec<Sense>,
    /// A bit for the kind of each sense.
    kinds: u64,
    /// The unit that the word is by itself, if it can be one.
    pub alone: Option<Arc<Unit>>,
    /// Whether it is a number by itself: 十, but not 万.
    pub is_numeral: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Sense {
    Unit(UnitId),
    /// 万, 亿: index into the scales.
    Scale(usize),
    /// Right before a number: 不少于, ≥.
    Before(Comparison),
    /// Before a number, other words between allowed: 至少.
    Adverb(Comparison),
    /// After a number: 以上, 以内.
    After(Comparison),
    BeforeDate(Comparison),
    AfterDate(Comparison),
    Approximate(Approximation),
    /// Between the bounds of a range: 至, ~.
    Between,
    /// ±
    Tolerance,
    /// The sign of a negative number.
    Minus,
    /// 元/人, 元每人
    Per,
    /// 每亩300: the unit before the number.
    Each,
    /// 预算: may stand between a comparison and its number.
    Filler,
    /// (含): the bound itself belongs.
    Inclusive,
    /// (不含)
    Exclusive,
    Change(Change),
    /// 提高到95%: what follows is a level, not a change.
    Level,
    /// 由80%提高到95%: the first number is where it came from.
    Origin,
    /// Index into the tiers.
    Tier(usize),
    /// Belongs to a tier only as a statement of its own: 好, 是.
    WholeTier(usize),
    /// Only as a text of its own.
    NotApplicable,
    Negation,
    /// 未: a negation that says of anything it was not done.
    Denial,
    /// 任务的: the share after it is one of the target.
    Relative,
    /// 投诉, 事故: nobody wants it; denied, it is good.
    Harm,
    /// Looks like a number, a negation or a unit and is none: 一致, 无人机.
    Idiom,
    /// **, XX: a cell nobody filled.
    Placeholder,
    /// 第: what follows is a rank.
    Ordinal,
    /// 号: what stands before is a label.
    Label,
    /// 结束后: what stands before is a condition.
    Condition,
    /// 率: with the word before it, a name (合格率), no praise.
    NameEnding,
    /// 计划: the number after it is the plan's.
    Planned,
    /// 实际: ends a plan.
    Actual,
    /// 开工, 签订合同: something began.
    Beginning,
    /// 户均: the number after it is of one, not of all.
    Average,
    /// 除…外: what comes first in the clause is left out of what the cell says.
    Exception,
    /// 完成, 进度: a share beside it is how far things are.
    Progress,
    /// 春节, 秋季学期: a stretch of the year whose days nobody tells.
    Occasion,
    /// 次年: the date after it is of the next year.
    NextYear,
    /// 其中: the numbers after it are parts.
    Part,
    /// 还差, 剩余: the number after it counts what is missing.
    Shortfall,
    /// 超额, 超出: the number after it counts what is on top.
    Surplus,
    /// A stretch of the year, index into the periods: 上半年.
    Period(usize),
    /// 10日, 10号: also a day of a month.
    DayOfMonth,
    /// A stretch of a month, index into the month parts: 上旬.
    MonthPart(usize),
}

/// How an inexact number is meant, and on which side of the number the word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reading) enum Approximation {
    /// 约
    AboutBefore,
    /// 左右
    AboutAfter,
    /// 余: somewhat more
    OverAfter,
    /// 近: somewhat less
    UnderBefore,
}

impl Sense {
    /// The kind of sense, whatever it carries, as one bit.
    const fn kind(self) -> u64 {
        1 << match self {
            Sense::Unit(_) => 0,
            Sense::Scale(_) => 1,
            Sense::Before(_) => 2,
            Sense::Adverb(_) => 3,
            Sense::After(_) => 4,
            Sense::BeforeDate(_) => 5,
            Sense::AfterDate(_) => 6,
            Sense::Approximate(_) => 7,
            Sense::Between => 8,
            Sense::Tolerance => 9,
            Sense::Minus => 10,
            Sense::Per => 11,
            Sense::Each => 12,
            Sense::Filler => 13,
            Sense::Inclusive => 14,
            Sense::Exclusive => 15,
            Sense::Change(_) => 16,
            Sense::Level => 17,
            Sense::Origin => 18,
            Sense::Tier(_) => 19,
            Sense::WholeTier(_) => 20,
            Sense::NotApplicable => 21,
            Sense::Negation => 22,
            Sense::Denial => 23,
            Sense::Relative => 24,
            Sense::Harm => 25,
            Sense::Idiom => 26,
            Sense::Placeholder => 27,
            Sense::Ordinal => 28,
            Sense::Label => 29,
            Sense::Condition => 30,
            Sense::NameEnding => 31,
            Sense::Planned => 32,
            Sense::Actual => 33,
            Sense::Beginning => 34,
            Sense::Average => 35,
            Sense::Occasion => 36,
            Sense::NextYear => 37,
            Sense::Part => 38,
            Sense::Shortfall => 39,
            Sense::Surplus => 40,
            Sense::Period(_) => 41,
            Sense::DayOfMonth => 42,
            Sense::MonthPart(_) => 43,
            Sense::Exception => 44,
            Sense::Progress => 45,
        }
    }
}

impl Word {
    /// A word with these senses; `alone` and `is_numeral` are left to be set.
    pub fn of(senses: Vec<Sense>) -> Self {
        let kinds = senses.iter().fold(0, |kinds, sense| kinds | sense.kind());
        Word { senses, kinds, alone: None, is_numeral: false }
    }

    /// Whether the word has a sense of this kind, whatever the sense carries.
    pub fn has(&self, sense: Sense) -> bool {
        self.kinds & sense.kind() != 0
    }

    /// Whether the word has a sense, and none but of these kinds.
    pub fn has_only<const N: usize>(&self, senses: [Sense; N]) -> bool {
        let kinds = senses.into_iter().fold(0, |kinds, sense| kinds | sense.kind());
        self.kinds != 0 && self.kinds & !kinds == 0
    }

    /// Whether the word has a sense of one of these kinds.
    pub fn has_any<const N: usize>(&self, senses: [Sense; N]) -> bool {
        self.kinds & senses.into_iter().fold(0, |kinds, sense| kinds | sense.kind()) != 0
    }

    pub fn says_nothing(&self) -> bool {
        self.kinds == 0
    }

    /// Whether the word is an idiom and nothing else.
    pub fn is_idiom(&self) -> bool {
        self.kinds == Sense::Idiom.kind()
    }

    pub fn find<T>(&self, pick: impl Fn(Sense) -> Option<T>) -> Option<T> {
        self.senses.iter().copied().find_map(pick)
    }

    /// As [`Word::find`] among the senses of one kind.
    fn find_kind<T>(&self, kind: Sense, pick: impl Fn(Sense) -> Option<T>) -> Option<T> {
        if self.has(kind) { self.find(pick) } else { None }
    }

    pub fn unit(&self) -> Option<UnitId> {
        self.find_kind(Sense::Unit(UnitId(0)), |sense| if let Sense::Unit(id) = sense { Some(id) } else { None })
    }

    pub fn scale(&self) -> Option<usize> {
        self.find_kind(Sense::Scale(0), |sense| if let Sense::Scale(index) = sense { Some(index) } else { None })
    }

    pub fn tier(&self) -> Option<usize> {
        self.find_kind(Sense::Tier(0), |sense| if let Sense::Tier(index) = sense { Some(index) } else { None })
    }

    pub fn approximation(&self) -> Option<Approximation> {
        const KIND: Sense = Sense::Approximate(Approximation::AboutBefore);
        self.find_kind(KIND, |sense| if let Sense::Approximate(how) = sense { Some(how) } else { None })
    }

    pub fn period(&self) -> Option<usize> {
        self.find_kind(Sense::Period(0), |sense| if let Sense::Period(index) = sense { Some(index) } else { None })
    }

    /// How it bounds the number right behind it.
    pub fn before(&self) -> Option<Comparison> {
        const KIND: Sense = Sense::Before(Comparison::Exactly);
        self.find_kind(KIND, |sense| if let Sense::Before(comparison) = sense { Some(comparison) } else { None })
    }

    /// How it bounds a number somewhere behind it.
    pub fn adverb(&self) -> Option<Comparison> {
        const KIND: Sense = Sense::Adverb(Comparison::Exactly);
        self.find_kind(KIND, |sense| if let Sense::Adverb(comparison) = sense { Some(comparison) } else { None })
    }

    /// How it bounds the number before it.
    pub fn after(&self) -> Option<Comparison> {
        const KIND: Sense = Sense::After(Comparison::Exactly);
        self.find_kind(KIND, |sense| if let Sense::After(comparison) = sense { Some(comparison) } else { None })
    }

    /// How it bounds the date behind it.
    pub fn before_date(&self) -> Option<Comparison> {
        const KIND: Sense = Sense::BeforeDate(Comparison::Exactly);
        self.find_kind(KIND, |sense| if let Sense::BeforeDate(comparison) = sense { Some(comparison) } else { None })
    }

    /// How it bounds the date before it.
    pub fn after_date(&self) -> Option<Comparison> {
        const KIND: Sense = Sense::AfterDate(Comparison::Exactly);
        self.find_kind(KIND, |sense| if let Sense::AfterDate(comparison) = sense { Some(comparison) } else { None })
    }

    pub fn change(&self) -> Option<Change> {
        const KIND: Sense = Sense::Change(Change::Increase);
        self.find_kind(KIND, |sense| if let Sense::Change(change) = sense { Some(change) } else { None })
    }
}
