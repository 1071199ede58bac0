//! `heng eval`: forms evaluated offline, or by a running heng.

#![expect(clippy::disallowed_methods, reason = "the rim: an answer says when it was made")]

mod refused;
mod sources;
mod view;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;

use super::layout::Screen;
use super::rule_files::{self, Rules};
use super::say::{self, Out};
use super::{CANNOT_RUN, FAULTY, Globals};
use crate::app::Refusal;
use crate::diagnostic::{Bilingual, Lang, Severity};
use crate::evaluation::{Evaluation, evaluate};
use crate::form::Form;
use crate::rpc::{self, ClientError};
use crate::ruleset::RuleSet;
use crate::wire::encode::Identity;
use crate::wire::json::{self, Layout};
use crate::wire::{decode, digest};
use refused::Refused;
use sources::FormText;
use view::View;

#[derive(Debug, Clone, Args)]
pub struct EvalArgs {
    /// Files and folders of forms (.yaml, .yml, .json; .ndjson has a form on each line), - for standard input
    #[arg(required = true, value_name = "FORM")]
    pub forms: Vec<PathBuf>,
    /// Score by this rule pack instead of the one that applies
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    pub pack: String,
    /// Let a running heng evaluate and keep the forms, under its rules
    #[arg(long, value_name = "URL")]
    pub server: Option<String>,
    /// Show for every row how its texts were read, with what was used underlined
    #[arg(long, conflicts_with = "server")]
    pub readings: bool,
}

/// Evaluates every form that can be read; the others are said to be refused.
pub fn run(globals: &Globals, args: &EvalArgs) -> io::Result<ExitCode> {
    let rules = match &args.server {
        Some(_) => None,
        None => match rule_files::compiled(&globals.rules, globals.lang()) {
            Some(rules) => Some(rules),
            None => return Ok(CANNOT_RUN.into()),
        },
    };
    let evaluator = match (&rules, args.server.as_deref()) {
        (Some(rules), _) => Evaluator::Here { rules },
        (None, server) => Evaluator::Server { url: server.unwrap_or_default() },
    };
    let mut run = Run {
        evaluator,
        pack: &args.pack,
        json: globals.wants_json(),
        readings: args.readings,
        screen: Screen::of_reader(globals.lang()),
        out: Out::open(),
        tally: Tally::default(),
    };
    sources::each(&args.forms, &mut |found| match found {
        Ok(text) => run.form(&text),
        Err(unreadable) => run.refuse(&Refused::unreadable(unreadable)),
    })?;
    run.close()
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

struct Run<'r> {
    evaluator: Evaluator<'r>,
    pack: &'r str,
    json: bool,
    readings: bool,
    screen: Screen,
    out: Out,
    tally: Tally,
}

/// How many forms there were, and how they fared.
#[derive(Default)]
struct Tally {
    evaluated: usize,
    /// Evaluated, with an error among the findings or a rule that failed.
    faulty: usize,
    refused: usize,
}

impl Run<'_> {
    fn form(&mut self, text: &FormText) -> io::Result<()> {
        let form = match refused::admit(text) {
            Ok(form) => form,
            Err(refused) => return self.refuse(&refused),
        };
        match self.evaluator.answer(&form, self.pack) {
            Ok(answer) => self.show(&form, &answer),
            Err(message) => self.refuse(&Refused::because(text, message)),
        }
    }

    fn show(&mut self, form: &Form, answer: &Answer<'_>) -> io::Result<()> {
        let Answer { evaluation, identity, rules } = answer;
        self.tally.evaluated += 1;
        if !evaluation.complete || evaluation.findings.iter().any(|finding| finding.severity == Severity::Error) {
            self.tally.faulty += 1;
        }
        if self.json {
            self.out.line(&json::evaluation(evaluation, identity, Layout::Line).map_err(io::Error::other)?)?;
        } else {
            let view = View {
                form,
                evaluation,
                id: &identity.id,
                rules: *rules,
                readings: self.readings,
                screen: self.screen,
            };
            self.out.text(&view.text())?;
        }
        self.out.flush()
    }

    fn refuse(&mut self, refused: &Refused) -> io::Result<()> {
        self.tally.refused += 1;
        let lang = self.screen.lang;
        if self.json {
            self.out.line(&refused.json(lang))?;
            return self.out.flush();
        }
        say::note(refused.text(lang).trim_end());
        say::note("");
        Ok(())
    }

    fn close(mut self) -> io::Result<ExitCode> {
        let Tally { evaluated, faulty, refused } = self.tally;
        if !self.json && evaluated + refused > 1 {
            self.out.line(&totals(self.screen.lang, &self.tally))?;
        }
        self.out.flush()?;
        Ok(match (evaluated, faulty + refused) {
            (0, _) => CANNOT_RUN.into(),
            (_, 0) => ExitCode::SUCCESS,
            _ => FAULTY.into(),
        })
    }
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

fn totals(lang: Lang, tally: &Tally) -> String {
    let Tally { evaluated, faulty, refused } = tally;
    match lang {
        Lang::Zh => format!(
            "共 {} 张自评表：评价 {evaluated} 张，其中有错误 {faulty} 张；未接受 {refused} 张",
            evaluated + refused
        ),
        Lang::En => format!(
            "{} forms: {evaluated} evaluated, {faulty} of them with errors; {refused} refused",
            evaluated + refused
        ),
    }
}
