//! Where a rule comes from, and whether somebody read it there.

use std::ops::Deref;
use std::sync::Arc;

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::{Fields, Node, Problems};
use crate::pack::Source;

/// What a citation rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A national regulation.
    Regulation,
    /// A rule of the region.
    LocalRule,
    /// What running systems and forms do.
    Practice,
    /// What reviewers ask for.
    Reviewer,
}

impl Basis {
    pub const ALL: [Basis; 4] = [Basis::Regulation, Basis::LocalRule, Basis::Practice, Basis::Reviewer];

    pub fn name(self) -> &'static str {
        match self {
            Basis::Regulation => "REGULATION",
            Basis::LocalRule => "LOCAL_RULE",
            Basis::Practice => "PRACTICE",
            Basis::Reviewer => "REVIEWER",
        }
    }

    pub fn title(self) -> Bilingual {
        match self {
            Basis::Regulation => Bilingual::new("国家规定", "regulation"),
            Basis::LocalRule => Bilingual::new("地方规定", "local rule"),
            Basis::Practice => Bilingual::new("通行做法", "practice"),
            Basis::Reviewer => Bilingual::new("复核要求", "reviewers' habit"),
        }
    }
}

/// A legal clause or other ground of a rule. Whoever cites it shares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation(Arc<Clause>);

/// What a citation says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Id among the pack's sources.
    pub source: String,
    pub document: String,
    pub title: String,
    /// Empty unless the clause was really read.
    pub article: String,
    /// Quoted text; empty unless really read.
    pub quote: String,
    pub basis: Basis,
    pub verified: bool,
}

impl Deref for Citation {
    type Target = Clause;

    fn deref(&self) -> &Clause {
        &self.0
    }
}

impl From<Clause> for Citation {
    fn from(clause: Clause) -> Self {
        Citation(Arc::new(clause))
    }
}

impl Citation {
    /// `项目支出绩效评价管理办法（财预〔2020〕10号），国家规定〔依据未核对原文〕`
    pub fn sentence(&self) -> Bilingual {
        let Clause { source: _, document, title, article, quote, basis, verified } = &**self;
        let basis = basis.title();
        let (mut zh, mut en) = (title.clone(), title.clone());
        if !document.is_empty() {
            zh.push_str(&format!("（{document}）"));
            en.push_str(&format!(" ({document})"));
        }
        for text in [&mut zh, &mut en] {
            text.push_str(article);
        }
        if !quote.is_empty() {
            zh.push_str(&format!("：“{quote}”"));
            en.push_str(&format!(": “{quote}”"));
        }
        zh.push_str(&format!("，{}", basis.zh));
        en.push_str(&format!(", {}", basis.en));
        if !verified {
            zh.push_str("〔依据未核对原文〕");
            en.push_str(" [source not checked]");
        }
        Bilingual::new(zh, en)
    }

    /// Reads `cite: {source, basis, article, quote, verified}`. An article or a quotation needs
    /// `verified: true`.
    pub fn from_node(node: &Node, sources: &[Source], problems: &mut Problems) -> Option<Self> {
        let mut fields = Fields::of(node, problems);
        let source = fields.required_text("source");
        let basis = fields.required_text("basis");
        let article = fields.text("article");
        let quote = fields.text("quote");
        let verified = fields.boolean("verified").unwrap_or(false);
        fields.finish();
        let basis = basis.and_then(|(text, at)| basis_named(text, at, problems));
        if let Some((_, at)) = article.or(quote).filter(|_| !verified) {
            let message = Bilingual::new(
                "条款号和引文只有在核对原文后才能写（verified: true）",
                "an article or a quotation may stand only where the text was read (verified: true)",
            );
            problems.push(Diagnostic::error("unverified_article", at.place.clone(), message));
        }
        let (id, at) = source?;
        let Some(source) = sources.iter().find(|source| source.id == id) else {
            let message =
                Bilingual::new(format!("没有编号为 `{id}` 的来源"), format!("there is no source with id `{id}`"));
            let known = sources.iter().map(|source| source.id.as_str());
            problems.push(Diagnostic::error("unknown_source", at.place.clone(), message).with_guess(id, known));
            return None;
        };
        let clause = Clause {
            source: source.id.clone(),
            document: source.document.clone(),
            title: source.title.clone(),
            article: article.map(|(text, _)| text.to_owned()).unwrap_or_default(),
            quote: quote.map(|(text, _)| text.to_owned()).unwrap_or_default(),
            basis: basis?,
            verified,
        };
        Some(clause.into())
    }
}

fn basis_named(text: &str, at: &Node, problems: &mut Problems) -> Option<Basis> {
    let found = Basis::ALL.into_iter().find(|basis| basis.name() == text);
    if found.is_none() {
        let names = Basis::ALL.map(Basis::name);
        let message = Bilingual::new(
            format!("没有 `{text}` 这种依据类别，可用：{}", names.join("、")),
            format!("there is no basis `{text}`; one of {}", names.join(", ")),
        );
        problems.push(Diagnostic::error("unknown_basis", at.place.clone(), message).with_guess(text, names));
    }
    found
}
