//! `sys_procedures` and `sys_procedureparameters`: what can be called, and with what.

use super::metadata::{CATALOG, SCHEMA, known, words, yes};
use super::{List, Origin, number, text, truth};
use crate::catalog::Type;
use crate::procs::{self, Procedure};
use crate::session::Session;
use crate::sqlite::table::declared_type;
use crate::value::Value;

#[rustfmt::skip]
pub(super) static PROCEDURES: List = List {
    name: c"sys_procedures",
    doc: "A stored procedure of this driver.",
    columns: &[
        text("CatalogName",   "Always office365."),
        text("SchemaName",    "Always main."),
        text("ProcedureName", "The name."),
        text("Description",   "What it does."),
        text("ProcedureType", "RESULT: each call gives rows."),
        truth("IsReadOnly",   "Whether it only reads, so that a read-only connection may call it."),
        text("Permission",    "The least privileged delegated Graph permission."),
        text("AppPermission", "The least privileged application permission, NULL where applications are refused."),
        text("Example",       "A call, as EXEC."),
    ],
    rows: Origin::Known(procedures),
};

#[rustfmt::skip]
pub(super) static PARAMETERS: List = List {
    name: c"sys_procedureparameters",
    doc: "A parameter of a stored procedure of this driver.",
    columns: &[
        text("CatalogName",   "Always office365."),
        text("SchemaName",    "Always main."),
        text("ProcedureName", "The procedure's name."),
        text("ColumnName",    "The parameter's name."),
        text("Direction",     "Whether it goes in or comes out."),
        text("DataTypeName",  "The type."),
        truth("IsRequired",   "Whether it must be given."),
        text("Description",   "What it means."),
        number("Ordinal",     "The place among the parameters, from 1."),
        text("Values",        "The values it takes, with commas between them, NULL for any."),
        number("Place",       "The place among the arguments of the function, from 1, NULL where it is given by name only."),
    ],
    rows: Origin::Known(parameters),
};

fn procedures(_session: &Session) -> Vec<Vec<Value>> {
    let row = |procedure: &&Procedure| {
        let texts = [CATALOG, SCHEMA, procedure.name, procedure.doc, "RESULT"];
        let mut row: Vec<Value> = texts.map(Value::text).to_vec();
        row.push(yes(procedure.reads));
        row.extend(
            [
                procedure.permission,
                procedure.app_permission,
                procedure.example,
            ]
            .map(known),
        );
        row
    };
    procs::ALL.iter().map(row).collect()
}

fn parameters(_session: &Session) -> Vec<Vec<Value>> {
    let number = |n: usize| Value::Integer(i64::try_from(n).unwrap_or(i64::MAX));
    let mut rows = Vec::new();
    for procedure in procs::ALL {
        let start = |name: &str, direction: &str, ty: Type| {
            let texts = [
                CATALOG,
                SCHEMA,
                procedure.name,
                name,
                direction,
                declared_type(ty),
            ];
            texts.map(Value::text).to_vec()
        };
        for (n, parameter) in procedure.parameters.iter().enumerate() {
            let mut row = start(parameter.name, "IN", parameter.ty);
            row.extend([
                yes(parameter.required),
                Value::text(parameter.doc),
                number(n + 1),
            ]);
            row.push(match parameter.ty {
                Type::Enum(members) => words(members),
                _ => Value::Null,
            });
            let place = procedure
                .positional
                .iter()
                .position(|name| *name == parameter.name);
            row.push(place.map_or(Value::Null, |place| number(place + 1)));
            rows.push(row);
        }
        for (n, output) in procedure.outputs.iter().enumerate() {
            let mut row = start(output.name, "OUT", output.ty);
            row.extend([yes(false), Value::text(output.doc), number(n + 1)]);
            row.extend([Value::Null, Value::Null]);
            rows.push(row);
        }
    }
    rows
}
