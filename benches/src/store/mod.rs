//! Durable writes beside a bare append and fdatasync of the same groups; reads, pages, start, memory and disk as the
//! store grows.

pub mod held;
mod records;
mod writing;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use crate::Setting;
use crate::page::{Goal, Part, Table};
use crate::sample::{Spread, number};
use held::Held;
use records::Maker;

/// Writers whose share of the raw rate is a goal.
const WRITERS: u64 = 64;
/// Records that are made before they are written: what is measured is the store.
const ROUND: u64 = 6400;

pub fn measure(setting: &Setting) -> Part {
    let maker = Arc::new(Maker::new(setting));
    let mut part = Part::default();
    writes(setting, &maker, &mut part);
    growth(setting, &maker, &mut part);
    part
}

fn writes(setting: &Setting, maker: &Arc<Maker>, part: &mut Part) {
    let rounds = setting.of(7, 3);
    let bytes = maker.record(0).payload.len();
    let mut table = Table::new(
        "Durable writes",
        format!(
            "Records of {bytes} bytes, each filed under what it says; medians of {rounds} rounds. Raw: one thread appends \
             the very groups that heng made, with fdatasync after each, and does nothing else."
        ),
        &["writers", "records/s", "raw records/s", "heng ÷ raw", "p50 µs", "p99 µs", "records a group"],
    );
    for writers in [1, WRITERS] {
        let folder = fresh(&setting.work.join("store-writes"));
        let store = writing::open(&folder);
        let records = if writers == 1 { setting.of(2000, 300) } else { setting.of(ROUND * 2, ROUND) };
        let [mut rates, mut raws, mut ratios, mut middles, mut ends] = std::array::from_fn(|_| Vec::new());
        let mut made = 0;
        let mut grouped = 0;
        for _ in 0..=rounds {
            let (seconds, waits) = writing::write(&store, maker, made..made + records, writers);
            let groups = writing::groups(&folder, made);
            let raw = writing::raw(&setting.work.join("store-raw"), &groups);
            made += records;
            grouped += groups.len();
            rates.push(records as f64 / seconds);
            raws.push(records as f64 / raw);
            ratios.push(raw / seconds);
            let waits = sorted(waits);
            middles.push(waits[waits.len() / 2]);
            ends.push(waits[(waits.len() - 1) * 99 / 100]);
        }
        let [rates, raws, ratios, middles, ends] =
            [rates, raws, ratios, middles, ends].map(|values| Spread::of(values[1..].to_vec()));
        table.row([
            writers.to_string(),
            rates.shown(1.0),
            raws.shown(1.0),
            ratios.shown(1.0),
            middles.shown(1.0),
            ends.shown(1.0),
            number(made as f64 / grouped as f64),
        ]);
        if writers == WRITERS {
            let what = format!("durable writes, {WRITERS} writers ÷ raw append and fdatasync");
            part.goals.push(Goal::at_least(what, 0.8, ratios.median, ""));
        }
        drop(store);
        fresh(&folder);
    }
    part.tables.push(table);
}

fn growth(setting: &Setting, maker: &Arc<Maker>, part: &mut Part) {
    let mut sizes = vec![10_000, 100_000];
    if setting.quick {
        sizes = vec![10_000, 20_000];
    }
    if setting.million {
        sizes.push(1_000_000);
    }
    let mut table = Table::new(
        "As the store grows",
        "Each size is opened in a process of its own: memory once it is open, and after the reads. Times are medians \
         (quartiles); a page has 50 evaluations; the filter asks for a unit and a year.",
        &[
            "records",
            "open ms",
            "MiB open",
            "MiB after reads",
            "get µs",
            "page µs",
            "page with filter µs",
            "disk MiB",
            "disk ÷ payload",
            "writes/s",
        ],
    );
    let folder = fresh(&setting.work.join("store-growth"));
    let (mut made, mut payload) = (0, 0_u64);
    let mut all: Vec<Held> = Vec::new();
    for records in sizes {
        let store = writing::open(&folder);
        let (before, mut spent) = (made, 0.0);
        while made < records {
            let next = records.min(made + ROUND);
            spent += writing::write(&store, maker, made..next, WRITERS.min(next - made)).0;
            // What a division among writers leaves over.
            let written = made + (next - made) / WRITERS.min(next - made) * WRITERS.min(next - made);
            payload += (written - made) * maker.record(made).payload.len() as u64;
            made = written;
        }
        drop(store);
        let held = hold(&folder, made);
        let disk = disk(&folder);
        let times = |[low, median, high]: [f64; 3]| Spread { low, median, high }.shown(1.0);
        table.row([
            made.to_string(),
            number(held.open / 1e3),
            number(held.opened_memory),
            number(held.memory),
            times(held.get),
            times(held.page),
            times(held.filtered),
            number(disk as f64 / f64::from(1 << 20)),
            number(disk as f64 / payload as f64),
            number((made - before) as f64 / spent),
        ]);
        all.push(held);
    }
    part.tables.push(table);
    goals(&all, made, part);
    fresh(&folder);
}

fn goals(all: &[Held], largest: u64, part: &mut Part) {
    let (Some(first), Some(last)) = (all.first(), all.last()) else { return };
    let what = |what: &str| format!("{what} at {largest} records");
    part.goals.push(Goal::at_most(what("get ÷ get in the smallest store,"), 1.5, last.get[1] / first.get[1], ""));
    part.goals.push(Goal::at_most(what("page with filter ÷ page without,"), 5.0, last.filtered[1] / last.page[1], ""));
    part.goals.push(Goal::at_most(what("opening the store"), 3.0, last.open / 1e6, " s"));
    part.goals.push(Goal::at_most(what("memory of the opened store"), 300.0, last.memory, " MiB"));
}

fn hold(folder: &Path, records: u64) -> Held {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).arg("hold").arg(folder).arg(records.to_string()).output().expect("a process");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("what it held")
}

fn disk(folder: &Path) -> u64 {
    let items = std::fs::read_dir(folder).expect("a folder").map(|item| item.expect("an item").path());
    items.map(|path| if path.is_dir() { disk(&path) } else { blocks(&path) }).sum()
}

/// Bytes that a file takes on the disk.
fn blocks(path: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map_or(0, |metadata| metadata.blocks() * 512)
}

/// The folder, empty.
fn fresh(folder: &Path) -> std::path::PathBuf {
    std::fs::remove_dir_all(folder).ok();
    std::fs::create_dir_all(folder).expect("a folder");
    folder.to_owned()
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}
