//! Rust sources as the invariants need them: without comments, strings and tests, every byte in its place.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// A file under `src`.
pub struct Source {
    /// From the package's folder, with `/`: `src/form/admit.rs`.
    pub path: String,
    /// The first folder or file under `src`: `form`, `lib`, `main`.
    pub module: String,
    pub text: String,
    /// `text` with comments, the contents of strings and characters, and test items blanked out; as long as
    /// `text`, with the same lines.
    pub code: String,
    /// Lines that belong to test items inside the file.
    test_lines: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let mut code = without_comments_and_strings(text);
        let mut test_lines = 0;
        for item in test_items(&code) {
            test_lines += code[item.clone()].lines().count();
            blank(&mut code, item);
        }
        let first = path.trim_start_matches("src/").split('/').next().unwrap_or_default();
        let module = first.trim_end_matches(".rs").to_owned();
        Source { path: path.to_owned(), module, text: text.to_owned(), code, test_lines }
    }

    /// Lines of the file that are no tests.
    pub fn length(&self) -> usize {
        self.text.lines().count() - self.test_lines
    }

    /// How deep the module of this file lies under the crate: 1 for `src/form/mod.rs`, 2 for `src/form/admit.rs`.
    pub fn depth(&self) -> usize {
        let inside = self.path.trim_start_matches("src/").trim_end_matches("/mod.rs");
        if matches!(inside, "lib.rs" | "main.rs") { 0 } else { inside.split('/').count() }
    }

    /// The line of a byte, from 1.
    pub fn line_of(&self, byte: usize) -> usize {
        self.text[..byte].matches('\n').count() + 1
    }

    /// `path:line: what`, how a violation is named.
    pub fn at(&self, byte: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, self.line_of(byte))
    }

    /// The places where `phrase` stands in the code as a whole word, or as whole words.
    pub fn find<'s>(&'s self, phrase: &'s str) -> impl Iterator<Item = usize> + 's {
        let is_edge = |c: Option<char>| !c.is_some_and(is_word);
        self.code.match_indices(phrase).map(|(at, _)| at).filter(move |at| {
            let (before, after) = (self.code[..*at].chars().next_back(), self.code[at + phrase.len()..].chars().next());
            (is_edge(before) || !phrase.starts_with(is_word)) && (is_edge(after) || !phrase.ends_with(is_word))
        })
    }

    /// The modules that paths beginning with `root::` name, each with its place; groups are looked into.
    pub fn paths_from(&self, root: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for at in self.find(&format!("{root}::")) {
            let rest = &self.code[at + root.len() + 2..];
            match rest.strip_prefix('{') {
                Some(group) => found.extend(heads(group).into_iter().map(|head| (at, head))),
                None => found.push((at, word_at(rest))),
            }
        }
        found
    }

    /// Every function with its length in lines, from `fn` to the closing brace.
    pub fn functions(&self) -> Vec<(usize, String, usize)> {
        let bodies = self.find("fn").filter_map(|at| {
            let name = word_at(self.code[at + 2..].trim_start());
            let end = at + end_of_item(&self.code[at..])?;
            let is_defined = !name.is_empty() && self.code[at..end].ends_with('}');
            is_defined.then(|| (at, name, self.code[at..end].lines().count()))
        });
        bodies.collect()
    }

    /// The lint attributes, as written.
    pub fn suppressions(&self) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        for word in ["allow", "expect"] {
            for at in self.find(word) {
                let before = self.code[..at].trim_end();
                let is_attribute = ["#[", "#![", ","].iter().any(|opening| before.ends_with(opening));
                if is_attribute && self.code[at + word.len()..].starts_with('(') {
                    let end = at + word.len() + matching(&self.code[at + word.len()..]).unwrap_or(0);
                    found.push((at, &self.text[at..end]));
                }
            }
        }
        found
    }
}

/// Every file under `src` that is not wholly a test, in the order of their paths.
pub fn sources(package: &Path) -> Vec<Source> {
    let mut files = Vec::new();
    walk(&package.join("src"), &mut files);
    let mut sources: Vec<Source> = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let path = file.strip_prefix(package).expect("it was found there").to_string_lossy().replace('\\', "/");
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        if !is_test {
            let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{path}: {error}"));
            sources.push(Source::new(&path, &text));
        }
    }
    assert!(sources.len() > 20, "the sources were not found: only {} files", sources.len());
    sources
}

/// The files below a folder, sorted.
pub fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_at(text: &str) -> String {
    text.chars().take_while(|c| is_word(*c)).collect()
}

/// The first words of the entries of a `use` group whose opening brace has been read.
fn heads(group: &str) -> Vec<String> {
    let (mut heads, mut depth, mut is_start) = (Vec::new(), 0_usize, true);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_start = true,
            c if is_start && is_word(c) => {
                heads.push(word_at(&group[at..]));
                is_start = false;
            }
            _ => {}
        }
    }
    heads
}

fn blank(text: &mut String, range: Range<usize>) {
    let blanks: String = text[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &blanks);
}

/// The ranges of items under `#[cfg(test)]`, attribute included.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut from = 0;
    while let Some(at) = code[from..].find("#[cfg(test)]").map(|at| from + at) {
        from = at + end_of_item(&code[at..]).unwrap_or(code.len() - at);
        items.push(at..from);
    }
    items
}

/// Just behind the item at the start of `code`: behind its `;` or its closing brace.
fn end_of_item(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.checked_sub(1)?,
            ';' if depth == 0 => return Some(at + 1),
            '{' if depth == 0 => return Some(at + matching(&code[at..])?),
            _ => {}
        }
    }
    None
}

/// Just behind the bracket that closes the one at the start of `code`.
fn matching(code: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn without_comments_and_strings(text: &str) -> String {
    let mut code = text.to_owned();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (hidden, length) = match c {
            '/' if rest.starts_with("//") => (0, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (0, block_comment(rest)),
            '"' => (1, string(rest, raw_hashes(&text[..at]))),
            '\'' => (1, character(rest)),
            _ => (0, 0),
        };
        if length > hidden {
            // The quotes stay, so that an empty string is still one.
            blank(&mut code, at + hidden..at + length - hidden);
        }
        at += length.max(c.len_utf8());
    }
    code
}

fn block_comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        at += match rest {
            _ if rest.starts_with("/*") => {
                depth += 1;
                2
            }
            _ if rest.starts_with("*/") => {
                depth -= 1;
                2
            }
            _ => c.len_utf8(),
        };
        if depth == 0 {
            break;
        }
    }
    at
}

/// The number of hashes when the quote after `before` opens a raw string.
fn raw_hashes(before: &str) -> Option<usize> {
    let start = before.trim_end_matches('#');
    let prefix: String = start.chars().rev().take_while(|c| is_word(*c)).collect();
    matches!(prefix.as_str(), "r" | "rb" | "rc").then_some(before.len() - start.len())
}

/// The length of the string at the start of `text`, quotes included.
fn string(text: &str, raw: Option<usize>) -> usize {
    if let Some(hashes) = raw {
        let closing = format!("\"{}", "#".repeat(hashes));
        return text[1..].find(&closing).map_or(text.len(), |at| at + 2);
    }
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => _ = chars.next(),
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of the character literal at the start of `text`; 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    match chars.next() {
        Some((_, '\\')) => {
            chars.next();
            chars.find(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1)
        }
        Some(_) => chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1),
        None => 0,
    }
}

#[test]
fn comments_and_strings_are_blanked_and_nothing_else() {
    let cases = [
        ("a // b\nc", "a     \nc"),
        ("a /* /* b */ c */ d", "a                 d"),
        (r#"f("x // y", 'z', '\'', 'q')"#, r#"f("      ", ' ', '  ', ' ')"#),
        (r##"r#"a"b"# + br"\" + "\"" + r"""##, r##"r#"   "# + br" " + "  " + r"""##),
        ("fn f<'a>(x: &'a str) -> &'static str", "fn f<'a>(x: &'a str) -> &'static str"),
        ("\"中\" /*文*/", "\"   \"        "),
        ("'\\u{4e2d}' 'b'", "'        ' ' '"),
    ];
    for (text, expected) in cases {
        assert_eq!(without_comments_and_strings(text), expected);
    }
}

#[test]
fn items_functions_and_paths_are_found() {
    let source = Source::new(
        "src/form/admit.rs",
        "use crate::{a::{b, c}, d};\nfn one<T>(x: [u8; 2]) -> u8\nwhere\n    T: X,\n{\n    0\n}\ntrait T { fn none(&self); }\n\
         #[expect(dead_code, reason = \"x\")]\n#[cfg(test)]\nmod tests {\n    fn two() { crate::e::f() }\n}\nconst D: u8 = crate::g::H;\n",
    );
    let names = |paths: Vec<(usize, String)>| paths.into_iter().map(|(_, name)| name).collect::<Vec<_>>();
    assert_eq!(names(source.paths_from("crate")), ["a", "d", "g"]);
    let functions: Vec<_> = source.functions().into_iter().map(|(_, name, lines)| (name, lines)).collect();
    assert_eq!(functions, [("one".to_owned(), 6)]);
    assert_eq!((source.length(), source.depth(), source.module.as_str()), (10, 2, "form"));
    let suppressions: Vec<_> = source.suppressions().into_iter().map(|(at, text)| (source.line_of(at), text)).collect();
    assert_eq!(suppressions, [(9, "expect(dead_code, reason = \"x\")")]);
}
