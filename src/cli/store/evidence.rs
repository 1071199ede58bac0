//! Evidence: taking it out of the ledger, and checking it on any machine.

#![expect(clippy::disallowed_methods, reason = "the rim: reads and writes files of evidence")]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::app::{EvidenceReport, ExportFault, LedgerWish, Verdict, export_evidence, verify_evidence};
use crate::cli::layout::Ink;
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, FAULTY, Globals};
use crate::diagnostic::{Bilingual, Lang};
use crate::store::{StoreError, Visit, walk_ledger};
use crate::wire::digest;

/// Writes evidence into a new file: whole, or not at all.
pub fn export(globals: &Globals, out: &Path, wish: &LedgerWish) -> io::Result<ExitCode> {
    let lang = globals.lang();
    if out.exists() {
        let shown = out.display();
        let message = Bilingual::new(
            format!("{shown} 已存在，未改动；请换一个文件名"),
            format!("{shown} exists and was left alone; choose another name"),
        );
        say::failure(lang, &message);
        return Ok(CANNOT_RUN.into());
    }
    let unfinished = with_suffix(out, ".unfinished");
    let outcome = write(globals, &unfinished, wish);
    let head = match outcome {
        Ok(head) => head,
        Err(fault) => {
            std::fs::remove_file(&unfinished).ok();
            say::error(&match &fault {
                ExportFault::Taker(error) => format!("cannot write {}: {error}", out.display()),
                fault => fault.to_string(),
            });
            let is_damage = matches!(fault, ExportFault::Store(StoreError::Damaged { .. }));
            return Ok(if is_damage { FAULTY.into() } else { CANNOT_RUN.into() });
        }
    };
    std::fs::rename(&unfinished, out)?;
    let (bytes, shown, digest) = (std::fs::metadata(out)?.len(), out.display(), digest::shown(&head.digest));
    let mut said = Out::open();
    said.line(&if globals.wants_json() {
        json!({"file": shown.to_string(), "bytes": bytes, "headSequence": head.sequence, "head": digest}).to_string()
    } else {
        match lang {
            Lang::Zh => format!("证据已写入 {shown}（{bytes} 字节），链尾第 {} 条 {digest}", head.sequence),
            Lang::En => format!("evidence is in {shown} ({bytes} bytes), up to entry {}, {digest}", head.sequence),
        }
    })?;
    said.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn write(
    globals: &Globals,
    unfinished: &Path,
    wish: &LedgerWish,
) -> Result<crate::store::LedgerHead, ExportFault<io::Error>> {
    let file = File::create(unfinished).map_err(ExportFault::Taker)?;
    let mut file = BufWriter::new(file);
    let walk = |visit: &mut Visit<'_>| walk_ledger(&globals.data, visit);
    let head = export_evidence(&walk, wish, |piece| file.write_all(&piece))?;
    file.flush().and_then(|()| file.get_ref().sync_all()).map_err(ExportFault::Taker)?;
    Ok(head)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Computes a file of evidence again. `head` is the digest that whoever checks has from elsewhere.
pub fn verify(globals: &Globals, file: &Path, head: Option<&str>) -> io::Result<ExitCode> {
    let lang = globals.lang();
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            say::error(&format!("cannot read {}: {error}", file.display()));
            return Ok(CANNOT_RUN.into());
        }
    };
    let mut out = Out::open();
    let report = match verify_evidence(&bytes) {
        Ok(report) => report,
        Err(why) => {
            if globals.wants_json() {
                out.line(&json!({"intact": false, "why": why.to_string()}).to_string())?;
                out.flush()?;
            }
            say::error(&why.to_string());
            return Ok(FAULTY.into());
        }
    };
    let found = digest::shown(&report.head.digest);
    let other_head = head.is_some_and(|head| head != found);
    let is_wrong = report.is_wrong() || other_head;
    if globals.wants_json() {
        out.line(&report_json(&report, other_head, lang).to_string())?;
    } else {
        for line in lines(&report, lang) {
            out.line(&line)?;
        }
        out.line(&closing(&report, other_head, head.is_some(), lang))?;
    }
    out.flush()?;
    Ok(if is_wrong || report.unreplayed() > 0 { FAULTY.into() } else { ExitCode::SUCCESS })
}

fn lines(report: &EvidenceReport, lang: Lang) -> Vec<String> {
    let EvidenceReport { first, head, links, evaluations, revisions, activations } = report;
    let (last, digest) = (head.sequence, digest::shown(&head.digest));
    let mut lines = vec![match lang {
        Lang::Zh => format!("链条完整：第 {first} 条至第 {last} 条，其中 {links} 条只有摘要；链尾 {digest}"),
        Lang::En => {
            format!("the chain holds from entry {first} to {last}, {links} of them digests only; head {digest}")
        }
    }];
    for (revision, fault) in revisions {
        lines.push(match fault {
            None => match lang {
                Lang::Zh => format!("{}  规则版本，文件与摘要相符", Ink::Good.paint(revision)),
                Lang::En => format!("{}  revision, its files are what its hash says", Ink::Good.paint(revision)),
            },
            Some(fault) => format!("{}  {}", Ink::Bad.paint(revision), fault.message(revision).get(lang)),
        });
    }
    for replayed in evaluations {
        let ink = match &replayed.verdict {
            Verdict::Identical => Ink::Good,
            verdict if verdict.is_wrong() => Ink::Bad,
            _ => Ink::Warn,
        };
        let (pack, message) = (&replayed.rule_pack, replayed.verdict.message(&replayed.revision));
        lines.push(format!("{}  {pack}  {}", ink.paint(&replayed.id), message.get(lang)));
    }
    for (id, activation) in activations {
        lines.push(match activation {
            Ok(found) => {
                let to = if found.to_revision.is_empty() { "—" } else { &found.to_revision };
                let (pack, at, author) = (&found.rule_pack, found.activated_at, &found.author);
                format!("{}  {pack} → {to}  {at}  {author}", Ink::Good.paint(id)).trim_end().to_owned()
            }
            Err(why) => format!("{}  {why}", Ink::Bad.paint(id)),
        });
    }
    lines
}

fn closing(report: &EvidenceReport, other_head: bool, head_given: bool, lang: Lang) -> String {
    let (is_wrong, unreplayed) = (report.is_wrong() || other_head, report.unreplayed());
    if !is_wrong && unreplayed > 0 {
        return Ink::Warn.paint(&match lang {
            Lang::Zh => format!("链条成立，但有 {unreplayed} 份评价无法重算"),
            Lang::En => format!("the chain holds, but {unreplayed} answers cannot be computed again"),
        });
    }
    let (zh, en) = match (is_wrong, other_head, head_given) {
        (_, true, _) => {
            ("链尾与给定的不同：这不是同一本账", "the head is another than the one given: this is not that ledger")
        }
        (true, _, _) => ("证据不成立", "the evidence does not hold"),
        (false, _, true) => ("证据成立，链尾与给定的相同", "the evidence holds, and the head is the one given"),
        (false, _, false) => (
            "证据成立；请将链尾与事先记下的核对（--head）",
            "the evidence holds; compare the head with one written down before (--head)",
        ),
    };
    let text = match lang {
        Lang::Zh => zh,
        Lang::En => en,
    };
    if is_wrong { Ink::Bad } else { Ink::Good }.paint(text)
}

fn report_json(report: &EvidenceReport, other_head: bool, lang: Lang) -> serde_json::Value {
    let EvidenceReport { first, head, links, evaluations, revisions, activations } = report;
    let evaluations = evaluations.iter().map(|found| {
        json!({
            "id": found.id, "rulePack": found.rule_pack, "revision": found.revision,
            "verdict": found.verdict.name(), "message": found.verdict.message(&found.revision).get(lang),
        })
    });
    let revisions = revisions.iter().map(|(revision, fault)| {
        json!({"revision": revision, "fault": fault.as_ref().map(|fault| fault.message(revision).get(lang).to_owned())})
    });
    let activations = activations.iter().map(|(id, found)| match found {
        Ok(found) => json!({
            "id": id, "rulePack": found.rule_pack, "from": found.from_revision, "to": found.to_revision,
            "author": found.author, "reason": found.reason, "at": found.activated_at.to_string(),
        }),
        Err(why) => json!({"id": id, "fault": why}),
    });
    json!({
        "intact": !report.is_wrong() && !other_head,
        "firstSequence": first,
        "headSequence": head.sequence,
        "head": digest::shown(&head.digest),
        "headIsTheOneGiven": !other_head,
        "links": links,
        "evaluations": evaluations.collect::<Vec<_>>(),
        "revisions": revisions.collect::<Vec<_>>(),
        "activations": activations.collect::<Vec<_>>(),
    })
}
