//! Going through changed scores: accept, reject or leave each.

#![expect(clippy::disallowed_methods, reason = "the rim: hears the author and rewrites case files")]

use std::io::{self, BufRead};
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::json::{DifferenceJson, PlaceJson};
use super::lines::Lines;
use crate::cli::either;
use crate::cli::layout::{Ink, visible};
use crate::cli::say::{self, Out};
use crate::diagnostic::{Bilingual, Lang};
use crate::pack::PackFiles;
use crate::regress::{CaseResult, Change, Obstacle, Rewritten, changes};

/// What became of the changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reviewed {
    pub accepted: usize,
    pub rejected: usize,
    pub pending: usize,
}

impl Reviewed {
    pub fn sentence(self, lang: Lang) -> String {
        let Reviewed { accepted, rejected, pending } = self;
        match lang {
            Lang::Zh => format!("接受 {accepted} 处，拒绝 {rejected} 处，待定 {pending} 处"),
            Lang::En => format!("{accepted} accepted, {rejected} rejected, {pending} pending"),
        }
    }
}

/// A change that nobody decided on.
#[derive(Serialize)]
struct ChangeJson<'a> {
    pack: &'a str,
    case: &'a str,
    row: &'a str,
    state: &'a str,
    place: PlaceJson<'a>,
    differences: Vec<DifferenceJson<'a>>,
}

/// A change as one line of JSON.
pub fn json(change: &Change<'_>) -> String {
    let Change { case, row, differences } = change;
    let line = ChangeJson {
        pack: &case.pack,
        case: &case.name,
        row,
        state: "pending",
        place: PlaceJson::of(&case.place),
        differences: differences.iter().map(|difference| DifferenceJson::of(difference)).collect(),
    };
    serde_json::to_string(&line).unwrap_or_default()
}

/// Shows one change after the other and asks; an answer is a line. Where the input ends, the rest stays pending.
pub fn review(results: &[&CaseResult], folder: &Path, lines: &Lines<'_>, out: &mut Out) -> io::Result<Reviewed> {
    let lang = lines.lang;
    let all: Vec<Change<'_>> = results.iter().flat_map(|result| changes(result)).collect();
    let mut reviewed = Reviewed { pending: all.len(), ..Reviewed::default() };
    let mut rewritten = Rewritten::default();
    let mut answers = io::stdin().lock().lines();
    for (at, change) in all.iter().enumerate() {
        out.text(&shown(change, (at + 1, all.len()), lines))?;
        out.flush()?;
        match ask(&mut answers, lang)? {
            Answer::Accept => match accept(change, &mut rewritten, folder, lines.packs) {
                Ok(()) => {
                    reviewed.pending -= 1;
                    reviewed.accepted += 1;
                }
                Err(why) => say::failure(lang, &why),
            },
            Answer::Reject => {
                reviewed.pending -= 1;
                reviewed.rejected += 1;
            }
            Answer::Skip => {}
            Answer::Quit => break,
        }
    }
    Ok(reviewed)
}

fn shown(change: &Change<'_>, (at, of): (usize, usize), lines: &Lines<'_>) -> String {
    let case = change.case;
    let head = format!("[{at}/{of}] {}  {}", Ink::Place.paint(&case.pack), visible(&case.name));
    format!("\n{head}\n{}", lines.differences(change.differences.iter().copied()))
}

enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

fn ask(answers: &mut impl Iterator<Item = io::Result<String>>, lang: Lang) -> io::Result<Answer> {
    loop {
        say::note(&Ink::Strong.paint(either(
            lang,
            "接受 a / 拒绝 r / 以后再说 s / 结束 q ？",
            "accept a / reject r / skip s / quit q ?",
        )));
        let Some(answer) = answers.next().transpose()? else { return Ok(Answer::Quit) };
        match answer.trim() {
            "a" => return Ok(Answer::Accept),
            "r" => return Ok(Answer::Reject),
            "s" | "" => return Ok(Answer::Skip),
            "q" => return Ok(Answer::Quit),
            _ => {}
        }
    }
}

/// Writes the files that a change touches, each as a whole or not at all.
fn accept(change: &Change<'_>, rewritten: &mut Rewritten, folder: &Path, packs: &[PackFiles]) -> Result<(), Bilingual> {
    let source = |name: &str| -> Option<Arc<str>> {
        let run = packs.iter().find_map(|pack| pack.source(name))?;
        let now = std::fs::read_to_string(folder.join(name)).ok()?;
        (*now == *run).then_some(run)
    };
    let texts = rewritten.accept(change, &source).map_err(|obstacle| sentence(&obstacle))?;
    for (name, text) in texts {
        let path = folder.join(&*name);
        let beside = path.with_extension("yaml.heng-new");
        let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path));
        written.map_err(|why| {
            let path = path.display();
            Bilingual::new(format!("写不了 {path}：{why}"), format!("cannot write {path}: {why}"))
        })?;
    }
    Ok(())
}

fn sentence(obstacle: &Obstacle) -> Bilingual {
    match obstacle {
        Obstacle::Composed(place) => Bilingual::new(
            format!("{place}：这里的值由几部分拼成，或不是一行里的一个值，请自行修改"),
            format!(
                "{place}: this value is put together from parts or is not one value on one line; change it by hand"
            ),
        ),
        Obstacle::Shared(place) => Bilingual::new(
            format!("{place}：matrix 的几行共用这个值，现在各行不同了，请改成一列"),
            format!("{place}: several rows of the matrix share this value and now differ; make it a column"),
        ),
        Obstacle::Changed(place) => Bilingual::new(
            format!("{}：文件已不是刚才运行的样子，请重新运行", place.file),
            format!("{}: the file is not what was run; run again", place.file),
        ),
    }
}
