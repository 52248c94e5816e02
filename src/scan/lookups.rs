//! Items that a join asks for one by one: after some of them, the collection they are in is read along,
//! a page for each further item, and what it has is not asked for again.
//!
//! So a join of two tables over one collection costs about as many requests as the collection has pages,
//! and a join that wants ten of a million items costs ten requests more than it must.

use std::collections::{HashMap, HashSet};

use super::sorting::Sorted;
use super::{Interrupted, Row, Scan, row};
use crate::catalog::{Answer, Route, Table};
use crate::decode::ID;
use crate::error::{Kind, Result};
use crate::plan::bind::Place;

/// As many different items are asked for before the collection is read along.
const ALONE: usize = 8;

/// The lookups of one cursor.
#[derive(Default)]
pub struct Lookups {
    /// Whose items were asked for, and which.
    whose: String,
    asked: HashSet<String>,
    collection: Option<Scan>,
    /// There is no collection to read, or no more of it.
    ended: bool,
    /// Rows of the collection so far, by the path of their item.
    rows: HashMap<String, Vec<Row>>,
}

impl Lookups {
    /// A scan that has not begun, or one over rows that are there already.
    ///
    /// # Errors
    /// An interrupt.
    pub fn scan(
        &mut self,
        scan: Scan,
        route: &'static Route,
        interrupted: Interrupted<'_>,
    ) -> Result<Scan> {
        let Some((path, whose)) = looked_up(&scan, route) else {
            return Ok(scan);
        };
        if self.whose != whose {
            *self = Self {
                whose,
                ..Self::default()
            };
        }
        if self.asked.len() < ALONE {
            self.asked.insert(path);
            return Ok(scan);
        }
        if !self.ended && !self.rows.contains_key(&path) {
            self.read_on(&scan, route, interrupted)?;
        }
        Ok(match self.rows.get(&path) {
            Some(rows) => scan.over(rows.clone()),
            None => scan,
        })
    }

    /// Reads a page of the collection.
    fn read_on(
        &mut self,
        scan: &Scan,
        route: &'static Route,
        interrupted: Interrupted<'_>,
    ) -> Result<()> {
        if self.collection.is_none() {
            self.collection = scan.collection();
        }
        let Some(collection) = &mut self.collection else {
            self.ended = true;
            return Ok(());
        };
        let table = collection.table;
        loop {
            match collection.next_row(interrupted) {
                Ok(true) => {}
                Err(error) if error.kind == Kind::Interrupted => return Err(error),
                // Whoever may not list the items may still ask for one.
                Ok(false) | Err(_) => {
                    self.ended = true;
                    break;
                }
            }
            let Some(row) = &collection.row else {
                break;
            };
            let is_last = matches!(row, Row::Read { page, index, .. } if index + 1 == page.len());
            if let Some((path, row)) = keyed(table, route, row) {
                self.rows.entry(path).or_default().push(row);
            }
            if is_last {
                break;
            }
        }
        Ok(())
    }
}

/// The path of the one item that a scan asks for by its key, and whose it is.
fn looked_up(scan: &Scan, route: &Route) -> Option<(String, String)> {
    let [target] = scan.bound.targets.as_slice() else {
        return None;
    };
    let by_key = scan.table.keys(route).eq([scan.table.key]);
    match &target.place {
        Place::Path(path)
            if by_key && target.answer == Answer::Item && !scan.environment.policy().is_off() =>
        {
            let echo: Vec<_> = target
                .echo
                .iter()
                .map(|(_, value)| value.as_text())
                .collect();
            Some((path.clone(), format!("{} {echo:?}", target.owner)))
        }
        _ => None,
    }
}

/// A row with the path that its item has.
fn keyed(table: &'static Table, route: &'static Route, row: &Row) -> Option<(String, Row)> {
    let Row::Read {
        page,
        index,
        shape,
        step,
        ..
    } = row
    else {
        return None;
    };
    // Rows of elements have a key of their own in the first cell.
    let cell = table.property(table.key).and_then(|key| shape.cell(key));
    let key = page.cell(*index, cell.unwrap_or(ID)).as_text()?;
    let path = row::path(table, route, &step.target, Some(key))?;
    Some((path, row.clone()))
}

impl Scan {
    /// A scan of the collection that the item is in.
    fn collection(&self) -> Option<Scan> {
        let step = self.waiting.front()?;
        let (step, _) = self.without_key(step)?;
        let mut bound = self.bound.clone();
        bound.targets = vec![(*step.target).clone()];
        bound.page_hint = None;
        Some(Self::new(self.table, self.environment.clone(), bound))
    }

    /// The same scan over rows that are there already.
    fn over(mut self, rows: Vec<Row>) -> Self {
        self.waiting.clear();
        self.sorted = Some(Sorted::new(self.table, &[], rows));
        self
    }
}
