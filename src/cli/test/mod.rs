//! `heng test`: runs the regression cases of rule packs, and tells what they do not reach.

mod boundaries;
mod coverage;
mod drive;
mod json;
mod junit;
mod lcov;
mod lines;
mod mutate;
mod review;
mod select;
mod titles;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use self::coverage::Least;
use self::drive::Ran;
use self::lines::Lines;
use self::select::Wanted;
use crate::cli::layout::Screen;
use crate::cli::rerun;
use crate::cli::rule_files::{self, RuleFiles};
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, FAULTY, Globals};
use crate::diagnostic::{Bilingual, Lang};
use crate::document::Problems;
use crate::pack::PackFiles;
use crate::regress::{Case, CaseResult, Change, Coverage, Outcome, Report, Runner, changes};
use crate::ruleset::RuleBook;

#[derive(Debug, Clone, Args)]
pub struct TestArgs {
    /// Folder of rule packs, or one pack; --rules by default
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Only cases whose `pack: name` contains this; alone it may stand in place of DIR
    #[arg(value_name = "FILTER")]
    pub filter: Option<String>,
    /// Only cases of this pack; may be repeated
    #[arg(long, value_name = "ID")]
    pub pack: Vec<String>,
    /// Only cases that reach this rule: an id, section.id, or `FILE:LINE` of a rule file
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Call cases slow that take so many milliseconds
    #[arg(long, value_name = "MS", default_value_t = 200)]
    pub slow: u64,
    /// Show how much of the rules the cases reach, and what they do not
    #[arg(long)]
    pub coverage: bool,
    /// Fail when less is reached: PERCENT of everything, or KIND=PERCENT,… of entries, methods, bands, branches,
    /// checks, parameters, lexicon
    #[arg(long, value_name = "PERCENT", value_parser = Least::parse)]
    pub min: Option<Least>,
    /// Write the coverage to this file in lcov's format, for genhtml and editors
    #[arg(long, value_name = "FILE")]
    pub lcov: Option<PathBuf>,
    /// Propose the cases below, at and above the edges of rules that are missing, as YAML to check and paste
    #[arg(long, conflicts_with_all = ["coverage", "min", "lcov", "review", "junit"])]
    pub boundaries: bool,
    /// Go through the changed scores: accept (rewrites the case file), reject or skip each; with --json, list them
    #[arg(long, conflicts_with = "watch")]
    pub review: bool,
    /// Run again whenever the rules or cases change, until the input ends
    #[arg(long)]
    pub watch: bool,
    /// Write a `JUnit` report to this file
    #[arg(long, value_name = "FILE")]
    pub junit: Option<PathBuf>,
    #[command(flatten)]
    pub mutate: mutate::MutateArgs,
}

impl TestArgs {
    fn wants_coverage(&self) -> bool {
        self.coverage || self.min.is_some() || self.lcov.is_some()
    }
}

/// What a run works on.
struct Bench {
    dir: PathBuf,
    filter: String,
    packs: Vec<PackFiles>,
    /// The one pack that was asked for, when the folder is a pack.
    only: Option<String>,
    book: RuleBook,
}

/// Runs the cases and shows how each ended. The last line is always `N passed, N failed`.
pub fn run(globals: &Globals, args: &TestArgs) -> io::Result<ExitCode> {
    if args.watch {
        let (dir, _) = select::dir_and_filter(globals, args);
        return rerun::on_change(globals.lang(), &dir, || once(globals, args));
    }
    once(globals, args)
}

fn once(globals: &Globals, args: &TestArgs) -> io::Result<ExitCode> {
    match Bench::open(globals, args) {
        Some(bench) => bench.run(globals, args),
        None => Ok(CANNOT_RUN.into()),
    }
}

impl Bench {
    /// Says why where it cannot be done.
    fn open(globals: &Globals, args: &TestArgs) -> Option<Self> {
        let lang = globals.lang();
        let (dir, filter) = select::dir_and_filter(globals, args);
        let RuleFiles { packs, only } = match rule_files::load(&dir) {
            Ok(files) => files,
            Err(why) => {
                say::failure(lang, &why);
                return None;
            }
        };
        let (book, problems) = RuleBook::compile(&packs);
        let Some(book) = book else {
            rule_files::report_broken(&dir, &problems, &packs, lang);
            return None;
        };
        let unknown = args.pack.iter().find(|id| book.get(id).is_none());
        if let Some(id) = unknown {
            say::failure(lang, &no_pack(id, &book));
            return None;
        }
        Some(Bench { dir, filter, packs, only, book })
    }

    fn run(&self, globals: &Globals, args: &TestArgs) -> io::Result<ExitCode> {
        let lang = globals.lang();
        let wanted = match args.rule.as_deref().map(|rule| Wanted::parse(rule, &self.dir, &self.book)).transpose() {
            Ok(wanted) => wanted,
            Err(why) => {
                say::failure(lang, &why);
                return Ok(CANNOT_RUN.into());
            }
        };
        let beside = rule_files::beside(&self.dir, self.only.as_deref());
        let form_file = |pack: &str, path: &str| rule_files::form_file(&beside, pack, path);
        let runner = Runner { book: &self.book, folder: &self.packs, form_file: &form_file };
        if args.mutate.mutate {
            let mut report = runner.run("");
            report.results.retain(|result| self.is_asked_for(args, &result.pack));
            if report.failed() == 0 {
                return mutate::run(globals, &args.mutate, &self.subject(args, &report));
            }
        }
        let (mut cases, mut problems) = runner.cases();
        cases.retain(|case| self.is_asked_for(args, case.pack) && case.title().contains(&self.filter));
        if args.boundaries {
            return boundaries_of(&runner, &cases, globals);
        }
        let watched = args.wants_coverage() || wanted.is_some();
        let (mut all, took) = drive::timed(|| drive::run(&runner, &cases, watched));
        let tables = runner.readings(&mut problems).into_iter();
        let tables = tables
            .filter(|table| self.is_asked_for(args, &table.result.pack) && table.result.title().contains(&self.filter));
        all.extend(tables.map(|watched| Ran { watched, took: Duration::ZERO }));
        all.sort_by(|one, other| one.watched.result.pack.cmp(&other.watched.result.pack));
        all.retain(|ran| wanted.as_ref().is_none_or(|wanted| wanted.is_reached(&ran.watched.reach)));
        let coverage = args.wants_coverage().then(|| self.coverage(args, &all));
        let short = args.min.iter().zip(&coverage).flat_map(|(least, coverage)| least.shortfalls(coverage)).collect();
        let told = Told { all, problems, took, coverage, short };
        if let Err(why) = told.write_files(args, &beside, lang) {
            say::failure(lang, &why);
            return Ok(CANNOT_RUN.into());
        }
        if args.review {
            return self.review(globals, args, &told, &beside);
        }
        self.tell(globals, args, &told)
    }

    /// Goes through the changed scores; what was accepted is run again.
    fn review(&self, globals: &Globals, args: &TestArgs, told: &Told, folder: &Path) -> io::Result<ExitCode> {
        let lang = globals.lang();
        let results: Vec<&CaseResult> = told.all.iter().map(|ran| &ran.watched.result).collect();
        let mut out = Out::open();
        if globals.wants_json() {
            let (passed, failed) = told.counts();
            let pending: Vec<Change<'_>> = results.iter().flat_map(|result| changes(result)).collect();
            pending.iter().try_for_each(|change| out.line(&review::json(change)))?;
            let total = json::Total { pending: Some(pending.len()), ..json::Total::of(passed, failed) };
            out.line(&serde_json::to_string(&total)?)?;
            out.flush()?;
            return Ok(if failed > 0 { FAULTY.into() } else { ExitCode::SUCCESS });
        }
        let reviewed = review::review(&results, folder, &self.lines(args, lang), &mut out)?;
        out.line(&reviewed.sentence(lang))?;
        out.flush()?;
        drop(out);
        once(globals, &TestArgs { review: false, ..args.clone() })
    }

    fn subject<'a>(&'a self, args: &'a TestArgs, report: &'a Report) -> mutate::Subject<'a> {
        mutate::Subject {
            dir: &self.dir,
            book: &self.book,
            packs: &self.packs,
            only: self.only.as_deref(),
            asked: &args.pack,
            filter: &self.filter,
            report,
        }
    }

    fn lines(&self, args: &TestArgs, lang: Lang) -> Lines<'_> {
        Lines { packs: &self.packs, lang, slow: Duration::from_millis(args.slow) }
    }

    fn tell(&self, globals: &Globals, args: &TestArgs, told: &Told) -> io::Result<ExitCode> {
        let lang = globals.lang();
        let Told { all, problems, took, coverage, short } = told;
        let (passed, failed) = told.counts();
        let mut out = Out::open();
        if globals.wants_json() {
            all.iter().try_for_each(|ran| out.line(&json::case(&ran.watched.result, lang)))?;
            let (counts, uncovered) = (coverage.as_ref().map(json::counts), coverage.as_ref());
            let uncovered = uncovered.map(|coverage| json::uncovered(coverage, lang));
            let total = json::Total { coverage: counts, uncovered, ..json::Total::of(passed, failed) };
            out.line(&serde_json::to_string(&total)?)?;
        } else {
            let lines = self.lines(args, lang);
            all.iter().try_for_each(|ran| out.text(&lines.case(ran)))?;
            out.text(&say::diagnostics(problems, &self.packs, lang))?;
            if let Some(coverage) = coverage {
                out.text(&coverage::page(coverage, Screen::of_reader(lang)))?;
            }
            if !all.is_empty() {
                out.text(&lines.summary(all, *took))?;
            }
            out.line(&format!("{passed} passed, {failed} failed"))?;
        }
        out.flush()?;
        short.iter().for_each(|why| say::failure(lang, why));
        if all.is_empty() && failed == 0 {
            say::failure(lang, &no_case(&self.dir, &self.filter));
            return Ok(CANNOT_RUN.into());
        }
        Ok(if failed > 0 || !short.is_empty() { FAULTY.into() } else { ExitCode::SUCCESS })
    }

    fn is_asked_for(&self, args: &TestArgs, pack: &str) -> bool {
        self.only.as_deref().is_none_or(|only| only == pack)
            && (args.pack.is_empty() || args.pack.iter().any(|id| id == pack))
    }

    fn coverage(&self, args: &TestArgs, all: &[Ran]) -> Coverage {
        Coverage::of(&self.book, |pack| self.is_asked_for(args, pack), all.iter().map(|ran| &ran.watched.reach))
    }
}

/// Writes the missing cases at edges; how many there are is talk.
fn boundaries_of(runner: &Runner<'_>, cases: &[Case<'_>], globals: &Globals) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let mut out = Out::open();
    let counts = boundaries::write(runner, cases, (lang, globals.wants_json()), &mut out)?;
    if globals.wants_json() {
        out.line(&serde_json::json!({ "boundaries": counts }).to_string())?;
    }
    out.flush()?;
    let boundaries::Counts { covered, missing, out_of_reach } = counts;
    say::note(&match lang {
        Lang::Zh => format!("边界的各侧：{covered} 处有案例，{missing} 处缺，{out_of_reach} 处改一个数到不了"),
        Lang::En => {
            format!("sides of edges: {covered} have a case, {missing} lack one, {out_of_reach} are out of reach")
        }
    });
    Ok(ExitCode::SUCCESS)
}

/// What a run came to.
struct Told {
    all: Vec<Ran>,
    problems: Problems,
    took: Duration,
    coverage: Option<Coverage>,
    /// What coverage falls short of.
    short: Vec<Bilingual>,
}

impl Told {
    /// The reports that were asked for. `folder` is where the packs stand.
    fn write_files(&self, args: &TestArgs, folder: &Path, lang: Lang) -> Result<(), Bilingual> {
        if let (Some(path), Some(coverage)) = (&args.lcov, &self.coverage) {
            write(path, &lcov::trace(coverage, folder))?;
        }
        if let Some(path) = &args.junit {
            let report = junit::report(&self.all, &self.problems, lang);
            write(path, &report.map_err(|why| Bilingual::new(why.clone(), why))?)?;
        }
        Ok(())
    }

    /// Passed; failed and broken cases, and unreadable files.
    fn counts(&self) -> (usize, usize) {
        let passed = self.all.iter().filter(|ran| ran.watched.result.outcome == Outcome::Passed).count();
        let unreadable = self.problems.iter().filter(|problem| problem.is_error()).count();
        (passed, self.all.len() - passed + unreadable)
    }
}

#[expect(clippy::disallowed_methods, reason = "the rim: writes the file that was asked for")]
fn write(path: &Path, text: &str) -> Result<(), Bilingual> {
    std::fs::write(path, text).map_err(|why| {
        let path = path.display();
        Bilingual::new(format!("写不了 {path}：{why}"), format!("cannot write {path}: {why}"))
    })
}

fn no_pack(id: &str, book: &RuleBook) -> Bilingual {
    let known: Vec<&str> = book.sets().map(|set| set.id.as_str()).collect();
    let meant = Bilingual::did_you_mean(id, known.iter().copied()).unwrap_or_else(|| {
        Bilingual::new(format!("现有：{}", known.join("、")), format!("there are {}", known.join(", ")))
    });
    Bilingual::new(format!("没有规则包 `{id}`；{}", meant.zh), format!("there is no rule pack `{id}`; {}", meant.en))
}

fn no_case(dir: &Path, filter: &str) -> Bilingual {
    let dir = dir.display();
    if filter.is_empty() {
        return Bilingual::new(format!("{dir} 里没有案例"), format!("there is no case in {dir}"));
    }
    Bilingual::new(
        format!("{dir} 里没有名称含“{filter}”的案例，也没有这个名称的文件夹"),
        format!("no case in {dir} contains `{filter}`, and there is no folder of that name"),
    )
}
