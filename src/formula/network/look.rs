//! What the nodes of a network answer about one thing.

use smallvec::SmallVec;

use super::{Id, Memory, Network, Part, Step, place};
use crate::formula::function::{Function, is_blank};
use crate::formula::operator::{Binary, Unary};
use crate::formula::{Frame, Value};

/// Nearly every call has no more arguments.
const FEW: usize = 3;

/// The value of a name whose slot nobody filled.
static ABSENT: Value = Value::Absent;

/// The answer of a node as a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Holds,
    DoesNotHold,
    Absent,
    Failed,
}

/// A node without a value. Why is not told: a condition that fails does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Failed;

/// A value: where it stands, or made on the way.
enum Given<'x> {
    At(&'x Value),
    Made(Value),
}

/// Answers that are remembered.
pub(super) struct Answers {
    truths: Vec<Option<Truth>>,
    values: Vec<Option<Result<Value, Failed>>>,
    /// Which of the values there are.
    made: Vec<usize>,
}

impl Answers {
    pub(super) fn of(nodes: usize) -> Self {
        Answers { truths: vec![None; nodes], values: vec![None; nodes], made: Vec::new() }
    }

    pub(super) fn forget(&mut self) {
        self.truths.fill(None);
        for at in self.made.drain(..) {
            if let Some(value) = self.values.get_mut(at) {
                *value = None;
            }
        }
    }
}

/// A network before one thing, or before the form alone.
pub(super) struct Look<'x> {
    pub network: &'x Network,
    pub form: Frame<'x>,
    pub own: Frame<'x>,
    pub of_form: &'x mut Answers,
    pub of_thing: &'x mut Answers,
}

impl<'x> Look<'x> {
    /// Which of the conditions hold as far as these parts tell.
    pub(super) fn settle(&mut self, parts: &[Part], conditions: u64) -> u64 {
        let mut open = conditions;
        for part in parts {
            if open & part.conditions != 0 && self.truth(part.node) != Truth::Holds {
                open &= !part.conditions;
                if open == 0 {
                    break;
                }
            }
        }
        open
    }

    fn answers(&mut self, memory: Memory) -> Option<(&mut Answers, usize)> {
        match memory {
            Memory::None => None,
            Memory::Form(at) => Some((self.of_form, place(at))),
            Memory::Thing(at) => Some((self.of_thing, place(at))),
        }
    }

    fn truth(&mut self, id: Id) -> Truth {
        let Some(node) = self.network.nodes.get(place(id)) else { return Truth::Failed };
        if let Some((answers, at)) = self.answers(node.memory)
            && let Some(Some(known)) = answers.truths.get(at)
        {
            return *known;
        }
        let truth = self.decide(&node.step);
        if let Some((answers, at)) = self.answers(node.memory)
            && let Some(known) = answers.truths.get_mut(at)
        {
            *known = Some(truth);
        }
        truth
    }

    fn decide(&mut self, step: &'x Step) -> Truth {
        match step {
            Step::Constant(_) | Step::Form(_) | Step::Own(_) => truth_of(self.at_hand(step).unwrap_or(&ABSENT)),
            Step::Unary(Unary::Not, operand) => match self.truth(*operand) {
                Truth::Holds => Truth::DoesNotHold,
                Truth::DoesNotHold => Truth::Holds,
                other => other,
            },
            Step::Binary(operator, left, right) => self.compare(*operator, *left, *right),
            Step::All(operands) => self.logic(operands, Truth::Holds),
            Step::Any(operands) => self.logic(operands, Truth::DoesNotHold),
            Step::If(condition, then, otherwise) => match self.truth(*condition) {
                Truth::Failed => Truth::Failed,
                Truth::Holds => self.truth(*then),
                Truth::DoesNotHold | Truth::Absent => self.truth(*otherwise),
            },
            Step::After(bound, last) => match self.all_there(bound) {
                Ok(()) => self.truth(*last),
                Err(Failed) => Truth::Failed,
            },
            Step::Call(function, arguments) => self.ask(*function, arguments),
            Step::Unary(..) | Step::FirstPresent(_) => match self.make(step) {
                Ok(value) => truth_of(value.value()),
                Err(Failed) => Truth::Failed,
            },
        }
    }

    /// `&&` goes on while its operands hold, `||` while they do not.
    fn logic(&mut self, operands: &[Id], goes_on: Truth) -> Truth {
        for operand in operands {
            match self.truth(*operand) {
                Truth::Failed => return Truth::Failed,
                Truth::Holds if goes_on == Truth::DoesNotHold => return Truth::Holds,
                Truth::DoesNotHold | Truth::Absent if goes_on == Truth::Holds => return Truth::DoesNotHold,
                _ => {}
            }
        }
        goes_on
    }

    fn compare(&mut self, operator: Binary, left: Id, right: Id) -> Truth {
        if let (Some(left), Some(right)) = (self.leaf(left), self.leaf(right)) {
            return compared(operator, left, right);
        }
        match (self.value(left), self.value(right)) {
            (Ok(left), Ok(right)) => compared(operator, left.value(), right.value()),
            _ => Truth::Failed,
        }
    }

    /// A function as a condition. Those that conditions mostly ask, of names, are answered at once.
    fn ask(&mut self, function: Function, arguments: &'x [Id]) -> Truth {
        let quick = match arguments {
            [one] => self.leaf(*one).and_then(|one| asked_of_one(function, one)),
            [one, two] => match (self.leaf(*one), self.leaf(*two)) {
                (Some(one), Some(two)) => asked_of_words(function, one, two),
                _ => None,
            },
            _ => None,
        };
        quick.unwrap_or_else(|| match self.call(function, arguments) {
            Ok(value) => truth_of(&value),
            Err(Failed) => Truth::Failed,
        })
    }

    /// The value of a constant or a name.
    #[inline]
    fn leaf(&self, id: Id) -> Option<&'x Value> {
        self.at_hand(&self.network.nodes.get(place(id))?.step)
    }

    fn value(&mut self, id: Id) -> Result<Given<'x>, Failed> {
        let node = self.network.nodes.get(place(id)).ok_or(Failed)?;
        if let Some(value) = self.at_hand(&node.step) {
            return Ok(Given::At(value));
        }
        if let Some((answers, at)) = self.answers(node.memory)
            && let Some(Some(known)) = answers.values.get(at)
        {
            return known.clone().map(Given::Made);
        }
        let made = self.make(&node.step);
        if let Some((answers, at)) = self.answers(node.memory)
            && let Some(known) = answers.values.get_mut(at)
        {
            *known = Some(match &made {
                Ok(value) => Ok(value.value().clone()),
                Err(Failed) => Err(Failed),
            });
            answers.made.push(at);
        }
        made
    }

    #[inline]
    fn at_hand(&self, step: &'x Step) -> Option<&'x Value> {
        match step {
            Step::Constant(value) => Some(value),
            Step::Form(slot) => Some(self.form.get(*slot).unwrap_or(&ABSENT)),
            Step::Own(slot) => Some(self.own.get(*slot).unwrap_or(&ABSENT)),
            _ => None,
        }
    }

    fn make(&mut self, step: &'x Step) -> Result<Given<'x>, Failed> {
        match step {
            Step::Constant(_) | Step::Form(_) | Step::Own(_) => Ok(Given::At(self.at_hand(step).unwrap_or(&ABSENT))),
            Step::Unary(Unary::Not, _) | Step::All(_) | Step::Any(_) => self.decide(step).into_value(),
            Step::Unary(operator, operand) => {
                let operand = self.value(*operand)?;
                operator.apply(operand.value()).map(Given::Made).map_err(|_| Failed)
            }
            Step::Binary(operator, left, right) => {
                let (left, right) = (self.value(*left)?, self.value(*right)?);
                operator.apply(left.value(), right.value()).map(Given::Made).map_err(|_| Failed)
            }
            Step::FirstPresent(operands) => {
                for operand in operands {
                    let value = self.value(*operand)?;
                    if !value.value().is_absent() {
                        return Ok(value);
                    }
                }
                Ok(Given::At(&ABSENT))
            }
            Step::If(condition, then, otherwise) => match self.truth(*condition) {
                Truth::Failed => Err(Failed),
                Truth::Holds => self.value(*then),
                Truth::DoesNotHold | Truth::Absent => self.value(*otherwise),
            },
            Step::After(bound, last) => {
                self.all_there(bound)?;
                self.value(*last)
            }
            Step::Call(function, arguments) => self.call(*function, arguments).map(Given::Made),
        }
    }

    fn all_there(&mut self, nodes: &[Id]) -> Result<(), Failed> {
        nodes.iter().try_for_each(|node| self.value(*node).map(drop))
    }

    fn call(&mut self, function: Function, arguments: &[Id]) -> Result<Value, Failed> {
        if let [one] = arguments
            && let Some(one) = self.leaf(*one)
        {
            return function.apply(&[one]).map_err(|_| Failed);
        }
        let given: SmallVec<[Given<'x>; FEW]> =
            arguments.iter().map(|argument| self.value(*argument)).collect::<Result<_, Failed>>()?;
        let values: SmallVec<[&Value; FEW]> = given.iter().map(Given::value).collect();
        function.apply(&values).map_err(|_| Failed)
    }
}

impl Given<'_> {
    fn value(&self) -> &Value {
        match self {
            Given::At(value) => value,
            Given::Made(value) => value,
        }
    }
}

impl Truth {
    fn into_value<'x>(self) -> Result<Given<'x>, Failed> {
        match self {
            Truth::Holds => Ok(Given::Made(Value::Boolean(true))),
            Truth::DoesNotHold => Ok(Given::Made(Value::Boolean(false))),
            Truth::Absent => Ok(Given::Made(Value::Absent)),
            Truth::Failed => Err(Failed),
        }
    }
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Truth::Holds } else { Truth::DoesNotHold }
    }
}

/// As the operator gives it.
fn compared(operator: Binary, left: &Value, right: &Value) -> Truth {
    Truth::from(match (left, right) {
        (Value::Absent, _) | (_, Value::Absent) => return Truth::Absent,
        (Value::Text(left), Value::Text(right)) => match operator {
            Binary::Equal => left == right,
            Binary::Unequal => left != right,
            _ => return Truth::Failed,
        },
        (Value::Number(left), Value::Number(right)) => match operator {
            Binary::Equal => left == right,
            Binary::Unequal => left != right,
            Binary::Less => left < right,
            Binary::LessOrEqual => left <= right,
            Binary::Greater => left > right,
            Binary::GreaterOrEqual => left >= right,
            _ => return Truth::Failed,
        },
        (left, right) => return operator.apply(left, right).map_or(Truth::Failed, |value| truth_of(&value)),
    })
}

fn asked_of_one(function: Function, one: &Value) -> Option<Truth> {
    match (function, one) {
        (Function::Has, one) => Some(Truth::from(!one.is_absent())),
        (Function::Blank, Value::Absent) => Some(Truth::Holds),
        (Function::Blank, Value::Text(text)) => Some(Truth::from(is_blank(text))),
        _ => None,
    }
}

fn asked_of_words(function: Function, text: &Value, words: &Value) -> Option<Truth> {
    match (function, text, words) {
        (Function::ContainsAny, Value::Text(text), Value::Words(words)) => Some(Truth::from(words.any_in(text))),
        (Function::EqualsAny, Value::Text(text), Value::Words(words)) => Some(Truth::from(words.has(text))),
        _ => None,
    }
}

fn truth_of(value: &Value) -> Truth {
    match value {
        Value::Boolean(true) => Truth::Holds,
        Value::Boolean(false) => Truth::DoesNotHold,
        Value::Absent => Truth::Absent,
        _ => Truth::Failed,
    }
}
