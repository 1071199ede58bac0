//! A formula or script as tokens, with their places in characters.

/// What kind of word a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    /// A text between quotation marks.
    Text,
    Name,
    Operator,
    Open,
    Close,
    /// Ends an operand: `,`, `;`.
    Stop,
}

/// A token from character `from` up to `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub from: usize,
    pub to: usize,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

/// Operators of two characters; any other sign is one by itself.
const LONG: [&str; 9] = ["<=", ">=", "==", "!=", "&&", "||", "??", "**", ".."];

/// The tokens of a text that heng compiles. Comments and blanks are passed over.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at).copied() {
        let run = |accept: fn(char) -> bool| chars.iter().skip(at).take_while(|c| accept(**c)).count();
        let pair: String = chars.iter().skip(at).take(2).collect();
        let (kind, length) = match c {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '/' if pair == "//" => {
                at += run(|c| c != '\n');
                continue;
            }
            '/' if pair == "/*" => {
                at += comment(&chars, at);
                continue;
            }
            '"' => (Kind::Text, quoted(&chars, at)),
            c if c.is_ascii_digit() => (Kind::Number, number(&chars, at)),
            c if c.is_alphabetic() || c == '_' => (Kind::Name, run(|c| c.is_alphanumeric() || c == '_')),
            '(' | '[' | '{' => (Kind::Open, 1),
            ')' | ']' | '}' => (Kind::Close, 1),
            ',' | ';' => (Kind::Stop, 1),
            _ if LONG.contains(&pair.as_str()) => (Kind::Operator, 2),
            _ => (Kind::Operator, 1),
        };
        let text = chars.iter().skip(at).take(length).collect();
        found.push(Token { kind, text, from: at, to: at + length });
        at += length;
    }
    found
}

fn comment(chars: &[char], at: usize) -> usize {
    let rest = chars.get(at..).unwrap_or_default();
    rest.windows(2).skip(2).position(|pair| pair == ['*', '/']).map_or(rest.len(), |end| end + 4)
}

/// The length of a text with its quotation marks.
fn quoted(chars: &[char], at: usize) -> usize {
    let mut escaped = false;
    for (length, c) in (1..).zip(chars.iter().skip(at)) {
        match c {
            '"' if length > 1 && !escaped => return length,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    chars.len() - at
}

/// The length of a number; in `1..5` the dots are no part of it.
fn number(chars: &[char], at: usize) -> usize {
    let digits = |from: usize| chars.iter().skip(from).take_while(|c| c.is_ascii_digit() || **c == '_').count();
    let whole = digits(at);
    let fraction = digits(at + whole + 1);
    if chars.get(at + whole) == Some(&'.') && fraction > 0 { whole + 1 + fraction } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_into_what_it_is_made_of() {
        let shown = |text: &str| tokens(text).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ");
        assert_eq!(
            shown("a>=1.5&&!has(b) // c\n|| d ?? \"x > \\\" y\""),
            "a >= 1.5 && ! has ( b ) || d ?? \"x > \\\" y\""
        );
        assert_eq!(shown("for i in 0..5 { x += 1; } /* 1 < 2 */ y"), "for i in 0 .. 5 { x + = 1 ; } y");
        assert_eq!(shown("名称 == \"数\""), "名称 == \"数\"");
        let places: Vec<_> = tokens("甲 < 12").iter().map(|token| (token.from, token.to)).collect();
        assert_eq!(places, [(0, 1), (2, 3), (4, 6)]);
    }
}
