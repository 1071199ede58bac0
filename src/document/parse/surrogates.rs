//! JSON writes characters beyond U+FFFF as two `\u` escapes; YAML knows only `\U` with eight digits.

use std::borrow::Cow;
use std::fmt::Write;

use serde::de::IgnoredAny;

/// Rewrites every surrogate pair of a JSON text to YAML's escape, and pads after the closing quote, so that
/// all tokens stay in their columns. Any other text is left alone: outside JSON the same characters may
/// stand in a plain or single-quoted scalar, where they mean themselves.
pub(super) fn joined(source: &str) -> Cow<'_, str> {
    if !source.trim_start().starts_with(['{', '[', '"']) || first_pair(source).is_none() {
        return Cow::Borrowed(source);
    }
    if serde_json::from_str::<IgnoredAny>(source).is_err() {
        return Cow::Borrowed(source);
    }
    Cow::Owned(rewritten(source))
}

/// Two characters saved: `\ud83d\ude00` is twelve long, `\U0001f600` ten.
const PADDING: &str = "  ";

fn rewritten(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut rest, mut in_string, mut pairs) = (json, false, 0_usize);
    while let Some(at) = rest.find(['"', '\\']) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        rest = tail;
        if let Some(after) = rest.strip_prefix('"') {
            out.push('"');
            in_string = !in_string;
            if !in_string {
                out.push_str(&PADDING.repeat(std::mem::take(&mut pairs)));
            }
            rest = after;
        } else if let Some((character, after)) = pair(rest) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\U{:08x}", u32::from(character));
            pairs += 1;
            rest = after;
        } else {
            let mut chars = rest.chars();
            out.extend(chars.by_ref().take(2));
            rest = chars.as_str();
        }
    }
    out.push_str(rest);
    out
}

fn first_pair(text: &str) -> Option<char> {
    text.match_indices("\\u").find_map(|(at, _)| pair(text.get(at..)?)).map(|(character, _)| character)
}

/// The character that an escaped surrogate pair at the start of `text` stands for, and what follows it.
fn pair(text: &str) -> Option<(char, &str)> {
    let (high, rest) = unit(text)?;
    let (low, rest) = unit(rest)?;
    let character = char::decode_utf16([high, low]).next()?.ok()?;
    (u32::from(character) > 0xffff).then_some((character, rest))
}

fn unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.strip_prefix("\\u")?.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}
