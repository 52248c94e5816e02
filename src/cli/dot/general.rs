//! Commands about the run itself: help, leaving, reading files, switches.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::Path;

use super::{Call, Command, all, find, look};
use crate::cli::exit::{Exit, Flow};
use crate::cli::session::{Session, Switches};
use crate::cli::{report, script};

pub const COMMANDS: &[Command] = &[
    Command {
        name: ".bail",
        aliases: &[],
        usage: "on|off",
        doc: "End a script at its first error.",
        run: |session, call| switch(session, call, |switches| &mut switches.bail),
    },
    Command {
        name: ".changes",
        aliases: &[],
        usage: "on|off",
        doc: "Show how many rows each statement changed.",
        run: |session, call| switch(session, call, |switches| &mut switches.changes),
    },
    Command {
        name: ".echo",
        aliases: &[],
        usage: "on|off",
        doc: "Show statements before they run.",
        run: |session, call| switch(session, call, |switches| &mut switches.echo),
    },
    Command {
        name: ".eqp",
        aliases: &[],
        usage: "on|off",
        doc: "Show the query plan before each result.",
        run: |session, call| switch(session, call, |switches| &mut switches.eqp),
    },
    Command {
        name: ".exit",
        aliases: &[],
        usage: "[CODE]",
        doc: "Leave, with this exit code.",
        run: exit,
    },
    Command {
        name: ".explain",
        aliases: &[],
        usage: "on|off|auto",
        doc: "Draw EXPLAIN QUERY PLAN as a tree (auto, on) or show its rows (off).",
        run: explain,
    },
    Command {
        name: ".help",
        aliases: &["\\?"],
        usage: "[COMMAND|mode]",
        doc: "List the commands, or explain one.",
        run: help,
    },
    Command {
        name: ".open",
        aliases: &[],
        usage: "[FILE]",
        doc: "Close the database and open this file; without one, a database in memory.",
        run: open,
    },
    Command {
        name: ".print",
        aliases: &[],
        usage: "TEXT …",
        doc: "Write text.",
        run: print,
    },
    Command {
        name: ".quit",
        aliases: &["\\q"],
        usage: "",
        doc: "Leave.",
        run: |_, _| Flow::Leave(Exit::Fine),
    },
    Command {
        name: ".read",
        aliases: &["\\i"],
        usage: "FILE",
        doc: "Run the statements and commands in a file.",
        run: read,
    },
    Command {
        name: ".show",
        aliases: &[],
        usage: "",
        doc: "Show what the other commands have set.",
        run: show,
    },
    Command {
        name: ".timer",
        aliases: &[],
        usage: "on|off",
        doc: "Show how long each statement takes.",
        run: |session, call| switch(session, call, |switches| &mut switches.timer),
    },
    Command {
        name: ".timing",
        aliases: &["\\timing"],
        usage: "",
        doc: "Switch the timer between on and off.",
        run: timing,
    },
];

fn switch(session: &mut Session, call: &Call<'_>, which: fn(&mut Switches) -> &mut bool) -> Flow {
    let Some(on) = call.switch() else {
        return call.misused();
    };
    *which(&mut session.switches) = on;
    Flow::Done
}

fn exit(_session: &mut Session, call: &Call<'_>) -> Flow {
    match (call.word(0), call.word(0).map(str::parse)) {
        (None, _) => Flow::Leave(Exit::Fine),
        (_, Some(Ok(code))) => Flow::Leave(Exit::Asked(code)),
        _ => call.misused(),
    }
}

fn explain(session: &mut Session, call: &Call<'_>) -> Flow {
    match (call.word(0), call.switch()) {
        (Some("auto"), _) | (_, Some(true)) => session.switches.plan_as_rows = false,
        (_, Some(false)) => session.switches.plan_as_rows = true,
        _ => return call.misused(),
    }
    Flow::Done
}

fn help(session: &mut Session, call: &Call<'_>) -> Flow {
    let mut text = String::new();
    match call.word(0) {
        None => {
            let mut commands: Vec<&Command> = all().collect();
            commands.sort_by_key(|command| command.name);
            for command in commands {
                text.push_str(&format!("{:28} {}\n", command.signature(), command.doc));
            }
        }
        Some(word) => {
            let dotted = format!(".{word}");
            let Some(command) = find(word).or_else(|| find(&dotted)) else {
                report::sentence(
                    &format!("there is no command {word}"),
                    Some("enter .help for all"),
                );
                return Flow::Failed(Exit::Failed);
            };
            text.push_str(&format!("{}\n   {}\n", command.signature(), command.doc));
            if !command.aliases.is_empty() {
                text.push_str(&format!("   Also: {}\n", command.aliases.join(" ")));
            }
            if command.name == ".mode" {
                for mode in crate::cli::modes::MODES {
                    text.push_str(&format!("   {:11} {}\n", mode.name, mode.doc));
                }
            }
        }
    }
    let _shown_with_the_results = write!(session.output, "{text}");
    Flow::Done
}

fn open(session: &mut Session, call: &Call<'_>) -> Flow {
    let file = call
        .word(0)
        .filter(|name| *name != ":memory:")
        .map(Path::new);
    match session.reopen(file) {
        Ok(()) => Flow::Done,
        Err(exit) => Flow::Failed(exit),
    }
}

fn print(session: &mut Session, call: &Call<'_>) -> Flow {
    let text = call.words.join(" ");
    let _shown_with_the_results = writeln!(session.output, "{text}");
    Flow::Done
}

fn read(session: &mut Session, call: &Call<'_>) -> Flow {
    let [name] = call.words.as_slice() else {
        return call.misused();
    };
    match File::open(name) {
        Ok(file) => script::run(session, &mut BufReader::new(file), Some(name)),
        Err(error) => {
            report::sentence(&format!("{name} cannot be read: {error}"), None);
            Flow::Failed(Exit::Failed)
        }
    }
}

fn show(session: &mut Session, _call: &Call<'_>) -> Flow {
    let on = |on: bool| if on { "on" } else { "off" }.to_owned();
    let text = |text: &str| format!("\"{}\"", text.escape_default());
    let (style, switches) = (&session.style, &session.switches);
    let widths: String = style
        .widths
        .iter()
        .map(|width| format!("{width} "))
        .collect();
    let file = session.file.as_deref().unwrap_or(Path::new(":memory:"));
    let lines = [
        ("echo", on(switches.echo)),
        ("eqp", on(switches.eqp)),
        (
            "explain",
            if switches.plan_as_rows { "off" } else { "auto" }.to_owned(),
        ),
        ("headers", on(style.header)),
        ("mode", look::describe(style)),
        ("nullvalue", text(&style.null)),
        ("output", session.output.name().to_owned()),
        ("colseparator", text(&style.column_separator)),
        ("rowseparator", text(&style.row_separator)),
        ("timer", on(switches.timer)),
        ("width", widths),
        ("filename", file.display().to_string()),
    ];
    for (name, value) in lines {
        let _shown_with_the_results = writeln!(session.output, "{name:>12}: {value}");
    }
    Flow::Done
}

fn timing(session: &mut Session, _call: &Call<'_>) -> Flow {
    session.switches.timer = !session.switches.timer;
    let words = if session.switches.timer { "on" } else { "off" };
    session.note(&format!("the timer is {words}"));
    Flow::Done
}
