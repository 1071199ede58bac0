//! The claims about rules, as `heng check` shows them.

use serde::Serialize;

use crate::cli::either;
use crate::cli::layout::Ink;
use crate::diagnostic::Lang;
use crate::proof::{Claim, Verdict};

/// How many claims hold, and how many nobody could decide.
pub fn summary(claims: &[Claim], lang: Lang) -> String {
    let count = |is: fn(&Verdict) -> bool| claims.iter().filter(|claim| is(&claim.verdict)).count();
    let proven = count(|verdict| matches!(verdict, Verdict::Proven));
    let broken = count(|verdict| matches!(verdict, Verdict::Refuted(_) | Verdict::Dead(_)));
    let open = count(|verdict| matches!(verdict, Verdict::NotProven(_)));
    match (lang, broken) {
        (Lang::Zh, 0) => format!("证明：{proven} 条成立，{open} 条未能判定"),
        (Lang::Zh, _) => format!("证明：{proven} 条成立，{broken} 条不成立，{open} 条未能判定"),
        (Lang::En, 0) => format!("proofs: {proven} hold, {open} not decided"),
        (Lang::En, _) => format!("proofs: {proven} hold, {broken} do not, {open} not decided"),
    }
}

/// One line for each claim.
pub fn table(claims: &[Claim], lang: Lang) -> String {
    let mut text = String::new();
    for claim in claims {
        let (zh, en, ink) = match &claim.verdict {
            Verdict::Proven => ("成立", "holds", Ink::Good),
            Verdict::Intended => ("有意", "intended", Ink::Good),
            Verdict::Refuted(_) | Verdict::Dead(_) => ("不成立", "does not", Ink::Bad),
            Verdict::NotProven(_) => ("未定", "open", Ink::Warn),
        };
        let by = if claim.entry.is_empty() || claim.rule.ends_with(&format!(".{}", claim.entry)) {
            String::new()
        } else {
            format!(" ← {}", claim.entry)
        };
        let (title, rule, place) = (claim.property.title(), &claim.rule, &claim.place);
        text.push_str(&format!(
            "{}  {}  {rule}{by}  {}\n",
            ink.paint(either(lang, zh, en)),
            title.get(lang),
            Ink::Place.paint(&place.to_string())
        ));
    }
    text
}

/// One claim as one JSON object on one line.
pub fn json_line(claim: &Claim, lang: Lang) -> String {
    let (verdict, inputs) = match &claim.verdict {
        Verdict::Proven => ("PROVEN", Vec::new()),
        Verdict::Intended => ("INTENDED", Vec::new()),
        Verdict::Dead(_) => ("REFUTED", Vec::new()),
        Verdict::NotProven(_) => ("NOT_PROVEN", Vec::new()),
        Verdict::Refuted(found) => ("REFUTED", found.inputs.iter().map(|(input, _)| input.to_string()).collect()),
    };
    let line = ClaimJson {
        claim: claim.property.name(),
        rule: &claim.rule,
        entry: &claim.entry,
        verdict,
        inputs,
        title: claim.property.title().get(lang).to_owned(),
        file: &claim.place.file,
        line: claim.place.line,
        column: claim.place.column,
    };
    serde_json::to_string(&line).unwrap_or_default()
}

#[derive(Serialize)]
struct ClaimJson<'a> {
    claim: &'static str,
    rule: &'a str,
    entry: &'a str,
    verdict: &'static str,
    inputs: Vec<String>,
    title: String,
    file: &'a str,
    line: u32,
    column: u32,
}
