//! `heng explain EVALUATION --why-not`: where the points of a form went, and what would bring them.

#![expect(clippy::disallowed_methods, reason = "the rim: looks whether a file of that name is there")]

mod json;
mod page;

use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::ExplainArgs;
use crate::app::Refusal;
use crate::cli::eval::refused::{self, Refused};
use crate::cli::eval::sources::{FormText, Plan, STDIN};
use crate::cli::layout::Screen;
use crate::cli::rule_files::{self, Rules};
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, Globals};
use crate::counterfactual::{Goal, WhyNot};
use crate::diagnostic::{Bilingual, Lang};
use crate::form::{Draft, Form};
use crate::ruleset::RuleSet;
use crate::store;
use crate::wire::{decode, digest, stored};

/// A form with what it is called, and the rules that scored it before, if any did.
struct Named {
    name: String,
    draft: Draft,
    /// Pack and revision of a stored evaluation.
    scored_by: Option<(String, String)>,
}

/// What is shown.
struct Told<'a> {
    name: &'a str,
    rules: &'a RuleSet,
    why: &'a WhyNot,
    /// The revision that the stored evaluation was made by, where it is another.
    made_by: Option<&'a str>,
}

pub fn run(globals: &Globals, args: &ExplainArgs, goal: &str) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let cannot = |why: &Bilingual| {
        say::failure(lang, why);
        Ok(CANNOT_RUN.into())
    };
    let Some(rules) = rule_files::compiled(&globals.rules, lang) else { return Ok(CANNOT_RUN.into()) };
    let named = match named(&globals.data, args.code.trim(), lang) {
        Ok(named) => named,
        Err(why) => return cannot(&why),
    };
    let rules = match selected(&rules, &named, args.pack.as_deref()) {
        Ok(rules) => rules,
        Err(why) => return cannot(&why),
    };
    let goal = match goal.trim() {
        "" => None,
        text => match Goal::parse(text, rules) {
            Some(goal) => Some(goal),
            None => return cannot(&no_goal(text, rules)),
        },
    };
    let why = match WhyNot::of(rules, named.draft.clone(), goal) {
        Ok(why) => why,
        Err(violations) => {
            let first = violations.into_iter().next();
            return cannot(&first.map(|violation| violation.message).unwrap_or_default());
        }
    };
    let made_by = named.scored_by.as_ref().map(|(_, revision)| revision.as_str());
    let made_by = made_by.filter(|revision| *revision != rules.revision);
    let told = Told { name: &named.name, rules, why: &why, made_by };
    let mut out = Out::open();
    if globals.wants_json() {
        out.line(&serde_json::to_string(&json::json(&told, lang))?)?;
    } else {
        out.text(&page::page(&told, Screen::of_reader(lang)))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// A form file where there is one, or else a stored evaluation.
fn named(data: &Path, name: &str, lang: Lang) -> Result<Named, Bilingual> {
    let path = PathBuf::from(name);
    if name == STDIN || path.exists() || path.extension().is_some() {
        return of_file(path, lang);
    }
    let mut found = None;
    let walked = store::walk_evaluations(data, &mut |record| {
        if record.id != name {
            return ControlFlow::Continue(());
        }
        found = Some(record);
        ControlFlow::Break(())
    });
    let unread = |why: String| {
        Bilingual::new(format!("没有文件 {name}；存下的评价也读不了"), format!("there is no file {name}; {why}"))
    };
    walked.map_err(|why| unread(why.to_string()))?;
    let Some(record) = found else {
        return Err(Bilingual::new(
            format!("没有文件 {name}，也没有这个编号的评价"),
            format!("there is no file {name}, and no evaluation of that id"),
        ));
    };
    let unreadable = |why: String| Bilingual::new("存下的评价读不出来", why);
    let kept = stored::decode(&record.payload).map_err(|why| unreadable(why.to_string()))?;
    let draft = decode::form_bytes(&kept.form).map_err(|why| unreadable(why.to_string()))?;
    Ok(Named { name: record.id, draft, scored_by: Some((kept.rule_pack, kept.revision)) })
}

fn of_file(path: PathBuf, lang: Lang) -> Result<Named, Bilingual> {
    let mut forms: Vec<Result<FormText, Refused>> = Vec::new();
    Plan::of(&[path])
        .each::<()>(&mut |sourced| {
            forms.push(sourced.found.map_err(Refused::unreadable));
            // A second one is enough to know that there are many.
            if forms.len() > 1 { Err(()) } else { Ok(()) }
        })
        .ok();
    let (Some(first), None) = (forms.pop(), forms.pop()) else {
        return Err(Bilingual::new("请只给一张自评表", "name one form"));
    };
    let line = |refused: &Refused| {
        let line = refused.line(lang);
        Bilingual::new(line.clone(), line)
    };
    let text = first.map_err(|refused| line(&refused))?;
    let form = refused::admit(&text).map_err(|refused| line(&refused))?;
    Ok(Named { name: text.file, draft: draft_of(&form), scored_by: None })
}

/// The draft behind a form, by way of its canonical bytes.
fn draft_of(form: &Form) -> Draft {
    decode::form_bytes(&digest::canonical(form)).unwrap_or_default()
}

fn selected<'r>(rules: &'r Rules, named: &Named, pack: Option<&str>) -> Result<&'r RuleSet, Bilingual> {
    let pack = pack.or(named.scored_by.as_ref().map(|(pack, _)| pack.as_str())).unwrap_or_default();
    let year = named.draft.fiscal_year.trim().parse().unwrap_or(0);
    let selected = rules.book.select(pack, "", year, &named.draft.project_code);
    selected.map(AsRef::as_ref).map_err(|none| Refusal::NoRules(none).message())
}

fn no_goal(text: &str, rules: &RuleSet) -> Bilingual {
    let grades: Vec<&str> = rules.bands.iter().filter(|band| band.graded).map(|band| band.title.as_str()).collect();
    let ids: Vec<&str> = rules.bands.iter().filter(|band| band.graded).map(|band| band.id.as_str()).collect();
    Bilingual::new(
        format!("`{text}` 不是等级（{}），也不是分数", grades.join("、")),
        format!("`{text}` is no grade ({}), and no number of points", ids.join(", ")),
    )
}
