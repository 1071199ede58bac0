//! `/healthz`, `/readyz` and `/metrics`: what watchdogs and monitors ask.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use tonic::body::Body;

use super::Edge;
use super::metrics::{Page, seconds};
use crate::app::App;
use crate::store::Health;

const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
/// Prometheus' own type, with the version of its text format.
const METRICS: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
/// The kernel counts the processor's time in hundredths of a second.
const MICROS_PER_TICK: u64 = 10_000;

/// The answer to a probe; none for another path.
pub fn answer(edge: &Edge, (method, path): (&Method, &str)) -> Option<Response<Body>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    match path {
        // The process runs and answers: nothing else is asked.
        "/healthz" => Some(page(StatusCode::OK, &TEXT, "ok\n".to_owned())),
        "/readyz" => Some(match not_ready(&edge.app, *edge.stop.borrow()) {
            None => page(StatusCode::OK, &TEXT, "ready\n".to_owned()),
            Some(why) => page(StatusCode::SERVICE_UNAVAILABLE, &TEXT, format!("{why}\n")),
        }),
        "/metrics" => Some(page(StatusCode::OK, &METRICS, text(edge))),
        _ => None,
    }
}

/// Why no request should be sent here; none when one may.
fn not_ready(app: &App, stopping: bool) -> Option<String> {
    if stopping {
        return Some("stopping".to_owned());
    }
    match app.store().health() {
        Health::Serving => None,
        Health::NotServing { why } => Some(why),
    }
}

/// A small page.
pub fn page(status: StatusCode, content_type: &HeaderValue, text: String) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from(text))));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content_type.clone());
    response
}

fn text(edge: &Edge) -> String {
    let Edge { app, metrics, answers, .. } = edge;
    let mut page = Page(metrics.text());
    let number = |number: &AtomicU64| number.load(Ordering::Relaxed);
    page.single(
        "heng_answer_bytes_waiting",
        "gauge",
        "Bytes of answers that clients did not take yet.",
        answers.held(),
    );
    let refused = number(&answers.refused);
    page.single("heng_answers_refused_total", "counter", "Answers refused because too many bytes waited.", refused);
    let cut = number(&answers.cut);
    page.single("heng_connections_cut_total", "counter", "Connections closed because they took no answers.", cut);
    page.family("heng_evaluations_total", "counter", "Forms evaluated, by what became of the evaluation.");
    for (outcome, number) in app.counters().read() {
        page.line("heng_evaluations_total", &format!("outcome=\"{outcome}\""), number);
    }
    let serving = u8::from(app.store().health() == Health::Serving);
    page.single("heng_store_serving", "gauge", "1 while the store takes records.", serving);
    let snapshot = app.rules();
    page.family("heng_rule_pack_info", "gauge", "The rule packs that serve, with their revisions.");
    for set in snapshot.book.sets() {
        // Ids and revisions are plain letters, digits and signs that need no escape.
        let labels = format!("rule_pack=\"{}\",revision=\"{}\"", set.id, set.revision);
        page.line("heng_rule_pack_info", &labels, 1);
    }
    let refused = snapshot.refused.len();
    page.single("heng_rules_refused", "gauge", "Errors in the newest rule files, while older ones serve.", refused);
    process(&mut page);
    page.0
}

/// The process as Linux tells of it; nothing elsewhere.
fn process(page: &mut Page) {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
    let status = read("status");
    let memory = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).map(|kilobytes| kilobytes * 1024)
    };
    if let Some(bytes) = memory("VmRSS:") {
        page.single("process_resident_memory_bytes", "gauge", "Memory in use.", bytes);
    }
    if let Some(bytes) = memory("VmSize:") {
        page.single("process_virtual_memory_bytes", "gauge", "Address space in use.", bytes);
    }
    // The name of the program, in parentheses, may hold blanks: the numbers are counted from behind it.
    let stat = read("stat");
    let mut numbers = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11);
    let mut ticks = || numbers.next().and_then(|number| number.parse::<u64>().ok());
    if let (Some(user), Some(system)) = (ticks(), ticks()) {
        let spent = seconds((user + system) * MICROS_PER_TICK);
        page.single("process_cpu_seconds_total", "counter", "Time on the processor.", spent);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        page.single("process_open_fds", "gauge", "Open file descriptors.", open.count());
    }
    let most = read("limits");
    let most = most.lines().find_map(|line| line.strip_prefix("Max open files"));
    if let Some(most) = most.and_then(|line| line.split_whitespace().next()) {
        page.single("process_max_fds", "gauge", "File descriptors at most.", most);
    }
}
