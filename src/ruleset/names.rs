//! The names that formulas, conditions and messages may use, with their types.
//!
//! One table per kind of thing a rule looks at; `evaluation::facts` fills each exhaustively, so that a new
//! name cannot be forgotten there. Money is in 元, rates are ratios (0.9176), points are points. A blank
//! cell is absent, never zero.

use std::sync::Arc;

use crate::diagnostic::Bilingual;
use crate::formula::{Names, Type};

/// A name, its type, and one line on what it means.
pub(super) type Declared = (Arc<str>, Type, Bilingual);

/// What the reference says about a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameDoc {
    pub name: Arc<str>,
    pub kind: Type,
    pub doc: Bilingual,
}

/// All names by what they tell about, for the reference.
pub fn name_tables() -> Vec<(Bilingual, Vec<NameDoc>)> {
    let table = |zh: &str, en: &str, docs: Vec<NameDoc>| (Bilingual::new(zh, en), docs);
    vec![
        table("自评表", "the form", FormInput::docs()),
        table("全表的核算结果（校验可用）", "what scoring made of the form (for checks)", FormResult::docs()),
        table("指标行", "an indicator row", RowInput::docs()),
        table("指标行的核算结果（校验可用）", "what scoring made of the row (for checks)", RowResult::docs()),
        table("调整（计分的各名称之外）", "an adjustment, besides the names of scoring", Running::docs()),
        table("总体目标（for: goal）", "a goal (for: goal)", GoalFact::docs()),
        table("资金来源（for: source）", "a source of money (for: source)", SourceFact::docs()),
        table("一级指标（for: dimension）", "a dimension (for: dimension)", DimensionFact::docs()),
        table("二级指标（for: category）", "a category (for: category)", CategoryFact::docs()),
        table("栏目（for: field）", "a field (for: field)", FieldFact::docs()),
    ]
}

macro_rules! facts {
    ($(#[$doc:meta])* $table:ident { $($variant:ident $name:literal $kind:ident $zh:literal $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $table { $($variant,)* }

        impl $table {
            /// In the order of the slots.
            pub const ALL: &'static [$table] = &[$($table::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $($table::$variant => $name,)* }
            }

            /// What the reference says about each, in the order of the slots.
            fn docs() -> Vec<NameDoc> {
                let docs = Self::ALL.iter().map(|fact| fact.declare());
                docs.map(|(name, kind, doc)| NameDoc { name, kind, doc }).collect()
            }

            fn declare(self) -> Declared {
                match self {
                    $($table::$variant => ($name.into(), Type::$kind, Bilingual::new($zh, $en)),)*
                }
            }
        }
    };
}

facts! {
    /// What the form says as a whole; known before anything is scored.
    FormInput {
        FiscalYear "fiscal_year" Number "年度" "fiscal year";
        ProjectCode "project_code" Text "项目编码" "project code";
        ProjectName "project_name" Text "项目名称" "project name";
        ImplementingUnit "implementing_unit" Text "实施单位" "implementing unit";
        PrimaryBudgetUnit "primary_budget_unit" Text "一级预算单位" "primary budget unit";
        BudgetInitial "budget_initial" Number "年初预算数（元）" "initial budget, yuan";
        BudgetAnnual "budget_annual" Number "全年预算数（元）" "annual budget, yuan";
        BudgetExecuted "budget_executed" Number "全年执行数（元）" "executed, yuan";
        ExecutionRate "execution_rate" Number "执行率 = 执行数 ÷ 全年预算数；预算为零或空白时缺" "executed ÷ annual; absent when annual is zero or blank";
        ExecutionRateClaimed "execution_rate_claimed" Number "填报的执行率（比率）" "execution rate as claimed, a ratio";
        ExecutionPointsPossible "execution_points_possible" Number "预算执行分值" "points possible for execution";
        ExecutionPointsClaimed "execution_points_claimed" Number "预算执行自评得分" "points claimed for execution";
        SourceCount "source_count" Number "资金来源行数" "rows of fund sources";
        SourcesBudgetInitial "sources_budget_initial" Number "各来源年初预算数之和（元）" "sum of the sources' initial budget, yuan";
        SourcesBudgetAnnual "sources_budget_annual" Number "各来源全年预算数之和（元）" "sum of the sources' annual budget, yuan";
        SourcesBudgetExecuted "sources_budget_executed" Number "各来源执行数之和（元）" "sum of the sources' executed budget, yuan";
        IndicatorCount "indicator_count" Number "指标行数" "rows of indicators";
        StatedPointsPossible "stated_points_possible" Number "总分行的分值" "points possible in the total row";
        StatedPointsClaimed "stated_points_claimed" Number "总分行的得分" "points claimed in the total row";
        RowsPointsPossible "rows_points_possible" Number "各行分值之和（含预算执行）" "sum of points possible, execution included";
        RowsPointsClaimed "rows_points_claimed" Number "各行自评得分之和（含预算执行）" "sum of points claimed, execution included";
        RulePointsTotal "rule_points_total" Number "规则规定的总分" "total points that the rules set";
        RulePointsExecution "rule_points_execution" Number "规则规定的预算执行分值" "points that the rules set for execution";
        Weights "weights" Text "采用的一级指标分值：usual 或 alternatives 的编号" "the division of points in use: usual, or the id of an alternative";
        SourceNames "source_names" Text "各资金来源的名称，以“、”相连" "names of the fund sources, joined by 、";
        IndicatorsPointsPossible "indicators_points_possible" Number "各指标行分值之和（不含预算执行）" "sum of points possible of the indicators, without execution";
        IndicatorsPointsClaimed "indicators_points_claimed" Number "各指标行自评得分之和（不含预算执行）" "sum of points claimed of the indicators, without execution";
        PointsClaimedTotal "points_claimed_total" Number "自评总分：总分行所填，未填时为各行之和" "total claimed: as the total row states it, or else the sum of the rows";
        BlankTargetCount "blank_target_count" Number "年度指标值没有填写的指标行数" "rows with a blank target";
        BlankActualCount "blank_actual_count" Number "实际完成值没有填写的指标行数" "rows with a blank actual";
        BlankPointsCount "blank_points_count" Number "没有分值（空白或不适用）的指标行数" "rows without points possible, blank or 不适用";
        BlankClaimedCount "blank_claimed_count" Number "没有自评得分（空白或不适用）的指标行数" "rows without points claimed, blank or 不适用";
        FullMarksCount "full_marks_count" Number "自评满分的指标行数" "rows that claim all their points";
        DistinctPointsCount "distinct_points_count" Number "不同的分值有几个" "how many different points possible occur";
        NumericTargetCount "numeric_target_count" Number "年度指标值是数或区间的行数" "rows whose target is a number or a range";
        SameAsTargetCount "actual_same_as_target_count" Number "其中实际完成值与指标值恰好相等的行数" "of these, rows whose actual is exactly the target";
        DimensionCount "dimension_count" Number "有指标行的一级指标个数" "dimensions that have rows";
        UnknownDimensionCount "unknown_dimension_count" Number "一级指标规则不认识的行数（不含空白）" "rows whose dimension the rules do not know, blank ones aside";
        UnknownDimensions "unknown_dimensions" Text "这些一级指标，以“、”相连" "these dimensions, joined by 、";
        UnknownCategoryCount "unknown_category_count" Number "二级指标规则不认识的行数（不含空白）" "rows whose category the rules do not know, blank ones aside";
        GoalCount "goal_count" Number "总体目标个数" "goals";
        GoalsExpected "goals_expected" Text "各目标的预期，以换行相连" "what was expected, goal by goal, joined by line breaks";
        GoalsAchieved "goals_achieved" Text "各目标的实际完成情况，以换行相连" "what was achieved, goal by goal, joined by line breaks";
        UnreadableAttributes "unreadable_attributes" Text "填了却读不成所要求的数的自定义栏，以“、”相连" "titles of attributes whose cells are not the number they should be, joined by 、";
    }
}

facts! {
    /// What scoring made of the form as a whole.
    FormResult {
        ExecutionPointsFloor "execution_points_floor" Number "预算执行核算得分下限" "execution, floor";
        ExecutionPointsCeiling "execution_points_ceiling" Number "预算执行核算得分上限" "execution, ceiling";
        ExecutionPointsAwarded "execution_points_awarded" Number "预算执行认定得分" "execution, awarded";
        FormPointsFloor "form_points_floor" Number "全表核算得分下限" "whole form, floor";
        FormPointsCeiling "form_points_ceiling" Number "全表核算得分上限" "whole form, ceiling";
        FormPointsAwarded "form_points_awarded" Number "全表认定得分" "whole form, awarded";
        ShortfallCount "shortfall_count" Number "未达目标的指标行数" "rows whose target was not met";
        JudgedCount "judged_count" Number "只能靠评判的指标行数" "rows that rest on judgement";
        ReviewCount "review_count" Number "需人工复核的指标行数" "rows that need review";
        InapplicablePointsPossible "inapplicable_points_possible" Number "不参加计分的行的分值之和" "points possible of the rows that take no part";
        IndicatorsPointsCeiling "indicators_points_ceiling" Number "各指标行核算得分上限之和（不含预算执行）" "indicators without execution, ceiling";
        GradeClaimed "grade_claimed" Text "自评总分对应的等级；没有对应的为空，未自评时缺" "title of the grade of the total claimed; empty where no band holds it, absent when nothing is claimed";
        GradeAwarded "grade_awarded" Text "认定得分的等级；没有的为空" "title of the grade awarded; empty where there is none";
    }
}

facts! {
    /// What an indicator row says and how it reads; known before it is scored.
    RowInput {
        Name "name" Text "三级指标名称" "indicator name";
        Dimension "dimension" Text "一级指标编号" "dimension id";
        Category "category" Text "二级指标编号" "category id";
        TargetText "target_text" Text "年度指标值原文" "target as printed";
        ActualText "actual_text" Text "实际完成值原文" "actual as printed";
        DeviationReason "deviation_reason" Text "偏差原因分析及改进措施" "reason for the deviation";
        PointsPossible "points_possible" Number "分值" "points possible";
        PointsClaimed "points_claimed" Number "自评得分" "points claimed";
        Target "target" Number "年度指标值（数）" "target, a number";
        Actual "actual" Number "实际完成值（数，已换算为指标值的单位）" "actual, in the target's unit";
        TargetLow "target_low" Number "年度指标值区间下限" "lower end of the target's range";
        TargetHigh "target_high" Number "年度指标值区间上限" "upper end of the target's range";
        TargetKind "target_kind" Text "年度指标值读法，如 NUMBER、STATEMENT" "kind of the target's reading";
        ActualKind "actual_kind" Text "实际完成值读法" "kind of the actual's reading";
        TargetComparison "target_comparison" Text "年度指标值的比较关系，如 AT_LEAST" "comparison of the target";
        TargetUnit "target_unit" Text "年度指标值的单位" "unit of the target";
        ActualUnit "actual_unit" Text "实际完成值的单位" "unit of the actual";
        Meeting "meeting" Text "是否达标：MET、EXCEEDED、NOT_MET、JUDGED、UNKNOWN" "MET, EXCEEDED, NOT_MET, JUDGED or UNKNOWN";
        Met "met" Boolean "达标（含超额）；不能断定时缺" "met or exceeded; absent when undecided";
        Judged "judged" Boolean "只能靠评判" "rests on judgement";
        Tier "tier" Text "完成程度：achieved、partly、poorly；空为不知" "tier of the actual; empty when unknown";
        NotApplicable "not_applicable" Boolean "本行写明不适用" "the row says it does not apply";
        LowerIsBetter "lower_is_better" Boolean "越低越好" "lower is better";
        FactorSlip "factor_slip" Boolean "目标与实际相差约一万倍，疑为元与万元混用" "off by a factor of 10,000";
        TargetDay "target_day" Number "年度指标值所写日期（期间取最后一天）的日数" "last day of the target's date, as a count of days";
        ActualDay "actual_day" Number "实际完成值所写日期（期间取最后一天）的日数" "last day of the actual's date, as a count of days";
        DuplicateRow "duplicate_row" Number "前面同一一级指标下同名的行（从 1 起）；没有时缺" "first earlier row of the dimension with the same name, from 1; absent if none";
        NearDuplicateRow "near_duplicate_row" Number "前面同一一级指标下名称近似的行：只差数字、标点、字序，或长名称多一字少一字；没有时缺" "first earlier row of the dimension with a name like this one: but for numerals, punctuation, the order of its characters or, in a long name, one character; absent if none";
        OtherDimensionRow "other_dimension_row" Number "前面其他一级指标下同名的行（从 1 起）；没有时缺" "first earlier row of another dimension with the same name, from 1; absent if none";
        ReasonRepeats "reason_repeats" Number "偏差原因相同的行数（含本行）；没写原因时缺" "rows that give the same reason, this one included; absent without one";
        ActualRepeats "actual_repeats" Number "实际完成值文字相同的行数（含本行）；是数值、日期或空白时缺" "rows whose actual says the same in words, this one included; absent for numbers and dates";
        TargetContradicts "target_contradicts" Boolean "年度指标值原文与所附的结构化值不一致" "the target's text contradicts the structured value beside it";
        ActualContradicts "actual_contradicts" Boolean "实际完成值原文与所附的结构化值不一致" "the actual's text contradicts the structured value beside it";
        RowNumber "row_number" Number "第几行，从 1 起" "the row's number, from 1";
        DimensionTitle "dimension_title" Text "一级指标（印制）" "dimension as printed";
        CategoryTitle "category_title" Text "二级指标（印制）" "category as printed";
        DimensionKnown "dimension_known" Boolean "规则认识这个一级指标" "the rules know the dimension";
        CategoryKnown "category_known" Boolean "规则认识这个二级指标" "the rules know the category";
        TargetYear "target_year" Number "年度指标值是日期时的年份" "year of a target that is a date";
        ActualYear "actual_year" Number "实际完成值是日期时的年份" "year of an actual that is a date";
        GroupSize "group_size" Number "本行起合用一个分值的行数；1 为单独一行" "rows that share the points of this row, itself included; 1 for a row of its own";
        GroupMetCount "group_met_count" Number "其中达标的行数" "of these, rows that met their target";
        GroupMissedCount "group_missed_count" Number "其中未达标的行数" "of these, rows that missed it";
        InGroup "in_group" Boolean "与前面的行合用分值" "shares the points of a row above";
        UnreadableColumns "unreadable_columns" Text "填了却读不成所要求的数的栏，以“、”相连" "titles of columns whose cells are not the number they should be, joined by 、";
    }
}

facts! {
    /// What scoring made of an indicator row.
    RowResult {
        PointsFloor "points_floor" Number "核算得分下限" "floor";
        PointsCeiling "points_ceiling" Number "核算得分上限" "ceiling";
        PointsAwarded "points_awarded" Number "认定得分" "awarded";
        Status "status" Text "SCORED、NOT_APPLICABLE、NEEDS_REVIEW 或 FAILED" "status of the row";
        Method "method" Text "计分方法编号" "id of the method";
        Quantified "quantified" Boolean "已核算且上下限相等" "scored with floor equal to ceiling";
    }
}

facts! {
    /// What an adjustment starts from.
    Running {
        Points "points" Number "到此为止的得分" "points so far";
    }
}

facts! {
    /// One goal block.
    GoalFact {
        Period "goal_period" Text "目标期间：annual 或 long_term" "period of the goal";
        Expected "goal_expected" Text "预期目标" "what was expected";
        Achieved "goal_achieved" Text "实际完成情况" "what was achieved";
    }
}

facts! {
    /// One row of the fund sources.
    SourceFact {
        Name "source_name" Text "资金来源名称" "name of the source";
        BudgetInitial "source_budget_initial" Number "该来源年初预算数（元）" "initial budget, yuan";
        BudgetAnnual "source_budget_annual" Number "该来源全年预算数（元）" "annual budget, yuan";
        BudgetExecuted "source_budget_executed" Number "该来源执行数（元）" "executed, yuan";
        ExecutionRate "source_execution_rate" Number "该来源执行率 = 执行数 ÷ 全年预算数" "executed ÷ annual; absent when annual is zero or blank";
        ExecutionRateClaimed "source_execution_rate_claimed" Number "该来源填报的执行率（比率）" "execution rate as claimed, a ratio";
    }
}

facts! {
    /// One dimension that the rules name.
    DimensionFact {
        Title "dimension_title" Text "一级指标名称" "title of the dimension";
        RulePoints "dimension_rule_points" Number "规则规定的一级指标分值" "points that the rules set";
        RowCount "dimension_row_count" Number "该一级指标下的行数" "rows under the dimension";
        PointsPossible "dimension_points_possible" Number "该一级指标各行分值之和" "sum of points possible of its rows";
        PointsClaimed "dimension_points_claimed" Number "该一级指标各行得分之和" "sum of points claimed of its rows";
        SubtotalPossible "dimension_subtotal_possible" Number "表上该一级指标小计的分值" "points possible in the form's subtotal";
        SubtotalClaimed "dimension_subtotal_claimed" Number "表上该一级指标小计的得分" "points claimed in the form's subtotal";
    }
}

facts! {
    /// One category that the rules name.
    CategoryFact {
        Title "category_title" Text "二级指标名称" "title of the category";
        DimensionTitle "category_dimension_title" Text "所属一级指标名称" "title of its dimension";
        RulePoints "category_rule_points" Number "规则规定的二级指标分值" "points that the rules set";
        RowCount "category_row_count" Number "该二级指标下的行数" "rows under the category";
        PointsPossible "category_points_possible" Number "该二级指标各行分值之和" "sum of points possible of its rows";
        PointsClaimed "category_points_claimed" Number "该二级指标各行得分之和" "sum of points claimed of its rows";
        SubtotalPossible "category_subtotal_possible" Number "表上该二级指标小计的分值" "points possible in the form's subtotal";
        SubtotalClaimed "category_subtotal_claimed" Number "表上该二级指标小计的得分" "points claimed in the form's subtotal";
    }
}

facts! {
    /// One field that the rules speak of, in one place of the form.
    FieldFact {
        Title "field_title" Text "栏目名称" "title of the field";
        Text "field_text" Text "栏目原文" "the text as printed";
        Required "field_required" Boolean "必填" "required";
        MaxLength "field_max_length" Number "字数上限；未设时缺" "longest text allowed, characters; absent when unset";
        RowNotApplicable "field_row_not_applicable" Boolean "所在行写明不适用，或规则不评该行" "its row says it does not apply, or the rules took it out";
        RowExcused "field_row_excused" Boolean "所在行与别的行合用分值，这一栏不必填" "its row shares points with others and need not fill it in";
    }
}

/// What a pack adds to the form's and the row's own names: the cells and columns that it declares.
#[derive(Debug, Clone, Default)]
pub(super) struct Regional {
    pub attributes: Vec<Declared>,
    pub columns: Vec<Declared>,
}

/// Whether some table has this name.
pub(super) fn is_fact(name: &str) -> bool {
    fn among<T: Copy>(all: &[T], of: fn(T) -> &'static str, name: &str) -> bool {
        all.iter().any(|fact| of(*fact) == name)
    }
    among(FormInput::ALL, FormInput::name, name)
        || among(FormResult::ALL, FormResult::name, name)
        || among(RowInput::ALL, RowInput::name, name)
        || among(RowResult::ALL, RowResult::name, name)
        || among(Running::ALL, Running::name, name)
        || among(GoalFact::ALL, GoalFact::name, name)
        || among(SourceFact::ALL, SourceFact::name, name)
        || among(DimensionFact::ALL, DimensionFact::name, name)
        || among(CategoryFact::ALL, CategoryFact::name, name)
        || among(FieldFact::ALL, FieldFact::name, name)
}

/// Which names a formula sees. Constants (parameters, word lists, tables) come first, then the names in the
/// order given here. The pack's attributes follow `FormInput` and its columns `RowInput`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Saying that a form is not for these rules: `FormInput`.
    Coverage,
    /// Scoring the execution of the budget: `FormInput`.
    ScoreExecution,
    /// Scoring a row: `FormInput`, `RowInput`.
    ScoreRow,
    /// Adjusting a row: `FormInput`, `RowInput`, `Running`.
    AdjustRow,
    /// Adjusting the execution of the budget: `FormInput`, `Running`.
    AdjustExecution,
    /// Adjusting the whole form: `FormInput`, `FormResult`, `Running`.
    AdjustForm,
    /// Checking the form: `FormInput`, `FormResult`.
    CheckForm,
    /// Checking a row: `FormInput`, `FormResult`, `RowInput`, `RowResult`.
    CheckRow,
    /// Checking a goal: `FormInput`, `FormResult`, `GoalFact`.
    CheckGoal,
    /// Checking a fund source: `FormInput`, `FormResult`, `SourceFact`.
    CheckSource,
    /// Checking a dimension: `FormInput`, `FormResult`, `DimensionFact`.
    CheckDimension,
    /// Checking a category: `FormInput`, `FormResult`, `CategoryFact`.
    CheckCategory,
    /// Checking a field: `FormInput`, `FormResult`, `FieldFact`.
    CheckField,
}

impl Scope {
    /// The names of this scope after the given constants.
    pub(super) fn names(self, constants: &[Declared], regional: &Regional) -> Names {
        let mut all = constants.to_vec();
        all.extend(FormInput::ALL.iter().map(|fact| fact.declare()));
        all.extend_from_slice(&regional.attributes);
        if self.sees_results() {
            all.extend(FormResult::ALL.iter().map(|fact| fact.declare()));
        }
        match self {
            Scope::Coverage | Scope::ScoreExecution | Scope::AdjustExecution | Scope::AdjustForm | Scope::CheckForm => {
            }
            Scope::ScoreRow | Scope::AdjustRow => {
                all.extend(RowInput::ALL.iter().map(|fact| fact.declare()));
                all.extend_from_slice(&regional.columns);
            }
            Scope::CheckRow => {
                all.extend(RowInput::ALL.iter().map(|fact| fact.declare()));
                all.extend_from_slice(&regional.columns);
                all.extend(RowResult::ALL.iter().map(|fact| fact.declare()));
            }
            Scope::CheckGoal => all.extend(GoalFact::ALL.iter().map(|fact| fact.declare())),
            Scope::CheckSource => all.extend(SourceFact::ALL.iter().map(|fact| fact.declare())),
            Scope::CheckDimension => all.extend(DimensionFact::ALL.iter().map(|fact| fact.declare())),
            Scope::CheckCategory => all.extend(CategoryFact::ALL.iter().map(|fact| fact.declare())),
            Scope::CheckField => all.extend(FieldFact::ALL.iter().map(|fact| fact.declare())),
        }
        if matches!(self, Scope::AdjustRow | Scope::AdjustExecution | Scope::AdjustForm) {
            all.extend(Running::ALL.iter().map(|fact| fact.declare()));
        }
        Names::new(all).with_constants(constants.len())
    }

    /// What comes after scoring knows `FormResult`; rows and the execution are adjusted before.
    fn sees_results(self) -> bool {
        !matches!(
            self,
            Scope::Coverage | Scope::ScoreExecution | Scope::ScoreRow | Scope::AdjustExecution | Scope::AdjustRow
        )
    }
}
