//! Cells that hold points, and the sign of a claim that the rules do not bear out.

use crate::cli::layout::{Cell, Ink};
use crate::evaluation::{Score, Status};
use crate::quantity::Points;

/// What stands where the form says nothing.
pub(super) const BLANK: &str = "—";

/// How a claim stands to what the rules allow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Within the range, or nothing to compare.
    None,
    Above,
    Below,
    Review,
    Failed,
}

impl Sign {
    pub fn of(score: &Score) -> Self {
        match (score.status, score.claimed) {
            (Status::Failed, _) => Sign::Failed,
            (Status::NeedsReview, _) => Sign::Review,
            (Status::Scored | Status::NotApplicable, Some(claimed)) if claimed > score.ceiling => Sign::Above,
            (Status::Scored | Status::NotApplicable, Some(claimed)) if claimed < score.floor => Sign::Below,
            (Status::Scored | Status::NotApplicable, _) => Sign::None,
        }
    }

    pub fn mark(self) -> &'static str {
        match self {
            Sign::None => "",
            Sign::Above => "▲",
            Sign::Below => "▼",
            Sign::Review => "?",
            Sign::Failed => "!",
        }
    }

    pub fn ink(self) -> Ink {
        match self {
            Sign::None => Ink::Plain,
            Sign::Above | Sign::Failed => Ink::Bad,
            Sign::Below | Sign::Review => Ink::Warn,
        }
    }

    pub fn cell(self) -> Cell {
        Cell::new(self.mark()).ink(self.ink())
    }
}

pub(super) fn points(points: Option<Points>) -> String {
    points.map_or_else(|| BLANK.to_owned(), |points| points.to_string())
}

/// `7.73`, or `6.4–8` where judgement decides.
pub(super) fn range(floor: Points, ceiling: Points) -> String {
    if floor == ceiling { ceiling.to_string() } else { format!("{floor}–{ceiling}") }
}

/// Possible, claimed, allowed and awarded: four cells of a row.
pub(super) fn cells(score: &Score) -> [Cell; 4] {
    let none = score.status == Status::NotApplicable && score.ceiling.is_zero();
    let quiet = if none { Ink::Faint } else { Ink::Plain };
    let sign = Sign::of(score);
    let claimed = if sign == Sign::None { quiet } else { sign.ink() };
    let awarded = if none { Ink::Faint } else { Ink::Strong };
    [
        Cell::new(points(score.possible)).ink(quiet),
        Cell::new(points(score.claimed)).ink(claimed),
        Cell::new(if none { BLANK.to_owned() } else { range(score.floor, score.ceiling) }).ink(quiet),
        Cell::new(points(Some(score.awarded))).ink(awarded),
    ]
}

/// Sums of several rows, for a heading or the bottom line.
#[derive(Clone, Copy)]
pub(super) struct Sums {
    pub possible: Option<Points>,
    pub claimed: Option<Points>,
    pub floor: Points,
    pub ceiling: Points,
    pub awarded: Points,
}

impl Sums {
    #[expect(clippy::needless_pass_by_value, reason = "an iterator is walked once for each sum")]
    pub fn of<'s>(scores: impl Iterator<Item = &'s Score> + Clone) -> Self {
        let some = |pick: fn(&Score) -> Option<Points>| {
            let mut told = scores.clone().filter_map(pick).peekable();
            told.peek()?;
            Points::checked_sum(told)
        };
        let all = |pick: fn(&Score) -> Points| Points::checked_sum(scores.clone().map(pick)).unwrap_or(Points::ZERO);
        Sums {
            possible: some(|score| score.possible),
            claimed: some(|score| score.claimed),
            floor: all(|score| score.floor).trimmed(),
            ceiling: all(|score| score.ceiling).trimmed(),
            awarded: all(|score| score.awarded).trimmed(),
        }
    }

    pub fn cells(&self, ink: Ink) -> [Cell; 4] {
        [
            points(self.possible.map(Points::trimmed)),
            points(self.claimed.map(Points::trimmed)),
            range(self.floor, self.ceiling),
            points(Some(self.awarded)),
        ]
        .map(|text| Cell::new(text).ink(ink))
    }
}
