//! What the program weighs, how long it takes to be there, and what it holds while nobody asks.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::Setting;
use crate::page::{Goal, Part, Table};
use crate::process::Server;
use crate::sample::{Spread, number, timed};

pub fn measure(setting: &Setting) -> Part {
    let rounds = setting.of(15, 5);
    let bytes = std::fs::metadata(&setting.heng).expect("the built heng").len();
    let form = setting.root.join("examples/longgang-2022.yaml");
    let (rules, form) = (text(&setting.rules()), text(&form));
    let version = run(setting, rounds, &["--version"]);
    let evaluated = run(setting, rounds, &["--rules", &rules, "eval", &form, "--json"]);
    let checked = run(setting, rounds, &["--rules", &rules, "check"]);
    let (mut first, mut again, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let data = setting.work.join("start-data");
        std::fs::remove_dir_all(&data).ok();
        let arguments = ["--rules", &rules, "--data", &text(&data), "serve", "--listen"];
        for times in [&mut first, &mut again] {
            let server = Server::start(&setting.heng, &arguments, &setting.work.join("start.log"));
            times.push(server.ready());
            // What starting took is given back by then.
            std::thread::sleep(Duration::from_millis(500));
            memory.push(server.memory());
        }
    }
    let memory = Spread::of(memory);
    let mut table = Table::new(
        "Size and start",
        format!("The shipped rule packs; medians of {rounds} rounds (quartiles)."),
        &["what", "value"],
    );
    let mut row = |what: &str, value: String| table.row([what.to_owned(), value]);
    row("binary, MiB", number(bytes as f64 / f64::from(1 << 20)));
    row("`heng --version`, ms", version.shown(1e3));
    row("`heng eval` of one form, ms", evaluated.shown(1e3));
    row("`heng check` of all shipped packs, ms", checked.shown(1e3));
    row("`heng serve` until it is ready, new data folder, ms", Spread::of(first).shown(1e3));
    row("the same after a SIGKILL, ms", Spread::of(again).shown(1e3));
    row("memory of a server at rest, MiB", memory.shown(1.0));
    let goals = vec![Goal::at_most("memory of a server at rest", 40.0, memory.median, " MiB")];
    Part { tables: vec![table], goals, ..Part::default() }
}

/// Seconds of the whole process.
fn run(setting: &Setting, rounds: usize, arguments: &[&str]) -> Spread {
    let once = || {
        let mut command = Command::new(&setting.heng);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        timed(|| command.status().expect("the built heng")).1
    };
    once();
    Spread::of((0..rounds).map(|_| once()).collect())
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path in UTF-8").to_owned()
}
