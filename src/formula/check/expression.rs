//! Expressions: literals, names, logic and blocks. Calls and operators are in `call`.

use rhai::{ASTNode, Expr, Position};

use super::{Checker, Kind, Lowered};
use crate::diagnostic::Bilingual;
use crate::formula::compiled::{Node, Spot};
use crate::formula::fault::{Fault, Span};
use crate::formula::function::Function;
use crate::formula::{Type, Value};
use crate::quantity::Exact;

impl Checker<'_, '_> {
    pub(super) fn expression(&mut self, expression: &Expr) -> Lowered {
        self.nested(expression.position(), |checker| checker.one_expression(expression))
    }

    fn one_expression(&mut self, expression: &Expr) -> Lowered {
        match expression {
            Expr::BoolConstant(boolean, _) => Lowered::constant(Value::Boolean(*boolean)),
            Expr::IntegerConstant(_, position) if self.source.has_base(*position) => {
                let help = Bilingual::new("请写十进制数", "write the number in decimal");
                self.unsupported(*position, "十进制以外的数", "numbers of other bases", Some(help))
            }
            Expr::IntegerConstant(integer, _) => Lowered::constant(Value::Number(Exact::from_i64(*integer))),
            Expr::DynamicConstant(value, position) => match value.as_decimal() {
                Ok(decimal) => Lowered::constant(Value::Number(self.source.decimal(*position, decimal))),
                Err(_) => self.unsupported(*position, "这种常量", "such constants", None),
            },
            Expr::StringConstant(text, _) => Lowered::constant(Value::Text(text.as_str().into())),
            Expr::Unit(_) => Lowered::constant(Value::Absent),
            Expr::Variable(variable, _, position) => self.name(&variable.1, *position),
            Expr::FnCall(call, position) => self.call(call, *position),
            Expr::And(operands, _) => self.logic(operands, Node::All),
            Expr::Or(operands, _) => self.logic(operands, Node::Any),
            Expr::Coalesce(operands, _) => self.coalesce(operands),
            Expr::Stmt(block) => self.block(block, false),
            Expr::Array(elements, _) => self.list(elements),
            Expr::Index(operands, _, _) => self.element(&operands.lhs, &operands.rhs),
            Expr::CharConstant(_, position) => {
                let help = Bilingual::new("文本请用双引号", "write a text in double quotes");
                self.unsupported(*position, "字符常量", "character constants", Some(help))
            }
            Expr::InterpolatedString(_, position) => {
                self.unsupported(*position, "文本插值", "text interpolation", None)
            }
            Expr::Map(_, position) => self.unsupported(*position, "映射", "maps", None),
            Expr::Dot(_, _, position) | Expr::Property(_, position) | Expr::MethodCall(_, position) => {
                let help = Bilingual::new("方法请写成函数：`f(x, …)`", "write a method as a function: `f(x, …)`");
                self.unsupported(*position, "点号访问", "access by dot", Some(help))
            }
            other => self.unsupported(other.position(), "这种写法", "such expressions", None),
        }
    }

    fn name(&mut self, name: &str, position: Position) -> Lowered {
        if let Some(index) = self.locals.iter().rposition(|local| &*local.name == name) {
            let kind = self.locals.get(index).map_or(Kind::Any, |local| local.kind);
            return Lowered::leaf(kind, Node::Local(index));
        }
        let names = self.session.names;
        if let Some((slot, entry)) = names.slot(name).and_then(|slot| Some((slot, names.get(slot)?))) {
            self.session.usage.slots.insert(slot);
            return Lowered::leaf(Kind::Value(entry.value_type), Node::Name(slot));
        }
        let message = Bilingual::new(format!("没有名为 `{name}` 的量"), format!("there is nothing named `{name}`"));
        let fault = Fault::new("unknown_name", self.span(position), message);
        let fault = if Function::from_name(name).is_some() || self.session.library.has(name) {
            fault.with_help(Some(Bilingual::new(
                format!("`{name}` 是函数，调用时要写括号"),
                format!("`{name}` is a function; call it with parentheses"),
            )))
        } else {
            let locals = self.locals.iter().map(|local| &*local.name);
            fault.with_guess(name, locals.chain(names.iter().map(|entry| &*entry.name)))
        };
        self.push(fault);
        Lowered::interpreted(Kind::Any, 1)
    }

    fn logic(&mut self, operands: &[Expr], build: fn(Vec<Node>, Vec<Spot>) -> Node) -> Lowered {
        let mut depth = 0;
        let mut nodes = Some(Vec::with_capacity(operands.len()));
        for operand in operands {
            let lowered = self.condition(operand);
            depth = depth.max(lowered.depth);
            append(&mut nodes, lowered.node);
        }
        let node = nodes.map(|nodes| build(nodes, self.extents(operands)));
        Lowered { kind: Kind::Value(Type::Boolean), node, depth: depth + 1 }
    }

    /// An expression whose truth is asked for.
    pub(super) fn condition(&mut self, expression: &Expr) -> Lowered {
        let lowered = self.expression(expression);
        let place = Bilingual::new("条件", "a condition");
        self.expect(expression, &lowered, &[Type::Boolean], &place);
        lowered
    }

    /// `a ?? b`: the first that is not absent.
    fn coalesce(&mut self, operands: &[Expr]) -> Lowered {
        let (mut kind, mut depth) = (Kind::Never, 0);
        let mut nodes = Some(Vec::with_capacity(operands.len()));
        for operand in operands {
            let lowered = self.expression(operand);
            match kind.join(lowered.kind) {
                Some(joined) => kind = joined,
                None => self.branches_differ(self.token(operand), kind, lowered.kind),
            }
            depth = depth.max(lowered.depth);
            append(&mut nodes, lowered.node);
        }
        let node = nodes.map(|nodes| Node::FirstPresent(nodes, self.extents(operands)));
        Lowered { kind, node, depth: depth + 1 }
    }

    fn list(&mut self, elements: &[Expr]) -> Lowered {
        let depth = elements.iter().map(|element| self.expression(element).depth).max().unwrap_or(0);
        Lowered::interpreted(Kind::List, depth + 1)
    }

    /// `list[index]`, counting from zero.
    pub(super) fn element(&mut self, list: &Expr, index: &Expr) -> Lowered {
        let lowered = self.expression(list);
        if !matches!(lowered.kind, Kind::List | Kind::Any) {
            let (place, want) = (Bilingual::new("取下标的对象", "what is indexed"), Kind::List.title());
            self.push(Fault::type_mismatch(self.token(list), &place, &want, lowered.kind));
        }
        let at = self.expression(index);
        self.expect(index, &at, &[Type::Number], &Bilingual::new("下标", "an index"));
        Lowered::interpreted(Kind::Any, lowered.depth.max(at.depth) + 1)
    }

    /// Reports an expression that does not fit where it stands.
    pub(super) fn expect(&mut self, expression: &Expr, lowered: &Lowered, types: &[Type], place: &Bilingual) {
        if lowered.kind.fits(types) {
            return;
        }
        let titles: Vec<Bilingual> = types.iter().map(|one| one.title()).collect();
        let join = |or: &str, pick: fn(&Bilingual) -> &str| titles.iter().map(pick).collect::<Vec<_>>().join(or);
        let want = Bilingual::new(join("或", |title| &title.zh), join(" or ", |title| &title.en));
        self.push(Fault::type_mismatch(self.token(expression), place, &want, lowered.kind));
    }

    /// The first token of an expression.
    pub(super) fn token(&self, expression: &Expr) -> Span {
        self.span(start(expression))
    }

    /// Where operands stand, from their first to their last character.
    fn extents(&self, operands: &[Expr]) -> Vec<Spot> {
        let spot = |operand: &Expr| {
            let mut last = 0;
            operand.walk(&mut Vec::new(), &mut |path: &[ASTNode<'_>]| {
                let position = path.last().map(ASTNode::position).filter(|position| !position.is_none());
                last = last.max(position.map_or(0, |position| self.source.offset(position)));
                true
            });
            self.source.spot(self.source.extent(self.token(operand), last))
        };
        operands.iter().map(spot).collect()
    }

    /// Where an expression begins, for what looks at the compiled tree later.
    pub(super) fn spot(&self, expression: &Expr) -> Spot {
        self.source.spot(self.token(expression))
    }
}

/// Adds a node to a tree that is complete so far.
pub(super) fn append(nodes: &mut Option<Vec<Node>>, node: Option<Node>) {
    match (nodes.as_mut(), node) {
        (Some(nodes), Some(node)) => nodes.push(node),
        _ => *nodes = None,
    }
}

/// Where an expression begins: that of an operator is where its left operand begins.
fn start(expression: &Expr) -> Position {
    let mut expression = expression;
    loop {
        let first = match expression {
            Expr::FnCall(call, _) if call.op_token.is_some() && call.args.len() == 2 => call.args.first(),
            Expr::And(operands, _) | Expr::Or(operands, _) | Expr::Coalesce(operands, _) => operands.first(),
            Expr::Index(operands, _, _) => Some(&operands.lhs),
            _ => None,
        };
        match first {
            Some(first) => expression = first,
            None => return expression.position(),
        }
    }
}
