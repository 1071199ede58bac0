//! Amounts of money.

use std::fmt;

use super::{ArithmeticError, Exact, Ratio};

/// An exact amount, held in 元, of any sign: a negative amount is a finding, not an impossibility.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Exact);

/// The unit an amount is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum MoneyUnit {
    #[default]
    Yuan,
    TenThousandYuan,
    HundredMillionYuan,
}

impl MoneyUnit {
    pub const ALL: [MoneyUnit; 3] = [MoneyUnit::Yuan, MoneyUnit::TenThousandYuan, MoneyUnit::HundredMillionYuan];

    /// As a form's `funds.unit` writes it: `元`, `万元`, `亿元`.
    pub fn name(self) -> &'static str {
        match self {
            MoneyUnit::Yuan => "元",
            MoneyUnit::TenThousandYuan => "万元",
            MoneyUnit::HundredMillionYuan => "亿元",
        }
    }

    /// Reads a unit as [`MoneyUnit::name`] writes it.
    pub fn from_name(name: &str) -> Option<Self> {
        MoneyUnit::ALL.into_iter().find(|unit| unit.name() == name)
    }

    fn power_of_ten(self) -> i32 {
        match self {
            MoneyUnit::Yuan => 0,
            MoneyUnit::TenThousandYuan => 4,
            MoneyUnit::HundredMillionYuan => 8,
        }
    }
}

impl Money {
    pub fn from_unit(amount: &Exact, unit: MoneyUnit) -> Self {
        Money(amount.shift_point(unit.power_of_ten()))
    }

    /// The amount counted in `unit`, unrounded.
    pub fn in_unit(&self, unit: MoneyUnit) -> Exact {
        self.0.shift_point(-unit.power_of_ten())
    }

    /// The amount in 元, unrounded.
    pub fn to_exact(&self) -> Exact {
        self.0.clone()
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// The sum.
    ///
    /// # Errors
    /// [`ArithmeticError::TooLarge`] beyond the width of [`Exact`].
    pub fn add(&self, other: &Money) -> Result<Money, ArithmeticError> {
        self.0.add(&other.0).map(Money)
    }

    /// The difference; errors as [`Money::add`].
    pub fn sub(&self, other: &Money) -> Result<Money, ArithmeticError> {
        self.0.sub(&other.0).map(Money)
    }

    /// This amount as a share of `whole`.
    ///
    /// # Errors
    /// [`ArithmeticError::DivisionByZero`] for a share of nothing: the rate is absent, not zero.
    pub fn share_of(&self, whole: &Money) -> Result<Ratio, ArithmeticError> {
        self.0.div(&whole.0).map(Ratio::new)
    }
}

impl fmt::Display for Money {
    /// The exact number of 元, without unit or separators: `5262824.65`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
