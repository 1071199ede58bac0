//! Text in columns: measured in terminal cells, wrapped as Chinese is, coloured last.
//!
//! Characters of ambiguous width (× ÷ – “ ” ①, and the lines of tables) count one cell, as every terminal has
//! them that is not set to a legacy East Asian encoding.

mod cells;
mod ink;
mod progress;
mod screen;
mod table;
#[cfg(test)]
mod tests;

pub use cells::{cut, cut_front, pad, visible, width, wrap};
pub use ink::Ink;
pub use progress::Progress;
pub use screen::Screen;
pub use table::{Cell, Column, Table};
