//! What makes a structure one value, and what keeps it from being admitted.

use super::super::draft::StructuredDraft;
use super::super::field::Block;
use super::super::numeral::{self, Numeral};
use super::super::text::{self, Limit, shown};
use super::super::violation::Violations;
use super::super::{Cell, meaning};
use super::{Comparison, Content, Dates, Sent, Structured};
use crate::diagnostic::Bilingual;
use crate::quantity::Exact;

/// Admits what was sent as a structure; `None` where nothing was, or where something is reported.
pub(in crate::form) fn admit(
    block: Block<'_>,
    draft: StructuredDraft,
    violations: &mut Violations,
) -> Option<Structured> {
    if draft == StructuredDraft::default() {
        return None;
    }
    let StructuredDraft { comparison, value, low, high, unit, date, tier } = draft;
    let mut gate = Gate { block, violations };
    let written = Written::of(&value, &low, &high, &date, &tier);
    let (unit, tier) = (gate.text("unit", unit), gate.text("tier", tier));
    let amounts =
        Amounts { value: gate.number("value", value), low: gate.number("low", low), high: gate.number("high", high) };
    let date = gate.date(date);
    let comparison = gate.comparison(&comparison);
    if !gate.says_one_thing(&written) {
        return None;
    }
    let content = gate.content(&written, amounts, date)?;
    gate.fits(comparison, &content);
    Some(Structured { comparison, content, unit, tier })
}

struct Gate<'v> {
    block: Block<'v>,
    violations: &'v mut Violations,
}

/// Which fields hold anything, right or wrong.
struct Written {
    value: bool,
    low: bool,
    high: bool,
    date: bool,
    tier: bool,
}

impl Written {
    fn of(value: &str, low: &str, high: &str, date: &str, tier: &str) -> Self {
        let [value, low, high, date, tier] = [value, low, high, date, tier].map(|text| !text::is_blank(text));
        Written { value, low, high, date, tier }
    }

    fn range(&self) -> bool {
        self.low || self.high
    }
}

/// The numbers that could be read.
struct Amounts {
    value: Option<Sent<Exact>>,
    low: Option<Sent<Exact>>,
    high: Option<Sent<Exact>>,
}

impl Gate<'_> {
    fn refuse(&mut self, name: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.violations.push(self.block.cell(name), Bilingual::new(zh, en));
    }

    fn text(&mut self, name: &'static str, text: String) -> String {
        text::check(self.block.cell(name), &text, Limit::Short, self.violations);
        text
    }

    fn comparison(&mut self, name: &str) -> Option<Comparison> {
        let known = Comparison::from_name(name.trim());
        let unset = text::is_blank(name) || matches!(name.trim(), "UNSPECIFIED" | "COMPARISON_UNSPECIFIED");
        if known.is_none() && !unset {
            let all = Comparison::ALL.map(Comparison::name);
            let name = shown(name);
            self.refuse(
                "comparison",
                format!("不认识比较关系 `{name}`，可用：{}", all.join("、")),
                format!("`{name}` is no comparison: use one of {}", all.join(", ")),
            );
        }
        known
    }

    fn number(&mut self, name: &'static str, text: String) -> Option<Sent<Exact>> {
        if !text::check(self.block.cell(name), &text, Limit::Short, self.violations) {
            return None;
        }
        match numeral::read(&text) {
            Ok(Cell::Blank) => None,
            Ok(Cell::Value(Numeral { plain, suffix })) if suffix.is_empty() => {
                Exact::parse(&plain).map(|value| Sent { text, value })
            }
            Ok(Cell::Value(Numeral { suffix, .. })) => {
                let (text, suffix) = (shown(text.trim()), shown(&suffix));
                self.refuse(
                    name,
                    format!("`{text}` 带有“{suffix}”；这里只写数字，单位写在 `unit`"),
                    format!("`{text}` carries `{suffix}`: write the number alone, and its unit in `unit`"),
                );
                None
            }
            Ok(Cell::NotApplicable) => {
                self.refuse(
                    name,
                    "结构化的值应为数字；不适用的行不填结构化的值，写在原文里",
                    "a structured value is a number: a row that does not apply has none, its text says so",
                );
                None
            }
            Err(fault) => {
                self.violations.push(self.block.cell(name), meaning::fault_message(fault, &text, "10"));
                None
            }
        }
    }

    fn date(&mut self, text: String) -> Option<Sent<Dates>> {
        if !text::check(self.block.cell("date"), &text, Limit::Short, self.violations) || text::is_blank(&text) {
            return None;
        }
        let Some(value) = Dates::parse(text.trim()) else {
            let text = shown(text.trim());
            self.refuse(
                "date",
                format!("`{text}` 不是日期，应写作 2022-12-31、2022-12、--12-31 或 2022-12-01/2022-12-31"),
                format!("`{text}` is not a date: write 2022-12-31, 2022-12, --12-31 or 2022-12-01/2022-12-31"),
            );
            return None;
        };
        Some(Sent { text, value })
    }

    /// Whether there is a number, a range, a date or a tier, and not two of the first three.
    fn says_one_thing(&mut self, written: &Written) -> bool {
        if written.value && written.range() {
            self.refuse(
                "value",
                "`value` 与 `low`、`high` 只能写一种：一个数，或一个区间",
                "`value` stands beside `low` or `high`: write a number or a range, not both",
            );
            return false;
        }
        if written.date && (written.value || written.range()) {
            self.refuse(
                "date",
                "日期不能与数值或区间同时写，请分两行或只写一种",
                "a date stands beside a number: write one of them",
            );
            return false;
        }
        if written.low != written.high {
            let (missing, there) = if written.low { ("high", "low") } else { ("low", "high") };
            self.refuse(
                missing,
                format!("写了 `{there}`，缺少 `{missing}`；只有一端的请用 `value` 和 AT_LEAST、AT_MOST"),
                format!("`{there}` is there without `{missing}`: for one end use `value` with AT_LEAST or AT_MOST"),
            );
            return false;
        }
        if !(written.value || written.range() || written.date || written.tier) {
            self.refuse(
                "",
                "结构化的值里没有数值、区间、日期或档次",
                "the structure says nothing: give `value`, `low` and `high`, `date` or `tier`",
            );
            return false;
        }
        true
    }

    /// What the structure says; `None` where that could not be read and is reported.
    fn content(&mut self, written: &Written, amounts: Amounts, date: Option<Sent<Dates>>) -> Option<Content> {
        if written.value {
            return amounts.value.map(Content::Number);
        }
        if written.date {
            return date.map(Content::Date);
        }
        if !written.range() {
            return Some(Content::Tier);
        }
        let (low, high) = (amounts.low?, amounts.high?);
        if low.value > high.value {
            let (low, high) = (shown(low.text.trim()), shown(high.text.trim()));
            self.refuse(
                "low",
                format!("区间下限 {low} 大于上限 {high}"),
                format!("the range's lower end {low} is above its upper end {high}"),
            );
            return None;
        }
        Some(Content::Range { low, high })
    }

    /// Reports a comparison that does not go with what is compared.
    fn fits(&mut self, comparison: Option<Comparison>, content: &Content) {
        let Some(comparison) = comparison else { return };
        let (what_zh, what_en, fitting): (_, _, &[Comparison]) = match content {
            Content::Number(_) => (
                "一个数",
                "a number",
                &[
                    Comparison::AtLeast,
                    Comparison::AtMost,
                    Comparison::MoreThan,
                    Comparison::LessThan,
                    Comparison::Exactly,
                ],
            ),
            Content::Range { .. } => ("区间", "a range", &[Comparison::Within]),
            Content::Date(_) => {
                ("日期", "a date", &[Comparison::AtLeast, Comparison::AtMost, Comparison::Exactly, Comparison::Within])
            }
            Content::Tier => ("档次", "a tier", &[]),
        };
        if fitting.contains(&comparison) {
            return;
        }
        let (name, known) = (comparison.name(), fitting.iter().map(|one| one.name()).collect::<Vec<_>>());
        if known.is_empty() {
            self.refuse(
                "comparison",
                format!("{what_zh}不用比较关系，请去掉 {name}"),
                format!("{what_en} takes no comparison: leave {name} out"),
            );
        } else {
            self.refuse(
                "comparison",
                format!("{what_zh}不能用 {name}，可用：{}", known.join("、")),
                format!("{name} does not go with {what_en}: use {}", known.join(" or ")),
            );
        }
    }
}
