//! What becomes of the results, one after the other: shown, said to be refused, counted.

use std::io;
use std::process::ExitCode;

use super::refused::Refused;
use super::sources::{Origin, Plan};
use super::summary::Summary;
use super::{Shape, Shown, Worked};
use crate::cli::layout::{Progress, Screen};
use crate::cli::say::{self, Out};
use crate::cli::{CANNOT_RUN, FAULTY};

pub struct Report {
    shape: Shape,
    screen: Screen,
    out: Out,
    progress: Progress,
    summary: Summary,
    evaluated: usize,
    faulty: usize,
    refused: usize,
}

impl Report {
    /// `files` is how many there are to come.
    pub fn new(shape: Shape, screen: Screen, files: usize) -> Self {
        Report {
            shape,
            screen,
            out: Out::open(),
            progress: Progress::of(files, crate::cli::either(screen.lang, "评价中", "evaluating")),
            summary: Summary::default(),
            evaluated: 0,
            faulty: 0,
            refused: 0,
        }
    }

    pub fn take(&mut self, worked: Worked) -> io::Result<()> {
        let Worked { files_before, origin, outcome } = worked;
        self.progress.reached(files_before);
        match outcome {
            Ok(Shown { text, faulty, fared }) => {
                self.evaluated += 1;
                self.faulty += usize::from(faulty);
                fared.into_iter().for_each(|fared| self.summary.add(fared));
                match self.shape {
                    Shape::Row(list) if self.evaluated == 1 => self.put(&format!("{}\n{}", list.head(), text?)),
                    _ => self.put(&text?),
                }
            }
            Err(refused) => self.refuse(&refused, origin),
        }
    }

    /// What was named is answered where answers go; what was only found is passed over, with a word.
    fn refuse(&mut self, refused: &Refused, origin: Origin) -> io::Result<()> {
        let lang = self.screen.lang;
        self.refused += 1;
        match (self.shape, origin) {
            (Shape::Json, Origin::Named) => return self.put(&(refused.json(lang) + "\n")),
            (Shape::Page { .. }, Origin::Named) => {
                self.progress.aside(|| say::note(&format!("{}\n", refused.text(lang).trim_end())));
            }
            _ => {
                let passed_over = self.screen.pick("略过", "passed over");
                self.progress.aside(|| say::note(&format!("{passed_over} {}", refused.line(lang))));
            }
        }
        self.summary.refuse(refused.line(lang));
        Ok(())
    }

    fn put(&mut self, text: &str) -> io::Result<()> {
        let out = &mut self.out;
        if self.progress.is_in_the_way() {
            return self.progress.aside(|| out.text(text).and_then(|()| out.flush()));
        }
        out.text(text)?;
        out.flush()
    }

    /// The summary, and what the run comes to as an exit code.
    pub fn close(mut self, plan: &Plan) -> io::Result<ExitCode> {
        drop(self.progress);
        let has_summary = match self.shape {
            Shape::Json => false,
            Shape::Page { .. } => self.evaluated + self.refused > 1,
            Shape::Row(_) => true,
        };
        if has_summary {
            if self.evaluated > 0 {
                self.out.line("")?;
            }
            self.out.text(&self.summary.text(self.screen, &plan.passed_over))?;
        }
        self.out.flush()?;
        Ok(match (self.evaluated, self.faulty + self.refused) {
            (0, _) => CANNOT_RUN.into(),
            (_, 0) => ExitCode::SUCCESS,
            _ => FAULTY.into(),
        })
    }
}
