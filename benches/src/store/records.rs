//! Records as the service stores them, each of another project, unit and year.

use heng::app::rules_folder;
use heng::evaluation::evaluate;
use heng::form::Form;
use heng::pack::PackFiles;
use heng::ruleset::RuleBook;
use heng::store::{Kind, NewRecord};
use heng::wire::encode::{self, Identity};
use heng::wire::pb::v1 as pb;
use heng::wire::{decode, stored};
use prost::Message;

use crate::Setting;
use crate::forms::{self, PACK};

pub const UNITS: u64 = 50;
pub const FIRST_YEAR: i32 = 2022;
const YEARS: u64 = 3;

/// Makes records out of one evaluated form.
pub struct Maker {
    form: pb::Form,
    evaluation: pb::Evaluation,
}

impl Maker {
    /// The blank form of the pack: seven rows.
    pub fn new(setting: &Setting) -> Self {
        let folder = rules_folder::load(&setting.rules()).expect("rules");
        let national: &PackFiles = folder.iter().find(|files| files.name == PACK).expect("the pack");
        let form = Form::admit(forms::draft(&national.files["blank.yaml"])).expect("a form");
        let book = RuleBook::compile(&folder).0.expect("rules that compile");
        let evaluation = evaluate(book.get(PACK).expect("the pack"), &form);
        let evaluation = encode::evaluation_bytes(&evaluation, &Identity::default());
        Maker { form: encode::form(&form), evaluation: pb::Evaluation::decode(&*evaluation).expect("an evaluation") }
    }

    /// The record of this number.
    pub fn record(&self, number: u64) -> NewRecord {
        let (mut form, mut evaluation) = (self.form.clone(), self.evaluation.clone());
        let year = FIRST_YEAR + (number % YEARS) as i32;
        form.implementing_unit = unit(number % UNITS);
        form.project_code = format!("{number:021}");
        form.fiscal_year = year;
        evaluation.id = id(number);
        evaluation.project_code.clone_from(&form.project_code);
        evaluation.fiscal_year = year;
        let record = stored::Record {
            form: form.encode_to_vec(),
            rule_pack: evaluation.rule_pack.clone(),
            revision: evaluation.revision.clone(),
            evaluation: evaluation.encode_to_vec(),
            evaluated_at: "2026-01-01T00:00:00Z".parse().expect("a time"),
            engine_semantics: 1,
        };
        NewRecord {
            kind: Kind::Evaluation,
            id: id(number),
            request_id: Some(format!("request-{number}")),
            request_digest: [7; 32],
            payload: stored::encode(record),
        }
    }

    /// What the wire of a record says it is, read again: a bench that stores nonsense measures nothing.
    pub fn check(payload: &[u8]) {
        let record = stored::decode(payload).expect("a record");
        decode::form_bytes(&record.form).expect("a form");
    }
}

pub fn unit(number: u64) -> String {
    format!("第{number}实施单位")
}

/// As long as a ULID, and growing.
pub fn id(number: u64) -> String {
    format!("01BENCH{number:019}")
}
