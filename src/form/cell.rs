//! A cell that holds a number, or does not.

/// What a numeric cell says. Blank is not zero, and 不适用 is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cell<T> {
    #[default]
    Blank,
    /// `—`, `/`, `无`, `不适用`
    NotApplicable,
    Value(T),
}

impl<T> Cell<T> {
    pub fn value(&self) -> Option<&T> {
        match self {
            Cell::Value(value) => Some(value),
            Cell::Blank | Cell::NotApplicable => None,
        }
    }

    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Blank)
    }

    pub fn is_not_applicable(&self) -> bool {
        matches!(self, Cell::NotApplicable)
    }
}

/// A cell with the text it was read from, kept exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Printed<T> {
    text: String,
    cell: Cell<T>,
}

impl<T> Printed<T> {
    pub(super) fn new(text: String, cell: Cell<T>) -> Self {
        Printed { text, cell }
    }

    /// As printed, spaces and all.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn cell(&self) -> &Cell<T> {
        &self.cell
    }

    pub fn value(&self) -> Option<&T> {
        self.cell.value()
    }

    pub fn is_blank(&self) -> bool {
        self.cell.is_blank()
    }

    pub fn is_not_applicable(&self) -> bool {
        self.cell.is_not_applicable()
    }
}
