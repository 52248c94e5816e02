//! The .commands: one record each, from which help and completion follow.

mod chart;
mod dump;
mod general;
mod import;
mod look;
mod parameter;
mod schema;
mod service;

use std::io::Write;

pub use parameter::{bind, give};

use super::exit::{Exit, Flow};
use super::report;
use super::session::Session;
use super::statements;

/// A command of the shell, of scripts and of pipes.
pub struct Command {
    /// With its dot.
    pub name: &'static str,
    /// Other spellings: psql's backslash commands.
    pub aliases: &'static [&'static str],
    /// Its arguments, as help shows them.
    pub usage: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// What it does.
    run: fn(&mut Session, &Call<'_>) -> Flow,
}

/// How a command was called.
pub struct Call<'a> {
    command: &'static Command,
    /// The arguments, quotes resolved.
    words: Vec<String>,
    /// Everything behind the name, as it was typed.
    rest: &'a str,
}

/// Every command, group by group.
pub fn all() -> impl Iterator<Item = &'static Command> {
    [
        chart::COMMANDS,
        dump::COMMANDS,
        general::COMMANDS,
        import::COMMANDS,
        look::COMMANDS,
        parameter::COMMANDS,
        schema::COMMANDS,
        service::COMMANDS,
    ]
    .into_iter()
    .flatten()
}

/// Runs a line that begins with a dot or a backslash.
pub fn run(session: &mut Session, line: &str) -> Flow {
    let line = line.trim();
    let end = line.find(char::is_whitespace).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let Some(command) = find(name) else {
        report::sentence(
            &format!("there is no command {name}"),
            Some("enter .help for the list of commands"),
        );
        return Flow::Failed(Exit::Failed);
    };
    let call = Call {
        command,
        words: split(rest),
        rest,
    };
    let flow = (command.run)(session, &call);
    match session.output.flush() {
        Ok(()) => flow,
        Err(error) => statements::unwritable(session, &error),
    }
}

/// The command of this name: as it is, or the first that begins so, as in the sqlite3 shell.
fn find(name: &str) -> Option<&'static Command> {
    let exact = all().find(|command| command.name == name || command.aliases.contains(&name));
    let beginning = || {
        all().find(|command| {
            name.len() > 1 && name.starts_with('.') && command.name.starts_with(name)
        })
    };
    exact.or_else(beginning)
}

impl Call<'_> {
    /// The argument at this place, counted from 0.
    fn word(&self, index: usize) -> Option<&str> {
        self.words.get(index).map(String::as_str)
    }

    /// The call makes no sense: shows how it is meant.
    fn misused(&self) -> Flow {
        report::sentence(
            &format!("usage: {}", self.command.signature()),
            Some(self.command.doc),
        );
        Flow::Failed(Exit::Failed)
    }

    /// A switch from the only argument.
    fn switch(&self) -> Option<bool> {
        match self.words.as_slice() {
            [word] => parse_switch(word),
            _ => None,
        }
    }
}

impl Command {
    /// The name and its arguments.
    pub fn signature(&self) -> String {
        format!("{} {}", self.name, self.usage)
            .trim_end()
            .to_owned()
    }
}

fn parse_switch(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "on" | "yes" | "true" | "1" => Some(true),
        "off" | "no" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// Splits arguments at white space; 'single' quotes keep text as it is, "double" quotes know `\n`.
fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if matches!(first, '\'' | '"') {
            let (word, after) = quoted(&rest[1..], first);
            words.push(word);
            rest = after.trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            words.push(rest[..end].to_owned());
            rest = rest[end..].trim_start();
        }
    }
    words
}

/// The text up to the closing quote, and what follows it.
fn quoted(text: &str, quote: char) -> (String, &str) {
    let mut word = String::new();
    let mut characters = text.char_indices();
    while let Some((at, each)) = characters.next() {
        match each {
            _ if each == quote => return (word, &text[at + each.len_utf8()..]),
            '\\' if quote == '"' => match characters.next() {
                Some((_, 'n')) => word.push('\n'),
                Some((_, 'r')) => word.push('\r'),
                Some((_, 't')) => word.push('\t'),
                Some((_, other)) => word.push(other),
                None => word.push('\\'),
            },
            _ => word.push(each),
        }
    }
    (word, "")
}

#[cfg(test)]
mod tests {
    use super::{all, find, split};

    #[test]
    fn every_command_is_a_record_that_helps() {
        let mut names: Vec<&str> = all()
            .flat_map(|command| command.aliases.iter().copied().chain([command.name]))
            .collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count, "a name stands twice");
        for command in all() {
            assert!(command.name.starts_with('.'), "{}", command.name);
            assert!(command.doc.ends_with('.'), "{}", command.name);
        }
    }

    #[test]
    fn beginnings_are_enough() {
        assert_eq!(find(".hea").map(|command| command.name), Some(".headers"));
        assert_eq!(find(".help").map(|command| command.name), Some(".help"));
        assert_eq!(find("\\dt").map(|command| command.name), Some(".tables"));
        assert!(find(".").is_none());
        assert!(find(".nosuch").is_none());
    }

    #[test]
    fn arguments_split_as_in_sqlite3() {
        assert_eq!(
            split(r#" a 'b c' "d\te\"f" g"#),
            ["a", "b c", "d\te\"f", "g"]
        );
        assert_eq!(split(r"'\n' x\n"), [r"\n", r"x\n"]);
        assert!(split("  ").is_empty());
    }
}
