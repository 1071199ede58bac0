//! From what the rules allow to what is given.

use crate::pack::Award;
use crate::quantity::Points;

/// The points a row is given. Never below zero, never above the ceiling; a claim with more
/// decimals than the rules keep is rounded half-up first.
pub(super) fn award(
    policy: Award,
    decimals: u32,
    claimed: Option<Points>,
    (floor, ceiling): (Points, Points),
) -> Points {
    let awarded = match policy {
        Award::ClaimWithinCeiling => {
            claimed.map_or(ceiling, |claimed| Points::fix_to(&claimed.to_exact(), decimals).min(ceiling))
        }
        Award::Ceiling => ceiling,
        Award::Floor => floor,
    };
    awarded.max(Points::ZERO).trimmed()
}
