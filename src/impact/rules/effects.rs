//! What methods give otherwise, whether their own text changed or what it rests on: a parameter, a table, a script.

use std::collections::BTreeSet;

use super::{Detail, What};
use crate::diagnostic::Bilingual;
use crate::proof::{Curve, Over, Pieces, Stretch, pieces};
use crate::quantity::Exact;
use crate::ruleset::{Method, RuleSet};

/// A method that gives otherwise.
pub(super) struct Effect<'r> {
    pub old: &'r Method,
    pub new: &'r Method,
    pub details: Vec<Detail>,
}

/// Every method of both sets that gives otherwise somewhere, as far as that can be told.
pub(super) fn compare<'r>(old: &'r RuleSet, new: &'r RuleSet) -> Vec<Effect<'r>> {
    let pairs = new.methods.iter().filter_map(|method| {
        let before = old.methods.iter().find(|other| other.id == method.id)?;
        Some(Effect { old: before, new: method, details: details((old, before), (new, method)) })
    });
    pairs.filter(|effect| !effect.details.is_empty()).collect()
}

/// Year by year, as long as the difference stays the same.
fn details((old, before): (&RuleSet, &Method), (new, after): (&RuleSet, &Method)) -> Vec<Detail> {
    let values = [old, new].into_iter().flat_map(|set| &set.parameters).flat_map(|parameter| &parameter.values);
    let years: BTreeSet<i32> = values.map(|value| value.since).collect();
    let mut told: Vec<(i32, Vec<Detail>)> = Vec::new();
    for year in years {
        let Some((one, other)) = pieces(old, before, year).zip(pieces(new, after, year)) else { continue };
        let found = differing(&one, &other);
        if told.last().is_none_or(|(_, last)| *last != found) {
            told.push((year, found));
        }
    }
    let first = told.first().map(|(year, _)| *year);
    let dated = told.into_iter().flat_map(|(year, found)| {
        found.into_iter().map(move |mut detail| {
            if let What::Piece { since, .. } = &mut detail.what {
                *since = Some(year).filter(|year| Some(*year) != first);
            }
            detail
        })
    });
    dated.collect()
}

/// The stretches on which two functions of the same number differ, as long as they can be.
fn differing(old: &Pieces, new: &Pieces) -> Vec<Detail> {
    if old.over != new.over {
        return Vec::new();
    }
    let mut edges: Vec<&Exact> = old.edges().chain(new.edges()).collect();
    edges.sort();
    edges.dedup();
    let mut runs: Vec<(Stretch, Option<&Curve>, Option<&Curve>)> = Vec::new();
    let mut grows = false;
    for (piece, inside) in cut(&edges) {
        let (one, other) = (old.at(&inside), new.at(&inside));
        let is_point = piece.low.is_some() && piece.low == piece.high;
        let same = match (one, other) {
            (None, None) => true,
            (Some(one), Some(other)) if old.of_possible == new.of_possible || one.is_zero() && other.is_zero() => {
                if is_point {
                    one.at(&inside) == other.at(&inside)
                } else {
                    one.is_same(other)
                }
            }
            _ => false,
        };
        if same {
            grows = false;
            continue;
        }
        let alike = |a: Option<&Curve>, b: Option<&Curve>| match (a, b) {
            (Some(a), Some(b)) => a.is_same(b),
            (a, b) => a.is_none() && b.is_none(),
        };
        match runs.last_mut() {
            Some((run, a, b)) if grows && alike(*a, one) && alike(*b, other) => run.high = piece.high,
            _ => runs.push((piece, one, other)),
        }
        grows = true;
    }
    let side = |pieces: &Pieces, curve: Option<&Curve>| curve.map(|curve| curve_text(curve, pieces));
    let detail = |(stretch, one, other): (Stretch, Option<&Curve>, Option<&Curve>)| Detail {
        what: What::Piece { over: over(&old.over), stretch: stretch_text(&stretch, &old.over), since: None },
        old: side(old, one),
        new: side(new, other),
        old_place: None,
        new_place: None,
    };
    runs.into_iter().map(detail).collect()
}

/// Every edge by itself and what lies between and beyond, each with a number inside.
fn cut(edges: &[&Exact]) -> Vec<(Stretch, Exact)> {
    let mut all = Vec::with_capacity(edges.len() * 2 + 1);
    let open = |at: &Exact| Some((at.clone(), false));
    let Some((first, last)) = edges.first().zip(edges.last()) else {
        return vec![(Stretch::default(), Exact::ZERO)];
    };
    let below = first.sub(&Exact::ONE).unwrap_or(Exact::ZERO);
    all.push((Stretch { low: None, high: open(first) }, below));
    for (at, edge) in edges.iter().enumerate() {
        let point = Some(((*edge).clone(), true));
        all.push((Stretch { low: point.clone(), high: point }, (*edge).clone()));
        let Some(next) = edges.get(at + 1) else { continue };
        let middle = edge.add(next).and_then(|sum| sum.div(&Exact::from_i64(2)));
        all.extend(middle.ok().map(|middle| (Stretch { low: open(edge), high: open(next) }, middle)));
    }
    let above = last.add(&Exact::ONE).unwrap_or(Exact::ZERO);
    all.push((Stretch { low: open(last), high: None }, above));
    all
}

fn over(over: &Over) -> Bilingual {
    match over {
        Over::Quotient(above, below) if above == "actual" => {
            Bilingual::new("完成率", format!("completion ({above} ÷ {below})"))
        }
        Over::Quotient(above, below) => Bilingual::new("执行率", format!("rate ({above} ÷ {below})")),
        Over::Name(name) => Bilingual::new(name, name),
    }
}

/// As in mathematics; quotients in per cent.
fn stretch_text(stretch: &Stretch, over: &Over) -> String {
    let number = |at: &Exact| match over {
        Over::Quotient(..) => at.mul(&Exact::from_i64(100)).map_or_else(|_| at.to_string(), |at| format!("{at}%")),
        Over::Name(_) => at.to_string(),
    };
    let low = stretch
        .low
        .as_ref()
        .map_or_else(|| "(−∞".to_owned(), |(at, closed)| format!("{}{}", if *closed { '[' } else { '(' }, number(at)));
    let high = stretch
        .high
        .as_ref()
        .map_or_else(|| "∞)".to_owned(), |(at, closed)| format!("{}{}", number(at), if *closed { ']' } else { ')' }));
    format!("{low}, {high}")
}

/// In the names of formulas: `0.9 × points_possible`, `points_possible × actual ÷ target`.
fn curve_text(curve: &Curve, pieces: &Pieces) -> String {
    let x = match &pieces.over {
        Over::Quotient(above, below) => format!("{above} ÷ {below}"),
        Over::Name(name) => name.clone(),
    };
    let possible = if x.contains("budget") { "execution_points_possible" } else { "points_possible" };
    let (numerator, denominator) = (polynomial(&curve.numerator, &x), polynomial(&curve.denominator, &x));
    let is_sum = |coefficients: &[Exact]| coefficients.iter().filter(|value| !value.is_zero()).count() > 1;
    let braced =
        |text: &str, coefficients: &[Exact]| if is_sum(coefficients) { format!("({text})") } else { text.to_owned() };
    let share = match curve.denominator.as_slice() {
        [one] if *one == Exact::ONE => numerator.clone(),
        _ => format!("{} ÷ ({denominator})", braced(&numerator, &curve.numerator)),
    };
    if !pieces.of_possible || curve.is_zero() {
        return share;
    }
    match (curve.numerator.as_slice(), curve.denominator.as_slice()) {
        ([value], [one]) if *one == Exact::ONE && *value == Exact::ONE => possible.to_owned(),
        ([_], [one]) if *one == Exact::ONE => format!("{share} × {possible}"),
        (numerator, [one]) if *one == Exact::ONE => format!("{possible} × {}", braced(&share, numerator)),
        _ => format!("{possible} × {share}"),
    }
}

fn polynomial(coefficients: &[Exact], x: &str) -> String {
    let mut text = String::new();
    let terms = coefficients.iter().enumerate().rev().filter(|(_, value)| !value.is_zero());
    // What is taken away stands last.
    let (less, more): (Vec<_>, Vec<_>) = terms.partition(|(_, value)| value.is_negative());
    for (power, value) in more.into_iter().chain(less) {
        let sign = match (text.is_empty(), value.is_negative()) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        let size = value.abs();
        let base = match power {
            0 => String::new(),
            1 => x.to_owned(),
            power => format!("({x})^{power}"),
        };
        let term = match (base.is_empty(), size == Exact::ONE) {
            (true, _) => size.to_string(),
            (false, true) => base,
            (false, false) => format!("{size} × {base}"),
        };
        text.push_str(sign);
        text.push_str(&term);
    }
    if text.is_empty() { "0".to_owned() } else { text }
}
