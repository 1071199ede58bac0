//! zen-engine: a decision graph of one expression node, compiled once.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use rust_decimal::Decimal;
use serde_json::json;
use zen_engine::model::DecisionContent;
use zen_engine::{Decision, EvaluationOptions, Variable};

use crate::forms::Numbers;

pub struct Zen {
    decision: Decision,
    input: Variable,
}

impl Zen {
    pub fn new(rows: &[Numbers]) -> Self {
        let expressions = json!([
            {"id": "1", "key": "scores", "value": "map(rows, round(#.points * min([#.actual / #.target, 1]), 2))"},
            {"id": "2", "key": "total", "value": "sum($.scores)"},
        ]);
        let graph = json!({
            "nodes": [
                {"id": "in", "name": "request", "type": "inputNode"},
                {"id": "score", "name": "score", "type": "expressionNode", "content": {"expressions": expressions}},
                {"id": "out", "name": "response", "type": "outputNode"},
            ],
            "edges": [
                {"id": "a", "sourceId": "in", "targetId": "score"},
                {"id": "b", "sourceId": "score", "targetId": "out"},
            ],
        });
        let content: DecisionContent = serde_json::from_value(graph).expect("a graph");
        let mut decision = Decision::from(content);
        decision.compile();
        let number = |value: Decimal| value.to_string().parse::<serde_json::Number>().expect("a number");
        let row = |row: &Numbers| json!({"target": number(row.target), "actual": number(row.actual), "points": number(row.points)});
        let input = json!({"rows": rows.iter().map(row).collect::<Vec<_>>()}).into();
        Zen { decision, input }
    }

    pub fn total(&self, trace: bool) -> Decimal {
        let options = EvaluationOptions { trace, ..EvaluationOptions::default() };
        let answer = at_once(self.decision.evaluate_with_opts(self.input.clone(), options)).expect("an answer");
        match answer.result.dot("total") {
            Some(Variable::Number(total)) => total,
            other => panic!("no total: {other:?}"),
        }
    }
}

/// A graph without functions or loaders waits for nothing.
fn at_once<T>(work: impl Future<Output = T>) -> T {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(made) => made,
        Poll::Pending => panic!("the graph waits"),
    }
}
