//! Which part of a schema speaks of which part of a document.

use std::collections::BTreeMap;

use serde_json::Value;

/// A part of a document and the schema it stands under.
pub struct Site {
    /// Where the schema stands: `/definitions/cite/properties/basis`.
    pub schema: String,
    /// Where the value stands.
    pub value: String,
}

/// Every part of a document with its schema, from the top down.
pub fn sites(root: &Value, document: &Value) -> Vec<Site> {
    let mut found = Vec::new();
    visit(root, (root, ""), (document, ""), &mut found);
    found
}

/// Every schema inside a schema that is not a mere condition, by where it stands.
pub fn parts(root: &Value) -> BTreeMap<String, &Value> {
    fn collect<'s>(node: &'s Value, at: &str, found: &mut BTreeMap<String, &'s Value>) {
        found.insert(at.to_owned(), node);
        for group in ["properties", "patternProperties", "definitions"] {
            for (key, inner) in node.get(group).and_then(Value::as_object).into_iter().flatten() {
                collect(inner, &format!("{at}/{group}/{}", escaped(key)), found);
            }
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = node.get(key).filter(|inner| inner.is_object()) {
                collect(inner, &format!("{at}/{key}"), found);
            }
        }
        for (index, inner) in node.get("anyOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            collect(inner, &format!("{at}/anyOf/{index}"), found);
        }
    }
    let mut found = BTreeMap::new();
    collect(root, "", &mut found);
    found
}

fn visit(root: &Value, schema: (&Value, &str), value: (&Value, &str), found: &mut Vec<Site>) {
    let (node, at) = resolved(root, schema);
    found.push(Site { schema: at.clone(), value: value.1.to_owned() });
    for (index, inner) in node.get("anyOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let (target, _) = resolved(root, (inner, ""));
        if is_for(target, value.0) {
            visit(root, (inner, &format!("{at}/anyOf/{index}")), value, found);
        }
    }
    for (key, inner) in value.0.as_object().into_iter().flatten() {
        if let Some((schema, way)) = of_key(node, key) {
            let place = format!("{}/{}", value.1, escaped(key));
            visit(root, (schema, &format!("{at}/{way}")), (inner, &place), found);
        }
    }
    if let Some(schema) = node.get("items") {
        for (index, inner) in value.0.as_array().into_iter().flatten().enumerate() {
            visit(root, (schema, &format!("{at}/items")), (inner, &format!("{}/{index}", value.1)), found);
        }
    }
}

fn resolved<'s>(root: &'s Value, (node, at): (&'s Value, &str)) -> (&'s Value, String) {
    match node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#')) {
        Some(target) => (root.pointer(target).expect(target), target.to_owned()),
        None => (node, at.to_owned()),
    }
}

/// Whether a branch is meant for values like this one.
fn is_for(schema: &Value, value: &Value) -> bool {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_named = |one: &Value| one == name || (one == "integer" && name == "number");
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(is_named),
        Some(one) => is_named(one),
        None if schema.get("enum").is_some() => name == "string",
        None => true,
    }
}

fn of_key<'s>(node: &'s Value, key: &str) -> Option<(&'s Value, String)> {
    if let Some(schema) = node.get("properties").and_then(|all| all.get(key)) {
        return Some((schema, format!("properties/{}", escaped(key))));
    }
    for (pattern, schema) in node.get("patternProperties").and_then(Value::as_object).into_iter().flatten() {
        let literal = pattern.trim_start_matches('^').replace('\\', "");
        let literal = literal.split("[0-9]").next().unwrap_or_default().trim_end_matches(['.', '$']);
        if key.starts_with(literal) {
            return Some((schema, format!("patternProperties/{}", escaped(pattern))));
        }
    }
    let rest = node.get("additionalProperties").filter(|rest| rest.is_object())?;
    Some((rest, "additionalProperties".to_owned()))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
