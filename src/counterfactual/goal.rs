//! What is wanted of a form.

use crate::diagnostic::Bilingual;
use crate::evaluation::{Evaluation, Score};
use crate::quantity::{Exact, Points};
use crate::ruleset::{Band, RuleSet};

/// A line of the form that has points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    Execution,
    /// From zero.
    Row(usize),
    /// The form as a whole.
    Form,
}

impl Line {
    /// `execution`, `indicators[5]`, or nothing.
    pub fn field(self) -> String {
        match self {
            Line::Execution => "execution".to_owned(),
            Line::Row(index) => format!("indicators[{index}]"),
            Line::Form => String::new(),
        }
    }

    /// The score of this line; the form as a whole has none.
    pub fn score(self, evaluation: &Evaluation) -> Option<&Score> {
        match self {
            Line::Execution => evaluation.execution.as_ref().map(|result| &result.score),
            Line::Row(index) => evaluation.indicators.get(index).map(|row| &row.score),
            Line::Form => None,
        }
    }

    /// How people call it.
    pub fn title(self, evaluation: &Evaluation) -> Bilingual {
        match self {
            Line::Execution => Bilingual::new("预算执行", "execution"),
            Line::Form => Bilingual::new("总分", "the total"),
            Line::Row(index) => {
                let name = evaluation.indicators.get(index).map_or("", |row| row.name.as_str());
                Bilingual::new(format!("第 {} 行“{name}”", index + 1), format!("row {} “{name}”", index + 1))
            }
        }
    }
}

/// What is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// This grade, by its id, or a better one.
    Grade(String),
    /// So many points awarded to the form.
    Points(Points),
    /// All points possible of a line.
    Full(Line),
}

impl Goal {
    /// A grade by its id or title, or a number of points.
    pub fn parse(text: &str, rules: &RuleSet) -> Option<Goal> {
        let text = text.trim();
        let band = graded(rules).find(|band| band.id == text || band.title == text);
        let points = || Points::parse(text).filter(|points| !points.is_negative()).map(Goal::Points);
        band.map(|band| Goal::Grade(band.id.clone())).or_else(points)
    }

    /// The grade above the one that the evaluation has.
    pub fn next_grade(rules: &RuleSet, evaluation: &Evaluation) -> Option<Goal> {
        let own = evaluation.grade.as_ref()?;
        let low = &graded(rules).find(|band| band.id == own.id)?.points.low;
        let above = graded(rules).filter(|band| band.points.low > *low);
        above.min_by(|one, other| one.points.low.cmp(&other.points.low)).map(|band| Goal::Grade(band.id.clone()))
    }

    pub fn is_reached(&self, rules: &RuleSet, evaluation: &Evaluation) -> bool {
        match self {
            Goal::Points(wanted) => evaluation.points.awarded >= *wanted,
            Goal::Full(line) => line.score(evaluation).is_some_and(|score| Some(score.awarded) == score.possible),
            Goal::Grade(id) => {
                let low = |id: &str| graded(rules).find(|band| band.id == id).map(|band| &band.points.low);
                let own = evaluation.grade.as_ref().and_then(|grade| low(&grade.id));
                own.zip(low(id)).is_some_and(|(own, wanted)| own >= wanted)
            }
        }
    }

    /// How many points are missing; for a grade whose band is open below, the number beyond which it begins.
    pub fn gap(&self, rules: &RuleSet, evaluation: &Evaluation) -> Option<Exact> {
        let (wanted, has) = match self {
            Goal::Points(wanted) => (wanted.to_exact(), evaluation.points.awarded),
            Goal::Grade(id) => {
                (graded(rules).find(|band| band.id == *id)?.points.low.clone(), evaluation.points.awarded)
            }
            Goal::Full(line) => {
                let score = line.score(evaluation)?;
                (score.possible?.to_exact(), score.awarded)
            }
        };
        wanted.sub(&has.to_exact()).ok()
    }

    pub fn title(&self, rules: &RuleSet, evaluation: &Evaluation) -> Bilingual {
        match self {
            Goal::Points(points) => Bilingual::new(format!("得到 {points} 分"), format!("{points} points")),
            Goal::Grade(id) => {
                let title = graded(rules).find(|band| band.id == *id).map_or(id.as_str(), |band| band.title.as_str());
                Bilingual::new(format!("达到“{title}”"), format!("the grade {id}"))
            }
            Goal::Full(line) => {
                let Bilingual { zh, en } = line.title(evaluation);
                Bilingual::new(format!("{zh}得满分"), format!("full points for {en}"))
            }
        }
    }
}

fn graded(rules: &RuleSet) -> impl Iterator<Item = &Band> {
    rules.bands.iter().filter(|band| band.graded)
}
