//! What only some layouts have: columns of their own, rates of the sources, subtotals.

use super::{admitted, every_cell};
use crate::form::{Draft, SubtotalDraft};
use crate::wire::json::{Layout, message};
use crate::wire::{decode, digest, encode};

fn with_layout() -> Draft {
    let mut draft = every_cell();
    draft.indicators[1].attributes = [("度量单位".into(), " 人次".into()), ("佐证材料".into(), String::new())].into();
    draft.funds.sources[0].execution_rate_claimed = "99.50 %".into();
    draft.subtotals = vec![SubtotalDraft {
        dimension: "产出指标".into(),
        category: "数量指标".into(),
        points_possible: "20.0".into(),
        points_claimed: "—".into(),
    }];
    draft
}

#[test]
fn it_comes_back_from_the_bytes_cell_by_cell() {
    let bytes = digest::canonical(&admitted(with_layout()));
    let draft = decode::form_bytes(&bytes).unwrap();
    assert_eq!(draft, with_layout());
    assert_eq!(digest::canonical(&admitted(draft)), bytes);
}

#[test]
fn every_cell_of_it_is_part_of_what_makes_two_forms_the_same() {
    let of = |draft: Draft| digest::of_form(&digest::canonical(&admitted(draft)));
    assert_ne!(of(with_layout()), of(every_cell()));
    let changes: [fn(&mut Draft); 7] = [
        |d| drop(d.indicators[1].attributes.remove("佐证材料")),
        |d| drop(d.indicators[1].attributes.insert("度量单位".into(), "人次".into())),
        |d| d.funds.sources[0].execution_rate_claimed = "99.5%".into(),
        |d| d.subtotals[0].dimension.clear(),
        |d| d.subtotals[0].category.clear(),
        |d| d.subtotals[0].points_possible = "20".into(),
        |d| d.subtotals[0].points_claimed.clear(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut draft = with_layout();
        change(&mut draft);
        assert_ne!(of(draft), of(with_layout()), "change {number}");
    }
}

#[test]
fn the_json_of_a_form_is_read_back_by_a_form_file() {
    let form = admitted(with_layout());
    let json = message(&encode::form(&form), Layout::Line).unwrap();
    let node = crate::document::parse("form.json", &json, &crate::document::Limits::FORM).unwrap();
    let mut problems = Vec::new();
    let draft = Draft::from_node(&node, &mut problems);
    assert_eq!(problems, []);
    assert_eq!(draft, with_layout());
}
