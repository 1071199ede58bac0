//! The kinds of slips that mutants are made of.

use crate::diagnostic::Bilingual;

/// What was done to a rule. The names are stable: baselines hold them in their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `<` for `<=`, `==` for `!=`.
    Comparison,
    /// `+` for `-`, `*` for `/`.
    Arithmetic,
    /// `&&` for `||`, `true` for `false`.
    Logic,
    /// A `!` less, or a condition turned round.
    Negation,
    /// One condition of several left out.
    Condition,
    /// A number of a formula one step up or down.
    Constant,
    /// A text of a formula emptied.
    Text,
    /// `min` for `max`: a cap.
    Bound,
    /// The end of an interval moved, or given to the neighbour.
    Edge,
    /// Points of a form, a dimension, a category.
    Points,
    /// The value of a parameter, or the year it holds from.
    Parameter,
    /// A number of a table, a factor, a limit.
    Number,
    /// The award policy.
    Award,
    /// A word, an item of a list left out.
    Word,
    /// The kind that words have: a comparison, a change, a direction, a tier.
    Meaning,
    /// `true` for `false`.
    Switch,
    /// An entry left out.
    Entry,
    /// Two entries in each other's place.
    Order,
    /// The severity of a finding.
    Severity,
    /// What a finding does, what an entry makes of a row.
    Effect,
}

impl Operator {
    pub const ALL: [Operator; 20] = [
        Operator::Comparison,
        Operator::Arithmetic,
        Operator::Logic,
        Operator::Negation,
        Operator::Condition,
        Operator::Constant,
        Operator::Text,
        Operator::Bound,
        Operator::Edge,
        Operator::Points,
        Operator::Parameter,
        Operator::Number,
        Operator::Award,
        Operator::Word,
        Operator::Meaning,
        Operator::Switch,
        Operator::Entry,
        Operator::Order,
        Operator::Severity,
        Operator::Effect,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Operator::Comparison => "comparison",
            Operator::Arithmetic => "arithmetic",
            Operator::Logic => "logic",
            Operator::Negation => "negation",
            Operator::Condition => "condition",
            Operator::Constant => "constant",
            Operator::Text => "text",
            Operator::Bound => "bound",
            Operator::Edge => "edge",
            Operator::Points => "points",
            Operator::Parameter => "parameter",
            Operator::Number => "number",
            Operator::Award => "award",
            Operator::Word => "word",
            Operator::Meaning => "meaning",
            Operator::Switch => "switch",
            Operator::Entry => "entry",
            Operator::Order => "order",
            Operator::Severity => "severity",
            Operator::Effect => "effect",
        }
    }

    pub fn title(self) -> Bilingual {
        let (zh, en) = match self {
            Operator::Comparison => ("比较符", "comparison"),
            Operator::Arithmetic => ("运算符", "arithmetic"),
            Operator::Logic => ("且与或", "and, or"),
            Operator::Negation => ("取反", "negation"),
            Operator::Condition => ("少一个条件", "a condition less"),
            Operator::Constant => ("公式里的数", "number of a formula"),
            Operator::Text => ("公式里的文字", "text of a formula"),
            Operator::Bound => ("取大与取小", "min, max"),
            Operator::Edge => ("区间的端点", "edge of an interval"),
            Operator::Points => ("分值", "points"),
            Operator::Parameter => ("参数", "parameter"),
            Operator::Number => ("数", "number"),
            Operator::Award => ("认定方式", "award policy"),
            Operator::Word => ("少一个词", "a word less"),
            Operator::Meaning => ("词的含义", "meaning of words"),
            Operator::Switch => ("是与否", "yes, no"),
            Operator::Entry => ("少一个条目", "an entry less"),
            Operator::Order => ("条目的次序", "order of entries"),
            Operator::Severity => ("严重程度", "severity"),
            Operator::Effect => ("结果", "effect"),
        };
        Bilingual::new(zh, en)
    }
}
