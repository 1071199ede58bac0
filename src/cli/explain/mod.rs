//! `heng explain`: the page of a code: a finding, a rule, a parameter, a pack, a diagnostic, a function, a name; or why
//! a form has no more points.

mod example;
mod page;
mod why_not;

use std::collections::BTreeSet;
use std::io;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use super::layout::Screen;
use super::rule_files::{self, Rules};
use super::rules::entry_json;
use super::say::{self, Out};
use super::{CANNOT_RUN, Globals};
use crate::diagnostic::{Bilingual, Lang};
use crate::formula::functions;
use crate::reference::{Entry, PackReference, diagnostic_pages};
use crate::ruleset::{RuleSet, name_tables};
use example::Example;

#[derive(Debug, Clone, Args)]
pub struct ExplainArgs {
    /// Code of a finding, of a diagnostic, of anything in a rule pack, or the name of a pack, function or name; with
    /// --why-not a form file, or the id of a stored evaluation
    #[arg(value_name = "CODE|FORM|EVALUATION")]
    pub code: String,
    /// Account for every point that the form is not awarded, and show the smallest change that reaches a grade (by
    /// its title or id), so many points or, without a value, the next grade; and full points of each row
    #[arg(long, value_name = "GRADE|POINTS", num_args = 0..=1, default_missing_value = "")]
    pub why_not: Option<String>,
    /// As this rule pack has it; by default as the most general pack that has it
    #[arg(long, value_name = "ID")]
    pub pack: Option<String>,
}

/// A thing that has the code.
enum Meant {
    Entry { entry: Box<Entry>, pack: String, used_by: Vec<String>, example: Option<Example> },
    Pack(Box<PackReference>),
    Diagnostic(&'static str),
    Function { signature: String, doc: Bilingual },
    Name { about: Bilingual, kind: Bilingual, doc: Bilingual },
}

/// Shows everything that has the code.
pub fn run(globals: &Globals, args: &ExplainArgs) -> io::Result<ExitCode> {
    if let Some(goal) = &args.why_not {
        return why_not::run(globals, args, goal);
    }
    let lang = globals.lang();
    let code = args.code.trim();
    let diagnostic = diagnostic_pages(lang).into_iter().find(|page| page.code == code);
    let mut meant: Vec<Meant> = diagnostic.map(|page| Meant::Diagnostic(page.text)).into_iter().collect();
    // A diagnostic of broken rules can be explained while they are broken.
    if meant.is_empty() || args.pack.is_some() {
        let Some(rules) = rule_files::compiled(&globals.rules, lang) else { return Ok(CANNOT_RUN.into()) };
        if let Some(Err(why)) = args.pack.as_deref().map(|id| rules.pack(Some(id))) {
            say::failure(lang, &why);
            return Ok(CANNOT_RUN.into());
        }
        let packs = packs(&rules, args.pack.as_deref());
        meant.extend(of_rules(code, &rules, &packs));
        meant.extend(of_language(code));
        if meant.is_empty() {
            say::failure(lang, &unknown(code, &packs));
            return Ok(CANNOT_RUN.into());
        }
    }
    let mut out = Out::open();
    let screen = Screen::of_reader(lang);
    if globals.wants_json() {
        let all: Vec<Value> = meant.iter().map(|meant| meant_json(code, meant, lang)).collect();
        out.line(&serde_json::to_string(&json!({ "code": code, "meanings": all }))?)?;
    } else {
        let pages: Vec<String> = meant.iter().map(|meant| page::page(code, meant, screen)).collect();
        out.text(&pages.join("\n"))?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

/// The packs to look in, the most general first.
fn packs<'r>(rules: &'r Rules, only: Option<&str>) -> Vec<(&'r RuleSet, PackReference)> {
    let mut sets: Vec<&RuleSet> = rules.book.sets().map(AsRef::as_ref).collect();
    sets.retain(|set| only.is_none_or(|id| id == set.id));
    sets.sort_by_key(|set| set.extends.len());
    sets.into_iter().map(|set| (set, PackReference::of(set, &rules.files))).collect()
}

/// Every entry of that code, once for each section, with the changes of all packs; and the pack of that name.
fn of_rules(code: &str, rules: &Rules, packs: &[(&RuleSet, PackReference)]) -> Vec<Meant> {
    let mut meant: Vec<Meant> = Vec::new();
    for (set, pack) in packs {
        for entry in pack.entries().filter(|entry| entry.code == code || entry.called() == code) {
            let earlier = meant.iter_mut().find_map(|meant| match meant {
                Meant::Entry { entry: known, .. }
                    if (known.section, &known.code, known.owner()) == (entry.section, &entry.code, entry.owner()) =>
                {
                    Some(known)
                }
                _ => None,
            });
            match earlier {
                Some(known) => {
                    let news = entry.definitions.iter().filter(|found| !known.is_written_by(&found.pack));
                    let news: Vec<_> = news.cloned().collect();
                    known.definitions.extend(news);
                }
                None => meant.push(Meant::Entry {
                    entry: Box::new(entry.clone()),
                    pack: pack.id.clone(),
                    used_by: users(code, pack),
                    example: example::of(entry, set, rules),
                }),
            }
        }
        if pack.id == code {
            meant.push(Meant::Pack(Box::new(pack.clone())));
        }
    }
    meant
}

/// The entries that name a parameter, table or word list: `methods.proportional`.
fn users(code: &str, pack: &PackReference) -> Vec<String> {
    let users = pack.entries().filter(|entry| entry.constants.iter().any(|(name, _)| name == code));
    users.map(|entry| format!("{}.{}", entry.section, entry.code)).collect()
}

/// A function or name of formulas.
fn of_language(code: &str) -> Vec<Meant> {
    let function = functions().iter().find(|function| function.name == code);
    let function = function.map(|found| Meant::Function { signature: found.signature.clone(), doc: found.doc.clone() });
    let names = name_tables().into_iter().flat_map(|(about, names)| {
        let named = names.into_iter().filter(|name| &*name.name == code);
        let named = named.map(|name| Meant::Name { about: about.clone(), kind: name.kind.title(), doc: name.doc });
        named.collect::<Vec<_>>()
    });
    function.into_iter().chain(names).collect()
}

fn unknown(code: &str, packs: &[(&RuleSet, PackReference)]) -> Bilingual {
    let mut known: BTreeSet<String> = diagnostic_pages(Lang::Zh).iter().map(|page| page.code.to_owned()).collect();
    known.extend(packs.iter().map(|(set, _)| set.id.clone()));
    known.extend(packs.iter().flat_map(|(_, pack)| pack.entries()).map(|entry| entry.code.clone()));
    known.extend(packs.iter().flat_map(|(_, pack)| pack.entries()).map(|entry| entry.called().to_owned()));
    known.extend(functions().iter().map(|function| function.name.to_owned()));
    known.extend(name_tables().into_iter().flat_map(|(_, names)| names).map(|name| name.name.to_string()));
    let mut message = Bilingual::new(format!("没有编号 `{code}`"), format!("nothing has the code `{code}`"));
    match Bilingual::did_you_mean(code, known.iter().map(String::as_str)) {
        Some(meant) => {
            message.zh.push_str(&format!("；{}", meant.zh));
            message.en.push_str(&format!("; {}", meant.en));
        }
        None => {
            message.zh.push_str("；heng rules 规则包 列出全部编号");
            message.en.push_str("; heng rules PACK lists all codes");
        }
    }
    message
}

fn meant_json(code: &str, meant: &Meant, lang: Lang) -> Value {
    match meant {
        Meant::Entry { entry, pack, used_by, example } => {
            let mut object = entry_json(entry, pack);
            object.insert("pack".to_owned(), json!(pack));
            object.insert("usedBy".to_owned(), json!(used_by));
            object.insert("example".to_owned(), example.as_ref().map_or(Value::Null, |example| example.json(lang)));
            Value::Object(object)
        }
        Meant::Pack(pack) => {
            json!({"section": "packs", "code": code, "title": pack.title, "description": pack.description})
        }
        Meant::Diagnostic(text) => json!({"section": "diagnostics", "code": code, "text": text}),
        Meant::Function { signature, doc } => {
            json!({"section": "functions", "code": code, "signature": signature, "text": doc.get(lang)})
        }
        Meant::Name { about, kind, doc } => json!({
            "section": "names", "code": code, "about": about.get(lang), "type": kind.get(lang), "text": doc.get(lang),
        }),
    }
}
