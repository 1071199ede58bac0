//! What a stretch of text means, as a colour.

use anstyle::{AnsiColor, Style};

/// Meaning first: what carries a colour carries a sign or a word as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ink {
    #[default]
    Plain,
    /// Titles and what counts most.
    Strong,
    /// What is there for those who look for it.
    Faint,
    Good,
    Warn,
    Bad,
    /// Where something stands.
    Place,
}

impl Ink {
    /// The text between the codes of its colour; nothing around empty or plain text.
    pub fn paint(self, text: &str) -> String {
        if text.is_empty() || self == Ink::Plain {
            return text.to_owned();
        }
        let style = self.style();
        format!("{style}{text}{style:#}")
    }

    fn style(self) -> Style {
        match self {
            Ink::Plain => Style::new(),
            Ink::Strong => Style::new().bold(),
            Ink::Faint => Style::new().dimmed(),
            Ink::Good => AnsiColor::Green.on_default(),
            Ink::Warn => AnsiColor::Yellow.on_default(),
            Ink::Bad => AnsiColor::Red.on_default().bold(),
            Ink::Place => AnsiColor::Cyan.on_default(),
        }
    }
}
