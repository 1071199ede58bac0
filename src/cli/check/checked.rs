//! One check of a folder: what was read, what compiled, what was found.

use std::path::Path;

use crate::cli::rule_files::{self, RuleFiles};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::pack::{PackFiles, parse_cases};
use crate::proof::Claim;
use crate::regress::{Runner, prove};
use crate::ruleset::RuleBook;

/// What a check found.
pub struct Checked {
    pub packs: Vec<PackFiles>,
    /// The one pack that was asked for, when the folder is a pack.
    pub only: Option<String>,
    pub book: Option<RuleBook>,
    pub claims: Vec<Claim>,
    /// In the order of the files. Their fixes fit the files.
    pub problems: Vec<Diagnostic>,
}

impl Checked {
    /// Reads, compiles and proves the packs of a folder, and reads their cases.
    pub fn of(dir: &Path) -> Result<Self, Bilingual> {
        rule_files::load(dir).map(|files| Checked::of_files(files, dir))
    }

    /// The same for what was read from a folder.
    fn of_files(files: RuleFiles, dir: &Path) -> Self {
        let RuleFiles { packs, only } = files;
        let (book, mut problems) = compiled(&packs, only.as_deref());
        let beside = rule_files::beside(dir, only.as_deref());
        let form_file = |pack: &str, path: &str| rule_files::form_file(&beside, pack, path);
        let runner = |book| Runner { book, folder: &packs, form_file: &form_file };
        let proofs = book.as_ref().map(|book| prove(&runner(book), only.as_deref())).unwrap_or_default();
        problems.extend(proofs.problems);
        problems.sort_by(|one, other| one.place.cmp(&other.place));
        Checked { packs, only, book, claims: proofs.claims, problems }
    }

    pub fn is_faulty(&self) -> bool {
        self.problems.iter().any(Diagnostic::is_error)
    }
}

/// What can be said of packs and their cases without proving anything.
pub fn compiled(packs: &[PackFiles], only: Option<&str>) -> (Option<RuleBook>, Vec<Diagnostic>) {
    let (book, mut problems) = RuleBook::compile(packs);
    for pack in packs.iter().filter(|pack| only.is_none_or(|only| only == pack.name)) {
        parse_cases(pack, &mut problems);
    }
    for problem in &mut problems {
        problem.fix = problem.fix.take().and_then(|fix| {
            let text = packs.iter().find_map(|pack| pack.source(&fix.place.file))?;
            fix.fitted(&text)
        });
    }
    (book, problems)
}
