//! Trying rules before they are kept: check, cases, proofs, and what they would do to the stored forms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::rules::{ActivateRequest, Gate, Tried, attempt};
use super::stored_impact::stored_impact;
use super::wanted::Asker;
use super::{App, Refusal, Snapshot};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::document::Problems;
use crate::impact::{Budget, Excess, Impact};
use crate::pack::PackFiles;
use crate::proof::Claim;
use crate::regress::CaseResult;
use crate::ruleset::{RuleBook, RuleSet};
use crate::store::MAX_REQUEST_ID;

const LONGEST_AUTHOR: usize = 200;
const LONGEST_REASON: usize = 2000;
/// Bytes of one rule file, as in a rules folder, and of the path of one.
const LARGEST_FILE: usize = 1 << 20;
const LONGEST_PATH: usize = 200;

/// Rules as they come with a request: path below the rules folder, and text.
pub type SentFiles = BTreeMap<String, String>;

/// A request to keep a new revision of a pack.
#[derive(Debug, Clone, Default)]
pub struct Publication {
    pub rule_pack: String,
    pub files: SentFiles,
    pub budget: Budget,
    pub author: String,
    pub reason: String,
    /// What the pack's etag must still be; empty for whatever it is.
    pub etag: String,
    pub validate_only: bool,
}

/// What trying some rules came to.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    pub rule_pack: String,
    /// Empty when the rules do not compile.
    pub revision: String,
    /// Of the compiler, of the case files and of the proofs.
    pub problems: Problems,
    pub passed: usize,
    pub failed: Vec<CaseResult>,
    /// What the proofs decided; only when they were asked for.
    pub claims: Vec<Claim>,
    /// Against what serves; absent when the rules did not come so far, or were not asked to.
    pub impact: Option<Impact>,
    /// The limits that the impact goes beyond.
    pub excess: Vec<Excess>,
}

impl Trial {
    pub fn is_good(&self) -> bool {
        !self.revision.is_empty()
            && self.failed.is_empty()
            && self.excess.is_empty()
            && !self.problems.iter().any(Diagnostic::is_error)
    }

    /// Why the rules are refused, or that they are not.
    pub fn verdict(&self) -> Bilingual {
        let errors = self.problems.iter().filter(|problem| problem.is_error()).count();
        if errors > 0 {
            return Bilingual::new(
                format!("规则有 {errors} 个错误，未予发布"),
                format!("the rules have {errors} errors and were not published"),
            );
        }
        if !self.failed.is_empty() {
            let failed = self.failed.len();
            return Bilingual::new(
                format!("规则有 {failed} 个案例不通过，未予发布"),
                format!("the rules fail {failed} of their cases and were not published"),
            );
        }
        if let Some(excess) = self.excess.first() {
            let Bilingual { zh, en } = excess.message();
            return Bilingual::new(
                format!("规则的影响超出限度，未予发布：{zh}"),
                format!("the rules do more than they may and were not published: {en}"),
            );
        }
        Bilingual::new("规则通过了全部检验", "the rules passed everything")
    }
}

/// Packs that were compiled together.
struct Candidate {
    packs: Vec<PackFiles>,
    book: Option<RuleBook>,
    problems: Problems,
}

impl App {
    /// Tries rules and keeps the revision if it is good; the trial tells why not. A good revision does not serve until
    /// it is activated.
    pub async fn publish(&self, publication: Publication) -> Result<Trial, Refusal> {
        require_words(&publication.author, &publication.reason)?;
        self.heavy(move |app, asker| {
            let Publication { rule_pack, files, budget, author, reason, etag, validate_only } = publication;
            let snapshot = app.rules();
            require_etag(&snapshot, &rule_pack, &etag)?;
            let candidate = app.candidate(&snapshot, &rule_pack, &files)?;
            let mut trial = candidate.tried(&rule_pack, Gate::Proofs);
            let set = candidate.book.as_ref().and_then(|book| book.get(&rule_pack));
            if let Some(set) = set.filter(|_| trial.is_good()) {
                let (next, rivals) = snapshot.book.with([Arc::clone(set)], &BTreeSet::new());
                trial.problems.extend(rivals);
                let impact = app.impact(&snapshot.book, &next, &rule_pack, asker)?;
                trial.excess = budget.exceeded_by(&impact);
                trial.impact = Some(impact);
                require_etag(&app.rules(), &rule_pack, &etag)?;
                if trial.is_good() && !validate_only {
                    app.rules.revisions().keep_for(set, &candidate.packs, &author, &reason)?;
                    tracing::info!(pack = rule_pack, revision = set.revision, "a revision was published");
                }
            }
            if trial.is_good() || validate_only { Ok(trial) } else { Err(Refusal::Unpublishable(Box::new(trial))) }
        })
        .await
    }

    /// Makes a kept revision serve.
    pub async fn activate(&self, request: ActivateRequest) -> Result<Arc<Snapshot>, Refusal> {
        require_words(&request.author, &request.reason)?;
        if request.request_id.len() > MAX_REQUEST_ID || request.request_id.chars().any(char::is_control) {
            let message =
                Bilingual::new("请求号过长或含控制字符", "the request id is too long or has control characters");
            return Err(Refusal::of_field("request_id", message));
        }
        // A rollback is urgent: it does not wait for anybody's trial.
        self.blocking(move |app| app.rules.activate(&request)).await
    }

    /// Looks at the rules folder now.
    pub async fn reload(&self) -> Result<Arc<Snapshot>, Refusal> {
        self.heavy(|app, _| app.rules.reload().map(|()| app.rules())).await
    }

    /// Compiles and proves rules; keeps nothing.
    pub async fn check(&self, rule_pack: String, files: SentFiles) -> Result<Trial, Refusal> {
        self.heavy(move |app, _| {
            let candidate = app.candidate(&app.rules(), &rule_pack, &files)?;
            Ok(candidate.tried(&rule_pack, Gate::Proofs))
        })
        .await
    }

    /// Runs the cases of sent rules or, without files, of those that serve. `visit` sees every result.
    pub async fn test(
        &self,
        rule_pack: String,
        files: SentFiles,
        filter: String,
    ) -> Result<(Trial, Vec<CaseResult>), Refusal> {
        self.heavy(move |app, _| {
            let candidate = app.candidate(&app.rules(), &rule_pack, &files)?;
            Ok(candidate.cases(&rule_pack, &filter))
        })
        .await
    }

    /// What stored forms get under one revision of a pack and under another; an empty one is what serves.
    pub async fn compare(&self, rule_pack: String, from: String, to: String) -> Result<Impact, Refusal> {
        self.heavy(move |app, asker| {
            let serving = app.rules();
            let side = |revision: &str| {
                if revision.is_empty() {
                    return Ok(Arc::clone(&serving.book));
                }
                let set = app
                    .revision(&rule_pack, revision)
                    .map_err(|fault| Refusal::Revision { revision: revision.to_owned(), fault })?;
                Ok::<_, Refusal>(Arc::new(serving.book.with([set], &BTreeSet::new()).0))
            };
            let (old, new) = (side(&from)?, side(&to)?);
            if old.get(&rule_pack).is_none() || new.get(&rule_pack).is_none() {
                return Err(Refusal::NotFound { what: "rule pack", id: rule_pack.clone() });
            }
            app.impact(&old, &new, &rule_pack, asker)
        })
        .await
    }

    fn impact(&self, old: &RuleBook, new: &RuleBook, pack: &str, asker: &Asker) -> Result<Impact, Refusal> {
        stored_impact(&*self.store, (old, new), &BTreeSet::from([pack.to_owned()]), &|| asker.is_wanted())
    }

    /// The pack with what it extends: the sent files, and for packs that were not sent those that serve.
    fn candidate(&self, snapshot: &Snapshot, rule_pack: &str, files: &SentFiles) -> Result<Candidate, Refusal> {
        let mut packs = sent_packs(files)?;
        if !packs.contains_key(rule_pack) && !files.is_empty() {
            let message = Bilingual::new(
                format!("没有规则包 `{rule_pack}` 的文件；路径应如 `{rule_pack}/pack.yaml`"),
                format!("there is no file of rule pack `{rule_pack}`; paths look like `{rule_pack}/pack.yaml`"),
            );
            return Err(Refusal::of_field("files", message));
        }
        let mut wanted = vec![rule_pack.to_owned()];
        while let Some(name) = wanted.pop() {
            if let Some(pack) = packs.get(&name) {
                wanted.extend(pack.parent());
            } else if let Some(set) = snapshot.book.get(&name) {
                for pack in self.files_of(snapshot, set)? {
                    packs.entry(pack.name.clone()).or_insert(pack);
                }
            } else if files.is_empty() {
                return Err(Refusal::NotFound { what: "rule pack", id: name });
            }
        }
        let packs: Vec<PackFiles> = packs.into_values().collect();
        let (book, problems) = RuleBook::compile(&packs);
        Ok(Candidate { packs, book, problems })
    }

    /// The files by which a set serves.
    fn files_of(&self, snapshot: &Snapshot, set: &RuleSet) -> Result<Vec<PackFiles>, Refusal> {
        if let Some(files) = snapshot.folder_files(set) {
            return Ok(files);
        }
        let stored = self.rules.revisions().stored(&set.revision);
        stored
            .map(|revision| revision.packs)
            .map_err(|fault| Refusal::Revision { revision: set.revision.clone(), fault })
    }
}

impl Candidate {
    fn tried(&self, rule_pack: &str, gate: Gate) -> Trial {
        let mut trial = Trial { rule_pack: rule_pack.to_owned(), problems: self.problems.clone(), ..Trial::default() };
        let Some(book) = &self.book else { return trial };
        let Some(set) = book.get(rule_pack) else { return trial };
        trial.revision.clone_from(&set.revision);
        let only = BTreeSet::from([rule_pack.to_owned()]);
        let Tried { problems, failed, passed, claims } = attempt(gate, book, &self.packs, &only, &|_, _| None);
        trial.problems.extend(problems);
        (trial.failed, trial.passed, trial.claims) = (failed, passed, claims);
        trial
    }

    fn cases(&self, rule_pack: &str, filter: &str) -> (Trial, Vec<CaseResult>) {
        let mut trial = self.tried(rule_pack, Gate::Compile);
        let Some(book) = &self.book else { return (trial, Vec::new()) };
        let book = book.only(&BTreeSet::from([rule_pack.to_owned()]));
        let runner = crate::regress::Runner { book: &book, folder: &self.packs, form_file: &|_, _| None };
        let report = runner.run(filter);
        trial.passed = report.passed();
        trial.problems.extend(report.problems);
        (trial, report.results)
    }
}

/// Files by pack, refusing what could not stand in a rules folder.
fn sent_packs(files: &SentFiles) -> Result<BTreeMap<String, PackFiles>, Refusal> {
    let mut packs: BTreeMap<String, PackFiles> = BTreeMap::new();
    for (path, text) in files {
        let bad = |zh: &str, en: &str| {
            let message = Bilingual::new(format!("`{path}` {zh}"), format!("`{path}` {en}"));
            Err(Refusal::of_field("files", message))
        };
        let Some((name, rest)) = path.split_once('/') else {
            return bad("应写成“规则包/文件”", "must be written as PACK/FILE");
        };
        let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0']);
        if path.len() > LONGEST_PATH || !path.split('/').all(plain) {
            return bad("不是规则文件的路径", "is no path of a rule file");
        }
        if ![".yaml", ".rhai", ".md"].iter().any(|ending| path.ends_with(ending)) {
            return bad("不是规则文件：应为 .yaml、.rhai 或 .md", "is no rule file: .yaml, .rhai and .md are");
        }
        if text.len() > LARGEST_FILE {
            return bad("过大，规则文件不应超过 1 MiB", "is larger than 1 MiB, which a rule file is at most");
        }
        let pack = packs.entry(name.to_owned()).or_default();
        name.clone_into(&mut pack.name);
        pack.files.insert(rest.to_owned(), Arc::from(text.as_str()));
    }
    Ok(packs)
}

/// Who and why are in the ledger for good: they must be there, and short.
fn require_words(author: &str, reason: &str) -> Result<(), Refusal> {
    for (field, text, limit) in [("author", author, LONGEST_AUTHOR), ("reason", reason, LONGEST_REASON)] {
        if text.trim().is_empty() || text.len() > limit {
            let message = Bilingual::new(
                format!("必须填写，且不超过 {limit} 字节"),
                format!("must be said, in at most {limit} bytes"),
            );
            return Err(Refusal::of_field(field, message));
        }
    }
    Ok(())
}

fn require_etag(snapshot: &Snapshot, rule_pack: &str, etag: &str) -> Result<(), Refusal> {
    let current = snapshot.standing.get(rule_pack).map_or("", |standing| standing.etag.as_str());
    if etag.is_empty() || etag == current { Ok(()) } else { Err(Refusal::Stale { rule_pack: rule_pack.to_owned() }) }
}
