//! The recipes of `docs/tools` are run in the hosts that they are written for.
//!
//! A block of code followed by a block `text` prints exactly that; the blocks of one host are one session.
//! `UPDATE_DOCS=1 cargo test --test hosts pages` writes the outputs anew.

use std::path::Path;

use crate::host::{Finished, NEWEST, REFERENCE, command, library_text, program, run_with_input};

/// What stands between the outputs of two blocks.
const BETWEEN: &str = "=== next block ===";

/// Where a page says the library is: its path without the ending.
const WRITTEN: &str = "target/release/liboffice365";

/// Runs the blocks of `page` that are marked `language`, and compares what they print.
#[track_caller]
fn holds(page: &str, language: &str, print: &str, host: impl Fn(&str) -> Finished) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/tools")
        .join(page);
    let text = std::fs::read_to_string(&path).expect("the page");
    let blocks = blocks(&text, language);
    assert!(!blocks.is_empty(), "{page} has no block {language}");
    let script: Vec<&str> = blocks
        .iter()
        .map(|block| &text[block.code.clone()])
        .collect();
    let script = script
        .join(&print.replace("{}", BETWEEN))
        .replace(WRITTEN, library_text().trim_end_matches(".so"));
    let finished = host(&script);
    let printed: Vec<&str> = finished.stdout.split(&format!("{BETWEEN}\n")).collect();
    assert_eq!(printed.len(), blocks.len(), "{finished:#?}");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let mut text = text.clone();
        for (block, printed) in blocks.iter().zip(&printed).rev() {
            text.replace_range(block.output.clone(), printed);
        }
        std::fs::write(&path, text).expect("the page can be written");
        return;
    }
    for (block, printed) in blocks.iter().zip(printed) {
        let (code, output) = (&text[block.code.clone()], &text[block.output.clone()]);
        assert_eq!(printed, output, "{page}, under\n{code}{}", finished.stderr);
    }
}

/// Where a block and its output stand in a page.
struct Block {
    code: std::ops::Range<usize>,
    output: std::ops::Range<usize>,
}

fn blocks(text: &str, language: &str) -> Vec<Block> {
    let fence = format!("\n```{language}\n");
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(&fence) {
        let code = at + start + fence.len();
        let end = code + text[code..].find("```\n").expect("a block ends");
        let after = "```\n\n```text\n";
        assert!(
            text[end..].starts_with(after),
            "no output under {}",
            &text[code..end]
        );
        let output = end + after.len();
        let output_end = output + text[output..].find("```\n").expect("an output ends");
        found.push(Block {
            code: code..end,
            output: output..output_end,
        });
        at = output_end;
    }
    found
}

#[test]
fn the_page_of_sqlite3() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    holds("sqlite3.md", "sql", ".print {}\n", |script| {
        run_with_input(&mut command(&shell), script)
    });
}

#[test]
fn the_page_of_python() {
    for (host, language) in [(REFERENCE, "python"), (NEWEST, "python apsw")] {
        if host.present() {
            holds("python.md", language, "print('{}')\n", |script| {
                let finished = run_with_input(&mut host.python(), script);
                finished.output();
                finished
            });
        }
    }
}
