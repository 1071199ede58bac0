use proptest::prelude::*;
use proptest::sample;

use super::*;

fn select(among: &'static [&'static str]) -> sample::Select<&'static str> {
    sample::select(among)
}

/// Expressions of every type over the names of the sample row, ties and zero divisors included.
fn numeric(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        select(&[
            "0",
            "1",
            "2",
            "3",
            "7",
            "0.5",
            "0.325",
            "2.345",
            "95",
            "9223372036854775807",
            "0.1234567890123456789"
        ])
        .prop_map(str::to_owned),
        select(&["points_possible", "actual", "target", "blank_number", "zero", "达标率", "length(reason)"])
            .prop_map(str::to_owned),
        (-20_i32..20).prop_map(|integer| format!("({integer})")),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let (number, condition) = (numeric(depth - 1), boolean(depth - 1));
    let pair = (number.clone(), number.clone());
    prop_oneof![
        2 => leaf,
        4 => (pair.clone(), select(&["+", "-", "*", "/", "%"])).prop_map(|((a, b), op)| format!("({a} {op} {b})")),
        1 => (pair.clone(), select(&["+", "-", "*", "/"])).prop_map(|((a, b), op)| format!("{a} {op} {b}")),
        1 => (number.clone(), -3_i32..4).prop_map(|(a, n)| format!("({a}) ** {n}")),
        1 => number.clone().prop_map(|a| format!("-({a})")),
        1 => (number.clone(), 0_u32..4).prop_map(|(a, n)| format!("round_half_up({a}, {n})")),
        1 => (number.clone(), select(&["abs", "floor", "ceil"])).prop_map(|(a, f)| format!("{f}({a})")),
        1 => (pair.clone(), select(&["min", "max"])).prop_map(|((a, b), f)| format!("{f}({a}, {b})")),
        1 => (pair.clone(), number.clone()).prop_map(|((a, b), c)| format!("clamp({a}, {b}, {c})")),
        1 => pair.clone().prop_map(|(a, b)| format!("(({a}) ?? {b})")),
        2 => (condition.clone(), pair.clone()).prop_map(|(c, (a, b))| format!("(if {c} {{ {a} }} else {{ {b} }})")),
        1 => pair.clone().prop_map(|(a, b)| format!("({{ let x = {a}; let y = x; y - {b} }})")),
        1 => pair.clone().prop_map(|(a, b)| format!("stepped({a}, {b})")),
        1 => number.clone().prop_map(|a| format!("lookup(grades, {a})")),
        1 => (condition, pair).prop_map(|(c, (a, b))| format!("({{ if {c} {{ {a} }} else {{ {b} }} }} + 1)")),
    ]
    .boxed()
}

pub(super) fn boolean(depth: u32) -> BoxedStrategy<String> {
    let leaf = select(&["true", "false", "late", "has(blank_number)", "blank(reason)", "\"疫情\" in reason"])
        .prop_map(str::to_owned);
    if depth == 0 {
        return leaf.boxed();
    }
    let (number, condition) = (numeric(depth - 1), boolean(depth - 1));
    let pair = (condition.clone(), condition.clone());
    prop_oneof![
        1 => leaf,
        4 => (number.clone(), select(&["==", "!=", "<", "<=", ">", ">="]), number)
            .prop_map(|(a, op, b)| format!("({a} {op} {b})")),
        1 => condition.prop_map(|a| format!("!({a})")),
        1 => (pair.clone(), select(&["&&", "||"])).prop_map(|((a, b), op)| format!("({a} {op} {b})")),
        1 => (pair, select(&["==", "!="])).prop_map(|((a, b), op)| format!("(({a}) {op} ({b}))")),
    ]
    .boxed()
}

pub(super) fn oracle_scripts() -> Scripts {
    scripts("fn halve(x) { x / 2 } fn stepped(a, b) { if a > b { return halve(a - b); } let c = a * 2; c + halve(b) }")
        .unwrap()
}

/// An early return: the statements after it are the other branch.
fn statements() -> impl Strategy<Value = String> {
    (boolean(2), numeric(2), numeric(2)).prop_map(|(c, a, b)| format!("let k = {a}; if {c} {{ return {b}; }} k + {a}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_compiled_form_and_the_interpreter_agree(text in prop_oneof![numeric(4), boolean(4), statements()]) {
        let scripts = oracle_scripts();
        let want = [Type::Number, Type::Boolean].into_iter().find_map(|want| compile_as(&text, want, &scripts).ok());
        if let Some(formula) = want {
            prop_assert!(formula.is_compiled(), "{}", text);
            let (compiled, interpreted) = (formula.evaluate(&values()), formula.interpret(&values()));
            match (&compiled, &interpreted) {
                // Which of two faulty operands is found first is open.
                (Err(_), Err(_)) => {}
                _ => prop_assert_eq!(&compiled, &interpreted, "{}", text),
            }
            match formula.explain(&values(), &|_, _| None) {
                Ok((value, derivation)) => {
                    prop_assert_eq!(Ok(value), compiled, "{}", text);
                    prop_assert!(derivation.len() < 4_000, "{}", derivation);
                }
                Err(_) => prop_assert!(compiled.is_err(), "{}", text),
            }
        } else {
            let faults = compile_as(&text, Type::Number, &scripts).unwrap_err();
            prop_assert!(faults.iter().all(|fault| fault.code == "formula_too_large"), "{}: {:?}", text, faults);
        }
    }

    #[test]
    fn any_text_is_compiled_or_refused(text in "\\PC{0,60}") {
        let _ = compile_as(&text, Type::Number, &Scripts::none());
        let _ = scripts(&text);
    }

    #[test]
    fn any_tokens_are_compiled_or_refused(tokens in prop::collection::vec(
        select(&["actual", "min", "(", ")", "{", "}", "[", "]", ",", ";", "+", "-", "*", "==", "&&", "??", "..", "let", "x",
            "=", "+=", "if", "else", "return", "while", "for", "in", "1", "0.5", "\"文\"", "true", "()", ".", "!", "|", "`", "#{",
            "switch", "fn", "f", "loop", "break", "const", "//", "\n"]), 0..25)) {
        let text = tokens.join(" ");
        if let Ok(formula) = compile_as(&text, Type::Number, &Scripts::none()) {
            let (one, other) = (formula.evaluate(&values()), formula.interpret(&values()));
            prop_assert!(one == other || (one.is_err() && other.is_err()), "{}: {:?} {:?}", text, one, other);
        }
        let _ = scripts(&text);
    }
}
