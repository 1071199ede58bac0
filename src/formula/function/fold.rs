//! Texts reduced to what they say, for comparison.

use unicode_normalization::UnicodeNormalization;

/// The signs that change what a text says and so outlive the folding: `95%` is not `95`.
const SIGNS: &str = "%‰℃°+±=<>≥≤≠¥$€";

/// What a text says: its characters without spaces and punctuation, in normal width and lower case.
pub fn folded(text: &str) -> Vec<char> {
    text.nfkc().filter(|c| c.is_alphanumeric() || SIGNS.contains(*c)).flat_map(char::to_lowercase).collect()
}
