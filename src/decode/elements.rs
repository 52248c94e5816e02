//! Rows of the elements of an item's collections: recipients of a message, attendees of an event.
//!
//! A row has the cells of its item, then those of the element, then its place in the item.

use serde_json::value::RawValue;

use super::{ID, Node, Page};
use crate::catalog::{Source, Table};
use crate::value::Value;

/// How an item becomes rows.
#[derive(Debug)]
pub(super) struct Elements {
    /// The cell of each collection's JSON, and what its elements are called.
    arrays: Vec<(usize, &'static str)>,
    /// Which properties of an element become which of its cells.
    root: Node,
    /// The number of an element's cells.
    width: usize,
}

/// The cells behind an element's own.
const KIND: usize = 0;
const ORDINAL: usize = 1;
const NAME: usize = 2;
const FURTHER: usize = 3;

impl Elements {
    /// Adds the cells of elements behind the `item_width` cells of an item.
    pub(super) fn new(
        table: &Table,
        columns: &[usize],
        arrays: Vec<(usize, &'static str)>,
        item_width: usize,
        cells: &mut [Option<usize>],
    ) -> Self {
        let mut root = Node::default();
        let mut width = 0;
        for &position in columns {
            let column = &table.columns[position];
            if column.source == Source::Element {
                root.descend(column.path).leaves.push((width, column.ty));
                cells[position] = Some(item_width + width);
                width += 1;
            }
        }
        for (position, column) in table.columns.iter().enumerate() {
            let further = match column.source {
                Source::Kind => KIND,
                Source::Ordinal => ORDINAL,
                Source::ElementName => NAME,
                _ => continue,
            };
            cells[position] = Some(item_width + width + further);
        }
        Self {
            arrays,
            root,
            width,
        }
    }

    /// A row for each element of each item.
    pub(super) fn expand(&self, items: Page) -> Page {
        let mut page = Page {
            cells: Vec::new(),
            width: items.width + self.width + FURTHER,
            next: items.next.clone(),
            delta: None,
            count: None,
        };
        for item in 0..items.len() {
            for (array, kind) in &self.arrays {
                let Some(json) = items.cell(item, *array).as_text() else {
                    continue;
                };
                for (n, (name, element)) in elements(json).into_iter().enumerate() {
                    self.push(&mut page, &items, item, element.get());
                    let further = page.cells.len() - FURTHER;
                    page.cells[further + KIND] = Value::text(*kind);
                    page.cells[further + ORDINAL] =
                        Value::Integer(i64::try_from(n + 1).unwrap_or(i64::MAX));
                    if let Some(name) = &name {
                        page.cells[further + NAME] = Value::text(name.as_str());
                    }
                    let id = items.cell(item, ID).as_text().unwrap_or_default();
                    let start = page.cells.len() - page.width;
                    page.cells[start + ID] = Value::text(format!("{id} {kind} {n}"));
                }
            }
        }
        page
    }

    /// One row: the item's cells and the element's.
    fn push(&self, page: &mut Page, items: &Page, item: usize, element: &str) {
        let start = page.cells.len();
        for cell in 0..items.width {
            // The collections themselves are used up: every row would carry them.
            let is_used_up = self.arrays.iter().any(|(array, _)| *array == cell);
            page.cells.push(if is_used_up {
                Value::Null
            } else {
                items.cell(item, cell).clone()
            });
        }
        page.cells.resize(start + page.width, Value::Null);
        let own = start + items.width..start + items.width + self.width;
        self.root.fill(element, &mut page.cells[own]);
    }
}

/// The elements of an array, or of an open object with their names; annotations are none.
fn elements(json: &str) -> Vec<(Option<String>, Box<RawValue>)> {
    if let Ok(list) = serde_json::from_str::<Vec<Box<RawValue>>>(json) {
        return list
            .into_iter()
            .filter(|element| element.get() != "null")
            .map(|element| (None, element))
            .collect();
    }
    serde_json::from_str::<std::collections::BTreeMap<String, Box<RawValue>>>(json)
        .unwrap_or_default()
        .into_iter()
        .filter(|(name, element)| !name.contains('@') && element.get() != "null")
        .map(|(name, element)| (Some(name), element))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_and_open_objects_have_elements() {
        let names = |json: &str| -> Vec<String> {
            elements(json)
                .into_iter()
                .map(|(name, element)| format!("{}={}", name.unwrap_or_default(), element.get()))
                .collect()
        };
        assert_eq!(names("[1, null, {\"a\":2}]"), ["=1", "={\"a\":2}"]);
        assert_eq!(
            names("{\"u2\":{}, \"u1\":{\"x\":1}, \"@odata.type\":\"#x\", \"gone\":null}"),
            ["u1={\"x\":1}", "u2={}"]
        );
        assert!(names("null").is_empty() && names("7").is_empty());
    }
}
