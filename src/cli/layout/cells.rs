//! Measuring and wrapping text in terminal cells.

use unicode_width::UnicodeWidthChar;

/// Marks that may not begin a line.
const NEVER_FIRST: &str = "，。、；：！？）》〉」』】〕〗”’…—·％‰℃,.;:!?)]}>%";
/// Marks that may not end a line.
const NEVER_LAST: &str = "（《〈「『【〔〖“‘￥¥([{<";
/// Signs between numbers: a line ends before them.
const OPERATORS: &str = "×÷+−=–/·→";

/// The cells that a text takes. Control characters take none: see [`visible`].
pub fn width(text: &str) -> usize {
    text.chars().map(cells).sum()
}

fn cells(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// A text of whatever origin as it may be shown: no control of the terminal or of the direction of writing
/// survives, line breaks and tabs are blanks.
pub fn visible(text: &str) -> String {
    text.chars()
        .filter_map(|character| match character {
            '\n' | '\t' => Some(' '),
            '\r' | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => None,
            '\u{2060}'..='\u{206F}' | '\u{FEFF}' => None,
            character if character.is_control() => Some('\u{FFFD}'),
            character => Some(character),
        })
        .collect()
}

/// A text with blanks after it, `width` cells in all.
pub fn pad(text: &str, cells: usize) -> String {
    let mut padded = text.to_owned();
    padded.extend(std::iter::repeat_n(' ', cells.saturating_sub(width(text))));
    padded
}

/// The beginning of a text, at most `cells` wide; `…` stands for what is cut off.
pub fn cut(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    fitting(text.chars(), cells.saturating_sub(1)).chain(['…']).collect()
}

/// The end of a text, at most `cells` wide: of a path, the name of the file.
pub fn cut_front(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut kept: Vec<char> = fitting(text.chars().rev(), cells.saturating_sub(1)).collect();
    kept.push('…');
    kept.iter().rev().collect()
}

fn fitting(characters: impl Iterator<Item = char>, most: usize) -> impl Iterator<Item = char> {
    characters.scan(0, move |used, character| {
        *used += cells(character);
        (*used <= most).then_some(character)
    })
}

/// A text in lines of at most `width` cells; never no line. Breaks between ideographs, between words, and
/// inside what is longer than a line, but not before a closing mark or after an opening one.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let characters: Vec<char> = visible(paragraph).trim().chars().collect();
        let mut rest = characters.as_slice();
        loop {
            let (line, after) = rest.split_at(line_end(rest, width.max(2)));
            lines.push(line.iter().collect::<String>().trim_end().to_owned());
            let blanks = after.iter().take_while(|c| **c == ' ').count();
            rest = after.get(blanks..).unwrap_or_default();
            if rest.is_empty() {
                break;
            }
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// How many of the characters the first line takes; at least one where there is one.
fn line_end(characters: &[char], width: usize) -> usize {
    let mut used = 0;
    let mut best = None;
    for (at, pair) in characters.windows(2).enumerate() {
        let [this, next] = pair else { continue };
        used += cells(*this);
        if used > width && *this != ' ' {
            return best.unwrap_or(at).max(1);
        }
        let before = at.checked_sub(1).and_then(|before| characters.get(before)).copied();
        if may_break(before, *this, *next) {
            best = Some(at + 1);
        }
    }
    let last = characters.last().map_or(0, |last| cells(*last));
    if used + last > width { best.unwrap_or(characters.len() - 1).max(1) } else { characters.len() }
}

/// Whether a line may end between `this` and `next`.
fn may_break(before: Option<char>, this: char, next: char) -> bool {
    if next == ' ' || NEVER_FIRST.contains(next) || NEVER_LAST.contains(this) {
        return false;
    }
    if this == ' ' {
        let in_pair = before == Some(',') && next.is_ascii_digit();
        return !in_pair && !before.is_some_and(|before| OPERATORS.contains(before));
    }
    // A number keeps its measure word: 9 × 1场.
    if this.is_ascii_digit() {
        return false;
    }
    cells(this) == 2 || cells(next) == 2
}
