//! Reads just enough SQL to know where a statement ends and which word it begins with.

/// The words that matter for the end of a statement.
enum Token<'a> {
    Semicolon,
    /// White space and comments.
    Space,
    Word(&'a str),
    Other,
    /// A quote or a comment that does not end.
    Open,
}

/// The text ends with a whole statement: `sqlite3_complete` in words, triggers included.
pub fn is_complete(sql: &str) -> bool {
    /// How much of a statement was seen.
    enum State {
        Empty,
        Start,
        Explain,
        Create,
        Normal,
        Trigger,
        TriggerSemicolon,
        TriggerEnd,
    }
    let mut state = State::Empty;
    for token in tokens(sql) {
        let word = match token {
            Token::Open => return false,
            Token::Space => continue,
            Token::Semicolon => {
                state = match state {
                    State::Trigger | State::TriggerSemicolon => State::TriggerSemicolon,
                    _ => State::Start,
                };
                continue;
            }
            Token::Word(word) => word.to_ascii_lowercase(),
            Token::Other => String::new(),
        };
        state = match (state, word.as_str()) {
            (State::Empty | State::Start, "explain") => State::Explain,
            (State::Empty | State::Start | State::Explain, "create") => State::Create,
            // EXPLAIN QUERY PLAN CREATE …
            (State::Explain, "query" | "plan") => State::Explain,
            (State::Create, "temp" | "temporary") => State::Create,
            (State::Create, "trigger") => State::Trigger,
            (State::TriggerSemicolon, "end") => State::TriggerEnd,
            (State::Trigger | State::TriggerSemicolon | State::TriggerEnd, _) => State::Trigger,
            _ => State::Normal,
        };
    }
    matches!(state, State::Start)
}

/// The text holds nothing but white space, comments and semicolons.
pub fn is_blank(sql: &str) -> bool {
    tokens(sql).all(|token| matches!(token, Token::Space | Token::Semicolon))
}

/// The width of the terminal that standard output is.
pub fn terminal_width() -> Option<usize> {
    let (terminal_size::Width(width), _) = terminal_size::terminal_size()?;
    Some(usize::from(width)).filter(|width| *width > 0)
}

fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let (token, length) = token(rest)?;
        rest = &rest[length..];
        Some(token)
    })
}

/// The first token and its length in bytes.
fn token(sql: &str) -> Option<(Token<'_>, usize)> {
    let first = sql.chars().next()?;
    let until = |close: &str, from: usize| match sql[from..].find(close) {
        Some(at) => (Token::Other, from + at + close.len()),
        None => (Token::Open, sql.len()),
    };
    Some(match first {
        ';' => (Token::Semicolon, 1),
        '\'' | '"' | '`' => until(&first.to_string(), 1),
        '[' => until("]", 1),
        '-' if sql.starts_with("--") => {
            (Token::Space, sql.find('\n').map_or(sql.len(), |at| at + 1))
        }
        '/' if sql.starts_with("/*") => match until("*/", 2) {
            (Token::Other, length) => (Token::Space, length),
            open => open,
        },
        _ if first.is_ascii_whitespace() => (Token::Space, 1),
        _ if is_word(first) => {
            let length = sql.find(|each| !is_word(each)).unwrap_or(sql.len());
            (Token::Word(&sql[..length]), length)
        }
        _ => (Token::Other, first.len_utf8()),
    })
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '$') || !character.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::{is_blank, is_complete};

    #[test]
    fn statements_end_at_semicolons_outside_quotes_comments_and_triggers() {
        for whole in [
            "select 1;",
            "select ';' ; -- done",
            "select 1; /* ; */ ",
            "create trigger t after insert on x begin select 1; end;",
            "explain create temp trigger t begin select 1; select 2; END ;",
            ";",
        ] {
            assert!(is_complete(whole), "{whole}");
        }
        for part in [
            "",
            "select 1",
            "select ';",
            "select \";",
            "select [;",
            "select 1 /* ;",
            "select 1 -- ;",
            "create trigger t after insert on x begin select 1;",
            "create trigger t begin select end;",
            "select 1; select 2",
        ] {
            assert!(!is_complete(part), "{part}");
        }
    }

    #[test]
    fn blanks() {
        assert!(is_blank(" ; -- x\n /* y */"));
        assert!(!is_blank("; 1"));
    }
}
