//! Layouts that packs declare: the shipped packs with a county's over them, whose cases use every declaration.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use heng::app::rules_folder;
use heng::document::{Limits, Problems, parse};
use heng::evaluation::{Evaluation, Status, evaluate};
use heng::form::{Draft, Form};
use heng::pack::PackFiles;
use heng::regress::{Outcome, Runner};
use heng::ruleset::RuleBook;
use heng::wire::encode::{self, Identity};
use heng::wire::pb::v1 as pb;
use prost::Message;

const COUNTY: &str = "county-layout";

fn folder() -> Vec<PackFiles> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folder = rules_folder::load(&here.join("rules")).expect("the shipped rules");
    folder.extend(rules_folder::load(&here.join("tests/packs")).expect("the packs of the tests"));
    folder
}

fn book(folder: &[PackFiles]) -> RuleBook {
    let (book, problems) = RuleBook::compile(folder);
    assert_eq!(problems, []);
    book.expect("a book without problems")
}

#[test]
fn every_declaration_does_what_its_cases_say() {
    let folder = folder();
    let book = book(&folder);
    let report = Runner { book: &book, folder: &folder, form_file: &|_, _| None }.run(COUNTY);
    let wrong: Vec<_> = report.results.iter().filter(|result| result.outcome != Outcome::Passed).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(report.passed() > 15, "{}", report.passed());
}

/// What is sent is written without the message; whoever reads it decodes the message.
#[test]
fn the_bytes_of_an_answer_are_those_of_its_message() {
    let folder = folder();
    let book = book(&folder);
    let runner = Runner { book: &book, folder: &folder, form_file: &|_, _| None };
    let identity = Identity { id: "01JZ".into(), form_digest: "sha256:02".into(), evaluated_at: None };
    let (mut answers, mut adjusted, mut failed) = (0, 0, 0);
    for rules in book.sets() {
        runner.evaluations(
            &rules.id,
            |case| case.name.place.clone(),
            |case, evaluation| {
                let straight = encode::evaluation_bytes(evaluation, &identity);
                let message = encode::evaluation(evaluation, &identity);
                assert!(straight == message.encode_to_vec(), "{}", case.name.value);
                assert_eq!(pb::Evaluation::decode(straight.as_slice()), Ok(message), "{}", case.name.value);
                answers += 1;
                adjusted += evaluation.indicators.iter().filter(|row| !row.score.adjustments().is_empty()).count();
                failed += usize::from(!evaluation.complete);
                std::ops::ControlFlow::Continue(())
            },
        );
    }
    assert!(answers > 300 && adjusted > 10 && failed > 0, "{answers} answers, {adjusted} adjusted, {failed} failed");
}

/// The county's blank form, which is the national one, with a fragment over it.
fn form(fragment: &str) -> Form {
    let folder = folder();
    let national = folder.iter().find(|files| files.name == "mof-2020").expect("it is shipped");
    let node = |text: &str| parse("form.yaml", text, &Limits::FORM).expect("it is YAML");
    let mut problems = Problems::new();
    let blank = Draft::from_node(&node(national.files.get("blank.yaml").expect("it has one")), &mut problems);
    let draft = blank.overlay(&node(fragment), &mut problems);
    assert_eq!(problems, []);
    Form::admit(draft).expect("a form")
}

fn evaluated(pack: &str, fragment: &str) -> Evaluation {
    let book = book(&folder());
    evaluate(book.get(pack).expect("the pack"), &form(fragment))
}

fn told<'e>(evaluation: &'e Evaluation, code: &str) -> Vec<&'e str> {
    evaluation.findings.iter().filter(|f| f.code == code).map(|f| f.message.zh.as_str()).collect()
}

#[test]
fn what_is_known_of_a_form_is_what_it_says() {
    let fragment = "\
project_name: 报数
funds: {sources: {1: {name: 其他资金}}}
goals: [{period: annual, expected: 甲, achieved: 乙}, {period: long_term, expected: 丙丁, achieved: 戊}]
attributes: {项目总投资: 1.5亿元}
indicators:
  - {dimension: 产出指标, category: 数量指标, name: 甲, target: 10场, actual: 10场, points_possible: \"20.0\", points_claimed: \"20\"}
  - {dimension: 产出指标, category: 数量指标, name: 乙, target: 5-10场, actual: 7场, points_possible: \"20\", points_claimed: \"19\"}
  - {dimension: 产出, category: 某类, name: 丙, target: 完成, actual: 完成, points_possible: \"20\", points_claimed: \"\"}
  - {dimension: 产岀指标, category: 数量指标, name: 丁, target: , actual: 1, points_possible: —, points_claimed: —}
  - {dimension: 产岀指标, category: , name: 戊, target: 1, actual: , points_possible: \"0\", points_claimed: \"0\"}
  - {dimension: 效益指标, category: 社会效益指标, name: 己, target: 3, actual: 3, points_possible: \"30\", points_claimed: \"30\"}
total: {points_claimed: \"\"}
";
    let found = evaluated(COUNTY, fragment);
    let want = "without_satisfaction|当年财政拨款、其他资金|90|69|79|1|1|1|2|2|3|4|2|2|2|产岀指标|1|2|4|乙 戊|90|中||150000000";
    assert_eq!(told(&found, "form_facts"), [want]);
}

#[test]
fn what_is_known_of_a_row_is_what_it_says() {
    let fragment = "\
project_name: 报数
indicators:
  - {dimension: 产出指标(50分), category: 时效指标, name: 甲, target: 2022年12月底前, actual: 2023年1月5日, points_possible: 20, points_claimed: 20, attributes: {得分率: \"95\", 节约金额: 2万元, 扣分: 1.50, 佐证资料: \" \"}}
  - {dimension: 产出指标, category: 别类, name: 乙, target: \"10\", actual: 9, attributes: {度量单位: 场}}
  - {dimension: 产出指标, category: 别类, name: 丙, target: \"10\", actual: 12个, attributes: {度量单位: —}}
  - {dimension: 别的, category: , name: 丁, target: 完成, actual: 已完成, points_possible: 70, points_claimed: 70}
";
    let found = evaluated(COUNTY, fragment);
    let rows = told(&found, "row_facts");
    assert_eq!(
        rows,
        [
            "1|产出指标(50分)|时效指标|是|是|2022|2023|||3|1|2|否|0.95|20000|1.5| ",
            "2|产出指标|别类|是|否|—|—|场|场|1|0|0|是|—|—|—|—",
            "3|产出指标|别类|是|否|—|—||个|1|0|0|是|—|—|—|—",
            "4|别的||否|否|—|—|||1|0|0|否|—|—|—|—",
        ]
    );
}

#[test]
fn what_is_not_covered_gets_one_finding_and_no_grade() {
    let layouts = [
        (
            "no_points_column",
            "indicators: {0: {points_possible: , points_claimed: }, 1: null, 2: null, 3: null, 4: null, 5: null, 6: {points_possible: —}}",
        ),
        ("other_weights", "funds: {points_possible: 20}\nindicators: {0: {points_possible: 10}}"),
        ("department_overall", "project_name: 部门整体"),
    ];
    for (code, fragment) in layouts {
        let found = evaluated("mof-2020", fragment);
        let codes: Vec<&str> = found.findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, [code]);
        assert_eq!((found.grade, found.complete), (None, true), "{code}");
        assert!(found.points.awarded.is_zero() && found.points.floor.is_zero(), "{code}");
        assert!(found.execution.is_some_and(|line| line.score.status == Status::NeedsReview && line.rate.is_some()));
        for row in &found.indicators {
            assert_eq!(row.score.status, Status::NeedsReview, "{code}");
            assert!(row.score.awarded.is_zero(), "{code}");
            assert_eq!(
                row.score.trace().first().map(|step| step.rule.as_str()),
                Some(format!("coverage.{code}").as_str())
            );
            assert!(!row.target.text.is_empty(), "{code}: it is read all the same");
        }
    }
}

#[test]
fn a_row_that_shares_points_says_so_in_its_answer() {
    let fragment =
        "indicators: {7: {dimension: 满意度指标, category: 其他满意度, name: 又一满意度, target: ≥90%, actual: 91%}}";
    let found = evaluated("mof-2020", fragment);
    let row = found.indicators.get(7).expect("the row that was added");
    assert_eq!((row.score.status, row.score.method_title()), (Status::NotApplicable, "与前面的行合用一个分值"));
    assert_eq!(found.grade.map(|grade| grade.id).as_deref(), Some("excellent"));
}
