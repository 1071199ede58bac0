//! Formulas over money columns: amounts may be blank or negative, and a formula that minds that is proven.

use std::sync::Arc;

use heng::pack::PackFiles;

use super::small::{told, with};

/// The small pack with a money column, a money cell and an entry that scores by them under this condition.
fn by_money(guard: &str, formula: &str) -> Vec<PackFiles> {
    let mut packs = with("p/pack.yaml", "", "");
    let files = &mut packs[0].files;
    let mut edit = |path: &str, old: &str, new: &str| {
        let text = files[path].replacen(old, &format!("{new}{old}"), 1);
        files.insert(path.to_owned(), Arc::from(text));
    };
    edit(
        "structure.yaml",
        "fields:\n",
        "columns:\n  cost: {titles: [成本], type: money}\nattributes:\n  grant: {titles: [补助金额], type: money}\n",
    );
    edit(
        "methods.yaml",
        "  share:\n",
        &format!("  economy: {{title: 成本控制, formula: \"{formula}\", cite: {{source: s, basis: PRACTICE}}}}\n"),
    );
    edit(
        "scoring.yaml",
        "  none:\n",
        &format!("  economy: {{title: 成本控制, when: {{name: [成本], if: \"{guard}\"}}, method: economy}}\n"),
    );
    edit(
        "cases/a.yaml",
        "- case: 一行\n",
        "- case: 成本\n  form: {funds: {total: {budget_annual: \"1000\"}}, attributes: {补助金额: \"100\"}, indicators: {0: {name: 成本, attributes: {成本: \"90\"}}}}\n  want: {complete: \"true\"}\n",
    );
    packs
}

#[test]
fn formulas_over_money_are_proven_where_they_mind_the_sign() {
    let economy = "points_possible * clamp(1 - (cost - grant) / grant, 0, 1)";
    let share = "points_possible * min(cost / grant, 1)";
    let cases: &[(&str, &str, &[&str])] = &[
        ("has(cost) && has(grant) && grant > 0", economy, &[]),
        ("has(cost) && has(grant)", economy, &["undefined_at"]),
        ("cost >= 0 && grant > 0", share, &[]),
        ("has(cost) && grant > 0", share, &["score_out_of_range"]),
        (
            "cost > 0 && grant >= cost && budget_annual > 0",
            "points_possible * cost / grant * min(budget_annual / (budget_annual + cost), 1)",
            &[],
        ),
    ];
    for (guard, formula, want) in cases {
        let told = told(&by_money(guard, formula));
        let codes: Vec<&str> = told.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, *want, "{guard}: {formula}: {told:#?}");
    }
}
