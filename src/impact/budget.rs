//! What a publisher allows a change of rules to do.

use super::Impact;
use crate::diagnostic::Bilingual;
use crate::quantity::Points;

/// Limits, each absent where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Budget {
    /// Forms whose scores may change.
    pub max_changed: Option<usize>,
    /// How far the points awarded to a form may move, up or down.
    pub max_delta: Option<Points>,
    /// Forms that may fall to a lower grade or lose theirs.
    pub max_grade_drops: Option<usize>,
}

/// A limit that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// `max_changed`, `max_delta`, `max_grade_drops`
    pub limit: &'static str,
    pub allowed: String,
    pub found: String,
}

impl Budget {
    pub fn is_unlimited(&self) -> bool {
        *self == Budget::default()
    }

    /// The limits that the impact goes beyond. A form that loses or gains its rules has no difference of points, but
    /// counts as changed, and as a drop where it had a grade.
    pub fn exceeded_by(&self, impact: &Impact) -> Vec<Excess> {
        let Budget { max_changed, max_delta, max_grade_drops } = self;
        let count = |limit: &'static str, allowed: &Option<usize>, found: usize| {
            allowed.filter(|allowed| found > *allowed).map(|allowed| Excess {
                limit,
                allowed: allowed.to_string(),
                found: found.to_string(),
            })
        };
        let largest = impact.deltas.largest();
        let moved = max_delta.filter(|allowed| largest > *allowed).map(|allowed| Excess {
            limit: "max_delta",
            allowed: allowed.to_string(),
            found: largest.to_string(),
        });
        let mut found = Vec::new();
        found.extend(count("max_changed", max_changed, impact.changed));
        found.extend(moved);
        found.extend(count("max_grade_drops", max_grade_drops, impact.grades.drops()));
        found
    }
}

impl Excess {
    pub fn message(&self) -> Bilingual {
        let Excess { limit, allowed, found } = self;
        match *limit {
            "max_changed" => Bilingual::new(
                format!("{found} 张表的得分有变化，至多允许 {allowed} 张"),
                format!("the scores of {found} forms change; at most {allowed} may"),
            ),
            "max_delta" => Bilingual::new(
                format!("有一张表的认定得分变动 {found} 分，至多允许 {allowed} 分"),
                format!("the points awarded to a form move by {found}; at most {allowed} is allowed"),
            ),
            _ => Bilingual::new(
                format!("{found} 张表降等或失去等级，至多允许 {allowed} 张"),
                format!("{found} forms drop a grade or lose theirs; at most {allowed} may"),
            ),
        }
    }
}
