//! The gate: [`Form::admit`].

use std::collections::BTreeMap;

use super::admitted::{Amounts, Form, FundSource, Funds, Goal, Indicator, Subtotal, Total};
use super::draft::{
    AmountsDraft, Draft, FundSourceDraft, FundsDraft, GoalDraft, IndicatorDraft, StructuredDraft, SubtotalDraft,
    TotalDraft,
};
use super::field::{Block, Field};
use super::numeral::{self, Fault, Numeral};
use super::text::{self, Limit, shown};
use super::violation::{Violation, Violations};
use super::{Cell, MAX_INDICATORS, Printed, Structured, meaning, structured};
use crate::diagnostic::Bilingual;
use crate::quantity::{FiscalYear, Money, MoneyUnit, Points, Ratio};

/// The most goals, sources of money, subtotals and regional fields of a form or of a row.
const MAX_LINES: usize = 200;

impl Form {
    /// Admits a draft, or says everything that keeps it from being a form: at most
    /// [`MAX_LISTED`](super::MAX_LISTED) violations and one line that counts the rest.
    ///
    /// # Errors
    /// When anything the module promises of a [`Form`] does not hold.
    pub fn admit(draft: Draft) -> Result<Form, Vec<Violation>> {
        let mut gate = Gate { violations: Violations::default(), unit: MoneyUnit::Yuan };
        let form = gate.form(draft);
        match form {
            Some(form) if gate.violations.is_empty() => Ok(form),
            _ => Err(gate.violations.into_list()),
        }
    }
}

struct Gate {
    violations: Violations,
    /// The unit of amounts that name none.
    unit: MoneyUnit,
}

impl Gate {
    fn form(&mut self, draft: Draft) -> Option<Form> {
        let Draft {
            project_code,
            project_name,
            fiscal_year,
            implementing_unit,
            primary_budget_unit,
            attributes,
            funds,
            goals,
            indicators,
            total,
            subtotals,
        } = draft;
        let project_code = self.text(Block::Form.cell("project_code"), project_code, Limit::Short);
        let project_name = self.project_name(project_name);
        let fiscal_year = self.fiscal_year(&fiscal_year);
        let implementing_unit = self.text(Block::Form.cell("implementing_unit"), implementing_unit, Limit::Short);
        let primary_budget_unit = self.text(Block::Form.cell("primary_budget_unit"), primary_budget_unit, Limit::Short);
        let attributes = self.attributes(Block::Form, attributes);
        let funds = self.funds(funds);
        let goals = self.lines("goals", goals, Gate::goal);
        let indicators = self.indicators(indicators);
        let total = self.total(total);
        let subtotals = self.lines("subtotals", subtotals, Gate::subtotal);
        Some(Form {
            project_code,
            project_name,
            fiscal_year: fiscal_year?,
            implementing_unit,
            primary_budget_unit,
            attributes,
            funds,
            goals,
            indicators,
            total,
            subtotals,
        })
    }

    fn project_name(&mut self, name: String) -> String {
        let field = Block::Form.cell("project_name");
        if text::is_blank(&name) {
            self.violations.push(field, Bilingual::new("缺少项目名称", "the project name is missing"));
        }
        self.text(field, name, Limit::Short)
    }

    fn fiscal_year(&mut self, text: &str) -> Option<FiscalYear> {
        let field = Block::Form.cell("fiscal_year");
        if !text::check(field, text, Limit::Short, &mut self.violations) {
            return None;
        }
        let (first, last) = (FiscalYear::FIRST, FiscalYear::LAST);
        let message = match numeral::read(text) {
            Ok(Cell::Blank) => Bilingual::new("缺少绩效自评年度", "the fiscal year is missing"),
            Ok(Cell::Value(Numeral { plain, suffix })) if matches!(suffix.as_str(), "" | "年" | "年度") => {
                if let Some(year) = plain.parse().ok().and_then(FiscalYear::new) {
                    return Some(year);
                }
                Bilingual::new(
                    format!("`{}` 不在 {first} 年至 {last} 年之间", shown(text)),
                    format!("`{}` is not a year from {first} to {last}", shown(text)),
                )
            }
            _ => Bilingual::new(format!("`{}` 不是年份", shown(text)), format!("`{}` is not a year", shown(text))),
        };
        self.violations.push(field, message);
        None
    }

    /// The regional fields of the form or, by their columns, of a row.
    fn attributes(&mut self, of: Block<'_>, attributes: BTreeMap<String, String>) -> BTreeMap<String, String> {
        if self.too_many(of.cell("attributes"), attributes.len(), MAX_LINES) {
            return BTreeMap::new();
        }
        for (title, value) in &attributes {
            let field = of.attribute(title).cell("");
            if text::is_blank(title) {
                self.violations.push(field, Bilingual::new("自定义字段没有名称", "an attribute has no name"));
            }
            text::check(field, title, Limit::Short, &mut self.violations);
            text::check(field, value, Limit::Long, &mut self.violations);
        }
        attributes
    }

    fn funds(&mut self, draft: FundsDraft) -> Funds {
        let FundsDraft { unit, points_possible, points_claimed, execution_rate_claimed, total, sources } = draft;
        let unit_text = self.money_unit(unit);
        Funds {
            unit_text,
            unit: self.unit,
            points_possible: self.points(Block::Funds.cell("points_possible"), points_possible),
            points_claimed: self.points(Block::Funds.cell("points_claimed"), points_claimed),
            execution_rate_claimed: self.rate(Block::Funds.cell("execution_rate_claimed"), execution_rate_claimed),
            total: self.amounts(Block::FundsTotal, total),
            sources: self.lines("funds.sources", sources, Gate::source),
        }
    }

    fn money_unit(&mut self, unit: String) -> String {
        let field = Block::Funds.cell("unit");
        if text::check(field, &unit, Limit::Short, &mut self.violations) {
            match meaning::money_unit(&unit) {
                Some(known) => self.unit = known,
                None if text::is_blank(&unit) => {}
                None => self.violations.push(
                    field,
                    Bilingual::new(
                        format!("不认识金额单位 `{}`，请写 元、万元 或 亿元", shown(&unit)),
                        format!("`{}` is no unit of money: write 元, 万元 or 亿元", shown(&unit)),
                    ),
                ),
            }
        }
        unit
    }

    fn source(&mut self, row: usize, draft: FundSourceDraft) -> FundSource {
        let FundSourceDraft { name, amounts, execution_rate_claimed } = draft;
        let rate = Block::Source(row).cell("execution_rate_claimed");
        FundSource {
            name: self.text(Block::Source(row).cell("name"), name, Limit::Short),
            amounts: self.amounts(Block::Source(row), amounts),
            execution_rate_claimed: self.rate(rate, execution_rate_claimed),
        }
    }

    fn amounts(&mut self, block: Block<'_>, draft: AmountsDraft) -> Amounts {
        let AmountsDraft { budget_initial, budget_annual, budget_executed } = draft;
        Amounts {
            initial: self.money(block.cell("budget_initial"), budget_initial),
            annual: self.money(block.cell("budget_annual"), budget_annual),
            executed: self.money(block.cell("budget_executed"), budget_executed),
        }
    }

    fn goal(&mut self, row: usize, draft: GoalDraft) -> Goal {
        let GoalDraft { period, expected, achieved } = draft;
        let block = Block::Goal(row);
        Goal {
            period: self.text(block.cell("period"), period, Limit::Short),
            expected: self.text(block.cell("expected"), expected, Limit::Long),
            achieved: self.text(block.cell("achieved"), achieved, Limit::Long),
        }
    }

    fn indicators(&mut self, drafts: Vec<IndicatorDraft>) -> Vec<Indicator> {
        let field = Block::Form.cell("indicators");
        if drafts.is_empty() {
            let message =
                Bilingual::new("表中没有任何指标，不能评分", "the form has no indicators: nothing can be scored");
            self.violations.push(field, message);
        }
        if self.too_many(field, drafts.len(), MAX_INDICATORS) {
            return Vec::new();
        }
        drafts.into_iter().enumerate().map(|(row, draft)| self.indicator(row, draft)).collect()
    }

    fn indicator(&mut self, row: usize, draft: IndicatorDraft) -> Indicator {
        let IndicatorDraft {
            dimension,
            category,
            name,
            target,
            actual,
            points_possible,
            points_claimed,
            deviation_reason,
            target_structured,
            actual_structured,
            attributes,
        } = draft;
        let block = Block::Indicator(row);
        Indicator {
            dimension: self.text(block.cell("dimension"), dimension, Limit::Short),
            category: self.text(block.cell("category"), category, Limit::Short),
            name: self.text(block.cell("name"), name, Limit::Short),
            target: self.text(block.cell("target"), target, Limit::Short),
            actual: self.text(block.cell("actual"), actual, Limit::Short),
            points_possible: self.points(block.cell("points_possible"), points_possible),
            points_claimed: self.points(block.cell("points_claimed"), points_claimed),
            deviation_reason: self.text(block.cell("deviation_reason"), deviation_reason, Limit::Long),
            target_structured: self.structured(Block::TargetStructured(row), target_structured),
            actual_structured: self.structured(Block::ActualStructured(row), actual_structured),
            attributes: self.attributes(block, attributes),
        }
    }

    fn structured(&mut self, block: Block<'_>, draft: StructuredDraft) -> Option<Box<Structured>> {
        structured::admit(block, draft, &mut self.violations).map(Box::new)
    }

    fn total(&mut self, draft: TotalDraft) -> Total {
        let TotalDraft { points_possible, points_claimed } = draft;
        Total {
            points_possible: self.points(Block::Total.cell("points_possible"), points_possible),
            points_claimed: self.points(Block::Total.cell("points_claimed"), points_claimed),
        }
    }

    fn subtotal(&mut self, row: usize, draft: SubtotalDraft) -> Subtotal {
        let SubtotalDraft { dimension, category, points_possible, points_claimed } = draft;
        let block = Block::Subtotal(row);
        Subtotal {
            dimension: self.text(block.cell("dimension"), dimension, Limit::Short),
            category: self.text(block.cell("category"), category, Limit::Short),
            points_possible: self.points(block.cell("points_possible"), points_possible),
            points_claimed: self.points(block.cell("points_claimed"), points_claimed),
        }
    }

    fn text(&mut self, field: Field<'_>, text: String, limit: Limit) -> String {
        text::check(field, &text, limit, &mut self.violations);
        text
    }

    fn points(&mut self, field: Field<'_>, text: String) -> Printed<Points> {
        self.cell(field, text, "9.18", meaning::points)
    }

    fn money(&mut self, field: Field<'_>, text: String) -> Printed<Money> {
        let silent = self.unit;
        self.cell(field, text, "5262824.65", |numeral| meaning::money(numeral, silent))
    }

    fn rate(&mut self, field: Field<'_>, text: String) -> Printed<Ratio> {
        self.cell(field, text, "91.76%", meaning::rate)
    }

    fn cell<T>(
        &mut self,
        field: Field<'_>,
        text: String,
        example: &str,
        meaning: impl FnOnce(&Numeral) -> Result<T, Fault>,
    ) -> Printed<T> {
        if !text::check(field, &text, Limit::Short, &mut self.violations) {
            return Printed::new(text, Cell::Blank);
        }
        let read = numeral::read(&text).and_then(|cell| match cell {
            Cell::Blank => Ok(Cell::Blank),
            Cell::NotApplicable => Ok(Cell::NotApplicable),
            Cell::Value(numeral) => meaning(&numeral).map(Cell::Value),
        });
        let cell = read.unwrap_or_else(|fault| {
            self.violations.push(field, meaning::fault_message(fault, &text, example));
            Cell::Blank
        });
        Printed::new(text, cell)
    }

    fn lines<D, T>(&mut self, name: &'static str, drafts: Vec<D>, admit: impl Fn(&mut Self, usize, D) -> T) -> Vec<T> {
        if self.too_many(Block::Form.cell(name), drafts.len(), MAX_LINES) {
            return Vec::new();
        }
        drafts.into_iter().enumerate().map(|(row, draft)| admit(self, row, draft)).collect()
    }

    /// Reports a list that is too long; its rows are then not looked at.
    fn too_many(&mut self, field: Field<'_>, count: usize, most: usize) -> bool {
        if count > most {
            let message =
                Bilingual::new(format!("超过上限：最多 {most} 项"), format!("too many entries: at most {most}"));
            self.violations.push(field, message);
        }
        count > most
    }
}
