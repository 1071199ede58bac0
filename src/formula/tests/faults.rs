use super::*;

/// Compiles a formula that must be refused, for the type that suits it best, and marks each fault: its code
/// and the text it points at.
fn faults(text: &str) -> Vec<(&'static str, String)> {
    let types = [Type::Number, Type::Boolean, Type::Text];
    let refused = types.map(|want| compile_as(text, want, &Scripts::none()).expect_err(text));
    let faults = refused.into_iter().min_by_key(Vec::len).unwrap();
    let mark = |fault: &Fault| text.chars().skip(fault.offset).take(fault.length).collect();
    for fault in &faults {
        assert!(!fault.message.zh.is_empty() && !fault.message.en.is_empty(), "{text}");
        assert!(fault.length >= 1 && fault.offset <= text.chars().count(), "{text}");
    }
    faults.iter().map(|fault| (fault.code, mark(fault))).collect()
}

#[test]
fn a_fault_points_at_its_token() {
    for (text, want) in [
        ("pointspossible * 2", &[("unknown_name", "pointspossible")][..]),
        ("达标 + actul + 1", &[("unknown_name", "达标"), ("unknown_name", "actul")]),
        ("length(\"目标\") +\n  达标", &[("unknown_name", "达标")]),
        ("round(actual)", &[("unknown_function", "round")]),
        ("min", &[("unknown_name", "min")]),
        ("min(1)", &[("wrong_argument_count", "min")]),
        ("min(1, 2, 3, 4, 5, 6, 7, 8, 9)", &[("wrong_argument_count", "min")]),
        ("clamp(1, 2)", &[("wrong_argument_count", "clamp")]),
        ("actual + reason", &[("type_mismatch", "reason")]),
        ("actual == reason", &[("type_mismatch", "==")]),
        ("reason < \"b\"", &[("type_mismatch", "reason"), ("type_mismatch", "\"b\"")]),
        ("1 < 2 < 3", &[("type_mismatch", "1")]),
        ("words == words", &[("type_mismatch", "words"), ("type_mismatch", "words")]),
        ("abs(reason)", &[("type_mismatch", "reason")]),
        ("contains_any(reason, [\"a\"])", &[("type_mismatch", "[")]),
        ("if actual { 1 } else { 2 }", &[("type_mismatch", "actual")]),
        ("late && actual", &[("type_mismatch", "actual")]),
        ("if late { 1 } else { \"a\" }", &[("type_mismatch", "if")]),
        ("actual ?? reason", &[("type_mismatch", "reason")]),
        ("let x = 1; x = \"a\"; x", &[("type_mismatch", "\"a\"")]),
        ("words", &[("type_mismatch", "words")]),
        ("1 + ", &[("formula_syntax", " ")]),
        ("(1 + 2", &[("formula_syntax", "2")]),
        ("", &[("formula_syntax", "")]),
        ("  \n", &[("formula_syntax", "  \n")]),
        ("points_possible × 2", &[("formula_syntax", "×")]),
        ("min（1，2）", &[("formula_syntax", "（")]),
        ("\"abc", &[("formula_syntax", "\"abc")]),
        (
            "99999999999999999999999999999999999999999",
            &[("formula_syntax", "99999999999999999999999999999999999999999")],
        ),
        ("1e5", &[("formula_syntax", "e5")]),
        ("0x10 + 1", &[("unsupported_construct", "0x10")]),
        ("actual & 1", &[("unsupported_construct", "&")]),
        ("actual = 3", &[("unsupported_construct", "actual")]),
        ("const x = 1; x = 2; x", &[("unsupported_construct", "x")]),
        ("x = 2; 1", &[("unknown_name", "x")]),
        ("#{a: 1}", &[("unsupported_construct", "#")]),
        ("'a' == \"a\"", &[("unsupported_construct", "'")]),
        ("`a${1}`", &[("unsupported_construct", "`")]),
        ("reason.len()", &[("unsupported_construct", ".")]),
        ("switch actual { 1 => 2 }", &[("unsupported_construct", "switch")]),
        ("throw 1", &[("unsupported_construct", "throw")]),
        ("try { 1 } catch { 2 }", &[("unsupported_construct", "try")]),
        ("fn f() { 1 } f()", &[("unsupported_construct", "fn f() { 1 } f()")]),
        ("min!(1, 2)", &[("unsupported_construct", "min")]),
        ("if late { return 1 } else { return 2 } 3", &[("unsupported_construct", "if")]),
        ("actual + 1; 2", &[("unsupported_construct", "actual")]),
        ("abs(1); 2", &[("unsupported_construct", "abs")]),
        ("if late { 1 } else { 2 } + 3", &[("unsupported_construct", "1"), ("unsupported_construct", "2")]),
        ("{ 1 } - 3", &[("unsupported_construct", "{")]),
        ("eval(\"1\")", &[("formula_syntax", "eval")]),
        ("print(1)", &[("formula_syntax", "print")]),
        ("Fn(\"min\")", &[("formula_syntax", "Fn")]),
        ("|x| x + 1", &[("formula_syntax", "|")]),
        ("import \"a\" as b; 1", &[("formula_syntax", "import")]),
        (
            "min(actul, targt) + maxx(1)",
            &[("unknown_name", "actul"), ("unknown_name", "targt"), ("unknown_function", "maxx")],
        ),
    ] {
        let want: Vec<(&str, String)> = want.iter().map(|(code, at)| (*code, (*at).to_owned())).collect();
        assert_eq!(faults(text), want, "{text}");
    }
}

#[test]
fn a_table_is_looked_up_and_nothing_else() {
    for (text, want) in [
        ("lookup(words, 1)", &[("type_mismatch", "words")][..]),
        ("lookup(grades)", &[("wrong_argument_count", "lookup")]),
        ("lookup(grades, reason)", &[("type_mismatch", "reason")]),
        ("grades + 1", &[("type_mismatch", "grades")]),
        ("grades == grades", &[("type_mismatch", "grades"), ("type_mismatch", "grades")]),
        ("has(grades)", &[("type_mismatch", "grades")]),
        ("grades", &[("type_mismatch", "grades")]),
    ] {
        let want: Vec<(&str, String)> = want.iter().map(|(code, at)| (*code, (*at).to_owned())).collect();
        assert_eq!(faults(text), want, "{text}");
    }
}

#[test]
fn help_names_what_was_meant() {
    for (text, zh) in [
        ("pointspossible * 2", "是否想写 `points_possible`？"),
        ("maxx(1, 2)", "是否想写 `max`？"),
        ("round(1)", "四舍五入请用 `round_half_up`"),
        ("min + 1", "`min` 是函数，调用时要写括号"),
        ("1 ≥ 2", "请写 `>=`"),
        ("min(1)", "写法：min(a, b, …) → number"),
    ] {
        let faults = compile_as(text, Type::Number, &Scripts::none()).unwrap_err();
        let help = faults.iter().find_map(|fault| fault.help.as_ref()).map(|help| help.zh.as_str());
        assert_eq!(help, Some(zh), "{text}");
    }
}

#[test]
fn many_faults_are_capped() {
    let text = (0..40).map(|index| format!("missing{index}")).collect::<Vec<_>>().join(" + ");
    assert_eq!(faults(&text).len(), 40);
    let calls = (0..30).map(|index| format!("min(a{index}, b{index}, c{index})")).collect::<Vec<_>>().join(" + ");
    assert_eq!(faults(&calls).len(), 50);
}
