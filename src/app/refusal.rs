//! Why a use case gives no answer. A form with defects is no refusal: it is evaluated, and its defects are
//! findings.

use super::publishing::Trial;
use super::rules::RevisionFault;
use crate::diagnostic::Bilingual;
use crate::form::Violation;
use crate::ruleset::Selection;
use crate::store::StoreError;
use crate::wire::json::JsonError;
use crate::wire::stored::StoredError;

/// The reasons, each with what a caller can do about it.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// The request is no form at all, or another field of it is out of range.
    Invalid(Vec<Violation>),
    /// No rules for this form.
    NoRules(Selection),
    /// No evaluation with this id, or no rule pack.
    NotFound { what: &'static str, id: String },
    /// The store did not take or give the record.
    Store(StoreError),
    /// What lies in the store cannot be read by this program.
    Unreadable { id: String, why: StoredError },
    /// A revision that was asked for cannot be used.
    Revision { revision: String, fault: RevisionFault },
    /// Somebody else changed the rule pack meanwhile.
    Stale { rule_pack: String },
    /// What is asked does not fit the state of the service.
    Precondition(Bilingual),
    /// The rules did not pass what they have to pass before they are kept.
    Unpublishable(Box<Trial>),
    /// The rules folder cannot be read.
    Folder(String),
    /// As much heavy work is under way as may be.
    Crowded,
    /// Nobody waited for the answer any more.
    Abandoned,
    /// A defect of heng.
    Internal(String),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Refusal::Store(error)
    }
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Self {
        Refusal::Internal(error.to_string())
    }
}

impl Refusal {
    /// A refusal of one field.
    pub fn of_field(field: &str, message: Bilingual) -> Self {
        Refusal::Invalid(vec![Violation { field: field.to_owned(), message }])
    }

    /// One sentence for people.
    pub fn message(&self) -> Bilingual {
        match self {
            Refusal::Invalid(violations) => match violations.as_slice() {
                [only] => Bilingual::new(
                    format!("{}：{}", only.field, only.message.zh),
                    format!("{}: {}", only.field, only.message.en),
                ),
                all => Bilingual::new(
                    format!("自评表有 {} 处无法接受的内容", all.len()),
                    format!("the form has {} fields that cannot be accepted", all.len()),
                ),
            },
            Refusal::NoRules(selection) => no_rules(selection),
            Refusal::NotFound { what, id } => {
                let id = clipped(id);
                Bilingual::new(format!("没有编号为 `{id}` 的记录"), format!("there is no {what} with id `{id}`"))
            }
            Refusal::Store(error) => {
                let zh = match error {
                    StoreError::RequestConflict { request_id, .. } => {
                        format!("请求号 `{request_id}` 已用于另一张自评表，请换一个请求号")
                    }
                    StoreError::Busy => "等待写盘的记录过多，请稍后用同一请求号重试".to_owned(),
                    _ => "记录未能可靠保存，请稍后用同一请求号重试".to_owned(),
                };
                Bilingual::new(zh, error.to_string())
            }
            Refusal::Unreadable { id, why } => {
                Bilingual::new(format!("记录 `{id}` 无法读取"), format!("evaluation {id} cannot be read: {why}"))
            }
            Refusal::Revision { revision, fault } => fault.message(&clipped(revision)),
            Refusal::Stale { rule_pack } => Bilingual::new(
                format!("规则包 `{rule_pack}` 已被他人更改；请重新读取后再试"),
                format!("rule pack `{rule_pack}` was changed meanwhile; read it again, then retry with its new etag"),
            ),
            Refusal::Precondition(message) => message.clone(),
            Refusal::Unpublishable(trial) => trial.verdict(),
            Refusal::Folder(why) => Bilingual::new("规则文件夹无法读取", why.clone()),
            Refusal::Crowded => Bilingual::new(
                "正在进行的校验、回放任务过多，请稍后重试",
                "too many checks and replays are under way; retry in a moment",
            ),
            Refusal::Abandoned => Bilingual::new("请求方已不再等待", "nobody waits for the answer any more"),
            Refusal::Internal(why) => Bilingual::new("服务内部错误", why.clone()),
        }
    }
}

fn no_rules(selection: &Selection) -> Bilingual {
    match selection {
        Selection::UnknownPack(id) => {
            let id = clipped(id);
            Bilingual::new(format!("没有规则包 `{id}`"), format!("there is no rule pack `{id}`"))
        }
        Selection::UnknownRevision { pack, wanted, current } => {
            let wanted = clipped(wanted);
            Bilingual::new(
                format!("规则包 `{pack}` 现行版本是 {current}，没有版本 {wanted}"),
                format!("rule pack `{pack}` is at {current}; there is no revision {wanted}"),
            )
        }
        Selection::NothingApplies { fiscal_year } => Bilingual::new(
            format!("没有适用于 {fiscal_year} 年度该项目的规则包"),
            format!("no rule pack applies to this project in fiscal year {fiscal_year}"),
        ),
    }
}

/// What a caller sent, as a message may repeat it.
fn clipped(text: &str) -> String {
    const SHOWN: usize = 80;
    let mut shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}
