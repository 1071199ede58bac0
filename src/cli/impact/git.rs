//! Packs out of git, read from its objects: nothing is checked out, nothing is written.

#![expect(clippy::disallowed_methods, reason = "the rim: runs git")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use crate::app::rules_folder;
use crate::cli::rule_files;
use crate::diagnostic::Bilingual;
use crate::pack::PackFiles;

/// The packs of the folder `path` of a commit; without a path, of the folder that the first of `beside` which lies in a
/// repository is there.
pub fn packs(reference: &str, path: Option<&str>, beside: &[PathBuf]) -> Result<Vec<PackFiles>, Bilingual> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(unknown(reference));
    }
    let repository = Repository::of(beside)?;
    let tree = format!("{reference}^{{tree}}");
    let tree = repository.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &tree]);
    let tree = tree.map_err(|_| unknown(reference))?;
    let path = match path {
        Some(path) => path.trim_matches('/').to_owned(),
        None => repository.text(&["rev-parse", "--show-prefix"]).map_err(told)?.trim().trim_matches('/').to_owned(),
    };
    let blobs = repository.blobs(tree.trim(), &path).map_err(told)?;
    // One pack: those that it extends lie beside it.
    let only =
        blobs.iter().any(|blob| blob.path == "pack.yaml").then(|| path.rsplit('/').next().unwrap_or("").to_owned());
    let blobs = match &only {
        None => blobs,
        Some(_) => repository.blobs(tree.trim(), path.rsplit_once('/').map_or("", |(above, _)| above)).map_err(told)?,
    };
    let packs = repository.read(&blobs)?;
    if packs.is_empty() {
        return Err(Bilingual::new(
            format!("{reference} 的文件夹 {path}/ 里没有规则包"),
            format!("the folder {path}/ of {reference} holds no rule pack"),
        ));
    }
    Ok(match only {
        None => packs,
        Some(only) => rule_files::with_ancestors(packs, &only),
    })
}

struct Repository<'p> {
    /// A folder in it.
    place: &'p Path,
}

impl<'p> Repository<'p> {
    /// The one that the first of these folders lies in.
    fn of(folders: &'p [PathBuf]) -> Result<Self, Bilingual> {
        let here = Path::new(".");
        for place in folders.iter().map(PathBuf::as_path).chain([here]).filter(|place| place.is_dir()) {
            let repository = Repository { place };
            match repository.run(&["rev-parse", "--git-dir"]) {
                Ok(_) => return Ok(repository),
                Err(Failure::Missing) => return Err(no_git()),
                Err(Failure::Refused(_)) => {}
            }
        }
        let shown = folders.first().map_or(here, PathBuf::as_path).display();
        Err(Bilingual::new(format!("{shown} 不在 git 仓库里"), format!("{shown} is in no git repository")))
    }
}

/// A rule file as git lists it.
struct Blob {
    object: String,
    /// Below the folder of packs.
    path: String,
}

enum Failure {
    /// There is no program of that name.
    Missing,
    /// What it said.
    Refused(String),
}

impl Repository<'_> {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.place).args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
        let output = self.command(arguments).output().map_err(|_| Failure::Missing)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(Failure::Refused(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
    }

    fn text(&self, arguments: &[&str]) -> Result<String, Failure> {
        self.run(arguments).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The rule files below a folder of a tree.
    fn blobs(&self, tree: &str, folder: &str) -> Result<Vec<Blob>, Failure> {
        let object = format!("{tree}:{folder}");
        let listed = self.run(&["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", &object])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let blob = |line: &str| {
            let (about, path) = line.split_once('\t')?;
            let mut about = about.split(' ');
            // Links and submodules are no rule files.
            let is_file = about.next()?.starts_with("100") && about.next()? == "blob";
            let is_rule =
                path.split('/').all(|name| !rules_folder::is_hidden(name)) && rules_folder::is_rule_file(path);
            (is_file && is_rule).then(|| Some(Blob { object: about.next()?.to_owned(), path: path.to_owned() }))?
        };
        Ok(listed.split('\0').filter_map(blob).collect())
    }

    /// The texts of the blobs, as packs: a folder with a `pack.yaml` is one.
    fn read(&self, blobs: &[Blob]) -> Result<Vec<PackFiles>, Bilingual> {
        let is_pack = |name: &str| blobs.iter().any(|blob| blob.path == format!("{name}/pack.yaml"));
        let in_packs: Vec<&Blob> =
            blobs.iter().filter(|blob| blob.path.split_once('/').is_some_and(|(name, _)| is_pack(name))).collect();
        if in_packs.len() > rules_folder::MOST_FILES {
            return Err(Bilingual::new("规则文件过多", format!("more than {} rule files", rules_folder::MOST_FILES)));
        }
        let texts = self.contents(&in_packs)?;
        let mut packs: BTreeMap<&str, BTreeMap<String, Arc<str>>> = BTreeMap::new();
        for (blob, text) in in_packs.iter().zip(texts) {
            let Some((name, path)) = blob.path.split_once('/') else { continue };
            packs.entry(name).or_default().insert(path.to_owned(), text);
        }
        Ok(packs.into_iter().map(|(name, files)| PackFiles { name: name.to_owned(), files }).collect())
    }

    /// One process for all of them.
    fn contents(&self, blobs: &[&Blob]) -> Result<Vec<Arc<str>>, Bilingual> {
        let mut command = self.command(&["cat-file", "--batch"]);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut git = spawned.map_err(|_| no_git())?;
        let wanted = blobs.iter().fold(String::new(), |wanted, blob| wanted + blob.object.as_str() + "\n");
        let input = git.stdin.take();
        // Written beside the reading: neither side waits for the other's full pipe.
        let writer = thread::spawn(move || input.map(|mut input| input.write_all(wanted.as_bytes())));
        let mut output = BufReader::new(git.stdout.take().ok_or_else(no_git)?);
        let texts = blobs.iter().map(|blob| next_text(&mut output, blob)).collect();
        drop(writer.join());
        drop(output);
        git.wait().ok();
        texts
    }
}

/// `<object> blob <size>`, the bytes, a line break.
fn next_text(output: &mut impl BufRead, blob: &Blob) -> Result<Arc<str>, Bilingual> {
    let path = &blob.path;
    let broken = || Bilingual::new(format!("git 读不出 {path}"), format!("git cannot read {path}"));
    let mut head = String::new();
    output.read_line(&mut head).map_err(|_| broken())?;
    let size: u64 = head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(broken)?;
    if size > rules_folder::LARGEST_FILE {
        return Err(Bilingual::new(
            format!("{path} 过大，规则文件不应超过 1 MiB"),
            format!("{path} is larger than {} bytes; a rule file is at most that", rules_folder::LARGEST_FILE),
        ));
    }
    let mut bytes = Vec::new();
    output.by_ref().take(size + 1).read_to_end(&mut bytes).map_err(|_| broken())?;
    bytes.pop();
    let text = String::from_utf8(bytes)
        .map_err(|_| Bilingual::new(format!("{path} 不是 UTF-8 文本"), format!("{path} is not UTF-8 text")))?;
    Ok(Arc::from(text))
}

fn unknown(reference: &str) -> Bilingual {
    Bilingual::new(
        format!("没有文件夹 `{reference}`，git 里也没有这个提交、分支或标签"),
        format!("there is no folder `{reference}`, and git knows no commit, branch or tag of that name"),
    )
}

fn no_git() -> Bilingual {
    Bilingual::new(
        "找不到 git 程序；请安装 git，或改写规则文件夹",
        "there is no program git; install it, or name folders of rules",
    )
}

fn told(failure: Failure) -> Bilingual {
    match failure {
        Failure::Missing => no_git(),
        Failure::Refused(why) => {
            Bilingual::new(format!("git 没有给出规则：{why}"), format!("git gives no rules: {why}"))
        }
    }
}
