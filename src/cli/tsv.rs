//! Tables of texts separated by tabs, the first line naming the columns.

#![expect(clippy::disallowed_methods, reason = "the rim: reads the table that the user names")]

use std::path::Path;

use crate::diagnostic::Bilingual;

/// Larger tables are refused before they are read.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A table with its header. Cells hold anything but tabs and line breaks.
pub struct Tsv {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One line under the header.
#[derive(Clone, Copy)]
pub struct Row<'t> {
    header: &'t [String],
    cells: &'t [String],
}

impl Tsv {
    /// Reads a file; it must have the columns that are `required`.
    pub fn read(path: &Path, required: &[&str]) -> Result<Tsv, Bilingual> {
        let shown = path.display();
        let unreadable = |why: &dyn std::fmt::Display| {
            Bilingual::new(format!("读不了 {shown}：{why}"), format!("cannot read {shown}: {why}"))
        };
        let size = std::fs::metadata(path).map_err(|why| unreadable(&why))?.len();
        if size > LARGEST {
            return Err(Bilingual::new(
                format!("{shown} 有 {size} 字节，上限为 {LARGEST} 字节"),
                format!("{shown} has {size} bytes; the limit is {LARGEST}"),
            ));
        }
        let bytes = std::fs::read(path).map_err(|why| unreadable(&why))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Bilingual::new(format!("{shown} 不是 UTF-8 文本"), format!("{shown} is not UTF-8 text")))?;
        let table = Tsv::parse(&text);
        match required.iter().find(|name| !table.header.iter().any(|known| known == *name)) {
            None => Ok(table),
            Some(name) => Err(Bilingual::new(
                format!("{shown} 的第一行没有 `{name}` 这一列；各列以制表符分隔"),
                format!("the first line of {shown} names no column `{name}`; columns are separated by tabs"),
            )),
        }
    }

    fn parse(text: &str) -> Tsv {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect());
        let header = lines.next().unwrap_or_default();
        Tsv { header, rows: lines.collect() }
    }

    pub fn has(&self, column: &str) -> bool {
        self.header.iter().any(|name| name == column)
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { header: &self.header, cells })
    }
}

impl<'t> Row<'t> {
    /// The cell under `column`; empty where the table or the line has none.
    pub fn get(self, column: &str) -> &'t str {
        let at = self.header.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at)).map_or("", String::as_str)
    }
}
