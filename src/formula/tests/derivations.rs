use super::*;

/// Percentages print with their sign, points plain, as the form has them.
fn explain(text: &str, scripts: &Scripts) -> String {
    let print = |slot: usize, value: &Value| matches!(slot, 1 | 2).then(|| format!("{value}%"));
    let formula = compile_with(text, scripts);
    let (value, derivation) = formula.explain(&values(), &print).unwrap();
    assert_eq!(Ok(value), formula.evaluate(&values()), "{text}");
    derivation
}

#[test]
fn names_stand_as_the_form_prints_them() {
    for (text, want) in [
        ("points_possible * min(actual / target, 1)", "8 × 91.76% ÷ 95%"),
        ("points_possible * (actual / target)", "8 × 91.76% ÷ 95%"),
        ("points_possible / (actual / target)", "8 ÷ (91.76% ÷ 95%)"),
        ("points_possible / (actual * target)", "8 ÷ (91.76% × 95%)"),
        ("points_possible + (actual - target)", "8 + 91.76% − 95%"),
        ("points_possible - (actual - target)", "8 − (91.76% − 95%)"),
        ("(points_possible - actual) - target", "8 − 91.76% − 95%"),
        ("(points_possible + actual) * target", "(8 + 91.76%) × 95%"),
        ("points_possible * -3", "8 × (-3)"),
        ("-3 * points_possible", "-3 × 8"),
        ("-(actual + target)", "-(91.76% + 95%)"),
        ("points_possible * (actual % 3)", "8 × (91.76% mod 3)"),
        ("(points_possible + 1) ** 2", "(8 + 1) ^ 2"),
        ("points_possible ** 2 ** 2", "8 ^ (2 ^ 2)"),
        ("actual >= target", "91.76% ≥ 95%"),
        ("blank_number + 1", "— + 1"),
        ("1/3 * points_possible", "1 ÷ 3 × 8"),
        ("contains(reason, \"疫情\")", "contains(「受疫情影响，活动延期」, 「疫情」)"),
    ] {
        assert_eq!(explain(text, &Scripts::none()), want, "{text}");
    }
}

#[test]
fn a_choice_shows_what_was_chosen() {
    for (text, want) in [
        ("min(target / actual, 1)", "min(95% ÷ 91.76%, 1)"),
        ("min(1, actual / target)", "91.76% ÷ 95%"),
        ("min(zero + 1, 1)", "0 + 1"),
        ("min(1, zero + 1)", "0 + 1"),
        ("max(0, points_possible - 2 * 3)", "8 − 2 × 3"),
        ("max(0, points_possible - 20)", "max(0, 8 − 20)"),
        ("min(points_possible, actual)", "8"),
        ("min(points_possible, 2 * 3)", "min(8, 2 × 3)"),
        ("clamp(actual / target, 0, 1)", "91.76% ÷ 95%"),
        ("clamp(target / actual, 0, 1)", "clamp(95% ÷ 91.76%, 0, 1)"),
        ("clamp(actual, 0, points_possible)", "8"),
        ("min(blank_number, 1)", "min(—, 1)"),
        ("if actual < target { points_possible - 1 } else { 0 }", "8 − 1"),
        ("points_possible * if late { 1/2 } else { 1 }", "8 × 1 ÷ 2"),
        ("blank_number ?? points_possible", "8"),
        ("late && actual > 90", "true && 91.76% > 90"),
        ("actual > 95 && late", "91.76% > 95"),
        ("actual > 95 || late", "true"),
        ("let rate = actual / target; points_possible * (1 - rate)", "8 × (1 − 91.76% ÷ 95%)"),
        ("points_possible * lookup(grades, actual)", "8 × 1〔满意度得分：91.76% ∈ [90, 100]〕"),
        ("min(points_possible, lookup(grades, actual - 20))", "0.8〔满意度得分：91.76% − 20 ∈ [60, 90)〕"),
        ("lookup(grades, actual * 2) ?? 5", "5"),
        ("has(lookup(grades, actual * 2))", "has(lookup(「满意度得分」, 91.76% × 2))"),
        ("round_half_up(actual / target, 2)", "round_half_up(91.76% ÷ 95%, 2)"),
    ] {
        assert_eq!(explain(text, &Scripts::none()), want, "{text}");
    }
}

#[test]
fn a_script_shows_the_expression_it_came_to() {
    let scripts = scripts(
        "fn half(x) { x / 2 }
         fn stepped(rate, points) {
             if rate >= 1 { return points; }
             let lost = half(1 - rate);
             points * (1 - lost)
         }
         fn total(n) { let s = 0; for i in 1..=n { s += i } s }",
    )
    .unwrap();
    for (text, want) in [
        ("stepped(actual / target, points_possible)", "8 × (1 − (1 − 91.76% ÷ 95%) ÷ 2)"),
        ("stepped(target / actual, points_possible)", "8"),
        ("half(half(points_possible))", "8 ÷ 2 ÷ 2"),
        ("total(points_possible) * half(4)", "total(8) × 4 ÷ 2"),
        ("let s = 0; for i in 0..3 { s += actual } s", "actual = 91.76%"),
    ] {
        assert_eq!(explain(text, &scripts), want, "{text}");
    }
}

#[test]
fn a_derivation_stays_short() {
    let doubling: String = (1..20).map(|index| format!("let a{index} = a{0} + a{0}; ", index - 1)).collect();
    let text = format!("let a0 = points_possible; {doubling} a19");
    let derivation = explain(&text, &Scripts::none());
    assert!(derivation.len() < 2_000, "{}", derivation.len());
}
