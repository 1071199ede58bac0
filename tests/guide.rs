//! The authors' guide is a session that runs: its commands give what it shows, and its changes are made.
//!
//! A fence says what happens: `console` runs commands, `yaml FILE` writes a file, `yaml FILE +` appends to it,
//! `diff FILE` replaces lines of it. `…` stands for any text, and as a line of its own for any lines.

#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    reason = "this test writes what the guide writes, runs its commands, and fails by panicking"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use heng::document::{Limits, parse};

const GUIDE: &str = "docs/authors-guide.zh.md";

/// A fenced block.
struct Block {
    /// Of the fence, from 1.
    line: usize,
    kind: String,
    /// The file that the fence names.
    file: Option<String>,
    appends: bool,
    text: String,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = (1..).zip(guide.lines());
    while let Some((number, line)) = lines.next() {
        let Some(fence) = line.strip_prefix("```").filter(|fence| !fence.is_empty()) else { continue };
        let inside = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        let text = inside.flat_map(|line| [line, "\n"]).collect();
        let mut words = fence.split(' ').map(str::to_owned);
        let kind = words.next().unwrap_or_default();
        let file = words.next();
        blocks.push(Block { line: number, kind, file, appends: words.next().is_some_and(|word| word == "+"), text });
    }
    blocks
}

/// Where the guide begins: the national pack, and a few forms.
fn desk() -> PathBuf {
    let desk = Path::new(env!("CARGO_TARGET_TMPDIR")).join("guide");
    drop(std::fs::remove_dir_all(&desk));
    for (from, to) in
        [("rules/mof-2020", "rules/mof-2020"), ("rules/mof-2020", "rules.before/mof-2020"), ("examples/forms", "forms")]
    {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(from), &desk.join(to));
    }
    desk
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder of our own");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}

#[test]
fn the_guide_runs_from_its_first_command_to_its_last() {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(GUIDE)).expect(GUIDE);
    let desk = desk();
    let (mut ran, mut changed) = (0, 0);
    for block in blocks(&guide) {
        let at = format!("{GUIDE}:{}", block.line);
        match (block.kind.as_str(), &block.file) {
            ("console", None) => ran += run(&block.text, &desk, &at),
            ("yaml", None) if block.text.starts_with('#') => {}
            ("yaml", None) => drop(parse(at.as_str(), &block.text, &Limits::RULES).expect(&at)),
            ("yaml", Some(file)) => {
                write(&desk.join(file), &block, &at);
                changed += 1;
            }
            ("diff", Some(file)) => {
                replace(&desk.join(file), &block.text, &at);
                changed += 1;
            }
            (kind, _) => panic!("{at}: nothing is done with `{kind}`"),
        }
    }
    assert!(ran > 20 && changed > 12, "{ran} commands, {changed} changes");
}

fn write(file: &Path, block: &Block, at: &str) {
    let before = std::fs::read_to_string(file).expect(at);
    let text = if block.appends { before + block.text.as_str() } else { block.text.clone() };
    std::fs::write(file, text).expect(at);
}

/// Lines that begin with `-` stand in the file once, and those with `+` take their place.
fn replace(file: &Path, diff: &str, at: &str) {
    let side = |mark: char| {
        let lines = diff.lines().filter_map(|line| line.strip_prefix(mark));
        lines.flat_map(|line| [line, "\n"]).collect::<String>()
    };
    let (old, new) = (side('-'), side('+'));
    let text = std::fs::read_to_string(file).expect(at);
    assert_eq!(text.matches(&old).count(), 1, "{at}: `{old}` does not stand once in\n{text}");
    std::fs::write(file, text.replace(&old, &new)).expect(at);
}

/// Runs each `$ heng …` and compares what it says with the lines below.
fn run(text: &str, desk: &Path, at: &str) -> usize {
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, String::new())),
            (None, Some((_, shown))) => *shown = format!("{shown}{line}\n"),
            (None, None) => panic!("{at}: output before a command"),
        }
    }
    for (command, shown) in &commands {
        let words = words(command);
        let (program, arguments) = words.split_first().expect(at);
        assert_eq!(program, "heng", "{at}: {command}");
        let output = Command::new(env!("CARGO_BIN_EXE_heng"))
            .args(arguments)
            .current_dir(desk)
            .env_remove("COLUMNS")
            .env_remove("CLICOLOR_FORCE")
            .output()
            .expect("heng runs");
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
        let said = text(&output.stdout) + text(&output.stderr).as_str();
        assert!(fits(shown, &said), "{at}: `{command}` says\n{said}\nand not\n{shown}");
        assert!(output.status.code().is_some_and(|code| code < 2), "{at}: `{command}`: {said}");
    }
    commands.len()
}

/// A command cut into words as a shell does; words in single quotes are one.
fn words(command: &str) -> Vec<String> {
    let pieces = command.split('\'').enumerate();
    let words = pieces.flat_map(|(index, piece)| match index % 2 {
        0 => piece.split_whitespace().map(str::to_owned).collect::<Vec<_>>(),
        _ => vec![piece.to_owned()],
    });
    words.collect()
}

/// Whether a text is what was shown, `…` standing for anything within a line, and alone for any lines.
fn fits(shown: &str, said: &str) -> bool {
    let shown: Vec<&str> = shown.lines().collect();
    let said: Vec<String> = said.lines().map(|line| untimed(line.trim_end())).collect();
    let said: Vec<&str> = said.iter().map(String::as_str).collect();
    lines_fit(&shown, &said)
}

/// A line without the time that something took, and without its being slow: `通过 [  2.7ms]  …`.
fn untimed(line: &str) -> String {
    let is_time = |inside: &str| inside.ends_with('s') && inside.contains(|c: char| c.is_ascii_digit());
    match line.split_once(" [").and_then(|(before, rest)| Some((before, rest.split_once(']')?))) {
        Some((before, (inside, after))) if is_time(inside) => {
            format!("{before}{}", after.strip_prefix(" 慢").unwrap_or(after))
        }
        _ => line.to_owned(),
    }
}

fn lines_fit(shown: &[&str], said: &[&str]) -> bool {
    match (shown.split_first(), said.split_first()) {
        (None, said) => said.is_none(),
        (Some((&"…", rest)), _) => {
            (0..=said.len()).any(|skipped| said.get(skipped..).is_some_and(|said| lines_fit(rest, said)))
        }
        (Some((line, rest)), Some((first, others))) => line_fits(line, first) && lines_fit(rest, others),
        (Some(_), None) => false,
    }
}

fn line_fits(shown: &str, said: &str) -> bool {
    let mut rest = said;
    let mut pieces = shown.trim_end().split('…').peekable();
    let mut is_first = true;
    while let Some(piece) = pieces.next() {
        let found = match (is_first, pieces.peek().is_none()) {
            (true, true) => (rest == piece).then_some(rest.len()),
            (true, false) => rest.starts_with(piece).then_some(piece.len()),
            (false, true) => rest.ends_with(piece).then_some(rest.len()),
            (false, false) => rest.find(piece).map(|at| at + piece.len()),
        };
        let Some(taken) = found else { return false };
        rest = rest.split_at(taken).1;
        is_first = false;
    }
    true
}

#[test]
fn an_ellipsis_stands_for_what_is_left_out_and_nothing_else_does() {
    assert!(fits("甲\n…\n丁\n", "甲\n乙\n丙\n丁\n") && fits("…\n", "") && fits("一…二\n", "一 和 二\n"));
    assert!(
        !fits("甲\n丁\n", "甲\n乙\n丁\n") && !fits("甲\n", "") && !fits("", "甲\n") && !fits("一…二\n", "一 和 三\n")
    );
}
