//! From text to syntax tree, or to the place where it stops making sense.

use rhai::{AST, LexError, ParseError, ParseErrorType, Position, Stmt};

use super::engine::{self, MAX_TEXT};
use crate::diagnostic::Bilingual;
use crate::formula::fault::{Fault, Span};
use crate::formula::source::Source;

/// A parsed text.
pub(in crate::formula) struct Parsed {
    pub(in crate::formula) source: Source,
    pub(in crate::formula) tree: AST,
}

/// Parses a formula or a script file, of at most 16 KiB.
pub(in crate::formula) fn parse(text: &str) -> Result<Parsed, Box<Fault>> {
    let source = Source::new(text);
    if text.len() > MAX_TEXT {
        let message = Bilingual::new(
            format!("公式或脚本超过 {MAX_TEXT} 字节"),
            format!("the formula or script exceeds {MAX_TEXT} bytes"),
        );
        return Err(Box::new(Fault::too_large(Span { offset: 0, length: 1 }, message)));
    }
    if text.trim().is_empty() {
        return Err(Box::new(syntax(source.whole(), "公式为空", "the formula is empty")));
    }
    match engine::parser().compile(text) {
        Ok(tree) => Ok(Parsed { source, tree }),
        Err(error) => Err(Box::new(fault(&error, &source))),
    }
}

impl Parsed {
    /// The statements outside functions.
    pub(in crate::formula) fn statements(&self) -> &[Stmt] {
        self.tree.statements()
    }
}

fn syntax(span: Span, zh: impl Into<String>, en: impl Into<String>) -> Fault {
    Fault::new("formula_syntax", span, Bilingual::new(zh, en))
}

fn fault(ParseError(error, position): &ParseError, source: &Source) -> Fault {
    let span = source.span(*position);
    if let Some(fault) = foreign_character(source, span) {
        return fault;
    }
    match &**error {
        ParseErrorType::UnexpectedEOF => {
            syntax(source.span(Position::NONE), "公式没有写完", "the formula ends too early")
        }
        ParseErrorType::MissingToken(token, _) => {
            syntax(span, format!("此处应有 `{token}`"), format!("`{token}` is missing here"))
        }
        ParseErrorType::BadInput(error) => lexical(error, span),
        ParseErrorType::UnknownOperator(operator) => {
            Fault::unsupported(span, &format!("运算符 `{operator}`"), &format!("operator `{operator}`"))
        }
        ParseErrorType::Reserved(word) => {
            syntax(span, format!("`{word}` 是保留字"), format!("`{word}` is a reserved word"))
        }
        ParseErrorType::ExprExpected(_) => syntax(span, "此处应有表达式", "an expression is missing here"),
        ParseErrorType::VariableExpected => syntax(span, "此处应有变量名", "a variable's name is missing here"),
        ParseErrorType::AssignmentToConstant(name) => {
            Fault::unsupported(span, &format!("给常量 `{name}` 赋值"), &format!("assignment to the constant `{name}`"))
        }
        ParseErrorType::AssignmentToInvalidLHS(_) => syntax(
            span,
            "等号左边不能赋值；比较相等请写 `==`",
            "the left side cannot be assigned to; to compare, write `==`",
        ),
        ParseErrorType::MismatchedType(..) => {
            let message =
                Bilingual::new("`&&`、`||` 的两边应为是非值", "the operands of `&&` and `||` must be booleans");
            Fault::new("type_mismatch", span, message)
        }
        ParseErrorType::ExprTooDeep => {
            Fault::too_large(span, Bilingual::new("公式嵌套过深", "the formula is nested too deep"))
        }
        ParseErrorType::TooManyFunctions | ParseErrorType::LiteralTooLarge(..) => {
            Fault::too_large(span, Bilingual::new("公式或脚本过大", "the formula or script is too large"))
        }
        ParseErrorType::FnDuplicatedDefinition(name, _) => {
            let message =
                Bilingual::new(format!("函数 `{name}` 重复定义"), format!("the function `{name}` is defined twice"));
            Fault::new("duplicate_function", span, message)
        }
        other => syntax(span, "公式写法有误", other.to_string()),
    }
}

fn lexical(error: &LexError, span: Span) -> Fault {
    match error {
        LexError::UnexpectedInput(input) => {
            syntax(span, format!("此处不应出现 `{input}`"), format!("`{input}` is not expected here"))
        }
        LexError::UnterminatedString => syntax(span, "文本缺少结尾的引号", "the closing quote of the text is missing"),
        LexError::MalformedNumber(number) => syntax(
            span,
            format!("数 `{number}` 写法有误或位数过多"),
            format!("the number `{number}` is malformed or too long"),
        ),
        LexError::ImproperSymbol(symbol, _) => {
            syntax(span, format!("公式中不能写 `{symbol}`"), format!("a formula cannot have `{symbol}`"))
        }
        LexError::MalformedChar(_) => {
            syntax(span, "文本要用双引号：`\"…\"`", "a text stands in double quotes: `\"…\"`")
        }
        LexError::StringTooLong(_) => {
            Fault::too_large(span, Bilingual::new("名称或文本过长", "the name or text is too long"))
        }
        other => syntax(span, "公式写法有误", other.to_string()),
    }
}

/// The characters a Chinese keyboard gives for those of the language.
fn foreign_character(source: &Source, span: Span) -> Option<Fault> {
    let found = source.at(span.offset)?;
    let meant = match found {
        '（' => "(",
        '）' => ")",
        '，' | '、' => ",",
        '；' => ";",
        '“' | '”' | '＂' | '「' | '」' => "\"",
        '×' | '＊' => "*",
        '÷' | '／' => "/",
        '＋' => "+",
        '－' | '−' | '—' => "-",
        '≥' => ">=",
        '≤' => "<=",
        '≠' => "!=",
        '＝' => "==",
        '＞' => ">",
        '＜' => "<",
        '％' => "/ 100",
        _ => return None,
    };
    let message = (format!("公式中不能写 `{found}`"), format!("a formula cannot have `{found}`"));
    let help = Bilingual::new(format!("请写 `{meant}`"), format!("write `{meant}`"));
    let span = Span { offset: span.offset, length: 1 };
    let mut fault = syntax(span, message.0, message.1).with_help(Some(help));
    // A quote may be the one that the formula itself is quoted with, and `a / 5％` is not `a / 5 / 100`.
    fault.meant = (!matches!(meant, "\"" | "/ 100")).then(|| (found.to_string(), meant.to_owned()));
    Some(fault)
}
