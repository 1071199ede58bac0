//! Measures heng beside its peers, in one process or as the service, and writes `docs/performance.md`.
//!
//! `benches/run` builds what is needed and calls this; see `docs/performance.md` for how to read the figures.

mod engine;
mod forms;
mod journal;
mod page;
mod process;
mod report;
mod rules;
mod sample;
mod service;
mod start;
mod store;

use std::path::{Path, PathBuf};

use page::Part;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is measured, and how.
pub struct Setting {
    /// The built `heng`.
    pub heng: PathBuf,
    /// The repository.
    pub root: PathBuf,
    /// Where results and the data of servers lie.
    pub work: PathBuf,
    /// Shorter and fewer rounds, and nothing that takes minutes.
    pub quick: bool,
    /// Stores of a million records, too.
    pub million: bool,
}

impl Setting {
    /// One number for a full run and one for a quick one.
    pub fn of<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    pub fn rules(&self) -> PathBuf {
        self.root.join("rules")
    }
}

type Measure = fn(&Setting) -> Part;

const PARTS: [(&str, Measure); 5] = [
    ("engine", engine::measure),
    ("service", service::measure),
    ("store", store::measure),
    ("rules", rules::measure),
    ("start", start::measure),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("echo") => return service::echo::run(&arguments[1..]),
        Some("hold") => return store::held::run(&arguments[1..]),
        _ => {}
    }
    let flag = |name: &str| arguments.iter().any(|argument| argument == name);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned();
    let heng = std::env::var_os("HENG_BIN").map(PathBuf::from).expect("HENG_BIN names the built heng");
    let work = std::env::var_os("HENG_BENCH_WORK").map(PathBuf::from).expect("HENG_BENCH_WORK names a folder");
    std::fs::create_dir_all(&work).expect("a folder for results");
    let setting = Setting { heng, root, work, quick: flag("--quick"), million: flag("--million") };
    let wanted: Vec<&str> = arguments.iter().map(String::as_str).filter(|name| !name.starts_with('-')).collect();
    for (name, measure) in PARTS {
        if wanted.is_empty() || wanted.contains(&name) {
            eprintln!("=== {name}");
            let mut part = measure(&setting);
            part.measured = report::today(setting.quick);
            part.tables.iter().for_each(|table| println!("{}", table.markdown()));
            part.save(&setting.work.join(format!("{name}.json")));
        }
    }
    let page = report::page(&setting, &PARTS.map(|(name, _)| name));
    if flag("--no-page") {
        return;
    }
    std::fs::write(setting.root.join("docs/performance.md"), page).expect("a page that can be written");
}
