use super::*;

#[test]
fn functions_see_each_other_across_files() {
    let files = [
        ("a.rhai", "fn one(x) { two(x) + 1 }"),
        ("b.rhai", "/// Doubles.\nfn two(x) { x * 2 }\nfn two(x, y) { x * y }"),
    ];
    let files = files.map(|(file, text)| Script { file: file.into(), text: text.into() });
    let scripts = Scripts::compile(&files).unwrap();
    let formula = compile_with("one(points_possible) + two(2, 3)", &scripts);
    assert_eq!(formula.evaluate(&values()), Ok(number("23")));
    assert_eq!(formula.interpret(&values()), Ok(number("23")));
    assert!(formula.is_compiled());
    assert_eq!(formula.functions_used().collect::<Vec<_>>(), ["one", "two"]);
    let docs = scripts.docs();
    assert_eq!(
        docs.iter().map(|doc| (&*doc.name, doc.parameters.len())).collect::<Vec<_>>(),
        [("one", 1), ("two", 1), ("two", 2)]
    );
}

#[test]
fn a_script_loop_is_interpreted_under_a_compiled_rest() {
    let scripts = scripts("fn total(n) { let s = 0; for i in 1..=n { s += i / 2 } s }").unwrap();
    let formula = compile_with("total(10) * 2 + points_possible", &scripts);
    assert_eq!(formula.evaluate(&values()), Ok(number("63")));
    assert!(!formula.is_compiled());
}

#[test]
fn a_script_is_checked_for_the_arguments_of_each_call() {
    let scripts = scripts("fn same(a, b) {\n  a == b\n}\nfn keep(x) { x }").unwrap();
    assert_eq!(compile_with("same(1, 2) || same(reason, \"a\")", &scripts).evaluate(&values()), Ok(value("false")));
    assert_eq!(compile_with("keep(1) + 1", &scripts).evaluate(&values()), Ok(number("2")));
    for (text, code, line) in [
        ("if same(reason, actual) { 1 } else { 2 }", "type_mismatch", "第 2 行"),
        ("keep(reason) + 1", "type_mismatch", ""),
        ("keep(1, 2)", "wrong_argument_count", ""),
        ("kept(1)", "unknown_function", ""),
    ] {
        let faults = compile_as(text, Type::Number, &scripts).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), [code], "{text}");
        assert!(faults[0].message.zh.contains(line), "{text}: {}", faults[0].message.zh);
    }
}

#[test]
fn a_fault_of_a_script_stands_in_its_file() {
    for (text, want) in [
        ("fn f(x) { x + y }", &[("unknown_name", "y")][..]),
        ("fn f(x) { actual }", &[("unknown_name", "actual")]),
        ("fn f(x) { g(x) }", &[("unknown_function", "g")]),
        ("fn f(x) { f(x) }", &[("unsupported_construct", "f")]),
        ("fn f(x) { g(x) } fn g(x) { f(x) }", &[("unsupported_construct", "g"), ("unsupported_construct", "f")]),
        ("let x = 1; fn f() { 2 }", &[("unsupported_construct", "let")]),
        ("fn min(a, b) { a }", &[("duplicate_function", "{")]),
        ("fn push(a, b) { a }", &[("duplicate_function", "{")]),
        ("fn f(a) { 1 } fn f(b) { 2 }", &[("duplicate_function", "fn")]),
        ("fn heng_truth(a) { true }", &[("unsupported_construct", "{")]),
        ("fn f(a, b, c, d, e, g, h, i, j) { 1 }", &[("formula_too_large", "{")]),
        ("fn f(x) { \"a\" + 1 }", &[("type_mismatch", "\"a\"")]),
        ("fn f(x) { if x > 1 { return 1 } \"a\" }", &[("type_mismatch", "fn f(x) { if x > 1 { return 1 } \"a\" }")]),
        ("// 说明\r\nfn f(x) {\r\n  x + 缺\r\n}", &[("unknown_name", "缺")]),
        ("fn f(x { 1 }", &[("formula_syntax", "{")]),
        ("", &[("formula_syntax", "")]),
    ] {
        let faults = scripts(text).expect_err(text);
        let mark = |fault: &Fault| text.chars().skip(fault.offset).take(fault.length).collect::<String>();
        let got: Vec<(&str, String)> = faults.iter().map(|(_, fault)| (fault.code, mark(fault))).collect();
        let want: Vec<(&str, String)> = want.iter().map(|(code, at)| (*code, (*at).to_owned())).collect();
        assert_eq!(got, want, "{text}");
    }
}
