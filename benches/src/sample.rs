//! Times: taken in rounds in which everybody takes a turn, told as medians with their quartiles.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// A turn of a round lasts at least this long, so that the clock does not matter.
const TURN: Duration = Duration::from_millis(4);

/// The middle of many values and how far they lie apart.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Spread {
    /// Of at least one value.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        Spread { low: values[last / 4], median: values[last / 2], high: values[last - last / 4] }
    }

    /// As it is printed in tables: `12.3 (11.9–13.0)`.
    pub fn shown(&self, scale: f64) -> String {
        let [low, median, high] = [self.low, self.median, self.high].map(|value| number(value * scale));
        format!("{median} ({low}–{high})")
    }
}

/// Three digits that count.
pub fn number(value: f64) -> String {
    let decimals = match value.abs() {
        value if value >= 99.95 => 0,
        value if value >= 9.995 => 1,
        value if value >= 0.9995 => 2,
        _ => 3,
    };
    format!("{value:.decimals$}")
}

/// What runs in a race.
pub struct Runner<'w> {
    pub name: String,
    work: Box<dyn FnMut() + 'w>,
}

impl<'w> Runner<'w> {
    pub fn new(name: impl Into<String>, work: impl FnMut() + 'w) -> Self {
        Runner { name: name.into(), work: Box::new(work) }
    }
}

/// Nanoseconds of the processor for one run of each, over rounds in which each has a turn of many runs.
pub fn race(runners: &mut [Runner<'_>], rounds: usize) -> Vec<Spread> {
    let turns: Vec<u32> = runners.iter_mut().map(|runner| turn(&mut runner.work)).collect();
    let mut times = vec![Vec::with_capacity(rounds); runners.len()];
    for _ in 0..rounds {
        for ((runner, times), runs) in runners.iter_mut().zip(&mut times).zip(&turns) {
            times.push(nanos(&mut runner.work, *runs));
        }
    }
    times.into_iter().map(Spread::of).collect()
}

/// How many runs make a turn, found by running it warm.
fn turn(work: &mut dyn FnMut()) -> u32 {
    let mut runs = 1;
    loop {
        let start = Instant::now();
        (0..runs).for_each(|_| work());
        let took = start.elapsed();
        if took >= TURN {
            return runs;
        }
        runs = if took * 8 < TURN { runs * 4 } else { runs * 2 };
    }
}

fn nanos(work: &mut dyn FnMut(), runs: u32) -> f64 {
    let start = processor_nanos();
    (0..runs).for_each(|_| work());
    (processor_nanos() - start) / f64::from(runs)
}

/// Time that this thread had a processor: what others do meanwhile does not count.
fn processor_nanos() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// Seconds that some work takes, and what it gave.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed().as_secs_f64())
}
