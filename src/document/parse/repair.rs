//! Slips in the writing of YAML that can be mended for certain.

use crate::diagnostic::render::lines;
use crate::diagnostic::{Bilingual, Fix, Place};
use crate::quantity::Interval;

/// How to mend what makes a text no YAML, found at `place` by the reader: an interval without quotes, which may have
/// led it astray many lines before, or a full-width colon behind the key of that line.
pub(super) fn of(place: &Place, source: &str) -> Option<Fix> {
    let last = usize::try_from(place.line).ok()?;
    let read: Vec<(u32, &str)> = (1..).zip(lines(source)).take(last).collect();
    let at = |line: u32, column: usize| {
        Place::new(place.file.clone(), line, u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1), 1)
    };
    let intervals = read.iter().find_map(|(number, line)| {
        let (column, written) = bare_interval(line)?;
        Some(Fix::new(&at(*number, column), written.as_str(), format!("\"{written}\"")))
    });
    intervals.or_else(|| {
        let near = read.iter().skip(last.saturating_sub(2));
        near.into_iter().find_map(|(number, line)| {
            let (column, key, value) = key_with_wide_colon(line)?;
            let space = if value.is_empty() || value.starts_with(' ') { "" } else { " " };
            Some(Fix::new(&at(*number, column), format!("{key}："), format!("{key}:{space}")))
        })
    })
}

/// Why it is no YAML as it is.
pub(super) fn sentence(fix: &Fix) -> Bilingual {
    if fix.from.ends_with('：') {
        Bilingual::new(
            "键后面是全角冒号；YAML 只认半角冒号加空格",
            "the key is followed by a full-width colon; YAML wants a colon and a space",
        )
    } else {
        Bilingual::new(
            "区间没有加引号，YAML 会把方括号当作列表",
            "this interval has no quotes, and YAML takes its bracket for a list",
        )
    }
}

/// A half-open interval that begins a value and has no quotes, such as `points: [80, 90)`, and its column from 0. YAML
/// takes its bracket for that of a list.
fn bare_interval(line: &str) -> Option<(usize, String)> {
    let mut before: Option<char> = None;
    let mut quote: Option<char> = None;
    for (column, (at, c)) in line.char_indices().enumerate() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if before.is_none_or(|before| " ,[{:".contains(before)) => quote = Some(c),
            (None, '#') if before.is_none_or(|before| before == ' ') => return None,
            (None, '[' | '(') if before == Some(' ') => {
                let rest = line.get(at..)?;
                let end = rest.find([']', ')'])?;
                let written = rest.get(..=end)?;
                let half_open = written.starts_with('(') || written.ends_with(')');
                // Outside braces and brackets a round one is a character like others.
                let misread = c == '[' || line.get(..at)?.contains(['{', '[']);
                if half_open && misread && Interval::parse(written).is_some() {
                    return Some((column, written.to_owned()));
                }
            }
            _ => {}
        }
        before = Some(c);
    }
    None
}

/// The column from 0 of a key that has a full-width colon where `: ` should be, the key, and what follows.
fn key_with_wide_colon(line: &str) -> Option<(usize, &str, &str)> {
    let text = line.trim_start();
    let text = text.strip_prefix("- ").unwrap_or(text);
    let (key, value) = text.split_once('：')?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
    if !is_key || line.contains(": ") || line.trim_end().ends_with(':') {
        return None;
    }
    Some((line.strip_suffix(text)?.chars().count(), key, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mended_is_certain() {
        let cases = [
            ("bands:\n  a: {title: 优, points: [90, 100)}\n", 9, Some((2, "[90, 100)", "\"[90, 100)\""))),
            ("a: {b: (60, 80]}\n", 2, Some((1, "(60, 80]", "\"(60, 80]\""))),
            ("a: (60, 80]\nb: [1, \n", 2, None),
            ("a: \"x [1, 2)\" # [1, 2)\nb: [1, \n", 2, None),
            ("a: [2, 1)\n", 2, None),
            ("a: f[1, 2)\n", 1, None),
            ("a:\n  title：按比例\n", 2, Some((2, "title：", "title: "))),
            ("a:\n  - case：一\n", 3, Some((2, "case：", "case: "))),
            ("bands：\n  a: 1\n", 2, Some((1, "bands：", "bands:"))),
            ("a:\n  说明：一\n", 2, None),
            ("a: b：c\n", 1, None),
        ];
        for (text, line, want) in cases {
            let place = Place::new("p".into(), line, 1, 1);
            let got = of(&place, text);
            let seen = got.as_ref().map(|fix| (fix.place.line, fix.from.as_str(), fix.to.as_str()));
            assert_eq!(seen, want, "{text}");
            assert!(got.is_none_or(|fix| fix.bytes(text).is_some()), "{text}");
        }
    }
}
