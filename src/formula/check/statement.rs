//! Statements: blocks, variables, branches and loops.

use std::sync::Arc;

use rhai::{ASTFlags, Expr, FlowControl, Position, Stmt, StmtBlock};

use super::{Checker, Kind, Local, Lowered};
use crate::diagnostic::Bilingual;
use crate::formula::Type;
use crate::formula::compiled::{Node, Spot};
use crate::formula::fault::Fault;

/// The most statements of one block.
const MAX_STATEMENTS: usize = 64;

impl Checker<'_, '_> {
    /// A block; its variables end with it. `tail`: its value is the value of the whole text, so that a
    /// `return` in it is nothing but that value.
    pub(super) fn block(&mut self, block: &StmtBlock, tail: bool) -> Lowered {
        let outer = self.locals.len();
        let lowered = self.nested(block.position(), |checker| checker.sequence(block.statements(), tail));
        self.locals.truncate(outer);
        lowered
    }

    pub(super) fn sequence(&mut self, statements: &[Stmt], tail: bool) -> Lowered {
        if statements.len() > MAX_STATEMENTS {
            let span = self.source.whole();
            let message = Bilingual::new(
                format!("一个语句块最多 {MAX_STATEMENTS} 条语句"),
                format!("a block has at most {MAX_STATEMENTS} statements"),
            );
            self.push(Fault::too_large(span, message));
            return Lowered::interpreted(Kind::Any, 1);
        }
        self.statements(statements, tail)
    }

    fn statements(&mut self, statements: &[Stmt], tail: bool) -> Lowered {
        let Some((first, rest)) = statements.split_first() else {
            return Lowered::constant(crate::formula::Value::Absent);
        };
        match first {
            Stmt::Noop(_) => self.rest(rest, tail),
            Stmt::Var(variable, flags, _) => {
                let (name, value, _) = &**variable;
                self.binding(name.as_str(), value, flags.contains(ASTFlags::CONSTANT), rest, tail)
            }
            _ if rest.iter().all(Stmt::is_noop) => self.statement(first, tail),
            Stmt::If(branches, position) => self.early_exit(branches, *position, rest, tail),
            _ => {
                let discarded = self.statement(first, false);
                let depth = discarded.depth;
                self.expect_no_value(first, discarded.kind);
                let after = self.rest(rest, tail);
                // What a returning statement leaves behind is never reached, so its node must not be used.
                Lowered::interpreted(after.kind, depth.max(after.depth) + 1)
            }
        }
    }

    /// What follows a statement counts as nested in it: it sees its variables, and the walk recurses.
    fn rest(&mut self, rest: &[Stmt], tail: bool) -> Lowered {
        let at = rest.first().map_or(Position::NONE, Stmt::position);
        self.nested(at, |checker| checker.statements(rest, tail))
    }

    /// A value that nothing takes is a slip, such as `if a { 1 } else { 2 } + 3`, which ends after `}`.
    fn expect_no_value(&mut self, statement: &Stmt, kind: Kind) {
        if matches!(kind, Kind::Value(_) | Kind::List) {
            let message = Bilingual::new("这里的值没有用到", "nothing takes the value of this");
            let help = Bilingual::new("作为算式的一部分时请加括号", "put it in parentheses to go on computing with it");
            let span = match statement {
                Stmt::Expr(expression) => self.token(expression),
                other => self.span(other.position()),
            };
            self.push(Fault::new("unsupported_construct", span, message).with_help(Some(help)));
        }
    }

    /// `let name = value;` and what follows it.
    fn binding(&mut self, name: &str, value: &Expr, constant: bool, rest: &[Stmt], tail: bool) -> Lowered {
        let bound = self.expression(value);
        // A variable that starts absent takes its type from what is assigned to it later.
        let kind = if bound.kind == Kind::Absent { Kind::Any } else { bound.kind };
        self.locals.push(Local { name: Arc::from(name), kind, constant });
        let after = self.rest(rest, tail);
        let node = bound.node.zip(after.node).map(|pair| Node::Let(Box::new(pair)));
        Lowered { kind: after.kind, node, depth: bound.depth.max(after.depth) + 1 }
    }

    /// An `if` with statements after it: compiled where one branch returns and the other is empty or
    /// returns too, so that what follows is the other branch.
    fn early_exit(&mut self, branches: &FlowControl, position: Position, rest: &[Stmt], tail: bool) -> Lowered {
        let condition = self.condition(&branches.expr);
        let then = self.block(&branches.body, tail);
        let otherwise = self.block(&branches.branch, tail);
        for (branch, kind) in [(&branches.body, then.kind), (&branches.branch, otherwise.kind)] {
            if let Some(last) = branch.statements().last() {
                self.expect_no_value(last, kind);
            }
        }
        let after = self.rest(rest, tail);
        let depth = [&condition, &then, &otherwise, &after].into_iter().map(|part| part.depth).max().unwrap_or(0) + 1;
        let (on_true, on_false) = match (then.kind, otherwise.kind) {
            (Kind::Never, Kind::Never) => {
                let message = Bilingual::new("这之后的语句永远不会执行", "the statements after this are never reached");
                let span = self.span(position);
                self.push(Fault::new("unsupported_construct", span, message));
                return Lowered::interpreted(Kind::Never, depth);
            }
            (Kind::Never, _) if branches.branch.is_empty() => (then.node, after.node),
            (_, Kind::Never) if branches.body.is_empty() => (after.node, otherwise.node),
            _ => (None, None),
        };
        let spot = self.spot(&branches.expr);
        let node = node_of_if(condition.node, on_true, on_false, spot);
        Lowered { kind: after.kind, node, depth }
    }

    fn statement(&mut self, statement: &Stmt, tail: bool) -> Lowered {
        match statement {
            Stmt::Expr(expression) => match &**expression {
                Expr::Stmt(block) => self.block(block, tail),
                expression => self.expression(expression),
            },
            Stmt::FnCall(call, position) => self.call(call, *position),
            Stmt::Block(block) => self.block(block, tail),
            Stmt::If(branches, position) => self.branches(branches, *position, tail),
            Stmt::Return(_, flags, position) if flags.contains(ASTFlags::BREAK) => {
                self.unsupported(*position, "`throw`", "`throw`", None)
            }
            Stmt::Return(value, _, position) => self.return_value(value.as_deref(), *position, tail),
            Stmt::Assignment(assignment) => {
                let (operator, operands) = &**assignment;
                let symbol = operator.get_op_assignment_info().map(|info| info.5);
                self.assignment(&operands.lhs, symbol, &operands.rhs, operator.position())
            }
            Stmt::While(flow, _) => self.repeat(flow),
            Stmt::Do(flow, _, _) => self.repeat(flow),
            Stmt::For(parts, position) => self.iterate(parts.0.as_str(), parts.1.is_some(), &parts.2, *position),
            Stmt::BreakLoop(None, ..) => Lowered::interpreted(Kind::Absent, 1),
            Stmt::BreakLoop(Some(_), _, position) => {
                self.unsupported(*position, "带值的 `break`", "`break` with a value", None)
            }
            Stmt::Switch(_, position) => {
                let help = Bilingual::new(
                    "请用 `if … else if …`，或在规则包中用分档表",
                    "use `if … else if …`, or a band table",
                );
                self.unsupported(*position, "`switch`", "`switch`", Some(help))
            }
            Stmt::TryCatch(_, position) => self.unsupported(*position, "`try`", "`try`", None),
            other => self.unsupported(other.position(), "这种语句", "such statements", None),
        }
    }

    fn branches(&mut self, branches: &FlowControl, position: Position, tail: bool) -> Lowered {
        let condition = self.condition(&branches.expr);
        let then = self.block(&branches.body, tail);
        let otherwise = self.block(&branches.branch, tail);
        let depth = condition.depth.max(then.depth).max(otherwise.depth) + 1;
        let kind = then.kind.join(otherwise.kind).unwrap_or_else(|| {
            let span = self.span(position);
            self.branches_differ(span, then.kind, otherwise.kind);
            Kind::Any
        });
        let spot = self.spot(&branches.expr);
        Lowered { kind, node: node_of_if(condition.node, then.node, otherwise.node, spot), depth }
    }

    fn return_value(&mut self, value: Option<&Expr>, position: Position, tail: bool) -> Lowered {
        let lowered = match value {
            Some(value) => self.expression(value),
            None => Lowered::constant(crate::formula::Value::Absent),
        };
        match self.returned.join(lowered.kind) {
            Some(kind) => self.returned = kind,
            None => {
                let span = self.span(position);
                self.branches_differ(span, self.returned, lowered.kind);
            }
        }
        Lowered { kind: Kind::Never, node: lowered.node.filter(|_| tail), depth: lowered.depth }
    }

    fn assignment(&mut self, target: &Expr, symbol: Option<&str>, value: &Expr, position: Position) -> Lowered {
        let assigned = self.expression(value);
        let (kind, depth) = match target {
            Expr::Variable(variable, _, at) => (self.assignable(&variable.1, *at), 1),
            Expr::Index(operands, _, _) => {
                let element = self.element(&operands.lhs, &operands.rhs);
                (element.kind, element.depth)
            }
            other => (self.unsupported(other.position(), "对此赋值", "assignment to this", None).kind, 1),
        };
        let place = Bilingual::new("赋给变量的值", "the assigned value");
        match (symbol, kind) {
            (Some(symbol), _) if crate::formula::operator::Binary::from_symbol(symbol).is_none() => {
                self.unsupported(position, &format!("运算符 `{symbol}=`"), &format!("operator `{symbol}=`"), None);
            }
            (Some(_), kind) => {
                self.expect(value, &assigned, &[Type::Number], &place);
                if !kind.fits(&[Type::Number]) {
                    self.push(Fault::type_mismatch(self.token(target), &place, &Type::Number.title(), kind));
                }
            }
            (None, kind) if kind.join(assigned.kind).is_none() => {
                self.push(Fault::type_mismatch(self.token(value), &place, &kind.title(), assigned.kind));
            }
            _ => {}
        }
        Lowered::interpreted(Kind::Absent, assigned.depth.max(depth) + 1)
    }

    /// The kind of a variable that is assigned to: only the text's own variables can be.
    fn assignable(&mut self, name: &str, position: Position) -> Kind {
        let local = self.locals.iter().rfind(|local| &*local.name == name);
        if let Some(local) = local.filter(|local| !local.constant) {
            return local.kind;
        }
        if local.is_some() || self.session.names.slot(name).is_some() {
            let help = Bilingual::new("请用 `let` 另设变量", "set up a variable of your own with `let`");
            let (zh, en) = (format!("给 `{name}` 赋值"), format!("assignment to `{name}`"));
            return self.unsupported(position, &zh, &en, Some(help)).kind;
        }
        let message = Bilingual::new(format!("没有名为 `{name}` 的变量"), format!("there is no variable `{name}`"));
        let fault = Fault::new("unknown_name", self.span(position), message);
        self.push(fault.with_guess(name, self.locals.iter().map(|local| &*local.name)));
        Kind::Any
    }

    /// `while`, `loop` and `do`.
    fn repeat(&mut self, flow: &FlowControl) -> Lowered {
        let condition = match &flow.expr {
            Expr::Unit(_) => Lowered::interpreted(Kind::Absent, 1),
            condition => self.condition(condition),
        };
        let body = self.block(&flow.body, false);
        Lowered::interpreted(Kind::Absent, condition.depth.max(body.depth) + 1)
    }

    fn iterate(&mut self, variable: &str, counted: bool, flow: &FlowControl, position: Position) -> Lowered {
        if counted {
            return self.unsupported(position, "带计数的 `for`", "`for` with a counter", None);
        }
        let (kind, depth) = match &flow.expr {
            Expr::FnCall(range, _) if matches!(&*range.name, ".." | "..=") => {
                let bound = Bilingual::new("范围的两端", "a bound of the range");
                let mut deepest = 0;
                for end in &range.args {
                    let lowered = self.expression(end);
                    self.expect(end, &lowered, &[Type::Number], &bound);
                    deepest = deepest.max(lowered.depth);
                }
                (Kind::Value(Type::Number), deepest)
            }
            other => {
                let lowered = self.expression(other);
                let element = match lowered.kind {
                    Kind::Value(Type::Words) => Kind::Value(Type::Text),
                    Kind::List | Kind::Any => Kind::Any,
                    kind => {
                        let place = Bilingual::new("`for` 遍历的对象", "what `for` goes through");
                        let want = Bilingual::new("范围、词表或列表", "a range, a word list or a list");
                        self.push(Fault::type_mismatch(self.token(other), &place, &want, kind));
                        Kind::Any
                    }
                };
                (element, lowered.depth)
            }
        };
        let outer = self.locals.len();
        self.locals.push(Local { name: Arc::from(variable), kind, constant: true });
        let body = self.block(&flow.body, false);
        self.locals.truncate(outer);
        Lowered::interpreted(Kind::Absent, depth.max(body.depth) + 1)
    }
}

fn node_of_if(condition: Option<Node>, then: Option<Node>, otherwise: Option<Node>, spot: Spot) -> Option<Node> {
    Some(Node::If(Box::new((condition?, then?, otherwise?)), spot))
}
