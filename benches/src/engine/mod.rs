//! Scoring and reading beside engines that score: all in one process, in turns, with totals that are the same.

mod by_hand;
mod rego;
mod script;
mod zen;

use std::hint::black_box;

use heng::app::rules_folder;
use heng::evaluation::{Evaluation, evaluate, read_form, score_form};
use heng::form::{Form, IndicatorDraft};
use heng::ruleset::{RuleBook, RuleSet};
use heng::wire::encode::Identity;
use heng::wire::{decode, digest, encode};
use rust_decimal::Decimal;

use crate::Setting;
use crate::forms::{self, PACK};
use crate::page::{Goal, Part, Table};
use crate::sample::{Runner, Spread, number, race};
use rego::Rego;
use script::Script;
use zen::Zen;

/// Rows of forms of long texts.
const LONG: [usize; 3] = [500, 2000, 5000];

const BY_HAND: &str = "hand-written rust_decimal";
const SCORING: &str = "heng, readings given, trace on";
const CHECKS: &str = "heng, readings given, trace and checks";
const TEXTS: &str = "heng, printed texts to evaluation";
const SENT: &str = "heng, sent request to encoded answer";
const ZEN: &str = "zen-engine, compiled graph";

pub fn measure(setting: &Setting) -> Part {
    let folder = rules_folder::load(&setting.rules()).expect("rules");
    let book = RuleBook::compile(&folder).0.expect("rules that compile");
    let rules: &RuleSet = book.get(PACK).expect("the pack");
    let silent = rules.with_checks(|_| false);
    let mut part = Part::default();
    for rows in [20, 200] {
        beside(setting, rules, &silent, rows, &mut part);
    }
    part.tables.push(long_texts(setting, rules));
    part
}

/// Everybody over a form of so many rows.
fn beside(setting: &Setting, rules: &RuleSet, silent: &RuleSet, rows: usize, part: &mut Part) {
    let numbers = forms::numbers(rows);
    let form = forms::bare(rows);
    let read = read_form(rules, &form);
    let (zen, rego, script) = (Zen::new(&numbers), Rego::new(&numbers), Script::new());
    let sent = prost::Message::encode_to_vec(&forms::request(&form, true));

    let wanted = by_hand::total(&numbers);
    let totals = [
        (SCORING, ceilings(&score_form(silent, &read))),
        (CHECKS, ceilings(&score_form(rules, &read))),
        (TEXTS, ceilings(&evaluate(rules, &form))),
        (ZEN, zen.total(false)),
        ("regorus, interpreter", Rego::read(&rego.interpreted())),
        ("regorus, virtual machine", Rego::read(&rego.by_machine())),
        ("rhai", script.total(&numbers)),
    ];
    for (who, total) in totals {
        assert_eq!(total, wanted, "{who}, {rows} rows");
    }

    let mut runners = [
        Runner::new(BY_HAND, || keep(by_hand::total(&numbers))),
        Runner::new(SCORING, || drop(black_box(score_form(silent, black_box(&read))))),
        Runner::new(CHECKS, || drop(black_box(score_form(rules, black_box(&read))))),
        Runner::new("heng, reading the printed texts", || drop(black_box(read_form(rules, black_box(&form))))),
        Runner::new(TEXTS, || drop(black_box(evaluate(rules, black_box(&form))))),
        Runner::new("heng, printed texts to encoded answer", || {
            let evaluation = evaluate(rules, black_box(&form));
            drop(black_box(encode::evaluation_bytes(&evaluation, &Identity::default())));
        }),
        Runner::new(SENT, || drop(black_box(answered(rules, black_box(&sent))))),
        Runner::new(ZEN, || keep(zen.total(false))),
        Runner::new("zen-engine, compiled graph, trace on", || keep(zen.total(true))),
        Runner::new("regorus, interpreter", || drop(black_box(rego.interpreted()))),
        Runner::new("regorus, virtual machine", || drop(black_box(rego.by_machine()))),
        Runner::new("rhai, compiled expression", || keep(script.total(&numbers))),
    ];
    let rounds = setting.of(101, 15);
    let spreads = race(&mut runners, rounds);
    let names: Vec<&str> = runners.iter().map(|runner| runner.name.as_str()).collect();
    let of = |name: &str| -> &Spread {
        names.iter().position(|other| *other == name).and_then(|at| spreads.get(at)).expect("a runner")
    };
    let by_hand = of(BY_HAND).median;
    let mut table = Table::new(
        format!("A form of {rows} rows"),
        format!(
            "Microseconds of the processor a form: medians of {rounds} rounds (quartiles). All totals are {wanted}."
        ),
        &["who", "µs", "÷ hand-written"],
    );
    for (name, spread) in names.iter().zip(&spreads) {
        table.row([(*name).to_owned(), spread.shown(1e-3), number(spread.median / by_hand)]);
    }
    part.tables.push(table);
    if rows == 20 {
        let scoring = of(SCORING).median;
        part.goals.push(Goal::at_most("scoring 20 rows, trace on ÷ hand-written", 0.5, scoring / by_hand, ""));
        part.goals.push(Goal::at_least(
            "zen-engine's compiled graph ÷ scoring 20 rows, trace on",
            25.0,
            of(ZEN).median / scoring,
            "",
        ));
        part.goals.push(Goal::at_most("20 rows from printed text ÷ hand-written", 5.0, of(TEXTS).median / by_hand, ""));
    }
}

/// Has a total computed although nobody looks at it.
fn keep(total: Decimal) {
    black_box(total);
}

/// What the service does of a request that stores nothing, without the service.
fn answered(rules: &RuleSet, sent: &[u8]) -> Vec<u8> {
    let request: heng::wire::pb::v1::EvaluateFormRequest = prost::Message::decode(sent).expect("a request");
    let form = Form::admit(decode::form(request.form.expect("a form"))).expect("a form");
    let evaluation = evaluate(rules, &form);
    let form_digest = digest::of_form(&digest::canonical(&form));
    encode::evaluation_bytes(&evaluation, &Identity { form_digest, ..Identity::default() })
}

fn ceilings(evaluation: &Evaluation) -> Decimal {
    let ceiling =
        |row: &heng::evaluation::IndicatorResult| -> Decimal { row.score.ceiling.to_string().parse().expect("points") };
    evaluation.indicators.iter().map(ceiling).sum()
}

/// A form of thousands of rows costs what its rows cost, also where each has a reason of its own.
fn long_texts(setting: &Setting, rules: &RuleSet) -> Table {
    let rounds = setting.of(5, 1);
    let mut table = Table::new(
        "Long forms of long texts",
        format!("From printed texts to an evaluation, checks included; medians of {rounds} rounds."),
        &["rows", "ms a form", "µs a row"],
    );
    for rows in LONG {
        let mut draft = forms::bare_draft(20);
        let row = |number: usize| IndicatorDraft {
            name: format!("完成数量（第{number}标段）"),
            deviation_reason: format!(
                "第{number}标段{}",
                "因天气和征地推迟，已与施工单位商定补做，下一步加强调度。".repeat(8)
            ),
            ..draft.indicators[number % draft.indicators.len()].clone()
        };
        draft.indicators = (0..rows).map(row).collect();
        let form = Form::admit(draft).expect("a form");
        let spread = &race(&mut [Runner::new("", || drop(black_box(evaluate(rules, &form))))], rounds)[0];
        let micros = spread.median / 1e3;
        table.row([rows.to_string(), number(micros / 1e3), number(micros / rows as f64)]);
    }
    table
}
