//! The values of the current row: read, echoed, implied by the statement, or fetched for it alone.

use super::fetch::Waiter;
use super::{Interrupted, Row, Scan, Step, changed};
use crate::catalog::{Answer, Column, Fetch, Placeholder, Role, Route, Source, Table};
use crate::decode::ID;
use crate::error::Result;
use crate::odata::path_segment;
use crate::plan::Counting;
use crate::plan::bind::{Target, site_segment};
use crate::value::Value;
use crate::write::Address;

impl Scan {
    /// One value of the current row, when it is in the page at hand.
    pub fn cell(&mut self, column: usize) -> Option<&Value> {
        let Some(Row::Read {
            page,
            index,
            shape,
            step,
            ..
        }) = &self.row
        else {
            return None;
        };
        if let Some(reading) = &mut self.reading {
            reading.was_looked_at();
        }
        let echoed = step.target.echo.iter().any(|(echoed, _)| *echoed == column);
        match shape.cell(column) {
            Some(cell) if !echoed => Some(page.cell(*index, cell)),
            _ => None,
        }
    }

    /// One value of the current row.
    ///
    /// # Errors
    /// When the value has to be fetched and cannot be.
    pub fn value(&mut self, column: usize, interrupted: Interrupted<'_>) -> Result<Value> {
        self.known_value(column, interrupted)
            .map_err(|error| error.on(self.table.name))
    }

    fn known_value(&mut self, column: usize, interrupted: Interrupted<'_>) -> Result<Value> {
        if let Some(Row::Counted { step, n }) = &self.row {
            if let Some(value) = self.implied(step, column) {
                return Ok(value);
            }
            let (step, n) = (step.clone(), *n);
            self.materialize(step, n, interrupted)?;
        }
        if let Some(reading) = &mut self.reading {
            reading.was_looked_at();
        }
        let Some(Row::Read {
            page,
            index,
            shape,
            step,
            fetched,
            ..
        }) = &self.row
        else {
            return Ok(Value::Null);
        };
        if let Some((_, value)) = step
            .target
            .echo
            .iter()
            .find(|(echoed, _)| *echoed == column)
        {
            return Ok(value.clone());
        }
        match self.table.columns[column].source {
            Source::TreePath => {
                let name = self
                    .table
                    .tree
                    .as_ref()
                    .and_then(|tree| self.table.property(tree.name));
                let name = name
                    .and_then(|name| shape.cell(name))
                    .map(|cell| page.cell(*index, cell));
                return Ok(match name.and_then(Value::as_text) {
                    Some(name) => Value::text(format!("{}/{name}", step.above)),
                    None => Value::Null,
                });
            }
            Source::Input(_) if shape.cell(column).is_none() => return Ok(Value::Null),
            _ => {}
        }
        if let Some(cell) = shape.cell(column) {
            return Ok(page.cell(*index, cell).clone());
        }
        if let Some((_, value)) = fetched.iter().find(|(known, _)| *known == column) {
            return Ok(value.clone());
        }
        self.fetch_value(column, interrupted)
    }

    /// A value that a counted row has for certain: an echo, or what it was compared with.
    fn implied(&self, step: &Step, column: usize) -> Option<Value> {
        if let Some((_, value)) = step
            .target
            .echo
            .iter()
            .find(|(echoed, _)| *echoed == column)
        {
            return Some(value.clone());
        }
        let own = &self.table.columns[column];
        if matches!(own.source, Source::Input(_)) && own.known.is_none() {
            return Some(Value::Null);
        }
        let compared = self.bound.claimed.iter().find(|predicate| {
            predicate.column == column
                && predicate.op == crate::plan::Op::Eq
                && predicate.values.len() == 1
        })?;
        match self.table.columns[column].ty {
            crate::catalog::Type::Enum(_) => Some(compared.values[0].clone()),
            _ => Some(compared.values[0].numeric())
                .filter(|value| matches!(value, Value::Integer(_))),
        }
    }

    /// Reads the rows that were only counted, up to the current one.
    fn materialize(&mut self, step: Step, n: u64, interrupted: Interrupted<'_>) -> Result<()> {
        self.bound.counting = Counting::No;
        self.reading = self.start(step, interrupted)?;
        for _ in 0..=n {
            // Rows of the first page were given before they were counted: they are not repeated now.
            self.row = self.next_of_target(interrupted)?;
            if self.row.is_none() {
                return Err(changed());
            }
        }
        Ok(())
    }

    /// The next row of the current target, also one that was given before.
    fn next_of_target(&mut self, interrupted: Interrupted<'_>) -> Result<Option<Row>> {
        loop {
            let Some(reading) = &mut self.reading else {
                return Ok(None);
            };
            if let Some(row) = reading.next_in_page(self.table, &self.bound) {
                return Ok(Some(row));
            }
            if !self.turn_page(interrupted)? {
                return Ok(None);
            }
        }
    }

    /// A value that only the single item has: one request for this row, which brings all values that
    /// come with it.
    fn fetch_value(&mut self, column: usize, interrupted: Interrupted<'_>) -> Result<Value> {
        let Some(path) = self.item_path() else {
            return Ok(Value::Null);
        };
        let Some(Row::Read { step, .. }) = &self.row else {
            return Ok(Value::Null);
        };
        let waiter = Waiter::new(
            self.table,
            &self.environment,
            &step.target.owner,
            interrupted,
        );
        let values = waiter.item_values(&path, &self.fetched_with(column))?;
        let value = values
            .iter()
            .find(|(known, _)| *known == column)
            .map_or(Value::Null, |(_, value)| value.clone());
        if let Some(Row::Read { fetched, .. }) = &mut self.row {
            fetched.extend(values);
        }
        Ok(value)
    }

    /// The columns that one request for an item brings together with this one.
    fn fetched_with(&self, column: usize) -> Vec<usize> {
        let asked = &self.table.columns[column];
        let comes_along = |other: &Column| {
            other.fetch == Fetch::Item
                && other.unselectable == asked.unselectable
                && (asked.unselectable || other.selected() == asked.selected())
        };
        let others = (0..self.table.columns.len())
            .filter(|other| *other != column && comes_along(&self.table.columns[*other]));
        std::iter::once(column).chain(others).collect()
    }

    /// The path of the current row's item, from what the row echoes and is known by.
    fn item_path(&self) -> Option<String> {
        let Some(Row::Read {
            page, index, step, ..
        }) = &self.row
        else {
            return None;
        };
        let mut routes = self.table.routes.iter();
        let route = routes.find(|route| route.answer == Answer::Item)?;
        let id = page.cell(*index, ID).as_text();
        path(self.table, route, &step.target, id)
    }

    /// What identifies the current row: its owner's path and its id.
    ///
    /// # Errors
    /// When the row was only counted and cannot be read.
    pub fn key(&mut self, interrupted: Interrupted<'_>) -> Result<(String, String)> {
        if let Some(Row::Counted { step, n }) = &self.row {
            let (step, n) = (step.clone(), *n);
            self.materialize(step, n, interrupted)?;
        }
        if let Some(reading) = &mut self.reading {
            reading.was_looked_at();
        }
        match &self.row {
            Some(Row::Read {
                page,
                index,
                place,
                step,
                ..
            }) => {
                // What nothing tells from its neighbours is known by its place among them.
                let id = match page.cell(*index, ID).as_text() {
                    Some(id) => id.to_owned(),
                    None => format!("#{place}"),
                };
                let mut whose = format!("{} {}", self.table.name, step.target.owner);
                for (column, value) in &step.target.echo {
                    if is_parent(&self.table.columns[*column]) {
                        whose = format!("{whose} {column}={}", value.as_text().unwrap_or_default());
                    }
                }
                Ok((whose, id))
            }
            _ => Err(changed()),
        }
    }
}

impl Scan {
    /// Where the current row is, for a write to it.
    ///
    /// # Errors
    /// As [`Scan::key`].
    pub fn address(&mut self, interrupted: Interrupted<'_>) -> Result<Address> {
        let (_, key) = self.key(interrupted)?;
        let etag = match etag_column(self.table) {
            Some(column) => self
                .value(column, interrupted)?
                .as_text()
                .map(str::to_owned),
            None => None,
        };
        // What an input's property tells goes for what was asked for.
        let mut told = Vec::new();
        for (position, column) in self.table.columns.iter().enumerate() {
            let is_told = matches!(column.source, Source::Input(_)) && column.known.is_some();
            if is_told || is_written_with(self.table, position) {
                told.push((position, self.value(position, interrupted)?));
            }
        }
        let Some(Row::Read { step, .. }) = &self.row else {
            return Err(changed());
        };
        let mut echo = step.target.echo.clone();
        echo.extend(told);
        Ok(Address {
            owner: step.target.owner.clone(),
            key,
            echo,
            etag,
        })
    }
}

/// Whether a write to a row needs a column's value.
pub(super) fn is_written_with(table: &Table, position: usize) -> bool {
    let column = &table.columns[position];
    column.source == Source::Property
        && table
            .writes
            .is_some_and(|writes| writes.told.contains(&column.path))
}

/// The column of an item's version, where a change must name it.
pub(super) fn etag_column(table: &Table) -> Option<usize> {
    table.writes.filter(|writes| writes.if_match)?;
    table.property(ETAG)
}

/// FACTS §3: the annotation that holds an item's version.
const ETAG: &str = "@odata.etag";

/// The path of a route, filled with what a target echoes and, where it takes one, with an item's key.
pub(super) fn path(
    table: &'static Table,
    route: &Route,
    target: &Target,
    key: Option<&str>,
) -> Option<String> {
    let mut path = route.path.replace("{owner}", &target.owner);
    for name in route.placeholders() {
        let echoed = |role: Role| {
            let mut echo = target.echo.iter();
            echo.find(|(column, _)| table.columns[*column].source == Source::Input(role))
                .and_then(|(_, value)| value.as_text())
        };
        let segment = match table.placeholder(name) {
            Placeholder::Owner => continue,
            Placeholder::Property(_) => path_segment(key?),
            Placeholder::Input(Role::Site) => site_segment(echoed(Role::Site)?)?,
            Placeholder::Input(role) => path_segment(echoed(role)?),
        };
        path = path.replace(&format!("{{{name}}}"), &segment);
    }
    Some(path)
}

/// True for an input whose value is part of what a row is: an id may be unique below one parent only.
/// Where the row itself knows the value, it is the same row however it was asked for.
fn is_parent(column: &Column) -> bool {
    let parent = matches!(column.source, Source::Input(Role::Site | Role::Parent(_)));
    parent && column.known.is_none()
}
