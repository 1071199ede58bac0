//! The form behind the gate. Its parts come from [`Form::admit`] alone and cannot be changed.

use std::collections::BTreeMap;

use super::{Printed, Structured};
use crate::quantity::{FiscalYear, Money, MoneyUnit, Points, Ratio};

/// One project, one fiscal year, as submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub(super) project_code: String,
    pub(super) project_name: String,
    pub(super) fiscal_year: FiscalYear,
    pub(super) implementing_unit: String,
    pub(super) primary_budget_unit: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) funds: Funds,
    pub(super) goals: Vec<Goal>,
    pub(super) indicators: Vec<Indicator>,
    pub(super) total: Total,
    pub(super) subtotals: Vec<Subtotal>,
}

impl Form {
    pub fn project_code(&self) -> &str {
        &self.project_code
    }

    /// Never blank.
    pub fn project_name(&self) -> &str {
        &self.project_name
    }

    pub fn fiscal_year(&self) -> FiscalYear {
        self.fiscal_year
    }

    pub fn implementing_unit(&self) -> &str {
        &self.implementing_unit
    }

    pub fn primary_budget_unit(&self) -> &str {
        &self.primary_budget_unit
    }

    /// Regional fields by their printed title.
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        &self.attributes
    }

    pub fn funds(&self) -> &Funds {
        &self.funds
    }

    pub fn goals(&self) -> &[Goal] {
        &self.goals
    }

    /// In the order of the form; 1 to 10,000.
    pub fn indicators(&self) -> &[Indicator] {
        &self.indicators
    }

    pub fn total(&self) -> &Total {
        &self.total
    }

    /// 小计, in the order of the form; most layouts have none.
    pub fn subtotals(&self) -> &[Subtotal] {
        &self.subtotals
    }
}

/// 资金使用情况.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Funds {
    pub(super) unit_text: String,
    pub(super) unit: MoneyUnit,
    pub(super) points_possible: Printed<Points>,
    pub(super) points_claimed: Printed<Points>,
    pub(super) execution_rate_claimed: Printed<Ratio>,
    pub(super) total: Amounts,
    pub(super) sources: Vec<FundSource>,
}

impl Funds {
    /// The unit as printed; may be blank.
    pub fn unit_text(&self) -> &str {
        &self.unit_text
    }

    /// The unit of amounts that name none; 元 where the form is silent.
    pub fn unit(&self) -> MoneyUnit {
        self.unit
    }

    pub fn points_possible(&self) -> &Printed<Points> {
        &self.points_possible
    }

    pub fn points_claimed(&self) -> &Printed<Points> {
        &self.points_claimed
    }

    /// As a share of one: `91.76%`, a bare `91.76` (more than 1.5 is per cent) and `0.9176` are all 0.9176.
    pub fn execution_rate_claimed(&self) -> &Printed<Ratio> {
        &self.execution_rate_claimed
    }

    pub fn total(&self) -> &Amounts {
        &self.total
    }

    pub fn sources(&self) -> &[FundSource] {
        &self.sources
    }
}

/// Three amounts of one line, each of any sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    pub(super) initial: Printed<Money>,
    pub(super) annual: Printed<Money>,
    pub(super) executed: Printed<Money>,
}

impl Amounts {
    pub fn budget_initial(&self) -> &Printed<Money> {
        &self.initial
    }

    pub fn budget_annual(&self) -> &Printed<Money> {
        &self.annual
    }

    pub fn budget_executed(&self) -> &Printed<Money> {
        &self.executed
    }
}

/// 当年财政拨款, 上年结转资金 and other lines under the total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundSource {
    pub(super) name: String,
    pub(super) amounts: Amounts,
    pub(super) execution_rate_claimed: Printed<Ratio>,
}

impl FundSource {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn amounts(&self) -> &Amounts {
        &self.amounts
    }

    /// As [`Funds::execution_rate_claimed`], where the layout has a rate for each source.
    pub fn execution_rate_claimed(&self) -> &Printed<Ratio> {
        &self.execution_rate_claimed
    }
}

/// 总体目标.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    pub(super) period: String,
    pub(super) expected: String,
    pub(super) achieved: String,
}

impl Goal {
    pub fn period(&self) -> &str {
        &self.period
    }

    pub fn expected(&self) -> &str {
        &self.expected
    }

    pub fn achieved(&self) -> &str {
        &self.achieved
    }
}

/// 三级指标: the row that is scored. Texts are as printed and may be blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    pub(super) dimension: String,
    pub(super) category: String,
    pub(super) name: String,
    pub(super) target: String,
    pub(super) actual: String,
    pub(super) points_possible: Printed<Points>,
    pub(super) points_claimed: Printed<Points>,
    pub(super) deviation_reason: String,
    /// Boxed, as few rows have one.
    pub(super) target_structured: Option<Box<Structured>>,
    pub(super) actual_structured: Option<Box<Structured>>,
    pub(super) attributes: BTreeMap<String, String>,
}

impl Indicator {
    /// The printed title or the pack's id.
    pub fn dimension(&self) -> &str {
        &self.dimension
    }

    /// The printed title or the pack's id.
    pub fn category(&self) -> &str {
        &self.category
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn target(&self) -> &str {
        &self.target
    }

    pub fn actual(&self) -> &str {
        &self.actual
    }

    pub fn points_possible(&self) -> &Printed<Points> {
        &self.points_possible
    }

    pub fn points_claimed(&self) -> &Printed<Points> {
        &self.points_claimed
    }

    pub fn deviation_reason(&self) -> &str {
        &self.deviation_reason
    }

    /// What the client sent beside the target's text; it is scored in the text's place.
    pub fn target_structured(&self) -> Option<&Structured> {
        self.target_structured.as_deref()
    }

    pub fn actual_structured(&self) -> Option<&Structured> {
        self.actual_structured.as_deref()
    }

    /// The row's other cells by the printed title of their column: 指标性质, 度量单位, 佐证材料. A column that the
    /// layout does not have is not there; a cell that nobody filled is the empty text.
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        &self.attributes
    }
}

/// The bottom line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub(super) points_possible: Printed<Points>,
    pub(super) points_claimed: Printed<Points>,
}

impl Total {
    pub fn points_possible(&self) -> &Printed<Points> {
        &self.points_possible
    }

    pub fn points_claimed(&self) -> &Printed<Points> {
        &self.points_claimed
    }
}

/// 小计: what the form prints as the sum of a dimension, or of one of its categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtotal {
    pub(super) dimension: String,
    pub(super) category: String,
    pub(super) points_possible: Printed<Points>,
    pub(super) points_claimed: Printed<Points>,
}

impl Subtotal {
    /// The printed title or the pack's id.
    pub fn dimension(&self) -> &str {
        &self.dimension
    }

    /// The printed title or the pack's id; blank for the sum of the whole dimension.
    pub fn category(&self) -> &str {
        &self.category
    }

    pub fn points_possible(&self) -> &Printed<Points> {
        &self.points_possible
    }

    pub fn points_claimed(&self) -> &Printed<Points> {
        &self.points_claimed
    }
}
