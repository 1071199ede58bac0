//! What the nodes of a network answer about one thing.

use smallvec::SmallVec;

use super::answer::{ABSENT, Failed, Given, Truth, asked_of_one, asked_of_words, compared, truth_of};
use super::{Id, Memory, Network, Part, Quick, Step, place};
use crate::formula::function::{Function, is_blank};
use crate::formula::operator::{Binary, Unary};
use crate::formula::{Frame, Value};

/// Nearly every call has no more arguments.
const FEW: usize = 3;

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
            if open & part.conditions != 0 && !self.holds(part) {
                open &= !part.conditions;
                if open == 0 {
                    break;
                }
            }
        }
        open
    }

    #[inline]
    fn holds(&mut self, part: &Part) -> bool {
        let Some(quick) = part.quick else { return self.truth(part.node) == Truth::Holds };
        match (quick, self.own.get(quick.slot()).unwrap_or(&ABSENT)) {
            (Quick::True(_), value) => matches!(value, Value::Boolean(true)),
            (Quick::False(_), value) => matches!(value, Value::Boolean(false)),
            (Quick::Has(_), value) => !value.is_absent(),
            (Quick::Blank(_), Value::Text(text)) => is_blank(text),
            (Quick::Blank(_), value) => value.is_absent(),
            (Quick::NotBlank(_), Value::Text(text)) => !is_blank(text),
            (Quick::Same(_, constant), Value::Text(text)) => {
                matches!(self.leaf(constant), Some(Value::Text(wanted)) if wanted == text)
            }
            (Quick::NotBlank(_) | Quick::Same(..), _) => false,
        }
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

impl Quick {
    fn slot(self) -> usize {
        match self {
            Quick::True(slot) | Quick::False(slot) | Quick::Has(slot) => slot,
            Quick::Blank(slot) | Quick::NotBlank(slot) | Quick::Same(slot, _) => slot,
        }
    }
}
