//! The cases that are missing at the edges of rules, as YAML ready to paste.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io;

use serde::Serialize;

use super::json::PlaceJson;
use crate::cli::eval::in_order::in_order;
use crate::cli::layout::Ink;
use crate::cli::say::{self, Out};
use crate::diagnostic::Lang;
use crate::regress::{Boundaries, Case, Edge, Proposal, Runner, Side, Standing};

/// How many sides of edges have a case, lack one, and cannot be led to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub covered: usize,
    pub missing: usize,
    pub out_of_reach: usize,
}

#[derive(Serialize)]
struct ProposalJson<'a> {
    pack: &'a str,
    rule: &'a str,
    place: PlaceJson<'a>,
    edge: String,
    side: &'a str,
    x: String,
    case: &'a str,
}

/// Writes what is missing, pack by pack: YAML, or one object a line.
pub fn write(
    runner: &Runner<'_>,
    cases: &[Case<'_>],
    (lang, wants_json): (Lang, bool),
    out: &mut Out,
) -> io::Result<Counts> {
    let mut counts = Counts::default();
    for cases in cases.chunk_by(|one, other| one.pack == other.pack) {
        let Some(mut boundaries) = Boundaries::of(runner, cases) else { continue };
        let missing = missing(&mut boundaries, &mut counts, lang);
        let Some(case) = cases.first().filter(|_| !missing.is_empty()) else { continue };
        if !wants_json {
            out.line(&format!("# {}", title(case.pack, missing.len(), lang)))?;
        }
        for proposal in &missing {
            out.line(&if wants_json { json(case.pack, proposal) } else { proposal.yaml.clone() })?;
        }
    }
    Ok(counts)
}

/// The most rounds: each takes what the one before it proposed for cases, which may lead nearer to other edges.
const ROUNDS: usize = 6;

/// What is missing, so that with all of it nothing is.
fn missing(boundaries: &mut Boundaries<'_>, counts: &mut Counts, lang: Lang) -> Vec<Proposal> {
    let (mut all, mut seen): (Vec<Proposal>, BTreeSet<String>) = (Vec::new(), BTreeSet::new());
    let mut last = Round::default();
    for _ in 0..ROUNDS {
        last = round(boundaries);
        let new = std::mem::take(&mut last.missing).into_iter().filter(|one| seen.insert(one.name.clone()));
        let new: Vec<Proposal> = new.collect();
        if new.is_empty() {
            break;
        }
        new.iter().for_each(|proposal| boundaries.add(proposal));
        all.extend(new);
    }
    for edge in last.lost.iter().collect::<BTreeSet<&String>>() {
        say::note(&Ink::Faint.paint(&match lang {
            Lang::Zh => format!("{edge}：改一个数到不了它的某一侧"),
            Lang::En => format!("{edge}: no single number of a form leads to one of its sides"),
        }));
    }
    all.sort_by(|one, other| (&one.edge, one.side).cmp(&(&other.edge, other.side)));
    counts.covered += last.covered.saturating_sub(all.len());
    counts.missing += all.len();
    counts.out_of_reach += last.lost.len();
    all
}

#[derive(Default)]
struct Round {
    covered: usize,
    missing: Vec<Proposal>,
    /// Edges with a side that cannot be led to, once for each such side.
    lost: Vec<String>,
}

/// All cores look for forms, edge by edge.
fn round(boundaries: &Boundaries<'_>) -> Round {
    let mut round = Round::default();
    let work = |(edge, side): (&Edge, Side)| {
        (format!("{} {} {}", edge.place, edge.rule, edge.at), boundaries.standing(edge, side))
    };
    let take = |(edge, standing)| {
        match standing {
            Standing::Covered => round.covered += 1,
            Standing::Missing(proposal) => round.missing.push(*proposal),
            Standing::OutOfReach => round.lost.push(edge),
        }
        Ok::<(), Infallible>(())
    };
    let sides = boundaries.edges().into_iter().flat_map(|edge| Side::ALL.map(|side| (edge, side)));
    let sides: Vec<(&Edge, Side)> = sides.collect();
    match in_order(work, |give| sides.into_iter().try_for_each(give), take) {
        Ok(()) => round,
    }
}

fn title(pack: &str, missing: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{pack} 缺 {missing} 个边界案例；核对后存入 {pack}/cases/ 下的文件"),
        Lang::En => format!("{pack} lacks {missing} cases at edges; check them and save them below {pack}/cases/"),
    }
}

fn json(pack: &str, proposal: &Proposal) -> String {
    let Proposal { edge, side, x, yaml, .. } = proposal;
    let side = match side {
        Side::Below => "below",
        Side::At => "at",
        Side::Above => "above",
    };
    let place = PlaceJson::of(&edge.place);
    let line =
        ProposalJson { pack, rule: &edge.rule, place, edge: edge.at.to_string(), side, x: x.to_string(), case: yaml };
    serde_json::to_string(&line).unwrap_or_default()
}
