//! The architecture as invariants: each one is a test, and a violation names its file and line.
//!
//! What clippy can see (panics, casts, disallowed methods) is in `Cargo.toml` and `clippy.toml`; here is what
//! it cannot see: which module may know which, where a crate is at home, and how large things may grow.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    reason = "this test reads the sources of the package and fails by panicking"
)]

#[path = "architecture/source.rs"]
mod source;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use source::{Source, sources, walk};

/// The modules in reading order with their layers: a module may use those of lower layers, never one of its
/// own layer and never one above.
const LAYERS: &[(&str, u32)] = &[
    ("quantity", 0),
    ("diagnostic", 0),
    ("document", 1),
    ("form", 2),
    ("pack", 2),
    ("reading", 3),
    ("formula", 3),
    ("ruleset", 4),
    ("evaluation", 5),
    ("proof", 5),
    ("regress", 6),
    ("impact", 6),
    ("counterfactual", 6),
    ("reference", 6),
    ("wire", 7),
    ("store", 8),
    ("sheet", 8),
    ("app", 9),
    ("rpc", 10),
    ("config", 10),
    ("console", 10),
    ("cli", 11),
];

/// Modules that may touch files, sockets and the clock.
const RIM: &[&str] = &["store", "sheet", "app", "rpc", "config", "console", "cli"];

/// Crates that one concern owns, with the modules that may name them: everyone else sees our own types.
const HOMES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diagnostic"]),
    ("clap", &["cli"]),
    ("hmac", &["app"]),
    ("hyper", &["rpc"]),
    ("hyper_util", &["rpc"]),
    ("num_bigint", &["quantity"]),
    ("num_rational", &["quantity"]),
    ("prost", &["wire", "rpc"]),
    ("prost_reflect", &["wire"]),
    ("rhai", &["formula"]),
    ("saphyr_parser", &["document"]),
    ("serde_yaml", &["document"]),
    ("sled", &["store"]),
    ("tonic", &["wire", "rpc"]),
    ("tonic_web", &["rpc"]),
    ("tower", &["rpc"]),
    ("tower_http", &["rpc"]),
    ("winnow", &["reading"]),
];

const LONGEST_FILE: usize = 600;
const LONGEST_FUNCTION: usize = 70;
const LONGEST_MAIN: usize = 30;
const FULLEST_FOLDER: usize = 12;

fn package() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn layer(module: &str) -> Option<u32> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
}

fn is_rim(module: &str) -> bool {
    RIM.contains(&module) || matches!(module, "main" | "lib")
}

fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations\n{}", violations.len(), violations.join("\n"));
}

/// Every place of each phrase in the sources that `concerns` picks.
fn phrases(concerns: impl Fn(&Source) -> bool, phrases: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources(&package()).iter().filter(|source| concerns(source)) {
        for phrase in phrases {
            found.extend(source.find(phrase).map(|at| source.at(at, phrase)));
        }
    }
    found
}

#[test]
fn every_module_has_its_layer_and_is_declared_in_reading_order() {
    let mut violations = Vec::new();
    let sources = sources(&package());
    for source in &sources {
        if layer(&source.module).is_none() && !matches!(source.module.as_str(), "lib" | "main") {
            violations.push(format!("{}: module `{}` has no layer", source.path, source.module));
        }
    }
    let lib = sources.iter().find(|source| source.path == "src/lib.rs").expect("the library");
    let declared: Vec<String> =
        lib.code.split("pub mod ").skip(1).map(|rest| rest.split(';').next().unwrap_or_default().into()).collect();
    let layers: Vec<_> = declared.iter().map(|module| layer(module)).collect();
    if !layers.is_sorted() {
        violations.push(format!("src/lib.rs: not in reading order: {declared:?}"));
    }
    assert_none(&violations);
}

#[test]
fn a_module_uses_lower_layers_only() {
    let mut violations = Vec::new();
    for source in sources(&package()).iter().filter(|source| source.module != "main") {
        for (at, used) in source.paths_from("crate") {
            let is_lower = match (layer(&source.module), layer(&used)) {
                (Some(own), Some(other)) => other < own || used == source.module,
                (_, None) => false,
                (None, _) => true,
            };
            if !is_lower {
                violations.push(source.at(at, &format!("`{}` uses `{used}`", source.module)));
            }
        }
    }
    assert_none(&violations);
}

#[test]
fn nothing_climbs_out_of_its_module() {
    let mut violations = Vec::new();
    for source in sources(&package()) {
        let climb = "super::".repeat(source.depth().max(1));
        violations.extend(source.find(&climb).map(|at| source.at(at, "reaches the crate's root: write `crate::…`")));
        if source.module != "main" {
            violations.extend(source.find("heng::").map(|at| source.at(at, "the library names itself `crate`")));
        }
    }
    assert_none(&violations);
}

#[test]
fn main_only_runs_the_command_line() {
    let sources = sources(&package());
    let main = sources.iter().find(|source| source.path == "src/main.rs").expect("the binary");
    assert!(main.length() <= LONGEST_MAIN, "src/main.rs has {} lines", main.length());
    let others = main.paths_from("heng").into_iter().filter(|(_, module)| module != "cli");
    assert_none(&others.map(|(at, module)| main.at(at, &format!("uses `{module}`"))).collect::<Vec<_>>());
}

#[test]
fn files_are_short() {
    let sources = sources(&package());
    let long = sources.iter().filter(|source| source.length() > LONGEST_FILE);
    assert_none(&long.map(|source| format!("{}: {} lines", source.path, source.length())).collect::<Vec<_>>());
}

#[test]
fn functions_are_short() {
    let mut violations = Vec::new();
    for source in sources(&package()) {
        for (at, name, lines) in source.functions() {
            if lines > LONGEST_FUNCTION {
                violations.push(source.at(at, &format!("`{name}` has {lines} lines")));
            }
        }
    }
    assert_none(&violations);
}

#[test]
fn folders_are_small() {
    let mut files = Vec::new();
    walk(&package().join("src"), &mut files);
    let mut folders: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for file in files {
        *folders.entry(file.parent().map(Path::to_path_buf).unwrap_or_default()).or_default() += 1;
    }
    let full = folders.iter().filter(|(_, count)| **count > FULLEST_FOLDER);
    assert_none(&full.map(|(folder, count)| format!("{}: {count} files", folder.display())).collect::<Vec<_>>());
}

#[test]
fn names_say_what_is_inside() {
    let banned = ["utils", "util", "helpers", "helper", "common", "types", "manager", "imp", "misc"];
    let mut violations = Vec::new();
    for source in sources(&package()) {
        let path = source.path.trim_end_matches(".rs");
        if path.split('/').any(|part| banned.contains(&part)) {
            violations.push(source.path.clone());
        }
        for name in banned {
            violations.extend(source.find(&format!("mod {name}")).map(|at| source.at(at, name)));
        }
    }
    assert_none(&violations);
}

#[test]
fn every_file_says_what_it_is_for() {
    let sources = sources(&package());
    let silent = sources.iter().filter(|source| !source.text.starts_with("//!"));
    assert_none(&silent.map(|source| format!("{}: no `//!`", source.path)).collect::<Vec<_>>());
}

#[test]
fn no_float_touches_anything() {
    assert_none(&phrases(|_| true, &["f32", "f64"]));
}

#[test]
fn nothing_is_unsafe() {
    assert_none(&phrases(|_| true, &["unsafe"]));
}

#[test]
fn nothing_panics_on_purpose() {
    let panics = [
        ".unwrap()",
        ".expect(\"",
        ".unwrap_err()",
        ".expect_err(\"",
        "panic!",
        "todo!",
        "unimplemented!",
        "unreachable!",
    ];
    assert_none(&phrases(|_| true, &panics));
}

#[test]
fn generated_code_stays_in_its_room() {
    assert_none(&phrases(|source| !matches!(source.module.as_str(), "wire" | "rpc"), &["pb::"]));
}

#[test]
fn a_crate_is_named_only_where_it_is_at_home() {
    let mut violations = Vec::new();
    for source in sources(&package()) {
        for (name, homes) in HOMES.iter().filter(|(_, homes)| !homes.contains(&source.module.as_str())) {
            let uses = [format!("{name}::"), format!("use {name}")];
            let mut found: Vec<usize> = uses.iter().flat_map(|phrase| source.find(phrase)).collect();
            found.dedup();
            violations.extend(found.into_iter().map(|at| source.at(at, &format!("`{name}` is at home in {homes:?}"))));
        }
    }
    assert_none(&violations);
}

#[test]
fn below_the_rim_nothing_is_read_timed_or_printed() {
    let banned = [
        "SystemTime",
        "Instant",
        "Timestamp::now",
        "Zoned::now",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "tokio",
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
        "dbg!",
    ];
    assert_none(&phrases(|source| !is_rim(&source.module), &banned));
}

#[test]
fn below_the_app_nothing_is_async() {
    let below = |source: &Source| layer(&source.module).is_some_and(|own| Some(own) < layer("app"));
    assert_none(&phrases(below, &["async fn", "async move", ".await"]));
}

#[test]
fn no_result_depends_on_the_order_of_a_hash() {
    let ordered = [
        "form",
        "pack",
        "reading",
        "ruleset",
        "evaluation",
        "proof",
        "regress",
        "impact",
        "counterfactual",
        "reference",
        "wire",
    ];
    assert_none(&phrases(|source| ordered.contains(&source.module.as_str()), &["HashMap", "HashSet"]));
}

#[test]
fn suppressions_carry_a_reason() {
    let mut violations = Vec::new();
    for source in sources(&package()) {
        for (at, attribute) in source.suppressions() {
            if !attribute.contains("reason = \"") {
                violations.push(source.at(at, attribute));
            }
            if attribute.contains("disallowed_methods") && !is_rim(&source.module) {
                violations.push(source.at(at, "only the rim may touch clock, files and environment"));
            }
        }
    }
    assert_none(&violations);
}

/// Paths of somebody's machine and hosts of somebody's mirror. Assembled, so that this file holds none.
#[test]
fn tracked_files_name_no_machine() {
    let home =
        ["/ro|ot/", "/ho|me/", "/Us|ers/", "/wo|rk/", "/tm|p/h/", "C:\\Us|ers\\"].map(|path| path.replace('|', ""));
    let mirrors = [
        "rspro|xy.cn",
        "tuna.tsing|hua",
        "mirrors.ali|yun",
        "mirrors.ust|c",
        "npmmir|ror",
        "artifac|tory",
        "replace|-with",
    ];
    let mirrors = mirrors.map(|host| host.replace('|', ""));
    let mut violations = Vec::new();
    for path in tracked_files() {
        let Ok(text) = std::fs::read_to_string(package().join(&path)) else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            for found in home.iter().chain(&mirrors).filter(|phrase| line.contains(phrase.as_str())) {
                violations.push(format!("{path}:{number}: {found}"));
            }
            if path == "Cargo.lock"
                && line.starts_with("source = ")
                && !line.contains("github.com/rust-lang/crates.io-index")
            {
                violations.push(format!("{path}:{number}: {line}"));
            }
        }
    }
    assert_none(&violations);
}

/// What git tracks, or would with the next `add`; nothing where git or the repository is missing, as in a
/// package that was unpacked from an archive.
fn tracked_files() -> Vec<String> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    match Command::new("git").args(arguments).current_dir(package()).output() {
        Ok(output) if output.status.success() => {
            String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}
