//! What `/metrics` shows, in Prometheus' text format, with the names that gRPC servers commonly use.
//!
//! Every series exists from the start and has its own atomic number: nothing locks, nothing grows with what clients
//! send. Times are whole microseconds until they are printed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::wire::transcode;

/// Codes as gRPC numbers them, with the names that metrics and logs use.
const CODES: [&str; 17] = [
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
];

/// Upper ends of the buckets, microseconds.
const BUCKETS: [u64; 14] = [
    500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
    10_000_000,
];

/// The name of a code.
pub fn code_name(code: i32) -> &'static str {
    usize::try_from(code).ok().and_then(|code| CODES.get(code)).copied().unwrap_or("Unknown")
}

/// The numbers of the whole server.
#[derive(Debug)]
pub struct Metrics {
    methods: BTreeMap<&'static str, MethodMetrics>,
    /// Calls of what is no method of ours.
    other: MethodMetrics,
    pub in_flight: AtomicU64,
    pub shed: AtomicU64,
    pub connections: AtomicU64,
    pub connections_total: AtomicU64,
    pub connections_refused: AtomicU64,
}

#[derive(Debug)]
struct MethodMetrics {
    service: &'static str,
    name: &'static str,
    kind: &'static str,
    started: AtomicU64,
    handled: [AtomicU64; CODES.len()],
    buckets: [AtomicU64; BUCKETS.len()],
    micros: AtomicU64,
}

impl MethodMetrics {
    fn new(service: &'static str, name: &'static str, kind: &'static str) -> Self {
        MethodMetrics {
            service,
            name,
            kind,
            started: AtomicU64::new(0),
            handled: Default::default(),
            buckets: Default::default(),
            micros: AtomicU64::new(0),
        }
    }
}

impl Metrics {
    pub fn new() -> Self {
        let methods = transcode::methods().iter().map(|(path, method)| {
            let kind = if method.unary { "unary" } else { "bidi_stream" };
            (path.as_str(), MethodMetrics::new(&method.service, &method.name, kind))
        });
        Metrics {
            methods: methods.collect(),
            other: MethodMetrics::new("other", "other", "unary"),
            in_flight: AtomicU64::new(0),
            shed: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            connections_total: AtomicU64::new(0),
            connections_refused: AtomicU64::new(0),
        }
    }

    pub fn started(&self, path: &str) {
        self.method(path).started.fetch_add(1, Ordering::Relaxed);
    }

    pub fn handled(&self, path: &str, code: i32, took: Duration) {
        let method = self.method(path);
        if let Some(count) = usize::try_from(code).ok().and_then(|code| method.handled.get(code)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        method.micros.fetch_add(micros, Ordering::Relaxed);
        let bucket = BUCKETS.iter().zip(&method.buckets).find(|(end, _)| micros <= **end);
        if let Some((_, count)) = bucket {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn method(&self, path: &str) -> &MethodMetrics {
        self.methods.get(path).unwrap_or(&self.other)
    }

    /// The text, but for what only the app and the operating system know.
    pub fn text(&self) -> String {
        let mut page = Page::default();
        let methods = || self.methods.values().chain([&self.other]);
        page.family("grpc_server_started_total", "counter", "Calls begun.");
        for method in methods() {
            page.line("grpc_server_started_total", &method.labels(), read(&method.started));
        }
        page.family("grpc_server_handled_total", "counter", "Calls ended, by code.");
        for method in methods() {
            for (code, count) in CODES.iter().zip(&method.handled).filter(|(_, count)| read(count) > 0) {
                let labels = format!("{},grpc_code=\"{code}\"", method.labels());
                page.line("grpc_server_handled_total", &labels, read(count));
            }
        }
        page.family("grpc_server_handling_seconds", "histogram", "From the first byte of a call to its status.");
        for method in methods() {
            method.histogram(&mut page);
        }
        page.single("heng_requests_in_flight", "gauge", "Calls that are worked on.", read(&self.in_flight));
        page.single("heng_requests_shed_total", "counter", "Calls refused because of too many.", read(&self.shed));
        page.single("heng_connections", "gauge", "Open connections.", read(&self.connections));
        page.single("heng_connections_total", "counter", "Connections accepted.", read(&self.connections_total));
        let refused = read(&self.connections_refused);
        page.single("heng_connections_refused_total", "counter", "Connections closed because of too many.", refused);
        page.0
    }
}

impl MethodMetrics {
    fn labels(&self) -> String {
        let MethodMetrics { service, name, kind, .. } = self;
        format!("grpc_type=\"{kind}\",grpc_service=\"{service}\",grpc_method=\"{name}\"")
    }

    fn histogram(&self, page: &mut Page) {
        let labels = self.labels();
        let mut below = 0;
        for (end, count) in BUCKETS.iter().zip(&self.buckets) {
            below += read(count);
            let labels = format!("{labels},le=\"{}\"", seconds(*end));
            page.line("grpc_server_handling_seconds_bucket", &labels, below);
        }
        let all: u64 = self.handled.iter().map(read).sum();
        page.line("grpc_server_handling_seconds_bucket", &format!("{labels},le=\"+Inf\""), all);
        page.line("grpc_server_handling_seconds_sum", &labels, seconds(read(&self.micros)));
        page.line("grpc_server_handling_seconds_count", &labels, all);
    }
}

/// A page of metrics being written.
#[derive(Default)]
pub struct Page(pub String);

impl Page {
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string does not fail.
        write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n").ok();
    }

    pub fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let (open, close) = if labels.is_empty() { ("", "") } else { ("{", "}") };
        writeln!(self.0, "{name}{open}{labels}{close} {value}").ok();
    }

    pub fn single(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.family(name, kind, help);
        self.line(name, "", value);
    }
}

fn read(number: &AtomicU64) -> u64 {
    number.load(Ordering::Relaxed)
}

/// Microseconds as seconds, without trailing zeros.
pub fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_every_call_once_in_its_bucket_and_all_above() {
        let metrics = Metrics::new();
        let path = "/heng.v1.EvaluationService/EvaluateForm";
        for (micros, code) in [(400, 0), (500, 0), (501, 3), (60_000, 0), (99_000_000, 4)] {
            metrics.started(path);
            metrics.handled(path, code, Duration::from_micros(micros));
        }
        metrics.handled("/no/such", 12, Duration::ZERO);
        let text = metrics.text();
        let value = |name: &str, part: &str| {
            let found: Vec<&str> = text
                .lines()
                .filter(|line| line.starts_with(name) && line.contains("\"EvaluateForm\"") && line.contains(part))
                .collect();
            assert_eq!(found.len(), 1, "{name} {part}: {found:?}");
            found[0].rsplit(' ').next().unwrap().to_owned()
        };
        let bucket = |end: &str| value("grpc_server_handling_seconds_bucket", &format!("le=\"{end}\""));
        assert_eq!(
            [bucket("0.0005"), bucket("0.001"), bucket("0.1"), bucket("10"), bucket("+Inf")],
            ["2", "3", "4", "4", "5"]
        );
        assert_eq!(value("grpc_server_handling_seconds_sum", ""), "99.061401");
        assert_eq!(value("grpc_server_handled_total", "grpc_code=\"OK\""), "3");
        assert_eq!(value("grpc_server_handled_total", "grpc_code=\"DeadlineExceeded\""), "1");
        assert!(text.contains("grpc_service=\"other\",grpc_method=\"other\",grpc_code=\"Unimplemented\"} 1"), "{text}");
    }

    #[test]
    fn seconds_are_printed_exactly() {
        let printed = [0, 1, 500, 1_000_000, 1_500_000, 12_000_001].map(seconds);
        assert_eq!(printed, ["0", "0.000001", "0.0005", "1", "1.5", "12.000001"]);
    }
}
