//! Why a verdict is what it is, in one sentence.

use super::super::kind::Kind;
use crate::diagnostic::Bilingual;

/// What the actual's number was found to be against the target's.
pub(super) fn met(actual: &str, target: &str) -> Bilingual {
    compared(["完成值 ", " 达到指标值 "], ["actual ", " meets target "], actual, target)
}

pub(super) fn exceeded(actual: &str, target: &str) -> Bilingual {
    compared(["完成值 ", " 超过指标值 "], ["actual ", " exceeds target "], actual, target)
}

pub(super) fn not_met(actual: &str, target: &str) -> Bilingual {
    compared(["完成值 ", " 未达到指标值 "], ["actual ", " does not meet target "], actual, target)
}

/// The three sentences that nearly every row of numbers ends with; joined, not formatted.
fn compared(zh: [&str; 2], en: [&str; 2], actual: &str, target: &str) -> Bilingual {
    let sentence = |[before, between]: [&str; 2]| [before, actual, between, target].concat();
    Bilingual::new(sentence(zh), sentence(en))
}

pub(super) fn straddles(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值 {actual} 跨在指标值 {target} 两侧，无法断定是否达到"),
        format!("actual {actual} lies on both sides of target {target}: it proves neither"),
    )
}

pub(super) fn direction_unknown(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值 {actual} 与指标值 {target} 不等，看不出越高越好还是越低越好，请写明 ≥ 或 ≤"),
        format!("actual {actual} differs from target {target} and nothing tells which side is good: write ≥ or ≤"),
    )
}

pub(super) fn more_unclear(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值 {actual} 高于指标值 {target}，但看不出金额越高是否越好，请写明 ≥ 或 ≤"),
        format!("actual {actual} is above target {target}, but nothing tells whether more money is better"),
    )
}

pub(super) fn above_standard(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值 {actual} 高于标准 {target}，是否合规需人工判断"),
        format!("actual {actual} is above the standard {target}: a person must tell whether that is right"),
    )
}

pub(super) fn units_refused(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("“{actual}”与“{target}”单位不同，无法比较"),
        format!("`{actual}` and `{target}` have units that do not compare"),
    )
}

pub(super) fn factor_slip(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值 {actual} 与指标值 {target} 相差约一万倍，疑似 元 与 万元 混用"),
        format!("actual {actual} and target {target} are about a factor of 10,000 apart: 元 and 万元 mixed up?"),
    )
}

pub(super) fn scale_dropped(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值没写单位，按指标值的单位读是 {actual}，远大于指标值 {target}，请写明单位"),
        format!("the actual has no unit; in the target's it is {actual}, far above target {target}: write the unit"),
    )
}

pub(super) fn unit_dropped(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值没写单位，按指标值的单位读是 {actual}，远小于指标值 {target}，请写明单位"),
        format!("the actual has no unit; in the target's it is {actual}, far below target {target}: write the unit"),
    )
}

pub(super) fn share_or_one(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值只写了 1，可能是 {actual}，也可能是电子表格里的 100%，与 {target} 比较无法断定，请写明百分号"),
        format!("the actual is a bare 1: {actual}, or a spreadsheet's 100%; against {target} it proves neither"),
    )
}

pub(super) fn date_untold() -> Bilingual {
    Bilingual::new(
        "一边是每月的某日，一边不是，无法断定先后",
        "one of the two is a day of every month and the other is not: nothing tells which comes first",
    )
}

pub(super) fn only_begun(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值“{actual}”说的是开工、启动等，不是完成，需人工判断"),
        format!("the actual (`{actual}`) tells of a beginning, not of completion: a person judges"),
    )
}

pub(super) fn share_unproved(actual: &str, target: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值“{actual}”没写百分号，可能是小数也可能是百分数，与 {target} 比较会得出不同结论"),
        format!(
            "`{actual}` has no percent sign: as a fraction and as a percentage it compares differently with {target}"
        ),
    )
}

pub(super) fn several_numbers() -> Bilingual {
    Bilingual::new(
        "完成值里有几个数，无法断定哪一个对应指标值",
        "the actual gives several numbers and nothing tells which one answers the target",
    )
}

pub(super) fn several_targets() -> Bilingual {
    Bilingual::new(
        "指标值里有几个数，完成值不能逐一对应",
        "the target gives several numbers and the actual does not answer them one by one",
    )
}

pub(super) fn adverse(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("数字已达到指标值，但完成值里另有“{actual}”，需人工判断"),
        format!("the number meets the target, but the actual also says `{actual}`: a person judges"),
    )
}

pub(super) fn another_thing(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("数字已达到指标值，但完成值“{actual}”说的似乎是另一件事，需人工判断"),
        format!(
            "the number meets the target, but the actual (`{actual}`) seems to name another thing: a person judges"
        ),
    )
}

pub(super) fn other_grade(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("数字已达到指标值，但完成值“{actual}”说的等级不同，需人工判断"),
        format!("the number meets the target, but the actual (`{actual}`) speaks of another grade: a person judges"),
    )
}

pub(super) fn share_of_target(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值“{actual}”说的是完成了目标的多少，与指标值不是一个数，需人工判断"),
        format!("the actual (`{actual}`) is a share of the target, another number than the target's: a person judges"),
    )
}

pub(super) fn change_of_it(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("完成值“{actual}”说的是变化了多少，与指标值不是一个数，需人工判断"),
        format!("the actual (`{actual}`) is a change, another number than the target's: a person judges"),
    )
}

pub(super) fn only_planned() -> Bilingual {
    Bilingual::new(
        "完成值里的数是计划数或其中一部分，不是完成数",
        "the actual's numbers are planned ones or parts, not what was done",
    )
}

pub(super) fn words_for_number(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("指标值是数字，完成值以文字“{actual}”作答，需人工判断"),
        format!("the target is a number and the actual answers in words (`{actual}`): a person judges"),
    )
}

pub(super) fn words_for_date(actual: &str) -> Bilingual {
    Bilingual::new(
        format!("指标值是日期，完成值以文字“{actual}”作答，需人工判断"),
        format!("the target is a date and the actual answers in words (`{actual}`): a person judges"),
    )
}

pub(super) fn number_for_words() -> Bilingual {
    Bilingual::new(
        "指标值是文字，完成值以数字作答，需人工判断",
        "the target is in words and the actual is a number: a person judges",
    )
}

pub(super) fn date_for_words() -> Bilingual {
    Bilingual::new(
        "指标值是文字，完成值以日期作答，需人工判断",
        "the target is in words and the actual is a date: a person judges",
    )
}

pub(super) fn words_for_words(same: bool) -> Bilingual {
    if same {
        Bilingual::new(
            "完成值照抄了指标值的文字，文字不能证明完成，需人工判断",
            "the actual repeats the target's words; words prove nothing: a person judges",
        )
    } else {
        Bilingual::new("指标值和完成值都是文字，需人工判断", "target and actual are in words: a person judges")
    }
}

pub(super) fn kinds_differ(target: Kind, actual: Kind) -> Bilingual {
    let (target_zh, target_en) = named(target);
    let (actual_zh, actual_en) = named(actual);
    Bilingual::new(
        format!("指标值是{target_zh}，完成值是{actual_zh}，无法比较"),
        format!("the target is {target_en} and the actual {actual_en}: they do not compare"),
    )
}

/// Nothing to compare: one side is blank, not applicable or unreadable.
pub(super) fn nothing_to_compare(side_zh: &str, side_en: &str, kind: Kind) -> Bilingual {
    let (zh, en) = named(kind);
    Bilingual::new(format!("{side_zh}{zh}"), format!("the {side_en} is {en}"))
}

fn named(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Number => ("数字", "a number"),
        Kind::Range => ("区间", "a range"),
        Kind::Date => ("日期", "a date"),
        Kind::Statement => ("文字", "in words"),
        Kind::NotApplicable => ("不适用", "not applicable"),
        Kind::Blank => ("空白", "blank"),
        Kind::Unreadable => ("无法识读", "unreadable"),
    }
}

pub(super) fn year_untold() -> Bilingual {
    Bilingual::new("日期没写年份，无法断定先后", "a date without its year: nothing tells which comes first")
}

pub(super) fn several_dates() -> Bilingual {
    Bilingual::new(
        "完成值里有几个日期，无法断定哪一个是完成日期",
        "the actual gives several dates and nothing tells which one is the completion",
    )
}

pub(super) fn too_large() -> Bilingual {
    Bilingual::new("数字过大，无法精确比较", "the numbers are too large to compare exactly")
}
