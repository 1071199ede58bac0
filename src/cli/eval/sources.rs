//! The form texts that a command line names: files, folders, standard input.

#![expect(clippy::disallowed_methods, reason = "the rim: reads the files that the user names")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::diagnostic::Bilingual;
use crate::document::Limits;

/// Folders inside each other that are searched.
const DEEPEST: usize = 32;
/// What a folder is searched for.
const ENDINGS: [&str; 4] = ["yaml", "yml", "json", "ndjson"];
/// How standard input is named.
pub const STDIN: &str = "-";

/// Whether the user named it, or it lies in a folder that the user named: what is named is answered, what is
/// only found and is no form is passed over with a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Named,
    Found,
}

/// The text of one form.
pub struct FormText {
    /// The file, as the user named it.
    pub file: String,
    /// Lines of the file before the text; 0 unless a file holds a form on each line.
    pub lines_before: u32,
    /// The file holds a form on each line.
    pub is_line: bool,
    pub text: String,
}

/// A text that could not be had.
pub struct Unreadable {
    pub file: String,
    /// The line, where a file holds a form on each.
    pub line: Option<u32>,
    pub why: Bilingual,
}

pub type Found = Result<FormText, Unreadable>;

/// A text, or why there is none, and where it comes from.
pub struct Sourced {
    /// How many files come before this one.
    pub files_before: usize,
    pub origin: Origin,
    pub found: Found,
}

/// Everything that a command line names, in its order; files of a folder in the order of their names.
#[derive(Default)]
pub struct Plan {
    items: Vec<Item>,
    /// Files in folders that are passed over, by their ending.
    pub passed_over: BTreeMap<String, usize>,
}

enum Item {
    Stdin,
    File(PathBuf, Origin),
    /// A folder that gives nothing.
    Nothing(PathBuf, Bilingual),
}

impl Plan {
    /// Looks up what lies in the folders.
    pub fn of(named: &[PathBuf]) -> Self {
        let mut plan = Plan::default();
        for path in named {
            if path.as_os_str() == STDIN {
                plan.items.push(Item::Stdin);
            } else if path.is_dir() {
                let before = plan.items.len();
                let why = match plan.search(path, 0) {
                    Err(why) => Some(why),
                    Ok(()) => (plan.items.len() == before).then(no_form_file),
                };
                plan.items.extend(why.map(|why| Item::Nothing(path.clone(), why)));
            } else {
                plan.items.push(Item::File(path.clone(), Origin::Named));
            }
        }
        plan
    }

    pub fn files(&self) -> usize {
        self.items.len()
    }

    /// Whether it is one form, not many: a single file that holds one.
    pub fn is_single(&self) -> bool {
        match self.items.as_slice() {
            [Item::File(path, Origin::Named)] => !holds_lines(path),
            [Item::Stdin] => true,
            _ => false,
        }
    }

    /// The most cells that a file's name takes.
    pub fn widest_name(&self, shown: impl Fn(&str) -> usize) -> usize {
        let path = |item: &Item| match item {
            Item::Stdin => shown(STDIN),
            Item::File(path, _) | Item::Nothing(path, _) => shown(&path.display().to_string()),
        };
        self.items.iter().map(path).max().unwrap_or(0)
    }

    /// Hands over the texts. One is in memory at a time.
    pub fn each<E>(&self, take: &mut dyn FnMut(Sourced) -> Result<(), E>) -> Result<(), E> {
        self.items.iter().enumerate().try_for_each(|(files_before, item)| {
            let origin = if let Item::File(_, origin) = item { *origin } else { Origin::Named };
            let mut take = |found| take(Sourced { files_before, origin, found });
            match item {
                Item::Stdin => each_of_stdin(&mut take),
                Item::File(path, _) => each_of_file(path, &mut take),
                Item::Nothing(path, why) => take(Err(unreadable(path, None, why.clone()))),
            }
        })
    }

    /// The form files of a folder and those inside it, hidden ones passed over.
    fn search(&mut self, dir: &Path, depth: usize) -> Result<(), Bilingual> {
        if depth > DEEPEST {
            return Err(Bilingual::new("文件夹套得过深", format!("folders lie more than {DEEPEST} deep")));
        }
        let entries = std::fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries = entries.map_err(|why| sentence(&why))?;
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries.iter().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
            let path = entry.path();
            let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned()).unwrap_or_default();
            // A link to a folder is not followed: it may lead back here.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                self.search(&path, depth + 1)?;
            } else if ENDINGS.contains(&ending.as_str()) {
                self.items.push(Item::File(path, Origin::Found));
            } else {
                *self.passed_over.entry(ending).or_default() += 1;
            }
        }
        Ok(())
    }
}

fn holds_lines(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "ndjson")
}

fn each_of_file<E>(path: &Path, take: &mut dyn FnMut(Found) -> Result<(), E>) -> Result<(), E> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) => return take(Err(unreadable(path, None, sentence(&why)))),
    };
    if holds_lines(path) {
        return each_line(path, &mut BufReader::new(file), take);
    }
    take(whole(path, file))
}

/// Standard input is a form on each line when its first line is a whole JSON object and not the only one.
fn each_of_stdin<E>(take: &mut dyn FnMut(Found) -> Result<(), E>) -> Result<(), E> {
    let path = Path::new(STDIN);
    let form = match whole(path, io::stdin().lock()) {
        Ok(form) => form,
        Err(unreadable) => return take(Err(unreadable)),
    };
    let several = form.text.trim_end().split_once('\n').is_some_and(|(first, _)| {
        first.trim_start().starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(first).is_ok()
    });
    if several { each_line(path, &mut form.text.as_bytes(), take) } else { take(Ok(form)) }
}

fn whole(path: &Path, reader: impl Read) -> Found {
    let mut bytes = Vec::new();
    let limit = Limits::FORM.bytes;
    match reader.take(limit as u64 + 1).read_to_end(&mut bytes) {
        Ok(read) if read > limit => Err(unreadable(path, None, too_large())),
        Ok(_) => text(path, None, bytes),
        Err(why) => Err(unreadable(path, None, sentence(&why))),
    }
}

fn each_line<E>(path: &Path, reader: &mut impl BufRead, take: &mut dyn FnMut(Found) -> Result<(), E>) -> Result<(), E> {
    let limit = Limits::FORM.bytes;
    for lines_before in 0.. {
        let line = Some(lines_before + 1);
        let mut bytes = Vec::new();
        match reader.by_ref().take(limit as u64 + 1).read_until(b'\n', &mut bytes) {
            Ok(0) => break,
            Ok(_) if bytes.len() > limit => return take(Err(unreadable(path, line, too_large()))),
            Ok(_) if bytes.iter().all(u8::is_ascii_whitespace) => {}
            Ok(_) => take(text(path, Some(lines_before), bytes))?,
            Err(why) => return take(Err(unreadable(path, line, sentence(&why)))),
        }
    }
    Ok(())
}

/// `lines_before` where the file holds a form on each line.
fn text(path: &Path, lines_before: Option<u32>, bytes: Vec<u8>) -> Found {
    let file = path.display().to_string();
    let (is_line, before) = (lines_before.is_some(), lines_before.unwrap_or(0));
    String::from_utf8(bytes).map(|text| FormText { file, lines_before: before, is_line, text }).map_err(|_| {
        let why = Bilingual::new(
            "不是 UTF-8 文本；自评表文件是 YAML 或 JSON，请另存为 UTF-8",
            "not UTF-8 text; a form file is YAML or JSON: save it as UTF-8",
        );
        unreadable(path, lines_before.map(|before| before + 1), why)
    })
}

fn unreadable(path: &Path, line: Option<u32>, why: Bilingual) -> Unreadable {
    Unreadable { file: path.display().to_string(), line, why }
}

fn too_large() -> Bilingual {
    let limit = Limits::FORM.bytes >> 20;
    Bilingual::new(
        format!("超过 {limit} MiB，这是一张自评表的上限"),
        format!("larger than {limit} MiB, the most for a form"),
    )
}

fn no_form_file() -> Bilingual {
    let endings = ENDINGS.map(|ending| format!(".{ending}"));
    Bilingual::new(
        format!("文件夹里没有自评表文件（{}）", endings.join("、")),
        format!("no form file in this folder ({})", endings.join(", ")),
    )
}

fn sentence(error: &io::Error) -> Bilingual {
    let zh = match error.kind() {
        io::ErrorKind::NotFound => "没有这个文件".to_owned(),
        io::ErrorKind::PermissionDenied => "没有读取权限".to_owned(),
        _ => format!("读取失败：{error}"),
    };
    Bilingual::new(zh, error.to_string())
}
