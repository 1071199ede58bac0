//! Moving one number of a form until an edge is met.

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

/// One form that was tried.
struct Tried {
    number: Exact,
    /// What is held against the edge, in the order of the runs.
    xs: Vec<Exact>,
    form: Node,
    draft: Draft,
    seen: Seen,
    evaluation: Evaluation,
}

/// Moving one cell of one case.
struct Move<'s, 'r> {
    boundaries: &'s Boundaries<'r>,
    base: &'s Base,
    edge: &'s Edge,
    cell: &'s Cell,
    like: &'s Node,
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
        let like = Node { shape: Shape::Map(Vec::new()), place: Place::start_of(""), source: "".into() };
        starts.into_iter().take(STARTS).find_map(|base| {
            let cells = cells(&base.draft);
            cells.iter().find_map(|cell| Move { boundaries: self, base, edge, cell, like: &like }.towards(side))
        })
    }
}

impl Move<'_, '_> {
    fn towards(&self, side: Side) -> Option<Found> {
        let start = self.base.seen.get(self.edge)?;
        let step = self.cell.step();
        let here = &self.cell.number;
        // The number may be held back on one of its sides: what is claimed beyond what is possible counts no more.
        let aside = [here.add(&step), here.sub(&step)].into_iter().flatten().filter_map(|number| self.tried(&number));
        let (index, beside) = aside.into_iter().find_map(|tried| {
            let moved = start.iter().zip(&tried.xs).position(|(before, after)| before != after);
            Some((moved.filter(|_| start.len() == tried.xs.len())?, tried))
        })?;
        let mut known = vec![(here.clone(), start.get(index)?.clone())];
        let mut all = Vec::new();
        let mut last = (beside.number.clone(), beside.xs.get(index)?.clone());
        all.push(beside);
        for _ in 0..ROUNDS {
            let next = self.cell.nearest(&secant(known.last()?, &last, &self.edge.at)?);
            known.push(last.clone());
            if known.iter().any(|(number, _)| *number == next) {
                break;
            }
            let tried = self.tried(&next)?;
            last = (next, tried.xs.get(index)?.clone());
            all.push(tried);
        }
        for offset in [-2, -1, 1, 2] {
            let number = step.mul(&Exact::from_i64(offset)).and_then(|offset| last.0.add(&offset)).ok()?;
            if !all.iter().any(|tried| tried.number == number) {
                all.extend(self.tried(&number));
            }
        }
        self.best(all, index, side)
    }

    /// The one that comes nearest on the side that is asked for.
    fn best(&self, all: Vec<Tried>, index: usize, side: Side) -> Option<Found> {
        let edge = &self.edge.at;
        let right = all.into_iter().filter_map(|tried| {
            let x = tried.xs.get(index).filter(|x| side.holds(x, edge))?.clone();
            Some((x.sub(edge).ok()?.abs(), x, tried))
        });
        let (_, x, tried) = right.min_by(|(one, ..), (other, ..)| one.cmp(other))?;
        let Tried { number, form, draft, seen, evaluation, .. } = tried;
        let (cell, row) = (self.cell.shown(), self.cell.row());
        Some(Found { form, cell, number, row, x, draft, seen, evaluation })
    }

    fn tried(&self, number: &Exact) -> Option<Tried> {
        if number.is_negative() {
            return None;
        }
        let form = self.cell.set(self.base.form.as_ref(), number, self.like);
        let draft = self.boundaries.overlaid(&form)?;
        let (evaluation, seen) = self.boundaries.evaluate(draft.clone())?;
        let xs = seen.get(self.edge)?.clone();
        evaluation.complete.then(|| Tried { number: number.clone(), xs, form, draft, seen, evaluation })
    }
}

/// Where a line through two points meets the edge.
fn secant((a, at_a): &(Exact, Exact), (b, at_b): &(Exact, Exact), edge: &Exact) -> Option<Exact> {
    let rise = at_b.sub(at_a).ok().filter(|rise| !rise.is_zero())?;
    let part = edge.sub(at_a).and_then(|left| left.div(&rise)).ok()?;
    b.sub(a).and_then(|run| run.mul(&part)).and_then(|way| a.add(&way)).ok()
}
