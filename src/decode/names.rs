//! Which properties an item came with: in an answer of changes, what is absent did not change, and what is null
//! is null now (FACTS §6).

use std::fmt;

use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};

use crate::value::Value;

/// The names of an object's properties, annotations left out, as an array of JSON.
pub(super) fn names(json: &str) -> Value {
    let names = serde_json::Deserializer::from_str(json)
        .deserialize_map(Names)
        .unwrap_or_default();
    Value::text(serde_json::Value::from(names).to_string())
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            map.next_value::<IgnoredAny>()?;
            if !name.contains('@') {
                names.push(name);
            }
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::value::Value;

    #[test]
    fn annotations_are_no_properties() {
        let item =
            r#"{"@odata.etag":"x","id":"a","from":{"a":1},"members@delta":[],"subject":null}"#;
        assert_eq!(names(item), Value::text(r#"["id","from","subject"]"#));
    }
}
