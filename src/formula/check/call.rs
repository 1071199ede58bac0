//! Operators, functions of the language and functions of the pack's scripts.

use std::sync::Arc;

use rhai::{Expr, FnCallExpr, Position};

use super::expression::append;
use super::session::Instance;
use super::{Checker, Kind, Lowered};
use crate::diagnostic::Bilingual;
use crate::formula::compiled::Node;
use crate::formula::fault::{Fault, Origin, Span};
use crate::formula::function::Function;
use crate::formula::operator::{Binary, Unary};
use crate::formula::scripts::ScriptFunction;

impl<'a> Checker<'_, 'a> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Lowered {
        if call.capture_parent_scope {
            return self.unsupported(position, "`!` 调用", "calls with `!`", None);
        }
        // `part !in t` comes as an operator of the name of the function it calls.
        let is_operator = call.op_token.is_some() && call.name != Function::Contains.name();
        match (is_operator, &*call.args) {
            (true, [left, right]) => self.binary(&call.name, left, right, position),
            (true, [operand]) => self.unary(&call.name, operand, position),
            _ => self.function(call, position),
        }
    }

    fn binary(&mut self, symbol: &str, left: &Expr, right: &Expr, position: Position) -> Lowered {
        let Some(operator) = Binary::from_symbol(symbol) else {
            return self.unsupported(position, &format!("运算符 `{symbol}`"), &format!("operator `{symbol}`"), None);
        };
        let (one, other) = (self.expression(left), self.expression(right));
        let place = Bilingual::new(format!("`{symbol}` 的两边"), format!("an operand of `{symbol}`"));
        self.expect(left, &one, operator.operands(), &place);
        self.expect(right, &other, operator.operands(), &place);
        let fit = one.kind.fits(operator.operands()) && other.kind.fits(operator.operands());
        if fit && one.kind.join(other.kind).is_none() {
            let (one, other) = (one.kind.title(), other.kind.title());
            let message = Bilingual::new(
                format!("`{symbol}` 不能比较{}与{}", one.zh, other.zh),
                format!("`{symbol}` cannot compare {} with {}", one.en, other.en),
            );
            let span = self.span(position);
            self.push(Fault::new("type_mismatch", span, message));
        }
        let depth = one.depth.max(other.depth) + 1;
        let node = one.node.zip(other.node).map(|operands| Node::Binary(operator, Box::new(operands)));
        Lowered { kind: Kind::Value(operator.result()), node, depth }
    }

    fn unary(&mut self, symbol: &str, operand: &Expr, position: Position) -> Lowered {
        let Some(operator) = Unary::from_symbol(symbol) else {
            return self.unsupported(position, &format!("运算符 `{symbol}`"), &format!("operator `{symbol}`"), None);
        };
        let lowered = self.expression(operand);
        let place = Bilingual::new(format!("`{symbol}` 的对象"), format!("the operand of `{symbol}`"));
        self.expect(operand, &lowered, &[operator.operand()], &place);
        let node = lowered.node.map(|operand| Node::Unary(operator, Box::new(operand)));
        Lowered { kind: Kind::Value(operator.operand()), node, depth: lowered.depth + 1 }
    }

    fn function(&mut self, call: &FnCallExpr, position: Position) -> Lowered {
        let arguments: Vec<Lowered> = call.args.iter().map(|argument| self.expression(argument)).collect();
        if let Some(function) = Function::from_name(&call.name) {
            return self.language_function(function, &call.args, arguments, position);
        }
        let library = self.session.library;
        if let Some((index, function)) = library.find(&call.name, arguments.len()) {
            return self.script_function(index, function, arguments, position);
        }
        let span = self.span(position);
        match (&*call.name, &*call.args, &*arguments) {
            ("push", [list, _], [lowered, element]) => {
                let want = Kind::List.title();
                if !matches!(lowered.kind, Kind::List | Kind::Any) {
                    let place = Bilingual::new("`push` 的第 1 个参数", "argument 1 of `push`");
                    self.push(Fault::type_mismatch(self.token(list), &place, &want, lowered.kind));
                }
                return Lowered::interpreted(Kind::Absent, lowered.depth.max(element.depth) + 1);
            }
            (name, _, _) => {
                let arities = library.arities(name);
                let fault = if arities.is_empty() {
                    self.unknown_function(name, span)
                } else {
                    wrong_count(span, name, &arities.join("、"), &arities.join(" or "), arguments.len())
                };
                self.push(fault);
            }
        }
        Lowered::interpreted(Kind::Any, 1)
    }

    fn language_function(
        &mut self,
        function: Function,
        expressions: &[Expr],
        arguments: Vec<Lowered>,
        position: Position,
    ) -> Lowered {
        let shape = function.shape();
        let span = self.span(position);
        self.session.usage.functions.insert(shape.name.into());
        let (fewest, most) = shape.arity();
        if !(fewest..=most).contains(&arguments.len()) {
            let (zh, en) = if fewest == most {
                (fewest.to_string(), fewest.to_string())
            } else {
                (format!("{fewest} 至 {most}"), format!("{fewest} to {most}"))
            };
            let help = Bilingual::new(format!("写法：{}", shape.signature()), format!("usage: {}", shape.signature()));
            self.push(wrong_count(span, shape.name, &zh, &en, arguments.len()).with_help(Some(help)));
            return Lowered::interpreted(Kind::Value(shape.result), 1);
        }
        let depth = arguments.iter().map(|argument| argument.depth).max().unwrap_or(0) + 1;
        let mut nodes = Some(Vec::with_capacity(arguments.len()));
        for (index, (expression, argument)) in expressions.iter().zip(arguments).enumerate() {
            let list_length = function == Function::Length && argument.kind == Kind::List;
            if let Some(parameter) = shape.parameter(index).filter(|_| !list_length) {
                let place = Bilingual::new(
                    format!("`{}` 的参数 `{}` ", shape.name, parameter.name),
                    format!("argument {} of `{}`", parameter.name, shape.name),
                );
                self.expect(expression, &argument, parameter.accepts, &place);
            }
            append(&mut nodes, argument.node);
        }
        let node = nodes.map(|nodes| Node::Call(function, nodes, self.source.spot(span)));
        Lowered { kind: Kind::Value(shape.result), node, depth }
    }

    fn script_function(
        &mut self,
        index: usize,
        function: &'a ScriptFunction,
        arguments: Vec<Lowered>,
        position: Position,
    ) -> Lowered {
        let span = self.span(position);
        self.session.usage.functions.insert(Arc::clone(&function.name));
        let kinds = arguments.iter().map(|argument| argument.kind).collect();
        let instance = match self.session.instance(index, function, kinds, span) {
            Ok(instance) => instance,
            Err(fault) => {
                self.push(*fault);
                return Lowered::interpreted(Kind::Any, 1);
            }
        };
        if let Some(fault) = instance.faults.first() {
            self.push(inner_fault(span, function, fault));
        }
        let Instance { kind, body, depth, .. } = instance;
        let depth = arguments.iter().map(|argument| argument.depth).max().unwrap_or(0).max(depth) + 1;
        let mut nodes = Some(Vec::with_capacity(arguments.len()));
        for argument in arguments {
            append(&mut nodes, argument.node);
        }
        let node = nodes.map(|arguments| Node::Script { name: Arc::clone(&function.name), arguments, body });
        Lowered { kind, node, depth }
    }

    fn unknown_function(&self, name: &str, span: Span) -> Fault {
        let message = Bilingual::new(format!("没有名为 `{name}` 的函数"), format!("there is no function `{name}`"));
        let fault = Fault::new("unknown_function", span, message);
        if name == "round" {
            return fault
                .with_help(Some(Bilingual::new("四舍五入请用 `round_half_up`", "to round, use `round_half_up`")));
        }
        let known: Vec<&str> = Function::ALL.into_iter().map(Function::name).collect();
        fault.with_guess(name, known.into_iter().chain(self.session.library.names()))
    }
}

fn wrong_count(span: Span, name: &str, zh: &str, en: &str, given: usize) -> Fault {
    let message = Bilingual::new(
        format!("`{name}` 应有 {zh} 个参数，这里有 {given} 个"),
        format!("`{name}` takes {en} argument(s), but got {given}"),
    );
    Fault::new("wrong_argument_count", span, message)
}

/// A fault that a function's body shows with the arguments of this call.
fn inner_fault(span: Span, function: &ScriptFunction, fault: &Fault) -> Fault {
    let line = function.source.line(fault.offset);
    let (name, file) = (&function.name, &function.file);
    let message = Bilingual::new(
        format!("以这些参数调用 `{name}` 时（{file} 第 {line} 行）：{}", fault.message.zh),
        format!("in `{name}` called with these arguments ({file}, line {line}): {}", fault.message.en),
    );
    let origin = match &fault.origin {
        Some(origin) => Origin { calls: origin.calls + 1, ..origin.clone() },
        None => Origin { file: Arc::clone(&function.file), offset: fault.offset, calls: 1 },
    };
    Fault { origin: Some(origin), ..Fault::new(fault.code, span, message).with_help(fault.help.clone()) }
}
