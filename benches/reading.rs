//! Reading 20 rows of printed text beside a hand-written scorer that is given the numbers.
//!
//! Both run interleaved in one process; what is printed is the ratio of medians, with the spread over rounds.
//! `cargo bench --bench reading`

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a benchmark measures time and prints it")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark may stop where it stands")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use heng::document::{self, Limits};
use heng::reading::{Lexicon, Row, Side, meet, read};
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

fn main() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/mof-2020/lexicon.yaml")).unwrap();
    let node = document::parse("lexicon.yaml", &text, &Limits::RULES).unwrap();
    let lexicon = Lexicon::from_node(&node, &mut Vec::new());
    let numbers: Vec<[Decimal; 3]> = ROWS
        .iter()
        .map(|(_, _, target, actual, points)| [target, actual, points].map(|n| n.parse().unwrap()))
        .collect();
    let (mut reading, mut scoring) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        reading.push(timed(|| read_all(&lexicon)));
        scoring.push(timed(|| score_all(&numbers)));
    }
    let (reading, scoring) = (quartiles(reading), quartiles(scoring));
    println!("reading 20 rows       {:>8.2?} (quartiles {:.2?}–{:.2?})", reading[1], reading[0], reading[2]);
    println!("hand-written scoring  {:>8.2?} (quartiles {:.2?}–{:.2?})", scoring[1], scoring[0], scoring[2]);
    let ratio = reading[1].as_nanos() * 10 / scoring[1].as_nanos().max(1);
    println!("ratio                 {:>5}.{} ×", ratio / 10, ratio % 10);
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
