//! The form texts that a command line names: files, folders, standard input.

#![expect(clippy::disallowed_methods, reason = "the rim: reads the files that the user names")]

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

/// The text of one form.
pub struct FormText {
    /// The file, as the user named it.
    pub file: String,
    /// Lines of the file before the text; 0 unless a file holds a form on each line.
    pub lines_before: u32,
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

/// Hands over the form texts of all arguments, in their order; files of a folder in the order of their names.
/// One text is in memory at a time.
pub fn each<E>(named: &[PathBuf], take: &mut dyn FnMut(Found) -> Result<(), E>) -> Result<(), E> {
    for path in named {
        if path.as_os_str() == STDIN {
            each_of_stdin(take)?;
        } else if path.is_dir() {
            let mut files = Vec::new();
            let why = match search(path, 0, &mut files) {
                Err(why) => Some(why),
                Ok(()) => files.is_empty().then(no_form_file),
            };
            why.map_or(Ok(()), |why| take(Err(unreadable(path, None, why))))?;
            files.iter().try_for_each(|file| each_of_file(file, take))?;
        } else {
            each_of_file(path, take)?;
        }
    }
    Ok(())
}

/// The form files of a folder and those inside it, hidden ones passed over.
fn search(dir: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Bilingual> {
    if depth > DEEPEST {
        return Err(Bilingual::new("文件夹套得过深", format!("folders lie more than {DEEPEST} deep")));
    }
    let entries = std::fs::read_dir(dir).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(|why| sentence(&why))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries.iter().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
        let path = entry.path();
        // A link to a folder is not followed: it may lead back here.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            search(&path, depth + 1, files)?;
        } else if ENDINGS.iter().any(|ending| path.extension().is_some_and(|found| found == *ending)) {
            files.push(path);
        }
    }
    Ok(())
}

fn each_of_file<E>(path: &Path, take: &mut dyn FnMut(Found) -> Result<(), E>) -> Result<(), E> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(why) => return take(Err(unreadable(path, None, sentence(&why)))),
    };
    if path.extension().is_some_and(|ending| ending == "ndjson") {
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
        Ok(_) => text(path, 0, bytes),
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
            Ok(_) => take(text(path, lines_before, bytes))?,
            Err(why) => return take(Err(unreadable(path, line, sentence(&why)))),
        }
    }
    Ok(())
}

fn text(path: &Path, lines_before: u32, bytes: Vec<u8>) -> Found {
    let file = path.display().to_string();
    String::from_utf8(bytes).map(|text| FormText { file, lines_before, text }).map_err(|_| {
        let why = Bilingual::new(
            "不是 UTF-8 文本；自评表文件是 YAML 或 JSON，请另存为 UTF-8",
            "not UTF-8 text; a form file is YAML or JSON: save it as UTF-8",
        );
        unreadable(path, (lines_before > 0).then_some(lines_before + 1), why)
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
