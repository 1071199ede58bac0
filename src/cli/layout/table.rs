//! A table whose columns fit the screen.

use super::cells::{width, wrap};
use super::ink::Ink;

/// Blanks between columns.
const GAP: usize = 2;
/// No wrapped column is narrower.
const NARROWEST: usize = 6;

/// How a column's cells stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    /// Numbers with their decimal points one below the other.
    Point,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub title: String,
    pub align: Align,
    /// Whether it gives way when the table is wider than the screen.
    pub wraps: bool,
    /// Cells it takes at most, however much space there is.
    pub most: usize,
}

impl Column {
    pub fn text(title: &str) -> Self {
        Column { title: title.to_owned(), align: Align::Left, wraps: true, most: usize::MAX }
    }

    pub fn short(title: &str) -> Self {
        Column { title: title.to_owned(), align: Align::Left, wraps: false, most: usize::MAX }
    }

    pub fn right(title: &str) -> Self {
        Column { title: title.to_owned(), align: Align::Right, wraps: false, most: usize::MAX }
    }

    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Column { most, ..self }
    }

    pub fn number(title: &str) -> Self {
        Column { title: title.to_owned(), align: Align::Point, wraps: false, most: usize::MAX }
    }
}

#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    ink: Ink,
    /// Columns it spreads over, this one included.
    span: usize,
}

impl Cell {
    pub fn new(text: impl Into<String>) -> Self {
        Cell { text: text.into(), ink: Ink::Plain, span: 1 }
    }

    #[must_use]
    pub fn ink(self, ink: Ink) -> Self {
        Cell { ink, ..self }
    }

    #[must_use]
    pub fn over(self, columns: usize) -> Self {
        Cell { span: columns.max(1), ..self }
    }
}

#[derive(Debug, Clone)]
enum Line {
    Cells(Vec<Cell>),
    Rule(char),
}

#[derive(Debug, Clone)]
pub struct Table {
    columns: Vec<Column>,
    lines: Vec<Line>,
}

impl Table {
    pub fn new(columns: Vec<Column>) -> Self {
        Table { columns, lines: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.lines.push(Line::Cells(cells));
    }

    /// A line across the table.
    pub fn rule(&mut self, drawn_with: char) {
        self.lines.push(Line::Rule(drawn_with));
    }

    /// The table in lines of at most `screen` cells, unless its fixed columns alone are wider. The titles
    /// stand above it, unless all are empty.
    pub fn render(&self, screen: usize) -> String {
        let measures = self.measures(screen);
        let across = measures.iter().map(|measure| measure.width).sum::<usize>() + gaps(measures.len());
        let mut out = String::new();
        if self.columns.iter().any(|column| !column.title.is_empty()) {
            let titles: Vec<Cell> =
                self.columns.iter().map(|column| Cell::new(column.title.clone()).ink(Ink::Faint)).collect();
            render_row(&titles, &measures, &mut out);
            render_rule('─', across, &mut out);
        }
        for line in &self.lines {
            match line {
                Line::Cells(cells) => render_row(cells, &measures, &mut out),
                Line::Rule(drawn_with) => render_rule(*drawn_with, across, &mut out),
            }
        }
        out
    }

    fn measures(&self, screen: usize) -> Vec<Measure> {
        let mut measures: Vec<Measure> =
            self.columns.iter().enumerate().map(|(at, column)| self.measure(at, column)).collect();
        let fixed: usize =
            self.columns.iter().zip(&measures).filter(|(column, _)| !column.wraps).map(|(_, m)| m.width).sum();
        let yielding = self.columns.iter().zip(&measures).filter(|(column, _)| column.wraps).map(|(_, m)| m.width);
        let most = widest_share(yielding.collect(), screen.saturating_sub(gaps(measures.len()) + fixed));
        for (column, measure) in self.columns.iter().zip(&mut measures) {
            if column.wraps {
                measure.width = measure.width.min(most);
            }
        }
        measures
    }

    /// What a column would take if there were space.
    fn measure(&self, at: usize, column: &Column) -> Measure {
        let decimals = match column.align {
            Align::Point => self.texts(at).map(fraction).max().unwrap_or(0),
            Align::Left | Align::Right => 0,
        };
        let missing = |line: &str| if is_number(line) { decimals.saturating_sub(fraction(line)) } else { 0 };
        let widest = self.texts(at).flat_map(str::lines).map(|line| width(line) + missing(line));
        let width = widest.chain([width(&column.title)]).max().unwrap_or(0);
        Measure { width: width.min(column.most), align: column.align, decimals }
    }

    /// The texts of the cells that stand in this column alone.
    fn texts(&self, column: usize) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(move |line| {
            let Line::Cells(cells) = line else { return None };
            let mut at = 0;
            for cell in cells {
                if at == column && cell.span == 1 {
                    return Some(cell.text.as_str());
                }
                at += cell.span;
            }
            None
        })
    }
}

/// How a column is laid out.
#[derive(Clone, Copy)]
struct Measure {
    width: usize,
    align: Align,
    /// Cells behind the whole part of its longest number: the point and the decimals.
    decimals: usize,
}

fn gaps(columns: usize) -> usize {
    GAP * columns.saturating_sub(1)
}

/// One cell of a row, wrapped.
struct Block {
    lines: Vec<String>,
    space: usize,
    align: Align,
    decimals: usize,
    ink: Ink,
}

fn render_row(cells: &[Cell], measures: &[Measure], out: &mut String) {
    let mut columns = measures.iter();
    let blocks: Vec<Block> = cells
        .iter()
        .map(|cell| {
            let spanned: Vec<&Measure> = columns.by_ref().take(cell.span).collect();
            let space = spanned.iter().map(|measure| measure.width).sum::<usize>() + gaps(spanned.len());
            let (align, decimals) = match spanned.as_slice() {
                [only] => (only.align, only.decimals),
                _ => (Align::Left, 0),
            };
            Block { lines: wrap(&cell.text, space), space, align, decimals, ink: cell.ink }
        })
        .collect();
    let height = blocks.iter().map(|block| block.lines.len()).max().unwrap_or(0);
    for row in 0..height {
        let mut owed = 0;
        for block in &blocks {
            let text = block.lines.get(row).map_or("", String::as_str);
            let before = block.blanks_before(text);
            if !text.is_empty() {
                out.extend(std::iter::repeat_n(' ', owed + before));
                out.push_str(&block.ink.paint(text));
                owed = 0;
            }
            owed += GAP + block.space.saturating_sub(if text.is_empty() { 0 } else { before + width(text) });
        }
        out.push('\n');
    }
}

impl Block {
    fn blanks_before(&self, text: &str) -> usize {
        let short = self.space.saturating_sub(width(text));
        match self.align {
            Align::Left => 0,
            Align::Right => short,
            Align::Point if is_number(text) => short.saturating_sub(self.decimals.saturating_sub(fraction(text))),
            Align::Point => short,
        }
    }
}

/// The width that no column may pass so that all of them fit into `space`: those that need less keep theirs.
fn widest_share(mut wanted: Vec<usize>, mut space: usize) -> usize {
    wanted.sort_unstable();
    let mut left = wanted.len();
    for need in wanted {
        let share = space / left.max(1);
        if need > share {
            return share.max(NARROWEST);
        }
        space -= need;
        left -= 1;
    }
    usize::MAX
}

/// The cells from the decimal point on; none for what is no plain number.
fn fraction(text: &str) -> usize {
    if is_number(text) { text.find('.').map_or(0, |point| text.len() - point) } else { 0 }
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | ','))
}

fn render_rule(drawn_with: char, across: usize, out: &mut String) {
    out.push_str(&Ink::Faint.paint(&std::iter::repeat_n(drawn_with, across).collect::<String>()));
    out.push('\n');
}
