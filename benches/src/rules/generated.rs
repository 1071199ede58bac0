//! Rule packs of many indicators: the national pack with a library of named indicators, each with a method, a
//! parameter, an entry and a case of its own.

use std::fmt::Write;
use std::sync::Arc;

use heng::form::Form;
use heng::pack::PackFiles;

/// The national pack with so many indicators of its own before its general entries.
pub fn pack(national: &PackFiles, indicators: usize) -> PackFiles {
    let [mut methods, mut parameters, mut scoring, mut cases] = std::array::from_fn(|_| String::new());
    for number in 0..indicators {
        let name = name(number);
        let limit = 100 + number % 40;
        // Writing to a string does not fail.
        let formula = match number % 4 {
            0 => format!("points_possible * min(max(actual, 0) / target, limit_{number}) / limit_{number}"),
            1 => format!("inverse_linear(points_possible, target, max(actual, 0), 1 + limit_{number})"),
            2 => format!("points_possible * clamp(actual / (target * limit_{number}), 0, 1)"),
            _ => format!(
                "if actual * limit_{number} >= target {{ points_possible }} else {{ points_possible * clamp(actual / target, 0, 1) / 2 }}"
            ),
        };
        let (direction, jump) = match number % 4 {
            1 => ("direction: lower_is_better, ", ""),
            3 => ("direction: higher_is_better, ", "jump: intended, "),
            _ => ("direction: higher_is_better, ", ""),
        };
        writeln!(
            methods,
            "  m{number}: {{title: {name}, formula: \"{formula}\", {direction}{jump}cite: {{source: cn-practice, basis: PRACTICE}}}}"
        )
        .ok();
        writeln!(
            parameters,
            "  limit_{number}: {{title: {name}, unit: ratio, values: [{{since: 2020, value: {}.{:02}, cite: {{source: cn-practice, basis: PRACTICE}}}}]}}",
            limit / 100,
            limit % 100
        )
        .ok();
        writeln!(
            scoring,
            "  s{number}: {{title: {name}, when: {{name: [{name}], target: NUMBER, comparable: true, if: target > 0}}, method: m{number}}}"
        )
        .ok();
        writeln!(
            cases,
            "- case: {name}恰好完成\n  form: {{indicators: {{0: {{name: {name}, target: ≥{target}场, actual: {target}场}}}}}}\n  want: {{indicators: {{\"indicators[0]\": {{method: m{number}}}}}}}",
            target = target(number)
        )
        .ok();
    }
    let mut files = PackFiles { name: national.name.clone(), files: national.files.clone() };
    files.files.retain(|path, _| !path.starts_with("cases/") && !path.ends_with(".md"));
    insert(&mut files, "methods.yaml", "methods:\n", &methods);
    insert(&mut files, "parameters.yaml", "parameters:\n", &parameters);
    insert(&mut files, "scoring.yaml", "scoring:\n", &scoring);
    files.files.insert("cases/library.yaml".to_owned(), cases.into());
    files
}

/// A name that no other one contains.
fn name(number: usize) -> String {
    let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let told: String = number.to_string().bytes().map(|digit| digits[usize::from(digit - b'0')]).collect();
    format!("第{told}项")
}

fn insert(files: &mut PackFiles, path: &str, section: &str, entries: &str) {
    let text = &files.files[path];
    let (before, after) = text.split_once(section).expect("the section");
    let text: Arc<str> = format!("{before}{section}{entries}{after}").into();
    files.files.insert(path.to_owned(), text);
}

/// The forms of the cases.
pub fn forms(national: &PackFiles, indicators: usize) -> Vec<Form> {
    let blank = crate::forms::draft(&national.files["blank.yaml"]);
    let form = |number: usize| {
        let mut draft = blank.clone();
        let row = &mut draft.indicators[0];
        row.name = name(number);
        (row.target, row.actual) = (format!("≥{}场", target(number)), format!("{}场", target(number)));
        Form::admit(draft).expect("a form")
    };
    (0..indicators).map(form).collect()
}

fn target(number: usize) -> usize {
    10 + number % 90
}
