//! What a change of rules does to the forms that are stored.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Refusal;
use crate::form::Form;
use crate::impact::{Comparison, Impact};
use crate::ruleset::RuleBook;
use crate::store::{Kind, Store, StoredRecord};
use crate::wire::{decode, digest, stored};

/// Forms that are replayed at most, the newest first.
const MOST_FORMS: usize = 100_000;
/// Forms shown in a report, those that move most.
const SHOWN_FORMS: usize = 50;
const PAGE: usize = 500;

/// Both books over the stored forms that one of these packs scores under either, or scored when it was asked for by
/// name. A form that was stored several times counts once. Blocks.
///
/// # Errors
/// [`Refusal::Abandoned`] once nobody waits any more, and whatever keeps the store from being read.
pub fn stored_impact(
    store: &dyn Store,
    (old, new): (&RuleBook, &RuleBook),
    packs: &BTreeSet<String>,
    is_wanted: &dyn Fn() -> bool,
) -> Result<Impact, Refusal> {
    let applying = Comparison::new(old, new);
    let named: BTreeMap<&str, Comparison<'_>> =
        packs.iter().map(|pack| (pack.as_str(), Comparison::new(old, new).by_pack(pack))).collect();
    let mut impact = applying.tally(SHOWN_FORMS);
    let mut seen = HashSet::new();
    let mut before: Option<String> = None;
    loop {
        let page = store.page(Kind::Evaluation, before.as_deref(), PAGE)?;
        let Some(last) = page.last() else { return Ok(impact) };
        before = Some(last.id.clone());
        for record in &page {
            if !is_wanted() {
                return Err(Refusal::Abandoned);
            }
            let Some((form, scored_by)) = form_of(record, &mut seen) else { continue };
            let picks = |book: &RuleBook| {
                let picked = book.select("", "", form.fiscal_year().get(), form.project_code());
                picked.is_ok_and(|set| packs.contains(&set.id))
            };
            if picks(old) || picks(new) {
                impact.add(&applying, &record.id, &form);
            } else if let Some(named) = named.get(scored_by.as_str()) {
                impact.add(named, &record.id, &form);
            }
            if impact.forms >= MOST_FORMS {
                return Ok(impact);
            }
        }
    }
}

/// The form of a record that was not seen yet, and the pack that scored it.
fn form_of(record: &StoredRecord, seen: &mut HashSet<[u8; 32]>) -> Option<(Form, String)> {
    let stored = stored::decode(&record.payload).ok()?;
    if !seen.insert(digest::of_parts("form\n", &[&stored.form])) {
        return None;
    }
    let form = Form::admit(decode::form_bytes(&stored.form).ok()?).ok()?;
    Some((form, stored.rule_pack))
}
