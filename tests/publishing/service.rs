//! A service without transport over a store of its own, with the national rules and one region's.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use heng::app::{
    ActivateRequest, App, EvaluateRequest, FILING, Gate, LiveRules, PageTokens, Publication, SentFiles, StartError,
};
use heng::diagnostic::Lang;
use heng::document::{Limits, Problems, parse};
use heng::form::Draft;
use heng::impact::Budget;
use heng::store::{EmbeddedStore, Options, Store};
use heng::wire::pb::v1 as pb;
use prost::Message;

pub const PACK: &str = "longgang-2022";

/// Bands under which the sample form is no longer 优.
pub const STRICT: &str = "bands:\n  excellent: {replaces: mof-2020, points: \"[99, 100]\"}\n  good: {replaces: mof-2020, points: \"[80, 99)\"}\n";

/// A folder that goes away with the value.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("heng-publishing-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Folder(std::env::temp_dir().join(name));
        for pack in ["mof-2020", PACK] {
            let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(pack);
            copy(&own, &folder.rules().join(pack));
        }
        folder
    }

    pub fn rules(&self) -> PathBuf {
        self.0.join("rules")
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.rules().join(path), text).unwrap();
    }

    /// Opens the store and what served last, as `heng serve` does.
    pub fn start(&self, gate: Gate) -> Service {
        self.try_start(gate).unwrap_or_else(|error| panic!("{error:?}"))
    }

    pub fn try_start(&self, gate: Gate) -> Result<Service, StartError> {
        let options = Options { reserve_bytes: 0, filing: FILING, ..Options::default() };
        let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(&self.data(), options).unwrap());
        let rules = Arc::new(LiveRules::open(&self.rules(), Arc::clone(&store), gate, Lang::En)?);
        Ok(Service { app: App::new(rules, store, PageTokens::passing().unwrap()) })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(item.file_name());
        if item.file_type().unwrap().is_dir() {
            copy(&item.path(), &target);
        } else {
            std::fs::copy(item.path(), target).unwrap();
        }
    }
}

pub struct Service {
    pub app: App,
}

impl Service {
    pub async fn evaluate(&self, revision: &str) -> pb::Evaluation {
        let request = EvaluateRequest { revision: revision.to_owned(), ..request() };
        let bytes = self.app.evaluate(request).await.unwrap();
        pb::Evaluation::decode(bytes.as_slice()).unwrap()
    }

    pub async fn grade(&self) -> String {
        self.evaluate("").await.grade.unwrap().id
    }

    pub fn revision(&self) -> String {
        self.app.rules().book.get(PACK).unwrap().revision.clone()
    }

    pub fn etag(&self) -> String {
        self.app.rules().standing[PACK].etag.clone()
    }
}

pub fn activation(revision: &str, etag: &str) -> ActivateRequest {
    ActivateRequest {
        rule_pack: PACK.to_owned(),
        revision: revision.to_owned(),
        etag: etag.to_owned(),
        author: "王审计".to_owned(),
        reason: "等级线按新文件".to_owned(),
        ..ActivateRequest::default()
    }
}

/// The region's files, with some written anew and some left out.
pub fn publication(written: &[(&str, &str)], left_out: &[&str], budget: Budget) -> Publication {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules").join(PACK);
    let pack = heng::app::rules_folder::load(&own).unwrap().remove(0);
    let mut files: SentFiles =
        pack.files.iter().map(|(path, text)| (format!("{PACK}/{path}"), text.to_string())).collect();
    files.extend(written.iter().map(|(path, text)| (format!("{PACK}/{path}"), (*text).to_owned())));
    files.retain(|path, _| !left_out.iter().any(|left| path.ends_with(left)));
    Publication {
        rule_pack: PACK.to_owned(),
        files,
        budget,
        author: "王审计".to_owned(),
        reason: "等级线按新文件".to_owned(),
        etag: String::new(),
        validate_only: false,
    }
}

/// The strict bands, without the cases that want the old ones.
pub fn strict(budget: Budget) -> Publication {
    publication(&[("grades.yaml", STRICT)], &["cases/sample.yaml"], budget)
}

/// To score the sample form.
pub fn request() -> EvaluateRequest {
    EvaluateRequest { draft: Some(sample()), ..EvaluateRequest::default() }
}

fn sample() -> Draft {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/longgang-2022.yaml");
    let node = parse("sample", &std::fs::read_to_string(path).unwrap(), &Limits::FORM).unwrap();
    Draft::from_node(&node, &mut Problems::new())
}
