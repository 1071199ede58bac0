//! When a scoring entry is reached: its own conditions, and none of those before it.

use super::algebra::Constraint;
use super::explore::{DIRECTION, Domain, Explorer, Facts, Failure, Key, Sym, Texts};
use std::collections::BTreeSet;

use crate::formula::Value;
use crate::reading::{Comparison, Direction, Kind, Met};
use crate::ruleset::{Entry, When};

/// The most cases of one entry, and the most attributes in which an earlier entry may be wider.
const MAX_CASES: usize = 24;
const FEW_CASES: usize = 4;
const MAX_OPEN: usize = 2;

/// The files of branches in conditions begin so.
pub(super) const CONDITION: &str = "if ";

/// What `when` asks for besides its formula.
struct Asked<'a> {
    texts: Vec<(Key, Texts)>,
    comparable: Option<bool>,
    name: &'a [String],
}

/// The inputs that get to an entry.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// Together they cover all of them.
    pub cases: Vec<Facts>,
    /// The entry's condition fails here.
    pub failures: Vec<(Facts, Failure)>,
    pub blocked: Option<String>,
}

/// What of a case matters to who asks.
pub(super) struct Relevant {
    pub keys: BTreeSet<Key>,
    /// Answers to questions about texts too.
    pub truths: bool,
}

/// The inputs that get to the entry at `index`; where there are many, told apart only by what is relevant.
pub(super) fn reach(entries: &[Entry], index: usize, relevant: &Relevant, explorer: &mut Explorer<'_>) -> Reach {
    let mut reach = Reach::default();
    let Some(entry) = entries.get(index) else { return reach };
    explorer.root = Some(CONDITION.into());
    let mut cases = own(&entry.when, explorer);
    for before in entries.iter().take(index).filter(|before| may_name(&before.when, &entry.when)) {
        let mut narrowed: Vec<Facts> = cases.iter().flat_map(|case| unmatched(case, &before.when, explorer)).collect();
        if narrowed.len() > FEW_CASES {
            narrowed = condensed(narrowed, &entry.when, relevant, explorer);
        }
        if narrowed.len() <= MAX_CASES {
            cases = narrowed;
        }
    }
    match &entry.when.condition {
        None => reach.cases = cases,
        Some(condition) => {
            let Some(tree) = condition.tree() else {
                reach.blocked = Some(String::new());
                reach.cases = cases;
                explorer.root = None;
                return reach;
            };
            for case in cases {
                for (facts, value) in explorer.explore(tree, case) {
                    match value {
                        Sym::Truth(true) | Sym::Unknown => reach.cases.push(facts),
                        Sym::Fault(failure) => reach.failures.push((facts, failure)),
                        _ => {}
                    }
                }
            }
            reach.blocked = explorer.blocked();
        }
    }
    explorer.root = None;
    reach.cases.retain(|case| !super::decide::simply_impossible(case.reals.iter().cloned(), explorer.work));
    reach.failures.retain(|(case, _)| !super::decide::simply_impossible(case.reals.iter().cloned(), explorer.work));
    reach
}

/// What the entry asks for, its formula aside.
fn own(when: &When, explorer: &Explorer<'_>) -> Vec<Facts> {
    let asked = asked(when, explorer.domain, &|slot| explorer.key(slot));
    let mut facts = Facts::default();
    for (key, texts) in &asked.texts {
        match facts.suppose_text(*key, &explorer.domain.texts(*key).both(texts)) {
            Some(next) => facts = next,
            None => return Vec::new(),
        }
    }
    if !asked.name.is_empty() {
        facts.truths.insert(name_atom(asked.name), true);
    }
    let Some((target, actual)) = pair(explorer) else { return vec![facts] };
    match asked.comparable {
        None => vec![facts],
        Some(true) => there(&facts, target, true).and_then(|facts| there(&facts, actual, true)).into_iter().collect(),
        Some(false) => {
            let no_actual = there(&facts, target, true).and_then(|facts| there(&facts, actual, false));
            there(&facts, target, false).into_iter().chain(no_actual).collect()
        }
    }
}

/// The cases with nothing supposed but what the entry asks for, what `relevant` names and the numbers; those that say
/// no more than another are left out. Covers the same inputs, and perhaps more.
pub(super) fn condensed(cases: Vec<Facts>, when: &When, relevant: &Relevant, explorer: &Explorer<'_>) -> Vec<Facts> {
    let asked = own(when, explorer).into_iter().next().unwrap_or_default();
    let matters = |real: &Constraint| real.polynomial.unknowns().iter().any(|unknown| relevant.keys.contains(unknown));
    let mut kept: Vec<Facts> = Vec::new();
    for case in cases {
        let is_kept = |key: &Key| relevant.keys.contains(key);
        let (texts, examples) =
            case.texts.into_iter().partition(|(key, _)| is_kept(key) || asked.texts.contains_key(key));
        let plain = Facts {
            present: case
                .present
                .into_iter()
                .filter(|(key, _)| is_kept(key) || asked.present.contains_key(key))
                .collect(),
            texts,
            truths: case
                .truths
                .into_iter()
                .filter(|(atom, _)| relevant.truths || asked.truths.contains_key(atom))
                .collect(),
            reals: super::decide::plain(&case.reals).into_iter().filter(matters).collect(),
            examples,
        };
        let says_more = |one: &Facts, other: &Facts| {
            one.present == other.present
                && one.texts == other.texts
                && one.truths == other.truths
                && other.reals.iter().all(|real| one.reals.contains(real))
        };
        if !kept.iter().any(|other| says_more(&plain, other)) {
            kept.retain(|other| !says_more(other, &plain));
            kept.push(plain);
        }
    }
    kept
}

fn there(facts: &Facts, key: Key, present: bool) -> Option<Facts> {
    facts.suppose_present(key, present)
}

fn pair(explorer: &Explorer<'_>) -> Option<(Key, Key)> {
    let (target, actual) = (explorer.domain.slot("target")?, explorer.domain.slot("actual")?);
    Some((explorer.key(target), explorer.key(actual)))
}

fn name_atom(words: &[String]) -> String {
    format!("name has {words:?}")
}

/// Whether every row that an entry takes has a name that the one before it takes.
fn may_name(before: &When, entry: &When) -> bool {
    let takes = |own: &String| before.name.iter().any(|word| own.contains(word.as_str()));
    before.name.is_empty() || (!entry.name.is_empty() && entry.name.iter().all(takes))
}

/// The parts of a case that an earlier entry leaves; the whole of it where that is hard to tell.
fn unmatched(case: &Facts, before: &When, explorer: &mut Explorer<'_>) -> Vec<Facts> {
    let whole = vec![case.clone()];
    let asked = asked(before, explorer.domain, &|slot| explorer.key(slot));
    let mut left = Vec::new();
    let mut rest = case.clone();
    let mut open = 0;
    for (key, texts) in &asked.texts {
        let own = rest.texts.get(key).cloned().unwrap_or_else(|| explorer.domain.texts(*key));
        if own.is_within(texts) {
            continue;
        }
        let Some(shared) = rest.suppose_text(*key, &own.both(texts)) else { return whole };
        open += 1;
        left.extend(rest.suppose_text(*key, &own.without(texts)));
        rest = shared;
    }
    if let (Some(comparable), Some((target, actual))) = (asked.comparable, pair(explorer)) {
        let known = (rest.present.get(&target).copied(), rest.present.get(&actual).copied());
        let decided = match known {
            (Some(true), Some(true)) => Some(true),
            (Some(false), _) | (_, Some(false)) => Some(false),
            _ => None,
        };
        match decided {
            Some(decided) if decided != comparable => return whole,
            Some(_) => {}
            None => return whole,
        }
    }
    if open > MAX_OPEN {
        return whole;
    }
    let Some(condition) = &before.condition else { return left };
    let Some(tree) = condition.tree() else { return whole };
    for (facts, value) in explorer.explore(tree, rest) {
        if matches!(value, Sym::Truth(false) | Sym::Absent | Sym::Unknown) {
            left.push(facts);
        }
    }
    explorer.blocked();
    left
}

fn asked<'w>(when: &'w When, domain: &Domain, key: &dyn Fn(usize) -> Key) -> Asked<'w> {
    fn names<T: Copy>(list: &[T], name: fn(T) -> &'static str) -> Option<Texts> {
        (!list.is_empty()).then(|| Texts::among(list.iter().map(|value| name(*value))))
    }
    let ids = |list: &[String]| (!list.is_empty()).then(|| Texts::among(list));
    let by_name = [
        ("dimension", ids(&when.dimension)),
        ("category", ids(&when.category)),
        ("target_kind", names(&when.target, Kind::name)),
        ("actual_kind", names(&when.actual, Kind::name)),
        ("target_comparison", names(&when.comparison, Comparison::name)),
        ("meeting", names(&when.meeting, Met::name)),
        ("tier", ids(&when.tier)),
    ];
    let mut texts: Vec<(Key, Texts)> =
        by_name.into_iter().filter_map(|(name, texts)| Some((key(domain.slot(name)?), texts?))).collect();
    texts.extend(names(&when.direction, Direction::name).map(|texts| (DIRECTION, texts)));
    Asked { texts, comparable: when.comparable, name: &when.name }
}

/// Whether these values match what the entry asks for, its formula included; nothing where the formula fails.
pub(super) fn matches(entry: &Entry, values: &[Value], facts: &Facts, domain: &Domain) -> Option<bool> {
    let value = |name| domain.slot(name).and_then(|slot| values.get(slot));
    let words = &entry.when.name;
    if !words.is_empty()
        && let Some(Value::Text(name)) = value("name")
        && !words.iter().any(|word| name.contains(word.as_str()))
    {
        return Some(false);
    }
    let asked = asked(&entry.when, domain, &|slot| Key::try_from(slot).unwrap_or(0));
    let texts = asked.texts.iter().all(|(key, texts)| {
        if *key == DIRECTION {
            let own = facts.best_texts(*key).cloned().unwrap_or_else(|| domain.texts(*key));
            return own.is_within(texts);
        }
        let slot = super::explore::slot_of(*key);
        match slot.and_then(|slot| values.get(slot)) {
            Some(Value::Text(text)) => Texts::among([text]).is_within(texts),
            _ => false,
        }
    });
    let present = |name| value(name).is_some_and(|value| !value.is_absent());
    let comparable = asked.comparable.is_none_or(|wanted| wanted == (present("target") && present("actual")));
    if !texts || !comparable {
        return Some(false);
    }
    match &entry.when.condition {
        None => Some(true),
        Some(condition) => condition.evaluate(values).ok().map(|value| value.holds()),
    }
}
