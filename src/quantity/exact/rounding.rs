//! The only ways an exact number becomes a coarser one.

use num_bigint::BigInt;
use num_integer::Integer;

use super::wide::Wide;
use super::{Exact, Repr, narrow_reduced};

impl Exact {
    /// Finer rounding than this is not offered: `round_half_up` takes a larger `places` as this one.
    pub const MAX_PLACES: u32 = 28;

    /// The greatest integer that is not greater.
    #[must_use]
    pub fn floor(&self) -> Exact {
        match &self.0 {
            Repr::Small { numerator, denominator } => Exact::from_i64(numerator.div_euclid(*denominator)),
            Repr::Narrow(narrow) => narrow_reduced(narrow.numerator.div_euclid(narrow.denominator), 1),
            Repr::Wide(wide) => whole(wide.numerator().div_floor(wide.denominator())),
        }
    }

    /// The least integer that is not less.
    #[must_use]
    pub fn ceil(&self) -> Exact {
        self.neg().floor().neg()
    }

    /// Rounds to `places` decimals, ties away from zero: 0.5 → 1, −0.5 → −1, 2.345 → 2.35.
    #[must_use]
    pub fn round_half_up(&self, places: u32) -> Exact {
        let places = places.min(Exact::MAX_PLACES);
        self.round_narrow(places).unwrap_or_else(|| self.round_wide(places))
    }

    /// The number times 10^`places`, rounded to an integer, ties away from zero; nothing beyond 64 bits. For up to 18
    /// places.
    pub(in crate::quantity) fn scaled_half_up(&self, places: u32) -> Option<i64> {
        let scale = 10_i64.checked_pow(places)?;
        if let Repr::Small { numerator, denominator } = &self.0
            && let Some(scaled) = numerator.checked_mul(scale)
        {
            let (whole, rest) = (scaled / denominator, (scaled % denominator).unsigned_abs());
            let up = rest >= denominator.unsigned_abs() - rest;
            return Some(if up { whole + scaled.signum() } else { whole });
        }
        self.round_half_up(places).mul(&Exact::from_i64(scale)).ok()?.to_i64()
    }

    /// The number times 10^`places`, negative places dividing; the unit conversions of money, which can
    /// widen a number by a few bits beyond the bound of arithmetic but no further.
    #[must_use]
    pub(in crate::quantity) fn shift_point(&self, places: i32) -> Exact {
        let power = Wide::from_parts(BigInt::from(10).pow(places.unsigned_abs()), BigInt::from(1));
        let factor = if places < 0 { power.reciprocal() } else { power };
        Exact::from_wide(self.widened().mul(&factor))
    }

    fn round_narrow(&self, places: u32) -> Option<Exact> {
        let (numerator, denominator) = self.parts()?;
        if denominator == 1 {
            return Some(self.clone());
        }
        let scale = 10_i128.checked_pow(places)?;
        if scale % denominator == 0 {
            return Some(self.clone());
        }
        let scaled = numerator.abs().checked_mul(scale)?;
        let (whole, rest) = scaled.div_rem(&denominator);
        let rounded = if rest >= denominator - rest { whole.checked_add(1)? } else { whole };
        Some(narrow_reduced(rounded * numerator.signum(), scale))
    }

    fn round_wide(&self, places: u32) -> Exact {
        let wide = self.widened();
        let scale = BigInt::from(10).pow(places);
        let scaled = wide.numerator().magnitude() * scale.magnitude();
        let (mut rounded, rest) = scaled.div_rem(wide.denominator().magnitude());
        if rest * 2_u32 >= *wide.denominator().magnitude() {
            rounded += 1_u32;
        }
        Exact::from_wide(Wide::reduced(BigInt::from_biguint(wide.numerator().sign(), rounded), scale))
    }
}

fn whole(value: BigInt) -> Exact {
    Exact::from_wide(Wide::from_parts(value, BigInt::from(1)))
}
