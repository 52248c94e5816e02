//! Commands that change how results look and where they go.

use std::io::Write;

use super::{Call, Command};
use crate::cli::exit::{Exit, Flow};
use crate::cli::modes::{self, Layout, Style};
use crate::cli::report;
use crate::cli::session::Session;

pub const COMMANDS: &[Command] = &[
    Command {
        name: ".headers",
        aliases: &[],
        usage: "on|off",
        doc: "Show column names, in the modes that leave the choice.",
        run: headers,
    },
    Command {
        name: ".mode",
        aliases: &[],
        usage: "[MODE [TABLE|OPTIONS]]",
        doc: "Set the output mode; --wrap N, --wordwrap on|off, --ww, --quote, --noquote lay out columns.",
        run: mode,
    },
    Command {
        name: ".nullvalue",
        aliases: &[],
        usage: "TEXT",
        doc: "Show this text for NULL.",
        run: null_value,
    },
    Command {
        name: ".once",
        aliases: &[],
        usage: "FILE|'|COMMAND'",
        doc: "Write the next result into a file or a command.",
        run: once,
    },
    Command {
        name: ".output",
        aliases: &[],
        usage: "[FILE|'|COMMAND']",
        doc: "Write results into a file or a command; without an argument, to standard output.",
        run: output,
    },
    Command {
        name: ".separator",
        aliases: &[],
        usage: "COLUMN [ROW]",
        doc: "Set what stands between columns and after rows.",
        run: separator,
    },
    Command {
        name: ".width",
        aliases: &[],
        usage: "[N …]",
        doc: "Set column widths of the columnar modes; negative aligns right, 0 is automatic.",
        run: width,
    },
    Command {
        name: ".expanded",
        aliases: &["\\x"],
        usage: "",
        doc: "Switch between one value per line and the table mode.",
        run: expanded,
    },
];

fn headers(session: &mut Session, call: &Call<'_>) -> Flow {
    let Some(on) = call.switch() else {
        return call.misused();
    };
    session.style.header = on;
    session.style.header_said = true;
    Flow::Done
}

fn mode(session: &mut Session, call: &Call<'_>) -> Flow {
    let mut layout = Layout::OF_DOT_MODE;
    let mut names = Vec::new();
    let mut words = call.words.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix("--").or_else(|| word.strip_prefix('-')) {
            None => names.push(word.as_str()),
            Some("wrap") => match words.next().and_then(|number| number.parse().ok()) {
                Some(wrap) => layout.wrap = wrap,
                None => return call.misused(),
            },
            Some("wordwrap") => match words.next().and_then(|word| super::parse_switch(word)) {
                Some(on) => layout.words = on,
                None => return call.misused(),
            },
            Some("ww") => layout.words = true,
            Some("quote") => layout.quote = true,
            Some("noquote") => layout.quote = false,
            Some(_) => return call.misused(),
        }
    }
    match names.as_slice() {
        [] if call.words.is_empty() => show_mode(session),
        [] if session.style.mode.columnar => {
            session.style.layout = layout;
            Flow::Done
        }
        [name] => choose(session, name, layout, "table"),
        ["insert", table] => choose(session, "insert", layout, table),
        _ => call.misused(),
    }
}

fn choose(session: &mut Session, name: &str, mut layout: Layout, table: &str) -> Flow {
    // What the sqlite3 shell calls its own shorthand.
    let name = if name == "qbox" {
        layout.quote = true;
        "box"
    } else {
        name
    };
    // The sqlite3 shell knows "lines" and "columns", and takes beginnings.
    let found = modes::find(name)
        .or_else(|| modes::find(name.strip_suffix('s')?))
        .or_else(|| modes::MODES.iter().find(|mode| mode.name.starts_with(name)));
    let Some(mode) = found else {
        report::sentence(
            &format!("mode should be one of: {}", modes::names().replace(',', "")),
            None,
        );
        return Flow::Failed(Exit::Failed);
    };
    session.style.set(mode, layout);
    table.clone_into(&mut session.style.insert_table);
    Flow::Done
}

fn show_mode(session: &mut Session) -> Flow {
    let words = describe(&session.style);
    let _shown_with_the_results = writeln!(session.output, "current output mode: {words}");
    Flow::Done
}

/// The mode and its layout, as `.mode` takes them.
pub fn describe(style: &Style) -> String {
    if !style.mode.columnar {
        return style.mode.name.to_owned();
    }
    format!(
        "{} --wrap {} --wordwrap {} --{}quote",
        style.mode.name,
        style.layout.wrap,
        if style.layout.words { "on" } else { "off" },
        if style.layout.quote { "" } else { "no" },
    )
}

fn null_value(session: &mut Session, call: &Call<'_>) -> Flow {
    let [text] = call.words.as_slice() else {
        return call.misused();
    };
    text.clone_into(&mut session.style.null);
    Flow::Done
}

fn once(session: &mut Session, call: &Call<'_>) -> Flow {
    match call.word(0) {
        Some(_) => redirect(session, call, true),
        None => call.misused(),
    }
}

fn output(session: &mut Session, call: &Call<'_>) -> Flow {
    match call.word(0) {
        None | Some("stdout") => match session.output.reset() {
            Ok(()) => Flow::Done,
            Err(error) => crate::cli::statements::unwritable(session, &error),
        },
        Some(_) => redirect(session, call, false),
    }
}

fn redirect(session: &mut Session, call: &Call<'_>, once: bool) -> Flow {
    // A command may hold spaces without being quoted.
    let target = match call.word(0) {
        Some(word) if call.words.len() == 1 => word,
        Some(_) if call.rest.starts_with('|') => call.rest,
        _ => return call.misused(),
    };
    match session.output.redirect(target, once) {
        Ok(()) => Flow::Done,
        Err(error) => {
            report::sentence(&format!("cannot write to {target}: {error}"), None);
            Flow::Failed(Exit::Failed)
        }
    }
}

fn separator(session: &mut Session, call: &Call<'_>) -> Flow {
    let (column, row) = match call.words.as_slice() {
        [column] => (column, None),
        [column, row] => (column, Some(row)),
        _ => return call.misused(),
    };
    column.clone_into(&mut session.style.column_separator);
    if let Some(row) = row {
        row.clone_into(&mut session.style.row_separator);
    }
    Flow::Done
}

fn width(session: &mut Session, call: &Call<'_>) -> Flow {
    let widths: Option<Vec<i32>> = call.words.iter().map(|word| word.parse().ok()).collect();
    match widths {
        Some(widths) => {
            session.style.widths = widths;
            Flow::Done
        }
        None => call.misused(),
    }
}

fn expanded(session: &mut Session, _call: &Call<'_>) -> Flow {
    let name = if session.style.mode.name == "line" {
        "table"
    } else {
        "line"
    };
    choose(session, name, Layout::default(), "table")
}
