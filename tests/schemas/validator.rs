//! The schemas in the hands of a validator that knows nothing of heng.

use std::collections::BTreeMap;

use heng::reference::file_schemas;
use serde_json::Value;

/// The schemas, compiled.
pub struct Validator {
    schemas: boon::Schemas,
    compiled: BTreeMap<&'static str, boon::SchemaIndex>,
}

impl Validator {
    pub fn new() -> Self {
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        let compiled = file_schemas().into_iter().map(|file| {
            let url = format!("http://heng.invalid/{}.json", file.name);
            compiler.add_resource(&url, file.schema).expect("a schema is JSON");
            // Refuses what the metaschema of draft 7 does not allow.
            let index = compiler.compile(&url, &mut schemas).unwrap_or_else(|why| panic!("{url}: {why:#}"));
            (file.name, index)
        });
        let compiled = compiled.collect();
        Validator { schemas, compiled }
    }

    /// Why a document is not what this schema allows; nothing when it is.
    pub fn refusal(&self, name: &str, document: &Value) -> Option<String> {
        let index = self.compiled.get(name).copied().expect(name);
        self.schemas.validate(document, index).err().map(|why| format!("{why:#}"))
    }
}
