//! Is the body of a write what its resource takes? Names, types, enumerations and nulls are checked against the declared types; what may be set when is data of the resource.
//!
//! FACTS 4.4 has the codes of a bad body and not which fault gets which; FACTS 3 does not say whether a property that cannot be set is refused or ignored. Everything is refused here, with the resource's one code.

use serde_json::{Map, Value};

use crate::demo::encoding::base64_decode;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::query::schema::{self, Member};
use crate::demo::time;

/// The properties that a body sets.
pub type Body = Map<String, Value>;

/// A demand that names and types cannot express; it sees the thing as it was, if there is one.
pub type Condition = fn(&Body, Option<&dyn Row>) -> Answer<()>;

/// What may be written to the things of one type.
pub struct Fields {
    /// The type.
    pub type_name: &'static str,
    /// The code of a refusal.
    pub code: &'static str,
    /// What a new one needs; null does not count.
    pub required: &'static [&'static str],
    /// What a new one may bring.
    pub on_create: &'static [&'static str],
    /// What may be changed later.
    pub on_update: &'static [&'static str],
    /// Relationships that a new one may bring along, with the type of their elements. The body keeps them as they are: their own fields check them.
    pub deep: &'static [(&'static str, &'static str)],
    /// References by `name@odata.bind`, without that ending. The body keeps them, with the ending.
    pub binds: &'static [&'static str],
    /// Further demands.
    pub conditions: &'static [Condition],
}

impl Fields {
    /// Fields of which nothing may be written: what the others start from.
    pub const NONE: Fields = Fields {
        type_name: "entity",
        code: "BadRequest",
        required: &[],
        on_create: &[],
        on_update: &[],
        deep: &[],
        binds: &[],
        conditions: &[],
    };

    /// The body of a new thing: good, and without annotations.
    pub fn create(&self, body: &Value) -> Answer<Body> {
        let body = self.settable(body, self.on_create, true)?;
        let missing = |name: &&&str| body.get(**name).is_none_or(Value::is_null);
        if let Some(name) = self.required.iter().find(missing) {
            return Err(self.refuse(format!("The property '{name}' is required.")));
        }
        self.conditions
            .iter()
            .try_for_each(|met| met(&body, None))?;
        Ok(body)
    }

    /// The body of a change to a thing.
    pub fn update(&self, body: &Value, row: &dyn Row) -> Answer<Body> {
        let body = self.settable(body, self.on_update, false)?;
        self.conditions
            .iter()
            .try_for_each(|met| met(&body, Some(row)))?;
        Ok(merged(self.type_name, body, row))
    }

    fn settable(&self, body: &Value, names: &[&str], new: bool) -> Answer<Body> {
        let map = body
            .as_object()
            .ok_or_else(|| self.refuse("The body must be an object."))?;
        let mut kept = Body::new();
        for (name, value) in map {
            let bound = name.strip_suffix("@odata.bind");
            let deep = self.deep.iter().find(|(deep, _)| deep == name);
            if bound.is_some_and(|bound| self.binds.contains(&bound)) {
                reference(name, value).map_err(|reason| self.refuse(reason))?;
            } else if let Some((_, element)) = deep.filter(|_| new) {
                elements(name, element, value).map_err(|reason| self.refuse(reason))?;
            } else if is_control(name) {
                self.same_type(name, value)?;
                continue;
            } else {
                self.one(name, value, names)?;
            }
            kept.insert(name.clone(), value.clone());
        }
        Ok(kept)
    }

    fn one(&self, name: &str, value: &Value, names: &[&str]) -> Answer<()> {
        let unknown = || {
            format!(
                "The property '{name}' does not exist on type 'microsoft.graph.{}'. Make sure to only use property names that are defined by the type.",
                self.type_name
            )
        };
        let annotation = name.starts_with('@') && names.contains(&name);
        match schema::member(self.type_name, name) {
            _ if annotation => Ok(()),
            None => Err(self.refuse(unknown())),
            Some(_) if !names.contains(&name) => {
                Err(self.refuse(format!("The property '{name}' cannot be set.")))
            }
            Some(Member::Navigation) => Err(self.refuse(format!(
                "The relationship '{name}' cannot be set in the body."
            ))),
            Some(Member::Property(kind)) => {
                property(self.type_name, name, kind, value).map_err(|reason| self.refuse(reason))
            }
        }
    }

    fn same_type(&self, name: &str, value: &Value) -> Answer<()> {
        let named = value.as_str().and_then(schema::named);
        let fits = named.is_some_and(|named| schema::is_a(self.type_name, named));
        if name != "@odata.type" || fits {
            return Ok(());
        }
        Err(self.refuse(format!(
            "A type named {value} is not compatible with the expected type 'microsoft.graph.{}'.",
            self.type_name
        )))
    }

    /// The refusal of a body.
    pub fn refuse(&self, reason: impl Into<String>) -> Fault {
        Fault::new(400, self.code, reason)
    }
}

/// The parameters of an action: each of these at most, of their types (`String`, `message`, `Collection(recipient)` …). An object of an entity type is left to that type's own fields.
pub fn parameters(body: &Value, known: &[(&str, &str)], code: &'static str) -> Answer<Body> {
    let refuse = |reason: String| Fault::new(400, code, reason);
    let map = body
        .as_object()
        .ok_or_else(|| refuse("The body must be an object.".into()))?;
    for (name, value) in map {
        let (_, kind) = known.iter().find(|(known, _)| known == name).ok_or_else(|| {
            refuse(format!("The parameter '{name}' in the request payload is not a valid parameter for the operation."))
        })?;
        let entity = schema::is_a(kind, "entity");
        if value.is_null() || entity && value.is_object() {
            continue;
        }
        checked(name, kind, value).map_err(refuse)?;
    }
    Ok(map.clone())
}

/// The type that an object names by `@odata.type`, which must be derived from a base.
pub fn type_of(value: &Value, base: &str) -> Option<&'static str> {
    let named = schema::named(value.get("@odata.type")?.as_str()?)?;
    schema::is_a(named, base).then_some(named)
}

/// Annotations that say what an object is: read back from an answer, they do no harm.
fn is_control(name: &str) -> bool {
    ["@odata.type", "@odata.context", "@odata.etag", "@odata.id"].contains(&name)
}

fn reference(name: &str, value: &Value) -> Result<(), String> {
    let good = match value {
        Value::Array(all) => all.iter().all(Value::is_string),
        other => other.is_string(),
    };
    if good {
        Ok(())
    } else {
        Err(format!("'{name}' must be a URL or a list of URLs."))
    }
}

fn elements(name: &str, element: &str, value: &Value) -> Result<(), String> {
    let all = value
        .as_array()
        .ok_or_else(|| format!("'{name}' must be a collection."))?;
    let good = |one: &Value| {
        let named = one.get("@odata.type").is_none() || type_of(one, element).is_some();
        one.is_object() && named
    };
    if all.iter().all(good) {
        return Ok(());
    }
    Err(format!(
        "The elements of '{name}' must be of type 'microsoft.graph.{element}'."
    ))
}

fn property(on: &str, name: &str, kind: &str, value: &Value) -> Result<(), String> {
    if value.is_null() && schema::element(kind).is_none() && schema::nullable(on, name) {
        return Ok(());
    }
    checked(name, kind, value)
}

/// Why a value is none of its type.
fn checked(name: &str, kind: &str, value: &Value) -> Result<(), String> {
    if let Some(element) = schema::element(kind) {
        let all = value.as_array().ok_or_else(|| misfit(name, kind))?;
        return all.iter().try_for_each(|one| checked(name, element, one));
    }
    if let Some(members) = schema::enum_members(kind) {
        // Members are case-sensitive in writes (FACTS 2.8, K).
        let known = value.as_str().is_some_and(|text| members.contains(&text));
        return known.then_some(()).ok_or_else(|| misfit(name, kind));
    }
    if schema::is_type(kind) {
        return complex(name, kind, value);
    }
    if primitive(kind, value) {
        Ok(())
    } else {
        Err(misfit(name, kind))
    }
}

/// Why an object is none of its type, to its depths. What may be set is not asked; what an open type does not declare is refused, as in [`Fields`].
pub fn well_formed(name: &str, kind: &str, value: &Value) -> Result<(), String> {
    let all = value.as_object().into_iter().flatten();
    let declared = |part: &str| part.contains('@') || schema::member(kind, part).is_some();
    match all.map(|(part, _)| part).find(|part| !declared(part)) {
        Some(part) => Err(format!(
            "The property '{part}' does not exist on type 'microsoft.graph.{kind}'."
        )),
        None => complex(name, kind, value),
    }
}

fn complex(name: &str, kind: &str, value: &Value) -> Result<(), String> {
    let map = value.as_object().ok_or_else(|| misfit(name, kind))?;
    let kind = match map.get("@odata.type") {
        None => kind,
        Some(_) => type_of(value, kind).ok_or_else(|| misfit(name, kind))?,
    };
    for (part, value) in map.iter().filter(|(part, _)| !part.contains('@')) {
        match schema::member(kind, part) {
            Some(Member::Property(inner)) => property(kind, part, inner, value)?,
            None if schema::is_open(kind) => {}
            _ => {
                return Err(format!(
                    "The property '{part}' does not exist on type 'microsoft.graph.{kind}'."
                ));
            }
        }
    }
    Ok(())
}

fn misfit(name: &str, kind: &str) -> String {
    format!("Cannot convert the value of '{name}' to the expected type '{kind}'.")
}

fn primitive(kind: &str, value: &Value) -> bool {
    let text = value.as_str();
    let whole = |most: i64| {
        value
            .as_i64()
            .is_some_and(|n| (-most - 1..=most).contains(&n))
    };
    match kind {
        "String" => text.is_some(),
        "Boolean" => value.is_boolean(),
        "Int16" => whole(i64::from(i16::MAX)),
        "Int32" => whole(i64::from(i32::MAX)),
        "Int64" => whole(i64::MAX),
        "Double" => value.is_number(),
        "Guid" => text.is_some_and(is_guid),
        "DateTimeOffset" => text.and_then(time::parse).is_some(),
        "Date" => text.and_then(time::parse_date).is_some(),
        "TimeOfDay" => {
            text.is_some_and(|text| time::parse_wall(&format!("2000-01-01T{text}")).is_some())
        }
        "Binary" => text.and_then(base64_decode).is_some(),
        // Streams have requests of their own.
        _ => false,
    }
}

fn is_guid(text: &str) -> bool {
    let dash = |at: usize| [8, 13, 18, 23].contains(&at);
    text.len() == 36
        && text.char_indices().all(|(at, letter)| {
            if dash(at) {
                letter == '-'
            } else {
                letter.is_ascii_hexdigit()
            }
        })
}

/// Parts of a complex value that a change does not name stay as they are.
fn merged(type_name: &str, body: Body, row: &dyn Row) -> Body {
    let whole = |(name, value): (String, Value)| {
        let kind = schema::member(type_name, &name);
        let complex = matches!(kind, Some(Member::Property(kind)) if schema::is_type(kind));
        match (row.property(&name), value) {
            (Value::Object(mut old), Value::Object(new)) if complex => {
                old.extend(new);
                (name, Value::Object(old))
            }
            (_, value) => (name, value),
        }
    };
    body.into_iter().map(whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::row::JsonRow;
    use serde_json::json;

    const FIELDS: Fields = Fields {
        type_name: "message",
        required: &["subject"],
        on_create: &[
            "subject",
            "flag",
            "importance",
            "toRecipients",
            "isRead",
            "conversationIndex",
        ],
        on_update: &["flag"],
        deep: &[("attachments", "attachment")],
        binds: &["members"],
        ..Fields::NONE
    };

    fn create(body: Value) -> bool {
        FIELDS.create(&body).is_ok()
    }

    #[test]
    fn a_body_is_checked_to_its_depths() {
        assert!(create(
            json!({"subject": "x", "isRead": true, "importance": "high"})
        ));
        assert!(create(
            json!({"subject": "x", "@odata.type": "#microsoft.graph.message"})
        ));
        assert!(create(
            json!({"subject": "x", "toRecipients": [{"emailAddress": {"address": "a@b"}}]})
        ));
        assert!(create(
            json!({"subject": "x", "attachments": [{"@odata.type": "#microsoft.graph.fileAttachment"}]})
        ));
        assert!(create(
            json!({"subject": "x", "members@odata.bind": ["https://a"]})
        ));
        for bad in [
            json!({}),
            json!([]),
            json!({"subject": null}),
            json!({"subject": 1}),
            json!({"subject": "x", "foo": 1}),
            json!({"subject": "x", "id": "1"}),
            json!({"subject": "x", "isRead": "true"}),
            json!({"subject": "x", "importance": "High"}),
            json!({"subject": "x", "toRecipients": null}),
            json!({"subject": "x", "toRecipients": [{"address": "a@b"}]}),
            json!({"subject": "x", "conversationIndex": "?"}),
            json!({"subject": "x", "@odata.type": "#microsoft.graph.event"}),
            json!({"subject": "x", "attachments": [{"@odata.type": "#microsoft.graph.event"}]}),
            json!({"subject": "x", "owners@odata.bind": ["https://a"]}),
            json!({"subject": "x", "members@odata.bind": [1]}),
        ] {
            assert!(!create(bad.clone()), "{bad}");
        }
    }

    #[test]
    fn a_change_keeps_the_parts_it_does_not_name() {
        let row = JsonRow::of(
            "message",
            json!({"flag": {"flagStatus": "flagged", "x": 1}}),
        );
        let body = FIELDS.update(&json!({"flag": {"flagStatus": "complete"}}), &row);
        assert_eq!(
            body.map(Value::Object),
            Ok(json!({"flag": {"flagStatus": "complete", "x": 1}}))
        );
        assert!(FIELDS.update(&json!({"subject": "x"}), &row).is_err());
    }

    #[test]
    fn parameters_of_actions() {
        let known = [("message", "message"), ("comment", "String")];
        let good = |body: Value| parameters(&body, &known, "x").is_ok();
        assert!(good(json!({"message": {"subject": 1}, "comment": "x"})) && good(json!({})));
        assert!(!good(json!({"Comment": "x"})) && !good(json!({"comment": 1})));
    }
}
