//! The forms that a change of rules is tried on: files, or what the data folder holds.

use std::collections::BTreeSet;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use crate::cli::eval::refused::{self, Refused};
use crate::cli::eval::sources::{Origin, Plan, Sourced};
use crate::diagnostic::{Bilingual, Lang};
use crate::form::Form;
use crate::store::{self, StoreError, StoredRecord};
use crate::wire::{decode, digest, stored};

/// Where the forms come from.
pub enum Forms<'a> {
    Files(Plan),
    Store(&'a Path),
}

/// A form that was not looked at yet.
pub enum Item {
    Text(Box<Sourced>),
    Record(Box<StoredRecord>),
}

/// A form with what it is called.
pub struct Named {
    pub label: String,
    pub form: Form,
}

impl Forms<'_> {
    /// How many there are, as far as can be told before.
    pub fn count(&self) -> usize {
        match self {
            Forms::Files(plan) => plan.files(),
            Forms::Store(data) => {
                store::ledger_length(data).ok().and_then(|count| usize::try_from(count).ok()).unwrap_or(0)
            }
        }
    }

    /// Hands over every form, numbered from zero, one in memory at a time.
    pub fn each(&self, give: &mut dyn FnMut((usize, Item)) -> io::Result<()>) -> Result<(), Failure> {
        match self {
            Forms::Files(plan) => plan
                .each(&mut |sourced| give((sourced.files_before, Item::Text(Box::new(sourced)))))
                .map_err(Failure::Output),
            Forms::Store(data) => {
                let (mut at, mut outcome) = (0, Ok(()));
                store::walk_evaluations(data, &mut |record| {
                    outcome = give((at, Item::Record(Box::new(record))));
                    at += 1;
                    if outcome.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
                })
                .map_err(Failure::Store)?;
                outcome.map_err(Failure::Output)
            }
        }
    }
}

/// Why not all forms could be looked at.
pub enum Failure {
    Store(StoreError),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl Item {
    /// The form, or one line that says why there is none.
    pub fn form(self, lang: Lang) -> Result<Named, Passed> {
        match self {
            Item::Text(sourced) => {
                let Sourced { origin, found, .. } = *sourced;
                let passed = |refused: &Refused| Passed { line: refused.line(lang), is_named: origin == Origin::Named };
                let text = found.map_err(|unreadable| passed(&Refused::unreadable(unreadable)))?;
                let form = refused::admit(&text).map_err(|refused| passed(&refused))?;
                let line = if text.is_line { format!(":{}", text.lines_before + 1) } else { String::new() };
                Ok(Named { label: format!("{}{line}", text.file), form })
            }
            Item::Record(record) => form_of(&record)
                .map(|form| Named { label: record.id.clone(), form })
                .map_err(|why| Passed { line: format!("{}  {}", record.id, why.get(lang)), is_named: true }),
        }
    }
}

/// A form that cannot be compared.
pub struct Passed {
    pub line: String,
    /// It was asked for, not only found.
    pub is_named: bool,
}

/// The form of a stored evaluation.
pub fn form_of(record: &StoredRecord) -> Result<Form, Bilingual> {
    let unreadable = |why: String| Bilingual::new("存下的评价读不出来", why);
    let kept = stored::decode(&record.payload).map_err(|why| unreadable(why.to_string()))?;
    let draft = decode::form_bytes(&kept.form).map_err(|why| unreadable(why.to_string()))?;
    Form::admit(draft).map_err(|violations| unreadable(format!("{} violations", violations.len())))
}

/// Which forms were met before: the same form evaluated twice is one form.
#[derive(Default)]
pub struct Met(BTreeSet<String>);

impl Met {
    /// Whether it is met for the first time.
    pub fn is_new(&mut self, digest: String) -> bool {
        self.0.insert(digest)
    }
}

/// What makes two forms one.
pub fn digest_of(form: &Form) -> String {
    digest::of_form(&digest::canonical(form))
}
