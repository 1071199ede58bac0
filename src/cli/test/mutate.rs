//! `heng test --mutate`: which slips in the rules no case notices, and the case that would.

#![expect(clippy::disallowed_methods, reason = "the rim: reads the baselines beside the packs")]

use std::convert::Infallible;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use crate::cli::eval::in_order::in_order;
use crate::cli::layout::{Ink, Progress, visible};
use crate::cli::rule_files;
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, FAULTY, Globals, either};
use crate::diagnostic::{Bilingual, Lang, Place};
use crate::document::Problems;
use crate::pack::PackFiles;
use crate::quantity::Exact;
use crate::regress::mutation::{Accepted, Baseline, Fate, Mutant, Proposal, Workbench};
use crate::regress::{Report, Runner};
use crate::ruleset::RuleBook;

/// Beside a pack's rules, hidden, so that it is no part of its revision.
const BASELINE: &str = ".mutants.yaml";

#[derive(Debug, Clone, Args)]
pub struct MutateArgs {
    /// Change the rules in small ways, one at a time, and show which changes no case notices; FILTER then chooses
    /// among the changes by `pack: file path`
    #[arg(long)]
    pub mutate: bool,
    /// Only list the survivors; looking for the cases that would notice takes most of the time
    #[arg(long, requires = "mutate")]
    pub no_proposals: bool,
    /// File of accepted survivors, instead of `.mutants.yaml` in each pack
    #[arg(long, value_name = "FILE", requires = "mutate")]
    pub baseline: Option<PathBuf>,
    /// Fail only when fewer than this many per cent of the changes are noticed; without it any survivor that is not
    /// accepted fails
    #[arg(id = "min_killed", long = "min-killed", value_name = "PERCENT", requires = "mutate", value_parser = percent)]
    pub min: Option<Exact>,
}

fn percent(text: &str) -> Result<Exact, String> {
    let number = Exact::parse(text.trim_end_matches('%'));
    number.filter(|number| (Exact::ZERO..=Exact::from_i64(100)).contains(number)).ok_or_else(|| "0 to 100".to_owned())
}

/// What mutation needs of the command.
pub(super) struct Subject<'a> {
    pub dir: &'a Path,
    pub book: &'a RuleBook,
    pub packs: &'a [PackFiles],
    pub only: Option<&'a str>,
    /// The packs that were asked for by name; all when none was.
    pub asked: &'a [String],
    pub filter: &'a str,
    /// Of the cases as they are; all of them passed.
    pub report: &'a Report,
}

/// A mutant that no case kills.
struct Survivor {
    mutant: Mutant,
    /// The lines it stands in, before and after.
    lines: (String, String),
    accepted: Option<Accepted>,
    proposal: Proposal,
}

/// The mutants of one pack.
#[derive(Default)]
struct Tally {
    pack: String,
    total: usize,
    killed: usize,
    refused: usize,
    survivors: Vec<Survivor>,
    /// With the case that fails; none for what the check refuses.
    noticed: Vec<(Mutant, Option<Place>)>,
    stale: Vec<Accepted>,
}

impl Tally {
    fn accepted(&self) -> usize {
        self.survivors.iter().filter(|survivor| survivor.accepted.is_some()).count()
    }

    fn open(&self) -> usize {
        self.survivors.len() - self.accepted()
    }

    fn add(&mut self, other: &Tally) -> (usize, usize) {
        self.total += other.total;
        self.killed += other.killed;
        self.refused += other.refused;
        (other.accepted(), other.open())
    }
}

/// Mutates every pack, shows the survivors and what came of all.
pub(super) fn run(globals: &Globals, args: &MutateArgs, subject: &Subject<'_>) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let mut out = Out::open();
    let form_file = {
        let beside = rule_files::beside(subject.dir, subject.only);
        move |pack: &str, path: &str| rule_files::form_file(&beside, pack, path)
    };
    let runner = Runner { book: subject.book, folder: subject.packs, form_file: &form_file };
    let mut tallies = Vec::new();
    let is_asked_for = |name: &String| {
        subject.only.is_none_or(|only| only == name) && (subject.asked.is_empty() || subject.asked.contains(name))
    };
    for files in subject.packs.iter().filter(|files| is_asked_for(&files.name)) {
        let Some(baseline) = baseline(args, subject, &files.name, lang) else { return Ok(CANNOT_RUN.into()) };
        let Some(bench) = Workbench::of(&runner, &files.name) else { continue };
        let tally = tally(&bench, subject, (args, &baseline), lang);
        show(&tally, globals, &mut out)?;
        tallies.push(tally);
    }
    if tallies.iter().all(|tally| tally.total == 0) {
        let message = Bilingual::new("没有可改的规则", "there is no rule to change");
        say::failure(lang, &message);
        return Ok(CANNOT_RUN.into());
    }
    let passes = sum_up(&tallies, globals, args, subject.report, &mut out)?;
    out.flush()?;
    Ok(if passes { ExitCode::SUCCESS } else { FAULTY.into() })
}

/// The accepted survivors of a pack, none where it has no file; nothing when the file cannot be read, which is told.
fn baseline(args: &MutateArgs, subject: &Subject<'_>, pack: &str, lang: Lang) -> Option<Baseline> {
    let beside = rule_files::beside(subject.dir, subject.only);
    let path = args.baseline.clone().unwrap_or_else(|| beside.join(pack).join(BASELINE));
    let shown = path.display().to_string();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) if args.baseline.is_none() && why.kind() == io::ErrorKind::NotFound => {
            return Some(Baseline::default());
        }
        Err(why) => {
            let message = Bilingual::new(format!("读不了 {shown}：{why}"), format!("cannot read {shown}: {why}"));
            say::failure(lang, &message);
            return None;
        }
    };
    let mut problems = Problems::new();
    let baseline = Baseline::parse(&shown, &text, &mut problems);
    if problems.is_empty() {
        return Some(baseline);
    }
    say::note(say::diagnostics(&problems, &[], lang).trim_end());
    None
}

fn tally(
    bench: &Workbench<'_>,
    subject: &Subject<'_>,
    (args, baseline): (&MutateArgs, &Baseline),
    lang: Lang,
) -> Tally {
    let pack = bench.pack();
    let mut mutants = bench.mutants();
    mutants.retain(|mutant| format!("{pack}: {mutant}").contains(subject.filter));
    let mut tally = Tally { pack: pack.to_owned(), total: mutants.len(), ..Tally::default() };
    let mut progress = Progress::of(mutants.len(), either(lang, "变异中", "mutating"));
    let mut done = 0;
    let work = |mutant: Mutant| {
        let fate = bench.judge(&mutant);
        let accepted = baseline.accepts(&mutant).cloned();
        let asks = fate == Fate::Survived && accepted.is_none() && !args.no_proposals;
        let proposal = if asks { bench.proposal(&mutant) } else { Proposal::default() };
        (mutant, fate, accepted, proposal)
    };
    let take = |(mutant, fate, accepted, proposal): (Mutant, Fate, Option<Accepted>, Proposal)| {
        done += 1;
        progress.reached(done);
        match fate {
            Fate::Killed(by) => {
                tally.killed += 1;
                tally.noticed.push((mutant, Some(by)));
            }
            Fate::Refused => {
                tally.refused += 1;
                tally.noticed.push((mutant, None));
            }
            Fate::Survived => {
                let lines = mutant.lines(bench.text(&mutant));
                tally.survivors.push(Survivor { mutant, lines, accepted, proposal });
            }
        }
        Ok::<(), Infallible>(())
    };
    let feed = |give: &mut dyn FnMut(Mutant) -> Result<(), Infallible>| mutants.into_iter().try_for_each(give);
    let Ok(()) = in_order(work, feed, take);
    if subject.filter.is_empty() {
        let survivors: Vec<&Mutant> = tally.survivors.iter().map(|survivor| &survivor.mutant).collect();
        let stale = baseline.stale(&survivors).into_iter().cloned().collect();
        tally.stale = stale;
    }
    tally
}

fn show(tally: &Tally, globals: &Globals, out: &mut Out) -> io::Result<()> {
    let lang = globals.lang();
    if globals.wants_json() {
        for (mutant, by) in &tally.noticed {
            let fate = if by.is_some() { "killed" } else { "refused" };
            out.line(&serde_json::to_string(&MutantJson {
                by: by.as_ref().map(Place::to_string),
                ..mutant_json(mutant, fate)
            })?)?;
        }
    }
    for survivor in &tally.survivors {
        if globals.wants_json() {
            out.line(&serde_json::to_string(&survivor_json(survivor))?)?;
        } else if survivor.accepted.is_none() {
            out.text(&survivor_text(survivor, lang))?;
        }
    }
    for accepted in &tally.stale {
        let Accepted { id, place, .. } = accepted;
        say::note(&match lang {
            Lang::Zh => format!("{place} 已接受的 {id} 现在被案例发现或不复存在，请删去"),
            Lang::En => format!("{place} the accepted {id} is noticed now or gone: delete it"),
        });
    }
    out.flush()
}

/// The place, the lines before and after, and the case to add.
fn survivor_text(survivor: &Survivor, lang: Lang) -> String {
    let Survivor { mutant, lines: (before, after), proposal, .. } = survivor;
    let title = mutant.operator.title();
    let mut text = format!(
        "{}  {}  {}  {}  {}\n",
        Ink::Warn.paint(either(lang, "存活", "SURVIVED")),
        Ink::Place.paint(&mutant.place.to_string()),
        visible(&mutant.path),
        title.get(lang),
        Ink::Faint.paint(&mutant.id),
    );
    let (before, after) = clipped(before, after);
    before
        .iter()
        .for_each(|line| text.push_str(&format!("      {}\n", Ink::Bad.paint(&format!("- {}", visible(line))))));
    after
        .iter()
        .for_each(|line| text.push_str(&format!("      {}\n", Ink::Good.paint(&format!("+ {}", visible(line))))));
    let told = match (&proposal.case, &proposal.reading) {
        (Some(case), _) => {
            let lead = either(lang, "这个案例会发现它：", "this case would notice:");
            format!("{lead}\n{case}")
        }
        (None, Some(line)) => {
            let lead = either(lang, "读法表里的这一行会发现它：", "this line of a table of readings would notice:");
            format!("{lead}\n{}\n{line}\n", Ink::Faint.paint(&Proposal::columns()))
        }
        (None, None) if proposal.tried == 0 => String::new(),
        (None, None) => match lang {
            Lang::Zh => format!("试了 {} 种输入，没有找到不同的结果（可能等价）\n", proposal.tried),
            Lang::En => format!("no differing input found among {} tried (possibly equivalent)\n", proposal.tried),
        },
    };
    told.lines().for_each(|line| text.push_str(&format!("      {line}\n")));
    text
}

/// Characters of a long line that are shown around what differs.
const AROUND: usize = 48;

/// The lines that differ, the longer ones cut down to the surroundings of the difference.
fn clipped(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()).saturating_sub(head);
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let cut = |lines: &[&str], others: &[&str]| -> Vec<String> {
        let end = lines.len().saturating_sub(tail);
        let lines = lines.get(head..end).unwrap_or_default();
        let pairs =
            lines.iter().enumerate().map(|(at, line)| (line, others.get(head + at).copied().unwrap_or_default()));
        pairs.take(6).map(|(line, other)| around(line, other)).collect()
    };
    (cut(&old, &new), cut(&new, &old))
}

fn around(line: &str, other: &str) -> String {
    let chars: Vec<char> = line.trim_end().chars().collect();
    if chars.len() <= 2 * AROUND {
        return chars.into_iter().collect();
    }
    let same = chars.iter().zip(other.chars()).take_while(|(one, other)| **one == *other).count();
    let from = same.saturating_sub(AROUND);
    let shown: String = chars.iter().skip(from).take(2 * AROUND).collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if from + 2 * AROUND < chars.len() { "…" } else { "" });
    format!("{before}{shown}{after}")
}

/// The last lines; says whether all is well.
fn sum_up(tallies: &[Tally], globals: &Globals, args: &MutateArgs, report: &Report, out: &mut Out) -> io::Result<bool> {
    let mut all = Tally::default();
    let (mut accepted, mut open, mut short) = (0, 0, false);
    for tally in tallies {
        let (theirs, unaccepted) = all.add(tally);
        accepted += theirs;
        open += unaccepted;
        short |= args.min.as_ref().is_some_and(|least| is_short(tally, least));
    }
    let stale = tallies.iter().any(|tally| !tally.stale.is_empty());
    let passes = if args.min.is_some() { !short } else { open == 0 && !stale };
    if globals.wants_json() {
        let mutants = MutantsJson {
            total: all.total,
            killed: all.killed + all.refused,
            refused: all.refused,
            survived: accepted + open,
            accepted,
        };
        let total = TotalJson { passed: report.passed(), failed: report.failed(), mutants };
        out.line(&serde_json::to_string(&total)?)?;
        return Ok(passes);
    }
    out.text(&summary(tallies, globals.lang()))?;
    out.line(&format!("{} passed, {} failed", report.passed(), report.failed()))?;
    Ok(passes)
}

/// Mutants that a case could have noticed: those that compile and are not accepted.
fn noticeable(tally: &Tally) -> usize {
    tally.killed + tally.open()
}

fn is_short(tally: &Tally, least: &Exact) -> bool {
    let exact = |count: usize| Exact::from_i64(i64::try_from(count).unwrap_or(i64::MAX));
    let (killed, all) = (exact(tally.killed), exact(noticeable(tally)));
    let sides = (killed.mul(&Exact::from_i64(100)), all.mul(least));
    matches!(sides, (Ok(has), Ok(needs)) if has < needs)
}

/// Killed of what could be noticed, in per cent with one decimal, never rounded up.
fn rate(tally: &Tally) -> String {
    let all = noticeable(tally);
    if all == 0 {
        return "—".to_owned();
    }
    let tenths = tally.killed * 1000 / all;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn summary(tallies: &[Tally], lang: Lang) -> String {
    let mut text = String::new();
    for tally in tallies {
        let Tally { pack, total, killed, refused, .. } = tally;
        let (open, accepted) = (tally.open(), tally.accepted());
        let rate = rate(tally);
        text.push_str(&match lang {
            Lang::Zh => format!(
                "{pack}  变异 {total}：案例发现 {killed}，检查拒绝 {refused}，存活 {open}，另有已接受 {accepted}；发现率 {rate}\n"
            ),
            Lang::En => format!(
                "{pack}  {total} mutants: {killed} killed by cases, {refused} refused by the check, {open} survived, {accepted} more accepted; {rate}\n"
            ),
        });
    }
    text
}

fn survivor_json(survivor: &Survivor) -> MutantJson<'_> {
    let Survivor { mutant, accepted, proposal, .. } = survivor;
    let fate = if accepted.is_some() { "accepted" } else { "survived" };
    MutantJson {
        reason: accepted.as_ref().map(|accepted| accepted.reason.as_str()),
        case: proposal.case.as_deref(),
        reading: proposal.reading.as_deref(),
        tried: proposal.tried,
        ..mutant_json(mutant, fate)
    }
}

fn mutant_json<'a>(mutant: &'a Mutant, fate: &'static str) -> MutantJson<'a> {
    MutantJson {
        mutant: &mutant.id,
        pack: &mutant.pack,
        fate,
        operator: mutant.operator.name(),
        path: &mutant.path,
        file: &mutant.place.file,
        line: mutant.place.line,
        column: mutant.place.column,
        was: &mutant.was,
        now: &mutant.now,
        by: None,
        reason: None,
        case: None,
        reading: None,
        tried: 0,
    }
}

#[derive(Serialize)]
struct MutantJson<'a> {
    mutant: &'a str,
    pack: &'a str,
    /// `killed`, `refused`, `survived`, `accepted`.
    fate: &'static str,
    operator: &'a str,
    path: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    was: &'a str,
    now: &'a str,
    /// The case that fails.
    by: Option<String>,
    /// Why it is accepted.
    reason: Option<&'a str>,
    case: Option<&'a str>,
    reading: Option<&'a str>,
    tried: usize,
}

#[derive(Serialize)]
struct TotalJson {
    passed: usize,
    failed: usize,
    mutants: MutantsJson,
}

#[derive(Serialize)]
struct MutantsJson {
    total: usize,
    /// By cases and by the check.
    killed: usize,
    /// Of these, by the check: they do not compile.
    refused: usize,
    /// Accepted or not.
    survived: usize,
    accepted: usize,
}
