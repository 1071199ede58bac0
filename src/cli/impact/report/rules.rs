//! The rules side by side: what they say otherwise, with file and line of both.

use crate::cli::impact::line_of;
use crate::cli::layout::{Ink, Screen, visible, wrap};
use crate::diagnostic::{Bilingual, Lang, Place};
use crate::impact::{Detail, Fate, RuleDifference, What};
use crate::reference::section_title;

pub(super) fn text(rules: &[RuleDifference], screen: Screen) -> String {
    if rules.is_empty() {
        return format!("{}\n", screen.pick("规则没有变化。", "The rules say the same."));
    }
    let mut out = match screen.lang {
        Lang::Zh => super::title(&format!("规则的变化  {} 处", rules.len())),
        Lang::En => super::title(&format!("Changes of rules: {}", rules.len())),
    };
    for rule in rules {
        out.push_str(&head(rule, screen));
        out.push_str(&details(&rule.details, screen));
    }
    out
}

/// `参数  overachievement_limit  超额完成认定比例   mof-2020 等 11 个规则包`
fn head(rule: &RuleDifference, screen: Screen) -> String {
    let mut line = format!("  {}", Ink::Faint.paint(&section(&rule.section, screen)));
    if !rule.id.is_empty() {
        line.push_str(&format!("  {}", Ink::Strong.paint(&visible(&rule.id))));
    }
    let title: String = visible(&rule.title).chars().take(40).collect();
    if !title.is_empty() {
        line.push_str(&format!("  {title}"));
    }
    let ink = match rule.fate {
        Fate::Added => Ink::Good,
        Fate::Removed => Ink::Bad,
        Fate::Changed | Fate::Moved | Fate::Follows => Ink::Warn,
    };
    if rule.fate != Fate::Changed {
        line.push_str(&format!("  {}", ink.paint(rule.fate.title().get(screen.lang))));
    }
    line.push_str(&format!("  {}", Ink::Faint.paint(&packs(&rule.packs, screen.lang))));
    if rule.details.is_empty() {
        line.push_str(&format!("  {}", Ink::Place.paint(&places(rule.old.as_ref(), rule.new.as_ref()))));
    }
    line + "\n"
}

fn packs(packs: &[String], lang: Lang) -> String {
    match packs {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => match lang {
            Lang::Zh => format!("{first}、{second}"),
            Lang::En => format!("{first}, {second}"),
        },
        [first, rest @ ..] => match lang {
            Lang::Zh => format!("{first} 等 {} 个规则包", rest.len() + 1),
            Lang::En => format!("{first} and {} more packs", rest.len()),
        },
    }
}

pub(super) fn section(name: &str, screen: Screen) -> String {
    match name {
        "packs" | "pack" => screen.pick("规则包", "Pack").to_owned(),
        "lexicon" => screen.pick("词典", "Lexicon").to_owned(),
        "scripts" => screen.pick("脚本", "Script").to_owned(),
        name => {
            let title = section_title(name).get(screen.lang).to_owned();
            // Titles of headings say more in brackets than a line has room for.
            title.split(['（', '(']).next().unwrap_or_default().trim_end().to_owned()
        }
    }
}

fn details(details: &[Detail], screen: Screen) -> String {
    let mut out = String::new();
    let mut rest = details;
    while let Some((first, others)) = rest.split_first() {
        let Some(path) = word_list(first) else {
            out.push_str(&detail(first, screen));
            rest = others;
            continue;
        };
        // Words of one list stand in one paragraph.
        let count = rest.iter().take_while(|detail| word_list(detail) == Some(path)).count();
        let (list, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        let signed = |detail: &Detail| match (&detail.old, &detail.new) {
            (Some(word), _) => format!("−{}", visible(word)),
            (_, word) => format!("+{}", visible(word.as_deref().unwrap_or_default())),
        };
        let words: Vec<String> = list.iter().map(signed).collect();
        let at = places(first.old_place.as_ref(), first.new_place.as_ref());
        out.push_str(&paragraph(path, &words.join("、"), &at, screen));
        rest = others;
    }
    out
}

fn word_list(detail: &Detail) -> Option<&str> {
    match &detail.what {
        What::Word(path) => Some(path),
        _ => None,
    }
}

fn detail(detail: &Detail, screen: Screen) -> String {
    let nothing = "—";
    let side = |text: &Option<String>| text.as_deref().map_or_else(|| nothing.to_owned(), visible);
    let at = places(detail.old_place.as_ref(), detail.new_place.as_ref());
    let arrow = format!("{} → {}", side(&detail.old), side(&detail.new));
    match &detail.what {
        What::Cell(path) | What::Word(path) => paragraph(path, &arrow, &at, screen),
        What::Stretch(stretch) => paragraph(stretch, &arrow, &at, screen),
        What::Years { from, to } => paragraph(years(*from, *to).get(screen.lang), &arrow, &at, screen),
        What::Piece { over, stretch, since } => {
            let since = since.map(|year| years(year, None).get(screen.lang).to_owned() + screen.pick("，", ", "));
            let label = format!("{}{} ∈ {stretch}", since.unwrap_or_default(), over.get(screen.lang));
            paragraph(&label, &arrow, &at, screen)
        }
        What::Line => {
            let (sign, ink, text) = match &detail.old {
                Some(text) => ("−", Ink::Bad, Some(text)),
                None => ("+", Ink::Good, detail.new.as_ref()),
            };
            let text = visible(text.map_or("", String::as_str));
            format!("      {}  {}\n", ink.paint(&format!("{sign} {text}")), Ink::Place.paint(&at))
        }
        What::Order => {
            let before = |id: &Option<String>| match (id, screen.lang) {
                (Some(id), Lang::Zh) => format!("在 {id} 之前"),
                (Some(id), Lang::En) => format!("before {id}"),
                (None, _) => screen.pick("在最后", "last").to_owned(),
            };
            let arrow = format!("{} → {}", before(&detail.old), before(&detail.new));
            paragraph(screen.pick("次序", "order"), &arrow, &at, screen)
        }
    }
}

fn years(from: i32, to: Option<i32>) -> Bilingual {
    match to {
        Some(to) if to == from => Bilingual::new(format!("{from} 年"), from.to_string()),
        Some(to) => Bilingual::new(format!("{from}—{to} 年"), format!("{from}–{to}")),
        None => Bilingual::new(format!("{from} 年起"), format!("since {from}")),
    }
}

/// What is said otherwise, wrapped, and behind it where it stands.
fn paragraph(label: &str, text: &str, at: &str, screen: Screen) -> String {
    let label = if label.is_empty() { String::new() } else { format!("{label}{}", screen.pick("：", ": ")) };
    let mut out = String::new();
    for line in wrap(&format!("{label}{text}"), screen.width.saturating_sub(6)) {
        out.push_str(&format!("      {line}\n"));
    }
    if !at.is_empty() {
        out.push_str(&format!("        {}\n", Ink::Place.paint(at)));
    }
    out
}

/// `mof-2020/grades.yaml:3 → :4`
pub(super) fn places(old: Option<&Place>, new: Option<&Place>) -> String {
    match (old, new) {
        (Some(old), Some(new)) if old.file == new.file && old.line == new.line => line_of(old),
        (Some(old), Some(new)) if old.file == new.file => format!("{} → :{}", line_of(old), new.line),
        (Some(old), Some(new)) => format!("{} → {}", line_of(old), line_of(new)),
        (Some(old), None) => line_of(old),
        (None, Some(new)) => line_of(new),
        (None, None) => String::new(),
    }
}
