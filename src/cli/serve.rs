//! `heng serve`: the service.

#![expect(clippy::disallowed_methods, reason = "the rim: opens the store and waits for signals")]

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use super::Globals;
use super::impact::points;
use super::say;
use crate::app::{App, FILING, FolderTerms, Gate, LiveRules, PageTokens, StartError};
use crate::config::ServeConfig;
use crate::impact::Budget;
use crate::quantity::Points;
use crate::rpc::{self, Origins, Room, ServerOptions};
use crate::store::{EmbeddedStore, Options, Store};

const CONNECTIONS: u32 = 4096;
const CALLS: u32 = 1024;
const GRACE: u32 = 30;
const ANSWER_MEMORY: u32 = 128;
const STALL: u32 = 60;

#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Address to listen on; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:7878", env = "HENG_LISTEN")]
    pub listen: String,
    /// Listen beyond this machine, without TLS or roles
    #[arg(long)]
    pub allow_remote: bool,
    /// Let web pages of this origin call; may be given more than once
    #[arg(long, value_name = "ORIGIN")]
    pub allow_origin: Vec<String>,
    /// Connections at a time; one more is closed at once
    #[arg(long, value_name = "NUMBER", default_value_t = CONNECTIONS, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_connections: u32,
    /// Calls that are worked on at a time; one more is told to come back
    #[arg(long, value_name = "NUMBER", default_value_t = CALLS, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_calls: u32,
    /// Memory for answers that their clients did not take yet; beyond it slow connections are closed and calls told to
    /// come back
    #[arg(long, value_name = "MIB", default_value_t = ANSWER_MEMORY, value_parser = clap::value_parser!(u32).range(1..))]
    pub answer_memory: u32,
    /// How long a connection may leave its answers lying before it is closed
    #[arg(long, value_name = "SECONDS", default_value_t = STALL, value_parser = clap::value_parser!(u32).range(1..))]
    pub stall: u32,
    /// How long calls may go on once heng is asked to stop
    #[arg(long, value_name = "SECONDS", default_value_t = GRACE)]
    pub grace: u32,
    /// What changed files of the rules folder have to pass before they serve
    #[arg(long, value_enum, value_name = "GATE", default_value_t = FolderGate::Cases)]
    pub folder_gate: FolderGate,
    /// Refuse changed files of the rules folder when the scores of more stored forms would change
    #[arg(long, value_name = "N")]
    pub folder_max_changed: Option<usize>,
    /// Refuse them when the points of a stored form would move further, up or down
    #[arg(long, value_name = "POINTS", value_parser = points)]
    pub folder_max_delta: Option<Points>,
    /// Refuse them when more stored forms would fall to a lower grade or lose theirs
    #[arg(long, value_name = "N")]
    pub folder_max_grade_drops: Option<usize>,
    /// How the log is written
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log: String,
}

impl Default for ServeArgs {
    fn default() -> Self {
        ServeArgs {
            listen: "127.0.0.1:7878".to_owned(),
            allow_remote: false,
            allow_origin: Vec::new(),
            max_connections: CONNECTIONS,
            max_calls: CALLS,
            answer_memory: ANSWER_MEMORY,
            stall: STALL,
            grace: GRACE,
            folder_gate: FolderGate::Cases,
            folder_max_changed: None,
            folder_max_delta: None,
            folder_max_grade_drops: None,
            log: "text".to_owned(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FolderGate {
    /// They compile
    Compile,
    /// They compile, and their regression cases pass
    Cases,
    /// They compile, their cases pass, and no proof refutes what they claim
    Proofs,
}

impl From<FolderGate> for Gate {
    fn from(gate: FolderGate) -> Gate {
        match gate {
            FolderGate::Compile => Gate::Compile,
            FolderGate::Cases => Gate::Cases,
            FolderGate::Proofs => Gate::Proofs,
        }
    }
}

/// Runs until a signal; exit code 2 when it could not start.
pub fn run(globals: &Globals, args: &ServeArgs) -> ExitCode {
    start_log(&args.log);
    match serve(globals, args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            say::error(&why);
            ExitCode::from(2)
        }
    }
}

fn serve(globals: &Globals, args: &ServeArgs) -> Result<(), String> {
    let config = ServeConfig::build(&args.listen, args.allow_remote, globals.rules.clone(), globals.data.clone())
        .map_err(|error| error.to_string())?;
    let options = options(args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let store = runtime.block_on(async {
        let listening = rpc::bind(config.listen).map_err(|error| error.to_string())?;
        let store = open_store(&config.data)?;
        let tokens = PageTokens::open(&config.data)
            .map_err(|error| format!("cannot keep the key of page tokens in {}: {error}", config.data.display()))?;
        let shared: Arc<dyn Store> = Arc::<EmbeddedStore>::clone(&store);
        let rules = LiveRules::open(&config.rules, Arc::clone(&shared), terms(args), globals.lang());
        let rules = Arc::new(rules.map_err(|error| unstarted(&error, &config.rules))?);
        let following = rules.watch().map_err(|error| format!("cannot watch {}: {error}", config.rules.display()))?;
        let stopped = stopped().map_err(|error| format!("cannot wait for signals: {error}"))?;
        greet(listening.address(), &config.rules);
        let app = App::new(rules, shared, tokens);
        listening.serve(app, options, stopped).await.map_err(|error| error.to_string())?;
        drop(following);
        Ok::<_, String>(store)
    })?;
    // Whatever still runs in it holds the store.
    drop(runtime);
    match Arc::into_inner(store) {
        Some(store) => {
            drop(store);
            tracing::info!("stopped; the store is closed");
        }
        None => tracing::warn!("stopped while the store was in use; the next start looks through it"),
    }
    Ok(())
}

fn open_store(data: &Path) -> Result<Arc<EmbeddedStore>, String> {
    let options = Options { filing: FILING, ..Options::default() };
    let store = EmbeddedStore::open(data, options).map_err(|error| error.to_string())?;
    let found = store.recovery();
    if let Some(why) = &found.rebuilt {
        tracing::warn!(why, "the index was made anew from the journal");
    }
    tracing::info!(records = found.records, cut = found.cut, indexed = found.indexed, "store is open");
    Ok(Arc::new(store))
}

fn terms(args: &ServeArgs) -> FolderTerms {
    let budget = Budget {
        max_changed: args.folder_max_changed,
        max_delta: args.folder_max_delta,
        max_grade_drops: args.folder_max_grade_drops,
    };
    FolderTerms { gate: args.folder_gate.into(), budget }
}

fn options(args: &ServeArgs) -> Result<ServerOptions, String> {
    let count = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    let origins = Origins::parse(&args.allow_origin)
        .map_err(|origin| format!("`{origin}` is no origin of web pages; write https://HOST or http://HOST:PORT"))?;
    Ok(ServerOptions {
        connections: count(args.max_connections),
        room: Room {
            calls: count(args.max_calls),
            answers: count(args.answer_memory).saturating_mul(1 << 20),
            stall: Duration::from_secs(args.stall.into()),
        },
        grace: Duration::from_secs(args.grace.into()),
        origins,
    })
}

/// Why there are no rules to serve.
fn unstarted(error: &StartError, folder: &Path) -> String {
    let folder = folder.display();
    match error {
        StartError::Load(error) => error.to_string(),
        StartError::Broken { text } => format!("{text}\nthe rules in {folder} do not pass"),
        StartError::Recorded(refusal) => refusal.message().en,
        StartError::Unusable { rule_pack, why } => {
            format!("rule pack {rule_pack} cannot serve: {}; put files of it that are good into {folder}", why.en)
        }
    }
}

/// The address, and one line to paste that scores the sample form.
fn greet(address: std::net::SocketAddr, rules: &Path) {
    let program = std::env::current_exe().map_or_else(|_| "heng".to_owned(), |path| path.display().to_string());
    let program = match std::env::current_dir() {
        Ok(here) => program.strip_prefix(&format!("{}/", here.display())).unwrap_or(&program).to_owned(),
        Err(_) => program,
    };
    say::line(&format!("heng is serving rules from {} on http://{address}", rules.display()));
    say::line("score the sample form with this line, in another terminal:");
    say::line(&format!("  {program} eval examples/longgang-2022.yaml --server http://{address}"));
}

/// Ends when the process is asked to stop. Asking counts from now on, not only once the future is waited for.
fn stopped() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping: finishing what is under way");
    })
}

fn start_log(format: &str) {
    let filter = EnvFilter::try_from_env("HENG_LOG").unwrap_or_else(|_| EnvFilter::new("heng=info,warn"));
    let styled = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(styled).with_writer(std::io::stderr);
    if format == "json" { builder.json().init() } else { builder.init() }
}
