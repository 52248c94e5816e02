//! The declared types of Graph: which properties a type has and of what Edm type, read once from `schema.txt`.

use std::collections::HashMap;
use std::sync::OnceLock;

/// What a name means on a type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Member {
    /// A property and its Edm or Graph type, such as `String` or `Collection(recipient)`.
    Property(&'static str),
    /// A relationship: not selectable, perhaps expandable.
    Navigation,
}

struct Type {
    base: &'static str,
    properties: Vec<(&'static str, &'static str)>,
    navigation: Vec<&'static str>,
}

struct Schema {
    types: HashMap<&'static str, Type>,
    enums: HashMap<&'static str, Vec<&'static str>>,
    never_null: HashMap<&'static str, Vec<&'static str>>,
    open: Vec<&'static str>,
}

/// Looks a name up on a type and its bases.
pub fn member(type_name: &str, name: &str) -> Option<Member> {
    let mut current = type_name;
    while let Some(declared) = schema().types.get(current) {
        if let Some((_, kind)) = declared
            .properties
            .iter()
            .find(|(property, _)| *property == name)
        {
            return Some(Member::Property(kind));
        }
        if declared.navigation.contains(&name) {
            return Some(Member::Navigation);
        }
        current = declared.base;
    }
    None
}

/// Whether a type is derived from another one.
pub fn derives(type_name: &str, base: &str) -> bool {
    schema()
        .types
        .get(type_name)
        .is_some_and(|declared| declared.base == base || derives(declared.base, base))
}

/// All properties of a type, its bases' first.
pub fn properties(type_name: &str) -> Vec<(&'static str, &'static str)> {
    let Some(declared) = schema().types.get(type_name) else {
        return Vec::new();
    };
    let mut all = properties(declared.base);
    all.extend_from_slice(&declared.properties);
    all
}

/// The names of the properties that a type has and one of its bases has not.
pub fn beyond(type_name: &str, base: &str) -> Vec<String> {
    let names = properties(type_name).into_iter().map(|(name, _)| name);
    names
        .filter(|name| member(base, name).is_none())
        .map(String::from)
        .collect()
}

/// The type that is written `#microsoft.graph.x` or `microsoft.graph.x`.
pub fn named(text: &str) -> Option<&'static str> {
    let name = text.trim_start_matches('#');
    let name = name.strip_prefix("microsoft.graph.")?;
    schema().types.get_key_value(name).map(|(name, _)| *name)
}

/// Is this a declared entity or complex type?
pub fn is_type(name: &str) -> bool {
    schema().types.contains_key(name)
}

/// Is a type the other one or derived from it?
pub fn is_a(type_name: &str, base: &str) -> bool {
    type_name == base || derives(type_name, base)
}

/// May a property be null? Collections never are.
pub fn nullable(type_name: &str, name: &str) -> bool {
    let mut current = type_name;
    while let Some(declared) = schema().types.get(current) {
        let never = schema().never_null.get(current);
        if never.is_some_and(|names| names.contains(&name)) {
            return false;
        }
        current = declared.base;
    }
    true
}

/// Does a type take properties that it does not declare?
pub fn is_open(type_name: &str) -> bool {
    schema().open.contains(&type_name)
}

/// The Edm type at the end of a path such as `from/emailAddress/address`, or the first segment that does not exist and the type it was looked for on.
pub fn path_type<'p>(
    type_name: &'p str,
    path: &'p [String],
) -> Result<&'static str, (&'p str, &'p str)> {
    let mut kind: &'p str = type_name;
    let mut found = None;
    for segment in path {
        match member(kind, segment) {
            Some(Member::Property(next)) => {
                found = Some(next);
                kind = next;
            }
            _ => return Err((kind, segment)),
        }
    }
    found.ok_or((type_name, ""))
}

/// The members of an enumeration; `None` when the name is not one.
pub fn enum_members(kind: &str) -> Option<&'static [&'static str]> {
    schema().enums.get(kind).map(Vec::as_slice)
}

/// The same type name with the lifetime of the schema; the empty string for a name that it does not hold.
pub fn interned(kind: &str) -> &'static str {
    let schema = schema();
    let primitive = [
        "String",
        "Boolean",
        "Guid",
        "Int32",
        "Int64",
        "DateTimeOffset",
        "Double",
    ];
    primitive
        .into_iter()
        .find(|name| *name == kind)
        .or_else(|| schema.types.get_key_value(kind).map(|(name, _)| *name))
        .or_else(|| schema.enums.get_key_value(kind).map(|(name, _)| *name))
        .unwrap_or("")
}

/// The element type of `Collection(x)`.
pub fn element(kind: &str) -> Option<&str> {
    kind.strip_prefix("Collection(")?.strip_suffix(')')
}

fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| read(include_str!("schema.txt")))
}

fn read(text: &'static str) -> Schema {
    let mut schema = Schema {
        types: HashMap::new(),
        enums: HashMap::new(),
        never_null: HashMap::new(),
        open: Vec::new(),
    };
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((head, body)) = line.split_once(" | ") else {
            continue;
        };
        if let Some(name) = head.strip_prefix("enum ") {
            schema.enums.insert(name, body.split(' ').collect());
        } else if let Some(name) = head.strip_prefix("nonnull ") {
            schema.never_null.insert(name, body.split(' ').collect());
        } else if head == "open types" {
            schema.open = body.split(' ').collect();
        } else if let Some((name, base)) = head
            .strip_prefix("type ")
            .and_then(|head| head.split_once(" <"))
        {
            let words = || body.split(' ').filter(|word| !word.is_empty());
            let declared = Type {
                base: base.trim(),
                properties: words().filter_map(|word| word.split_once(':')).collect(),
                navigation: words().filter_map(|word| word.strip_prefix('@')).collect(),
            };
            schema.types.insert(name, declared);
        }
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inherited_and_nested() {
        assert_eq!(member("message", "id"), Some(Member::Property("String")));
        assert_eq!(member("message", "attachments"), Some(Member::Navigation));
        assert_eq!(member("message", "foo"), None);
        let path: Vec<String> = ["from", "emailAddress", "address"]
            .map(String::from)
            .to_vec();
        assert_eq!(path_type("message", &path), Ok("String"));
        let path: Vec<String> = ["from", "nothing"].map(String::from).to_vec();
        assert_eq!(path_type("message", &path), Err(("recipient", "nothing")));
        assert_eq!(
            enum_members("importance"),
            Some(["low", "normal", "high"].as_slice())
        );
        assert!(properties("user").len() > 80);
        assert!(derives("eventMessageRequest", "message") && !derives("message", "message"));
    }
}
