//! What commands say: results on standard output, talk on standard error.

use std::io::{self, BufWriter, StdoutLock, Write};

use anstream::AutoStream;

use super::either;
use super::layout::Ink;
use crate::diagnostic::{Bilingual, Diagnostic, Lang, render};
use crate::pack::PackFiles;

/// Standard output, buffered until [`Out::flush`]. Styles are dropped where they are not wanted.
pub struct Out {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
}

impl Out {
    pub fn open() -> Self {
        Out { stream: BufWriter::new(anstream::stdout().lock()) }
    }

    /// Text that brings its own line breaks.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.stream.write_all(text.as_bytes())
    }

    pub fn line(&mut self, text: &str) -> io::Result<()> {
        self.text(text)?;
        self.text("\n")
    }

    /// Shows what was written so far: before talk on the other stream, and at the end.
    pub fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// One line on standard output at once, for a command that goes on running. A reader that has gone away does
/// not stop it.
pub fn line(text: &str) {
    let mut stream = anstream::stdout().lock();
    drop(writeln!(stream, "{text}").and_then(|()| stream.flush()));
}

/// Talk on standard error; lost when nobody can hear it.
pub fn note(text: &str) {
    drop(writeln!(anstream::stderr().lock(), "{text}"));
}

/// What went wrong, for operators.
pub fn error(text: &str) {
    note(&format!("{} {text}", Ink::Bad.paint("error:")));
}

/// What went wrong, in the reader's language.
pub fn failure(lang: Lang, message: &Bilingual) {
    note(&format!("{}{}", Ink::Bad.paint(either(lang, "错误：", "error: ")), message.get(lang)));
}

/// The diagnostics of rule files, with excerpts and styles.
pub fn diagnostics(problems: &[Diagnostic], files: &[PackFiles], lang: Lang) -> String {
    let source = |name: &str| files.iter().find_map(|pack| pack.source(name));
    render::text(problems, lang, &source, true)
}
