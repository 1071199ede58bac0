//! What one would write by hand: points × min(actual ÷ target, 1), half-up to two decimals, and the sum.

use std::hint::black_box;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::forms::Numbers;

pub fn total(rows: &[Numbers]) -> Decimal {
    let mut total = Decimal::ZERO;
    for Numbers { target, actual, points } in rows {
        let ratio = (*black_box(actual) / *black_box(target)).min(Decimal::ONE);
        total += (*points * ratio).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    }
    black_box(total)
}
