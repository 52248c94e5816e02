//! What a statement writes, as requests: pure, like the planner. Nothing is sent here, and whatever can
//! be known to be wrong is refused here, before anything is sent.

mod body;

pub use body::{element, people};

use std::borrow::Cow;

use serde_json::{Map, Value as Json, json};

use crate::catalog::{
    Column, Payload, Placeholder, Role, Source, Table, Verb, Way, Writes, placeholders,
};
use crate::error::{Error, Result};
use crate::odata::path_segment;
use crate::plan::bind::{key_segment, owner_path, site_segment};
use crate::value::Value;

/// Which row of Graph: where a scan found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Address {
    /// The start of its path: a mailbox or a drive, or nothing.
    pub owner: String,
    /// Its key.
    pub key: String,
    /// The values of input columns that it was found with.
    pub echo: Vec<(usize, Value)>,
    /// The version that was read, where a change must name it.
    pub etag: Option<String>,
}

/// A request that changes something, ready to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub verb: Verb,
    /// The path below the version.
    pub path: String,
    /// The body.
    pub body: Option<Json>,
    /// `If-Match`.
    pub if_match: Option<String>,
    /// The mailbox or service whose limits count.
    pub owner: String,
    /// For the hint on a 403.
    pub permission: &'static str,
    /// The same request twice has the effect of one: it may be repeated when nobody knows what became of
    /// it.
    pub repeatable: bool,
}

impl Request {
    /// Immutable ids, as reads ask for them: an id that was read stays the id of what is written. Other
    /// services ignore the preference.
    pub fn headers(&self) -> Vec<(Cow<'static, str>, String)> {
        let mut headers = vec![(Cow::from("Prefer"), "IdType=\"ImmutableId\"".to_owned())];
        if let Some(etag) = &self.if_match {
            headers.push((Cow::from("If-Match"), etag.clone()));
        }
        headers
    }
}

/// What a write needs to know beside the statement.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Whose mailbox or drive where the statement names none.
    pub user_id: Option<&'a str>,
    /// A GUID that nothing else has.
    pub guid: &'a str,
}

/// The columns of a statement with their values.
pub type Given<'a> = &'a [(usize, Value)];

/// What an INSERT of one row sends.
///
/// # Errors
/// A column that cannot be written, a required one that is missing, a value that is not of its column.
pub fn insert(table: &'static Table, given: Given<'_>, context: Context<'_>) -> Result<Request> {
    let writes = writable(table, "INSERT INTO")?;
    let filled = |name: &'static str| filling(table, given, name).is_some();
    let is_ready = |way: &&Way| placeholders(way.path).all(|name| name == "owner" || filled(name));
    let Some(way) = writes.insert.iter().find(is_ready) else {
        return Err(no_way(table, writes, &|name| filled(name)));
    };
    let used: Vec<&str> = placeholders(way.path).collect();
    for (column, _) in given {
        let own = &table.columns[*column];
        let is_input = matches!(own.source, Source::Input(_)) && own.known.is_none();
        if !is_input && !used.contains(&own.path) && !writes.by_insert(property(own)) {
            return Err(not_by_insert(table, writes, *column));
        }
    }
    for path in writes.required {
        let has = |(column, _): &(usize, Value)| property(&table.columns[*column]) == *path;
        if !given.iter().any(has) {
            let name = name_of(table, path);
            return Err(Error::usage(format!("INSERT must give {name}"))
                .next(format!("Add {name} to the columns"))
                .on(table.name));
        }
    }
    check_size(table, writes, given)?;
    let owner = owner_of(table, given, context.user_id)?;
    let mut path = way.path.replace("{owner}", &owner);
    for name in placeholders(way.path).filter(|name| *name != "owner") {
        let value = filling(table, given, name).unwrap_or_default();
        let segment = segment(table, name, &value).ok_or_else(|| {
            Error::usage(format!("'{value}' cannot be the {name} of anything")).on(table.name)
        })?;
        path = path.replace(&format!("{{{name}}}"), &segment);
    }
    let columns: Vec<(usize, &Value)> = given
        .iter()
        .filter(|(column, _)| {
            let own = &table.columns[*column];
            let has_property = own.source == Source::Property || own.known.is_some();
            has_property && !used.contains(&own.path)
        })
        .map(|(column, value)| (*column, value))
        .collect();
    let mut payload = payload(table, writes, way, &columns)?;
    if let (Payload::Properties, Some(Json::Object(body))) = (way.payload, &mut payload) {
        add_constants(body, writes);
        if let Some(name) = writes.transaction {
            body.entry(name).or_insert_with(|| json!(context.guid));
        }
    }
    Ok(Request {
        verb: way.verb,
        path,
        body: payload,
        if_match: None,
        owner,
        permission: writes.permission,
        repeatable: writes.transaction.is_some(),
    })
}

/// What an UPDATE of one row sends: what was SET, and nothing else.
///
/// # Errors
/// As [`insert`].
pub fn update(table: &'static Table, address: &Address, set: Given<'_>) -> Result<Vec<Request>> {
    let writes = writable(table, "UPDATE")?;
    for (column, _) in set {
        if !writes.by_update(property(&table.columns[*column])) {
            return Err(read_only(table, writes, *column));
        }
    }
    let mut requests = Vec::new();
    let is_move = |column: usize| {
        let moves = writes.moves;
        moves.is_some_and(|moves| moves.column == property(&table.columns[column]))
    };
    let changed: Vec<(usize, &Value)> = set
        .iter()
        .filter(|(column, _)| !is_move(*column))
        .map(|(column, value)| (*column, value))
        .collect();
    if let (Some(way), false) = (&writes.update, changed.is_empty()) {
        requests.push(Request {
            body: payload(table, writes, way, &changed)?,
            ..row_request(table, writes, way, address)?
        });
    }
    // Last: the id of what was moved may be another one.
    if let (Some(moves), Some((_, to))) = (writes.moves, set.iter().find(|(n, _)| is_move(*n))) {
        let to = to.as_text().ok_or_else(|| {
            Error::usage(format!("{} cannot be NULL", moves.column)).on(table.name)
        })?;
        let way = Way {
            verb: Verb::Post,
            path: moves.path,
            payload: Payload::None,
        };
        requests.push(Request {
            body: Some(json!({ moves.destination: to })),
            ..row_request(table, writes, &way, address)?
        });
    }
    Ok(requests)
}

/// What a DELETE of one row sends.
///
/// # Errors
/// When the table's rows cannot be removed.
pub fn delete(table: &'static Table, address: &Address) -> Result<Request> {
    let writes = writable(table, "DELETE FROM")?;
    match &writes.delete {
        Some(way) => {
            let told: Vec<(usize, &Value)> = address
                .echo
                .iter()
                .map(|(column, value)| (*column, value))
                .collect();
            Ok(Request {
                body: payload(table, writes, way, &told)?,
                ..row_request(table, writes, way, address)?
            })
        }
        None => Err(impossible(table, "DELETE FROM")),
    }
}

/// A request to the path of a row.
fn row_request(
    table: &'static Table,
    writes: &Writes,
    way: &Way,
    address: &Address,
) -> Result<Request> {
    let mut path = way.path.replace("{owner}", &address.owner);
    for name in placeholders(way.path) {
        let value = match table.placeholder(name) {
            Placeholder::Owner => continue,
            Placeholder::Property(_) => Some(address.key.as_str()),
            Placeholder::Input(role) => echoed(table, address, role),
        };
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Err(Error::usage(format!(
                "the row says nothing of its {name}, without which it cannot be changed"
            ))
            .next(format!("Add {name} = '…' to WHERE"))
            .on(table.name));
        };
        let segment = segment(table, name, value).unwrap_or_else(|| path_segment(value));
        path = path.replace(&format!("{{{name}}}"), &segment);
    }
    Ok(Request {
        verb: way.verb,
        path,
        body: None,
        if_match: address.etag.clone().filter(|_| writes.if_match),
        owner: address.owner.clone(),
        permission: writes.permission,
        // FACTS §4.2 names none: what was asked for twice may undo what somebody did in between.
        repeatable: false,
    })
}

fn echoed<'a>(table: &Table, address: &'a Address, role: Role) -> Option<&'a str> {
    let is_it =
        |(column, _): &&(usize, Value)| table.columns[*column].source == Source::Input(role);
    address.echo.iter().find(is_it)?.1.as_text()
}

/// The mailbox or drive that a new row goes to.
fn owner_of(table: &'static Table, given: Given<'_>, user_id: Option<&str>) -> Result<String> {
    let said = |role: Role| {
        let mut given = given.iter();
        let found = given.find(|(n, _)| table.columns[*n].source == Source::Input(role));
        found.and_then(|(_, value)| value.as_text())
    };
    let (drive, mailbox) = (said(Role::Drive), said(Role::Mailbox));
    owner_path(table, drive, mailbox.or(user_id)).ok_or_else(|| {
        let named = drive.or(mailbox).or(user_id).unwrap_or_default();
        Error::usage(format!("'{named}' cannot name a mailbox or a drive")).on(table.name)
    })
}

/// The text that fills a placeholder of an INSERT's path.
fn filling(table: &Table, given: Given<'_>, name: &'static str) -> Option<String> {
    let is_it = |(column, _): &&(usize, Value)| {
        let own = &table.columns[*column];
        match table.placeholder(name) {
            Placeholder::Owner => false,
            Placeholder::Input(role) => own.source == Source::Input(role),
            Placeholder::Property(path) => own.source == Source::Property && own.path == path,
        }
    };
    match &given.iter().find(is_it)?.1 {
        Value::Text(text) if !text.is_empty() => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The body of a way, from the columns that it carries.
fn payload(
    table: &'static Table,
    writes: &Writes,
    way: &Way,
    columns: &[(usize, &Value)],
) -> Result<Option<Json>> {
    match way.payload {
        Payload::None => Ok(None),
        Payload::Properties => body::object(table, writes, columns).map(Some),
        Payload::Reference(path) => {
            let id = value_of(table, columns, path).and_then(Value::as_text);
            let id = id.ok_or_else(|| lacks(table, path))?;
            // FACTS §3.3: the reference is a URL; the client puts the Graph host before it.
            Ok(Some(
                json!({ "@odata.id": format!("{REFERENCE}{}", path_segment(id)) }),
            ))
        }
        Payload::Whole(path) => {
            let value = value_of(table, columns, path).ok_or_else(|| lacks(table, path))?;
            body::whole(table, path, value).map(Some)
        }
        Payload::AddLicense(path) => {
            let sku = sku(table, columns, path)?;
            let add = json!([{ "skuId": sku, "disabledPlans": [] }]);
            Ok(Some(json!({ "addLicenses": add, "removeLicenses": [] })))
        }
        Payload::RemoveLicense(path) => {
            let sku = sku(table, columns, path)?;
            Ok(Some(json!({ "addLicenses": [], "removeLicenses": [sku] })))
        }
    }
}

fn sku<'a>(table: &'static Table, columns: &[(usize, &'a Value)], path: &str) -> Result<&'a str> {
    let value = value_of(table, columns, path).and_then(Value::as_text);
    value.ok_or_else(|| lacks(table, path))
}

/// The property that a column stands for: an input may tell one.
fn property(column: &Column) -> &'static str {
    column.known.unwrap_or(column.path)
}

/// The SQL name of a property's column.
fn name_of(table: &Table, path: &str) -> String {
    let found = table.columns.iter().find(|column| property(column) == path);
    found.map_or_else(|| path.to_owned(), Column::name)
}

/// A value as the segment of a path that a placeholder stands for.
fn segment(table: &Table, name: &'static str, value: &str) -> Option<String> {
    match table.placeholder(name) {
        Placeholder::Input(Role::Site) => site_segment(value),
        _ => key_segment(value),
    }
}

/// What is larger than a request may be goes another way.
fn check_size(table: &'static Table, writes: &Writes, given: Given<'_>) -> Result<()> {
    let Some((path, most, procedure)) = writes.largest else {
        return Ok(());
    };
    let has = |(column, _): &&(usize, Value)| table.columns[*column].path == path;
    match given.iter().find(has) {
        Some((_, Value::Blob(bytes))) if bytes.len() > most => Err(Error::usage(format!(
            "{} has {} bytes, and a request takes {most}",
            name_of(table, path),
            bytes.len()
        ))
        .next(format!(
            "Use the procedure {procedure}, which uploads in pieces"
        ))
        .on(table.name)),
        _ => Ok(()),
    }
}

/// Stands before the path of an object in a reference until the client knows its Graph host.
pub const REFERENCE: &str = "{graph}/directoryObjects/";

fn value_of<'a>(table: &Table, columns: &[(usize, &'a Value)], path: &str) -> Option<&'a Value> {
    let mut columns = columns.iter();
    let found = columns.find(|(column, _)| property(&table.columns[*column]) == path);
    found.map(|(_, value)| *value)
}

/// Properties that every new item has, unless the statement says otherwise.
fn add_constants(body: &mut Map<String, Json>, writes: &Writes) {
    for (name, text) in writes.constants {
        if let (false, Ok(value)) = (body.contains_key(*name), serde_json::from_str(text)) {
            body.insert((*name).to_owned(), value);
        }
    }
}

fn writable(table: &'static Table, statement: &str) -> Result<&'static Writes> {
    let writes = table.writes.ok_or_else(|| {
        Error::usage(format!(
            "{statement} {} is not possible: Graph has no way to write it",
            table.name
        ))
        .next("sys_tables says which tables can be written")
    })?;
    let possible = match statement {
        "INSERT INTO" => !writes.insert.is_empty(),
        "UPDATE" => writes.update.is_some() || writes.moves.is_some(),
        _ => writes.delete.is_some(),
    };
    if possible {
        Ok(writes)
    } else {
        Err(impossible(table, statement))
    }
}

fn impossible(table: &'static Table, statement: &str) -> Error {
    Error::usage(format!(
        "{statement} {} is not possible in Graph",
        table.name
    ))
    .next("sys_tables says what can be done with which table")
}

fn lacks(table: &'static Table, path: &str) -> Error {
    Error::usage(format!("{} is needed", name_of(table, path))).on(table.name)
}

/// No way to make a row has what it needs: the fewest columns that would do.
fn no_way(table: &'static Table, writes: &Writes, filled: &dyn Fn(&'static str) -> bool) -> Error {
    let missing = |way: &Way| -> Vec<String> {
        placeholders(way.path)
            .filter(|name| *name != "owner" && !filled(name))
            .map(|name| name.replace('/', "_"))
            .collect()
    };
    let fewest = writes
        .insert
        .iter()
        .map(missing)
        .min_by_key(Vec::len)
        .unwrap_or_default();
    Error::usage(format!(
        "INSERT must say {} to know where the row goes",
        fewest.join(" and ")
    ))
    .next(format!("Add {} to the columns", fewest.join(" and ")))
    .on(table.name)
}

fn not_by_insert(table: &'static Table, writes: &Writes, column: usize) -> Error {
    let own = &table.columns[column];
    if writes.by_update(property(own)) {
        return Error::usage(format!(
            "{} cannot be given when the row is made",
            own.name()
        ))
        .next("Set it with UPDATE afterwards")
        .on(table.name);
    }
    read_only(table, writes, column)
}

fn read_only(table: &'static Table, writes: &Writes, column: usize) -> Error {
    let own = &table.columns[column];
    let error = match (own.source, writes.by_insert(property(own))) {
        (Source::Input(_), _) => Error::usage(format!(
            "{} says where a row is and cannot be changed",
            own.name()
        )),
        (_, true) => Error::usage(format!(
            "{} can be given only when the row is made",
            own.name()
        )),
        _ => Error::usage(format!(
            "{} is read-only: Graph makes its value",
            own.name()
        )),
    };
    error
        .next("sys_tablecolumns says which columns can be written")
        .on(table.name)
}

#[cfg(test)]
mod tests;
