//! Claims as diagnostics.

use super::claim::{self, Claim, Doubt, Input, Property, Refutation, Verdict};
use crate::diagnostic::{Bilingual, Diagnostic, Place, Severity};
use crate::document::Problems;
use crate::ruleset::{Entry, Outcome, OwnedFormula, RuleSet};

/// What a claim that does not stand tells the author; nothing for one that does.
pub(super) fn diagnostic(claim: &Claim, entries: &[&Entry]) -> Option<Diagnostic> {
    let place = claim.place.clone();
    let found = match (&claim.verdict, claim.property) {
        (Verdict::Proven | Verdict::Intended, _) => return None,
        (Verdict::NotProven(doubt), property) => {
            let help = Bilingual::new(
                "未能判定不等于有错：请把公式改写得简单些，或用案例覆盖",
                "this is no error: write the formula more simply, or cover it with cases",
            );
            let found = Diagnostic::warning("not_proven", place, unproven(claim, property, doubt)).with_help(help);
            // Nothing that the author could write differently.
            let severity = if *doubt == Doubt::Unbounded { Severity::Info } else { found.severity };
            Diagnostic { severity, ..found }
        }
        (Verdict::Dead(why), Property::CanFire) => {
            let message = Bilingual::new(
                format!("校验 `{}` {}", short(&claim.rule), why.zh),
                format!("check `{}` {}", short(&claim.rule), why.en),
            );
            Diagnostic::warning("dead_check", place, message)
        }
        (Verdict::Dead(why), Property::BranchesTaken) => Diagnostic::warning("dead_branch", place, why.clone()),
        (Verdict::Dead(why), _) => Diagnostic::error("unreachable_entry", place, why.clone()),
        (Verdict::Refuted(found), property) => refuted(claim, property, found),
    };
    Some(match entries.iter().find(|entry| entry.id == claim.entry) {
        Some(entry) if entry.place != claim.place => {
            let note =
                Bilingual::new(format!("经由条目 `{}`", entry.id), format!("by way of the entry `{}`", entry.id));
            found.with_related(entry.place.clone(), note)
        }
        _ => found,
    })
}

/// Entries that decide points and rest on nothing: a method cites, a denial of points must do so itself.
pub(super) fn without_citation(entries: &[Entry]) -> Problems {
    let denying = entries.iter().filter(|entry| entry.outcome == Outcome::Unscored && entry.citation.is_none());
    let told = denying.map(|entry| {
        let id = &entry.id;
        let message = Bilingual::new(
            format!("条目 `{id}` 不给分，却没有依据"),
            format!("the entry `{id}` denies points and cites nothing"),
        );
        let help = Bilingual::new("请写 cite: {source: …, basis: …}", "write cite: {source: …, basis: …}");
        Diagnostic::warning("entry_without_citation", entry.place.clone(), message).with_help(help)
    });
    told.collect()
}

/// Formulas that the interpreter runs: with the same meaning, more slowly, and out of reach of proofs.
pub(super) fn interpreted(rules: &RuleSet) -> Problems {
    let interpreted = rules.formulas().into_iter().filter(|owned| !owned.formula.is_compiled());
    let told = interpreted.map(|OwnedFormula { section, id, at, .. }| {
        let message = Bilingual::new(
            format!("`{section}.{id}` 的公式由解释器执行，没有编译：公式或所调用的脚本里有循环、赋值或列表"),
            format!(
                "the formula of `{section}.{id}` runs in the interpreter and is not compiled: it, or a script it calls, has \
                 a loop, an assignment or a list"
            ),
        );
        let help = Bilingual::new(
            "结果不变，但较慢，也无从证明；不用循环、赋值和列表就能编译",
            "the result is the same, but slower, and nothing is proven of it; without loops, assignments and lists it compiles",
        );
        Diagnostic { severity: Severity::Info, ..Diagnostic::warning("interpreted_formula", at.place.clone(), message) }
            .with_help(help)
    });
    told.collect()
}

/// `proportional` of `methods.proportional`.
fn short(rule: &str) -> &str {
    rule.split_once('.').map_or(rule, |(_, id)| id)
}

fn refuted(claim: &Claim, property: Property, found: &Refutation) -> Diagnostic {
    let id = short(&claim.rule);
    let place = claim.place.clone();
    let [one, two] = [found.inputs.first(), found.inputs.last()].map(|pair| pair.map(told).unwrap_or_default());
    match property {
        Property::Direction => {
            let message = Bilingual::new(
                format!("`{id}` 声明的方向不成立：{}；{}", one.zh, two.zh),
                format!("`{id}` does not move as declared: {}; {}", one.en, two.en),
            );
            Diagnostic::error("direction_refuted", place, message)
        }
        Property::NoJump => {
            let message = Bilingual::new(
                format!("`{id}` 的得分有跳变，万分之一之差超过 1 分：{}；{}", one.zh, two.zh),
                format!(
                    "`{id}` jumps: a hundredth of a percentage point moves more than a point: {}; {}",
                    one.en, two.en
                ),
            );
            let jump = Diagnostic::warning("jump", place, message).with_help(Bilingual::new(
                "有意为之的，请在方法里写 `jump: intended`",
                "where that is meant, write `jump: intended` in the method",
            ));
            if claim.stepwise { Diagnostic { severity: Severity::Info, ..jump } } else { jump }
        }
        Property::Defined if claim.rule.starts_with("checks.") => {
            let message = Bilingual::new(
                format!("校验 `{id}` 会算不出，因而不成立：{}", one.zh),
                format!("check `{id}` fails, and so does not hold: {}", one.en),
            );
            Diagnostic::warning("undefined_at", place, message)
        }
        Property::Defined => {
            let message = Bilingual::new(format!("`{id}` 会算不出：{}", one.zh), format!("`{id}` fails: {}", one.en));
            Diagnostic::error("undefined_at", place, message).with_help(Bilingual::new(
                "请在条目里排除这种输入，或在公式里先判断",
                "keep such inputs from the method by an entry, or test for them in the formula",
            ))
        }
        _ => {
            let message = Bilingual::new(
                format!("`{id}` 的得分会超出 0 与分值之间：{}", one.zh),
                format!("`{id}` leaves the range from 0 to points possible: {}", one.en),
            );
            Diagnostic::error("score_out_of_range", place, message)
                .with_help(Bilingual::new("请用 min、max 或 clamp 限制结果", "bound the result with min, max or clamp"))
        }
    }
}

/// `points_possible = 10, actual = 25 时得 25`
fn told((input, outcome): &(Input, claim::Outcome)) -> Bilingual {
    match outcome {
        claim::Outcome::Value(value) => Bilingual::new(format!("{input} 时得 {value}"), format!("{value} for {input}")),
        claim::Outcome::Failure(why) => {
            Bilingual::new(format!("{input} 时{}", why.zh), format!("{} for {input}", why.en))
        }
    }
}

fn unproven(claim: &Claim, property: Property, doubt: &Doubt) -> Bilingual {
    let why = match doubt {
        Doubt::Interpreted(name) if name.is_empty() => {
            Bilingual::new("用到循环、赋值或列表", "it uses a loop, an assignment or a list")
        }
        Doubt::Interpreted(name) => Bilingual::new(
            format!("函数 `{name}` 用到循环、赋值或列表"),
            format!("its function `{name}` uses a loop, an assignment or a list"),
        ),
        Doubt::Construct(name) => {
            Bilingual::new(format!("`{name}` 的运算对象过于复杂"), format!("the operands of `{name}` are too complex"))
        }
        Doubt::Unbounded => Bilingual::new(
            "它会提高全表得分，而全表分值只有填了表才知道，由计分时核对",
            "it raises the points of the form, and how many are possible is known only of a form: scoring verifies it",
        ),
        Doubt::Unseen => Bilingual::new(
            "没有找到使它成立的输入，也没有案例使它成立",
            "no input was found for which it holds, and it holds in no case",
        ),
        Doubt::TooManyCases => Bilingual::new("分支过多", "it has too many branches"),
        Doubt::Undecided => {
            Bilingual::new("既没有找到证明，也没有找到反例", "neither a proof nor an input that breaks it was found")
        }
    };
    let (title, id) = (property.title(), short(&claim.rule));
    Bilingual::new(
        format!("未能判定 `{id}`“{}”：{}", title.zh, why.zh),
        format!("not proven of `{id}`: {}: {}", title.en, why.en),
    )
}

/// A branch that no input takes.
pub(super) fn dead_branch(place: Place, rule: &str, never: bool) -> Claim {
    let why = if never {
        Bilingual::new("这个条件永远不成立，其后的分支走不到", "this condition never holds: its branch is never taken")
    } else {
        Bilingual::new(
            "这个条件永远成立，否则的分支走不到",
            "this condition always holds: what stands after `else` is never taken",
        )
    };
    Claim {
        property: Property::BranchesTaken,
        rule: rule.to_owned(),
        entry: String::new(),
        place,
        verdict: Verdict::Dead(why),
        stepwise: false,
    }
}
