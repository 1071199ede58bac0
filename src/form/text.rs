//! What a text cell may hold.

use super::field::Field;
use super::violation::Violations;
use crate::diagnostic::Bilingual;

/// How many characters of a refused text a message shows.
const SHOWN: usize = 40;

/// How long a text may be, in characters. Far above what any layout allows: a pack's own limits are findings,
/// these keep a form a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// Names, codes, targets, actuals, numbers.
    Short,
    /// Goals, reasons, regional fields.
    Long,
}

impl Limit {
    pub fn characters(self) -> usize {
        match self {
            Limit::Short => 2_000,
            Limit::Long => 20_000,
        }
    }
}

/// Reports a text that is over its limit or holds characters that nobody can see; whether it is admissible.
pub(super) fn check(field: Field<'_>, text: &str, limit: Limit, violations: &mut Violations) -> bool {
    is_plain(text, limit) || check_characters(field, text, limit, violations)
}

/// Whether the bytes alone tell that nothing is wrong, as they do of nearly every text. All of them are looked at, a
/// whole word of the machine at a time.
fn is_plain(text: &str, limit: Limit) -> bool {
    // No text has more characters than bytes.
    text.len() <= limit.characters() && !text.bytes().fold(false, |found, byte| found | may_be_unseen(byte))
}

/// Whether a byte may be part of what nobody can see: every control of ASCII, and the first bytes of all others.
fn may_be_unseen(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2)
}

fn check_characters(field: Field<'_>, text: &str, limit: Limit, violations: &mut Violations) -> bool {
    let mut length = 0;
    let mut unseen = None;
    for character in text.chars() {
        length += 1;
        if unseen.is_none() && is_unseen(character) {
            unseen = Some((length, character));
        }
    }
    let most = limit.characters();
    if length > most {
        violations.push(
            field,
            Bilingual::new(
                format!("共 {length} 字，超过上限 {most} 字"),
                format!("{length} characters, more than the limit of {most}"),
            ),
        );
    }
    if let Some((position, character)) = unseen {
        violations.push(field, unseen_message(position, character));
    }
    length <= most && unseen.is_none()
}

/// Whether nothing is written: spaces and characters without width are nothing.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| character.is_whitespace() || has_no_width(character))
}

/// Characters that leave no trace on paper: zero-width spaces and joiners, the byte order mark, soft hyphens.
pub(super) fn has_no_width(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

/// A text as a message may show it: clipped, and what nobody could see escaped.
pub(super) fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars();
    for character in characters.by_ref().take(SHOWN) {
        if is_unseen(character) || character.is_control() {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    if characters.next().is_some() {
        out.push('…');
    }
    out
}

fn unseen_message(position: usize, character: char) -> Bilingual {
    let code = format!("U+{:04X}", u32::from(character));
    let (zh, en) = if is_bidi_control(character) {
        ("改变文字显示方向的控制字符，会使看到的内容与实际内容不一致", "a control that changes the direction of text")
    } else {
        ("不可见的控制字符", "a control character")
    };
    Bilingual::new(
        format!("第 {position} 个字符 {code} 是{zh}，请删除"),
        format!("character {position}, {code}, is {en}: delete it"),
    )
}

/// Controls other than tab and line breaks, and the controls of text direction.
fn is_unseen(character: char) -> bool {
    (character.is_control() && !matches!(character, '\t' | '\n' | '\r')) || is_bidi_control(character)
}

/// Unicode's `Bidi_Control`: marks, embeddings, overrides and isolates. A Chinese form needs none of them, and
/// they can make a reader see another text than the one that is scored.
fn is_bidi_control(character: char) -> bool {
    matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bytes_pass_has_nothing_unseen_in_it() {
        for c in '\0'..=char::MAX {
            let plain = is_plain(c.encode_utf8(&mut [0; 4]), Limit::Short);
            assert!(!(plain && is_unseen(c)), "{c:?}");
        }
        assert!(is_plain("培训（2022）ABC", Limit::Short));
        assert!(is_plain(&"字".repeat(666), Limit::Short));
        // Two thousand characters are admitted, though not by their bytes alone.
        assert!(!is_plain(&"字".repeat(2_000), Limit::Short));
    }
}
