//! How far points move.

use crate::quantity::{Exact, Points};

/// The edges of the histogram above zero, in points; it is the same below. An edge belongs to the bin that is farther
/// from zero.
const EDGES: [i64; 8] = [0, 1, 2, 5, 10, 20, 40, 60];
/// Bins of each sign.
const SIDE: usize = EDGES.len();

/// A bin of the histogram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bin {
    /// The ends in points, nearest to zero first, both with the sign of the bin. The near one belongs to the bin,
    /// except where it is zero; the far one does not. No far end: all beyond.
    pub near: i64,
    pub far: Option<i64>,
    /// −1: points are lost; 0: nothing moves; 1: points are gained.
    pub sign: i64,
    pub forms: usize,
}

/// Differences of points awarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deltas {
    counts: [usize; 2 * SIDE + 1],
    sum: Exact,
    loss: Points,
    gain: Points,
}

impl Default for Deltas {
    fn default() -> Self {
        Deltas { counts: [0; 2 * SIDE + 1], sum: Exact::ZERO, loss: Points::ZERO, gain: Points::ZERO }
    }
}

impl Deltas {
    pub(super) fn record(&mut self, delta: Points) {
        if let Some(count) = self.counts.get_mut(bin_of(&delta.to_exact())) {
            *count += 1;
        }
        self.sum = self.sum.add(&delta.to_exact()).unwrap_or_else(|_| self.sum.clone());
        self.loss = self.loss.min(delta);
        self.gain = self.gain.max(delta);
    }

    pub(super) fn merge(&mut self, other: &Deltas) {
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.sum = self.sum.add(&other.sum).unwrap_or_else(|_| self.sum.clone());
        self.loss = self.loss.min(other.loss);
        self.gain = self.gain.max(other.gain);
    }

    /// Of all forms together.
    pub fn sum(&self) -> &Exact {
        &self.sum
    }

    /// The largest loss, zero or below.
    pub fn largest_loss(&self) -> Points {
        self.loss
    }

    /// The largest gain, zero or above.
    pub fn largest_gain(&self) -> Points {
        self.gain
    }

    /// The farther of the two, without its sign.
    pub fn largest(&self) -> Points {
        let lost = Points::ZERO.checked_sub(self.loss).unwrap_or(Points::ZERO);
        lost.max(self.gain).trimmed()
    }

    /// From the largest loss to the largest gain, every bin.
    pub fn histogram(&self) -> Vec<Bin> {
        let side = |sign: i64, at: usize| {
            let edge = |at: usize| EDGES.get(at).map(|edge| edge * sign);
            (edge(at).unwrap_or(0), edge(at + 1))
        };
        let mut bins = Vec::with_capacity(self.counts.len());
        for (index, forms) in self.counts.iter().enumerate() {
            let (sign, (near, far)) = match index.cmp(&SIDE) {
                std::cmp::Ordering::Less => (-1, side(-1, SIDE - 1 - index)),
                std::cmp::Ordering::Equal => (0, (0, Some(0))),
                std::cmp::Ordering::Greater => (1, side(1, index - SIDE - 1)),
            };
            bins.push(Bin { near, far, sign, forms: *forms });
        }
        bins
    }
}

fn bin_of(delta: &Exact) -> usize {
    if delta.is_zero() {
        return SIDE;
    }
    let size = delta.abs();
    let passed = EDGES.iter().skip(1).filter(|edge| size >= Exact::from_i64(**edge)).count();
    if delta.is_negative() { SIDE - 1 - passed } else { SIDE + 1 + passed }
}
