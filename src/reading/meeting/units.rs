//! Bringing the actual into the target's unit.

use std::sync::Arc;

use super::super::Row;
use super::super::grammar::{Lexemes, Tokens, lexemes, whole_unit};
use super::super::lexicon::{Lexicon, Measure, Reconciled};
use super::super::statement::Statement;
use super::super::surface::Surface;
use crate::quantity::Exact;

/// How the actual's number becomes one of the target's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Conversion {
    Factor(Exact),
    /// The actual may be a share printed without its percent sign (0.95 for 95%): this factor then, else 1.
    MaybeShare(Exact),
    /// The actual dropped what its unit is divided by (1000元 for 1000元/人): only a number near it answers.
    IfNear(Exact),
    Refused,
}

/// A bare decimal up to here may be a share: 1.5 is 150%.
fn is_share_like(value: &Exact) -> bool {
    !value.is_negative() && *value <= Exact::from_i64(3).div(&Exact::from_i64(2)).unwrap_or(Exact::ONE)
}

/// One of the actual's units in units of the target. Where a side prints no unit it takes the row's, and
/// failing that the other side's, as far as that proves nothing new.
pub(super) fn conversion(target: &Statement, actual: &Statement, row: &Row<'_>, lexicon: &Lexicon) -> Conversion {
    if let (Some(wanted), Some(given)) = (&target.unit, &actual.unit)
        && Arc::ptr_eq(wanted, given)
    {
        return Conversion::Factor(Exact::ONE);
    }
    let wanted = target.unit.as_ref().map(|unit| &unit.measure);
    let given = actual.unit.as_ref().map(|unit| &unit.measure);
    match (wanted, given) {
        (Some(wanted), Some(given)) => match lexicon.reconcile(wanted, given) {
            // 平均每户补助 3.5万元 is answered by 3.5万元/户.
            Reconciled::Divided(factor) if target.facts.average || lexicon.names_average(row.name) => {
                Conversion::IfNear(factor)
            }
            reconciled => Conversion::of(reconciled),
        },
        (Some(wanted), None) => adopted(wanted, actual, row, lexicon),
        (None, Some(given)) => dropped(target, given, row, lexicon),
        (None, None) => Conversion::Factor(Exact::ONE),
    }
}

impl Conversion {
    fn of(reconciled: Reconciled) -> Self {
        match reconciled {
            Reconciled::Factor(factor) => Conversion::Factor(factor),
            Reconciled::Undivided(factor) => Conversion::IfNear(factor),
            Reconciled::Divided(_) | Reconciled::Refused => Conversion::Refused,
        }
    }
}

/// A bare actual takes the target's unit; the row's own unit wins where it is told.
fn adopted(wanted: &Measure, actual: &Statement, row: &Row<'_>, lexicon: &Lexicon) -> Conversion {
    if let Some(of_row) = row_unit(row, lexicon)
        && let Reconciled::Factor(factor) = lexicon.reconcile(wanted, &of_row)
    {
        return Conversion::Factor(factor);
    }
    let share = lexicon.measure_entry(wanted).is_some_and(|entry| entry.share);
    if actual.facts.fraction {
        return if share { inverse(wanted) } else { Conversion::Refused };
    }
    let share_like = share && actual.facts.decimals && actual.value.as_ref().is_some_and(is_share_like);
    match Exact::ONE.div(&wanted.factor) {
        Ok(factor) if share_like => Conversion::MaybeShare(factor),
        _ => Conversion::Factor(Exact::ONE),
    }
}

fn inverse(wanted: &Measure) -> Conversion {
    Exact::ONE.div(&wanted.factor).map_or(Conversion::Refused, Conversion::Factor)
}

/// The target dropped the unit that the actual prints: the row must tell it, or it must be a plain count.
fn dropped(target: &Statement, given: &Measure, row: &Row<'_>, lexicon: &Lexicon) -> Conversion {
    if let Some(of_row) = row_unit(row, lexicon) {
        return Conversion::of(lexicon.reconcile(&of_row, given));
    }
    let entry = lexicon.measure_entry(given);
    if target.facts.fraction && entry.is_some_and(|entry| entry.share) {
        return Conversion::Factor(given.factor.clone());
    }
    let is_share = entry.is_some_and(|entry| entry.share);
    // ≥0.95 answered by 90%: the target is a share too.
    let bound = target.value.as_ref().or(target.high());
    if is_share && target.facts.decimals && bound.is_some_and(is_share_like) {
        return Conversion::MaybeShare(given.factor.clone());
    }
    let fits =
        if is_share { lexicon.is_share_name(row.name) } else { given.factor == Exact::ONE && given.over.is_empty() };
    if fits { Conversion::Factor(Exact::ONE) } else { Conversion::Refused }
}

/// The unit of the row's 度量单位 column, or the one in brackets in its name: 在岸服务外包(万美元).
fn row_unit(row: &Row<'_>, lexicon: &Lexicon) -> Option<Measure> {
    if !row.unit.is_empty() {
        return unit_of(row.unit, lexicon);
    }
    let (before, _) = row.name.rsplit_once([')', '）'])?;
    let (_, inside) = before.rsplit_once(['(', '（'])?;
    unit_of(inside, lexicon)
}

fn unit_of(text: &str, lexicon: &Lexicon) -> Option<Measure> {
    let surface = Surface::of(text);
    let mut tokens = Lexemes::new();
    lexemes(&surface.text, 0, false, lexicon, &mut tokens);
    let parts = whole_unit(&mut Tokens::new(&tokens)).ok()?;
    parts.measure(&surface.text, lexicon)
}
