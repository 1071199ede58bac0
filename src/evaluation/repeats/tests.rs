//! Repetitions, and that finding them stays linear.

use super::alike::{compared_in, first_alike};
use super::*;

/// The near duplicates of names that all stand in one dimension.
fn near(names: &[&str]) -> Vec<Option<usize>> {
    let names = Texts::folded(names.iter().copied());
    let dimensions: Vec<usize> = names.iter().map(|_| 0).collect();
    repeats_of_names(&names, &dimensions).into_iter().map(|row| row.near_duplicate_row).collect()
}

#[test]
fn names_are_alike_but_for_what_does_not_tell_them_apart() {
    for (one, other) in [
        ("培训班1期", "培训班2期"),
        ("第一季度完成率", "第二季度完成率"),
        ("群众满意度", "群众满意度（%）"),
        ("完成培训人数", "培训完成人数"),
        ("困难群众临时救助发放率", "困难群众临时救助金发放率"),
        ("困难群众临时救助金发放率", "困难群众临时救助发放率"),
        ("x困难群众临时救助发放率", "困难群众临时救助发放率"),
        ("困难群众临时救助发放率", "困难群众临时救助发放率x"),
    ] {
        assert_eq!(near(&[one, other]), [None, Some(1)], "{one} {other}");
    }
    for (one, other) in [
        ("培训场次", "培训人次"),
        ("培训合格率", "培训不合格率"),
        ("城东片区道路改造面积", "城西片区道路改造面积"),
        ("户数", "数户"),
        ("一", "二"),
        ("培训人数", "培训人数"),
        ("", ""),
    ] {
        assert_eq!(near(&[one, other]), [None, None], "{one} {other}");
    }
    assert_eq!(near(&["培训班1期", "培训班2期", "培训班3期", "培训班2期"]), [None, Some(1), Some(1), None]);
}

#[test]
fn the_same_name_is_found_within_its_dimension_and_in_others() {
    let names = Texts::folded(["甲甲", "乙乙", "甲甲", "甲 甲", "甲甲", "甲甲。"].into_iter());
    let found = repeats_of_names(&names, &[0, 0, 1, 0, 2, 1]);
    let within: Vec<_> = found.iter().map(|row| row.duplicate_row).collect();
    let across: Vec<_> = found.iter().map(|row| row.other_dimension_row).collect();
    assert_eq!(within, [None, None, None, Some(1), None, Some(3)]);
    assert_eq!(across, [None, None, Some(1), Some(3), Some(1), Some(1)]);
}

#[test]
fn texts_are_counted_wherever_they_stand() {
    let texts = Texts::folded(["甲", "", "乙。", "甲", "（乙）", "甲", "丙"].into_iter());
    assert_eq!(how_often(&texts), [Some(3), None, Some(2), Some(3), Some(2), Some(3), Some(1)]);
}

/// Every pair of rows compared, as the words of [`Echoes`] say it.
fn pair_by_pair(names: &Texts, dimensions: &[usize]) -> Vec<Echoes> {
    let skeleton = |row: usize| -> Vec<char> {
        let numeral = |c: char| c.is_numeric() || "零一二两三四五六七八九十百千万亿".contains(c);
        names.get(row).iter().copied().filter(|c| c.is_alphanumeric() && !numeral(*c)).collect()
    };
    let lacks_one = |long: &[char], short: &[char]| {
        (0..long.len()).any(|out| {
            let mut kept = long.to_vec();
            kept.remove(out);
            kept == short
        })
    };
    let alike = |one: usize, other: usize| {
        let (a, b) = (skeleton(one), skeleton(other));
        let sorted = |text: &[char]| {
            let mut text = text.to_vec();
            text.sort_unstable();
            text
        };
        let long = |text: &[char]| (8..=64).contains(&text.len());
        a.len() >= 2 && a == b
            || a.len() >= 4 && sorted(&a) == sorted(&b)
            || long(&a) && long(&b) && (lacks_one(&a, &b) || lacks_one(&b, &a))
    };
    let same = |one: usize, other: usize| !names.get(one).is_empty() && names.get(one) == names.get(other);
    let beside = |one: usize, other: usize| dimensions.get(one) == dimensions.get(other);
    let rows = 0..dimensions.len();
    rows.map(|row| {
        let first = |like: &dyn Fn(usize) -> bool| (0..row).find(|other| like(*other)).map(|other| other + 1);
        let duplicate_row = first(&|other| same(row, other) && beside(row, other));
        let near = first(&|other| alike(row, other) && beside(row, other));
        let near_duplicate_row = near.filter(|_| duplicate_row.is_none());
        let other_dimension_row = first(&|other| same(row, other) && !beside(row, other));
        Echoes { duplicate_row, near_duplicate_row, other_dimension_row, ..Echoes::default() }
    })
    .collect()
}

#[test]
fn what_is_looked_up_is_what_comparing_all_pairs_finds() {
    // A simple generator: names of few characters, so that they are alike in every way.
    let mut state = 1_u32;
    let mut next = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 16) % below
    };
    for round in 0..400 {
        let length = if round % 2 == 0 { 5 } else { 10 };
        let names: Vec<String> = (0..24)
            .map(|_| {
                let length = length - next(3);
                (0..length)
                    .map(|at| {
                        if next(12) == 0 {
                            '二'
                        } else if (at + next(5)) % 4 == 0 {
                            '甲'
                        } else {
                            '乙'
                        }
                    })
                    .collect()
            })
            .collect();
        let texts = Texts::folded(names.iter().map(String::as_str));
        let dimensions: Vec<usize> = names.iter().map(|_| usize::from(next(4) == 0)).collect();
        assert_eq!(
            repeats_of_names(&texts, &dimensions),
            pair_by_pair(&texts, &dimensions),
            "{names:?} {dimensions:?}"
        );
    }
}

#[test]
fn the_work_grows_with_the_rows_and_not_with_their_pairs() {
    for rows in [500, 2_000] {
        let name = |row: usize| -> String {
            (row % 2..64).map(|index| if ((row / 2) >> (index % 12)) & 1 == 1 { '甲' } else { '乙' }).collect()
        };
        let names: Vec<String> = (1..=rows).map(name).collect();
        let compared = compared_in(&Texts::folded(names.iter().map(String::as_str)), &vec![0; rows]);
        assert!((1..=rows * 64 * 66).contains(&compared), "{rows}: {compared}");
    }
    assert!(first_alike(&Texts::default(), &[]).is_empty());
}
