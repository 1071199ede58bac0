use super::*;

/// Runs on half the stack that server threads have.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(1024 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn a_bomb_ends_quickly_in_an_error() {
    for (text, want) in [
        ("while true { } 1", &[EvalError::TooMuchWork][..]),
        ("loop { } 1", &[EvalError::TooMuchWork]),
        ("for i in 0..9000000000000000000 { } 1", &[EvalError::TooMuchWork]),
        ("let s = [1]; loop { push(s, s) } 1", &[EvalError::TooLarge, EvalError::TooMuchWork]),
        ("let s = [1]; loop { s = [s, s] } 1", &[EvalError::TooLarge, EvalError::TooMuchWork]),
        ("let s = []; loop { push(s, 1) } 1", &[EvalError::TooLarge]),
        ("let x = 3; loop { x = x * x } x", &[EvalError::TooLarge]),
        (
            "let x = 3; let y = 1/7; loop { x = x * 3 / 2; y = x + y; if x > 10 ** 1100 { x = 1/3 } } x",
            &[EvalError::TooMuchWork, EvalError::TooLarge],
        ),
        (
            "let x = 7 ** 1400; let y = 11 ** 1100; loop { let z = x / y + y / x } 1",
            &[EvalError::TooMuchWork, EvalError::TooLarge],
        ),
        ("let n = 0; loop { n += similarity(reason, reason) } n", &[EvalError::TooMuchWork]),
        ("let n = 0; loop { if contains_any(reason, words) { n += 1 } } n", &[EvalError::TooMuchWork]),
    ] {
        let formula = compile(text);
        let mut values = values();
        values[6] = Value::Text("长文".repeat(10_000).into());
        values[7] = Value::Words(Arc::new(Words::new((0..500).map(|index| format!("词{index}")))));
        let error = formula.evaluate(&values).expect_err(text);
        assert!(want.contains(&error), "{text}: {error:?}");
    }
}

#[test]
fn calls_that_double_cannot_run_away() {
    let text: String = (1..6)
        .map(|index| format!("fn f{index}(x) {{ {} }}\n", format!("f{}(x) + ", index - 1).repeat(20) + "0"))
        .collect();
    let scripts = scripts(&format!("fn f0(x) {{ x + 1 }}\n{text}")).unwrap();
    let formula = compile_with("f5(actual)", &scripts);
    assert_eq!(formula.evaluate(&values()), Err(EvalError::TooMuchWork));
    assert!(formula.explain(&values(), &|_, _| None).is_err());
}

#[test]
fn size_and_nesting_are_bounded() {
    let sum = |count: usize| vec!["1"; count].join(" + ");
    let texts = [
        format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}1", "-".repeat(5_000)),
        format!("{}true", "!".repeat(5_000)),
        sum(3_000),
        format!("{} && {}", vec!["true"; 2_000].join(" && "), "(".repeat(3_000)),
        vec!["true"; 1_500].join(" && "),
        format!("{}1{}", "abs(".repeat(3_000), ")".repeat(3_000)),
        format!("{}1{}", "[".repeat(3_000), "]".repeat(3_000)),
        format!("{}1{}", "if true { ".repeat(1_000), " } else { 2 }".repeat(1_000)),
        "{".repeat(10_000),
        "let x = 1; ".repeat(1_000) + "x",
        format!("{}x{}", format!("{{ {}", "let x=1;".repeat(60)).repeat(30), "}".repeat(30)),
        format!("{}x{}", format!("if true {{ {}", "let x=1;".repeat(60)).repeat(15), "}".repeat(15)),
        format!("\"{}\"", "字".repeat(6_000)),
        "x".repeat(17_000),
        "1 ".repeat(8_000),
        format!("a.b{}", ".c".repeat(4_000)),
        format!("a{}", "[0]".repeat(4_000)),
        format!("1{}", " ?? 1".repeat(3_000)),
        "/*".repeat(8_000),
        "\u{202e}\u{0}\u{feff}".to_owned(),
    ];
    on_a_small_stack(move || {
        for text in texts {
            let result = compile_as(&text, Type::Number, &Scripts::none());
            let shown: String = text.chars().take(30).collect();
            if let Ok(formula) = result {
                assert_eq!(formula.evaluate(&[]), formula.interpret(&[]), "{shown}");
            }
        }
    });
}

#[test]
fn the_deepest_text_that_passes_runs_on_a_small_stack() {
    let nests: [fn(usize) -> String; 5] = [
        |depth| format!("{}x{}", "(1 + ".repeat(depth), ")".repeat(depth)),
        |depth| format!("{}x{}", "abs(".repeat(depth), ")".repeat(depth)),
        |depth| format!("x{}", " + 1".repeat(depth)),
        |depth| format!("{}x{}", "if true { ".repeat(depth), " } else { 2 }".repeat(depth)),
        |depth| format!("{}x{}", "{ let y = ".repeat(depth), "; y }".repeat(depth)),
    ];
    on_a_small_stack(move || {
        for nest in nests {
            let deepest =
                (1..100).take_while(|depth| scripts(&format!("fn f(x) {{ {} }}", nest(*depth))).is_ok()).last();
            let depth = deepest.unwrap() - 2;
            let mut text = format!("fn f0(x) {{ {} }}\n", nest(depth));
            for level in 1..6 {
                text.push_str(&format!(
                    "fn f{level}(x) {{ {} }}\n",
                    nest(depth).replace('x', &format!("f{}(x)", level - 1))
                ));
            }
            let deepest = (1..=6).rev().find_map(|levels| {
                let text: String = text.lines().take(levels).map(|line| format!("{line}\n")).collect();
                let scripts = scripts(&text).ok()?;
                compile_as(&format!("f{}(points_possible)", levels - 1), Type::Number, &scripts).ok()
            });
            let formula = deepest.unwrap();
            assert!(formula.evaluate(&values()).is_ok(), "{:?}", formula.evaluate(&values()));
            assert_eq!(formula.evaluate(&values()), formula.interpret(&values()));
            assert!(formula.explain(&values(), &|_, _| None).is_ok());
        }
    });
}
