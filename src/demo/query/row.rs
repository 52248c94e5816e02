//! What a row of any collection can do: give a property by name. Filters, sorting and projection know rows only through this.

use serde_json::{Map, Value};

use super::schema;
use crate::demo::error::Answer;

/// One item of a collection.
pub trait Row {
    /// The item's own type, which may be derived from the collection's.
    fn type_name(&self) -> &'static str;
    /// A top-level property; null when the item has none.
    fn property(&self, name: &str) -> Value;
    /// `@odata.etag`, `@odata.type` and other instance annotations.
    fn annotations(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

/// A row that is simply its JSON.
pub struct JsonRow {
    /// The item's type.
    pub type_name: &'static str,
    /// Its properties.
    pub map: Map<String, Value>,
    /// Its annotations.
    pub annotations: Vec<(&'static str, Value)>,
}

impl Row for JsonRow {
    fn type_name(&self) -> &'static str {
        self.type_name
    }
    fn property(&self, name: &str) -> Value {
        self.map.get(name).cloned().unwrap_or(Value::Null)
    }
    fn annotations(&self) -> Vec<(&'static str, Value)> {
        self.annotations.clone()
    }
}

impl JsonRow {
    /// A row out of a JSON object, without annotations.
    pub fn of(type_name: &'static str, value: Value) -> JsonRow {
        let map = if let Value::Object(map) = value {
            map
        } else {
            Map::new()
        };
        JsonRow {
            type_name,
            map,
            annotations: Vec::new(),
        }
    }
}

impl Row for &JsonRow {
    fn type_name(&self) -> &'static str {
        (**self).type_name()
    }
    fn property(&self, name: &str) -> Value {
        (**self).property(name)
    }
    fn annotations(&self) -> Vec<(&'static str, Value)> {
        (**self).annotations()
    }
}

/// Fills in a relationship of a row, as the `$expand` text asks.
pub type Expand<'e> = &'e dyn Fn(&dyn Row, &str) -> Answer<Vec<(String, Value)>>;

/// The value at the end of a path; null when any step is missing.
pub fn at_path(row: &dyn Row, path: &[String]) -> Value {
    let Some((first, rest)) = path.split_first() else {
        return Value::Null;
    };
    descend(row.property(first), rest)
}

/// Follows a path inside a value.
pub fn descend(mut value: Value, path: &[String]) -> Value {
    for segment in path {
        value = value
            .get_mut(segment)
            .map(Value::take)
            .unwrap_or(Value::Null);
    }
    value
}

/// The item as JSON with just these properties, annotations first.
pub fn render(row: &dyn Row, properties: &[String]) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, value) in row.annotations() {
        map.insert(name.to_string(), value);
    }
    for name in properties {
        // A base-type selection does not add properties that the row's own type lacks.
        if schema::member(row.type_name(), name).is_some() {
            map.insert(name.clone(), row.property(name));
        }
    }
    map
}
