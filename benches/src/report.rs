//! The page: what was measured, on what, and what was wanted.

use std::fs::read_to_string;
use std::process::Command;

use crate::Setting;
use crate::page::{Goal, Part, Table};

/// Crates whose version matters to somebody who compares.
const CRATES: [&str; 9] =
    ["mimalloc", "prost", "regorus", "rhai", "rust_decimal", "serde_yaml", "sled", "tonic", "zen-engine"];

pub fn page(setting: &Setting, parts: &[&str]) -> String {
    let found = parts.iter().map(|name| (*name, Part::load(&setting.work.join(format!("{name}.json")))));
    let found: Vec<(&str, Part)> = found.filter_map(|(name, part)| Some((name, part?))).collect();
    let notes = read_to_string(setting.root.join("benches/notes.md")).unwrap_or_default();
    let mut page = String::from(
        "# Performance\n\n<!-- Written by benches/run; the notes are benches/notes.md. Do not edit this page. -->\n\n\
         What heng costs beside what it could cost at least, and beside engines that score by rules. Everything is \
         measured against something in the same run, in turns, so that a busy machine moves both: read the ratios.\n\n",
    );
    page += &goals(&found);
    page += &format!("\n## Why the misses\n\n{}\n", notes.trim());
    page += &format!("\n## Machine\n\n{}", machine());
    page += &format!("\n## How to reproduce\n\n{}", HOW);
    for (name, part) in &found {
        page += &format!("\n## {name}\n\nMeasured {}.\n", part.measured);
        part.tables.iter().for_each(|table| page += &format!("\n{}", table.markdown()));
    }
    page
}

const HOW: &str = "```sh\n\
    benches/run            # everything, about half an hour; writes this page\n\
    benches/run --quick    # shorter rounds and smaller stores, a few minutes\n\
    benches/run --million  # with a store of a million records: about 40 GiB of disk\n\
    benches/run engine     # one part: engine, service, store, rules or start\n\
    ```\n\n\
    The peers live in a package of its own below `benches/`; the product is built without them, and both are built \
    with the product's release profile. Close everything else: two busy cores make every figure worse, and the \
    latencies useless.\n";

fn goals(found: &[(&str, Part)]) -> String {
    let mut table = Table::new("", "", &["goal", "wanted", "measured", ""]);
    for Goal { what, wanted, measured, met } in found.iter().flat_map(|(_, part)| &part.goals) {
        let verdict = if *met { "met" } else { "**missed**" };
        table.row([what.clone(), wanted.clone(), measured.clone(), verdict.to_owned()]);
    }
    let met = found.iter().flat_map(|(_, part)| &part.goals).filter(|goal| goal.met).count();
    let all = found.iter().map(|(_, part)| part.goals.len()).sum::<usize>();
    format!("## Goals\n\n{met} of {all} met.\n\n{}", table.markdown().trim_start_matches(['#', '\n', ' ']))
}

fn machine() -> String {
    let info = read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    let model = model.trim_start_matches(['\t', ' ', ':']);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = read_to_string("/proc/meminfo").unwrap_or_default();
    let memory = memory.lines().find_map(|line| line.strip_prefix("MemTotal:")).unwrap_or_default();
    let memory: u64 = memory.trim().trim_end_matches(" kB").parse().unwrap_or_default();
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let lock = read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).unwrap_or_default();
    let versions = CRATES.map(|name| format!("{name} {}", version(&lock, name)));
    let load = read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    [
        format!("- {model}, {cores} cores, {} GiB, Linux {}", memory.div_ceil(1 << 20), kernel.trim()),
        format!("- {}; heng {}", output("rustc", &["--version"]), output("git", &["describe", "--always", "--dirty"])),
        format!("- {}", versions.join(", ")),
        format!("- load average when the page was written: {load}\n"),
    ]
    .join("\n")
}

/// The version of a crate in the lock; the newest where there are several.
fn version(lock: &str, name: &str) -> String {
    let head = format!("name = \"{name}\"\nversion = \"");
    let found = lock.match_indices(&head).last();
    let found = found.and_then(|(at, _)| lock[at + head.len()..].split_once('"'));
    found.map_or_else(String::new, |(version, _)| version.to_owned())
}

/// The day and how much was measured.
pub fn today(quick: bool) -> String {
    let day = output("date", &["--utc", "+%Y-%m-%d"]);
    if quick { format!("{day}, quickly: short rounds, wide spreads") } else { day }
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
