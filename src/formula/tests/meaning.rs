use super::*;

#[test]
fn formulas_give_their_exact_value_compiled_and_interpreted() {
    for (text, want) in [
        ("1/2", "0.5"),
        ("0.1 + 0.2", "0.3"),
        ("0.1 + 0.2 == 0.3", "true"),
        ("3 * 0.325 / 3", "0.325"),
        ("3 * (0.325 / 3)", "0.325"),
        ("2 / 3 * 3 == 2", "true"),
        ("-7 % 3", "-1"),
        ("7 % -3", "1"),
        ("7.5 % 2", "1.5"),
        ("2 ** 10", "1024"),
        ("2 ** -2", "0.25"),
        ("-2 ** 2", "4"),
        ("0 ** 0", "1"),
        ("- -5", "5"),
        ("-(-5) + +5", "10"),
        ("5. + 1_000.5", "1005.5"),
        ("99999999999999999999 - 99999999999999999998", "1"),
        ("9223372036854775807 + 1", "9223372036854775808"),
        ("-9223372036854775808 - 1", "-9223372036854775809"),
        ("0.1234567890123456789012345678901234567 * 10", "1.234567890123456789012345678901234567"),
        ("round_half_up(-0.5)", "-1"),
        ("round_half_up(2.345, 2)", "2.35"),
        ("round_half_up(1/3, 2)", "0.33"),
        ("floor(-2.5) + ceil(-2.5)", "-5"),
        ("min(3, 1, 2) + max(1, 2, 3, 4, 5, 6, 7, 8)", "9"),
        ("clamp(5, 0, 1) + clamp(-5, 0, 1)", "1"),
        ("达标率 * 2", "1"),
        ("let rate = actual / target; points_possible * min(rate, 1)", "734.08/95"),
        ("if actual > 100 { return 1 } points_possible", "8"),
        ("if late { 1 } else if actual > 90 { 2 } else { 3 }", "1"),
        ("let x = { let y = 2; y * y }; x + 1", "5"),
        ("if !late { 1 }", "absent"),
        ("late == true", "true"),
        ("late != (actual > 90)", "false"),
        ("\"abc\" == \"abc\" && \"a\" != \"b\"", "true"),
        ("\"a\\\"b\\\\c\\n\" == \"a\\\"b\\\\c\\n\"", "true"),
        ("if late { \"迟\" } else { \"准时\" }", "\"迟\""),
    ] {
        let formula = compile(text);
        assert_eq!(formula.evaluate(&values()), Ok(value(want)), "{text}");
        assert_eq!(formula.interpret(&values()), Ok(value(want)), "{text} interpreted");
        assert!(formula.is_compiled(), "{text}");
    }
}

#[test]
fn absent_is_neither_zero_nor_true() {
    for (text, want) in [
        ("blank_number + 1", "absent"),
        ("0 * blank_number", "absent"),
        ("-blank_number", "absent"),
        ("min(blank_number, 1)", "absent"),
        ("blank_number / 0", "absent"),
        ("blank_number == blank_number", "absent"),
        ("blank_number != 0", "absent"),
        ("!(blank_number > 1)", "absent"),
        ("blank_number > 1 || true", "true"),
        ("blank_number > 1 && true", "false"),
        ("blank_number > 1 || blank_number < 1", "false"),
        ("if blank_number > 1 { 1 } else { 2 }", "2"),
        ("if !(blank_number > 1) { 1 } else { 2 }", "2"),
        ("blank_number ?? 3", "3"),
        ("blank_number ?? () ?? zero", "0"),
        ("has(blank_number)", "false"),
        ("has(zero)", "true"),
        ("has(())", "false"),
        ("blank(())", "true"),
        ("blank(\" \u{3000}\\t\")", "true"),
        ("blank(\"\")", "true"),
        ("blank(\"无\")", "false"),
        ("contains((), \"a\")", "absent"),
    ] {
        let formula = compile(text);
        assert_eq!(formula.evaluate(&values()), Ok(value(want)), "{text}");
        assert_eq!(formula.interpret(&values()), Ok(value(want)), "{text} interpreted");
    }
    let formula = compile("actual + target");
    assert_eq!(formula.evaluate(&[]), Ok(Value::Absent), "a slot that is not there is absent");
}

#[test]
fn a_table_gives_the_number_of_the_interval_that_holds_the_argument() {
    for (text, want) in [
        ("lookup(grades, 0)", "0"),
        ("lookup(grades, 59.999)", "0"),
        ("lookup(grades, 60)", "0.8"),
        ("lookup(grades, actual)", "1"),
        ("lookup(grades, 100)", "1"),
        ("lookup(grades, 100.001)", "absent"),
        ("lookup(grades, -1)", "absent"),
        ("lookup(grades, blank_number)", "absent"),
        ("points_possible * lookup(grades, clamp(actual * 2, 0, 100))", "8"),
        ("let t = grades; lookup(t, 70)", "0.8"),
        ("lookup(if late { grades } else { grades }, 70)", "0.8"),
    ] {
        let formula = compile(text);
        assert_eq!(formula.evaluate(&values()), Ok(value(want)), "{text}");
        assert_eq!(formula.interpret(&values()), Ok(value(want)), "{text} interpreted");
        assert!(formula.is_compiled(), "{text}");
    }
    let looped = compile("let n = 0; for i in 0..=100 { n += lookup(grades, i) } n");
    assert_eq!(looped.evaluate(&values()), Ok(value("35")));
    assert_eq!(Table::new("空", Vec::new()).row_of(&Exact::ZERO), None);
}

#[test]
fn texts_are_compared_by_what_they_say() {
    for (text, want) in [
        ("length(\"绩效👍\")", "3"),
        ("contains(reason, \"疫情\")", "true"),
        ("\"疫情\" in reason", "true"),
        ("\"疫情\" in words", "true"),
        ("\"疫\" in words", "false"),
        ("\"洪水\" !in reason", "true"),
        ("contains_any(reason, words)", "true"),
        ("equals_any(reason, words)", "false"),
        ("equals_any(\"疫情\", words)", "true"),
        ("starts_with(reason, \"受\") && ends_with(reason, \"延期\")", "true"),
        ("same_text(\"按 计划，完成。\", \"按计划完成\")", "true"),
        ("same_text(\"９５％\", \"95%\")", "true"),
        ("same_text(\"95\", \"95%\")", "false"),
        ("same_text(\"\", \"。\")", "true"),
        ("similarity(\"\", \"\")", "1"),
        ("similarity(\"好\", \"好\")", "1"),
        ("similarity(\"好\", \"差\")", "0"),
        ("similarity(\"好\", \"很好\")", "0"),
        ("similarity(\"完成培训\", \"完成培训\")", "1"),
        ("similarity(\"完成培训\", \"培训完成\")", "2/3"),
        ("similarity(\"aaaa\", \"aa\")", "0.5"),
        ("copied_share(\"完成年度培训\", \"本年完成年度培训任务\")", "1"),
        ("copied_share(\"完成年度培训十场\", \"本年完成年度培训任务\")", "0.6"),
        ("copied_share(\"完成\", \"已完成\")", "1"),
        ("copied_share(\"完成\", \"未成\")", "0"),
        ("copied_share(\"\", \"任意\")", "0"),
    ] {
        let formula = compile(text);
        assert_eq!(formula.evaluate(&values()), Ok(value(want)), "{text}");
        assert_eq!(formula.interpret(&values()), Ok(value(want)), "{text} interpreted");
        assert!(formula.is_compiled(), "{text}");
    }
}

#[test]
fn loops_and_lists_run_in_the_interpreter_with_the_same_numbers() {
    for (text, want) in [
        ("let s = 0; for i in 1..=10 { s += i / 2 } s", "27.5"),
        ("let s = 0; for i in 0..3 { s = s + i } s", "3"),
        ("let n = 0; for word in words { n += length(word) } n", "7"),
        ("let n = 0; while n < 5 { n += 0.5; if n == 3 { break } } n", "3"),
        ("let n = 0; do { n += 1 } until n >= 4; n", "4"),
        ("let n = 0; loop { n += 1; if n % 2 == 0 { continue } if n > 6 { break } } n", "7"),
        ("let list = [1, 1/2, 3]; list[1] = list[1] + 1; list[0] + list[1]", "2.5"),
        ("let list = []; push(list, 2); push(list, 3); length(list) * list[1]", "6"),
        ("let x = 7; x /= 2; x", "3.5"),
        ("let x; if late { x = 1.5 } x", "1.5"),
        ("let x = blank_number; let n = 0; while x > 1 { n += 1 } n", "0"),
    ] {
        let formula = compile(text);
        assert_eq!(formula.evaluate(&values()), Ok(value(want)), "{text}");
        assert!(!formula.is_compiled(), "{text}");
    }
}

#[test]
fn what_has_no_value_says_why() {
    use EvalError::*;
    let exponent = "an exponent is an integer within ±10000";
    for (text, want) in [
        ("1 / zero", DivisionByZero),
        ("1 % zero", DivisionByZero),
        ("0 ** -1", DivisionByZero),
        ("9 ** 9999", TooLarge),
        ("2 ** 0.5", BadArgument { function: "**", reason: exponent }),
        ("2 ** 99999999999999999999", BadArgument { function: "**", reason: exponent }),
        ("clamp(1, 3, 2)", BadArgument { function: "clamp", reason: "low exceeds high" }),
        (
            "round_half_up(1, 29)",
            BadArgument { function: "round_half_up", reason: "places is an integer from 0 to 28" },
        ),
        (
            "round_half_up(1, -1)",
            BadArgument { function: "round_half_up", reason: "places is an integer from 0 to 28" },
        ),
        (
            "let s = 0; for i in 0..1.5 { s += 1 } s",
            BadArgument { function: "..", reason: "the bounds of a range are integers" },
        ),
        ("[1, 2][2]", NoSuchElement),
        ("[\"a\"][0] + 1", WrongType { place: "+" }),
        ("if late { [true][0] } else { [1][0] }", WrongType { place: "=" }),
    ] {
        let formula = compile(text);
        assert_eq!(formula.evaluate(&values()), Err(want.clone()), "{text}");
        assert_eq!(formula.interpret(&values()), Err(want.clone()), "{text} interpreted");
        assert!(!want.message().zh.is_empty());
    }
    assert_eq!(compile("if false { 1 / 0 } else { 2 }").evaluate(&values()), Ok(number("2")));
}

#[test]
fn a_formula_tells_what_it_uses() {
    let formula = compile("let rate = actual / target; min(abs(rate), points_possible)");
    assert_eq!(formula.names_used().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(formula.functions_used().collect::<Vec<_>>(), ["abs", "min"]);
    assert_eq!(formula.result_type(), Type::Number);
}

#[test]
fn every_function_is_documented_in_both_languages() {
    for function in functions() {
        assert!(!function.doc.zh.is_empty() && !function.doc.en.is_empty(), "{}", function.name);
        assert!(function.signature.starts_with(function.name), "{}", function.signature);
    }
    let signature = |name: &str| functions().iter().find(|f| f.name == name).map(|f| f.signature.clone());
    assert_eq!(signature("round_half_up").as_deref(), Some("round_half_up(x, places?) → number"));
    assert_eq!(signature("min").as_deref(), Some("min(a, b, …) → number"));
}
