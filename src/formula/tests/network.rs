use proptest::prelude::*;

use super::oracle::{boolean, oracle_scripts};
use super::*;

/// What a row may have in place of the sample row's own values.
const ODD: [(usize, &str); 9] = [
    (1, "absent"),
    (1, "1/3"),
    (2, "0"),
    (3, "-7"),
    (5, "false"),
    (5, "absent"),
    (6, "absent"),
    (6, "\"\""),
    (8, "9223372036854775807"),
];

fn conditions(texts: &[String]) -> Vec<Formula> {
    texts.iter().filter_map(|text| compile_as(text, Type::Boolean, &oracle_scripts()).ok()).collect()
}

/// The sample row, with some of the odd values by their bits.
fn row(odd: u16) -> Vec<Value> {
    let mut row = values();
    for (bit, (slot, text)) in ODD.iter().enumerate() {
        if odd >> bit & 1 == 1 {
            row[*slot] = value(text);
        }
    }
    row
}

/// The places of the conditions that hold, by the network and, where it leaves that open, nothing.
fn together(network: &Network, session: &mut Session<'_>, own: &[Value]) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    let settled = session.holding(Frame::from(own), &mut found) == Outlook::Settled;
    assert!(settled || found.is_empty(), "{network:?} tells what it does not know");
    settled.then_some(found)
}

fn one_by_one(conditions: &[Formula], row: &[Value], but: &[usize]) -> Vec<usize> {
    let holds = |at: &usize| !but.contains(at) && conditions[*at].holds(row).unwrap_or(false);
    (0..conditions.len()).filter(holds).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Wherever the names of the form end, and whatever else stands in the network.
    #[test]
    fn a_network_answers_what_each_of_its_conditions_answers(
        texts in prop::collection::vec(boolean(3), 1..80),
        of_form in 0..=NAMES.len(),
        form in any::<u16>(),
        things in prop::collection::vec(any::<u16>(), 1..4),
    ) {
        let conditions = conditions(&texts);
        let network = Network::of(&conditions.iter().collect::<Vec<_>>(), of_form);
        let form = row(form);
        let mut session = network.session(Frame::from(&form[..of_form]));
        for thing in things {
            let row = [&form[..of_form], &row(thing)[of_form..]].concat();
            let found = together(&network, &mut session, &row[of_form..]);
            if let Some(found) = found {
                let wanted = one_by_one(&conditions, &row, network.others());
                prop_assert_eq!(found, wanted, "{:?} {:?}", texts, row);
            }
        }
    }
}

#[test]
fn what_could_use_up_its_budget_is_left_open() {
    let conditions = conditions(&[
        "contains_any(reason, words) && actual > 0".to_owned(),
        "actual * actual > target".to_owned(),
        "late".to_owned(),
    ]);
    let network = Network::of(&conditions.iter().collect::<Vec<_>>(), 1);
    let with = |slot: usize, odd: Value| {
        let mut row = values();
        row[slot] = odd;
        row
    };
    let long = || Value::Text("无".repeat(1_000_000).into());
    let wide = Value::Number(Exact::parse("7").unwrap().pow(200).unwrap());
    for (row, settled) in [
        (values(), true),
        (with(6, Value::Text("疫情".repeat(10_000).into())), true),
        (with(6, long()), false),
        (with(1, wide), false),
        // What no condition asks for may be as it likes.
        (with(0, long()), true),
    ] {
        let mut session = network.session(Frame::from(&row[..1]));
        let found = together(&network, &mut session, &row[1..]);
        let wanted = one_by_one(&conditions, &row, network.others());
        assert_eq!(found, settled.then_some(wanted));
    }
}

#[test]
fn loops_and_calls_that_double_stay_outside() {
    let text: String = (1..6)
        .map(|index| format!("fn f{index}(x) {{ {} }}\n", format!("f{}(x) + ", index - 1).repeat(20) + "0"))
        .collect();
    let scripts = scripts(&format!("fn f0(x) {{ x + 1 }}\n{text}")).unwrap();
    let texts = ["f5(actual) > 0", "late", "let n = 0; while n < 3 { n += 1 } n == 3"];
    let conditions = texts.map(|text| compile_as(text, Type::Boolean, &scripts).unwrap());
    let network = Network::of(&conditions.iter().collect::<Vec<_>>(), 0);
    assert_eq!(network.others(), [0, 2]);
    let row = values();
    assert_eq!(together(&network, &mut network.session(Frame::default()), &row), Some(vec![1]));
}

#[test]
fn a_fault_that_nobody_comes_to_is_none() {
    let texts = [
        "late || 1/zero > 0",
        "1/zero > 0 || late",
        "!late && 1/zero > 0",
        "1/zero > 0 && !late",
        "{ let x = 1/zero; late }",
        "if late { true } else { 1/zero > 0 }",
        "has(blank_number ?? 1/zero)",
    ];
    let conditions = conditions(&texts.map(str::to_owned));
    assert_eq!(conditions.len(), texts.len());
    for of_form in [0, NAMES.len()] {
        let network = Network::of(&conditions.iter().collect::<Vec<_>>(), of_form);
        let row = values();
        let mut session = network.session(Frame::from(&row[..of_form]));
        assert_eq!(together(&network, &mut session, &row[of_form..]), Some(vec![0, 5]));
    }
}
