//! Which evaluations a list or a sum is about, and what each evaluation is found by.
//!
//! Both sides of the index speak here: [`file`] says what a stored evaluation is filed under, [`Filter::terms`] where
//! to look for it. A change of either counts [`VERSION`] up, and the store files everything anew at its next start.

use sha2::{Digest, Sha256};

use crate::app::Refusal;
use crate::diagnostic::Bilingual;
use crate::quantity::{Exact, Points};
use crate::store::{Filed, Filing, Term};
use crate::wire::head::Head;
use crate::wire::stored;

const VERSION: u32 = 1;
/// Bytes of a text in a filter at most.
const LONGEST_TEXT: usize = 256;
/// Codes of findings in a filter at most.
const MOST_CODES: usize = 8;

/// What the store is opened with.
pub const FILING: Filing = Filing { version: VERSION, file };

/// Everything that is set must hold; an empty text asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// 0 for any.
    pub fiscal_year: i32,
    pub implementing_unit: String,
    pub primary_budget_unit: String,
    pub project_code: String,
    pub rule_pack: String,
    pub revision: String,
    /// Id of the grade.
    pub grade: String,
    /// All of them.
    pub finding_codes: Vec<String>,
    /// Claimed and awarded total differ, or do not; neither of a form without a claimed total.
    pub claim_differs: Option<bool>,
    pub complete: Option<bool>,
}

impl Filter {
    /// Refuses what no evaluation can answer to, by field.
    pub fn check(&self) -> Result<(), Refusal> {
        let long = |field: &str| {
            let message = Bilingual::new(
                format!("筛选条件最多 {LONGEST_TEXT} 字节"),
                format!("a text of a filter has at most {LONGEST_TEXT} bytes"),
            );
            Refusal::of_field(&format!("filter.{field}"), message)
        };
        let texts = self.texts().into_iter().map(|(name, text)| (name.to_owned(), text));
        let codes = self.finding_codes.iter().enumerate();
        let codes = codes.map(|(place, code)| (format!("finding_codes[{place}]"), code.as_str()));
        if let Some((name, _)) = texts.chain(codes).find(|(_, text)| text.len() > LONGEST_TEXT) {
            return Err(long(&name));
        }
        if self.finding_codes.len() > MOST_CODES {
            let message = Bilingual::new(
                format!("最多按 {MOST_CODES} 个校验问题筛选"),
                format!("a filter names at most {MOST_CODES} codes of findings"),
            );
            return Err(Refusal::of_field("filter.finding_codes", message));
        }
        Ok(())
    }

    /// Where the store looks.
    pub fn terms(&self) -> Vec<Term> {
        let texts = self.texts();
        let texts = texts.iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| term(name, text));
        let year = Some(self.fiscal_year).filter(|year| *year != 0).map(year_term);
        let codes = self.finding_codes.iter().map(|code| term(FINDING, code));
        let differs = self.claim_differs.map(|differs| flag(DIFFERS, differs));
        let complete = self.complete.map(|complete| flag(COMPLETE, complete));
        let mut terms: Vec<Term> = texts.chain(year).chain(codes).chain(differs).chain(complete).collect();
        terms.sort_unstable();
        terms.dedup();
        terms
    }

    /// Whether the evaluation answers to the filter: what the index found is looked at again.
    pub fn admits(&self, head: &Head) -> bool {
        let Filter {
            fiscal_year,
            implementing_unit,
            primary_budget_unit,
            project_code,
            rule_pack,
            revision,
            grade,
            finding_codes,
            claim_differs,
            complete,
        } = self;
        let says = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
        (*fiscal_year == 0 || *fiscal_year == head.fiscal_year())
            && says(implementing_unit, head.implementing_unit())
            && says(primary_budget_unit, head.primary_budget_unit())
            && says(project_code, head.project_code())
            && says(rule_pack, head.rule_pack())
            && says(revision, head.revision())
            && says(grade, head.grade().map_or("", |(id, _)| id))
            && finding_codes.iter().all(|code| head.findings().any(|(found, _)| found == code))
            && claim_differs.is_none_or(|wanted| head.difference().is_some_and(|by| by.is_zero() != wanted))
            && complete.is_none_or(|wanted| wanted == head.is_complete())
    }

    /// The same for equal filters, and for no others: what a page token is bound to.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |part: &[u8]| {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        };
        put(&self.fiscal_year.to_be_bytes());
        self.texts().iter().for_each(|(_, text)| put(text.as_bytes()));
        put(&[self.claim_differs.map_or(2, u8::from), self.complete.map_or(2, u8::from)]);
        self.finding_codes.iter().for_each(|code| put(code.as_bytes()));
        bytes
    }

    fn texts(&self) -> [(&'static str, &str); 6] {
        [
            ("implementing_unit", &self.implementing_unit),
            ("primary_budget_unit", &self.primary_budget_unit),
            ("project_code", &self.project_code),
            ("rule_pack", &self.rule_pack),
            ("revision", &self.revision),
            ("grade", &self.grade),
        ]
    }
}

const FINDING: &str = "finding";
const DIFFERS: &str = "claim_differs";
const COMPLETE: &str = "complete";

/// What a stored evaluation is filed under; nothing when it cannot be read.
fn file(payload: &[u8]) -> Filed {
    let head = stored::decode(payload).ok().and_then(|record| Head::read(&record).ok());
    head.as_ref().map(filed).unwrap_or_default()
}

fn filed(head: &Head) -> Filed {
    let texts = [
        ("implementing_unit", head.implementing_unit()),
        ("primary_budget_unit", head.primary_budget_unit()),
        ("project_code", head.project_code()),
        ("rule_pack", head.rule_pack()),
        ("revision", head.revision()),
        ("grade", head.grade().map_or("", |(id, _)| id)),
    ];
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty() && text.len() <= LONGEST_TEXT);
    let mut terms: Vec<Term> = texts.map(|(name, text)| term(name, text)).collect();
    terms.push(year_term(head.fiscal_year()));
    terms.extend(head.findings().map(|(code, _)| term(FINDING, code)));
    terms.extend(head.difference().map(|by| flag(DIFFERS, !by.is_zero())));
    terms.push(flag(COMPLETE, head.is_complete()));
    terms.sort_unstable();
    terms.dedup();
    Filed { terms, rank: head.awarded().map_or(0, rank) }
}

/// Points as a whole number that grows with them: nano-points, from the least that points can be.
fn rank(points: Points) -> u64 {
    const NANO: i64 = 1_000_000_000;
    const LEAST: i64 = -1_000_000_000 * NANO;
    let nano = points.to_exact().mul(&Exact::from_i64(NANO)).ok().and_then(|nano| nano.to_i64());
    nano.and_then(|nano| u64::try_from(nano - LEAST).ok()).unwrap_or(0)
}

fn year_term(year: i32) -> Term {
    term("fiscal_year", &year.to_string())
}

fn flag(name: &str, value: bool) -> Term {
    term(name, if value { "true" } else { "false" })
}

/// Eight bytes stand for a name and its text. Two texts with the same bytes do no harm: what is found is looked at
/// again.
fn term(name: &str, text: &str) -> Term {
    let digest: [u8; 32] = Sha256::new().chain_update(name).chain_update([0]).chain_update(text).finalize().into();
    let mut term = Term::default();
    term.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    term
}
