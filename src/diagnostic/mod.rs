//! What heng says about a rule file, as data.
//!
//! A [`Diagnostic`] is never a string below the rim: code, severity, sentence, place, help and related
//! places are kept apart, and [`render`] turns them into text last. Every sentence exists in Chinese, for
//! authors and fillers, and in English, for operators; the two are never mixed in one message.

mod bilingual;
mod fix;
mod guess;
mod place;
pub mod render;

pub use bilingual::{Bilingual, Lang};
pub use fix::{Fix, fixed};
pub use guess::certain_name;
pub use place::Place;

/// How much a diagnostic or a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The pack is refused, or the form must be corrected.
    Error,
}

impl Severity {
    pub const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

    /// The name in JSON and in rule files: `ERROR`, `WARNING`, `INFO`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Info => "INFO",
        }
    }

    /// Reads a name as [`Severity::name`] writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        Severity::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// A remark at another place that explains the diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub place: Place,
    pub message: Bilingual,
}

/// One problem in a rule pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name, `snake_case`: what `heng explain CODE` takes.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence.
    pub message: Bilingual,
    pub place: Option<Place>,
    /// What to do about it.
    pub help: Option<Bilingual>,
    pub related: Vec<Related>,
    /// A repair, where only one is possible.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    pub fn error(code: &'static str, place: Place, message: Bilingual) -> Self {
        let severity = Severity::Error;
        Diagnostic { code, severity, message, place: Some(place), help: None, related: Vec::new(), fix: None }
    }

    pub fn warning(code: &'static str, place: Place, message: Bilingual) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, place, message) }
    }

    #[must_use]
    pub fn with_help(mut self, help: Bilingual) -> Self {
        self.help = Some(help);
        self
    }

    #[must_use]
    pub fn with_related(mut self, place: Place, message: Bilingual) -> Self {
        self.related.push(Related { place, message });
        self
    }

    /// Offers the known name that is nearest to the wrong one that stands at the place, if one is near enough to be
    /// a slip; as a repair where no other can have been meant.
    #[must_use]
    pub fn with_guess<'a>(mut self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        self.help = Bilingual::did_you_mean(wrong, known.iter().copied()).or(self.help);
        if let (Some(meant), Some(place)) = (certain_name(wrong, known), &self.place) {
            self.fix = Some(Fix::new(place, wrong, meant));
        }
        self
    }

    /// Offers a repair, and says in the help what it does.
    #[must_use]
    pub fn with_fix(self, fix: Fix) -> Self {
        Diagnostic { help: Some(fix.sentence()), fix: Some(fix), ..self }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
