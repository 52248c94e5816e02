//! Rows of the slots of schedules (getSchedule): `availabilityView` has a digit for each.

use super::{ID, Page};
use crate::catalog::{Source, Table};
use crate::plan::bind::Slots;
use crate::value::Value;

/// The property with the digits.
pub(super) const VIEW: &str = "availabilityView";

/// How a schedule becomes rows.
#[derive(Debug)]
pub(super) struct Schedule {
    slots: Slots,
    /// The cell of the digits.
    view: usize,
}

/// The cells behind those of the schedule.
const ORDINAL: usize = 0;
const START: usize = 1;
const END: usize = 2;
const STATUS: usize = 3;
const FURTHER: usize = 4;

impl Schedule {
    /// Adds the cells of slots behind the `width` cells of a schedule.
    pub(super) fn new(
        table: &Table,
        slots: Slots,
        view: usize,
        width: usize,
        cells: &mut [Option<usize>],
    ) -> Self {
        for (position, column) in table.columns.iter().enumerate() {
            let further = match column.source {
                Source::Ordinal => ORDINAL,
                Source::SlotStart => START,
                Source::SlotEnd => END,
                Source::SlotStatus => STATUS,
                _ => continue,
            };
            cells[position] = Some(width + further);
        }
        Self { slots, view }
    }

    /// A row for each slot; a schedule that could not be read has one without a slot, which tells why.
    pub(super) fn expand(&self, schedules: Page) -> Page {
        let mut page = Page {
            cells: Vec::new(),
            width: schedules.width + FURTHER,
            next: schedules.next.clone(),
            delta: None,
            count: None,
        };
        for schedule in 0..schedules.len() {
            match schedules.cell(schedule, self.view).as_text() {
                Some(view) if !view.is_empty() => {
                    for (n, digit) in (0..).zip(view.chars()) {
                        push(&mut page, &schedules, schedule, n);
                        let further = page.cells.len() - FURTHER;
                        let start = self.slots.start.plus_seconds(n * self.slots.minutes * 60);
                        let end = start.plus_seconds(self.slots.minutes * 60);
                        page.cells[further + ORDINAL] = Value::Integer(n + 1);
                        page.cells[further + START] = Value::text(start.to_string());
                        page.cells[further + END] = Value::text(end.to_string());
                        page.cells[further + STATUS] = Value::text(status(digit));
                    }
                }
                _ => push(&mut page, &schedules, schedule, 0),
            }
        }
        page
    }
}

/// One row: the schedule's cells, those of the slot still empty.
fn push(page: &mut Page, schedules: &Page, schedule: usize, n: i64) {
    let start = page.cells.len();
    for cell in 0..schedules.width {
        page.cells.push(schedules.cell(schedule, cell).clone());
    }
    page.cells.resize(start + page.width, Value::Null);
    let id = schedules.cell(schedule, ID).as_text().unwrap_or_default();
    page.cells[start + ID] = Value::text(format!("{id} {n}"));
}

/// R/scheduleInformation; a digit of the future stays as it is.
fn status(digit: char) -> String {
    match digit {
        '0' => "free".to_owned(),
        '1' => "tentative".to_owned(),
        '2' => "busy".to_owned(),
        '3' => "oof".to_owned(),
        '4' => "workingElsewhere".to_owned(),
        other => other.to_string(),
    }
}
