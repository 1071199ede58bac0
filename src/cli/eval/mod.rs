//! `heng eval`: forms evaluated offline.

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
use crate::diagnostic::{Lang, Severity};
use crate::evaluation::{Evaluation, evaluate};
use crate::form::Form;
use crate::ruleset::RuleSet;
use crate::wire::digest;
use crate::wire::encode::Identity;
use crate::wire::json::{self, JsonError, Layout};
use refused::Refused;
use sources::FormText;
use view::View;

#[derive(Debug, Clone, Args)]
pub struct EvalArgs {
    /// Files and folders of forms (.yaml, .yml, .json; .ndjson has a form on each line), - for standard input
    #[arg(required = true, value_name = "FORM")]
    pub forms: Vec<PathBuf>,
    /// Score by this rule pack instead of the one that applies
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
}

/// Evaluates every form that can be read; the others are said to be refused.
pub fn run(globals: &Globals, args: &EvalArgs) -> io::Result<ExitCode> {
    let Some(rules) = rule_files::compiled(&globals.rules, globals.lang()) else { return Ok(CANNOT_RUN.into()) };
    let mut run = Run {
        rules: &rules,
        pack: args.pack.as_deref().unwrap_or_default(),
        json: globals.wants_json(),
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

struct Run<'r> {
    rules: &'r Rules,
    pack: &'r str,
    json: bool,
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
        let selected = self
            .rules
            .book
            .select(self.pack, "", form.fiscal_year().get(), form.project_code())
            .map_err(Refusal::NoRules);
        match selected {
            Ok(rules) => self.evaluate(rules, &form),
            Err(refusal) => self.refuse(&Refused::because(text, refusal.message())),
        }
    }

    fn evaluate(&mut self, rules: &RuleSet, form: &Form) -> io::Result<()> {
        let evaluation = evaluate(rules, form);
        self.tally.evaluated += 1;
        if !evaluation.complete || evaluation.findings.iter().any(|finding| finding.severity == Severity::Error) {
            self.tally.faulty += 1;
        }
        if self.json {
            self.out.line(&as_json(&evaluation, form).map_err(io::Error::other)?)?;
        } else {
            self.out.text(&View { form, evaluation: &evaluation, rules, screen: self.screen }.text())?;
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

fn as_json(evaluation: &Evaluation, form: &Form) -> Result<String, JsonError> {
    let identity = Identity {
        id: String::new(),
        form_digest: digest::of_form(&digest::canonical(form)),
        evaluated_at: Some(Timestamp::now()),
    };
    json::evaluation(evaluation, &identity, Layout::Line)
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
