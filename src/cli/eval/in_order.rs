//! Work on all cores, its results in the order of what was given.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Items under way for each core: enough that one slow item idles nobody for long, and all that is in memory.
const UNDER_WAY: usize = 8;

/// Hands every item that `feed` gives to `work`, and the results to `take` in the order of the items. When
/// `take` fails, no more items are taken on.
pub fn in_order<T: Send, R: Send, E>(
    work: impl Fn(T) -> R + Sync,
    feed: impl FnOnce(&mut dyn FnMut(T) -> Result<(), E>) -> Result<(), E>,
    take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (given, items) = channel::<(usize, T)>();
    let (done, results) = channel();
    let (items, work) = (&Mutex::new(items), &work);
    // `given` moves in and is gone before the scope waits for the workers, who wait for it.
    thread::scope(move |scope| {
        for _ in 0..cores {
            let done = done.clone();
            scope.spawn(move || labour(items, work, &done));
        }
        drop(done);
        let mut queue = Queue { given: 0, taken: 0, early: BTreeMap::new(), results, take };
        feed(&mut |item| {
            // The workers live until `given` is gone.
            drop(given.send((queue.given, item)));
            queue.given += 1;
            queue.settle(cores * UNDER_WAY)
        })?;
        queue.settle(0)
    })
}

type Numbered<R> = (usize, thread::Result<R>);

fn labour<T, R>(items: &Mutex<Receiver<(usize, T)>>, work: &(impl Fn(T) -> R + Sync), done: &Sender<Numbered<R>>) {
    loop {
        let next = items.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((at, item)) = next else { break };
        // A panic is carried to the caller: nobody waits for a result that never comes.
        if done.send((at, catch_unwind(AssertUnwindSafe(|| work(item))))).is_err() {
            break;
        }
    }
}

/// What was given and not yet taken.
struct Queue<R, F> {
    given: usize,
    taken: usize,
    /// Done before those that come first.
    early: BTreeMap<usize, R>,
    results: Receiver<Numbered<R>>,
    take: F,
}

impl<R, E, F: FnMut(R) -> Result<(), E>> Queue<R, F> {
    /// Takes results until at most `rest` are under way.
    fn settle(&mut self, rest: usize) -> Result<(), E> {
        while self.given - self.taken > rest {
            match self.early.remove(&self.taken) {
                Some(result) => {
                    self.taken += 1;
                    (self.take)(result)?;
                }
                None => match self.results.recv() {
                    Ok((at, Ok(result))) => drop(self.early.insert(at, result)),
                    Ok((_, Err(panic))) => resume_unwind(panic),
                    Err(_) => break,
                },
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(count: u64) -> Vec<u64> {
        let mut taken = Vec::new();
        let feed = |give: &mut dyn FnMut(u64) -> Result<(), ()>| (0..count).try_for_each(give);
        // The later an item, the sooner it is done.
        let work = |item: u64| {
            (0..(count - item) * 50).fold(0, u64::wrapping_add);
            item * item
        };
        assert_eq!(
            in_order(work, feed, |result| {
                taken.push(result);
                Ok(())
            }),
            Ok(())
        );
        taken
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, 7, 500] {
            assert_eq!(squares(count), (0..count).map(|item| item * item).collect::<Vec<_>>());
        }
    }

    #[test]
    fn whoever_stops_taking_stops_the_feeding() {
        let mut given = 0;
        let feed = |give: &mut dyn FnMut(u64) -> Result<(), &'static str>| {
            (0..1_000_000).try_for_each(|item| {
                given += 1;
                give(item)
            })
        };
        assert_eq!(in_order(|item| item, feed, |item| if item < 3 { Ok(()) } else { Err("enough") }), Err("enough"));
        assert!(given < 1_000_000, "{given}");
    }

    #[test]
    #[should_panic(expected = "of a worker")]
    fn a_panic_reaches_the_caller() {
        let feed = |give: &mut dyn FnMut(u64) -> Result<(), ()>| (0..100).try_for_each(give);
        assert_eq!(in_order(|item| assert_ne!(item, 50, "of a worker"), feed, |()| Ok(())), Ok(()));
    }
}
