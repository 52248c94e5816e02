//! From the bytes of an answer to rows: only the wanted properties become values, the rest is skipped.
//!
//! The wanted columns form a tree of property names that the JSON is walked with, so that an unwanted
//! property costs no allocation. Each leaf goes through [`cell`], the only border from JSON to values.

mod cell;
mod csv;
mod elements;
mod names;
mod slots;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use crate::catalog::{Rows, Source, Table, Type};
use crate::plan::bind::Slots;
use crate::value::Value;
use crate::zone;
use cell::value;
use elements::Elements;
use slots::{Schedule, VIEW};

/// Which properties become which cells of a row.
#[derive(Debug)]
pub struct Shape {
    root: Node,
    /// How many cells an item is read into.
    width: usize,
    /// The cell of each column of the table.
    cells: Vec<Option<usize>>,
    /// Cells made from others.
    made: Vec<Made>,
    /// Further properties: the cells of what a tree needs.
    extra: Vec<usize>,
    /// What becomes of an item, where that is not one row.
    expansion: Option<Expansion>,
    /// An item without the table's key is none.
    needs_key: bool,
    /// The columns that a file of the table may have.
    header: Vec<&'static str>,
    /// The cell of the names of the properties that came.
    names: Option<usize>,
}

/// A cell made from others.
#[derive(Debug)]
enum Made {
    DrivePath {
        own: usize,
        parent: usize,
        name: usize,
    },
    Difference {
        own: usize,
        from: usize,
        less: usize,
    },
}

/// What an item becomes.
#[derive(Debug)]
enum Expansion {
    Elements(Elements),
    Slots(Schedule),
}

#[derive(Debug, Default)]
struct Node {
    children: Vec<(&'static str, Node)>,
    leaves: Vec<(usize, Type)>,
}

/// The rows of one answer.
#[derive(Debug, Default)]
pub struct Page {
    cells: Vec<Value>,
    width: usize,
    /// Where the next page is.
    pub next: Option<String>,
    /// Where later changes are.
    pub delta: Option<String>,
    /// `@odata.count`
    pub count: Option<u64>,
}

impl Page {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// One cell.
    pub fn cell(&self, row: usize, cell: usize) -> &Value {
        &self.cells[row * self.width + cell]
    }

    /// What the page takes in memory, in bytes.
    pub fn size(&self) -> usize {
        let heap: usize = self.cells.iter().map(Value::heap_size).sum();
        heap + self.cells.len() * size_of::<Value>() + size_of::<Self>()
    }
}

/// The cell of what tells every row from the others: the table's key, and its place within the item.
pub const ID: usize = 0;

impl Shape {
    /// The shape of rows of `table` with these columns, and with these further properties.
    pub fn new(
        table: &Table,
        columns: &[usize],
        extra: &[&'static str],
        slots: Option<Slots>,
    ) -> Self {
        let mut shape = Self {
            root: Node::default(),
            width: 0,
            cells: vec![None; table.columns.len()],
            made: Vec::new(),
            extra: Vec::new(),
            expansion: None,
            needs_key: !table.key.is_empty(),
            header: match table.rows {
                Rows::Csv => table.columns.iter().map(|column| column.path).collect(),
                _ => Vec::new(),
            },
            names: None,
        };
        let id = shape.want(table, table.key, Type::Text);
        debug_assert_eq!(id, ID);
        // Rows of elements have a key of their own, made of this one.
        if let (Some(column), Rows::Items) = (table.property(table.key), table.rows) {
            shape.cells[column] = Some(id);
        }
        for &position in columns {
            if shape.cells[position].is_none() {
                shape.cells[position] = shape.want_column(table, position);
            }
        }
        for path in extra {
            let cell = shape.want(table, path, Type::Json);
            shape.extra.push(cell);
        }
        match (table.rows, slots) {
            (Rows::Elements(lists), _) => {
                let arrays = lists
                    .iter()
                    .map(|list| (shape.want(table, list.path, Type::Json), list.kind))
                    .collect();
                let elements = Elements::new(table, columns, arrays, shape.width, &mut shape.cells);
                shape.expansion = Some(Expansion::Elements(elements));
            }
            (Rows::Slots, Some(slots)) => {
                let view = shape.want(table, VIEW, Type::Text);
                let schedule = Schedule::new(table, slots, view, shape.width, &mut shape.cells);
                shape.expansion = Some(Expansion::Slots(schedule));
            }
            _ => {}
        }
        shape
    }

    /// The shape of the changes of a table's rows: also tells which properties came.
    pub fn of_changes(table: &Table, columns: &[usize], extra: &[&'static str]) -> Self {
        let mut shape = Self::new(table, columns, extra, None);
        shape.names = Some(shape.another());
        shape
    }

    /// The cell of the names of the properties that came.
    pub fn names(&self) -> Option<usize> {
        self.names
    }

    fn want_column(&mut self, table: &Table, position: usize) -> Option<usize> {
        let column = &table.columns[position];
        match column.source {
            Source::Property => Some(self.want(table, column.path, column.ty)),
            // Where none was asked for, the row knows its own.
            Source::Input(_) => column.known.map(|path| self.want(table, path, Type::Text)),
            Source::DrivePath => {
                let parent = self.want(table, "parentReference/path", Type::Text);
                let name = self.want(table, "name", Type::Text);
                let own = self.another();
                self.made.push(Made::DrivePath { own, parent, name });
                Some(own)
            }
            Source::Difference(from, less) => {
                let from = self.want(table, from, Type::Integer);
                let less = self.want(table, less, Type::Integer);
                let own = self.another();
                self.made.push(Made::Difference { own, from, less });
                Some(own)
            }
            _ => None,
        }
    }

    /// The cell of a column, if it is in this shape.
    pub fn cell(&self, column: usize) -> Option<usize> {
        self.cells[column]
    }

    /// The cell of the n-th further property.
    pub fn extra(&self, n: usize) -> usize {
        self.extra[n]
    }

    fn another(&mut self) -> usize {
        self.width += 1;
        self.width - 1
    }

    fn want(&mut self, table: &Table, path: &'static str, ty: Type) -> usize {
        let cell = self.another();
        match (path, table.rows) {
            ("", _) => {}
            // The columns of a file have no levels.
            (_, Rows::Csv) => self.root.child(path).leaves.push((cell, ty)),
            _ => self.root.descend(path).leaves.push((cell, ty)),
        }
        cell
    }

    /// Reads a collection's page.
    ///
    /// # Errors
    /// A sentence when the body is not the JSON of a page.
    pub fn page(&self, body: &[u8]) -> Result<Page, String> {
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        let page = PageSeed(self)
            .deserialize(&mut deserializer)
            .and_then(|page| deserializer.end().map(|()| page))
            .map_err(|error| format!("the answer is not a page of JSON: {error}"))?;
        page.map(|page| self.expanded(page))
            .ok_or_else(|| "the answer has no rows: `value` is missing".to_owned())
    }

    /// Reads one item; an answer without the key is no item of a table.
    ///
    /// # Errors
    /// A sentence when the body is not a JSON object.
    pub fn item(&self, body: &[u8]) -> Result<Page, String> {
        let mut page = self.empty_page();
        let mut deserializer = serde_json::Deserializer::from_slice(body);
        self.row(&mut deserializer, &mut page)
            .and_then(|()| deserializer.end())
            .map_err(|error| format!("the answer is not an item of JSON: {error}"))?;
        if self.needs_key && page.cell(0, ID).is_null() {
            page.cells.clear();
        }
        Ok(self.expanded(page))
    }

    /// Reads a CSV file with a header.
    ///
    /// # Errors
    /// A sentence when the body is not CSV.
    pub fn csv(&self, body: &[u8]) -> Result<Page, String> {
        let mut page = self.empty_page();
        csv::read(body, &self.root, &self.header, &mut page)?;
        Ok(page)
    }

    fn expanded(&self, items: Page) -> Page {
        match &self.expansion {
            None => items,
            Some(Expansion::Elements(elements)) => elements.expand(items),
            Some(Expansion::Slots(schedule)) => schedule.expand(items),
        }
    }

    fn empty_page(&self) -> Page {
        Page {
            width: self.width,
            ..Page::default()
        }
    }

    fn row<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
        page: &mut Page,
    ) -> Result<(), D::Error> {
        let start = page.cells.len();
        page.cells.resize(start + self.width, Value::Null);
        let cells = &mut page.cells[start..];
        ObjectSeed {
            node: &self.root,
            cells,
            required: true,
        }
        .deserialize(deserializer)?;
        for made in &self.made {
            match *made {
                Made::DrivePath { own, parent, name } => {
                    cells[own] = drive_path(&cells[parent], &cells[name]);
                }
                Made::Difference { own, from, less } => {
                    cells[own] = difference(&cells[from], &cells[less]);
                }
            }
        }
        Ok(())
    }
}

/// One number less another; NULL where either is missing.
fn difference(from: &Value, less: &Value) -> Value {
    match (from.numeric(), less.numeric()) {
        (Value::Integer(from), Value::Integer(less)) => {
            from.checked_sub(less).map_or(Value::Null, Value::Integer)
        }
        _ => Value::Null,
    }
}

/// `/a/b/name` from `/drives/x/root:/a/b` and `name`; NULL where the service leaves the parent out.
fn drive_path(parent: &Value, name: &Value) -> Value {
    let (Some(parent), Some(name)) = (parent.as_text(), name.as_text()) else {
        return Value::Null;
    };
    let Some((_, below)) = parent.split_once("root:") else {
        return Value::Null;
    };
    // OneDrive writes the path percent-encoded; a name with a plain per cent sign stays as it is.
    let below = percent_encoding::percent_decode_str(below)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(below));
    Value::text(format!("{below}/{name}"))
}

struct PageSeed<'a>(&'a Shape);

impl<'de> DeserializeSeed<'de> for PageSeed<'_> {
    type Value = Option<Page>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Page>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for PageSeed<'_> {
    type Value = Option<Page>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object with the rows in `value`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<Page>, A::Error> {
        let mut page = self.0.empty_page();
        let mut has_rows = false;
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            match &*key {
                "value" => {
                    map.next_value_seed(RowsSeed {
                        shape: self.0,
                        page: &mut page,
                    })?;
                    has_rows = true;
                }
                "@odata.nextLink" => page.next = map.next_value::<Option<String>>()?,
                "@odata.deltaLink" => page.delta = map.next_value::<Option<String>>()?,
                // A server may write it as text (IEEE754Compatible).
                "@odata.count" => {
                    page.count = map
                        .next_value::<&RawValue>()?
                        .get()
                        .trim_matches('"')
                        .parse()
                        .ok();
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(has_rows.then_some(page))
    }
}

struct RowsSeed<'a> {
    shape: &'a Shape,
    page: &'a mut Page,
}

impl<'de> DeserializeSeed<'de> for RowsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq
            .next_element_seed(RowSeed {
                shape: self.shape,
                page: self.page,
            })?
            .is_some()
        {}
        Ok(())
    }
}

struct RowSeed<'a> {
    shape: &'a Shape,
    page: &'a mut Page,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Some(names) = self.shape.names else {
            return self.shape.row(deserializer, self.page);
        };
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        self.shape
            .row(&mut serde_json::Deserializer::from_str(raw), self.page)
            .map_err(D::Error::custom)?;
        let start = self.page.cells.len() - self.page.width;
        self.page.cells[start + names] = names::names(raw);
        Ok(())
    }
}

/// Fills the cells below one object.
struct ObjectSeed<'a> {
    node: &'a Node,
    cells: &'a mut [Value],
    /// A row must be an object; below it anything else means that the properties are not there.
    required: bool,
}

impl<'de> DeserializeSeed<'de> for ObjectSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.required {
            deserializer.deserialize_map(self)
        } else {
            deserializer.deserialize_any(self)
        }
    }
}

impl<'de> Visitor<'de> for ObjectSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut zone: Option<String> = None;
        while let Some(key) = map.next_key_seed(KeySeed(self.node))? {
            match key {
                Wanted::Nothing => {
                    map.next_value::<IgnoredAny>()?;
                }
                Wanted::Child(node) if node.leaves.is_empty() => {
                    map.next_value_seed(ObjectSeed {
                        node,
                        cells: self.cells,
                        required: false,
                    })?;
                }
                Wanted::Child(node) => {
                    node.fill(map.next_value::<&RawValue>()?.get(), self.cells);
                }
                Wanted::Zone(node) => {
                    let raw: &RawValue = map.next_value()?;
                    zone = serde_json::from_str(raw.get()).unwrap_or(None);
                    if let Some(node) = node {
                        node.fill(raw.get(), self.cells);
                    }
                }
            }
        }
        self.node.settle_zone(zone.as_deref(), self.cells);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// What a property's name leads to.
enum Wanted<'a> {
    Nothing,
    Child(&'a Node),
    /// The zone of a dateTimeTimeZone, needed even where its own column is not.
    Zone(Option<&'a Node>),
}

/// Looks a name up without copying it.
struct KeySeed<'a>(&'a Node);

impl<'de, 'a> DeserializeSeed<'de> for KeySeed<'a> {
    type Value = Wanted<'a>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Wanted<'a>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for KeySeed<'a> {
    type Value = Wanted<'a>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a property")
    }

    fn visit_str<E>(self, key: &str) -> Result<Wanted<'a>, E> {
        let found = self.0.children.iter().find(|(name, _)| *name == key);
        let node = found.map(|(_, node)| node);
        Ok(match node {
            _ if key == "timeZone" => Wanted::Zone(node),
            Some(node) => Wanted::Child(node),
            None => Wanted::Nothing,
        })
    }
}

impl Node {
    /// The node of a name right below this one.
    fn child(&mut self, name: &'static str) -> &mut Node {
        let position = match self.children.iter().position(|(known, _)| *known == name) {
            Some(position) => position,
            None => {
                self.children.push((name, Node::default()));
                self.children.len() - 1
            }
        };
        &mut self.children[position].1
    }

    /// The node of a path; of the empty one, this.
    fn descend(&mut self, path: &'static str) -> &mut Node {
        path.split('/')
            .filter(|name| !name.is_empty())
            .fold(self, Node::child)
    }

    /// A property that is wanted whole, and perhaps in parts too.
    fn fill(&self, json: &str, cells: &mut [Value]) {
        for (cell, ty) in &self.leaves {
            cells[*cell] = value(json, *ty);
        }
        if !self.children.is_empty() {
            let mut deserializer = serde_json::Deserializer::from_str(json);
            let seed = ObjectSeed {
                node: self,
                cells,
                required: false,
            };
            // The text was parsed as a value already.
            let _ = seed.deserialize(&mut deserializer);
        }
    }

    /// A dateTimeTimeZone's `dateTime` is local to its `timeZone`, whichever comes first.
    fn settle_zone(&self, zone: Option<&str>, cells: &mut [Value]) {
        for (_, child) in &self.children {
            for (cell, ty) in &child.leaves {
                if *ty == Type::Zoned
                    && let Some(local) = cells[*cell].as_text()
                    && let Some(instant) = zone::to_utc(local, zone.unwrap_or("UTC"))
                {
                    cells[*cell] = Value::text(instant.to_string());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drive_path_is_decoded_and_may_be_missing() {
        let text = |text: &str| Value::text(text);
        assert_eq!(
            drive_path(&text("/drives/d/root:/A%20B"), &text("c.txt")),
            text("/A B/c.txt")
        );
        assert_eq!(drive_path(&text("/drive/root:"), &text("c")), text("/c"));
        assert_eq!(drive_path(&Value::Null, &text("c")), Value::Null);
    }
}
