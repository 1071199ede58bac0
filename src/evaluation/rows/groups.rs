//! Rows that share the points of one row.

use super::ReadRow;
use crate::reading::Met;
use crate::ruleset::{Group, RuleSet};

/// How a row shares points with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::evaluation) struct Sharing {
    /// Rows that share this row's points, itself included; 1 for a row of its own.
    pub size: usize,
    /// Of these, how many met their target, and how many missed it.
    pub met: usize,
    pub missed: usize,
    /// It takes its points from a row above.
    pub below: bool,
}

impl Sharing {
    pub const ALONE: Sharing = Sharing { size: 1, met: 0, missed: 0, below: false };

    /// Whether it is the first of several rows.
    pub fn leads(self) -> bool {
        self.size > 1
    }
}

/// Finds the groups that the rules allow.
pub(super) fn find(rules: &RuleSet, rows: &mut [ReadRow<'_>]) {
    let allowed = &rules.structure.groups;
    let mut rest = rows;
    while let Some((first, below)) = std::mem::take(&mut rest).split_first_mut() {
        let kind = if first.indicator.target().trim().is_empty() { Group::Parent } else { Group::Merged };
        let may_lead = allowed.contains(&kind) && first.indicator.points_possible().value().is_some();
        let members = below.iter().take_while(|row| may_lead && shares(row, first)).count();
        let (members, others) = below.split_at_mut(members);
        let mut sharing = Sharing { size: 1 + members.len(), ..Sharing::ALONE };
        for row in std::iter::once(&*first).chain(members.iter()) {
            match row.meeting.met {
                Met::Met | Met::Exceeded => sharing.met += 1,
                Met::NotMet => sharing.missed += 1,
                Met::Judged | Met::Unknown => {}
            }
        }
        first.sharing = sharing;
        for member in members {
            member.sharing = Sharing { below: true, ..Sharing::ALONE };
        }
        rest = others;
    }
}

/// Whether a row says something, but neither of how many points nor how many it claims.
fn shares(row: &ReadRow<'_>, first: &ReadRow<'_>) -> bool {
    let indicator = row.indicator;
    let says = |text: &str| !text.trim().is_empty();
    row.dimension == first.dimension
        && indicator.points_possible().is_blank()
        && indicator.points_claimed().is_blank()
        && !row.not_applicable
        && (says(indicator.target()) || says(indicator.actual()))
}
