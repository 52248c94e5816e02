//! CData's system tables, from the catalogue and the list of properties: what there is, what a column can
//! do, what a table needs.
//!
//! Names and columns are CData's; what it does not tell (which operators reach Graph, permissions, what
//! must be given) stands in columns behind those.

use std::ffi::CStr;

use super::{Field, LISTS, List, Origin, number, text, truth};
use crate::catalog::{self, Column, Fetch, Mode, Role, Rows, Source, Table, Type, placeholders};
use crate::plan::fit;
use crate::session::Session;
use crate::settings::PROPERTIES;
use crate::sqlite::table::declared_type;
use crate::value::Value;

/// Eponymous tables are in SQLite's main schema.
pub(super) const SCHEMA: &str = "main";
pub(super) const CATALOG: &str = "office365";

#[rustfmt::skip]
pub(super) static TABLES: List = List {
    name: c"sys_tables",
    doc: "A table of this driver.",
    columns: &[
        text("CatalogName",     "Always office365."),
        text("SchemaName",      "Always main."),
        text("TableName",       "The SQL name."),
        text("TableType",       "TABLE for what Graph has, SYSTEM TABLE for what the driver itself knows."),
        text("Description",     "What a row is."),
        truth("IsUpdateable",   "Whether INSERT, UPDATE and DELETE reach Graph."),
        text("RequiredInputs",  "The columns that WHERE must give a value, with commas between them."),
        text("Permission",      "The least privileged delegated Graph permission."),
        text("AppPermission",   "The least privileged application permission, NULL where applications are refused."),
        text("Question",        "A question that the table answers."),
        text("Example",         "A statement that answers it."),
        text("Writes",          "What can be written: INSERT, UPDATE, DELETE, with commas between them, NULL for nothing."),
        text("WritePermission", "The least privileged delegated Graph permission for that."),
    ],
    rows: Origin::Known(tables),
};

#[rustfmt::skip]
pub(super) static COLUMNS: List = List {
    name: c"sys_tablecolumns",
    doc: "A column of a table of this driver.",
    columns: &[
        text("CatalogName",       "Always office365."),
        text("SchemaName",        "Always main."),
        text("TableName",         "The table's SQL name."),
        text("ColumnName",        "The column's SQL name."),
        text("DataTypeName",      "The declared type."),
        number("DataType",        "The type as JDBC numbers it."),
        number("Length",          "NULL, since Graph names no lengths."),
        number("NumericPrecision", "The digits of a whole number, NULL for others."),
        number("NumericScale",    "0 for whole numbers, NULL for others."),
        truth("IsNullable",       "Whether the value can be NULL."),
        text("Description",       "What the value is."),
        number("Ordinal",         "The place in the table, from 1."),
        truth("IsAutoIncrement",  "Always 0."),
        truth("IsGeneratedColumn", "Whether the driver makes the value from others."),
        truth("IsHidden",         "Whether SELECT * leaves it out."),
        truth("IsArray",          "Whether the value is JSON."),
        truth("IsReadOnly",       "Whether it cannot be written."),
        truth("IsKey",            "Whether it is part of the key."),
        text("ColumnType",        "COLUMN, or PSEUDOCOLUMN for an input."),
        truth("IsRequired",       "Whether WHERE must give it a value."),
        text("GraphProperty",     "The property of Graph, NULL for what is not one."),
        text("Pushdown",          "The operators that Graph evaluates, with how exactly, NULL for none."),
        truth("IsSortable",       "Whether ORDER BY this column alone can be left to Graph."),
        text("AllowedValues",     "The known values, with commas between them, NULL for any."),
        text("Fetched",           "When the value is asked for: with the rows, only when used, or for each row alone."),
        text("WrittenBy",         "The statements that may give it: INSERT, UPDATE, with a comma between them, NULL for none."),
        truth("IsInsertRequired", "Whether INSERT must give it."),
    ],
    rows: Origin::Known(columns),
};

#[rustfmt::skip]
pub(super) static KEYS: List = List {
    name: c"sys_keycolumns",
    doc: "A column of a key, or one whose values are another table's key.",
    columns: &[
        text("CatalogName",          "Always office365."),
        text("SchemaName",           "Always main."),
        text("TableName",            "The table's SQL name."),
        text("ColumnName",           "The column's SQL name."),
        truth("IsKey",               "Whether it is part of the table's own key."),
        truth("IsForeignKey",        "Whether its values are another table's key."),
        text("PrimaryKeyName",       "The name of the table's own key, NULL where it is no part of it."),
        text("ForeignKeyName",       "The name of the relation, NULL where there is none."),
        text("ReferencedTableName",  "The other table, NULL where there is none."),
        text("ReferencedColumnName", "The other table's key column, NULL where there is none."),
    ],
    rows: Origin::Known(keys),
};

#[rustfmt::skip]
pub(super) static CONNECTION: List = List {
    name: c"sys_connection_props",
    doc: "A connection property and its value on this connection.",
    columns: &[
        text("Name",             "The name in a connection string."),
        text("ShortDescription", "What it means."),
        text("Default",          "The value when nothing is said, NULL for none."),
        text("Value",            "The value in force, NULL for none; that of a secret is never shown."),
        truth("Required",        "Always 0."),
        number("Ordinal",        "The place in the list, from 1."),
        text("Sensitivity",      "PASSWORD for secrets, NULL for others."),
        text("Variable",         "The environment variable that also sets it, NULL for none."),
    ],
    rows: Origin::Known(connection),
};

#[rustfmt::skip]
pub(super) static INFORMATION: List = List {
    name: c"sys_information",
    doc: "A fact about this driver and its host.",
    columns: &[
        text("Name",  "What is told."),
        text("Value", "What it is."),
    ],
    rows: Origin::Known(information),
};

pub(super) fn words(texts: &[&str]) -> Value {
    match texts.is_empty() {
        true => Value::Null,
        false => Value::text(texts.join(", ")),
    }
}

pub(super) fn known(text: &str) -> Value {
    match text {
        "" => Value::Null,
        text => Value::text(text),
    }
}

pub(super) fn yes(truth: bool) -> Value {
    Value::Integer(truth.into())
}

fn name_of(name: &'static CStr) -> &'static str {
    name.to_str().unwrap_or_default()
}

fn tables(_session: &Session) -> Vec<Vec<Value>> {
    let own = LISTS.iter().map(|list| {
        let description = [SCHEMA, name_of(list.name), "SYSTEM TABLE", list.doc];
        let mut row = vec![Value::text(CATALOG)];
        row.extend(description.map(Value::text));
        row.push(yes(false));
        row.resize(TABLES.columns.len(), Value::Null);
        row
    });
    let graph = catalog::ALL.iter().map(|table| {
        let required: Vec<&str> = catalog::required(table)
            .into_iter()
            .map(|column| table.columns[column].path)
            .collect();
        let mut row = vec![Value::text(CATALOG)];
        row.extend([SCHEMA, table.name, "TABLE", table.doc].map(Value::text));
        row.push(yes(table.writes.is_some()));
        row.push(words(&required));
        row.extend(
            [
                table.permission,
                table.app_permission,
                table.question,
                table.example,
            ]
            .map(known),
        );
        row.push(words(&written(table)));
        row.push(
            table
                .writes
                .map_or(Value::Null, |writes| known(writes.permission)),
        );
        row
    });
    graph.chain(own).collect()
}

/// The statements that change a table.
fn written(table: &Table) -> Vec<&'static str> {
    let Some(writes) = table.writes else {
        return Vec::new();
    };
    let possible = [
        ("INSERT", !writes.insert.is_empty()),
        ("UPDATE", writes.update.is_some() || writes.moves.is_some()),
        ("DELETE", writes.delete.is_some()),
    ];
    let possible = possible.into_iter().filter(|(_, possible)| *possible);
    possible.map(|(statement, _)| statement).collect()
}

/// The statements that may give a column a value.
fn written_by(table: &Table, column: &Column) -> Vec<&'static str> {
    let Some(writes) = table.writes else {
        return Vec::new();
    };
    let in_path = writes
        .insert
        .iter()
        .any(|way| placeholders(way.path).any(|name| name == column.path));
    let is_owner = matches!(column.source, Source::Input(Role::Mailbox | Role::Drive));
    let by_insert =
        writes.by_insert(column.path) || in_path || (is_owner && !writes.insert.is_empty());
    let by = [
        ("INSERT", by_insert),
        ("UPDATE", writes.by_update(column.path)),
    ];
    let by = by.into_iter().filter(|(_, may)| *may);
    by.map(|(statement, _)| statement).collect()
}

fn columns(_session: &Session) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for table in catalog::ALL {
        let (key, required) = (catalog::key(table), catalog::required(table));
        for (position, column) in table.columns.iter().enumerate() {
            rows.push(column_row(
                table,
                position,
                column,
                key.contains(&position),
                required.contains(&position),
            ));
        }
    }
    for list in LISTS {
        for (position, field) in list.columns.iter().enumerate() {
            rows.push(field_row(list, position, field));
        }
    }
    rows
}

fn column_row(
    table: &Table,
    position: usize,
    column: &Column,
    is_key: bool,
    is_required: bool,
) -> Vec<Value> {
    let is_input = matches!(column.source, Source::Input(_));
    let property = match column.source {
        Source::Property | Source::Element => Some(column.path),
        _ => column.known,
    };
    let mut row = described(
        table.name,
        &column.name(),
        column.ty,
        column.doc,
        position,
        !(is_key || column.always),
    );
    row.extend([
        yes(false),
        yes(!is_input && property.is_none()),
        yes(column.hidden),
        yes(column.ty == Type::Json),
        yes(written_by(table, column).is_empty()),
        yes(is_key),
        Value::text(if is_input { "PSEUDOCOLUMN" } else { "COLUMN" }),
        yes(is_required),
        property.map_or(Value::Null, Value::text),
        known(&pushdown(table, column)),
        yes(column.sort != Mode::No && column.ty == Type::Instant),
        match column.ty {
            Type::Enum(members) => words(members),
            _ => Value::Null,
        },
        match column.fetch {
            _ if is_input => Value::Null,
            Fetch::List => Value::text("with the rows"),
            Fetch::Asked => Value::text("only when used"),
            Fetch::Item => Value::text("for each row alone"),
        },
        words(&written_by(table, column)),
        yes(table
            .writes
            .is_some_and(|writes| writes.required.contains(&column.path))),
    ]);
    row
}

fn field_row(list: &List, position: usize, field: &Field) -> Vec<Value> {
    let mut row = described(
        name_of(list.name),
        field.name,
        field.ty,
        field.doc,
        position,
        true,
    );
    row.extend([false, false, false, false, true, false].map(yes));
    row.push(Value::text("COLUMN"));
    row.push(yes(false));
    row.resize(COLUMNS.columns.len(), Value::Null);
    row
}

/// What every column has to tell.
fn described(
    table: &str,
    name: &str,
    ty: Type,
    doc: &str,
    position: usize,
    nullable: bool,
) -> Vec<Value> {
    let digits = match ty {
        Type::Integer => Some(10),
        Type::Long => Some(19),
        _ => None,
    };
    vec![
        Value::text(CATALOG),
        Value::text(SCHEMA),
        Value::text(table),
        Value::text(name),
        Value::text(declared_type(ty).trim_matches('"')),
        Value::Integer(jdbc_type(ty)),
        Value::Null,
        digits.map_or(Value::Null, Value::Integer),
        digits.map_or(Value::Null, |_| Value::Integer(0)),
        yes(nullable),
        Value::text(doc),
        Value::Integer(i64::try_from(position + 1).unwrap_or(i64::MAX)),
    ]
}

/// java.sql.Types
fn jdbc_type(ty: Type) -> i64 {
    match ty {
        Type::Text | Type::Enum(_) | Type::Time | Type::Json => 12,
        Type::Boolean => 16,
        Type::Integer => 4,
        Type::Long => -5,
        Type::Double => 8,
        Type::Instant | Type::Zoned => 93,
        Type::Date => 91,
        Type::Blob => -3,
    }
}

/// The operators that reach Graph, such as `= (superset), >= (exact)`.
fn pushdown(table: &Table, column: &Column) -> String {
    let mut told: Vec<String> = fit::comparisons(table, column)
        .into_iter()
        .filter(|(_, judgement)| judgement.fit != fit::Fit::Local)
        .map(|(written, judgement)| format!("{written} ({})", judgement.fit.name()))
        .collect();
    let in_path = table.routes.iter().any(|route| {
        table
            .keys(route)
            .any(|path| path == column.path && column.source == Source::Property)
    });
    if in_path && table.rows != Rows::Csv {
        told.push("= in the path".to_owned());
    }
    told.join(", ")
}

fn keys(_session: &Session) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for table in catalog::ALL {
        let key = catalog::key(table);
        for (position, column) in table.columns.iter().enumerate() {
            let is_key = key.contains(&position);
            let other = column.references.and_then(catalog::table);
            if !is_key && other.is_none() {
                continue;
            }
            let mut row = vec![Value::text(CATALOG)];
            row.extend([SCHEMA, table.name, &column.name()].map(Value::text));
            row.push(yes(is_key));
            row.push(yes(other.is_some()));
            row.push(match is_key {
                true => Value::text(format!("pk_{}", table.name)),
                false => Value::Null,
            });
            match other {
                Some(other) => row.extend([
                    Value::text(format!("fk_{}_{}", table.name, column.name())),
                    Value::text(other.name),
                    Value::text(other.key),
                ]),
                None => row.extend([Value::Null, Value::Null, Value::Null]),
            }
            rows.push(row);
        }
    }
    rows
}

fn connection(session: &Session) -> Vec<Vec<Value>> {
    let said = session.said().unwrap_or_default();
    PROPERTIES
        .iter()
        .zip(1..)
        .map(|(property, ordinal)| {
            let value = match (property.secret, said.get(property.name)) {
                (_, "") => Value::Null,
                (true, _) => Value::text("[redacted]"),
                (false, value) => Value::text(value),
            };
            vec![
                Value::text(property.name),
                Value::text(property.doc),
                known(property.default),
                value,
                yes(false),
                Value::Integer(ordinal),
                known(if property.secret { "PASSWORD" } else { "" }),
                property.variable.map_or(Value::Null, Value::text),
            ]
        })
        .collect()
}

fn information(session: &Session) -> Vec<Vec<Value>> {
    let graph = match session.environment() {
        Ok(environment) => Value::text(environment.settings.graph_url.clone()),
        Err(_) => Value::Null,
    };
    let facts = [
        ("Product", Value::text("office365")),
        ("Version", Value::text(env!("CARGO_PKG_VERSION"))),
        ("SQLite", Value::text(rusqlite::version())),
        ("Graph", graph),
        ("GraphVersion", Value::text("v1.0")),
        ("ReadOnly", yes(session.for_writing().is_err())),
    ];
    facts
        .into_iter()
        .map(|(name, value)| vec![Value::text(name), value])
        .collect()
}
