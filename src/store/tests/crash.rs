//! SIGKILL at random moments: what was acknowledged is there, what was asked twice was kept once.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::{Choices, EmbeddedStore, Kind, NewRecord, Scratch, Store, id, put, small};
use crate::store::{Options, Put};

const FOLDER: &str = "HENG_STORE_TEST_FOLDER";
const ROUND: &str = "HENG_STORE_TEST_ROUND";
const WRITERS: u64 = 64;
const KILLS: u64 = 8;

/// What writer `writer` sends as its `turn`th record in a round; every tenth has more than one piece.
fn sent(round: u64, writer: u64, turn: u64) -> NewRecord {
    let number = (round * 1000 + turn) * WRITERS + writer;
    let length = if number % 10 == 3 { 9000 } else { 300 };
    let payload = (0..length).map(|at| (at + number) as u8).collect();
    NewRecord {
        kind: Kind::Evaluation,
        id: id(number),
        request_id: Some(format!("kill-{number}")),
        request_digest: [number as u8; 32],
        payload,
    }
}

fn options() -> Options {
    Options { segment_bytes: 256 << 10, step_bytes: 32 << 10, ..small() }
}

/// Not a test of its own: the process that is killed. It writes until then and prints what was acknowledged.
#[test]
fn victim() {
    let (Ok(folder), Ok(round)) = (std::env::var(FOLDER), std::env::var(ROUND)) else {
        return;
    };
    let round: u64 = round.parse().unwrap();
    let store = Arc::new(EmbeddedStore::open(Path::new(&folder), options()).unwrap());
    println!("\nREADY {:?}", store.recovery());
    let writers = (0..WRITERS).map(|writer| {
        let store = Arc::clone(&store);
        thread::spawn(move || {
            for turn in 0..1000 {
                let record = put(&*store, sent(round, writer, turn)).unwrap().into_record();
                println!("KEPT {writer} {turn} {} .", record.sequence);
            }
        })
    });
    writers.collect::<Vec<_>>().into_iter().for_each(|writer| writer.join().unwrap());
}

#[test]
fn survives_sigkill() {
    let scratch = Scratch::new();
    let mut choices = Choices(7);
    let mut kept = BTreeMap::<u64, NewRecord>::new();
    let mut trusted = 0;
    for round in 0..KILLS {
        let acknowledged = run_and_kill(&scratch.data(), round, Duration::from_millis(20 + choices.below(150)));
        for (sequence, record) in acknowledged {
            assert_eq!(kept.insert(sequence, record), None, "sequence {sequence} was given twice");
        }
        let begun = Instant::now();
        let store = EmbeddedStore::open(&scratch.data(), options()).unwrap();
        println!("round {round}: {} acknowledged, opened in {:?}: {:?}", kept.len(), begun.elapsed(), store.recovery());
        trusted += store.recovery().trusted;
        for (sequence, record) in &kept {
            let expected = super::stored(record, *sequence);
            assert_eq!(store.get(record.kind, &record.id).unwrap().as_ref(), Some(&expected));
            assert_eq!(
                store.find_request(Kind::Evaluation, record.request_id.as_ref().unwrap()).unwrap(),
                Some(expected)
            );
        }
        // Whoever heard nothing asks again: the first answer, or the first record now.
        let heard: HashSet<&str> = kept.values().map(|record| record.id.as_str()).collect();
        for writer in 0..WRITERS {
            let mut turns = (0..1000).map(|turn| sent(round, writer, turn));
            let unheard = turns.find(|record| !heard.contains(record.id.as_str())).unwrap();
            let known = store.get(Kind::Evaluation, &unheard.id).unwrap();
            let retried = NewRecord { id: format!("retry-{round}-{writer}"), ..unheard.clone() };
            match (put(&store, retried).unwrap(), known) {
                (Put::Existing(first), Some(known)) => assert_eq!(first, known),
                (Put::Stored(new), None) => assert_eq!(new.payload, unheard.payload),
                (put, known) => panic!("{put:?} where {known:?} was kept"),
            }
        }
    }
    assert!(trusted > 0, "closed segments were read again after every kill");
    let store = EmbeddedStore::open(&scratch.data(), options()).unwrap();
    let (mut sequences, mut last) = (Vec::new(), None::<String>);
    // More than fits on one page.
    while let page @ [.., oldest] = store.page(Kind::Evaluation, last.as_deref(), usize::MAX).unwrap().as_slice() {
        sequences.extend(page.iter().map(|record| record.sequence));
        last = Some(oldest.id.clone());
    }
    sequences.sort_unstable();
    assert!((1..).zip(&sequences).all(|(wanted, found)| wanted == *found), "each sequence once");
    assert_eq!(sequences.len() as u64, store.recovery().records);
}

/// Runs the victim for a while after its store is open and returns what it acknowledged.
fn run_and_kill(folder: &Path, round: u64, life: Duration) -> Vec<(u64, NewRecord)> {
    let module = module_path!().split_once("::").unwrap().1;
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args([&format!("{module}::victim"), "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(victim.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("READY")), "the victim did not start");
    let killer = thread::spawn(move || {
        thread::sleep(life);
        victim.kill().unwrap();
        victim.wait().unwrap();
    });
    let mut kept = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split(' ').collect();
        // The full stop shows that the kill did not cut the line short.
        if let ["KEPT", writer, turn, sequence, "."] = fields.as_slice() {
            let parse = |text: &str| text.parse::<u64>().unwrap();
            kept.push((parse(sequence), sent(round, parse(writer), parse(turn))));
        }
    }
    killer.join().unwrap();
    kept
}
