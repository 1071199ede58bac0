//! The normal form: a checked text written out again so that the interpreter gives it our meaning.
//!
//! Conditions go through [`TRUTH`], since Rhai refuses an absent one; `x += y` becomes `x = x + y`, since
//! Rhai would add integers by itself; literals keep all their digits; every operator is in parentheses.
//! Built from the syntax tree and not from the compiled form, so that the two can be held against each other.

use std::fmt::Write;

use rhai::{ASTFlags, Expr, FlowControl, FnCallExpr, Stmt};

use crate::formula::function::Function;
use crate::formula::source::Source;
use crate::quantity::Exact;

/// Names of the normal form's own functions. An author's function cannot have them: `heng_` is reserved.
pub(super) const TRUTH: &str = "heng_truth";
pub(super) const NUMBER: &str = "heng_number";
pub(super) const RANGE: &str = "heng_range";
pub(super) const RANGE_INCLUSIVE: &str = "heng_range_inclusive";
pub(super) const EACH: &str = "heng_each";

/// The normal form of a checked formula; `None` if it has a construct the check refuses.
pub(in crate::formula) fn normal_formula(source: &Source, statements: &[Stmt]) -> Option<String> {
    let mut writer = Writer { source, text: String::new() };
    writer.statements(statements)?;
    Some(writer.text)
}

/// The normal form of a script function.
pub(in crate::formula) fn normal_function(
    source: &Source,
    name: &str,
    parameters: &[std::sync::Arc<str>],
    body: &[Stmt],
) -> Option<String> {
    let statements = normal_formula(source, body)?;
    Some(format!("fn {name}({}) {{ {statements} }}\n", parameters.join(", ")))
}

struct Writer<'a> {
    source: &'a Source,
    text: String,
}

impl Writer<'_> {
    fn statements(&mut self, statements: &[Stmt]) -> Option<()> {
        for statement in statements {
            self.statement(statement)?;
            self.text.push_str("; ");
        }
        Some(())
    }

    fn block(&mut self, statements: &[Stmt]) -> Option<()> {
        self.text.push_str("{ ");
        self.statements(statements)?;
        self.text.push('}');
        Some(())
    }

    fn statement(&mut self, statement: &Stmt) -> Option<()> {
        match statement {
            Stmt::Noop(_) => Some(()),
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, _) => self.call(call),
            Stmt::Block(block) => self.block(block.statements()),
            Stmt::If(branches, _) => self.branches(branches),
            Stmt::Var(variable, flags, _) => {
                let keyword = if flags.contains(ASTFlags::CONSTANT) { "const" } else { "let" };
                write!(self.text, "{keyword} {} = ", variable.0.as_str()).ok()?;
                self.expression(&variable.1)
            }
            Stmt::Return(value, flags, _) if !flags.contains(ASTFlags::BREAK) => {
                self.text.push_str("return");
                value.as_ref().map_or(Some(()), |value| {
                    self.text.push(' ');
                    self.expression(value)
                })
            }
            Stmt::Assignment(assignment) => {
                let (operator, operands) = &**assignment;
                self.expression(&operands.lhs)?;
                self.text.push_str(" = ");
                let Some(symbol) = operator.get_op_assignment_info().map(|info| info.5) else {
                    return self.expression(&operands.rhs);
                };
                self.infix(symbol, &operands.lhs, &operands.rhs)
            }
            Stmt::While(flow, _) if flow.expr.is_unit() => {
                self.text.push_str("loop ");
                self.block(flow.body.statements())
            }
            Stmt::While(flow, _) => {
                self.text.push_str("while ");
                self.truth(&flow.expr)?;
                self.text.push(' ');
                self.block(flow.body.statements())
            }
            Stmt::Do(flow, flags, _) => {
                self.text.push_str("do ");
                self.block(flow.body.statements())?;
                self.text.push_str(if flags.contains(ASTFlags::NEGATED) { " until " } else { " while " });
                self.truth(&flow.expr)
            }
            Stmt::For(parts, _) => {
                write!(self.text, "for {} in ", parts.0.as_str()).ok()?;
                self.iterated(&parts.2.expr)?;
                self.text.push(' ');
                self.block(parts.2.body.statements())
            }
            Stmt::BreakLoop(None, flags, _) => {
                self.text.push_str(if flags.contains(ASTFlags::BREAK) { "break" } else { "continue" });
                Some(())
            }
            _ => None,
        }
    }

    fn branches(&mut self, branches: &FlowControl) -> Option<()> {
        self.text.push_str("if ");
        self.truth(&branches.expr)?;
        self.text.push(' ');
        self.block(branches.body.statements())?;
        if !branches.branch.is_empty() {
            self.text.push_str(" else ");
            self.block(branches.branch.statements())?;
        }
        Some(())
    }

    fn iterated(&mut self, expression: &Expr) -> Option<()> {
        let name = match expression {
            Expr::FnCall(call, _) if call.name == ".." => RANGE,
            Expr::FnCall(call, _) if call.name == "..=" => RANGE_INCLUSIVE,
            other => {
                self.text.push_str(EACH);
                return self.arguments(std::slice::from_ref(other));
            }
        };
        let Expr::FnCall(call, _) = expression else { return None };
        self.text.push_str(name);
        self.arguments(&call.args)
    }

    fn expression(&mut self, expression: &Expr) -> Option<()> {
        match expression {
            Expr::BoolConstant(boolean, _) => write!(self.text, "{boolean}").ok(),
            Expr::IntegerConstant(integer, _) => self.number(&Exact::from_i64(*integer)),
            Expr::DynamicConstant(value, position) => {
                self.number(&self.source.decimal(*position, value.as_decimal().ok()?))
            }
            Expr::StringConstant(text, _) => self.string(text),
            Expr::Unit(_) => write!(self.text, "()").ok(),
            Expr::Variable(variable, ..) => write!(self.text, "{}", variable.1).ok(),
            Expr::FnCall(call, _) => self.call(call),
            Expr::And(operands, _) => self.joined(operands, " && ", true),
            Expr::Or(operands, _) => self.joined(operands, " || ", true),
            Expr::Coalesce(operands, _) => self.joined(operands, " ?? ", false),
            Expr::Stmt(block) => self.block(block.statements()),
            Expr::Array(elements, _) => {
                self.text.push('[');
                for element in elements {
                    self.expression(element)?;
                    self.text.push_str(", ");
                }
                self.text.push(']');
                Some(())
            }
            Expr::Index(operands, ..) => {
                self.expression(&operands.lhs)?;
                self.text.push('[');
                self.expression(&operands.rhs)?;
                self.text.push(']');
                Some(())
            }
            _ => None,
        }
    }

    fn call(&mut self, call: &FnCallExpr) -> Option<()> {
        let is_operator = call.op_token.is_some() && call.name != Function::Contains.name();
        match (is_operator, &*call.args) {
            (true, [left, right]) => self.infix(&call.name, left, right),
            (true, [operand]) => {
                write!(self.text, "({}", call.name).ok()?;
                self.text.push('(');
                self.expression(operand)?;
                self.text.push_str("))");
                Some(())
            }
            (_, arguments) => {
                self.text.push_str(&call.name);
                self.arguments(arguments)
            }
        }
    }

    fn infix(&mut self, symbol: &str, left: &Expr, right: &Expr) -> Option<()> {
        self.text.push('(');
        self.expression(left)?;
        write!(self.text, " {symbol} ").ok()?;
        self.expression(right)?;
        self.text.push(')');
        Some(())
    }

    fn arguments(&mut self, arguments: &[Expr]) -> Option<()> {
        self.text.push('(');
        for (index, argument) in arguments.iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.expression(argument)?;
        }
        self.text.push(')');
        Some(())
    }

    fn joined(&mut self, operands: &[Expr], symbol: &str, conditions: bool) -> Option<()> {
        self.text.push('(');
        for (index, operand) in operands.iter().enumerate() {
            if index > 0 {
                self.text.push_str(symbol);
            }
            if conditions { self.truth(operand)? } else { self.expression(operand)? }
        }
        self.text.push(')');
        Some(())
    }

    fn truth(&mut self, condition: &Expr) -> Option<()> {
        self.text.push_str(TRUTH);
        self.arguments(std::slice::from_ref(condition))
    }

    fn number(&mut self, number: &Exact) -> Option<()> {
        match number.to_i64() {
            Some(integer) if integer != i64::MIN => write!(self.text, "({integer})").ok(),
            _ => write!(self.text, "{NUMBER}(\"{number}\")").ok(),
        }
    }

    /// A text between quotes, with everything but letters and digits escaped.
    fn string(&mut self, text: &str) -> Option<()> {
        self.text.push('"');
        for c in text.chars() {
            match c {
                c if c.is_alphanumeric() || c == ' ' => self.text.push(c),
                c => write!(self.text, "\\U{:08x}", u32::from(c)).ok()?,
            }
        }
        self.text.push('"');
        Some(())
    }
}
