//! Rows of a CSV file with a header, such as the usage reports: columns by name, whatever their order.

use super::{Node, Page};
use crate::catalog::Type;
use crate::value::Value;

/// What some reports begin with.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads the file's rows into a page. A file without any of the `known` columns is another one; one that
/// lacks those that are wanted has NULL in them.
pub(super) fn read(
    body: &[u8],
    wanted: &Node,
    known: &[&str],
    page: &mut Page,
) -> Result<(), String> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let mut reader = csv::ReaderBuilder::new().from_reader(body);
    let broken = |error: csv::Error| format!("the report is not a CSV file: {error}");
    let header = reader.headers().map_err(broken)?.clone();
    if !header.iter().any(|column| known.contains(&column)) {
        return Err("the report has none of the columns that are known of it".to_owned());
    }
    for record in reader.records() {
        let record = record.map_err(broken)?;
        let start = page.cells.len();
        page.cells.resize(start + page.width, Value::Null);
        for (name, text) in header.iter().zip(&record) {
            let Some((_, node)) = wanted.children.iter().find(|(wanted, _)| *wanted == name) else {
                continue;
            };
            for (cell, ty) in &node.leaves {
                page.cells[start + cell] = value(text, *ty);
            }
        }
    }
    Ok(())
}

/// A field as a value: an empty one is NULL.
fn value(text: &str, ty: Type) -> Value {
    match (ty, text) {
        (_, "") => Value::Null,
        (Type::Boolean, "True" | "true" | "TRUE" | "Yes") => Value::Integer(1),
        (Type::Boolean, "False" | "false" | "FALSE" | "No") => Value::Integer(0),
        (Type::Integer | Type::Long | Type::Double, _) => Value::text(text).numeric(),
        _ => Value::text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_and_empty_fields_are_null() {
        let mut wanted = Node::default();
        wanted.child("Is Deleted").leaves.push((0, Type::Boolean));
        wanted.child("Item Count").leaves.push((1, Type::Long));
        wanted.child("Not There").leaves.push((2, Type::Text));
        let mut page = Page {
            width: 3,
            ..Page::default()
        };
        let body = "\u{feff}Item Count,Name,Is Deleted\r\n7,\"a, \"\"b\"\"\",False\r\n,x,True\r\n";
        let known = ["Is Deleted", "Item Count", "Not There", "Name"];
        read(body.as_bytes(), &wanted, &known, &mut page).expect("read");
        let cells: Vec<&Value> = (0..2)
            .flat_map(|row| (0..3).map(move |cell| (row, cell)))
            .map(|(row, cell)| page.cell(row, cell))
            .collect();
        let (null, number) = (&Value::Null, |n| Value::Integer(n));
        assert_eq!(
            cells,
            [&number(0), &number(7), null, &number(1), null, null]
        );
        assert!(read(b"{\"error\":1}", &wanted, &known, &mut page).is_err());
    }

    /// Newer columns are not in every tenant's reports yet.
    #[test]
    fn a_file_that_lacks_what_is_wanted_has_null_there() {
        let mut wanted = Node::default();
        wanted.child("Recipient Type").leaves.push((0, Type::Text));
        let mut page = Page {
            width: 1,
            ..Page::default()
        };
        let known = ["Recipient Type", "Name"];
        read(b"Name\r\nx\r\n", &wanted, &known, &mut page).expect("read");
        assert_eq!((page.len(), page.cell(0, 0)), (1, &Value::Null));
    }
}
