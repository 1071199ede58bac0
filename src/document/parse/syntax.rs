//! saphyr's syntax errors in words that help an author.

use saphyr_parser::{Marker, ScanError};

use super::spot::Spot;
use super::{Limits, repair, tree};
use crate::diagnostic::render::lines;
use crate::diagnostic::{Bilingual, Diagnostic, Place};

pub(super) fn describe(error: &ScanError, spot: &Spot<'_>, limits: &Limits) -> Diagnostic {
    let info = error.info();
    let mark = on_a_line(error.marker(), spot.source());
    let place = spot.place(mark, 1);
    if info.contains("recursion limit") {
        return tree::too_deep(place, limits.depth);
    }
    if info.contains("unknown anchor") || info.contains("anchor or alias") {
        return Diagnostic::error(
            "yaml_alias",
            place,
            Bilingual::new(
                "不支持 YAML 锚点和别名；若 `*` 或 `&` 是文字，请加引号",
                "YAML anchors and aliases are not supported; quote a text that begins with `*` or `&`",
            ),
        );
    }
    if ["tag", "TAG", "the handle wasn't"].iter().any(|word| info.contains(word)) {
        return Diagnostic::error(
            "yaml_tag",
            place,
            Bilingual::new(
                "不支持 YAML 标签；若 `!` 是文字，请加引号",
                "YAML tags are not supported; quote a text that begins with `!`",
            ),
        );
    }
    let place = match info {
        _ if info.starts_with("simple key expect") => line_before(mark, spot).unwrap_or(place),
        _ if info.contains("tab") => tab_before(mark, spot).unwrap_or(place),
        _ => place,
    };
    // What can be mended is where the reader was led astray, which it may have noticed only later.
    let fix = repair::of(&place, spot.source());
    if let Some(fix) = fix {
        let message = repair::sentence(&fix);
        return Diagnostic::error("yaml_syntax", fix.place.clone(), message).with_fix(fix);
    }
    let help = full_width_help(&place, spot.source());
    Diagnostic { help, ..Diagnostic::error("yaml_syntax", place, sentence(info)) }
}

/// What saphyr says, by a part of it, and what an author should read instead.
const SENTENCES: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed",
        "这里不能出现“键: 值”：多半是缩进不对，或者含有“: ”的文字没有加引号",
        "a `key: value` cannot stand here: the indentation is off, or a text that holds `: ` is not quoted",
    ),
    (
        "simple key expect",
        "这一行的键后面没有冒号和空格（`键: 值`）",
        "the key on this line has no colon and space after it (`key: value`)",
    ),
    ("unexpected end of stream", "从这里开始的引号直到文件结束都没有配对", "the quote that opens here is never closed"),
    (
        "unexpected document indicator",
        "引号内的文字不能有以 `---` 或 `...` 开头的行",
        "a quoted text cannot have a line that begins with `---` or `...`",
    ),
    (
        "invalid trailing content",
        "引号之后还有文字：请把整段文字放进引号",
        "text follows the closing quote: put all of it inside the quotes",
    ),
    (
        "unknown escape character",
        "双引号文字里有不认识的转义：反斜杠请写成 `\\\\`，或改用单引号",
        "this double-quoted text has an unknown escape: write a backslash as `\\\\`, or use single quotes",
    ),
    (
        "hexadecimal number",
        "双引号文字里的 \\x、\\u 或 \\U 后面缺少十六进制数字",
        "hexadecimal digits are missing after \\x, \\u or \\U in this double-quoted text",
    ),
    (
        "character escape code",
        "双引号文字里的 \\u 转义不是一个字符",
        "an escape in this double-quoted text is no character",
    ),
    ("tab", "这里不能用制表符（Tab），缩进请用空格", "a tab cannot stand here: indent with spaces"),
    ("expected ',' or '}'", "花括号里这之前缺少逗号或右花括号", "a comma or a closing brace is missing before this"),
    ("expected ',' or ']'", "方括号里这之前缺少逗号或右方括号", "a comma or a closing bracket is missing before this"),
    ("misplaced bracket", "这个右括号没有对应的左括号", "this closing bracket has no opening one"),
    (
        "indentation indicator equal to 0",
        "`|` 或 `>` 后的缩进数不能是 0",
        "the indentation after `|` or `>` cannot be 0",
    ),
    (
        "while scanning a block scalar",
        "`|` 或 `>` 之后应当换行，文字写在下一行",
        "the text must begin on the line after `|` or `>`",
    ),
    (
        "block sequence entries",
        "列表项 `- ` 不能写在这里：请另起一行并缩进",
        "a list entry `- ` cannot stand here: begin a new line and indent it",
    ),
    (
        "is only valid inside a block",
        "方括号或花括号里不用 `- `，各项以逗号分隔",
        "inside brackets entries are separated by commas, not begun with `- `",
    ),
    ("cannot start with '-'", "方括号或花括号里的 `-` 请加引号", "quote a `-` inside brackets"),
    ("byte order mark", "文件中间有字节顺序标记（BOM），请删除", "a byte order mark stands inside the file: delete it"),
    (
        "did not find expected <document",
        "文件内容在这之前已经结束，这里不应再有文字",
        "the contents ended before this; nothing may follow",
    ),
    ("after document end marker", "`...` 之后不应再有文字", "nothing may follow `...`"),
    (
        "directive",
        "以 `%` 开头的 YAML 指令不正确；若 `%` 是文字，请加引号",
        "this YAML directive is wrong; quote a text that begins with `%`",
    ),
    ("comment intercepting", "多行文字中间不能夹注释", "a comment cannot stand inside a text of several lines"),
    (
        "unexpected character",
        "文字不能以 `%`、`@` 或反引号开头，请加引号",
        "a text cannot begin with `%`, `@` or a backtick: quote it",
    ),
    ("expected node content", "这里缺少一个值", "a value is missing here"),
    ("unexpected end of plain scalar", "这里缺少一个值", "a value is missing here"),
    (
        "expected '-' indicator",
        "这一行的缩进与列表的其他项不一致",
        "this line is not indented like the other entries of the list",
    ),
    ("did not find expected key", "这一行的缩进与上面的键不一致", "this line is not indented like the keys above it"),
    ("indent", "缩进与上文不一致", "the indentation does not fit the lines above"),
    (
        "illegal placement of ':'",
        "上面的方括号没有关上，或者冒号没有与键写在同一行",
        "the bracket above is not closed, or the colon is not on the line of its key",
    ),
    ("mapping keys are not allowed", "这里不能开始一个键", "a key cannot begin here"),
    ("may not precede", "冒号后面缺少空格", "a space is missing after the colon"),
    ("valid YAML whitespace", "`:` 或 `-` 之后应为空格", "`:` and `-` must be followed by a space"),
    (
        "unexpected eof",
        "文件在这里中断了，括号或引号可能没有配对",
        "the file breaks off here: a bracket or quote may not be closed",
    ),
];

fn sentence(info: &str) -> Bilingual {
    match SENTENCES.iter().find(|(part, _, _)| info.contains(part)) {
        Some((_, zh, en)) => Bilingual::new(*zh, *en),
        None => Bilingual::new("这里不符合 YAML 语法", format!("this is not YAML: {info}")),
    }
}

/// saphyr reports the end of the file on a line of its own; the author sees the end of the last one.
fn on_a_line(mark: &Marker, source: &str) -> Marker {
    let lines: Vec<&str> = lines(source).collect();
    let last = lines.iter().rposition(|line| !line.trim().is_empty()).unwrap_or_default();
    if mark.line() <= last + 1 {
        return *mark;
    }
    let column = lines.get(last).map_or(0, |line| line.trim_end().chars().count());
    Marker::new(mark.index(), last + 1, column)
}

/// The tab that the line of `mark` is indented with.
fn tab_before(mark: Marker, spot: &Spot<'_>) -> Option<Place> {
    let line = lines(spot.source()).nth(mark.line().checked_sub(1)?)?;
    let column = line.chars().take_while(|c| c.is_whitespace()).position(|c| c == '\t')?;
    Some(spot.place(Marker::new(0, mark.line(), column), 1))
}

/// The last line with contents that ends before `mark`: that is where the key without a colon stands.
fn line_before(mark: Marker, spot: &Spot<'_>) -> Option<Place> {
    let before = if mark.col() == 0 { mark.line().saturating_sub(1) } else { mark.line() };
    let (number, line) = lines(spot.source())
        .enumerate()
        .take(before)
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .last()?;
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    Some(spot.place(Marker::new(0, number + 1, indent), line.trim().chars().count()))
}

/// A full-width mark on the line of the error, or a full-width colon on the line above it, is the likely cause.
fn full_width_help(place: &Place, source: &str) -> Option<Bilingual> {
    let number = usize::try_from(place.line).ok()?;
    let above = number.saturating_sub(2);
    let near: Vec<&str> = lines(source).skip(above).take(number - above).collect();
    let line = near.last()?;
    if let Some(found) = near.iter().find(|line| line.contains('：') && !line.contains(": ")) {
        let found: String = found.trim().chars().take(24).collect();
        return Some(Bilingual::new(
            format!("`{found}` 用了全角冒号 `：`；YAML 只认半角冒号加空格 `: `"),
            format!("`{found}` has a full-width colon `：`; YAML wants `: `"),
        ));
    }
    if line.contains(['“', '”', '‘', '’']) && !line.contains(['"', '\'']) {
        return Some(Bilingual::new(
            "这一行用了中文引号；YAML 只认半角引号",
            "this line has typographic quotes; YAML wants straight ones",
        ));
    }
    (line.contains('，') && line.contains(['[', '{', ']', '}'])).then(|| {
        Bilingual::new(
            "这一行用了全角逗号 `，`；YAML 只认半角逗号",
            "this line has a full-width comma `，`; YAML wants `,`",
        )
    })
}
