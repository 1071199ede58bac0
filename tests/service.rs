//! Requests that are no forms, sent to the built server by a real client: each is refused by name, in flat
//! memory, and the server goes on.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "this test starts a server, measures it and fails by panicking"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use heng::wire::pb::v1 as pb;
use pb::evaluation_service_client::EvaluationServiceClient;
use tonic::transport::Channel;
use tonic::{Code, Status};
use tonic_types::{BadRequest, StatusExt};

/// Room that the allocator may keep between rounds of the same requests.
const FLAT: u64 = 64 << 20;

/// What is wrong, the spoilt form, and the answer: a code, and the fields that are named.
type Bad = (&'static str, fn(&mut pb::Form), Code, &'static [&'static str]);

const BAD: &[Bad] = &[
    ("no indicators", |form| form.indicators.clear(), Code::InvalidArgument, &["indicators"]),
    ("no name", |form| form.project_name.clear(), Code::InvalidArgument, &["project_name"]),
    ("no year", |form| form.fiscal_year = 0, Code::InvalidArgument, &["fiscal_year"]),
    ("a year before all", |form| form.fiscal_year = i32::MIN, Code::InvalidArgument, &["fiscal_year"]),
    (
        "points beyond any number",
        |form| row(form).points_possible = "1e400".into(),
        Code::InvalidArgument,
        &["indicators[0].points_possible"],
    ),
    (
        "a hundred digits",
        |form| row(form).points_claimed = "9".repeat(100),
        Code::InvalidArgument,
        &["indicators[0].points_claimed"],
    ),
    (
        "words for points",
        |form| row(form).points_claimed = "满分".into(),
        Code::InvalidArgument,
        &["indicators[0].points_claimed"],
    ),
    (
        "a name of a megabyte",
        |form| row(form).name = "长".repeat(1 << 20),
        Code::InvalidArgument,
        &["indicators[0].name"],
    ),
    (
        "a reason of a megabyte",
        |form| row(form).deviation_reason = "因".repeat(1 << 20),
        Code::InvalidArgument,
        &["indicators[0].deviation_reason"],
    ),
    ("NUL", |form| form.project_name = "项目\0".into(), Code::InvalidArgument, &["project_name"]),
    (
        "a text that turns around",
        |form| row(form).actual = "\u{202e}%59".into(),
        Code::InvalidArgument,
        &["indicators[0].actual"],
    ),
    (
        "money of no unit",
        |form| form.funds.get_or_insert_default().unit = "石".into(),
        Code::InvalidArgument,
        &["funds.unit"],
    ),
    ("one row too many", |form| rows(form, 10_001), Code::InvalidArgument, &["indicators"]),
    ("a hundred thousand rows", |form| rows(form, 100_000), Code::InvalidArgument, &["indicators"]),
    ("a message over the limit", |form| form.project_name = "大".repeat(6 << 20), Code::OutOfRange, &[]),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_form_is_refused_by_name_and_the_server_goes_on() {
    let server = Server::start();
    let mut client = server.client().await;
    for (what, spoil, code, fields) in BAD {
        let status = refused(&mut client, spoil).await;
        assert_eq!(
            (status.code(), named(&status)),
            (*code, fields.iter().map(|f| (*f).to_owned()).collect()),
            "{what}"
        );
        assert_serves(&mut client).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn violations_are_counted_and_capped() {
    let server = Server::start();
    let status = refused(
        &mut server.client().await,
        &(|form: &mut pb::Form| {
            rows(form, 10_000);
            form.indicators.iter_mut().for_each(|row| row.points_possible = "满分".into());
        }),
    )
    .await;
    assert_eq!(status.code(), Code::InvalidArgument);
    let fields = named(&status);
    assert!((10..=heng::form::MAX_LISTED + 1).contains(&fields.len()), "{}", fields.len());
    assert_eq!(fields.last().map(String::as_str), Some(""), "the last line says that there are more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_stays_flat_under_what_is_no_form() {
    let server = Server::start();
    let mut client = server.client().await;
    let mut resident = Vec::new();
    for _ in 0..12 {
        for (_, spoil, _, _) in BAD {
            refused(&mut client, spoil).await;
        }
        resident.push(server.resident());
    }
    // What the allocator keeps goes up and down between requests of many megabytes; its peak must not climb.
    let (earlier, later) = resident.split_at(resident.len() / 2);
    let peak = |rounds: &[u64]| rounds.iter().copied().max().unwrap_or_default();
    assert!(peak(later) < peak(earlier) + FLAT, "{resident:?}");
}

async fn refused(client: &mut EvaluationServiceClient<Channel>, spoil: &impl Fn(&mut pb::Form)) -> Status {
    let mut form = sample();
    spoil(&mut form);
    let request = pb::EvaluateFormRequest { form: Some(form), ..pb::EvaluateFormRequest::default() };
    client.evaluate_form(request).await.expect_err("this is no form")
}

async fn assert_serves(client: &mut EvaluationServiceClient<Channel>) {
    let request = pb::EvaluateFormRequest { form: Some(sample()), ..pb::EvaluateFormRequest::default() };
    let answer = client.evaluate_form(request).await.expect("the sample form is scored").into_inner();
    let evaluation: pb::Evaluation = prost::Message::decode(answer.evaluation.expect("an evaluation")).expect("one");
    assert_eq!(evaluation.points.map(|points| points.awarded).as_deref(), Some("98.18"));
}

fn named(status: &Status) -> Vec<String> {
    let request = status.get_details_bad_request().unwrap_or_else(|| BadRequest::new(Vec::new()));
    request.field_violations.into_iter().map(|violation| violation.field).collect()
}

fn row(form: &mut pb::Form) -> &mut pb::Indicator {
    &mut form.indicators[0]
}

fn rows(form: &mut pb::Form, count: usize) {
    form.indicators = vec![pb::Indicator { name: "行".to_owned(), ..pb::Indicator::default() }; count];
}

/// The sample form as a message.
fn sample() -> pb::Form {
    let path = repository().join("examples/longgang-2022.yaml");
    let text = std::fs::read_to_string(&path).expect("the sample form is there");
    let node = heng::document::parse("sample", &text, &heng::document::Limits::FORM).expect("it is YAML");
    let mut problems = Vec::new();
    let draft = heng::form::Draft::from_node(&node, &mut problems);
    assert_eq!(problems, []);
    heng::wire::encode::form(&heng::form::Form::admit(draft).expect("it is a form"))
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `heng serve` on a free port, with a data folder of its own.
struct Server {
    process: Child,
    address: String,
    data: PathBuf,
}

impl Server {
    fn start() -> Self {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let data = std::env::temp_dir().join(format!("heng-service-test-{}-{count}", std::process::id()));
        let mut process = Command::new(env!("CARGO_BIN_EXE_heng"))
            .args(["serve", "--listen", "127.0.0.1:0", "--rules"])
            .arg(repository().join("rules"))
            .arg("--data")
            .arg(&data)
            .env("HENG_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("heng starts");
        let mut said = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let greeting = said.next().expect("heng greets").expect("in UTF-8");
        let address = greeting.split_once("http://").expect("with its address").1.to_owned();
        std::thread::spawn(move || said.for_each(drop));
        Server { process, address, data }
    }

    async fn client(&self) -> EvaluationServiceClient<Channel> {
        let address = format!("http://{}", self.address);
        EvaluationServiceClient::connect(address).await.expect("the server listens")
    }

    /// Bytes of memory in use, as the kernel counts them.
    fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).expect("this is Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it tells the resident memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("in kilobytes") << 10
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}
