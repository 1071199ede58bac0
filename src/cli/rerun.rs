//! Running a command again whenever the rules change.

#![expect(
    clippy::disallowed_methods,
    reason = "the rim: hears of changes and of the end of the input, and tells the time"
)]

use std::io::{self, BufRead};
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{self, Receiver};

use jiff::ZonedDateTime;

use super::layout::{Ink, Screen, width};
use super::{CANNOT_RUN, either, rule_files, say};
use crate::app::FolderWatch;
use crate::diagnostic::{Bilingual, Lang};
use crate::pack::PackFiles;

/// What ends the wait for another run.
enum Signal {
    /// Something in the folder may have changed.
    Folder,
    /// Somebody pressed Enter.
    Again,
    /// Standard input ended.
    End,
}

/// Runs, waits for a change below `dir`, and runs again, until standard input ends. The exit code is that of the last
/// run.
pub fn on_change(lang: Lang, dir: &Path, mut run: impl FnMut() -> io::Result<ExitCode>) -> io::Result<ExitCode> {
    let (signals, _watch) = match signals(dir) {
        Ok(signals) => signals,
        Err(why) => {
            let dir = dir.display();
            let message = Bilingual::new(format!("无法监视 {dir}：{why}"), format!("cannot watch {dir}: {why}"));
            say::failure(lang, &message);
            return Ok(CANNOT_RUN.into());
        }
    };
    let mut seen: Option<Vec<PackFiles>> = None;
    let mut code = ExitCode::SUCCESS;
    loop {
        // A file that is being replaced may be missing for a moment: the next event tells.
        let now = rule_files::load(dir).ok().map(|files| files.packs);
        if now.is_none() || now != seen {
            separate(lang, seen.as_deref(), now.as_deref());
            code = run()?;
            seen = now;
        }
        match signals.recv() {
            Ok(Signal::Folder) => {}
            Ok(Signal::Again) => seen = None,
            Ok(Signal::End) | Err(_) => return Ok(code),
        }
    }
}

fn signals(dir: &Path) -> Result<(Receiver<Signal>, FolderWatch), Box<dyn std::error::Error>> {
    let (sender, signals) = mpsc::channel();
    let folder = sender.clone();
    // A pack stands on those beside it.
    let above = rule_files::beside(dir, dir.join("pack.yaml").is_file().then_some(""));
    let watch = FolderWatch::begin(&above, move || drop(folder.send(Signal::Folder)))?;
    let listen = move || {
        for line in io::stdin().lock().lines() {
            if line.is_err() || sender.send(Signal::Again).is_err() {
                break;
            }
        }
        drop(sender.send(Signal::End));
    };
    std::thread::Builder::new().name("rerun-input".to_owned()).spawn(listen)?;
    Ok((signals, watch))
}

/// A line between two runs that says when, and what has changed.
fn separate(lang: Lang, before: Option<&[PackFiles]>, after: Option<&[PackFiles]>) {
    let time = ZonedDateTime::now().strftime("%H:%M:%S").to_string();
    let files = before.zip(after).map(|(before, after)| changed(before, after)).unwrap_or_default();
    let text = match files.as_slice() {
        [] => format!(
            "{time} {}",
            either(lang, "等待改动，按回车重新运行", "waiting for changes; press Enter to run again")
        ),
        [one] => format!("{time} {one}"),
        [one, others @ ..] => match lang {
            Lang::Zh => format!("{time} {one} 等 {} 个文件", others.len() + 1),
            Lang::En => format!("{time} {one} and {} more", others.len()),
        },
    };
    let rest = Screen::of_reader(lang).width.saturating_sub(width(&text) + 4);
    say::note(&Ink::Faint.paint(&format!("── {text} {}", "─".repeat(rest))));
}

/// The files that came, went or are others now.
fn changed(before: &[PackFiles], after: &[PackFiles]) -> Vec<String> {
    let differing = |these: &[PackFiles], others: &[PackFiles]| -> Vec<String> {
        let files = these.iter().flat_map(|pack| pack.files.iter().map(|(path, text)| (pack.shown(path), text)));
        let is_new =
            |name: &str, text: &str| !others.iter().any(|pack| pack.source(name).is_some_and(|known| *known == *text));
        files.filter(|(name, text)| is_new(name, text)).map(|(name, _)| name.to_string()).collect()
    };
    let mut names = differing(after, before);
    names.extend(differing(before, after));
    names.sort();
    names.dedup();
    names
}
