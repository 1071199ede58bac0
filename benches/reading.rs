//! Reading and scoring 20 rows of printed text beside a hand-written scorer that is given the numbers.
//!
//! All run interleaved in one process; what is printed is the ratio of medians, with the spread over rounds.
//! `cargo bench --bench reading`

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark measures time and prints it")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may stop where it stands")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use heng::app::rules_folder;
use heng::document::{self, Limits};
use heng::evaluation::{evaluate, read_form, score_form};
use heng::form::{Draft, Form};
use heng::reading::{Lexicon, Row, Side, meet, read};
use heng::ruleset::RuleBook;
use rust_decimal::{Decimal, RoundingStrategy};

const ROUNDS: usize = 201;
const PER_ROUND: u32 = 50;

/// Printed target and actual, and the numbers and points a hand-written scorer would be given.
const ROWS: [(&str, &str, &str, &str, &str); 20] = [
    ("≥50个", "50", "50", "50", "8"),
    ("≥95%", "91.76%", "95", "91.76", "8"),
    ("大型活动不少于1场，其他各类推广活动按工作计划开展", "1场（第五届中国国际进口博览会）", "1", "1", "9"),
    ("6个，保质保量完成全年企业服务工作", "超过6个", "6", "6", "9"),
    ("执行率95%以上", "91.76%", "95", "91.76", "8"),
    ("满意度100%", "100%", "100", "100", "5"),
    ("2.6亿元", "24500万元", "26000", "24500", "6"),
    ("1.2万亩", "1.2万亩", "12000", "12000", "10"),
    ("不少于12种", "14种", "12", "14", "1"),
    ("98%以上", "100%", "98", "100", "10"),
    (">=530元/人*月", "530元/人*月", "530", "530", "10"),
    ("863人", "683人", "863", "683", "2"),
    ("一百二十人", "壹佰贰拾人", "120", "120", "5"),
    ("≥11.376万元", "12万元", "11.376", "12", "20"),
    ("100%", "98.79%", "100", "98.79", "5"),
    ("20000", "23333.56", "20000", "23333.56", "10"),
    ("≧735人次", "735人次", "735", "735", "10"),
    ("60%及以上", "53.53%", "60", "53.53", "10"),
    ("500只", "500只", "500", "500", "5"),
    ("≥1000人", "1050人", "1000", "1050", "10"),
];

/// That of the service.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = rules_folder::load(&root.join("rules")).unwrap();
    let book = RuleBook::compile(&folder).0.unwrap();
    let rules = book.get("mof-2020").unwrap();
    let form = form();
    let numbers: Vec<[Decimal; 3]> = ROWS
        .iter()
        .map(|(_, _, target, actual, points)| [target, actual, points].map(|n| n.parse().unwrap()))
        .collect();
    let read = read_form(rules, &form);
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(timed(|| score_all(&numbers)));
        times[1].push(timed(|| read_all(&rules.lexicon)));
        times[2].push(timed(|| drop(black_box(score_form(rules, black_box(&read))))));
        times[3].push(timed(|| drop(black_box(evaluate(rules, black_box(&form))))));
    }
    let [by_hand, others @ ..] = times.map(quartiles);
    println!("20 rows                           median   quartiles");
    show("hand-written scoring", by_hand, by_hand[1]);
    for (name, times) in
        ["reading and comparing", "scoring, trace, checks", "a form, texts to answer"].into_iter().zip(others)
    {
        show(name, times, by_hand[1]);
    }
}

fn show(name: &str, [low, median, high]: [Duration; 3], by_hand: Duration) {
    let ratio = median.as_nanos() * 10 / by_hand.as_nanos().max(1);
    println!("{name:<24} {median:>15.2?}   {low:.2?}–{high:.2?}   {}.{} ×", ratio / 10, ratio % 10);
}

/// The rows as a form, with nothing around them.
fn form() -> Form {
    let rows = ROWS.iter().map(|(target, actual, _, _, points)| {
        format!(
            "  - {{dimension: 产出指标, category: 数量指标, name: 完成数量, target: \"{target}\", actual: \"{actual}\", \
             points_possible: \"{points}\", points_claimed: \"1\"}}\n"
        )
    });
    let text = format!(
        "project_name: 项目\nfiscal_year: 2022\nimplementing_unit: 单位\nindicators:\n{}",
        rows.collect::<String>()
    );
    let node = document::parse("form.yaml", &text, &Limits::FORM).unwrap();
    let mut problems = Vec::new();
    let draft = Draft::from_node(&node, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    Form::admit(draft).unwrap()
}

fn read_all(lexicon: &Lexicon) {
    let row = Row::default();
    for (target, actual, ..) in &ROWS {
        let target = read(black_box(target), &row, Side::Target, lexicon);
        let actual = read(black_box(actual), &row, Side::Actual, lexicon);
        black_box(meet(&target, &actual, &row, lexicon));
    }
}

/// What one would write by hand: points × min(actual ÷ target, 1), half-up to two decimals, and the sum.
fn score_all(numbers: &[[Decimal; 3]]) {
    let mut total = Decimal::ZERO;
    for [target, actual, points] in numbers {
        let ratio = (*black_box(actual) / *black_box(target)).min(Decimal::ONE);
        total += (*points * ratio).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    }
    black_box(total);
}

fn timed(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..PER_ROUND {
        work();
    }
    start.elapsed() / PER_ROUND
}

fn quartiles(mut times: Vec<Duration>) -> [Duration; 3] {
    times.sort();
    [1, 2, 3].map(|quarter| times[times.len() * quarter / 4])
}
