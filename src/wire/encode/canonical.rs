//! A form's canonical bytes, written straight from its cells: what [`form`](super::form()) encodes to, without a
//! message between. `the_canonical_bytes_are_those_of_the_message` (`src/wire/tests`) holds the two together.

use std::collections::BTreeMap;

use prost::Message;

use super::form::structured;
use crate::form::{Amounts, Form, FundSource, Funds, Goal, Indicator, Structured, Subtotal, Total};

/// Bytes that most forms do not exceed.
const USUAL: usize = 8 * 1024;
const VARINT: u32 = 0;
const LENGTH_DELIMITED: u32 = 2;

/// See [`digest::canonical`](crate::wire::digest::canonical).
pub fn canonical(form: &Form) -> Vec<u8> {
    let mut out = Writer(Vec::with_capacity(USUAL));
    out.text(1, form.project_code());
    out.text(2, form.project_name());
    out.number(3, form.fiscal_year().get());
    out.text(4, form.implementing_unit());
    out.text(5, form.primary_budget_unit());
    out.map(6, form.attributes());
    out.written(7, |out| funds(form.funds(), out));
    for each in form.goals() {
        out.block(8, |out| goal(each, out));
    }
    for each in form.indicators() {
        out.block(9, |out| indicator(each, out));
    }
    out.written(10, |out| total(form.total(), out));
    for each in form.subtotals() {
        out.block(11, |out| subtotal(each, out));
    }
    out.0
}

fn funds(funds: &Funds, out: &mut Writer) {
    out.text(1, funds.unit_text());
    out.text(2, funds.points_possible().text());
    out.text(3, funds.points_claimed().text());
    out.text(4, funds.execution_rate_claimed().text());
    out.written(5, |out| amounts(funds.total(), 1, out));
    for each in funds.sources() {
        out.block(6, |out| source(each, out));
    }
}

/// Three fields, from this number.
fn amounts(amounts: &Amounts, first: u32, out: &mut Writer) {
    out.text(first, amounts.budget_initial().text());
    out.text(first + 1, amounts.budget_annual().text());
    out.text(first + 2, amounts.budget_executed().text());
}

fn source(source: &FundSource, out: &mut Writer) {
    out.text(1, source.name());
    amounts(source.amounts(), 2, out);
    out.text(5, source.execution_rate_claimed().text());
}

fn goal(goal: &Goal, out: &mut Writer) {
    out.text(1, goal.period());
    out.text(2, goal.expected());
    out.text(3, goal.achieved());
}

fn indicator(indicator: &Indicator, out: &mut Writer) {
    out.text(1, indicator.dimension());
    out.text(2, indicator.category());
    out.text(3, indicator.name());
    out.text(4, indicator.target());
    out.text(5, indicator.actual());
    out.text(6, indicator.points_possible().text());
    out.text(7, indicator.points_claimed().text());
    out.text(8, indicator.deviation_reason());
    out.structured(9, indicator.target_structured());
    out.structured(10, indicator.actual_structured());
    out.map(11, indicator.attributes());
}

fn total(total: &Total, out: &mut Writer) {
    out.text(1, total.points_possible().text());
    out.text(2, total.points_claimed().text());
}

fn subtotal(subtotal: &Subtotal, out: &mut Writer) {
    out.text(1, subtotal.dimension());
    out.text(2, subtotal.category());
    out.text(3, subtotal.points_possible().text());
    out.text(4, subtotal.points_claimed().text());
}

/// Writes fields as proto3 does: what is empty is left out.
struct Writer(Vec<u8>);

impl Writer {
    fn text(&mut self, field: u32, text: &str) {
        if !text.is_empty() {
            self.bytes(field, text.as_bytes());
        }
    }

    /// A negative number is written in 64 bits, as protobuf has it.
    fn number(&mut self, field: u32, number: i32) {
        if number != 0 {
            self.varint(u64::from(field << 3 | VARINT));
            self.varint(i64::from(number).cast_unsigned());
        }
    }

    fn map(&mut self, field: u32, entries: &BTreeMap<String, String>) {
        for (key, value) in entries {
            self.block(field, |out| {
                out.text(1, key);
                out.text(2, value);
            });
        }
    }

    fn structured(&mut self, field: u32, value: Option<&Structured>) {
        if let Some(value) = value {
            self.bytes(field, &structured(value).encode_to_vec());
        }
    }

    /// A message, left out when nothing is written into it.
    fn written(&mut self, field: u32, write: impl FnOnce(&mut Self)) {
        let before = self.0.len();
        if self.block(field, write) == 0 {
            self.0.truncate(before);
        }
    }

    /// A message; how many bytes were written into it.
    fn block(&mut self, field: u32, write: impl FnOnce(&mut Self)) -> usize {
        self.varint(u64::from(field << 3 | LENGTH_DELIMITED));
        let start = self.0.len();
        write(self);
        // The length stands before what it counts, and is known only now.
        let end = self.0.len();
        self.varint((end - start) as u64);
        let width = self.0.len() - end;
        self.0.get_mut(start..).unwrap_or_default().rotate_right(width);
        end - start
    }

    fn bytes(&mut self, field: u32, bytes: &[u8]) {
        self.varint(u64::from(field << 3 | LENGTH_DELIMITED));
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// Seven bits a byte, the lowest first.
    fn varint(&mut self, mut number: u64) {
        while let [low, ..] = number.to_le_bytes()
            && number >= 0x80
        {
            self.0.push(low | 0x80);
            number >>= 7;
        }
        let [last, ..] = number.to_le_bytes();
        self.0.push(last);
    }
}
