//! What the checks cost beside reading and scoring, and that a form of thousands of rows costs what its rows cost.
//!
//! The same rules with their checks taken away are the measure; both run interleaved in one process.
//! `cargo bench --bench checks`

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark measures time and prints it")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may stop where it stands")]

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use heng::app::rules_folder;
use heng::document::{self, Limits, Problems};
use heng::evaluation::{evaluate, read_form, score_form};
use heng::form::{Draft, Form, IndicatorDraft};
use heng::pack::{Pack, PackFiles};
use heng::ruleset::{RuleBook, RuleSet};

/// Rows of a form, and how often it is measured.
const FORMS: [(usize, usize); 2] = [(20, 41), (200, 11)];
/// Rows of the forms of long texts.
const LONG: [usize; 4] = [500, 1000, 2000, 5000];
const LONG_ROUNDS: usize = 3;

/// That of the service.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = rules_folder::load(&root.join("rules")).unwrap();
    let book = RuleBook::compile(&folder).0.unwrap();
    let rules: &RuleSet = book.get("mof-2020").unwrap();
    let national = folder.iter().find(|files| files.name == "mof-2020").unwrap();
    let blank = draft(&national.files["blank.yaml"]);
    let mut silent = alone(national);
    silent.checks.clear();

    println!("{} checks        reading   scoring    checks   checks ÷ (reading + scoring)", rules.checks.len());
    for (rows, rounds) in FORMS {
        let form = form(&blank, rows, "");
        let mut times: [Vec<Duration>; 3] = Default::default();
        for _ in 0..rounds {
            let start = Instant::now();
            let read = black_box(read_form(rules, &form));
            times[0].push(start.elapsed());
            times[1].push(timed(|| drop(black_box(score_form(&silent, &read)))));
            times[2].push(timed(|| drop(black_box(score_form(rules, &read)))));
        }
        let [read, score, all] = times.map(median);
        let checks = all.saturating_sub(score);
        let ratio = checks.as_nanos() * 100 / (read + score).as_nanos().max(1);
        println!("{rows:>5} rows   {read:>11.2?} {score:>9.2?} {checks:>9.2?}   {}.{:02}", ratio / 100, ratio % 100);
    }

    println!("\nlong texts       a form   a row");
    for rows in LONG {
        let form = form(&blank, rows, &"因天气和征地推迟，已与施工单位商定补做，下一步加强调度。".repeat(8));
        let times = (0..LONG_ROUNDS).map(|_| timed(|| drop(black_box(evaluate(rules, &form)))));
        let whole = median(times.collect());
        println!("{rows:>5} rows   {whole:>10.2?}   {:.2?}", whole / u32::try_from(rows).unwrap());
    }
}

/// The rules of a pack that builds on no other.
fn alone(files: &PackFiles) -> RuleSet {
    let pack = Pack::parse(files, &mut Problems::new()).unwrap();
    RuleSet::from_packs(&[&pack]).0.unwrap()
}

fn draft(text: &str) -> Draft {
    let mut problems = Problems::new();
    let draft = Draft::from_node(&document::parse("form.yaml", text, &Limits::FORM).unwrap(), &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    draft
}

/// The blank form with its rows over and over, each with a name and a reason of its own.
fn form(blank: &Draft, rows: usize, reason: &str) -> Form {
    let row = |number: usize| {
        let mut row: IndicatorDraft = blank.indicators[number % blank.indicators.len()].clone();
        write!(row.name, "（第{number}标段）").unwrap();
        if !reason.is_empty() {
            row.deviation_reason = format!("第{number}标段{reason}");
        }
        row
    };
    Form::admit(Draft { indicators: (0..rows).map(row).collect(), ..blank.clone() }).unwrap()
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
