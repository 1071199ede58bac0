//! The command line: one file per command.
//!
//! What a command finds goes to standard output, talk and errors go to standard error; exit codes are API:
//! 0 done, 1 something of what was asked about is wrong, 2 it could not be done. A command returns `Err` only
//! when its output cannot be written, and a reader that has gone away is no error.

mod calc;
mod check;
mod eval;
mod explain;
mod impact;
mod layout;
mod new;
mod read;
mod replay;
mod rerun;
mod rule_files;
mod rules;
mod say;
mod serve;
mod store;
mod test;
mod tsv;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostic::{Bilingual, Lang};

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let Cli { globals, command } = Cli::parse();
    globals.color.choice().write_global();
    if globals.format().is_of_check() && !matches!(command, Some(Command::Check(_))) {
        let message = Bilingual::new(
            "这种格式只有 heng check 能写；其他命令可用 --json",
            "only heng check writes this format; other commands have --json",
        );
        say::failure(globals.lang(), &message);
        return CANNOT_RUN.into();
    }
    let outcome = match command {
        None => return serve::run(&globals, &Bare::parse_from(["heng"]).serve),
        Some(Command::Serve(args)) => return serve::run(&globals, &args),
        Some(Command::Eval(args)) => eval::run(&globals, &args),
        Some(Command::Read(args)) => read::run(&globals, &args),
        Some(Command::Calc(args)) => calc::run(&globals, &args),
        Some(Command::Check(args)) => check::run(&globals, &args),
        Some(Command::Test(args)) => test::run(&globals, &args),
        Some(Command::Impact(args)) => impact::run(&globals, &args),
        Some(Command::Store(args)) => store::run(&globals, &args),
        Some(Command::Replay(args)) => replay::run(&globals, &args),
        Some(Command::Rules(args)) => rules::run(&globals, &args),
        Some(Command::Explain(args)) => explain::run(&globals, &args),
        Some(Command::New(args)) => new::run(&globals, &args),
    };
    match outcome {
        Ok(code) => code,
        Err(gone) if gone.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(why) => {
            let message = Bilingual::new(format!("写不出结果：{why}"), format!("cannot write the result: {why}"));
            say::failure(globals.lang(), &message);
            CANNOT_RUN.into()
        }
    }
}

/// Something of what was asked about is wrong.
const FAULTY: u8 = 1;
/// What was asked could not be done.
const CANNOT_RUN: u8 = 2;

/// 衡: scores government performance self-evaluation forms by rule packs
#[derive(Debug, Parser)]
#[command(name = "heng", version, max_term_width = 100, after_help = "Without a command, heng serves.")]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Option<Command>,
}

/// `heng` alone: what `serve` takes from the environment and by default.
#[derive(Debug, Parser)]
struct Bare {
    #[command(flatten)]
    serve: serve::ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve evaluations over gRPC (the default)
    Serve(serve::ServeArgs),
    /// Evaluate form files offline
    Eval(eval::EvalArgs),
    /// Show how printed texts are read and whether the target is met
    Read(read::ReadArgs),
    /// Evaluate a formula as a rule pack would
    Calc(calc::CalcArgs),
    /// Compile and prove rule packs
    Check(check::CheckArgs),
    /// Run the regression cases of rule packs
    Test(test::TestArgs),
    /// Tell what a change of rules does to forms, and what it changes in the rules
    Impact(impact::ImpactArgs),
    /// Score stored evaluations again under the revisions that made them: every one must be identical
    Replay(replay::ReplayArgs),
    /// Verify, repair, back up, restore or compact the stored evaluations, or take evidence from them
    Store(store::StoreArgs),
    /// List rule packs, or what one pack says and on what ground
    Rules(rules::RulesArgs),
    /// Tell what the code of a finding, rule or diagnostic means and what to do
    Explain(explain::ExplainArgs),
    /// Make a starter pack that passes check and test
    New(new::NewArgs),
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Globals {
    /// Folder of the rule packs
    #[arg(long, global = true, value_name = "DIR", default_value = "rules")]
    pub rules: PathBuf,
    /// Folder of the stored evaluations
    #[arg(long, global = true, value_name = "DIR", default_value = "data")]
    pub data: PathBuf,
    /// How results are written; all but human and json are for check
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// Short for --format json
    #[arg(long, global = true)]
    json: bool,
    /// Language of results and messages
    #[arg(long, global = true, value_enum, default_value_t = Language::Zh)]
    lang: Language,
    /// When to colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    color: Color,
}

impl Globals {
    pub fn lang(&self) -> Lang {
        match self.lang {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }

    pub fn wants_json(&self) -> bool {
        self.format() == Format::Json
    }

    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading
    Human,
    /// One object a line on standard output, and nothing else there
    Json,
    /// check: `file:line:column: severity[code] message`
    Concise,
    /// check: workflow commands of GitHub Actions
    Github,
    /// check: SARIF 2.1.0, for code scanning
    Sarif,
    /// check: `JUnit` XML
    Junit,
}

impl Format {
    fn is_of_check(self) -> bool {
        !matches!(self, Format::Human | Format::Json)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Language {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

impl Color {
    fn choice(self) -> anstream::ColorChoice {
        match self {
            Color::Auto => anstream::ColorChoice::Auto,
            Color::Always => anstream::ColorChoice::Always,
            Color::Never => anstream::ColorChoice::Never,
        }
    }
}

/// A label in the language of the reader.
fn either<'t>(lang: Lang, zh: &'t str, en: &'t str) -> &'t str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}
