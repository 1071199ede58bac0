//! Moving one number of a form until an edge is met.

use std::collections::BTreeMap;

use super::cells::{Cell, cells};
use super::edges::{Edge, Seen};
use super::{Base, Boundaries, Found, STARTS, Side};
use crate::diagnostic::Place;
use crate::document::{Node, Shape};
use crate::evaluation::Evaluation;
use crate::form::Draft;
use crate::quantity::Exact;

/// Steps of the secant; what the rules hold against an edge is nearly always a line or a ratio.
const ROUNDS: usize = 6;

/// For every edge the cells that move what is held against it, those that rules ask for first.
pub type Effects = BTreeMap<Edge, Vec<Effect>>;

/// What one step of a cell does at an edge.
#[derive(Debug, Clone)]
pub struct Effect {
    cell: Cell,
    /// The cell's number after the step.
    number: Exact,
    /// Which of the numbers that are held against the edge moved, and where to.
    index: usize,
    x: Exact,
}

/// One form that was tried.
struct Tried {
    number: Exact,
    form: Node,
    draft: Draft,
    seen: Seen,
    evaluation: Evaluation,
}

impl Boundaries<'_> {
    /// The form nearest to the edge on this side that a single number of some case's form leads to.
    pub(super) fn search(&self, edge: &Edge, side: Side) -> Option<Found> {
        let distance = |base: &&Base| {
            let xs = base.seen.get(edge).map(Vec::as_slice).unwrap_or_default();
            xs.iter().filter_map(|x| x.sub(&edge.at).ok()).map(|distance| distance.abs()).min()
        };
        let mut starts: Vec<&Base> = self.bases.iter().filter(|base| base.seen.contains_key(edge)).collect();
        starts.sort_by_key(distance);
        starts.into_iter().take(STARTS).find_map(|base| {
            let effects = base.effects.get_or_init(|| self.effects(base)).get(edge)?;
            effects.iter().find_map(|effect| self.towards(base, edge, effect, side))
        })
    }

    fn effects(&self, base: &Base) -> Effects {
        let mut effects = Effects::new();
        for cell in cells(&base.draft) {
            // The number may be held back on one of its sides: what is claimed beyond what is possible counts no more.
            let step = cell.step();
            let aside = [cell.number.add(&step), cell.number.sub(&step)].into_iter().flatten();
            for tried in aside.filter_map(|number| self.tried(base, &cell, number)) {
                for (edge, xs) in &tried.seen {
                    let Some(before) = base.seen.get(edge).filter(|before| before.len() == xs.len()) else { continue };
                    let moved = before.iter().zip(xs).position(|(before, after)| before != after);
                    let Some((index, x)) = moved.and_then(|index| Some((index, xs.get(index)?.clone()))) else {
                        continue;
                    };
                    let known = effects.entry(edge.clone()).or_default();
                    if !known.iter().any(|effect: &Effect| effect.cell == cell) {
                        known.push(Effect { cell: cell.clone(), number: tried.number.clone(), index, x });
                    }
                }
            }
        }
        effects
    }

    fn towards(&self, base: &Base, edge: &Edge, effect: &Effect, side: Side) -> Option<Found> {
        let Effect { cell, number, index, x } = effect;
        let held = |tried: &Tried| tried.seen.get(edge)?.get(*index).cloned();
        let mut known = vec![(cell.number.clone(), base.seen.get(edge)?.get(*index)?.clone())];
        let mut last = (number.clone(), x.clone());
        let mut all = Vec::new();
        for _ in 0..ROUNDS {
            let next = cell.nearest(&secant(known.last()?, &last, &edge.at)?);
            known.push(last.clone());
            if let Some(met) = known.iter().find(|(number, _)| *number == next) {
                last = met.clone();
                break;
            }
            let tried = self.tried(base, cell, next.clone())?;
            last = (next, held(&tried)?);
            all.push(tried);
        }
        let step = cell.step();
        for offset in [-2, -1, 0, 1, 2] {
            let number = step.mul(&Exact::from_i64(offset)).and_then(|offset| last.0.add(&offset)).ok()?;
            if number != cell.number && !all.iter().any(|tried| tried.number == number) {
                all.extend(self.tried(base, cell, number));
            }
        }
        let right = all.into_iter().filter_map(|tried| {
            let x = held(&tried).filter(|x| side.holds(x, &edge.at))?;
            Some((x.sub(&edge.at).ok()?.abs(), x, tried))
        });
        let (_, x, tried) = right.min_by(|(one, ..), (other, ..)| one.cmp(other))?;
        let Tried { number, form, draft, seen, evaluation } = tried;
        Some(Found { form, cell: cell.shown(), number, row: cell.row(), x, draft, seen, evaluation })
    }

    fn tried(&self, base: &Base, cell: &Cell, number: Exact) -> Option<Tried> {
        if number.is_negative() {
            return None;
        }
        let like = Node { shape: Shape::Map(Vec::new()), place: Place::start_of(""), source: "".into() };
        let form = cell.set(base.form.as_ref(), &number, &like);
        let draft = self.overlaid(&form)?;
        let (evaluation, seen) = self.evaluate(draft.clone())?;
        evaluation.complete.then_some(Tried { number, form, draft, seen, evaluation })
    }
}

/// Where a line through two points meets the edge.
fn secant((a, at_a): &(Exact, Exact), (b, at_b): &(Exact, Exact), edge: &Exact) -> Option<Exact> {
    let rise = at_b.sub(at_a).ok().filter(|rise| !rise.is_zero())?;
    let part = edge.sub(at_a).and_then(|left| left.div(&rise)).ok()?;
    b.sub(a).and_then(|run| run.mul(&part)).and_then(|way| a.add(&way)).ok()
}
