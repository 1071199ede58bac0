//! The forms that are measured: twenty printed rows with the numbers they stand for, once and ten times.

use heng::document::{self, Limits};
use heng::form::{Draft, Form};
use heng::pack::PackFiles;
use heng::wire::encode;
use heng::wire::pb::v1 as pb;
use rust_decimal::Decimal;

/// The rule pack that scores them.
pub const PACK: &str = "mof-2020";

/// Printed target and actual, the numbers they stand for, and the points.
pub const ROWS: [(&str, &str, &str, &str, &str); 20] = [
    ("≥50个", "50", "50", "50", "8"),
    ("≥95%", "91.76%", "95", "91.76", "8"),
    ("大型活动不少于1场，其他各类推广活动按工作计划开展", "1场（第五届中国国际进口博览会）", "1", "1", "9"),
    ("6个，保质保量完成全年企业服务工作", "超过6个", "6", "6", "9"),
    ("执行率95%以上", "91.76%", "95", "91.76", "8"),
    ("满意度100%", "100%", "100", "100", "5"),
    ("2.6亿元", "24500万元", "26000", "24500", "6"),
    ("1.2万亩", "1.2万亩", "12000", "12000", "10"),
    ("不少于12种", "14种", "12", "14", "1"),
    ("98%以上", "100%", "98", "100", "10"),
    (">=530元/人*月", "530元/人*月", "530", "530", "10"),
    ("863人", "683人", "863", "683", "2"),
    ("一百二十人", "壹佰贰拾人", "120", "120", "5"),
    ("≥11.376万元", "12万元", "11.376", "12", "20"),
    ("100%", "98.79%", "100", "98.79", "5"),
    ("20000", "23333.56", "20000", "23333.56", "10"),
    ("≧735人次", "735人次", "735", "735", "10"),
    ("60%及以上", "53.53%", "60", "53.53", "10"),
    ("500只", "500只", "500", "500", "5"),
    ("≥1000人", "1050人", "1000", "1050", "10"),
];

/// What a scorer is given that does not read.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    pub target: Decimal,
    pub actual: Decimal,
    pub points: Decimal,
}

/// The numbers of a form of so many rows.
pub fn numbers(rows: usize) -> Vec<Numbers> {
    let parsed = |text: &str| text.parse().expect("a decimal");
    let row = |(_, _, target, actual, points): &(&str, &str, &str, &str, &str)| Numbers {
        target: parsed(target),
        actual: parsed(actual),
        points: parsed(points),
    };
    ROWS.iter().cycle().take(rows).map(row).collect()
}

/// The same rows as a form, nothing but rows: what the scorers that do not read have, too.
pub fn bare(rows: usize) -> Form {
    Form::admit(bare_draft(rows)).expect("a form")
}

pub fn bare_draft(rows: usize) -> Draft {
    let header = "project_name: 项目\nfiscal_year: 2022\nimplementing_unit: 单位\n";
    draft(&format!("{header}indicators:\n{}", lines(rows)))
}

/// The same rows below the header, the funds and the goals of a form of the pack.
pub fn whole(national: &PackFiles, rows: usize) -> Form {
    let mut whole = draft(&national.files["blank.yaml"]);
    whole.indicators = draft(&format!("indicators:\n{}", lines(rows))).indicators;
    Form::admit(whole).expect("a form")
}

/// A request to score the form, as it is sent.
pub fn request(form: &Form, validate_only: bool) -> pb::EvaluateFormRequest {
    pb::EvaluateFormRequest { form: Some(encode::form(form)), validate_only, ..pb::EvaluateFormRequest::default() }
}

fn lines(rows: usize) -> String {
    let row = |(number, (target, actual, _, _, points)): (usize, &(&str, &str, &str, &str, &str))| {
        format!(
            "  - {{dimension: 产出指标, category: 数量指标, name: 完成数量（第{number}标段）, target: \"{target}\", \
             actual: \"{actual}\", points_possible: \"{points}\", points_claimed: \"1\"}}\n"
        )
    };
    ROWS.iter().cycle().take(rows).enumerate().map(row).collect()
}

pub fn draft(text: &str) -> Draft {
    let mut problems = Vec::new();
    let node = document::parse("form.yaml", text, &Limits::FORM).expect("a document");
    let draft = Draft::from_node(&node, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    draft
}
