//! What a column of an export holds: from the catalogue, from a declared type, or from the first rows.

use rusqlite::types::{Value, ValueRef};

use crate::catalog::Type;

/// The type of a column in the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers of 64 bits.
    Integer,
    /// Floating point numbers.
    Double,
    /// True and false: 1 and 0 in SQL.
    Boolean,
    /// Points in time, UTC.
    Instant,
    /// Dates.
    Date,
    /// Text.
    Text,
    /// Text that is JSON.
    Json,
    /// Bytes.
    Blob,
    /// SQL does not say; each value says it.
    Any,
}

/// A column of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// Every kind, and its name in the record of a folder.
const NAMES: &[(Kind, &str)] = &[
    (Kind::Integer, "integer"),
    (Kind::Double, "double"),
    (Kind::Boolean, "boolean"),
    (Kind::Instant, "instant"),
    (Kind::Date, "date"),
    (Kind::Text, "text"),
    (Kind::Json, "json"),
    (Kind::Blob, "blob"),
    (Kind::Any, "any"),
];

impl Kind {
    /// What a column of the catalogue holds.
    pub fn of_type(ty: Type) -> Self {
        match ty {
            Type::Text | Type::Enum(_) | Type::Time => Self::Text,
            Type::Boolean => Self::Boolean,
            Type::Integer | Type::Long => Self::Integer,
            Type::Double => Self::Double,
            Type::Instant | Type::Zoned => Self::Instant,
            Type::Date => Self::Date,
            Type::Json => Self::Json,
            Type::Blob => Self::Blob,
        }
    }

    /// What a declared type promises; `Any` for those that promise nothing. What `CREATE TABLE AS` writes for
    /// the affinity of an expression (`INT`, `NUM`) is among them.
    pub fn of_declared(declared: &str) -> Self {
        match declared.to_ascii_uppercase().as_str() {
            "INTEGER" | "BIGINT" | "INT" => Self::Integer,
            "REAL" | "DOUBLE" => Self::Double,
            "BOOLEAN" => Self::Boolean,
            "TIMESTAMP(TEXT)" | "TIMESTAMP" => Self::Instant,
            "DATE(TEXT)" | "DATE" => Self::Date,
            "TEXT" => Self::Text,
            "BLOB" => Self::Blob,
            _ => Self::Any,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let found = NAMES.iter().find(|(kind, _)| *kind == self);
        found.map_or("any", |(_, name)| name)
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        let found = NAMES.iter().find(|(_, own)| *own == name);
        found.map(|(kind, _)| *kind)
    }

    /// What the values of a column are, in the rows at hand; text where all are NULL. Numbers with and
    /// without a fraction are numbers; nothing else goes together, and the first value counts then.
    pub fn of_values<'a>(values: impl Iterator<Item = &'a Value>) -> Self {
        let mut found = None;
        for value in values {
            found = match (found, value) {
                (_, Value::Null) => found,
                (None | Some(Self::Integer), Value::Integer(_)) => Some(Self::Integer),
                (None | Some(Self::Integer), Value::Real(_)) => Some(Self::Double),
                (None, Value::Text(_)) => Some(Self::Text),
                (None, Value::Blob(_)) => Some(Self::Blob),
                (known, _) => known,
            };
        }
        found.unwrap_or(Self::Text)
    }
}

/// What a value is, for a message. What a text says is not told: it may be somebody's mail.
pub fn described(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => format!("the number {number}"),
        ValueRef::Real(number) => format!("the number {number:?}"),
        ValueRef::Blob(bytes) => format!("a blob of {} bytes", bytes.len()),
        ValueRef::Text(bytes) => format!("a text of {} bytes", bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::types::Value;

    use super::{Kind, NAMES};

    #[test]
    fn names_name_their_kinds() {
        for (kind, name) in NAMES {
            assert_eq!((Kind::named(name), kind.name()), (Some(*kind), *name));
        }
    }

    #[test]
    fn declared_types_are_the_catalogues() {
        use crate::sqlite::table::declared_type;
        for column in crate::catalog::ALL.iter().flat_map(|table| table.columns) {
            let declared = declared_type(column.ty).trim_matches('"');
            let kind = match Kind::of_type(column.ty) {
                // SQL knows it as text.
                Kind::Json => Kind::Text,
                other => other,
            };
            assert_eq!(Kind::of_declared(declared), kind, "{}", column.path);
        }
        for unknown in ["", "NUM", "NUMERIC", "nonsense"] {
            assert_eq!(Kind::of_declared(unknown), Kind::Any);
        }
    }

    #[test]
    fn values_decide_where_nothing_is_declared() {
        let of = |values: &[Value]| Kind::of_values(values.iter());
        let (one, half) = (Value::Integer(1), Value::Real(0.5));
        let text = Value::Text("x".to_owned());
        assert_eq!(of(&[]), Kind::Text);
        assert_eq!(of(&[Value::Null, Value::Null]), Kind::Text);
        assert_eq!(of(&[Value::Null, one.clone()]), Kind::Integer);
        assert_eq!(of(&[one.clone(), half.clone()]), Kind::Double);
        assert_eq!(of(&[half, one.clone()]), Kind::Double);
        assert_eq!(of(&[text.clone(), one.clone()]), Kind::Text);
        assert_eq!(of(&[one, text]), Kind::Integer);
        assert_eq!(of(&[Value::Blob(vec![1])]), Kind::Blob);
    }
}
