//! What may stand in the `fields` of a list item: known columns, not those of the service, with values of their kind (FACTS 1.7). What SharePoint says to a wrong value is not documented; everything wrong is 400 here.

use serde_json::{Map, Value, json};

use super::super::Place;
use super::super::items::{refused, rows, unknown_column};
use crate::demo::error::Answer;
use crate::demo::query::row::Row;
use crate::demo::time;
use crate::demo::world::lists::{self as world, Column, Kind, List};

type Values = Map<String, Value>;

/// The longest single line of text.
const LINE: usize = 255;

/// The values of a new item. `Title` is there, because its column says that it is required; a status that is not given is the default one.
pub fn of_new(place: Place, list: &List, sent: &Values) -> Answer<Values> {
    let mut values = checked(place, list, sent)?;
    if list.column("Title").is_some() && !values.contains_key("Title") {
        return Err(no_title());
    }
    if list.column("Status").is_some() && !values.contains_key("Status") {
        values.insert("Status".into(), json!("Open"));
    }
    Ok(values)
}

/// The values that a change sets; null takes a value away.
pub fn of_change(place: Place, list: &List, sent: &Values) -> Answer<Values> {
    checked(place, list, sent)
}

fn no_title() -> crate::demo::error::Fault {
    refused("Field 'Title' is required".into())
}

fn checked(place: Place, list: &List, sent: &Values) -> Answer<Values> {
    let mut values = Values::new();
    for (name, value) in sent {
        // What an answer said about itself does no harm when it comes back.
        if ["@odata.etag", "@odata.type", "@odata.context"].contains(&name.as_str()) {
            continue;
        }
        let column = writable(list, name)?;
        if name == "Title" && value.as_str().is_none_or(|title| title.trim().is_empty()) {
            return Err(no_title());
        }
        let kept = match value {
            Value::Null => Some(Value::Null),
            value => kept(place, column.kind, value),
        };
        let kept = kept.ok_or_else(|| {
            refused(format!(
                "The value of field '{name}' is not valid for its column"
            ))
        })?;
        values.insert(name.clone(), kept);
    }
    Ok(values)
}

/// The column that a name sets: a lookup is set by its number alone, as `{Name}LookupId`.
fn writable(list: &List, name: &str) -> Answer<&'static Column> {
    let base = name.strip_suffix("LookupId").unwrap_or(name);
    let column = list.column(base).ok_or_else(|| unknown_column(name))?;
    let looks_up = matches!(column.kind, Kind::Lookup(_) | Kind::Person);
    if looks_up != (base != name) {
        return Err(unknown_column(name));
    }
    if column.read_only || column.kind == Kind::Calculated {
        return Err(refused(format!("Field '{name}' is read-only")));
    }
    Ok(column)
}

/// The value as it is kept; none when it is not of the kind.
fn kept(place: Place, kind: Kind, value: &Value) -> Option<Value> {
    let text = value.as_str();
    let good = match kind {
        Kind::Text => text.is_some_and(|text| text.chars().count() <= LINE && !text.contains('\n')),
        Kind::Note => text.is_some(),
        Kind::Choice(choices) => choices.contains(&text?),
        Kind::Number | Kind::Currency => value.is_number(),
        Kind::DateTime => return text.and_then(time::parse).map(|at| json!(time::show(at))),
        Kind::Boolean => value.is_boolean(),
        Kind::Person => {
            let number = number(value)?;
            return (1..=place.tenant.users.len())
                .contains(&number)
                .then(|| json!(number.to_string()));
        }
        Kind::Lookup(title) => {
            let number = number(value)?.to_string();
            return found(place, title, &number).then(|| json!(number));
        }
        Kind::Link => is_link(value),
        Kind::Calculated => false,
    };
    good.then(|| value.clone())
}

/// A number, or its digits: both are taken, and the digits come back.
fn number(value: &Value) -> Option<usize> {
    let digits = value.as_str().map(str::parse);
    let number = value.as_u64().map(|number| number as usize);
    number.or(digits.and_then(Result::ok))
}

fn found(place: Place, title: &str, number: &str) -> bool {
    let lists = world::lists(place.site);
    let list = lists.iter().find(|list| list.title == title);
    list.is_some_and(|list| {
        rows(place, list)
            .iter()
            .any(|row| row.property("id") == number)
    })
}

fn is_link(value: &Value) -> bool {
    let Some(link) = value.as_object() else {
        return false;
    };
    let known = link
        .keys()
        .all(|name| ["Url", "Description"].contains(&name.as_str()));
    known && link.values().all(Value::is_string) && link.contains_key("Url")
}
