//! The vocabulary of the schemas: what a rule file can hold, as JSON Schema (draft 7).
//!
//! A scalar of a rule file is the text that was typed, so `2020` is a text as good as any; a decimal may be quoted.
//! Every shape carries a Chinese description: editors show it beside the key.

use serde_json::{Map, Value, json};

const DECIMAL: &str = "^-?[0-9]+(\\.[0-9]+)?$";
const POSITIVE: &str = "^[0-9]+(\\.[0-9]+)?(/[0-9]+(\\.[0-9]+)?)?$";
const INTERVAL: &str = "^\\s*[\\[(［（]\\s*-?[0-9]+(\\.[0-9]+)?\\s*[,，]\\s*-?[0-9]+(\\.[0-9]+)?\\s*[\\])］）]\\s*$";

/// The key by which an entry says whose entry it changes.
const REPLACES: &str = "replaces";

/// What may stand in one place of a rule file.
#[derive(Debug, Clone)]
pub(super) struct Shape(Map<String, Value>);

impl Shape {
    pub fn of(doc: &str, schema: Value) -> Self {
        let shape = match schema {
            Value::Object(map) => Shape(map),
            _ => Shape(Map::new()),
        };
        shape.with("description", json!(doc))
    }

    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }

    /// Nothing may stand there too: an empty cell, a section without entries.
    pub fn or_nothing(mut self) -> Self {
        if let Some(Value::Array(ways)) = self.0.get_mut("anyOf") {
            ways.push(json!({"type": "null"}));
            return self;
        }
        let types = match self.0.remove("type") {
            Some(Value::Array(types)) => types.into_iter().chain([json!("null")]).collect(),
            Some(one) => vec![one, json!("null")],
            // What it is called is said where it is defined.
            None => {
                let either = json!([Value::Object(self.0), {"type": "null"}]);
                return Shape(Map::from_iter([("anyOf".to_owned(), either)]));
            }
        };
        self.with("type", Value::Array(types))
    }

    fn doc(&self) -> String {
        self.0.get("description").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    pub fn value(self) -> Value {
        Value::Object(self.0)
    }
}

pub(super) fn text(doc: &str) -> Shape {
    Shape::of(doc, json!({"type": ["string", "number", "boolean"]}))
}

/// A text that heng understands only when it is written in this way.
pub(super) fn written(doc: &str, pattern: &str) -> Shape {
    Shape::of(doc, json!({"type": "string", "pattern": pattern}))
}

pub(super) fn formula(doc: &str) -> Shape {
    text(&format!("{doc}\n\n一行公式；能用的名字和函数见 docs/functions.md。公式里有“: ”或“ #”的须加引号。"))
}

pub(super) fn number(doc: &str) -> Shape {
    Shape::of(doc, json!({"type": ["number", "string"], "pattern": DECIMAL}))
}

/// A number above zero, perhaps a fraction: `2000/3`.
pub(super) fn positive(doc: &str) -> Shape {
    Shape::of(doc, json!({"type": ["number", "string"], "exclusiveMinimum": 0, "pattern": POSITIVE}))
}

pub(super) fn whole(doc: &str, low: u32, high: u32) -> Shape {
    Shape::of(doc, json!({"type": ["integer", "string"], "minimum": low, "maximum": high, "pattern": "^[0-9]+$"}))
}

pub(super) fn year(doc: &str) -> Shape {
    whole(doc, 1949, 2199)
}

pub(super) fn flag(doc: &str) -> Shape {
    Shape::of(doc, json!({"type": "boolean"}))
}

pub(super) fn interval(doc: &str) -> Shape {
    let doc = format!("{doc}\n\n区间照数学写法，须加引号：\"[0.6, 0.8)\" 含 0.6、不含 0.8。");
    Shape::of(&doc, json!({"type": "string", "pattern": INTERVAL}))
}

/// What a key must look like to be read as an interval.
pub(super) fn interval_key() -> Value {
    json!({"pattern": INTERVAL})
}

/// `true` or `false`, quoted or not.
pub(super) fn truth(doc: &str) -> Shape {
    Shape::of(doc, json!({"type": ["boolean", "string"], "pattern": "^(true|false|\\{.+\\})$"}))
}

/// One of these words, each with what it means.
pub(super) fn choice<'a>(doc: &str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Shape {
    let (words, docs): (Vec<&str>, Vec<&str>) = words.into_iter().unzip();
    Shape::of(doc, json!({"enum": words, "enumDescriptions": docs}))
}

/// One or several of what `one` is; a list of one need not be a list.
pub(super) fn one_or_more(one: Shape) -> Shape {
    let doc = one.doc();
    let item = one.value();
    Shape::of(&doc, json!({"anyOf": [item, {"type": "array", "items": item}]}))
}

pub(super) fn texts(doc: &str) -> Shape {
    one_or_more(text(doc))
}

pub(super) fn list(doc: &str, item: Shape) -> Shape {
    Shape::of(doc, json!({"type": "array", "items": item.value()}))
}

/// A mapping from ids of the author's choice to entries.
pub(super) fn by_id(doc: &str, entry: Shape) -> Shape {
    Shape::of(doc, json!({"type": "object", "additionalProperties": entry.value()}))
}

/// Something that the schema defines once, under this name.
pub(super) fn reference(name: &str) -> Shape {
    Shape(Map::from_iter([("$ref".to_owned(), json!(format!("#/definitions/{name}")))]))
}

/// A mapping whose keys are known.
pub(super) struct Mapping {
    doc: String,
    properties: Map<String, Value>,
    /// The same keys in another spelling, which editors accept and do not offer.
    spellings: Map<String, Value>,
    required: Vec<&'static str>,
    inherits: bool,
    rules: Vec<Value>,
}

pub(super) fn mapping(doc: &str) -> Mapping {
    Mapping {
        doc: doc.to_owned(),
        properties: Map::new(),
        spellings: Map::new(),
        required: Vec::new(),
        inherits: false,
        rules: Vec::new(),
    }
}

/// A mapping that may change one that the pack inherits: with `replaces` it need say only what differs.
pub(super) fn entry(doc: &str) -> Mapping {
    let replaces = text("改写哪个规则包的同编号条目（写它的编号，如 mof-2020）。写了它，没写的各项照旧。");
    Mapping { inherits: true, ..mapping(doc) }.optional(REPLACES, replaces)
}

impl Mapping {
    pub fn required(mut self, key: &'static str, shape: Shape) -> Self {
        self.required.push(key);
        self.optional(key, shape)
    }

    pub fn optional(mut self, key: &str, shape: Shape) -> Self {
        self.properties.insert(key.to_owned(), shape.value());
        self
    }

    /// A key that may be written in either way; the first is the one that editors offer.
    pub fn spelt(mut self, key: &str, other: &str, shape: Shape) -> Self {
        let shape = shape.value();
        if other != key {
            self.spellings.insert(format!("^{other}$"), shape.clone());
        }
        self.properties.insert(key.to_owned(), shape);
        self
    }

    /// Keys of which an entry has one: what it inherits counts.
    pub fn one_of(mut self, keys: &[&str]) -> Self {
        for (at, one) in keys.iter().enumerate() {
            for other in keys.iter().skip(at + 1) {
                self.rules.push(json!({"not": {"required": [one, other]}}));
            }
        }
        let inherited = self.inherits.then_some(&REPLACES);
        let ways: Vec<Value> = keys.iter().chain(inherited).map(|key| json!({"required": [key]})).collect();
        self.rules.push(json!({ "anyOf": ways }));
        self
    }

    /// Keys of this pattern, which editors accept and do not offer.
    pub fn also(mut self, pattern: &str, shape: Shape) -> Self {
        self.spellings.insert(pattern.to_owned(), shape.value());
        self
    }

    pub fn rule(mut self, rule: Value) -> Self {
        self.rules.push(rule);
        self
    }

    pub fn shape(self) -> Shape {
        let Mapping { doc, properties, spellings, required, inherits, mut rules } = self;
        let mut schema = Map::from_iter([
            ("type".to_owned(), json!("object")),
            ("additionalProperties".to_owned(), json!(false)),
            ("properties".to_owned(), Value::Object(properties)),
        ]);
        if !spellings.is_empty() {
            schema.insert("patternProperties".to_owned(), Value::Object(spellings));
        }
        if inherits && !required.is_empty() {
            let is_new = json!({"not": {"required": [REPLACES]}});
            rules.push(json!({"if": is_new, "then": {"required": required}}));
        } else if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        if !rules.is_empty() {
            schema.insert("allOf".to_owned(), Value::Array(rules));
        }
        Shape::of(&doc, Value::Object(schema))
    }
}
