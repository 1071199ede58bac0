//! Whatever `heng check` calls proven holds for random and boundary inputs, and what it refutes fails when it is run.
//!
//! How long five hundred rules take: `cargo test --release --test proofs five_hundred -- --ignored --nocapture`.
//!
//! `HENG_PROOF_PACKS=10000 cargo test --release --test proofs` tries ten thousand random packs; without the variable
//! a few dozen.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reads its environment and fails by panicking"
)]

#[path = "proofs/shared.rs"]
mod shared;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use heng::app::rules_folder;
use heng::diagnostic::Severity;
use heng::formula::{Formula, Names, Value};
use heng::pack::PackFiles;
use heng::proof::{Claim, Doubt, Property, Verdict, prove};
use heng::quantity::Exact;
use heng::reading::{Comparison, Direction, Kind, Met};
use heng::regress::{self, Runner};
use heng::ruleset::{DeclaredDirection, Entry, MethodKind, Outcome, RuleBook, RuleSet, Scope, When};

/// Inputs tried for each pack, boundaries aside.
const INPUTS: usize = 1_000;
/// Packs tried where nobody asks for more.
const PACKS: u64 = 40;

/// xorshift: the same packs and inputs every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("64 bits") % sides
    }

    fn pick<'a, T: ?Sized>(&mut self, among: &[&'a T]) -> &'a T {
        among[self.roll(among.len())]
    }

    fn constant(&mut self) -> &'static str {
        self.pick(&["0", "1", "0.5", "2", "0.8", "1.3", "10", "k1", "k2", "3", "-1"])
    }

    fn number(&mut self, depth: u32) -> String {
        if depth == 0 {
            return match self.roll(6) {
                0 | 1 => "actual".to_owned(),
                2 => "target".to_owned(),
                3 => "points_possible".to_owned(),
                _ => self.constant().to_owned(),
            };
        }
        let next = depth - 1;
        match self.roll(16) {
            0 => format!("({} + {})", self.number(next), self.number(next)),
            1 => format!("({} - {})", self.number(next), self.number(next)),
            2 => format!("{} * {}", self.number(0), self.number(next)),
            3 => format!("({} / {})", self.number(next), self.number(0)),
            4 => format!("min({}, {})", self.number(next), self.constant()),
            5 => format!("max({}, {})", self.number(next), self.constant()),
            6 => format!("clamp({}, 0, {})", self.number(next), self.constant()),
            7 => format!("(if {} {{ {} }} else {{ {} }})", self.condition(next), self.number(next), self.number(next)),
            8 => format!("abs({})", self.number(next)),
            9 => format!("round_half_up({}, {})", self.number(next), self.roll(3)),
            10 => format!("(actual / target) * {}", self.constant()),
            11 => format!("(1 - (actual - target) / (target * {}))", self.constant()),
            12 => format!("stepped({}, {})", self.number(0), self.number(0)),
            13 => format!("({} ?? {})", self.number(next), self.constant()),
            14 => format!("(lookup(steps, {}) ?? 0)", self.number(next)),
            _ => self.number(0),
        }
    }

    fn condition(&mut self, depth: u32) -> String {
        let next = depth.saturating_sub(1);
        match self.roll(7) {
            0 if depth > 0 => format!("({} && {})", self.condition(next), self.condition(next)),
            1 if depth > 0 => format!("({} || {})", self.condition(next), self.condition(next)),
            2 if depth > 0 => format!("!({})", self.condition(next)),
            3 => "met".to_owned(),
            4 => "has(target_low)".to_owned(),
            _ => format!("{} {} {}", self.number(0), self.pick(&["<", "<=", ">", ">=", "==", "!="]), self.number(0)),
        }
    }

    /// A whole method: often of a shape that people would write.
    fn method(&mut self) -> String {
        match self.roll(6) {
            0 => format!("points_possible * {}", self.number(2)),
            1 => format!("points_possible * clamp({}, 0, 1)", self.number(2)),
            2 => format!("clamp({}, 0, points_possible)", self.number(3)),
            3 => format!("points_possible * min(max(actual, {}) / target, {})", self.constant(), self.constant()),
            4 => format!("max(points_possible - {} * actual, 0)", self.constant()),
            _ => self.number(3),
        }
    }

    fn when(&mut self) -> String {
        let mut parts = Vec::new();
        if self.roll(2) == 0 {
            parts.push("comparable: true".to_owned());
        }
        if self.roll(4) == 0 {
            parts.push(format!("comparison: {}", self.pick(&["[AT_MOST, EXACTLY]", "AT_LEAST"])));
        }
        if self.roll(4) == 0 {
            parts.push("direction: LOWER_IS_BETTER".to_owned());
        }
        if parts.is_empty() || self.roll(3) > 0 {
            parts.push(format!("if: \"{}\"", self.condition(1)));
        }
        format!("{{{}}}", parts.join(", "))
    }
}

fn pack(dice: &mut Dice) -> PackFiles {
    let cite = "cite: {source: s, basis: PRACTICE}";
    let mut methods = "methods:\n".to_owned();
    let mut scoring = "scoring:\n".to_owned();
    for index in 0..4 {
        let direction = dice.pick(&["higher_is_better", "lower_is_better"]);
        methods.push_str(&format!(
            "  m{index}:\n    title: m\n    formula: \"{}\"\n    direction: {direction}\n    {cite}\n",
            dice.method()
        ));
        scoring.push_str(&format!("  e{index}: {{title: e, when: {}, method: m{index}}}\n", dice.when()));
    }
    let when = dice.condition(2);
    let files = [
        ("pack.yaml", "id: p\ntitle: p\napplies_to: {fiscal_years: {from: 2020, to: 2025}}\nsources:\n  s: {document: \"\", title: s}\n".to_owned()),
        ("structure.yaml", "dimensions:\n  d: {titles: [d], points: 90}\ntotals:\n  form: {points: 100}\n  execution: {points: 10}\n  rounding: {decimals: k0}\n".to_owned()),
        ("parameters.yaml", format!(
            "parameters:\n  k0: {{title: k, unit: n, values: [{{since: 2020, value: 2, {cite}}}]}}\n  k1: {{title: k, unit: n, values: [{{since: 2020, value: 1, {cite}}}, {{since: 2023, value: 1.5, {cite}}}]}}\n  k2: {{title: k, unit: n, values: [{{since: 2020, value: 0.6, {cite}}}]}}\ntables:\n  steps: {{title: t, unit: n, covers: \"[0, 2]\", rows: {{\"[0, 0.5)\": 0, \"[0.5, 1)\": 0.6, \"[1, 2]\": 1}}, {cite}}}\n"
        )),
        ("methods.yaml", methods),
        ("scoring.yaml", scoring),
        ("grades.yaml", "bands:\n  all: {title: 全, points: \"[0, 100]\"}\n".to_owned()),
        ("checks.yaml", format!("checks:\n  c:\n    severity: INFO\n    for: indicator\n    when: \"{when}\"\n    message: {{zh: 一, en: a}}\n    help: {{zh: 一, en: a}}\n    {cite}\n")),
        ("lexicon.yaml", "tiers:\n  achieved: {words: [完成]}\n".to_owned()),
        ("scripts/s.rhai", "fn stepped(a, b) { if a > b { return 1; } if b == 0 { return 0; } a / b }\n".to_owned()),
    ];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), Arc::from(text))).collect();
    PackFiles { name: "p".to_owned(), files }
}

fn exact(text: &str) -> Exact {
    Exact::parse(text).expect(text)
}

/// Numbers near which the packs change their mind, and some in between.
fn numbers() -> Vec<Exact> {
    let texts = [
        "0", "1", "-1", "2", "3", "0.5", "0.8", "1.3", "10", "0.6", "1.5", "0.49", "0.51", "1.01", "0.99", "-0.5",
        "13", "12.9", "20", "8", "100", "0.0001", "-10", "7", "2.01",
    ];
    texts.map(exact).to_vec()
}

/// One row as the formulas of a scope see it.
struct Rows<'a> {
    rules: &'a RuleSet,
    names: Names,
}

impl Rows<'_> {
    fn slot(&self, name: &str) -> usize {
        self.names.slot(name).expect(name)
    }

    fn get<'v>(&self, values: &'v [Value], name: &str) -> &'v Value {
        &values[self.slot(name)]
    }

    fn random(&self, dice: &mut Dice, pool: &[Exact]) -> Vec<Value> {
        let year = 2020 + i32::try_from(dice.roll(6)).expect("small");
        let mut values = self.rules.constants(year);
        values.resize(self.names.len(), Value::Absent);
        let number = |dice: &mut Dice| match dice.roll(12) {
            0 => Value::Absent,
            1 | 2 => {
                let hundred = Exact::from_i64(100);
                let random = Exact::from_i64(i64::try_from(dice.roll(4_000)).expect("small") - 1_000);
                Value::Number(random.div(&hundred).expect("not zero"))
            }
            _ => Value::Number(pool[dice.roll(pool.len())].clone()),
        };
        for name in ["target", "actual", "target_low", "target_high"] {
            values[self.slot(name)] = number(dice);
        }
        let points = ["10", "0", "100", "1", "7.5", "0.01", "90"];
        values[self.slot("points_possible")] = Value::Number(exact(dice.pick(&points)));
        let text = |name: &str| Value::Text(Arc::from(name));
        let meeting = Met::ALL[dice.roll(Met::ALL.len())];
        values[self.slot("meeting")] = text(meeting.name());
        values[self.slot("met")] = match meeting {
            Met::Met | Met::Exceeded => Value::Boolean(true),
            Met::NotMet => Value::Boolean(false),
            Met::Judged | Met::Unknown => Value::Absent,
        };
        values[self.slot("judged")] = Value::Boolean(meeting == Met::Judged);
        values[self.slot("target_comparison")] = text(Comparison::ALL[dice.roll(Comparison::ALL.len())].name());
        values[self.slot("target_kind")] = text(Kind::Number.name());
        values[self.slot("lower_is_better")] = Value::Boolean(dice.roll(2) == 0);
        for name in ["points_floor", "points_ceiling", "points_awarded", "group_size"] {
            if let Some(slot) = self.names.slot(name) {
                values[slot] = Value::Number(Exact::ONE);
            }
        }
        values
    }

    fn matches(&self, when: &When, values: &[Value]) -> Option<bool> {
        let present = |name| !self.get(values, name).is_absent();
        let comparable = present("target") && present("actual");
        let comparison =
            |one: &Comparison| *self.get(values, "target_comparison") == Value::Text(Arc::from(one.name()));
        let lower = *self.get(values, "lower_is_better") == Value::Boolean(true);
        let direction = if lower { Direction::LowerIsBetter } else { Direction::HigherIsBetter };
        let asked = when.comparable.is_none_or(|wanted| wanted == comparable)
            && (when.comparison.is_empty() || when.comparison.iter().any(comparison))
            && (when.direction.is_empty() || when.direction.contains(&direction));
        match &when.condition {
            _ if !asked => Some(false),
            None => Some(true),
            Some(condition) => condition.evaluate(values).ok().map(|value| value.holds()),
        }
    }

    /// The entry that scores the row; nothing where none does or a condition fails before.
    fn entry(&self, values: &[Value]) -> Option<&Entry> {
        let mut entries = self.rules.scoring.iter().map(|entry| (entry, self.matches(&entry.when, values)));
        entries
            .find(|(_, matches)| *matches != Some(false))
            .filter(|(_, matches)| *matches == Some(true))
            .map(|(e, _)| e)
    }

    fn formula(&self, entry: &Entry) -> &Formula {
        let Outcome::Method(method) = entry.outcome else { panic!("the entries of the test have methods") };
        match &self.rules.method(method).expect("a method").kind {
            MethodKind::Formula(formula) => formula,
            _ => panic!("the methods of the test have formulas"),
        }
    }
}

/// How many random packs are tried.
fn packs() -> u64 {
    std::env::var("HENG_PROOF_PACKS").ok().and_then(|count| count.parse().ok()).unwrap_or(PACKS)
}

/// How often each answer was given.
type Tally = BTreeMap<(&'static str, &'static str), usize>;

fn try_pack(seed: u64, tally: &mut Tally) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let files = pack(&mut dice);
    let (book, problems) = RuleBook::compile(std::slice::from_ref(&files));
    let Some(book) = book else {
        assert!(
            problems.iter().all(|problem| ["unreachable_entry", "type_mismatch"].contains(&problem.code)),
            "{problems:#?}"
        );
        return;
    };
    let rules = book.get("p").expect("the pack");
    let proofs = prove(rules);
    let rows = Rows { rules, names: rules.names_in(Scope::ScoreRow) };
    let pool = numbers();
    let inputs: Vec<Vec<Value>> = (0..INPUTS).map(|_| rows.random(&mut dice, &pool)).collect();
    let reached: Vec<Option<&Entry>> = inputs.iter().map(|values| rows.entry(values)).collect();
    for claim in &proofs.claims {
        let verdict = match &claim.verdict {
            Verdict::Proven => "proven",
            Verdict::Refuted(_) => "refuted",
            Verdict::Dead(_) => "dead",
            Verdict::Intended => "intended",
            Verdict::NotProven(_) => "not proven",
        };
        *tally.entry((claim.property.name(), verdict)).or_default() += 1;
        let told =
            || format!("seed {seed}: {claim:#?}\n{}\n{}", files.files["methods.yaml"], files.files["scoring.yaml"]);
        let own = inputs.iter().zip(&reached).filter(|(_, entry)| entry.is_some_and(|entry| entry.id == claim.entry));
        match (&claim.verdict, claim.property) {
            (
                Verdict::Refuted(_),
                Property::WithinPossible | Property::Defined | Property::Direction | Property::NoJump,
            ) => {
                refuted(claim, &rows, rules, &told);
            }
            (Verdict::Dead(_), Property::Reachable) => assert_eq!(own.count(), 0, "{}", told()),
            (Verdict::Dead(why), Property::CanFire) => {
                let rows = Rows { rules, names: rules.names_in(Scope::CheckRow) };
                let check = &rules.checks[0];
                for _ in 0..INPUTS {
                    let holds = check.when.evaluate(&rows.random(&mut dice, &pool)).is_ok_and(|value| value.holds());
                    assert_eq!(holds, why.en.contains("always"), "{}: {}", check.when_text, told());
                }
            }
            (Verdict::Proven, Property::WithinPossible | Property::Defined) if claim.rule.starts_with("methods.") => {
                own.for_each(|(values, entry)| holds_for(claim, &rows, values, entry.expect("it is reached"), &told));
            }
            (Verdict::Proven, Property::Direction | Property::NoJump) => {
                for (values, entry) in own {
                    moves(claim, &rows, values, entry.expect("it is reached"), (&mut dice, &pool), &told);
                }
            }
            _ => {}
        }
    }
}

fn holds_for(claim: &Claim, rows: &Rows<'_>, values: &[Value], entry: &Entry, told: &dyn Fn() -> String) {
    let points = rows.get(values, "points_possible").as_number().expect("points").clone();
    match (rows.formula(entry).interpret(values), claim.property) {
        (Err(error), Property::Defined) => panic!("{error}: {}", told()),
        (Ok(Value::Number(result)), Property::WithinPossible) => {
            assert!(!result.is_negative() && result <= points, "{result} of {points} for {values:?}: {}", told());
        }
        _ => {}
    }
}

/// Points for another actual, where that gets to the same entry.
fn moved(rows: &Rows<'_>, values: &[Value], actual: Exact, entry: &Entry) -> Option<Exact> {
    let mut values = values.to_vec();
    values[rows.slot("actual")] = Value::Number(actual);
    rows.entry(&values).filter(|other| other.id == entry.id)?;
    points(rows, &values, entry)
}

fn points(rows: &Rows<'_>, values: &[Value], entry: &Entry) -> Option<Exact> {
    rows.formula(entry).interpret(values).ok()?.as_number().cloned()
}

fn moves(
    claim: &Claim,
    rows: &Rows<'_>,
    values: &[Value],
    entry: &Entry,
    (dice, pool): (&mut Dice, &[Exact]),
    told: &dyn Fn() -> String,
) {
    let (Some(before), Some(actual)) = (points(rows, values, entry), rows.get(values, "actual").as_number()) else {
        return;
    };
    if claim.property == Property::NoJump {
        let uses = |name: &str| rows.formula(entry).names_used().any(|slot| slot == rows.slot(name));
        let sizes = ["target", "target_low", "target_high"].into_iter().filter(|name| uses(name));
        let sizes: Vec<Option<Exact>> = sizes.map(|name| rows.get(values, name).as_number().map(Exact::abs)).collect();
        let unit = if sizes.is_empty() {
            Some(Exact::ONE)
        } else {
            sizes.into_iter().flatten().filter(|size| !size.is_zero()).min()
        };
        let Some(unit) = unit else { return };
        let step = unit.div(&Exact::from_i64(10_000)).expect("not zero");
        let Some(after) = moved(rows, values, actual.add(&step).expect("small"), entry) else { return };
        let jump = after.sub(&before).expect("small").abs();
        assert!(jump <= Exact::ONE, "{jump} from {actual} by {step} for {values:?}: {}", told());
        return;
    }
    let Outcome::Method(method) = entry.outcome else { return };
    let declared = rows.rules.method(method).and_then(|method| method.direction).expect("a direction");
    for _ in 0..4 {
        let other = pool[dice.roll(pool.len())].clone();
        let Some(after) = moved(rows, values, other.clone(), entry) else { continue };
        let (less, more) = if other > *actual { (&before, &after) } else { (&after, &before) };
        let holds = other == *actual
            || match declared {
                DeclaredDirection::HigherIsBetter => less <= more,
                DeclaredDirection::LowerIsBetter => less >= more,
            };
        assert!(holds, "{before} at {actual}, {after} at {other} for {values:?}: {}", told());
    }
}

/// Runs the inputs of a refutation and sees the claim broken.
fn refuted(claim: &Claim, rows: &Rows<'_>, rules: &RuleSet, told: &dyn Fn() -> String) {
    let Verdict::Refuted(found) = &claim.verdict else { return };
    let values: Vec<&[Value]> = found.inputs.iter().map(|(input, _)| input.values.as_slice()).collect();
    if let Some(code) = claim.rule.strip_prefix("checks.") {
        let check = rules.checks.iter().find(|check| check.code == code).expect("the check");
        assert!(check.when.interpret(values[0]).is_err(), "{}", told());
        return;
    }
    if claim.rule.starts_with("scoring.") {
        let entry = rules.scoring.iter().find(|entry| entry.id == claim.entry).expect("the entry");
        assert!(entry.when.condition.as_ref().expect("a condition").interpret(values[0]).is_err(), "{}", told());
        return;
    }
    for values in &values {
        assert_eq!(rows.entry(values).map(|entry| entry.id.as_str()), Some(claim.entry.as_str()), "{}", told());
    }
    let entry = rows.entry(values[0]).expect("an entry");
    let results: Vec<_> = values.iter().map(|values| rows.formula(entry).interpret(*values)).collect();
    let number =
        |index: usize| results[index].as_ref().ok().and_then(|value| value.as_number().cloned()).expect("a number");
    match claim.property {
        Property::Defined => assert!(results[0].is_err(), "{}", told()),
        Property::WithinPossible => {
            let most = rows.get(values[0], "points_possible").as_number().expect("points");
            assert!(number(0).is_negative() || number(0) > *most, "{}", told());
        }
        Property::NoJump => assert!(number(0).sub(&number(1)).expect("small").abs() > Exact::ONE, "{}", told()),
        _ => {
            let actual = |index: usize| rows.get(values[index], "actual").as_number().cloned().expect("an actual");
            assert!(actual(0) < actual(1), "{}", told());
            assert_ne!(number(0), number(1), "{}", told());
        }
    }
}

#[test]
fn what_is_proven_holds_and_what_is_refuted_fails() {
    let mut tally = Tally::new();
    for seed in 1..=packs() {
        try_pack(seed, &mut tally);
    }
    eprintln!("{tally:#?}");
    for property in ["within_possible", "direction", "no_jump", "defined"] {
        for verdict in ["proven", "refuted"] {
            assert!(tally.contains_key(&(property, verdict)), "no {property} is {verdict}: {tally:#?}");
        }
    }
}

/// A pack without a flaw.
const SOUND: &[(&str, &str)] = &[
    (
        "pack.yaml",
        "id: p\ntitle: p\napplies_to: {fiscal_years: {from: 2020}}\nsources:\n  s: {document: \"\", title: s}\n",
    ),
    (
        "structure.yaml",
        "dimensions:\n  d: {titles: [产出], points: 90}\ntotals:\n  form: {points: 100}\n  execution: {points: 10}\n  rounding: {decimals: decimals}\n",
    ),
    (
        "parameters.yaml",
        "parameters:\n  decimals: {title: 小数, unit: n, values: [{since: 2020, value: 2, cite: {source: s, basis: PRACTICE}}]}\n  limit: {title: 上限, unit: n, values: [{since: 2020, value: 1, cite: {source: s, basis: PRACTICE}}]}\n",
    ),
    (
        "methods.yaml",
        "methods:\n  share:\n    title: 按比例\n    formula: points_possible * share_of(actual, target)\n    direction: higher_is_better\n    cite: {source: s, basis: PRACTICE}\n",
    ),
    (
        "scoring.yaml",
        "scoring:\n  none:\n    title: 目标不为正\n    when: {if: \"!(target > 0)\"}\n    outcome: UNSCORED\n    cite: {source: s, basis: PRACTICE}\n  share:\n    title: 按比例\n    when: {comparable: true}\n    method: share\n",
    ),
    ("grades.yaml", "bands:\n  all: {title: 全, points: \"[0, 100]\"}\n"),
    (
        "checks.yaml",
        "checks:\n  over:\n    severity: INFO\n    for: indicator\n    when: points_claimed > points_possible\n    message: {zh: 多, en: more}\n    help: {zh: 少, en: less}\n    cite: {source: s, basis: PRACTICE}\n",
    ),
    ("lexicon.yaml", "tiers:\n  achieved: {words: [完成]}\n"),
    (
        "scripts/s.rhai",
        "fn share_of(a, t) {\n    if a <= 0 {\n        return 0;\n    }\n    min(a / t, limit_of(1))\n}\nfn limit_of(x) {\n    x\n}\n",
    ),
    (
        "blank.yaml",
        "project_name: 培训\nfiscal_year: 2022\nindicators:\n  - {dimension: 产出, name: 场次, target: 10, actual: 9, points_possible: \"20\"}\n",
    ),
    (
        "cases/a.yaml",
        "- case: 一行\n  want: {complete: \"true\"}\n- case: 目标为零\n  form: {indicators: {0: {target: \"0\"}}}\n  want: {complete: \"true\"}\n",
    ),
];

/// File, what stands there, what is written instead, the code, and the words that the place must cover.
const DEFECTS: &[(&str, &str, &str, &str, &str)] = &[
    ("scripts/s.rhai", "min(a / t, limit_of(1))", "a / t * limit_of(1)", "score_out_of_range", "points_possible"),
    (
        "methods.yaml",
        "share_of(actual, target)",
        "(1 - share_of(actual, target))",
        "direction_refuted",
        "higher_is_better",
    ),
    (
        "scoring.yaml",
        "!(target > 0)",
        "!(target > 0) && (target != 0 || actual > 8)",
        "undefined_at",
        "points_possible",
    ),
    (
        "scoring.yaml",
        "!(target > 0)",
        "!(target > 0) && 1 / target < actual || target == 0 && actual == 9",
        "undefined_at",
        "\"!(target",
    ),
    (
        "scoring.yaml",
        "when: {comparable: true}",
        "when: {comparable: true, if: target <= 0}",
        "unreachable_entry",
        "title",
    ),
    (
        "scoring.yaml",
        "when: {comparable: true}",
        "when: {comparable: true, if: actual > target && actual < target}",
        "unreachable_entry",
        "title",
    ),
    (
        "checks.yaml",
        "when: points_claimed > points_possible",
        "when: points_floor > points_ceiling",
        "dead_check",
        "points_floor",
    ),
    (
        "checks.yaml",
        "when: points_claimed > points_possible",
        "when: indicator_count >= 1",
        "dead_check",
        "indicator_count",
    ),
    ("checks.yaml", "when: points_claimed > points_possible", "when: actual / target > 2", "undefined_at", "actual"),
    (
        "scripts/s.rhai",
        "if a <= 0 {",
        "if t <= 0 {\n        return 0;\n    }\n    if a <= 0 {",
        "dead_branch",
        "t <= 0",
    ),
    ("scripts/s.rhai", "if a <= 0 {", "if a < t {", "jump", "points_possible"),
    (
        "scripts/s.rhai",
        "fn limit_of(x) {\n    x",
        "fn limit_of(x) {\n    let s = 0;\n    for i in 0..1 { s += x }\n    s",
        "not_proven",
        "points_possible",
    ),
    ("scoring.yaml", "    cite: {source: s, basis: PRACTICE}\n", "", "entry_without_citation", "title"),
    ("cases/a.yaml", "{target: \"0\"}", "{actual: \"8\"}", "entry_without_case", "title"),
];

fn sound() -> PackFiles {
    let files = SOUND.iter().map(|(path, text)| ((*path).to_owned(), Arc::from(*text))).collect();
    PackFiles { name: "p".to_owned(), files }
}

fn told(files: &PackFiles) -> Vec<heng::diagnostic::Diagnostic> {
    let folder = std::slice::from_ref(files);
    let (book, problems) = RuleBook::compile(folder);
    let told: Vec<_> = problems.into_iter().filter(|problem| problem.code != "unused_parameter").collect();
    let Some(book) = book else { return told };
    let proofs = regress::prove(&Runner { book: &book, folder, form_file: &|_, _| None }, None);
    told.into_iter().chain(proofs.problems).collect()
}

#[test]
fn every_defect_is_told_at_its_place() {
    assert_eq!(told(&sound()), []);
    let mut wrong = Vec::new();
    for (file, old, new, code, covered) in DEFECTS {
        let mut files = sound();
        let text = files.files.get(*file).expect("a file").replacen(old, new, 1);
        assert!(text.contains(new), "{file} holds no `{old}`");
        files.files.insert((*file).to_owned(), Arc::from(text));
        let found = told(&files);
        let place = found.iter().find(|problem| problem.code == *code).and_then(|problem| problem.place.clone());
        let there = place.as_ref().and_then(|place| {
            let text = files.source(&place.file)?;
            let line = text.lines().nth(place.line as usize - 1)?.to_owned();
            Some(line.chars().skip(place.column as usize - 1).take(covered.chars().count()).collect::<String>())
        });
        let codes: BTreeSet<&str> = found.iter().map(|problem| problem.code).collect();
        if codes.iter().any(|told| told != code) || there.as_deref() != Some(covered) {
            wrong.push(format!("`{new}` gives {codes:?} at {place:?} (`{there:?}`), not {code} at `{covered}`"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_shipped_packs_are_proven() {
    let folder = rules_folder::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).expect("the shipped rules");
    let (book, problems) = RuleBook::compile(&folder);
    assert_eq!(problems, []);
    let book = book.expect("the rules compile");
    let proofs = regress::prove(&Runner { book: &book, folder: &folder, form_file: &|_, _| None }, None);
    let told: Vec<_> = proofs.problems.iter().filter(|problem| problem.severity != Severity::Info).collect();
    assert!(told.is_empty(), "{told:#?}");
    let holds = |claim: &&Claim| {
        let unbounded = Verdict::NotProven(Doubt::Unbounded);
        matches!(claim.verdict, Verdict::Proven | Verdict::Intended) || claim.verdict == unbounded
    };
    let open: Vec<&Claim> = proofs.claims.iter().filter(|claim| !holds(claim)).collect();
    assert!(open.is_empty(), "{open:#?}");
    let properties: BTreeSet<Property> = proofs.claims.iter().map(|claim| claim.property).collect();
    assert_eq!(properties.len(), Property::ALL.len(), "{properties:?}");
}

/// Five hundred methods of the usual shapes with numbers of their own, each with an entry by name.
#[test]
#[ignore = "prints how long it takes"]
fn five_hundred_rules_are_quick() {
    let mut files = sound();
    let (mut methods, mut scoring) = ("methods:\n".to_owned(), "scoring:\n".to_owned());
    for index in 0..500 {
        let cap = format!("1.{index:03}");
        let formula = match index % 4 {
            0 => format!("points_possible * min(max(actual, 0) / target / {cap}, limit)"),
            1 => format!("points_possible * clamp(1 - (actual - target) / (target * {cap}), 0, 1)"),
            2 => format!(
                "if actual >= target * {cap} {{ points_possible }} else {{ points_possible * share_of(actual, target * {cap}) }}"
            ),
            _ => format!("max(points_possible - {cap} * max(actual, 0), 0)"),
        };
        methods.push_str(&format!(
            "  m{index}: {{title: 法, formula: \"{formula}\", cite: {{source: s, basis: PRACTICE}}}}\n"
        ));
        scoring.push_str(&format!(
            "  e{index}: {{title: 条, when: {{name: [\"名{index}号\"], comparable: true, if: target > 0}}, method: m{index}}}\n"
        ));
    }
    files.files.insert("methods.yaml".to_owned(), Arc::from(methods));
    files.files.insert("scoring.yaml".to_owned(), Arc::from(scoring));
    let (book, problems) = RuleBook::compile(std::slice::from_ref(&files));
    let book = book.unwrap_or_else(|| panic!("{problems:#?}"));
    let begun = std::time::Instant::now();
    let proofs = prove(book.get("p").expect("the pack"));
    let open = proofs.claims.iter().filter(|claim| matches!(claim.verdict, Verdict::NotProven(_))).count();
    eprintln!("{} claims, {open} not decided, in {:?}", proofs.claims.len(), begun.elapsed());
    assert!(proofs.claims.len() >= 2_000);
}
