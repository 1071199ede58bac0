//! Texts reduced to what they say, for comparison.

use unicode_normalization::UnicodeNormalization;

/// The signs that change what a text says and so outlive the folding: `95%` is not `95`.
const SIGNS: &str = "%‰℃°+±=<>≥≤≠¥$€";

/// What a text says: its characters without spaces and punctuation, in normal width and lower case.
pub fn folded(text: &str) -> Vec<char> {
    let mut characters = Vec::with_capacity(text.len() / 2);
    fold_into(text, &mut characters);
    characters
}

/// [`folded`], behind what is in `characters` already.
pub fn fold_into(text: &str, characters: &mut Vec<char>) {
    let before = characters.len();
    for c in text.chars() {
        match alone(c) {
            Alone::Said(c) => characters.push(c),
            Alone::Nothing => {}
            Alone::Unknown => {
                characters.truncate(before);
                characters.extend(normalized(text));
                return;
            }
        }
    }
}

fn normalized(text: &str) -> impl Iterator<Item = char> {
    text.nfkc().filter(|c| c.is_alphanumeric() || SIGNS.contains(*c)).flat_map(char::to_lowercase)
}

/// What a character says wherever it stands.
enum Alone {
    Said(char),
    Nothing,
    /// It may say several, or join with its neighbours.
    Unknown,
}

/// The characters that printed forms are made of need no tables: ideographs, ASCII of either width, common
/// punctuation. None of them joins with another.
fn alone(c: char) -> Alone {
    match c {
        '\u{4e00}'..='\u{9fff}' | '0'..='9' | 'a'..='z' => Alone::Said(c),
        'A'..='Z' => Alone::Said(c.to_ascii_lowercase()),
        '%' | '+' | '<' | '=' | '>' | '$' | '≥' | '≤' | '‰' => Alone::Said(c),
        '\0'..='\u{7f}' => Alone::Nothing,
        '、' | '。' | '《' | '》' | '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '\u{3000}' => {
            Alone::Nothing
        }
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).map_or(Alone::Unknown, alone),
        _ => Alone::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every character that needs no tables, by itself and beside those that like to join with others.
    #[test]
    fn the_short_way_says_what_the_tables_say() {
        let told = |c: &char| !matches!(alone(*c), Alone::Unknown);
        let ideographs = ('\u{4e00}'..='\u{9fff}').step_by(50);
        for c in ('\0'..'\u{4e00}').chain(ideographs).chain('\u{a000}'..=char::MAX).filter(told) {
            for text in [format!("{c}"), format!("a{c}{c}中"), format!("中{c}\u{338}>"), format!("가{c}\u{300}")] {
                assert_eq!(folded(&text), normalized(&text).collect::<Vec<char>>(), "{c:?} in {text}");
            }
        }
    }

    #[test]
    fn what_a_text_says_has_neither_width_nor_case_nor_punctuation() {
        let said = |text| folded(text).into_iter().collect::<String>();
        assert_eq!(said("（一）ＡＢ c，１２．５％ ≥９０℃…"), "一abc125%≥90°c");
        assert_eq!(said(" 、\u{3000}\n"), "");
    }

    proptest! {
        #[test]
        fn texts_are_folded_alike_either_way(text in "[a-zA-Z0-9 %\u{FF05}\u{FF21}\u{301}\u{3099}か—、，ＡⅡ㎡①~～满意度]{0,12}") {
            prop_assert_eq!(folded(&text), normalized(&text).collect::<Vec<char>>());
        }
    }
}
