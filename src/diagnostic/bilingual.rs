//! A sentence in both languages.

use super::guess::Guess;

/// The language a reader asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    #[default]
    Zh,
    En,
}

/// One sentence, said in Chinese and in English.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bilingual {
    pub zh: String,
    pub en: String,
}

impl Bilingual {
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Bilingual { zh: zh.into(), en: en.into() }
    }

    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The help line that offers the nearest known name, if one is near enough to be a slip.
    pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let best = Guess::of(wrong, known)?.name;
        Some(Bilingual::new(format!("是否想写 `{best}`？"), format!("did you mean `{best}`?")))
    }
}
