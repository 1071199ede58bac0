//! regorus: the same rule in Rego, by its interpreter and by its virtual machine.

use std::cell::RefCell;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Engine, Value};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;

use crate::forms::Numbers;

const RULE: &str = "data.heng.total";
const POLICY: &str = "
package heng
import rego.v1

ratio(row) := 1 if row.actual >= row.target
ratio(row) := row.actual / row.target if row.actual < row.target

scores := [score | some row in input.rows; score := round(row.points * ratio(row) * 100) / 100]
total := sum(scores)
";

pub struct Rego {
    policy: CompiledPolicy,
    machine: RefCell<RegoVM>,
    input: Value,
}

impl Rego {
    pub fn new(rows: &[Numbers]) -> Self {
        let mut engine = Engine::new();
        engine.add_policy("heng.rego".to_owned(), POLICY.to_owned()).expect("a policy");
        let policy = engine.compile_with_entrypoint(&RULE.into()).expect("a rule");
        let program = Compiler::compile_from_policy(&policy, &[RULE]).expect("a program");
        let mut machine = RegoVM::new();
        machine.load_program(program);
        let number = |value: Decimal| value.to_string().parse::<serde_json::Number>().expect("a number");
        let row = |row: &Numbers| json!({"target": number(row.target), "actual": number(row.actual), "points": number(row.points)});
        let input = json!({"rows": rows.iter().map(row).collect::<Vec<_>>()});
        let input = Value::from_json_str(&input.to_string()).expect("an input");
        Rego { policy, machine: RefCell::new(machine), input }
    }

    pub fn interpreted(&self) -> Value {
        self.policy.eval_with_input(self.input.clone()).expect("an answer")
    }

    pub fn by_machine(&self) -> Value {
        let mut machine = self.machine.borrow_mut();
        machine.set_input(self.input.clone());
        machine.execute().expect("an answer")
    }

    /// Its numbers are binary; what they stand for has two decimals.
    pub fn read(total: &Value) -> Decimal {
        let text = total.to_json_str().expect("a number");
        let total: Decimal = text.parse().expect("a number");
        total.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
    }
}
