//! A line for every form and for every row that changes.

#![expect(clippy::disallowed_methods, reason = "the rim: writes the file that the user names")]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::cli::either;
use crate::diagnostic::Lang;
use crate::impact::{FormImpact, RowImpact, RowSide, Scored, Side};
use crate::quantity::Points;

/// Name, and what people call it.
const COLUMNS: &[(&str, &str)] = &[
    ("line", "行类"),
    ("form", "自评表"),
    ("project_code", "项目编码"),
    ("project_name", "项目名称"),
    ("fiscal_year", "年度"),
    ("field", "位置"),
    ("dimension", "一级指标"),
    ("category", "二级指标"),
    ("name", "三级指标"),
    ("old_pack", "原规则包"),
    ("new_pack", "新规则包"),
    ("old_status", "原状态"),
    ("new_status", "新状态"),
    ("old_floor", "原核算下限"),
    ("new_floor", "新核算下限"),
    ("old_ceiling", "原核算上限"),
    ("new_ceiling", "新核算上限"),
    ("old_awarded", "原认定得分"),
    ("new_awarded", "新认定得分"),
    ("delta", "变动"),
    ("old_grade", "原等级"),
    ("new_grade", "新等级"),
    ("old_rule", "原计分条目"),
    ("new_rule", "新计分条目"),
    ("old_derivation", "原算式"),
    ("new_derivation", "新算式"),
    ("findings_gone", "消失的问题"),
    ("findings_new", "新增的问题"),
];

pub struct Csv {
    file: BufWriter<File>,
    lang: Lang,
}

impl Csv {
    /// Begins the file. With a byte order mark: spreadsheets would take Chinese for something else without.
    pub fn create(path: &Path, lang: Lang) -> io::Result<Self> {
        let mut csv = Csv { file: BufWriter::new(File::create(path)?), lang };
        csv.file.write_all("\u{FEFF}".as_bytes())?;
        let head: Vec<String> = COLUMNS.iter().map(|(en, zh)| either(lang, zh, en).to_owned()).collect();
        csv.line(&head)?;
        Ok(csv)
    }

    /// The form, changed or not, and its rows that change.
    pub fn form(&mut self, form: &FormImpact) -> io::Result<()> {
        let lang = self.lang;
        let codes = |appears: bool| {
            let own = form.findings.iter().filter(|finding| finding.appears == appears);
            own.map(|finding| format!("{}@{}", finding.code, finding.field)).collect::<Vec<_>>().join(" ")
        };
        let both = |pick: &dyn Fn(&Scored) -> String| {
            [&form.old, &form.new].map(|side| side.scored().map_or_else(String::new, pick))
        };
        let status = |side: &Side| match side {
            Side::NoRules(_) => super::no_rules().get(lang).to_owned(),
            Side::Scored(scored) if scored.complete => String::new(),
            Side::Scored(_) => either(lang, "规则执行失败", "a rule failed").to_owned(),
        };
        let [old_pack, new_pack] = both(&|scored| scored.rule_pack.clone());
        let [old_floor, new_floor] = both(&|scored| scored.points.floor.to_string());
        let [old_ceiling, new_ceiling] = both(&|scored| scored.points.ceiling.to_string());
        let [old_awarded, new_awarded] = both(&|scored| scored.points.awarded.to_string());
        let [old_grade, new_grade] =
            both(&|scored| scored.grade.as_ref().map_or_else(String::new, |grade| grade.title.clone()));
        let [old_told, new_told] = both(&|scored| scored.adjustments.join("；"));
        let delta = form.delta().map_or_else(String::new, |delta| delta.to_string());
        let mut cells = head(either(lang, "表", "form"), form);
        cells.extend([String::new(), String::new(), String::new(), String::new(), old_pack, new_pack]);
        cells.extend([status(&form.old), status(&form.new), old_floor, new_floor, old_ceiling, new_ceiling]);
        cells.extend([old_awarded, new_awarded, delta, old_grade, new_grade, String::new(), String::new()]);
        cells.extend([old_told, new_told, codes(false), codes(true)]);
        self.line(&cells)?;
        form.rows.iter().try_for_each(|row| self.row(form, row))
    }

    fn row(&mut self, form: &FormImpact, row: &RowImpact) -> io::Result<()> {
        let lang = self.lang;
        let both = |pick: &dyn Fn(&RowSide) -> String| {
            [&row.old, &row.new].map(|side| side.as_ref().map_or_else(String::new, pick))
        };
        let points = |pick: fn(&RowSide) -> Points| both(&|side| pick(side).to_string());
        let [old_status, new_status] = both(&|side| side.status.title().get(lang).to_owned());
        let [old_floor, new_floor] = points(|side| side.floor);
        let [old_ceiling, new_ceiling] = points(|side| side.ceiling);
        let [old_awarded, new_awarded] = points(|side| side.awarded);
        let [old_rule, new_rule] = both(&|side| side.entry.clone());
        let [old_derivation, new_derivation] = both(&|side| side.derivation.clone());
        let mut cells = head(either(lang, "行", "row"), form);
        cells.extend([&row.field, &row.dimension, &row.category, &row.name].map(Clone::clone));
        cells.extend([String::new(), String::new(), old_status, new_status, old_floor, new_floor]);
        cells.extend([old_ceiling, new_ceiling, old_awarded, new_awarded, row.delta().to_string()]);
        cells.extend([String::new(), String::new(), old_rule, new_rule, old_derivation, new_derivation]);
        cells.extend([String::new(), String::new()]);
        self.line(&cells)
    }

    pub fn close(mut self) -> io::Result<()> {
        self.file.flush()
    }

    fn line(&mut self, cells: &[String]) -> io::Result<()> {
        let line: Vec<String> = cells.iter().map(|cell| written(cell)).collect();
        write!(self.file, "{}\r\n", line.join(","))
    }
}

fn head(line: &str, form: &FormImpact) -> Vec<String> {
    vec![
        line.to_owned(),
        form.label.clone(),
        form.project_code.clone(),
        form.project_name.clone(),
        form.fiscal_year.to_string(),
    ]
}

/// A cell as RFC 4180 has it. What a spreadsheet would run as a formula gets an apostrophe before it; numbers are left
/// alone, but a long code of digits is quoted as a formula's text would be, so that none of its digits are lost.
fn written(cell: &str) -> String {
    let is_number = Points::parse(cell).is_some();
    let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let is_code = cell.len() > 11 && cell.bytes().all(|byte| byte.is_ascii_digit());
    let cell = if runs || is_code { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_cell_is_a_text_to_every_spreadsheet() {
        for (cell, want) in [
            ("", ""),
            ("招商活动", "招商活动"),
            ("-1.5", "-1.5"),
            ("=1+1", "'=1+1"),
            ("-甲", "'-甲"),
            ("@sum(a,b)", "\"'@sum(a,b)\""),
            ("说“好”, \"好\"", "\"说“好”, \"\"好\"\"\""),
            ("一\n二", "\"一\n二\""),
            ("440307220601500400009", "'440307220601500400009"),
            ("98.18", "98.18"),
        ] {
            assert_eq!(written(cell), want, "{cell}");
        }
    }
}
