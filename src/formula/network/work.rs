//! What a condition may cost at most, told before it runs.

use crate::formula::meter::{BUDGET, is_wide};
use crate::formula::operator::Binary;
use crate::formula::{Function, Type, Value};

/// Larger conditions are left to the machine.
const MAX_STEPS: u64 = 20_000;

/// The work of a tree all of whose branches run, as the meter of the machine counts it, for names whose numbers cost
/// nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Work {
    steps: u64,
    /// Arguments of operators and functions: each may be a text or a word list.
    arguments: u64,
    /// The longest constant text, in bytes.
    text: u64,
}

impl Work {
    /// One node more; `None` where the tree is too large.
    pub(super) fn step(&mut self) -> Option<()> {
        self.steps += 1;
        (self.steps <= MAX_STEPS).then_some(())
    }

    /// `None` for a number that costs something.
    pub(super) fn constant(&mut self, value: &Value) -> Option<()> {
        match value {
            Value::Text(text) => self.text = self.text.max(wide(text.len())),
            Value::Number(number) if is_wide(number) => return None,
            _ => {}
        }
        Some(())
    }

    /// The arguments of an operator or a function, by their width.
    pub(super) fn take(&mut self, arguments: impl Iterator<Item = Width>) {
        for width in arguments {
            self.arguments += 1;
            self.steps += width.work();
        }
    }

    /// The logarithm of how many rows a table has.
    pub(super) fn search(&mut self) {
        self.steps += 64;
    }

    /// Of two, either of which may run.
    pub(super) fn dearer(self, other: Work) -> Work {
        Work {
            steps: self.steps.max(other.steps),
            arguments: self.arguments.max(other.arguments),
            text: self.text.max(other.text),
        }
    }

    /// The longest text, in bytes, for which no run can use up its budget where no list has more than `words` words;
    /// `None` where even the shortest may.
    pub(super) fn longest_text(self, words: usize) -> Option<usize> {
        let words = wide(words);
        let arguments = self.arguments.max(1);
        let left = BUDGET.checked_sub(self.steps)?.checked_sub(arguments.saturating_mul(words))?;
        // A text among arguments costs a quarter of its length, and its part of length × words ÷ 512.
        let longest = left.saturating_mul(512) / arguments.saturating_mul(words.saturating_add(128));
        (longest > self.text).then(|| usize::try_from(longest).unwrap_or(usize::MAX))
    }
}

/// How wide a number can be: in parts, numerators or denominators, of numbers that cost nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Width(u64);

impl Width {
    /// Of the numbers of a form and of constants, and of whatever is no number.
    pub(super) const NARROW: Width = Width(1);
    /// Beyond the widest number that there can be.
    pub(super) const WIDEST: Width = Width(34);

    /// What an operator makes of two.
    pub(super) fn of_operator(operator: Binary, left: Width, right: Width) -> Width {
        match operator {
            Binary::Add | Binary::Sub | Binary::Mul | Binary::Div => left.grown(right.0 + 1),
            Binary::Rem | Binary::Pow => Width::WIDEST,
            _ => Width::NARROW,
        }
    }

    /// What a function makes of the widest of its arguments.
    pub(super) fn of_call(function: Function, widest: Width) -> Width {
        match function {
            Function::Abs | Function::Min | Function::Max | Function::Clamp => widest,
            Function::Floor | Function::Ceil | Function::RoundHalfUp => widest.grown(1),
            function if function.result() != Type::Number => Width::NARROW,
            Function::Length | Function::CountAny | Function::WordsIn | Function::PercentagesCount => Width::NARROW,
            Function::Day | Function::YearIn => Width::NARROW,
            _ => Width::WIDEST,
        }
    }

    fn grown(self, by: u64) -> Width {
        Width(self.0 + by).min(Width::WIDEST)
    }

    /// The square of its limbs, as the meter counts it: no part takes more than two.
    fn work(self) -> u64 {
        if self == Width::NARROW { 0 } else { 4 * self.0 * self.0 }
    }
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
