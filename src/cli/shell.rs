//! The shell: reads lines with editing, history and completion, and feeds them as scripts are fed.

use std::fs;
use std::path::PathBuf;

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::{DefaultHistory, History};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};

use super::completion::{self, Names};
use super::exit::{Exit, Flow};
use super::report;
use super::script::Feed;
use super::session::Session;
use super::text;

const PROMPT: &str = "office365> ";

/// Runs until `.quit` or Ctrl-D.
pub fn run(session: &mut Session) -> Flow {
    session.switches.interactive = true;
    session.note(&format!(
        "version {}; statements end with a semicolon, .help lists the commands, .quit leaves",
        env!("CARGO_PKG_VERSION")
    ));
    let mut editor = match editor() {
        Ok(editor) => editor,
        Err(error) => {
            report::sentence(&format!("the terminal cannot be used: {error}"), None);
            return Flow::Failed(Exit::Failed);
        }
    };
    let history = history_file();
    if let Some(file) = &history {
        // There is none before the first run.
        let _first_run = editor.load_history(file);
    }
    let flow = read_lines(session, &mut editor);
    if let Some(file) = &history
        && let Err(error) = save(&mut editor, file)
    {
        session.note(&format!("the history cannot be kept: {error}"));
    }
    flow
}

type Lines = Editor<Assistant, DefaultHistory>;

fn editor() -> rustyline::Result<Lines> {
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .max_history_size(10_000)?
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Assistant::default()));
    Ok(editor)
}

fn read_lines(session: &mut Session, editor: &mut Lines) -> Flow {
    let mut feed = Feed::new(None);
    loop {
        if let Some(assistant) = editor.helper_mut() {
            // Without names there is less to offer, which is no reason to stop.
            assistant.names = Names::of(&session.db).unwrap_or_default();
        }
        let text = match editor.readline(PROMPT) {
            Ok(text) => text,
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Eof) => return Flow::Done,
            Err(error) => {
                report::sentence(&format!("the terminal cannot be read: {error}"), None);
                return Flow::Failed(Exit::Failed);
            }
        };
        if may_be_kept(&text) {
            // An entry that cannot be added is only missed by the arrow keys.
            let _kept = editor.add_history_entry(text.as_str());
        }
        for line in text.lines() {
            if let Flow::Leave(exit) = feed.line(session, line) {
                return Flow::Leave(exit);
            }
        }
        if let Flow::Leave(exit) = feed.finish(session) {
            return Flow::Leave(exit);
        }
    }
}

/// Nothing that may hold a secret goes to a file.
fn may_be_kept(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let telling = [
        "o365_connect",
        "o365_attach",
        ".connect",
        "secret",
        "password",
        "token=",
        "oauth",
    ];
    !text.trim().is_empty() && !telling.iter().any(|word| text.contains(word))
}

/// `$XDG_STATE_HOME/office365/history`, or its place on this platform; nothing without a home.
fn history_file() -> Option<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let state = set("XDG_STATE_HOME")
        .or_else(|| set("LOCALAPPDATA"))
        .or_else(|| set("HOME").map(|home| home.join(".local/state")))?;
    Some(state.join("office365").join("history"))
}

fn save(editor: &mut Lines, file: &PathBuf) -> rustyline::Result<()> {
    if editor.history().is_empty() {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    editor.append_history(file)
}

/// What the line editor asks.
#[derive(Default)]
struct Assistant {
    names: Names,
}

impl Helper for Assistant {}
impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Completer for Assistant {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(completion::complete(line, pos, &self.names))
    }
}

impl Validator for Assistant {
    /// Enter ends a command, an empty line and a whole statement; else it begins a new line.
    fn validate(&self, context: &mut ValidationContext) -> rustyline::Result<ValidationResult> {
        let input = context.input();
        let whole =
            input.starts_with(['.', '\\']) || text::is_blank(input) || text::is_complete(input);
        Ok(if whole {
            ValidationResult::Valid(None)
        } else {
            ValidationResult::Incomplete
        })
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_kept;

    #[test]
    fn secrets_stay_out_of_the_history() {
        for kept in ["SELECT 1;", ".tables", "SELECT * FROM o365_requests;"] {
            assert!(may_be_kept(kept), "{kept}");
        }
        for dropped in [
            "SELECT O365_Connect('Demo=true');",
            ".connect Demo=true",
            "SELECT 'OAuthAccessToken=eyJ';",
            " ",
        ] {
            assert!(!may_be_kept(dropped), "{dropped}");
        }
    }
}
