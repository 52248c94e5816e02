//! `.chart`: a result of two columns as bars, or its numbers as a sparkline.

use std::io::Write;

use rusqlite::types::ValueRef;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Call, Command};
use crate::cli::exit::{Exit, Flow};
use crate::cli::session::Session;
use crate::cli::{interrupt, progress, report, text};

pub const COMMANDS: &[Command] = &[Command {
    name: ".chart",
    aliases: &[],
    usage: "[bars|spark] SELECT label, number …",
    doc: "Draw a result of two columns as bars, or its numbers as a line of small ones.",
    run: chart,
}];

/// A file or a pipe is as wide as this.
const WIDTH: usize = 80;
/// Labels are cut here at the latest.
const LABEL: usize = 30;
/// A bar ends within a character.
const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A label and a number; none where it is NULL.
type Point = (String, Option<f64>);
/// Draws points into so many columns.
type Draw = fn(&[Point], usize) -> String;

fn chart(session: &mut Session, call: &Call<'_>) -> Flow {
    let first = call.word(0).unwrap_or_default();
    let (draw, sql): (Draw, &str) = match first {
        "" => return call.misused(),
        "bars" => (bars, call.rest["bars".len()..].trim_start()),
        "spark" => (spark, call.rest["spark".len()..].trim_start()),
        _ => (bars, call.rest),
    };
    let running = interrupt::running(&session.db);
    let progress = progress::show(session);
    let points = points(session, sql);
    drop((progress, running));
    match points {
        Ok(points) => {
            let width = match session.output.is_terminal() {
                true => text::terminal_width().unwrap_or(WIDTH),
                false => WIDTH,
            };
            let _shown_with_the_results = write!(session.output, "{}", draw(&points, width));
            Flow::Done
        }
        Err(Wrong::Sql(error)) => Flow::Failed(report::error(&session.db, &error, None)),
        Err(Wrong::Shape(what)) => {
            report::sentence(&what, Some(&format!("usage: {}", call.command.signature())));
            Flow::Failed(Exit::Failed)
        }
    }
}

enum Wrong {
    Sql(rusqlite::Error),
    Shape(String),
}

impl From<rusqlite::Error> for Wrong {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

fn points(session: &Session, sql: &str) -> Result<Vec<Point>, Wrong> {
    let mut statement = session.db.prepare(sql)?;
    if statement.column_count() != 2 {
        let count = statement.column_count();
        return Err(Wrong::Shape(format!(
            "a chart needs two columns, a label and a number, not {count}"
        )));
    }
    let mut rows = statement.query([])?;
    let mut points = Vec::new();
    while let Some(row) = rows.next()? {
        let number = match row.get_ref(1)? {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number as f64),
            ValueRef::Real(number) => Some(number),
            other => {
                return Err(Wrong::Shape(format!(
                    "the second column must be a number: {} is not",
                    label(other)
                )));
            }
        };
        points.push((label(row.get_ref(0)?), number));
    }
    Ok(points)
}

/// A value on one line.
fn label(value: ValueRef<'_>) -> String {
    let text = match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    };
    text.chars()
        .map(|each| if each.is_control() { ' ' } else { each })
        .collect()
}

/// A line for each point: its label, a bar from zero, its number.
fn bars(points: &[Point], width: usize) -> String {
    let labels: Vec<String> = points
        .iter()
        .map(|(label, _)| cut(label, LABEL.min(width / 3)))
        .collect();
    let left = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let numbers: Vec<String> = points.iter().map(|(_, number)| shown(*number)).collect();
    let right = numbers.iter().map(String::len).max().unwrap_or(0);
    let room = width.saturating_sub(left + right + 2).max(1);
    let largest = points
        .iter()
        .filter_map(|(_, number)| *number)
        .fold(0.0, |largest: f64, number| largest.max(number.abs()));
    let mut text = String::new();
    for ((label, number), (_, value)) in labels.iter().zip(&numbers).zip(points) {
        let padding = " ".repeat(left - label.width());
        let bar = bar(value.unwrap_or(0.0), largest, room);
        text.push_str(&format!("{label}{padding} {bar} {number}\n"));
    }
    text
}

/// A bar of at most `room` characters; what is below zero is hatched.
fn bar(value: f64, largest: f64, room: usize) -> String {
    let share = if largest > 0.0 {
        value.abs() / largest
    } else {
        0.0
    };
    let eighths = (share * room as f64 * 8.0).round() as usize;
    if value < 0.0 {
        return "▒".repeat(eighths.div_ceil(8));
    }
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8 - 1]);
    }
    bar
}

/// One character for each point, lowest to highest; the ends of the scale and the axis around it.
fn spark(points: &[Point], _width: usize) -> String {
    let known = || points.iter().filter_map(|(_, number)| *number);
    let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) else {
        return String::new();
    };
    let (lowest, highest) = known().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), n| {
        (low.min(n), high.max(n))
    });
    let level = |number: f64| match highest > lowest {
        true => LEVELS[((number - lowest) / (highest - lowest) * 7.0).round() as usize],
        false => LEVELS[3],
    };
    let line: String = points
        .iter()
        .map(|(_, number)| number.map_or(' ', level))
        .collect();
    if known().next().is_none() {
        return format!("{first} {line} {last}\n");
    }
    let (lowest, highest) = (shown(Some(lowest)), shown(Some(highest)));
    format!("{first} {line} {last}   {lowest} to {highest}\n")
}

/// A number as SQLite shows it, or NULL.
fn shown(number: Option<f64>) -> String {
    match number {
        None => "NULL".to_owned(),
        Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Some(number) => format!("{number:.2}"),
    }
}

/// A label in this many columns of the terminal; what is missing shows.
fn cut(label: &str, room: usize) -> String {
    if label.width() <= room {
        return label.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for each in label.chars() {
        used += each.width().unwrap_or(0);
        if used > room {
            break;
        }
        cut.push(each);
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::{Point, bars, spark};

    fn points(values: &[(&str, Option<f64>)]) -> Vec<Point> {
        values
            .iter()
            .map(|(label, number)| ((*label).to_owned(), *number))
            .collect()
    }

    #[test]
    fn bars_fit_and_begin_at_zero() {
        let some = points(&[
            ("a", Some(10.0)),
            ("東京", Some(5.0)),
            ("none", None),
            ("less", Some(-2.5)),
        ]);
        let drawn = bars(&some, 23);
        assert_eq!(
            drawn,
            "a    ████████████ 10\n東京 ██████ 5\nnone  NULL\nless ▒▒▒ -2.50\n"
        );
        assert!(
            bars(&points(&[("a very long label indeed", Some(1.0))]), 30)
                .starts_with("a very lo… ")
        );
        assert_eq!(bars(&[], 80), "");
        assert_eq!(bars(&points(&[("z", Some(0.0))]), 80), "z  0\n");
    }

    #[test]
    fn a_spark_has_a_character_for_each_point() {
        let some = points(&[
            ("Jan", Some(1.0)),
            ("Feb", None),
            ("Mar", Some(8.0)),
            ("Apr", Some(4.5)),
        ]);
        assert_eq!(spark(&some, 80), "Jan ▁ █▅ Apr   1 to 8\n");
        assert_eq!(spark(&points(&[("x", Some(2.0))]), 80), "x ▄ x   2 to 2\n");
        assert_eq!(spark(&[], 80), "");
    }
}
