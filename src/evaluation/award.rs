//! From what the rules allow to what is given.

use crate::pack::Award;
use crate::quantity::Points;

/// The points a row is given. Never below zero, never above the ceiling; a claim with more than two
/// decimals is rounded half-up first.
pub(super) fn award(policy: Award, claimed: Option<Points>, floor: Points, ceiling: Points) -> Points {
    let awarded = match policy {
        Award::ClaimWithinCeiling => claimed.map_or(ceiling, |claimed| Points::fix(&claimed.to_exact()).min(ceiling)),
        Award::Ceiling => ceiling,
        Award::Floor => floor,
    };
    awarded.max(Points::ZERO).trimmed()
}
