//! rhai as it comes: one expression, compiled once, over decimals.

use std::cell::RefCell;

use rhai::{AST, Engine, Scope};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::forms::Numbers;

const FORMULA: &str = "if actual < target { points * (actual / target) } else { points }";

pub struct Script {
    engine: Engine,
    formula: AST,
    scope: RefCell<Scope<'static>>,
}

impl Script {
    pub fn new() -> Self {
        let engine = Engine::new();
        let formula = engine.compile_expression(FORMULA).expect("a formula");
        Script { engine, formula, scope: RefCell::new(Scope::new()) }
    }

    pub fn total(&self, rows: &[Numbers]) -> Decimal {
        let mut scope = self.scope.borrow_mut();
        let mut total = Decimal::ZERO;
        for Numbers { target, actual, points } in rows {
            scope.clear();
            scope.push("target", *target).push("actual", *actual).push("points", *points);
            let score: Decimal = self.engine.eval_ast_with_scope(&mut scope, &self.formula).expect("a score");
            total += score.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        }
        total
    }
}
