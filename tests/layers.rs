//! The direction of dependencies (docs/architecture.md), read off the source: arrows go down only.
//!
//! Comments, texts and unit tests do not count. A failure names file and line.

use std::path::{Path, PathBuf};

/// A line of a source file, without comments and texts.
struct Line {
    file: String,
    number: usize,
    code: String,
    /// With texts, without comments.
    text: String,
}

/// The lines of the files below `src` whose path starts with one of `parts`.
fn lines(parts: &[&str]) -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut lines = Vec::new();
    for path in sources(&root) {
        let file = path
            .strip_prefix(&root)
            .expect("below src")
            .to_string_lossy()
            .replace('\\', "/");
        let is_test = file.ends_with("tests.rs") || file.contains("/tests/");
        if is_test || !parts.iter().any(|part| file.starts_with(part)) {
            continue;
        }
        let source = std::fs::read_to_string(&path).expect("a source file");
        // Unit tests stand at the end of a file.
        let source = source
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        let (code, text) = (stripped(source, true), stripped(source, false));
        for (position, (code, text)) in code.lines().zip(text.lines()).enumerate() {
            lines.push(Line {
                file: file.clone(),
                number: position + 1,
                code: code.to_owned(),
                text: text.to_owned(),
            });
        }
    }
    assert!(!lines.is_empty(), "nothing below {parts:?}");
    lines
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The source with comments, and if asked texts, as blanks; line ends stay.
fn stripped(source: &str, texts_too: bool) -> String {
    let mut out = String::with_capacity(source.len());
    let mut letters = source.chars().peekable();
    let blank = |letter: char| if letter == '\n' { '\n' } else { ' ' };
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                while letters.peek().is_some_and(|next| *next != '\n') {
                    letters.next();
                }
            }
            '"' => {
                out.push('"');
                while let Some(inside) = letters.next() {
                    match inside {
                        '\\' => {
                            let escaped = letters.next().unwrap_or(' ');
                            out.push(' ');
                            out.push(blank(escaped));
                        }
                        '"' => break,
                        _ if texts_too => out.push(blank(inside)),
                        _ => out.push(inside),
                    }
                }
                out.push('"');
            }
            // A quotation mark as a letter opens no text.
            '\'' if letters.peek() == Some(&'"') => {
                letters.next();
                out.push_str("' ");
            }
            _ => out.push(letter),
        }
    }
    out
}

/// Fails with every line of `parts` that holds one of `words`, `except` in these files.
fn forbid(parts: &[&str], words: &[&str], except: &[&str], why: &str) {
    let mut found = Vec::new();
    for line in lines(parts) {
        if except.iter().any(|allowed| line.file.starts_with(allowed)) {
            continue;
        }
        for word in words {
            if holds(&line.code, word) {
                found.push(format!(
                    "src/{}:{}: {}",
                    line.file,
                    line.number,
                    line.code.trim()
                ));
            }
        }
    }
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

/// The word, not a part of a longer one.
fn holds(code: &str, word: &str) -> bool {
    let is_part = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
    };
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let behind = code[at + word.len()..].chars().next();
        let goes_on = word.starts_with(char::is_alphabetic) && is_part(before)
            || word.ends_with(char::is_alphabetic) && is_part(behind);
        !goes_on
    })
}

const PURE: &[&str] = &["catalog/", "plan/", "odata/", "value.rs", "instant.rs"];

#[test]
fn the_reader_sees_code_and_nothing_else() {
    let source = "let a = \"rusqlite \\\" x\"; // tokio\nlet q = '\"'; use crate::plan;";
    let code = stripped(source, true);
    assert!(
        !holds(&code, "rusqlite") && !holds(&code, "tokio"),
        "{code}"
    );
    assert!(holds(&code, "crate::plan"), "{code}");
    assert!(holds(&stripped(source, false), "rusqlite"));
    assert!(!holds("use crate::planner;", "crate::plan"));
    assert!(
        lines(&["plan/"])
            .iter()
            .any(|line| holds(&line.code, "crate::catalog"))
    );
}

#[test]
fn the_pure_parts_know_neither_sqlite_nor_network_nor_clock_nor_files() {
    forbid(
        PURE,
        &[
            "rusqlite",
            "libsqlite3_sys",
            "http::",
            "reqwest",
            "hyper",
            "tokio",
            "futures_util",
            "SystemTime",
            "Utc::now",
            "Local::now",
            "time::Instant",
            "std::fs",
            "std::net",
            "std::env",
            "std::thread",
            "std::process",
            "std::io",
        ],
        &[],
        "catalog, plan, odata, value and instant compute; they ask nobody",
    );
}

#[test]
fn the_pure_parts_do_not_look_up() {
    forbid(
        PURE,
        &[
            "crate::graph",
            "crate::cache",
            "crate::scan",
            "crate::sqlite",
            "crate::session",
            "crate::settings",
            "crate::runtime",
            "crate::decode",
            "crate::cli",
            "crate::demo",
            "crate::extension",
        ],
        &[],
        "what is pure is below what acts",
    );
}

#[test]
fn the_catalogue_is_data() {
    forbid(
        &["catalog/"],
        &[
            "crate::plan",
            "crate::odata",
            "crate::value",
            "crate::error",
            "crate::instant",
        ],
        &[],
        "an entry of the catalogue says, and does nothing",
    );
}

#[test]
fn odata_knows_no_tables() {
    forbid(
        &["odata/"],
        &["crate::catalog", "crate::plan", "crate::value"],
        &[],
        "odata writes what it is given",
    );
}

#[test]
fn the_client_never_hears_of_tables_or_sql() {
    forbid(
        &["graph/"],
        &[
            "crate::catalog",
            "crate::plan",
            "crate::scan",
            "crate::sqlite",
            "crate::cache",
            "crate::decode",
            "crate::value",
            "crate::session",
            "crate::cli",
            "rusqlite",
            "Table",
        ],
        &[],
        "graph sends requests",
    );
}

#[test]
fn only_the_glue_and_the_programs_know_sqlite() {
    forbid(
        &[""],
        &["rusqlite", "libsqlite3_sys"],
        &[
            "sqlite/",
            "extension.rs",
            "cli/",
            "sync/",
            "listen/",
            "export/",
        ],
        "SQLite is the business of sqlite/, extension.rs, the copies, the exports and the command line",
    );
}

#[test]
fn requests_are_sent_by_the_transport_only() {
    forbid(
        &[""],
        &["reqwest", "rustls"],
        &["graph/transport.rs", "demo/"],
        "one file knows the HTTP library",
    );
}

#[test]
fn unsafe_lives_in_the_glue_and_the_entry_points() {
    forbid(
        &[""],
        &["unsafe"],
        &["sqlite/", "extension.rs"],
        "unsafe belongs into sqlite/ and extension.rs",
    );
}

#[test]
fn each_unsafe_says_why_it_is_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut silent = Vec::new();
    for line in lines(&["sqlite/", "extension.rs"]) {
        let opens = holds(&line.code, "unsafe")
            && !line.code.contains("unsafe extern")
            && !line.code.contains("unsafe fn")
            && !line.code.contains("unsafe(no_mangle)");
        if !opens {
            continue;
        }
        let source = std::fs::read_to_string(root.join(&line.file)).expect("a source file");
        let before: Vec<&str> = source.lines().take(line.number).collect();
        let near = before
            .iter()
            .rev()
            .take(5)
            .any(|line| line.contains("SAFETY:"));
        if !near {
            silent.push(format!(
                "src/{}:{}: {}",
                line.file,
                line.number,
                line.code.trim()
            ));
        }
    }
    assert!(
        silent.is_empty(),
        "no SAFETY comment:\n{}",
        silent.join("\n")
    );
}

#[test]
fn the_demo_tenant_shares_nothing_with_the_driver() {
    let mut found = Vec::new();
    for line in lines(&["demo/"]) {
        let outward = line
            .code
            .match_indices("crate::")
            .any(|(at, _)| !line.code[at..].starts_with("crate::demo"));
        // `demo/mod.rs` is one level below the crate, `demo/x.rs` two, `demo/x/y.rs` three.
        let depth = line.file.matches('/').count() + usize::from(!line.file.ends_with("/mod.rs"));
        let climbs = line.code.contains(&"super::".repeat(depth));
        if outward || climbs {
            found.push(format!(
                "src/{}:{}: {}",
                line.file,
                line.number,
                line.code.trim()
            ));
        }
    }
    assert!(
        found.is_empty(),
        "driver and demo tenant must not agree on a mistake:\n{}",
        found.join("\n")
    );
}

#[test]
fn the_driver_uses_the_demo_tenant_where_it_connects_only() {
    forbid(
        &[""],
        &["crate::demo"],
        &[
            "demo/",
            "graph/token/mod.rs",
            "graph/client.rs",
            "cli/commands/demo_server.rs",
        ],
        "invented data never appears unasked",
    );
}

#[test]
fn the_command_line_is_on_top() {
    forbid(
        &[""],
        &["crate::cli"],
        &["cli/", "main.rs"],
        "nothing depends on the command line",
    );
}

/// The extension is loaded into programs that have writers of files of their own.
#[test]
fn the_command_line_alone_exports() {
    forbid(
        &[""],
        &["crate::export"],
        &["export/", "cli/"],
        "nothing that the extension reaches exports",
    );
    forbid(
        &[""],
        &["parquet::"],
        &["export/parquet_file.rs"],
        "one file knows the Parquet library",
    );
}

#[test]
fn odata_text_is_written_in_odata_only() {
    const OPERATORS: &[&str] = &[
        " eq ",
        " ne ",
        " ge ",
        " gt ",
        " le ",
        " lt ",
        "startswith(",
        "endswith(",
        "contains(",
        " in (",
    ];
    let mut found = Vec::new();
    for line in lines(&[""]) {
        let allowed = ["odata/", "demo/", "cli/"].iter().any(|part| line.file.starts_with(part))
            // A line for people: EXPLAIN QUERY PLAN and the list of what is pushed.
            || line.file == "plan/explain.rs"
            || line.file == "plan/fit.rs"
            // What makes a collection the table's is part of its entry, and has no values.
            || (line.file.starts_with("catalog/") && line.text.trim().starts_with("filter: \""));
        let text = line.text.split('"').skip(1).step_by(2);
        if !allowed
            && text
                .into_iter()
                .any(|text| OPERATORS.iter().any(|word| text.contains(word)))
        {
            found.push(format!(
                "src/{}:{}: {}",
                line.file,
                line.number,
                line.text.trim()
            ));
        }
    }
    assert!(
        found.is_empty(),
        "filters are written in src/odata:\n{}",
        found.join("\n")
    );
}

#[test]
fn every_source_file_starts_with_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut without_head = Vec::new();
    for path in sources(&root) {
        let source = std::fs::read_to_string(&path).expect("a source file");
        if !source.starts_with("//! ") {
            without_head.push(path.display().to_string());
        }
    }
    assert!(
        without_head.is_empty(),
        "no //! paragraph at the top: {without_head:?}"
    );
}
