//! Slips in a formula: another comparison, another bound, a condition less.

use super::operator::Operator;
use super::tokens::{Kind, Token, tokens};

/// A stretch of a formula's text, in characters, and what stands there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    pub operator: Operator,
    pub from: usize,
    pub to: usize,
    pub now: String,
}

/// Every slip of a formula or script, in the order of the text.
pub fn slips(text: &str) -> Vec<Slip> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| tokens.get(before));
        let after = tokens.get(index + 1);
        let mut slip = |operator, now: &str| {
            found.push(Slip { operator, from: token.from, to: token.to, now: now.to_owned() });
        };
        match token.kind {
            Kind::Operator => of_operator(token, before, after, &mut slip),
            Kind::Number => number_slips(&token.text).iter().for_each(|now| slip(Operator::Constant, now)),
            Kind::Text if token.to - token.from > 2 => slip(Operator::Text, "\"\""),
            Kind::Name => of_name(token, before, after, &mut slip),
            Kind::Text | Kind::Open | Kind::Close | Kind::Stop => {}
        }
        found.extend(operands(&tokens, index));
    }
    found.sort_by_key(|slip| (slip.from, slip.to));
    found.dedup();
    found
}

fn of_operator(token: &Token, before: Option<&Token>, after: Option<&Token>, slip: &mut impl FnMut(Operator, &str)) {
    let assigns = after.is_some_and(|after| after.is("="));
    let has_left =
        before.is_some_and(|before| matches!(before.kind, Kind::Number | Kind::Text | Kind::Name | Kind::Close));
    match token.text.as_str() {
        "<" => ["<=", ">="].iter().for_each(|now| slip(Operator::Comparison, now)),
        "<=" => ["<", ">"].iter().for_each(|now| slip(Operator::Comparison, now)),
        ">" => [">=", "<="].iter().for_each(|now| slip(Operator::Comparison, now)),
        ">=" => [">", "<"].iter().for_each(|now| slip(Operator::Comparison, now)),
        "==" => slip(Operator::Comparison, "!="),
        "!=" => slip(Operator::Comparison, "=="),
        "&&" => slip(Operator::Logic, "||"),
        "||" => slip(Operator::Logic, "&&"),
        "+" if has_left && !assigns => slip(Operator::Arithmetic, "-"),
        "-" if has_left && !assigns => slip(Operator::Arithmetic, "+"),
        "*" if !assigns => slip(Operator::Arithmetic, "/"),
        "/" if !assigns => slip(Operator::Arithmetic, "*"),
        "!" => slip(Operator::Negation, ""),
        _ => {}
    }
}

fn of_name(token: &Token, before: Option<&Token>, after: Option<&Token>, slip: &mut impl FnMut(Operator, &str)) {
    let is_called = after.is_some_and(|after| after.is("(")) && !before.is_some_and(|before| before.is("fn"));
    match token.text.as_str() {
        "min" if is_called => slip(Operator::Bound, "max"),
        "max" if is_called => slip(Operator::Bound, "min"),
        "true" => slip(Operator::Logic, "false"),
        "false" => slip(Operator::Logic, "true"),
        _ => {}
    }
}

/// A number one step of its own last digit up, and one down.
pub fn number_slips(text: &str) -> Vec<String> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let places = unsigned.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let digits: String = unsigned.chars().filter(|c| *c != '.').collect();
    let Ok(magnitude) = digits.parse::<i128>() else { return Vec::new() };
    let value = if negative { -magnitude } else { magnitude };
    [value + 1, value - 1].into_iter().map(|value| decimal(value, places)).collect()
}

fn decimal(value: i128, places: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>1$}", value.unsigned_abs(), places + 1);
    match digits.split_at_checked(digits.len() - places) {
        Some((whole, fraction)) if places > 0 => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{digits}"),
    }
}

/// The two operands of `&&` or `||` at `index`, each of them taken away.
fn operands(tokens: &[Token], index: usize) -> Vec<Slip> {
    let Some(operator) = tokens.get(index) else { return Vec::new() };
    let (ends, neutral): (&[&str], _) = match operator.text.as_str() {
        _ if operator.kind != Kind::Operator => return Vec::new(),
        "&&" => (&["&&", "||"], "true"),
        "||" => (&["||"], "false"),
        _ => return Vec::new(),
    };
    let left = side(tokens.get(..index).unwrap_or_default().iter().rev(), ends, Kind::Close, Kind::Open);
    let right = side(tokens.get(index + 1..).unwrap_or_default().iter(), ends, Kind::Open, Kind::Close);
    let slip = |(from, to): (usize, usize)| Slip { operator: Operator::Condition, from, to, now: neutral.to_owned() };
    [left, right].into_iter().flatten().map(slip).collect()
}

/// From where to where an operand reaches, walked from its operator outwards.
fn side<'t>(
    tokens: impl Iterator<Item = &'t Token>,
    ends: &[&str],
    opens: Kind,
    closes: Kind,
) -> Option<(usize, usize)> {
    let mut depth = 0_usize;
    let mut reached: Option<(usize, usize)> = None;
    for token in tokens {
        if depth == 0 && (token.kind == closes || ends_operand(token, ends)) {
            break;
        }
        if token.kind == opens {
            depth += 1;
        } else if token.kind == closes {
            depth -= 1;
        }
        let (from, to) = reached.unwrap_or((token.from, token.to));
        reached = Some((from.min(token.from), to.max(token.to)));
    }
    reached
}

fn ends_operand(token: &Token, ends: &[&str]) -> bool {
    let words = ["=", "if", "else", "return", "let", "{", "}", "while", "in"];
    token.kind == Kind::Stop
        || (token.kind != Kind::Text && (ends.contains(&&*token.text) || words.contains(&&*token.text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the slips make of a text, those of one operator.
    fn made(text: &str, operator: Operator) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let of_kind = slips(text).into_iter().filter(|slip| slip.operator == operator);
        of_kind
            .map(|slip| {
                let before: String = chars[..slip.from].iter().collect();
                let after: String = chars[slip.to..].iter().collect();
                format!("{before}{}{after}", slip.now)
            })
            .collect()
    }

    #[test]
    fn comparisons_move_their_edge_and_turn_round() {
        assert_eq!(made("a < b", Operator::Comparison), ["a <= b", "a >= b"]);
        assert_eq!(made("a >= b", Operator::Comparison), ["a > b", "a < b"]);
        assert_eq!(made("名 == \"<\"", Operator::Comparison), ["名 != \"<\""]);
    }

    #[test]
    fn numbers_move_by_their_last_digit() {
        assert_eq!(made("a * 0.95", Operator::Constant), ["a * 0.96", "a * 0.94"]);
        assert_eq!(made("x > 0", Operator::Constant), ["x > 1", "x > -1"]);
        assert_eq!(number_slips("-0.10"), ["-0.09", "-0.11"]);
        assert_eq!(number_slips("100"), ["101", "99"]);
        assert!(number_slips("1/12").is_empty());
    }

    #[test]
    fn each_condition_of_a_chain_can_be_left_out() {
        assert_eq!(
            made("a && (b || f(c, d)) && !e", Operator::Condition),
            [
                "true && (b || f(c, d)) && !e",
                "a && true && !e",
                "a && (false || f(c, d)) && !e",
                "a && (b || false) && !e",
                "a && (b || f(c, d)) && true",
            ]
        );
        assert_eq!(
            made("a && b || c", Operator::Condition),
            ["true && b || c", "false || c", "a && true || c", "a && b || false"]
        );
        assert_eq!(
            made("if a && b { x } else { c || d }", Operator::Condition),
            [
                "if true && b { x } else { c || d }",
                "if a && true { x } else { c || d }",
                "if a && b { x } else { false || d }",
                "if a && b { x } else { c || false }",
            ]
        );
    }

    #[test]
    fn signs_are_no_operations() {
        assert_eq!(made("-a + (-b)", Operator::Arithmetic), ["-a - (-b)"]);
        assert_eq!(made("x += 1; y * 2", Operator::Arithmetic), ["x += 1; y / 2"]);
        assert_eq!(made("!a != b", Operator::Negation), ["a != b"]);
        assert_eq!(made("max(min(a, 1), 0)", Operator::Bound), ["min(min(a, 1), 0)", "max(max(a, 1), 0)"]);
        assert_eq!(made("a == \"甲\" || b == \"\"", Operator::Text), ["a == \"\" || b == \"\""]);
    }
}
