//! `heng store`: looking after the stored evaluations.

mod evidence;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::say::{self, Out};
use super::{CANNOT_RUN, FAULTY, Globals, either};
use crate::app::{FILING, LedgerWish};
use crate::diagnostic::Lang;
use crate::store::{self, EmbeddedStore, IndexVerdict, Options, Recovery, Repaired, StoreError, Verified};

#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, Clone, Subcommand)]
enum Work {
    /// Prove every byte of the journal and compare the index with it; a running heng may hold the folder
    Verify {
        /// Check a file of evidence instead, without any store: its chain, its revisions, and every answer in it
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
        /// The head that the evidence must lead to, as it was written down before
        #[arg(long, value_name = "DIGEST", requires = "export")]
        head: Option<String>,
    },
    /// Write evidence of records into a new file, with the rules behind them; heng may go on serving
    Export {
        /// Evaluations, activations or revisions; everything without one
        #[arg(value_name = "ID", conflicts_with_all = ["from", "to"])]
        ids: Vec<String>,
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// First entry of the ledger
        #[arg(long, value_name = "SEQ")]
        from: Option<u64>,
        /// Last entry of the ledger
        #[arg(long, value_name = "SEQ")]
        to: Option<u64>,
    },
    /// Mend a damaged journal from the index, proven by its chain, and rebuild a damaged index
    Repair,
    /// Copy what is acknowledged into a new folder and prove the copy; heng may go on serving
    Backup {
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Put a backup into the data folder, which must be new or empty
    Restore {
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Write the index anew, as small as it can be; no record goes
    Compact,
}

/// Exit code 1 when the store is damaged, 2 when the work could not be done.
pub fn run(globals: &Globals, args: &StoreArgs) -> io::Result<ExitCode> {
    let (data, options) = (&globals.data, Options { filing: FILING, ..Options::default() });
    let cache = options.index_cache_bytes;
    let done = match &args.work {
        Work::Verify { export: Some(file), head } => return evidence::verify(globals, file, head.as_deref()),
        Work::Verify { export: None, head: _ } => store::verify(data, cache).map(Done::Verified),
        Work::Export { ids, out, from, to } => {
            let span = || LedgerWish::Span { from: from.unwrap_or(0), to: to.unwrap_or(0) };
            let wish = if ids.is_empty() { span() } else { LedgerWish::Ids(ids.clone()) };
            return evidence::export(globals, out, &wish);
        }
        Work::Repair => store::repair(data, &options).map(Done::Repaired),
        Work::Backup { dir } => store::backup(data, dir, cache).map(Done::Verified),
        Work::Restore { dir } => store::restore(dir, data, cache).map(Done::Verified),
        Work::Compact => EmbeddedStore::compact(data, &options).map(Done::Compacted),
    };
    let done = match done {
        Ok(done) => done,
        Err(error) => return failed(globals, &error),
    };
    let mut out = Out::open();
    if globals.wants_json() {
        out.line(&serde_json::to_string(&done.json())?)?;
    } else {
        done.lines(globals.lang()).iter().try_for_each(|line| out.line(line))?;
    }
    out.flush()?;
    let damaged = matches!(&done, Done::Verified(Verified { index: IndexVerdict::Damaged { .. }, .. }));
    Ok(if damaged { FAULTY.into() } else { ExitCode::SUCCESS })
}

fn failed(globals: &Globals, error: &StoreError) -> io::Result<ExitCode> {
    let is_damage = matches!(error, StoreError::Damaged { .. } | StoreError::Lost { .. });
    if globals.wants_json() && is_damage {
        let mut out = Out::open();
        out.line(&serde_json::to_string(&damage_json(error))?)?;
        out.flush()?;
    }
    say::error(&error.to_string());
    Ok(if is_damage { FAULTY.into() } else { CANNOT_RUN.into() })
}

/// What was done, to be told.
enum Done {
    Verified(Verified),
    Repaired(Repaired),
    Compacted(Recovery),
}

impl Done {
    fn lines(&self, lang: Lang) -> Vec<String> {
        match self {
            Done::Verified(found) => verified_lines(found, lang),
            Done::Repaired(Repaired { restored, kept_aside, recovery }) => {
                let mut lines = Vec::new();
                if let Some(aside) = kept_aside {
                    let aside = aside.display();
                    lines.push(match lang {
                        Lang::Zh => format!("日志已重写，其中 {restored} 条取自索引；损坏的日志保留在 {aside}"),
                        Lang::En => format!(
                            "the journal was written anew, {restored} entries of it from the index; the damaged one is kept in {aside}"
                        ),
                    });
                }
                lines.extend(recovery_lines(recovery, lang));
                lines
            }
            Done::Compacted(recovery) => recovery_lines(recovery, lang),
        }
    }

    fn json(&self) -> Report {
        match self {
            Done::Verified(Verified { records, segments, head, unacknowledged, index }) => Report {
                records: *records,
                segments: Some(*segments),
                head: Some(hex(head)),
                unacknowledged: *unacknowledged,
                index: Some(match index {
                    IndexVerdict::Whole => "whole",
                    IndexVerdict::Behind { .. } => "behind",
                    IndexVerdict::Damaged { .. } => "damaged",
                    IndexVerdict::InUse => "in use",
                }),
                ..Report::default()
            },
            Done::Repaired(Repaired { restored, kept_aside, recovery }) => Report {
                restored: Some(*restored),
                kept_aside: kept_aside.as_ref().map(|path| path.display().to_string()),
                ..Report::of(recovery)
            },
            Done::Compacted(recovery) => Report::of(recovery),
        }
    }
}

fn verified_lines(found: &Verified, lang: Lang) -> Vec<String> {
    let Verified { records, segments, head, unacknowledged, index } = found;
    let head = hex(head);
    let index = match (index, lang) {
        (IndexVerdict::Whole, Lang::Zh) => "索引与日志一致".to_owned(),
        (IndexVerdict::Whole, Lang::En) => "the index holds what the journal holds".to_owned(),
        (IndexVerdict::Behind { held }, Lang::Zh) => format!("索引只到第 {held} 条，下次启动时补齐"),
        (IndexVerdict::Behind { held }, Lang::En) => {
            format!("the index ends at record {held}; the next start adds the rest")
        }
        (IndexVerdict::Damaged { why }, Lang::Zh) => format!("索引已损坏（{why}），下次启动时由日志重建"),
        (IndexVerdict::Damaged { why }, Lang::En) => {
            format!("the index is damaged ({why}); the next start rebuilds it")
        }
        (IndexVerdict::InUse, Lang::Zh) => "索引正由运行中的 heng 使用，没有比对".to_owned(),
        (IndexVerdict::InUse, Lang::En) => "a running heng holds the index: it was not compared".to_owned(),
    };
    let journal = match lang {
        Lang::Zh => format!("日志完好：{records} 条记录，{segments} 段，链尾 {head}"),
        Lang::En => format!("the journal is whole: {records} records in {segments} segments, head {head}"),
    };
    let mut lines = vec![journal, index];
    if *unacknowledged > 0 {
        lines.push(match lang {
            Lang::Zh => format!("末尾有 {unacknowledged} 字节未曾确认的写入，下次启动时截去"),
            Lang::En => format!("{unacknowledged} bytes at the end were never acknowledged; the next start cuts them"),
        });
    }
    lines
}

fn recovery_lines(recovery: &Recovery, lang: Lang) -> Vec<String> {
    let Recovery { records, cut, indexed, rebuilt, trusted: _, filed: _ } = recovery;
    let mut lines = vec![match lang {
        Lang::Zh => format!("存储可用：{records} 条记录，索引写入 {indexed} 条"),
        Lang::En => format!("the store is good: {records} records, {indexed} written to the index"),
    }];
    if *cut > 0 {
        lines.push(match lang {
            Lang::Zh => format!("截去末尾未曾确认的 {cut} 字节"),
            Lang::En => format!("{cut} bytes that were never acknowledged were cut off the end"),
        });
    }
    if let Some(why) = rebuilt {
        lines.push(format!("{}{why}", either(lang, "索引已重建：", "the index was rebuilt: ")));
    }
    lines
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    records: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    segments: Option<u64>,
    /// Digest of the last entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<String>,
    /// Bytes at the end that were never acknowledged.
    unacknowledged: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indexed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restored: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_aside: Option<String>,
}

impl Report {
    fn of(recovery: &Recovery) -> Self {
        Report {
            records: recovery.records,
            unacknowledged: recovery.cut,
            indexed: Some(recovery.indexed),
            ..Report::default()
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct DamageReport {
    damaged: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    segment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<u64>,
}

fn damage_json(error: &StoreError) -> DamageReport {
    let (segment, offset, sequence) = match error {
        StoreError::Damaged { segment, offset, sequence, .. } => {
            (Some(segment.clone()), Some(*offset), Some(*sequence))
        }
        StoreError::Lost { sequence } => (None, None, Some(*sequence)),
        _ => (None, None, None),
    };
    DamageReport { damaged: error.to_string(), segment, offset, sequence }
}

fn hex(digest: &[u8]) -> String {
    digest.iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
