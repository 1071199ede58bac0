//! `heng eval`: forms evaluated offline, or by a running heng.

#![expect(clippy::disallowed_methods, reason = "the rim: an answer says when it was made")]

pub(in crate::cli) mod in_order;
mod list;
pub(super) mod refused;
mod report;
pub(super) mod sources;
mod summary;
mod view;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use super::layout::{Screen, width};
use super::rule_files::{self, Rules};
use super::{CANNOT_RUN, Globals};
use crate::app::Refusal;
use crate::diagnostic::{Bilingual, Lang, Severity};
use crate::evaluation::{Evaluation, evaluate};
use crate::form::Form;
use crate::rpc::{self, ClientError};
use crate::ruleset::RuleSet;
use crate::wire::encode::Identity;
use crate::wire::json::{self, Layout};
use crate::wire::{decode, digest};
pub use in_order::in_order;
use list::List;
use refused::Refused;
use report::Report;
use sources::{FormText, Origin, Plan, Sourced};
use summary::Fared;
use view::View;

#[derive(Debug, Clone, Args)]
pub struct EvalArgs {
    /// Files and folders of forms (.yaml, .yml, .json; .ndjson has a form on each line), - for standard input.
    /// One form is shown whole; many are listed, a line for each, with a summary
    #[arg(required = true, value_name = "FORM")]
    pub forms: Vec<PathBuf>,
    /// Score by this rule pack instead of the one that applies
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub pack: String,
    /// Let a running heng evaluate and keep the forms, under its rules
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Show every form whole, also when there are many
    #[arg(long)]
    pub pages: bool,
    /// Show for every row how its texts were read, with what was used underlined
    #[arg(long, conflicts_with = "server")]
    pub readings: bool,
}

/// Evaluates every form that can be read; the others are said to be refused.
pub fn run(globals: &Globals, args: &EvalArgs) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let rules = match &args.server {
        Some(_) => None,
        None => match rule_files::compiled(&globals.rules, lang) {
            Some(rules) => Some(rules),
            None => return Ok(CANNOT_RUN.into()),
        },
    };
    let evaluator = match (&rules, args.server.as_deref()) {
        (Some(rules), _) => Evaluator::Here { rules },
        (None, server) => Evaluator::Server { url: server.unwrap_or_default() },
    };
    let plan = Plan::of(&args.forms);
    let screen = Screen::of_reader(lang);
    let root = Root::of(&args.forms);
    let shape = if globals.wants_json() {
        Shape::Json
    } else if plan.is_single() || args.pages || args.readings {
        Shape::Page { readings: args.readings }
    } else {
        let widest_name = plan.widest_name(|name| width(root.label(name)));
        Shape::Row(List::new(screen, widest_name, evaluator.widest_grade(lang)))
    };
    let worker = Worker { evaluator, pack: &args.pack, shape, screen, root: &root };
    let mut report = Report::new(shape, screen, plan.files());
    in_order(|sourced| worker.work(sourced), |give| plan.each(give), |worked| report.take(worked))?;
    report.close(&plan)
}

/// What is shown of each form.
#[derive(Clone, Copy)]
enum Shape {
    Json,
    /// The whole page.
    Page {
        readings: bool,
    },
    /// One line.
    Row(List),
}

/// The folder that was named, when it was the only thing named: its files are called by their place in it.
struct Root(Option<String>);

impl Root {
    fn of(named: &[PathBuf]) -> Self {
        match named {
            [only] if only.is_dir() => Root(Some(format!("{}/", only.display().to_string().trim_end_matches('/')))),
            _ => Root(None),
        }
    }

    fn label<'f>(&self, file: &'f str) -> &'f str {
        self.0.as_deref().and_then(|root| file.strip_prefix(root)).unwrap_or(file)
    }
}

/// Who evaluates.
#[derive(Clone, Copy)]
enum Evaluator<'r> {
    Here { rules: &'r Rules },
    Server { url: &'r str },
}

/// An evaluation, with the rules where they are at hand.
struct Answer<'r> {
    evaluation: Evaluation,
    identity: Identity,
    rules: Option<&'r RuleSet>,
}

impl<'r> Evaluator<'r> {
    /// Cells of the longest grade that may be given.
    fn widest_grade(self, lang: Lang) -> usize {
        let Evaluator::Here { rules } = self else { return 0 };
        let bands = rules.book.sets().flat_map(|set| &set.bands).filter(|band| band.graded);
        bands.map(|band| width(list::grade_label(&band.id, &band.title, lang))).max().unwrap_or(0)
    }

    fn answer(self, form: &Form, pack: &str) -> Result<Answer<'r>, Bilingual> {
        match self {
            Evaluator::Here { rules } => {
                let selected = rules.book.select(pack, "", form.fiscal_year().get(), form.project_code());
                let rules = selected.map_err(|none| Refusal::NoRules(none).message())?;
                let form_digest = digest::of_form(&digest::canonical(form));
                let identity = Identity { id: String::new(), form_digest, evaluated_at: Some(Timestamp::now()) };
                Ok(Answer { evaluation: evaluate(rules, form), identity, rules: Some(rules) })
            }
            Evaluator::Server { url } => {
                let bytes = rpc::evaluate(url, form, pack).map_err(|error| no_answer(&error))?;
                let (evaluation, identity) = decode::evaluation(&bytes)
                    .map_err(|error| Bilingual::new("服务的回答无法读取：它的版本与本程序不同", error.to_string()))?;
                Ok(Answer { evaluation, identity, rules: None })
            }
        }
    }
}

/// What turns a text into what is shown of it; runs on every core.
struct Worker<'r> {
    evaluator: Evaluator<'r>,
    pack: &'r str,
    shape: Shape,
    screen: Screen,
    root: &'r Root,
}

/// A text after it was worked on.
struct Worked {
    files_before: usize,
    origin: Origin,
    outcome: Result<Shown, Refused>,
}

struct Shown {
    text: io::Result<String>,
    faulty: bool,
    /// Where there is a summary.
    fared: Option<Fared>,
}

impl Worker<'_> {
    fn work(&self, sourced: Sourced) -> Worked {
        let Sourced { files_before, origin, found } = sourced;
        let outcome = match found {
            Ok(text) => self.evaluated(&text, origin),
            Err(unreadable) => Err(Refused::unreadable(unreadable)),
        };
        Worked { files_before, origin, outcome }
    }

    fn evaluated(&self, text: &FormText, origin: Origin) -> Result<Shown, Refused> {
        let form = refused::admit(text)?;
        let answer = self.evaluator.answer(&form, self.pack).map_err(|why| Refused::because(text, why))?;
        let Answer { evaluation, identity, rules } = &answer;
        let lang = self.screen.lang;
        let file = if text.is_line { format!("{}:{}", text.file, text.lines_before + 1) } else { text.file.clone() };
        let (shown, fared) = match self.shape {
            Shape::Json => (json_line(evaluation, identity, Some(file).filter(|_| origin == Origin::Found)), None),
            Shape::Page { readings } => {
                let view =
                    View { form: &form, evaluation, id: &identity.id, rules: *rules, readings, screen: self.screen };
                (Ok(view.text()), Some(Fared::of(evaluation, *rules, lang)))
            }
            Shape::Row(list) => {
                (Ok(list.row(self.root.label(&file), evaluation) + "\n"), Some(Fared::of(evaluation, *rules, lang)))
            }
        };
        Ok(Shown { text: shown, faulty: is_faulty(evaluation), fared })
    }
}

/// The evaluation on a line. That of a file which was only found says first which one it is.
fn json_line(evaluation: &Evaluation, identity: &Identity, file: Option<String>) -> io::Result<String> {
    let line = json::evaluation(evaluation, identity, Layout::Line).map_err(io::Error::other)?;
    Ok(match (file, line.strip_prefix('{')) {
        (Some(file), Some(rest)) => format!("{{\"file\":{},{rest}\n", serde_json::to_string(&file)?),
        _ => line + "\n",
    })
}

/// With an error among the findings, or a rule that failed.
fn is_faulty(evaluation: &Evaluation) -> bool {
    !evaluation.complete || evaluation.findings.iter().any(|finding| finding.severity == Severity::Error)
}

fn no_answer(error: &ClientError) -> Bilingual {
    let zh = match error {
        ClientError::BadAddress(address) => format!("`{address}` 不是服务地址，应写成 http://主机:端口"),
        ClientError::Unreachable { server, .. } => format!("连不上 {server}；请确认那里正运行 heng serve"),
        ClientError::Refused(why) => format!("服务没有接受这张自评表：{why}"),
        ClientError::Empty => "服务回答了，但没有给出评价".to_owned(),
    };
    Bilingual::new(zh, error.to_string())
}
