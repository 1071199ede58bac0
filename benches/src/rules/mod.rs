//! Loading, proving and testing packs of many indicators, beside a plain parse of the same bytes.

mod generated;

use std::hint::black_box;

use heng::app::rules_folder;
use heng::diagnostic::Diagnostic;
use heng::evaluation::evaluate;
use heng::form::Form;
use heng::pack::PackFiles;
use heng::regress::{Outcome, Runner, prove};
use heng::ruleset::RuleBook;

use crate::Setting;
use crate::forms::PACK;
use crate::page::{Goal, Part, Table};
use crate::sample::{Spread, number, timed};

/// The pack that the goal is about.
const INDICATORS: usize = 500;

/// Seconds of each step.
struct Times {
    yaml: Vec<f64>,
    compile: Vec<f64>,
    prove: Vec<f64>,
    test: Vec<f64>,
    evaluate: Vec<f64>,
}

pub fn measure(setting: &Setting) -> Part {
    let folder = rules_folder::load(&setting.rules()).expect("rules");
    let national = folder.iter().find(|files| files.name == PACK).expect("the pack");
    let mut part = Part::default();
    let mut table = Table::new(
        "Packs of many indicators",
        "The national pack with a library of named indicators, each with a method, a parameter, an entry and a case of \
         its own. Milliseconds, medians; serde_yaml parses every YAML file of the pack, cases left out, into its values. \
         Proving is what `heng check` does: every claim for every form, and what the cases cover.",
        &[
            "indicators",
            "KiB",
            "serde_yaml ms",
            "load and compile ms",
            "prove ms",
            "(compile + prove) ÷ serde_yaml",
            "ms an indicator",
            "test ms",
            "evaluate ms",
            "test ÷ evaluate",
        ],
    );
    let sizes: &[usize] = setting.of(&[50, INDICATORS, 5000], &[50, INDICATORS]);
    for &indicators in sizes {
        let files = generated::pack(national, indicators);
        let rounds = if indicators > INDICATORS { setting.of(3, 1) } else { setting.of(9, 3) };
        let times = Times::of(&files, &generated::forms(national, indicators), rounds);
        let bytes: usize = sources(&files).map(str::len).sum();
        let Times { yaml, compile, prove, test, evaluate } = times;
        let [yaml, compile, prove, test, evaluate] =
            [yaml, compile, prove, test, evaluate].map(|seconds| Spread::of(seconds).median * 1e3);
        let (ratio, tested) = ((compile + prove) / yaml, test / evaluate);
        table.row([
            indicators.to_string(),
            (bytes / 1024).to_string(),
            number(yaml),
            number(compile),
            number(prove),
            number(ratio),
            number((compile + prove) / indicators as f64),
            number(test),
            number(evaluate),
            number(tested),
        ]);
        if indicators == INDICATORS {
            let what = format!("a pack of {INDICATORS} indicators: compiled and proven ÷ serde_yaml");
            part.goals.push(Goal::at_most(what, 6.0, ratio, ""));
            part.goals.push(Goal::at_most("its cases: tested ÷ evaluated", 3.0, tested, ""));
        }
    }
    part.tables.push(table);
    part
}

impl Times {
    fn of(files: &PackFiles, forms: &[Form], rounds: usize) -> Self {
        let packs = std::slice::from_ref(files);
        let [mut yaml, mut compile, mut proof, mut test, mut plain] = std::array::from_fn(|_| Vec::new());
        for _ in 0..rounds {
            yaml.push(timed(|| sources(files).for_each(|text| drop(black_box(parsed(text))))).1);
            let ((book, problems), seconds) = timed(|| RuleBook::compile(packs));
            compile.push(seconds);
            assert!(!problems.iter().any(Diagnostic::is_error), "{problems:?}");
            let book = book.expect("rules that compile");
            let runner = Runner { book: &book, folder: packs, form_file: &|_, _| None };
            let (proofs, seconds) = timed(|| prove(&runner, None));
            proof.push(seconds);
            assert!(!proofs.claims.is_empty());
            let (report, seconds) = timed(|| runner.run(""));
            test.push(seconds);
            assert_eq!(report.failed(), 0, "{:?}", report.results.iter().find(|case| case.outcome != Outcome::Passed));
            let rules = book.get(PACK).expect("the pack");
            plain.push(timed(|| forms.iter().for_each(|form| drop(black_box(evaluate(rules, form))))).1);
        }
        Times { yaml, compile, prove: proof, test, evaluate: plain }
    }
}

fn parsed(text: &str) -> serde_yaml::Value {
    serde_yaml::from_str(text).expect("YAML")
}

/// The rule files.
fn sources(files: &PackFiles) -> impl Iterator<Item = &str> {
    files
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".yaml") && !path.starts_with("cases/"))
        .map(|(_, text)| &**text)
}
