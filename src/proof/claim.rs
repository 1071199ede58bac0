//! What was asked of the rules, and the answer.

use std::sync::Arc;

use crate::diagnostic::{Bilingual, Place};
use crate::formula::Value;

/// What a claim says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    /// 0 ≤ points ≤ points possible, for every input that reaches the method.
    WithinPossible,
    /// The formula has a value, or lacks one because something is blank; it never fails.
    Defined,
    /// Points move with the actual as the method declares.
    Direction,
    /// A hundredth of a percentage point moves no more than one point.
    NoJump,
    /// Some row gets to the scoring entry.
    Reachable,
    /// The check can find something, and can find nothing.
    CanFire,
    /// Each branch of the formula can be taken.
    BranchesTaken,
}

impl Property {
    pub const ALL: [Property; 7] = [
        Property::WithinPossible,
        Property::Defined,
        Property::Direction,
        Property::NoJump,
        Property::Reachable,
        Property::CanFire,
        Property::BranchesTaken,
    ];

    /// `snake_case`, for tools.
    pub fn name(self) -> &'static str {
        match self {
            Property::WithinPossible => "within_possible",
            Property::Defined => "defined",
            Property::Direction => "direction",
            Property::NoJump => "no_jump",
            Property::Reachable => "reachable",
            Property::CanFire => "can_fire",
            Property::BranchesTaken => "branches_taken",
        }
    }

    pub fn title(self) -> Bilingual {
        match self {
            Property::WithinPossible => Bilingual::new("得分在 0 与分值之间", "points within 0 and points possible"),
            Property::Defined => Bilingual::new("公式总能算出", "the formula never fails"),
            Property::Direction => Bilingual::new("声明的方向成立", "the declared direction holds"),
            Property::NoJump => Bilingual::new("得分没有跳变", "points do not jump"),
            Property::Reachable => Bilingual::new("条目轮得到", "the entry is reached"),
            Property::CanFire => Bilingual::new("校验可能成立也可能不成立", "the check may hold and may not"),
            Property::BranchesTaken => Bilingual::new("分支都走得到", "every branch is taken"),
        }
    }
}

/// One input, by slot of the scope that the claim is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    pub values: Vec<Value>,
    /// The names that matter, as an author would write them: `target`, `10`.
    pub shown: Vec<(Arc<str>, Value)>,
}

impl std::fmt::Display for Input {
    /// `points_possible = 20, target = 10, actual = 25`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (name, value)) in self.shown.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            match value {
                Value::Text(text) => write!(f, "{comma}{name} = \"{text}\"")?,
                value => write!(f, "{comma}{name} = {value}")?,
            }
        }
        Ok(())
    }
}

/// An input, or two, that break a claim, and what the formula gives for each. Found by running it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refutation {
    pub inputs: Vec<(Input, Outcome)>,
}

/// What a formula gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Value(Value),
    Failure(Bilingual),
}

/// Why nothing could be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// A loop, an assignment or a list, in this script function or, empty, in the formula itself.
    Interpreted(String),
    /// An operator or function that is not looked into with such operands.
    Construct(String),
    /// More cases than are looked at.
    TooManyCases,
    /// Neither a proof nor an input was found.
    Undecided,
    /// An adjustment raises the points of the whole form, and no name says how many are possible there.
    Unbounded,
    /// No input was found in which the check finds something; it may rest on the wording of a text.
    Unseen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Proven,
    Refuted(Box<Refutation>),
    /// Refuted without an input: there is none, so an entry, a check or a branch is dead.
    Dead(Bilingual),
    /// The author wants what would otherwise be told.
    Intended,
    NotProven(Doubt),
}

/// What was asked of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub property: Property,
    /// `methods.proportional`, `scoring.at_least`, `checks.total_mismatch`
    pub rule: String,
    /// The scoring entry by which rows get to the method.
    pub entry: String,
    /// Where the claim stands: the formula, the condition, the declared direction.
    pub place: Place,
    pub verdict: Verdict,
    /// For jumps: every piece of the method is level, so that steps are its nature.
    pub stepwise: bool,
}
