//! `heng replay`: stored evaluations, scored again under the revisions that made them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::ControlFlow;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use clap::Args;
use serde::Serialize;

use super::eval::in_order;
use super::layout::{Ink, Progress};
use super::say::{self, Out};
use super::{CANNOT_RUN, FAULTY, Globals, either};
use crate::app::{Passed, Replayed, Verdict, replay, rules_folder};
use crate::diagnostic::{Bilingual, Lang};
use crate::ruleset::{RuleBook, RuleSet};
use crate::store::{Kind, StoreError, ledger_length, walk_ledger};

#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// Evaluations; all by default
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
}

/// Exit code 1 when some evaluation is not what the rules give, or cannot be replayed; 2 when the store cannot be
/// read or has no such evaluation.
pub fn run(globals: &Globals, args: &ReplayArgs) -> io::Result<ExitCode> {
    let mut tally = Tally { missing: args.ids.iter().cloned().collect(), ..Tally::default() };
    let mut out = Out::open();
    let walked = replay_all(globals, args, &mut tally, &mut out);
    out.flush()?;
    match walked {
        Ok(()) => {}
        Err(Stop::Output(error)) => return Err(error),
        Err(Stop::Store(error)) => {
            say::error(&error.to_string());
            let is_damage = matches!(error, StoreError::Damaged { .. });
            return Ok(if is_damage { FAULTY.into() } else { CANNOT_RUN.into() });
        }
    }
    if globals.wants_json() {
        out.line(&tally.json()?)?;
    } else {
        out.line(&tally.sentence(globals.lang()))?;
    }
    out.flush()?;
    if let Some(id) = tally.missing.first() {
        let message = Bilingual::new(format!("没有编号为 `{id}` 的评价"), format!("there is no evaluation `{id}`"));
        say::failure(globals.lang(), &message);
        return Ok(CANNOT_RUN.into());
    }
    Ok(if tally.identical == tally.replayed { ExitCode::SUCCESS } else { FAULTY.into() })
}

/// Why the walk over the ledger ended early.
enum Stop {
    Output(io::Error),
    Store(StoreError),
}

fn replay_all(globals: &Globals, args: &ReplayArgs, tally: &mut Tally, out: &mut Out) -> Result<(), Stop> {
    let passed = Passed::default();
    let folder = OnceLock::new();
    // Evaluations from before revisions were kept: the folder's rules, if they are the same.
    let from_folder = |rule_pack: &str, revision: &str| -> Option<Arc<RuleSet>> {
        let book: &Option<RuleBook> = folder.get_or_init(|| {
            let files = rules_folder::load(&globals.rules).ok()?;
            RuleBook::compile(&files).0
        });
        book.as_ref()?.get(rule_pack).filter(|set| set.revision == revision).cloned()
    };
    let missing = RefCell::new(std::mem::take(&mut tally.missing));
    let total = if args.ids.is_empty() { ledger_length(&globals.data).map_err(Stop::Store)? } else { 0 };
    let mut progress =
        Progress::of(usize::try_from(total).unwrap_or(usize::MAX), either(globals.lang(), "重放中", "replaying"));
    let outcome = in_order(
        |record| replay(&record, |rule_pack, revision| passed.rules(revision, || from_folder(rule_pack, revision))),
        |give| {
            let mut stopped = Ok(());
            let walked = walk_ledger(&globals.data, &mut |entry| {
                let record = entry.record;
                let wanted = match record.kind {
                    Kind::Revision => {
                        passed.take(&record);
                        false
                    }
                    Kind::Evaluation => args.ids.is_empty() || missing.borrow_mut().remove(&record.id),
                    Kind::Activation => false,
                };
                if wanted {
                    stopped = give(record);
                }
                let done = !args.ids.is_empty() && missing.borrow().is_empty();
                if stopped.is_err() || done { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            stopped.and(walked.map(drop).map_err(Stop::Store))
        },
        |replayed| {
            tally.note(&replayed);
            progress.reached(tally.replayed);
            let told = if globals.wants_json() {
                Some(line_json(&replayed, globals.lang()).map_err(Stop::Output)?)
            } else {
                let is_told = !matches!(replayed.verdict, Verdict::Identical) || !args.ids.is_empty();
                is_told.then(|| line(&replayed, globals.lang()))
            };
            let Some(told) = told else { return Ok(()) };
            let written = if progress.is_in_the_way() {
                progress.aside(|| out.line(&told).and_then(|()| out.flush()))
            } else {
                out.line(&told)
            };
            written.map_err(Stop::Output)
        },
    );
    drop(progress);
    tally.missing = missing.into_inner();
    outcome
}

fn line(replayed: &Replayed, lang: Lang) -> String {
    let Replayed { id, rule_pack, revision, verdict } = replayed;
    let ink = match verdict {
        Verdict::Identical => Ink::Good,
        verdict if verdict.is_wrong() => Ink::Bad,
        _ => Ink::Warn,
    };
    let pack = Ink::Place.paint(rule_pack);
    format!("{}  {pack}  {}", ink.paint(id), verdict.message(revision).get(lang))
}

#[derive(Default)]
struct Tally {
    replayed: usize,
    identical: usize,
    by_verdict: BTreeMap<&'static str, usize>,
    packs: BTreeSet<String>,
    revisions: BTreeSet<String>,
    /// Asked for and not met.
    missing: BTreeSet<String>,
}

impl Tally {
    fn note(&mut self, replayed: &Replayed) {
        self.replayed += 1;
        self.identical += usize::from(matches!(replayed.verdict, Verdict::Identical));
        *self.by_verdict.entry(replayed.verdict.name()).or_default() += 1;
        self.packs.insert(replayed.rule_pack.clone());
        self.revisions.insert(replayed.revision.clone());
    }

    fn sentence(&self, lang: Lang) -> String {
        let Tally { replayed, identical, packs, revisions, .. } = self;
        let (packs, revisions, others) = (packs.len(), revisions.len(), replayed - identical);
        let text = match (lang, others) {
            (Lang::Zh, 0) if *replayed == 0 => "没有回放任何评价".to_owned(),
            (Lang::En, 0) if *replayed == 0 => "nothing was replayed".to_owned(),
            (Lang::Zh, 0) => {
                format!("{replayed} 份评价全部逐字节一致：{packs} 个规则包，{revisions} 个版本")
            }
            (Lang::Zh, _) => format!("{replayed} 份评价中 {identical} 份逐字节一致，{others} 份不一致或无法回放"),
            (Lang::En, 0) => format!(
                "all {replayed} evaluations are identical, byte for byte: {packs} rule packs, {revisions} revisions"
            ),
            (Lang::En, _) => {
                format!("{identical} of {replayed} evaluations are identical; {others} differ or cannot be replayed")
            }
        };
        if others == 0 { Ink::Good } else { Ink::Bad }.paint(&text)
    }

    fn json(&self) -> serde_json::Result<String> {
        let Tally { replayed, identical, by_verdict, packs, revisions, missing } = self;
        serde_json::to_string(&serde_json::json!({
            "replayed": replayed,
            "identical": identical,
            "verdicts": by_verdict,
            "rulePacks": packs.len(),
            "revisions": revisions.len(),
            "missing": missing,
        }))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LineJson<'a> {
    id: &'a str,
    rule_pack: &'a str,
    revision: &'a str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replayed: Option<&'a str>,
    message: String,
}

fn line_json(replayed: &Replayed, lang: Lang) -> io::Result<String> {
    let Replayed { id, rule_pack, revision, verdict } = replayed;
    let found = match verdict {
        Verdict::Differs(found) => Some(found),
        _ => None,
    };
    let line = LineJson {
        id,
        rule_pack,
        revision,
        verdict: verdict.name(),
        path: found.map(|found| found.path.as_str()),
        stored: found.map(|found| found.stored.as_str()),
        replayed: found.map(|found| found.replayed.as_str()),
        message: verdict.message(revision).get(lang).to_owned(),
    };
    Ok(serde_json::to_string(&line)?)
}
