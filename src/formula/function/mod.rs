//! The functions a formula may call. One table: the checker, both evaluators and the reference read it.

mod apply;
mod dates;
mod figures;
mod fold;
mod shape;
mod table;
mod text;
mod words;

pub use fold::{fold_into, folded};
pub(super) use text::is_blank;

use std::sync::LazyLock;

use shape::Shape;

use super::{EvalError, Type, Value};
use crate::diagnostic::Bilingual;

/// What the reference says about a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionDoc {
    pub name: &'static str,
    /// `clamp(x, low, high) → number`
    pub signature: String,
    pub doc: Bilingual,
}

/// All functions, in the order of the reference: the reference is generated from it.
pub fn functions() -> &'static [FunctionDoc] {
    static DOCS: LazyLock<Vec<FunctionDoc>> = LazyLock::new(|| Function::ALL.into_iter().map(Function::doc).collect());
    &DOCS
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    Abs,
    Floor,
    Ceil,
    RoundHalfUp,
    Min,
    Max,
    Clamp,
    Lookup,
    Has,
    Blank,
    Length,
    Contains,
    ContainsAny,
    EqualsAny,
    StartsWith,
    EndsWith,
    SameText,
    Similarity,
    CopiedShare,
    CountAny,
    WordsIn,
    FirstNumber,
    NumberAfter,
    PercentagesSum,
    PercentagesCount,
    Day,
    YearIn,
}

impl Function {
    pub(super) const ALL: [Function; 27] = [
        Function::Abs,
        Function::Floor,
        Function::Ceil,
        Function::RoundHalfUp,
        Function::Min,
        Function::Max,
        Function::Clamp,
        Function::Lookup,
        Function::Has,
        Function::Blank,
        Function::Length,
        Function::Contains,
        Function::ContainsAny,
        Function::EqualsAny,
        Function::StartsWith,
        Function::EndsWith,
        Function::SameText,
        Function::Similarity,
        Function::CopiedShare,
        Function::CountAny,
        Function::WordsIn,
        Function::FirstNumber,
        Function::NumberAfter,
        Function::PercentagesSum,
        Function::PercentagesCount,
        Function::Day,
        Function::YearIn,
    ];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Function::ALL.into_iter().find(|function| function.shape().name == name)
    }

    pub fn name(self) -> &'static str {
        self.shape().name
    }

    /// The type of what it gives.
    pub fn result(self) -> Type {
        self.shape().result
    }

    /// Calls the function. An absent argument makes the result absent, except that `has` and `blank` tell
    /// whether there is a value.
    pub(super) fn apply(self, arguments: &[&Value]) -> Result<Value, EvalError> {
        apply::apply(self, arguments)
    }

    fn doc(self) -> FunctionDoc {
        let shape = self.shape();
        FunctionDoc { name: shape.name, signature: shape.signature(), doc: Bilingual::new(shape.zh, shape.en) }
    }

    pub(super) fn shape(self) -> &'static Shape {
        match self {
            Function::Abs => &table::ABS,
            Function::Floor => &table::FLOOR,
            Function::Ceil => &table::CEIL,
            Function::RoundHalfUp => &table::ROUND,
            Function::Min => &table::MIN,
            Function::Max => &table::MAX,
            Function::Clamp => &table::CLAMP,
            Function::Lookup => &table::LOOKUP,
            Function::Has => &table::HAS,
            Function::Blank => &table::BLANK,
            Function::Length => &table::LENGTH,
            Function::Contains => &table::CONTAINS,
            Function::ContainsAny => &table::CONTAINS_ANY,
            Function::EqualsAny => &table::EQUALS_ANY,
            Function::StartsWith => &table::STARTS_WITH,
            Function::EndsWith => &table::ENDS_WITH,
            Function::SameText => &table::SAME_TEXT,
            Function::Similarity => &table::SIMILARITY,
            Function::CopiedShare => &table::COPIED_SHARE,
            Function::CountAny => &table::COUNT_ANY,
            Function::WordsIn => &table::WORDS_IN,
            Function::FirstNumber => &table::FIRST_NUMBER,
            Function::NumberAfter => &table::NUMBER_AFTER,
            Function::PercentagesSum => &table::PERCENTAGES_SUM,
            Function::PercentagesCount => &table::PERCENTAGES_COUNT,
            Function::Day => &table::DAY,
            Function::YearIn => &table::YEAR_IN,
        }
    }
}
