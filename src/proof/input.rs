//! From what is supposed of an input to an input that can be run.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::algebra::Unknown;
use super::claim::Input;
use super::explore::{DIRECTION, Domain, Facts, Key, Origin, TWIN_OFFSET, Texts};
use crate::formula::{Type, Value};
use crate::quantity::Exact;

pub(super) type Point = BTreeMap<Unknown, Exact>;

/// Puts inputs together.
pub(super) struct Maker<'a> {
    pub domain: &'a Domain,
    pub constants: &'a [Value],
    /// Slots of which a second input has its own.
    pub moving: &'a [usize],
    /// A word that the row's name must contain, if any.
    pub word: Option<&'a str>,
}

impl Maker<'_> {
    /// An input that the facts and the point describe; `twin` takes the second input's own names. Nothing where no
    /// form would be read so.
    pub fn input(&self, facts: &Facts, point: &Point, twin: bool) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(self.domain.names.len());
        for slot in 0..self.domain.names.len() {
            values.push(self.value(slot, facts, point, twin)?);
        }
        self.settle(&mut values, facts, twin)?;
        Some(values)
    }

    fn key(&self, slot: usize, twin: bool) -> Key {
        let key = Key::try_from(slot).unwrap_or(0);
        if twin && self.moving.contains(&slot) { key + TWIN_OFFSET } else { key }
    }

    fn value(&self, slot: usize, facts: &Facts, point: &Point, twin: bool) -> Option<Value> {
        if slot < self.domain.constants {
            return Some(self.constants.get(slot).cloned().unwrap_or(Value::Absent));
        }
        let known = self.domain.get(slot)?;
        let (name, kind) = self.domain.names.get(slot)?;
        let key = self.key(slot, twin);
        let present = facts.present.get(&key).copied();
        if let Origin::Fixed(value) = &known.origin {
            return Some(value.clone());
        }
        if present == Some(false) {
            return Some(Value::Absent);
        }
        Some(match kind {
            Type::Number => match point.get(&key) {
                Some(value) => Value::Number(value.clone()),
                None if known.always || present == Some(true) => Value::Number(plain(known)),
                None => Value::Absent,
            },
            Type::Boolean => Value::Boolean(facts.truths.get(&format!("#{key}")).copied().unwrap_or(false)),
            Type::Text => {
                let texts = facts.best_texts(key).cloned().unwrap_or_else(|| self.domain.texts(key));
                let word = self.word.filter(|_| &**name == "name").map(Arc::from);
                Value::Text(word.or_else(|| texts.example())?)
            }
            Type::Words | Type::Table => Value::Absent,
        })
    }

    /// Fills in what follows from the rest: the verdict, the rate of execution.
    fn settle(&self, values: &mut [Value], facts: &Facts, twin: bool) -> Option<()> {
        let lower = self.speak(values, facts, twin)?;
        let verdict = self.verdict(values, facts, twin, lower)?;
        for slot in self.domain.constants..values.len() {
            let value = match &self.domain.get(slot)?.origin {
                Origin::Met => match verdict.as_deref()? {
                    "MET" | "EXCEEDED" => Value::Boolean(true),
                    "NOT_MET" => Value::Boolean(false),
                    _ => Value::Absent,
                },
                Origin::Judged => Value::Boolean(verdict.as_deref()? == "JUDGED"),
                Origin::LowerIsBetter => Value::Boolean(lower),
                Origin::Quantified => {
                    let equal = self.read(values, "points_floor") == self.read(values, "points_ceiling");
                    let scored = self.read(values, "status") == Some(&Value::Text("SCORED".into()));
                    Value::Boolean(equal && scored)
                }
                Origin::ExecutionRate => {
                    let number = |name| self.read(values, name).and_then(Value::as_number);
                    let rate = number("budget_executed").zip(number("budget_annual"));
                    rate.and_then(|(executed, annual)| executed.div(annual).ok()).map_or(Value::Absent, Value::Number)
                }
                Origin::Form if self.domain.name(slot) == "meeting" => Value::Text(verdict.clone()?),
                Origin::Form | Origin::Fixed(_) => continue,
            };
            *values.get_mut(slot)? = value;
        }
        Some(())
    }

    /// Gives the numbers the words that print them: kinds, comparison, and the good side that goes with it. Says
    /// whether lower is better; nothing where the facts allow no such words.
    fn speak(&self, values: &mut [Value], facts: &Facts, twin: bool) -> Option<bool> {
        let there = |values: &[Value], name| self.read(values, name).is_some_and(|value| !value.is_absent());
        let end = |name| self.read(values, name).and_then(Value::as_number);
        match (end("target_low"), end("target_high")) {
            (Some(low), Some(high)) if low > high => return None,
            (Some(_), None) | (None, Some(_)) => return None,
            _ => {}
        }
        let target = match (there(values, "target"), there(values, "target_low")) {
            (true, _) => Some("NUMBER"),
            (_, true) => Some("RANGE"),
            _ => None,
        };
        let actual = there(values, "actual").then_some("NUMBER");
        for (name, kind) in [("target_kind", target), ("actual_kind", actual)] {
            self.say(values, facts, twin, name, kind.as_slice())?;
        }
        let sides = facts.best_texts(DIRECTION).cloned().unwrap_or_else(|| self.domain.texts(DIRECTION));
        let allows = |side: &str| Texts::among([side]).is_within(&sides);
        let comparisons: &[&str] = match target {
            Some("NUMBER") if allows("HIGHER_IS_BETTER") => &["AT_LEAST", "MORE_THAN", "EXACTLY"],
            Some("NUMBER") if allows("LOWER_IS_BETTER") => &["AT_MOST", "LESS_THAN", "EXACTLY"],
            Some("RANGE") => &["WITHIN"],
            _ => &[],
        };
        let (lower, comparisons) = match self.say(values, facts, twin, "target_comparison", comparisons) {
            Some(()) => (!allows("HIGHER_IS_BETTER") && allows("LOWER_IS_BETTER"), comparisons),
            None if allows("LOWER_IS_BETTER") => (true, ["AT_MOST", "LESS_THAN"].as_slice()),
            None => return None,
        };
        self.say(values, facts, twin, "target_comparison", comparisons)?;
        Some(lower)
    }

    /// Gives a text the first of the words that the facts allow; any allowed text where there are no words.
    fn say(&self, values: &mut [Value], facts: &Facts, twin: bool, name: &str, words: &[&str]) -> Option<()> {
        let Some(slot) = self.domain.slot(name).filter(|_| !words.is_empty()) else { return Some(()) };
        let key = self.key(slot, twin);
        let allowed = facts.best_texts(key).cloned().unwrap_or_else(|| self.domain.texts(key));
        let word = words.iter().find(|word| Texts::among([word]).is_within(&allowed))?;
        *values.get_mut(slot)? = Value::Text(Arc::from(*word));
        Some(())
    }

    /// The verdict on the row: what plain numbers make it, where the facts allow that; nothing where they do not.
    /// The outer nothing says that no form is read so.
    #[expect(clippy::option_option, reason = "no verdict is not the same as no such form")]
    fn verdict(&self, values: &[Value], facts: &Facts, twin: bool, lower: bool) -> Option<Option<Arc<str>>> {
        let Some(slot) = self.domain.slot("meeting") else { return Some(None) };
        let key = self.key(slot, twin);
        let allowed = facts.best_texts(key).cloned().unwrap_or_else(|| self.domain.texts(key));
        let Some(met) = self.meets(values, lower) else { return Some(allowed.example()) };
        let fitting = if met { ["MET", "EXCEEDED"].as_slice() } else { ["NOT_MET"].as_slice() };
        let found = allowed.both(&Texts::among(fitting.iter().copied())).example();
        found.map(Some)
    }

    /// Whether plain numbers meet the target; nothing where the row has none to compare.
    fn meets(&self, values: &[Value], lower: bool) -> Option<bool> {
        let number = |name| self.read(values, name).and_then(Value::as_number);
        let actual = number("actual")?;
        if let (Some(low), Some(high)) = (number("target_low"), number("target_high")) {
            return Some(low <= actual && actual <= high);
        }
        let target = number("target")?;
        let comparison = match self.read(values, "target_comparison") {
            Some(Value::Text(text)) => text.clone(),
            _ => return None,
        };
        Some(match &*comparison {
            "MORE_THAN" => actual > target,
            "LESS_THAN" => actual < target,
            "AT_MOST" => actual <= target,
            _ if lower => actual <= target,
            _ => actual >= target,
        })
    }

    fn read<'v>(&self, values: &'v [Value], name: &str) -> Option<&'v Value> {
        values.get(self.domain.slot(name)?)
    }

    /// With the names that these slots stand for.
    pub fn shown(&self, values: Vec<Value>, slots: impl IntoIterator<Item = usize>) -> Input {
        let mut shown: Vec<(Arc<str>, Value)> = Vec::new();
        for slot in slots {
            let (Some((name, kind)), Some(value)) = (self.domain.names.get(slot), values.get(slot)) else { continue };
            if !matches!(kind, Type::Words | Type::Table) && !shown.iter().any(|(known, _)| known == name) {
                shown.push((name.clone(), value.clone()));
            }
        }
        Input { values, shown }
    }
}

/// A number of which nothing was asked.
fn plain(known: &super::explore::NameFacts) -> Exact {
    let candidates = [Exact::ONE, Exact::ZERO];
    let low = known.range.low.as_ref().map(|end| end.at.clone());
    candidates.into_iter().chain(low).find(|value| known.range.contains(value)).unwrap_or(Exact::ONE)
}
