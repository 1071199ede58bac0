//! Proving a book shares claims between packs; each pack proven by itself must give the same.

use std::sync::Arc;

use heng::pack::PackFiles;
use heng::proof::{Claim, Property, Verdict, prove, prove_book};
use heng::ruleset::RuleBook;

use super::{Dice, pack, packs, sound};

/// What a variant may change: nothing that a claim rests on but the slots of names, or something that it does.
const CHANGES: &[&[(&str, &str)]] = &[
    &[(
        "parameters.yaml",
        "parameters:\n  extra: {title: x, unit: n, values: [{since: 2020, value: 7, cite: {source: s, basis: PRACTICE}}]}\n",
    )],
    &[("structure.yaml", "columns:\n  evidence: {titles: [佐证], type: number}\n")],
    &[(
        "parameters.yaml",
        "parameters:\n  k1: {replaces: p, values: [{since: 2020, value: 5, cite: {source: s, basis: PRACTICE}}]}\n",
    )],
    &[(
        "parameters.yaml",
        "tables:\n  steps: {replaces: p, rows: {\"[0, 0.5)\": 2, \"[0.5, 1)\": 0.6, \"[1, 2]\": -1}}\n",
    )],
    &[("scoring.yaml", "scoring:\n  first: {title: f, when: {if: \"actual < 0.5\"}, outcome: UNSCORED}\n")],
    &[("scoring.yaml", "scoring:\n  e0: {replaces: p, when: {comparable: true}}\n")],
    &[("methods.yaml", "methods:\n  m1: {replaces: p, direction: lower_is_better}\n")],
    &[("methods.yaml", "methods:\n  m2: {replaces: p, formula: \"points_possible * stepped(actual, target)\"}\n")],
    &[("scripts/t.rhai", "fn other(a) { a }\n")],
    &[
        (
            "structure.yaml",
            "dimensions:\n  d: {replaces: p, points: 99990}\ntotals:\n  form: {replaces: p, points: 100000}\n",
        ),
        ("grades.yaml", "bands:\n  all: {replaces: p, points: \"[0, 100000]\"}\n"),
    ],
];

fn variant(dice: &mut Dice) -> PackFiles {
    let from = dice.pick(&["2020", "2021", "2023"]);
    let manifest = format!(
        "id: q\ntitle: q\nextends: p\napplies_to: {{fiscal_years: {{from: {from}, to: 2025}}, project_code_prefix: \"44\"}}\n"
    );
    let mut files = PackFiles { name: "q".to_owned(), ..PackFiles::default() };
    files.files.insert("pack.yaml".to_owned(), Arc::from(manifest));
    for (path, text) in CHANGES[dice.roll(CHANGES.len())] {
        files.files.insert((*path).to_owned(), Arc::from(*text));
    }
    files
}

/// Refuted by whatever input: where slots differ, another may be found first.
fn same(one: &Claim, other: &Claim) -> bool {
    let verdict = match (&one.verdict, &other.verdict) {
        (Verdict::Refuted(_), Verdict::Refuted(_)) => true,
        (one, other) => one == other,
    };
    verdict
        && one.property == other.property
        && (&one.rule, &one.entry, &one.place) == (&other.rule, &other.entry, &other.place)
}

#[test]
fn what_is_shared_is_what_each_pack_gives_by_itself() {
    let mut shared = 0;
    for seed in 1..=packs() / 4 {
        let mut dice = Dice(u64::wrapping_mul(seed, 0x9E37_79B9_7F4A_7C15) | 1);
        let folder = [pack(&mut dice), variant(&mut dice)];
        let Some(book) = RuleBook::compile(&folder).0 else { continue };
        let all = prove_book(&book, None);
        let mut alone = Vec::new();
        for rules in book.sets() {
            let own = prove(rules).claims;
            for claim in &own {
                let told = || format!("seed {seed}, {}: {claim:#?}\n{folder:#?}", rules.id);
                assert!(all.claims.iter().any(|other| same(claim, other)), "{}", told());
            }
            alone.extend(own);
        }
        for claim in &all.claims {
            assert!(alone.iter().any(|other| same(claim, other)), "seed {seed}: {claim:#?}\n{folder:#?}");
        }
        shared += alone.len() - all.claims.len();
    }
    assert!(shared > 20, "{shared} claims were the same in both packs");
}

/// How far points jump depends on how many there can be: the same method over a larger form is another matter.
#[test]
fn a_larger_form_is_other_ground() {
    let mut small = sound();
    let methods =
        small.files["methods.yaml"].replace("share_of(actual, target)", "clamp(actual / target * 50 - 49, 0, 1)");
    small.files.insert("methods.yaml".to_owned(), Arc::from(methods));
    let mut large = PackFiles { name: "q".to_owned(), ..PackFiles::default() };
    for (path, text) in [
        (
            "pack.yaml",
            "id: q\ntitle: q\nextends: p\napplies_to: {fiscal_years: {from: 2020}, project_code_prefix: \"44\"}\n",
        ),
        (
            "structure.yaml",
            "dimensions:\n  d: {replaces: p, points: 990}\ntotals:\n  form: {replaces: p, points: 1000}\n",
        ),
        ("grades.yaml", "bands:\n  all: {replaces: p, points: \"[0, 1000]\"}\n"),
    ] {
        large.files.insert(path.to_owned(), Arc::from(text));
    }
    let (book, problems) = RuleBook::compile(&[small, large]);
    let proofs = prove_book(&book.unwrap_or_else(|| panic!("{problems:#?}")), None);
    let jumps = proofs.claims.iter().filter(|claim| claim.property == Property::NoJump);
    let verdicts: Vec<bool> = jumps.map(|claim| claim.verdict == Verdict::Proven).collect();
    assert_eq!(verdicts, [true, false], "{proofs:#?}");
}
