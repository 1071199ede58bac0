//! A copy of the sample packs, to be changed, and the command over it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The sample packs in a folder of one test's own.
pub struct Bench {
    pub folder: PathBuf,
}

impl Bench {
    pub fn new(test: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("case_runs").join(test);
        drop(std::fs::remove_dir_all(&folder));
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/case_runs/packs"), &folder);
        Bench { folder }
    }

    pub fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.join(file)).expect("a file of the sample")
    }

    pub fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.join(file), text).expect("a file of our own");
    }

    /// Replaces what stands exactly once in a file.
    pub fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert_eq!(text.matches(old).count(), 1, "{old} in {file}");
        self.write(file, &text.replace(old, new));
    }

    pub fn test(&self, arguments: &[&str]) -> Run {
        self.answering(arguments, "")
    }

    pub fn answering(&self, arguments: &[&str], input: &str) -> Run {
        let mut child = self.start(arguments);
        drop(child.stdin.take().expect("piped").write_all(input.as_bytes()));
        Run(child.wait_with_output().expect("heng ends"))
    }

    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_heng"));
        command.arg("test").arg(&self.folder).args(arguments).current_dir(&self.folder);
        command.env_remove("COLUMNS").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("heng starts")
    }
}

/// How the command ended.
pub struct Run(pub Output);

impl Run {
    pub fn code(&self) -> i32 {
        self.0.status.code().expect("heng was not killed")
    }

    pub fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).expect("standard output is text")
    }

    pub fn talk(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).expect("standard error is text")
    }

    /// Standard output, every line of it JSON.
    pub fn json(&self) -> Vec<Value> {
        self.out().lines().map(|line| serde_json::from_str(line).expect(line)).collect()
    }

    pub fn last(&self) -> String {
        self.out().lines().last().unwrap_or_default().to_owned()
    }

    /// The lines of cases, without their times.
    pub fn cases(&self) -> Vec<String> {
        let out = self.out();
        let untimed = |line: &str| {
            let (word, rest) = line.split_once(" [")?;
            let (time, rest) = rest.split_once("] ")?;
            let is_time = time.trim().ends_with('s') && word != "汇总";
            is_time.then(|| format!("{} {}", word.trim(), rest.trim_start_matches("慢").trim()))
        };
        out.lines().filter_map(untimed).collect()
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder of our own");
    for entry in std::fs::read_dir(from).expect("the sample").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file of the sample");
        }
    }
}
