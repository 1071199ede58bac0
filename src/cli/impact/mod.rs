//! `heng impact`: what a change of rules does to people's scores, and what it changes in the rules.

mod csv;
mod forms;
mod git;
mod report;
mod revision;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::eval::in_order::in_order;
use super::eval::sources::Plan;
use super::layout::{Progress, Screen};
use super::rule_files::{self, Rules};
use super::say::{self, Out};
use super::{CANNOT_RUN, FAULTY, Globals, either};
use crate::diagnostic::{Bilingual, Lang};
use crate::impact::{Budget, Comparison, Edition, FormImpact, Impact, RuleDifference, differences};
use crate::quantity::Points;
use crate::ruleset::RuleBook;
use csv::Csv;
use forms::{Failure, Forms, Item, Met, Named, Passed};
use revision::RevisionSource;

/// Exit code 0 when no score changes, 1 when some do, 2 when it could not be told. With a limit: 0 when all limits
/// hold, 1 when one does not. Without forms: 0 when the rules say the same, 1 when they differ.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "A revision is a folder of rules, `git:REF` or `git:REF:PATH` (a commit, branch or tag; the path \
    is that of the other side's folder where it is left out), or a name of git such as HEAD~1.\n\n\
    Exit code: 0 no score changes, 1 some do, 2 it could not be told. With --max-…: 0 the limits hold, 1 one does \
    not. Without forms: 0 the rules say the same, 1 they differ."
)]
pub struct ImpactArgs {
    /// The rules as they were
    #[arg(long, value_name = "REV")]
    pub from: String,
    /// The rules as they are to be [default: the folder of --rules]
    #[arg(long, value_name = "REV")]
    pub to: Option<String>,
    /// Files and folders of forms, as for `heng eval`; without any, only the rules are compared
    #[arg(value_name = "FORM")]
    pub forms: Vec<PathBuf>,
    /// The forms of the stored evaluations in --data; a running heng may go on serving
    #[arg(long, conflicts_with = "forms")]
    pub store: bool,
    /// Score by this rule pack instead of the one that applies
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub pack: String,
    /// How many of the forms that move most are shown
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub top: usize,
    /// Write a line for every form and every row that changes, for spreadsheets
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Fail when the scores of more forms change
    #[arg(long, value_name = "N")]
    pub max_changed: Option<usize>,
    /// Fail when the points of a form move further, up or down
    #[arg(long, value_name = "POINTS", value_parser = points)]
    pub max_delta: Option<Points>,
    /// Fail when more forms fall to a lower grade or lose theirs
    #[arg(long, value_name = "N")]
    pub max_grade_drops: Option<usize>,
}

/// Points, zero or more, as an option of the command line.
pub(super) fn points(text: &str) -> Result<Points, String> {
    Points::parse(text)
        .filter(|points| !points.is_negative())
        .ok_or_else(|| "a number of points, such as 2.5".to_owned())
}

/// What came of it all.
struct Told<'a> {
    from: String,
    to: String,
    books: [&'a RuleBook; 2],
    rules: Vec<RuleDifference>,
    /// Absent where no forms were given.
    impact: Option<Impact>,
    refused: usize,
    /// Forms that were there more than once.
    repeated: usize,
    budget: &'a Budget,
}

pub fn run(globals: &Globals, args: &ImpactArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let from = RevisionSource::parse(&args.from);
    let to = args.to.as_deref().map_or_else(|| RevisionSource::Folder(globals.rules.clone()), RevisionSource::parse);
    let Some((old, new)) = both(&from, &to, globals) else { return Ok(CANNOT_RUN.into()) };
    let budget =
        Budget { max_changed: args.max_changed, max_delta: args.max_delta, max_grade_drops: args.max_grade_drops };
    let rules = differences(&edition(&old), &edition(&new));
    let mut told = Told {
        from: from.to_string(),
        to: to.to_string(),
        books: [&old.book, &new.book],
        rules,
        impact: None,
        refused: 0,
        repeated: 0,
        budget: &budget,
    };
    if args.store || !args.forms.is_empty() {
        let forms = if args.store { Forms::Store(&globals.data) } else { Forms::Files(Plan::of(&args.forms)) };
        let comparison = Comparison::new(&old.book, &new.book).by_pack(&args.pack);
        match compare(&forms, &comparison, args, lang, &mut told) {
            Ok(()) => {}
            Err(Failure::Output(error)) => return Err(error),
            Err(Failure::Store(error)) => {
                say::error(&error.to_string());
                return Ok(CANNOT_RUN.into());
            }
        }
    }
    let mut out = Out::open();
    if globals.wants_json() {
        out.line(&serde_json::to_string(&report::json(&told, lang))?)?;
    } else {
        out.text(&report::text(&told, Screen::of_reader(lang)))?;
    }
    out.flush()?;
    Ok(exit_code(&told))
}

/// Both editions. A stored revision is one pack with those it extends: the other side is then looked at as far as it is
/// that pack.
fn both(from: &RevisionSource, to: &RevisionSource, globals: &Globals) -> Option<(Rules, Rules)> {
    let (lang, data) = (globals.lang(), &globals.data);
    let beside = |other: &RevisionSource| match other {
        RevisionSource::Folder(dir) => vec![dir.clone(), globals.rules.clone()],
        _ => vec![globals.rules.clone()],
    };
    let mut old = from.load(&beside(to), data, lang)?;
    let mut new = to.load(&beside(from), data, lang)?;
    if let Some(pack) = from.only_pack(&old).or_else(|| to.only_pack(&new)) {
        old = rule_files::with_ancestors(old, &pack);
        new = rule_files::with_ancestors(new, &pack);
    }
    Some((from.compiled(old, lang)?, to.compiled(new, lang)?))
}

fn edition(rules: &Rules) -> Edition<'_> {
    Edition { book: &rules.book, files: &rules.files }
}

/// Compares every form on all cores, in their order.
fn compare(
    forms: &Forms<'_>,
    comparison: &Comparison<'_>,
    args: &ImpactArgs,
    lang: Lang,
    told: &mut Told<'_>,
) -> Result<(), Failure> {
    let mut csv = args.csv.as_deref().map(|path| open_csv(path, lang)).transpose()?;
    let mut impact = comparison.tally(args.top);
    let mut progress = Progress::of(forms.count(), either(lang, "比较中", "comparing"));
    let mut met = Met::default();
    let work = |(at, item): (usize, Item)| (at, worked(item, comparison, lang));
    let take = |(at, outcome): (usize, Result<Worked, Passed>)| {
        progress.reached(at);
        match outcome {
            Ok(Worked { impact: form, digest }) => {
                if !met.is_new(digest) {
                    told.repeated += 1;
                    return Ok(());
                }
                if let Some(csv) = &mut csv {
                    csv.form(&form)?;
                }
                impact.record(form);
            }
            Err(passed) => {
                told.refused += usize::from(passed.is_named);
                let word = either(lang, "略过", "passed over");
                progress.aside(|| say::note(&format!("{word} {}", passed.line)));
            }
        }
        Ok(())
    };
    let mut broken = None;
    in_order(work, |give| forms.each(give).or_else(|failure| kept(failure, &mut broken)), take)?;
    drop(progress);
    if let Some(csv) = csv {
        csv.close()?;
    }
    told.impact = Some(impact.finish());
    broken.map_or(Ok(()), |error| Err(Failure::Store(error)))
}

/// What the store says is told after everything that was read before is counted.
fn kept(failure: Failure, broken: &mut Option<crate::store::StoreError>) -> io::Result<()> {
    match failure {
        Failure::Output(error) => Err(error),
        Failure::Store(error) => {
            *broken = Some(error);
            Ok(())
        }
    }
}

struct Worked {
    impact: FormImpact,
    digest: String,
}

fn worked(item: Item, comparison: &Comparison<'_>, lang: Lang) -> Result<Worked, Passed> {
    let Named { label, form } = item.form(lang)?;
    Ok(Worked { impact: comparison.compare(&label, &form), digest: forms::digest_of(&form) })
}

fn open_csv(path: &Path, lang: Lang) -> io::Result<Csv> {
    Csv::create(path, lang).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn exit_code(told: &Told<'_>) -> ExitCode {
    let fails = match &told.impact {
        None => !told.rules.is_empty(),
        Some(impact) if impact.forms == 0 => return CANNOT_RUN.into(),
        Some(impact) if told.budget.is_unlimited() => impact.changed > 0,
        Some(impact) => !told.budget.exceeded_by(impact).is_empty(),
    };
    if fails { FAULTY.into() } else { ExitCode::SUCCESS }
}

/// A place as people look it up: file and line.
fn line_of(place: &crate::diagnostic::Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// What a form is scored by where nothing scores it.
fn no_rules() -> Bilingual {
    Bilingual::new("没有适用的规则", "no rules apply")
}
