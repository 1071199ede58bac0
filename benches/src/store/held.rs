//! A store opened in a process of its own, so that what it holds in memory is its own: how long it took to open, to
//! read and to find.

use std::path::Path;

use heng::app::{FILING, Filter};
use heng::store::{EmbeddedStore, Kind, Options, Order, Query, Store};
use serde::{Deserialize, Serialize};

use super::records::{FIRST_YEAR, Maker, id, unit};
use crate::process::resident;
use crate::sample::{Spread, timed};

const PAGE: usize = 50;
const GETS: u64 = 2000;
const PAGES: u64 = 40;

/// Times in microseconds, memory in MiB.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Held {
    pub open: f64,
    pub opened_memory: f64,
    pub get: [f64; 3],
    pub page: [f64; 3],
    pub filtered: [f64; 3],
    pub memory: f64,
}

/// Arguments: the folder of the store; how many records it has. Prints what it found as JSON.
pub fn run(arguments: &[String]) {
    let [folder, records] = arguments else { panic!("FOLDER RECORDS") };
    let records: u64 = records.parse().expect("a number");
    let options = Options { filing: FILING, ..Options::default() };
    let (store, open) = timed(|| EmbeddedStore::open(Path::new(folder), options).expect("a store"));
    let opened_memory = resident(std::process::id());
    // Spread over all records, in no order that a cache would like.
    let numbers = (0..GETS).map(|turn| (turn * 2_654_435_761) % records);
    let get = numbers.map(|number| {
        let (found, seconds) = timed(|| store.get(Kind::Evaluation, &id(number)).expect("a store that reads"));
        Maker::check(&found.expect("the record").payload);
        seconds * 1e6
    });
    let get = Spread::of(get.collect());
    let page = pages(&store, &Filter::default(), |_| Filter::default());
    let filter = |turn: u64| Filter {
        fiscal_year: FIRST_YEAR + (turn % 3) as i32,
        implementing_unit: unit(turn),
        ..Filter::default()
    };
    let filtered = pages(&store, &filter(0), filter);
    let three = |spread: Spread| [spread.low, spread.median, spread.high];
    let held = Held {
        open: open * 1e6,
        opened_memory,
        get: three(get),
        page: three(page),
        filtered: three(filtered),
        memory: resident(std::process::id()),
    };
    println!("{}", serde_json::to_string(&held).expect("JSON"));
}

/// Microseconds of a page, the newest first; the first is not counted.
fn pages(store: &EmbeddedStore, first: &Filter, filter: impl Fn(u64) -> Filter) -> Spread {
    let found = |filter: &Filter| {
        let query = Query { terms: filter.terms(), order: Order::NewestFirst, after: None, limit: PAGE };
        let found = store.find(&query).expect("a store that finds");
        assert_eq!(found.records.len(), PAGE, "{filter:?}");
    };
    found(first);
    Spread::of((0..PAGES).map(|turn| timed(|| found(&filter(turn))).1 * 1e6).collect())
}
