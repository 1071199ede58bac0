//! Forms by the thousand: the same for the same seed, of many layouts' habits, some of them bad.

use heng::form::{AmountsDraft, Draft, FundsDraft, GoalDraft, IndicatorDraft, TotalDraft};

/// Dimension, category, name, targets, actuals.
type Pool = (&'static str, &'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const ROWS: &[Pool] = &[
    (
        "产出指标",
        "数量指标",
        "培训场次",
        &["≥10场", "10场", "不少于8场"],
        &["10场", "9场", "12场", "7场", "30场", "", "0场"],
    ),
    ("产出指标", "数量指标", "维修公里数", &["50公里", "≥50.5公里"], &["50公里", "48.35公里", "50.5公里", "20公里"]),
    ("产出指标", "质量指标", "验收合格率", &["100%", "≥95%", "95%以上"], &["100%", "96%", "94.99%", "91.76%", "80%"]),
    ("产出指标", "质量指标", "资料规范性", &["规范", "完整规范"], &["规范", "基本完成", "已完成", "未完成", "较好"]),
    (
        "产出指标",
        "时效指标",
        "完成时间",
        &["2023年12月底前", "12月31日前"],
        &["2023年11月", "2023年12月31日", "2024年1月15日", "按时完成"],
    ),
    (
        "产出指标",
        "成本指标",
        "培训成本",
        &["≤20万元", "不超过200000元", "控制在20万元以内"],
        &["18万元", "20万元", "20.01万元", "35万元", "180000元"],
    ),
    ("产出指标", "成本指标", "单价", &["300-500元/人次", "≤500元/人次"], &["400元/人次", "520元/人次", "280元/人次"]),
    (
        "效益指标",
        "社会效益指标",
        "群众出行改善",
        &["明显改善", "有所提升"],
        &["明显改善", "有所改善", "基本完成", "达成预期指标", "不明显"],
    ),
    ("效益指标", "经济效益指标", "投诉次数", &["0次", "≤0次", "≤3次"], &["0次", "1次", "3次", "4次"]),
    ("效益指标", "生态效益指标", "绿化率", &["≥30%", "不适用"], &["31%", "29.5%", "不适用", "/"]),
    ("满意度指标", "服务对象满意度指标", "群众满意度", &["≥90%", "90%"], &["95%", "90%", "89.9%", "85%", "98.5%"]),
];

const CODES: &[&str] =
    &["440307220601500400009", "440307220601500400010", "510100000000000000002", "", "140000000000000000003"];

struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).expect("small")).expect("small")
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.get(self.below(of.len())).expect("not empty")
    }

    fn seldom(&mut self) -> bool {
        self.below(12) == 0
    }
}

/// `count` forms.
pub fn drafts(count: usize, seed: u64) -> Vec<Draft> {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    (0..count).map(|at| draft(at, &mut dice)).collect()
}

fn draft(at: usize, dice: &mut Dice) -> Draft {
    let annual = 1000 + dice.below(9_000_000);
    let executed = if dice.seldom() { annual + dice.below(1000) } else { annual - dice.below(annual / 2) };
    let year = 2020 + dice.below(4);
    let mut indicators: Vec<IndicatorDraft> = Vec::new();
    for (dimension, points) in [("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)] {
        let pool: Vec<&Pool> = ROWS.iter().filter(|(own, ..)| *own == dimension).collect();
        let count = 1 + dice.below(4.min(pool.len() + 1));
        for index in 0..count {
            let (_, category, name, targets, actuals) = pool.get(dice.below(pool.len())).expect("a row");
            let share = points / count + if index == 0 { points % count } else { 0 };
            let claimed = if dice.seldom() { share + 1 } else { share - dice.below(share / 3 + 1) };
            indicators.push(IndicatorDraft {
                dimension: dimension.to_owned(),
                category: (*category).to_owned(),
                name: format!("{name}{}", if dice.seldom() { "（追加）" } else { "" }),
                target: dice.one(targets).to_owned(),
                actual: dice.one(actuals).to_owned(),
                points_possible: share.to_string(),
                points_claimed: if dice.seldom() { String::new() } else { claimed.to_string() },
                deviation_reason: if dice.below(3) == 0 {
                    "受疫情影响，部分活动延期举办".to_owned()
                } else {
                    String::new()
                },
                ..IndicatorDraft::default()
            });
        }
    }
    Draft {
        project_code: dice.one(CODES).to_owned(),
        project_name: format!("项目{at}"),
        fiscal_year: year.to_string(),
        implementing_unit: "某局".to_owned(),
        primary_budget_unit: "某局".to_owned(),
        funds: FundsDraft {
            unit: "元".to_owned(),
            points_possible: "10".to_owned(),
            points_claimed: if dice.seldom() { String::new() } else { "10".to_owned() },
            total: AmountsDraft {
                budget_initial: annual.to_string(),
                budget_annual: if dice.seldom() { "0".to_owned() } else { annual.to_string() },
                budget_executed: executed.to_string(),
            },
            ..FundsDraft::default()
        },
        goals: vec![GoalDraft {
            period: "annual".to_owned(),
            expected: "完成全年道路养护和培训任务，群众出行条件改善".to_owned(),
            achieved: "全年养护和培训任务均已完成，群众出行条件明显改善".to_owned(),
        }],
        indicators,
        total: TotalDraft { points_possible: "100".to_owned(), ..TotalDraft::default() },
        ..Draft::default()
    }
}
