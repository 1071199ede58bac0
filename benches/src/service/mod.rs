//! The real server beside a bare tonic server that decodes the same requests and encodes a prepared answer: client
//! and servers are processes of their own, and take turns.

pub mod echo;
mod load;

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use heng::app::rules_folder;
use heng::wire::answer::EvaluateFormResponse;
use heng::wire::encode;
use heng::wire::pb::v1 as pb;
use prost::Message;
use tokio::runtime::Runtime;

use crate::Setting;
use crate::forms;
use crate::page::{Goal, Part, Table};
use crate::process::Server;
use crate::sample::{Spread, number};
use load::{Client, Shot, Way};

const ROWS: usize = 20;
/// Forms in one call of a batch at most.
const BATCH: usize = 64;
/// What the goals are about.
const IN_FLIGHT: usize = 64;

/// What is sent, and who answers it beside heng.
struct Mode {
    name: &'static str,
    way: Way,
    durable: bool,
    least: f64,
}

const MODES: [Mode; 6] = [
    Mode { name: "unary, validate_only", way: Way::Unary, durable: false, least: 0.85 },
    Mode { name: "unary, durable", way: Way::Unary, durable: true, least: 0.85 },
    Mode { name: "stream, validate_only", way: Way::Bidi, durable: false, least: 0.80 },
    Mode { name: "stream, durable", way: Way::Bidi, durable: true, least: 0.80 },
    Mode { name: "batch, validate_only", way: Way::Batch(0), durable: false, least: 0.80 },
    Mode { name: "batch, durable", way: Way::Batch(0), durable: true, least: 0.80 },
];

/// The servers, with a client of each.
struct Field {
    heng: (Server, Client),
    echo: (Server, Client),
    durable_echo: (Server, Client),
    runtime: Runtime,
    validated: pb::EvaluateFormRequest,
    stored: pb::EvaluateFormRequest,
}

/// One server in one mode over all rounds.
struct Measured {
    per_second: Spread,
    p50: Spread,
    p99: Spread,
    /// Microseconds of the server's processor for each form.
    processor: Spread,
}

pub fn measure(setting: &Setting) -> Part {
    let field = Field::open(setting);
    let mut part = Part::default();
    let wanted = std::env::var("HENG_BENCH_MODE").unwrap_or_default();
    for mode in MODES.iter().filter(|mode| mode.name.contains(&wanted)) {
        eprintln!("{}", mode.name);
        field.mode(setting, mode, &mut part);
        if mode.durable && mode.way == Way::Unary {
            field.half_load(setting, &mut part);
        }
    }
    part
}

impl Field {
    fn open(setting: &Setting) -> Self {
        let folder = rules_folder::load(&setting.rules()).expect("rules");
        let national = folder.iter().find(|files| files.name == forms::PACK).expect("the pack");
        let form = forms::whole(national, ROWS);
        let (validated, stored) = (forms::request(&form, true), forms::request(&form, false));
        let data = setting.work.join("service-data");
        std::fs::remove_dir_all(&data).ok();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let text = |path: &Path| path.to_str().expect("a path in UTF-8").to_owned();
        let file = |name: &str| setting.work.join(name);
        let heng = Server::start(
            &setting.heng,
            &["--rules", &text(&setting.rules()), "--data", &text(&data), "serve", "--listen"],
            &file("heng.log"),
        );
        heng.ready();
        let client = runtime.block_on(Client::connect(heng.address));
        let shot = Shot { way: Way::Unary, message: stored.encode_to_vec().into() };
        let answer = runtime.block_on(client.ask(&shot));
        let answer = EvaluateFormResponse::decode(answer).expect("an answer").evaluation.expect("an evaluation");
        std::fs::write(file("answer.bin"), answer).expect("a file");
        let record =
            encode::form(&form).encoded_len() + std::fs::metadata(file("answer.bin")).expect("a file").len() as usize;
        let program = std::env::current_exe().expect("this program");
        let echo = |journal: &str, log: &str| {
            let arguments = ["echo", &text(&file("answer.bin")), &record.to_string(), journal];
            let server = Server::start(&program, &arguments, &file(log));
            let client = runtime.block_on(Client::connect(server.address));
            (server, client)
        };
        let (plain, durable) = (echo("-", "echo.log"), echo(&text(&file("echo.journal")), "durable-echo.log"));
        Field { heng: (heng, client), echo: plain, durable_echo: durable, runtime, validated, stored }
    }

    fn mode(&self, setting: &Setting, mode: &Mode, part: &mut Part) {
        let rounds = setting.of(7, 3);
        let time = Duration::from_millis(setting.of(2000, 700));
        let in_flights: &[usize] = setting.of(&[1, 16, 64, 256], &[1, 64]);
        let other = if mode.durable { &self.durable_echo } else { &self.echo };
        let beside = if mode.durable { "echo with fdatasync" } else { "decoding echo" };
        let mut table = Table::new(
            mode.name,
            format!("heng beside the {beside}, two connections; medians of {rounds} rounds of {time:?} (quartiles)."),
            &["in flight", "who", "forms/s", "p50 µs", "p99 µs", "server CPU µs a form", "throughput", "CPU"],
        );
        for &in_flight in in_flights {
            let (shot, calls) = self.shot(mode, in_flight);
            let mut both = [Vec::new(), Vec::new()];
            for _ in 0..=rounds {
                for (outcomes, (server, client)) in both.iter_mut().zip([&self.heng, other]) {
                    let before = server.processor_seconds();
                    let mut outcome = self.runtime.block_on(client.run(&shot, calls, time));
                    let processor = (server.processor_seconds() - before) * 1e6 / outcome.forms as f64;
                    outcomes.push([outcome.per_second(), outcome.percentile(50), outcome.percentile(99), processor]);
                }
            }
            // The first round warms both up.
            let [heng, echo] = both.map(|outcomes| Measured::of(&outcomes[1..]));
            let throughput = heng.per_second.median / echo.per_second.median;
            let processor = echo.processor.median / heng.processor.median;
            let ratios = [number(throughput), number(processor)];
            table.row(heng.cells(in_flight.to_string(), "heng").into_iter().chain(ratios));
            table.row(echo.cells(String::new(), beside).into_iter().chain([String::new(), String::new()]));
            if in_flight == IN_FLIGHT {
                let what = format!("{}, {IN_FLIGHT} in flight", mode.name);
                part.goals.push(Goal::at_least(format!("{what}: forms a second ÷ echo's"), mode.least, throughput, ""));
                part.goals.push(Goal::at_least(
                    format!("{what}: echo's CPU a form ÷ heng's"),
                    mode.least,
                    processor,
                    "",
                ));
            }
        }
        part.tables.push(table);
    }

    /// The message of a mode, and how many of them make so many forms in flight.
    fn shot(&self, mode: &Mode, in_flight: usize) -> (Shot, usize) {
        let request = if mode.durable { &self.stored } else { &self.validated };
        let encoded = |message: Vec<u8>| Bytes::from(message);
        match mode.way {
            Way::Unary => (Shot { way: Way::Unary, message: encoded(request.encode_to_vec()) }, in_flight),
            Way::Bidi => {
                let message = pb::StreamEvaluateFormsRequest { request: Some(request.clone()), ..Default::default() };
                (Shot { way: Way::Bidi, message: encoded(message.encode_to_vec()) }, in_flight)
            }
            Way::Batch(_) => {
                let forms = in_flight.min(BATCH);
                let message = pb::BatchEvaluateFormsRequest { requests: vec![request.clone(); forms] };
                (Shot { way: Way::Batch(forms), message: encoded(message.encode_to_vec()) }, in_flight / forms)
            }
        }
    }

    /// How long answers take when the servers have half of the work that the slower of them can do.
    fn half_load(&self, setting: &Setting, part: &mut Part) {
        let rounds = setting.of(7, 3);
        let time = Duration::from_millis(setting.of(3000, 1000));
        let both = [&self.heng, &self.durable_echo];
        let shot = Shot { way: Way::Unary, message: self.stored.encode_to_vec().into() };
        let full = |client: &Client| self.runtime.block_on(client.run(&shot, IN_FLIGHT, time)).per_second();
        let half = both.map(|(_, client)| full(client)).into_iter().fold(f64::INFINITY, f64::min) / 2.0;
        let mut waits = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            for (waits, (_, client)) in waits.iter_mut().zip(both) {
                let mut outcome = self.runtime.block_on(client.pace(&shot, half, time));
                waits.push([outcome.percentile(50), outcome.percentile(99)]);
            }
        }
        let mut table = Table::new(
            "unary, durable, at half load",
            format!(
                "{half:.0} forms a second to each, sent whether or not answers come: half of what the slower takes."
            ),
            &["who", "p50 µs", "p99 µs"],
        );
        let column = |waits: &[[f64; 2]], column: usize| Spread::of(waits.iter().map(|row| row[column]).collect());
        for (name, waits) in ["heng", "echo with fdatasync"].into_iter().zip(&waits) {
            table.row([name.to_owned(), column(waits, 0).shown(1.0), column(waits, 1).shown(1.0)]);
        }
        let [heng, echo] = waits.map(|waits| column(&waits, 1).median);
        part.tables.push(table);
        part.goals.push(Goal::at_most("unary, durable, half load: p99 ÷ echo's", 2.0, heng / echo, ""));
    }
}

impl Measured {
    fn of(outcomes: &[[f64; 4]]) -> Self {
        let column = |number: usize| Spread::of(outcomes.iter().map(|outcome| outcome[number]).collect());
        Measured { per_second: column(0), p50: column(1), p99: column(2), processor: column(3) }
    }

    fn cells(&self, in_flight: String, who: &str) -> Vec<String> {
        let Measured { per_second, p50, p99, processor } = self;
        let cells = [per_second, p50, p99, processor].map(|spread| spread.shown(1.0));
        [in_flight, who.to_owned()].into_iter().chain(cells).collect()
    }
}
