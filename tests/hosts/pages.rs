//! The recipes of `docs/tools` are run in the hosts that they are written for.
//!
//! A block of code followed by a block `text` prints exactly that; the blocks of one host are one session.
//! `UPDATE_DOCS=1 cargo test --test hosts pages` writes the outputs anew.

use std::path::{Path, PathBuf};

use crate::host::{
    Finished, NEWEST, PYTHON, REFERENCE, command, folder, java, library_text, node, odbc_driver,
    package, program, run, run_with_input, spark,
};

/// What stands between the outputs of two blocks.
const BETWEEN: &str = "=== next block ===";

/// Where a page says the library is: its path without the ending.
const WRITTEN: &str = "target/release/liboffice365";

/// Runs the blocks of `page` that are marked `language`, and compares what they print.
#[track_caller]
fn holds(page: &str, language: &str, print: &str, host: impl Fn(&str) -> Finished) {
    let (path, text) = page_text(page);
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

/// A page, and where it is.
fn page_text(page: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/tools")
        .join(page);
    let text = std::fs::read_to_string(&path).expect("the page");
    (path, text)
}

/// The host that reads a page's script works in a folder of its own, where no file is yet.
fn desk(page: &str) -> PathBuf {
    let desk = folder("pages").join(page);
    let _ = std::fs::remove_dir_all(&desk);
    std::fs::create_dir_all(&desk).expect("a folder under target/tmp");
    desk
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

#[test]
fn the_page_of_sqlalchemy() {
    page_of_a_package("sqlalchemy", "sqlalchemy-2.1.9");
}

#[test]
fn the_page_of_pandas() {
    page_of_a_package("pandas", "pandas-3.1.1");
}

#[track_caller]
fn page_of_a_package(name: &str, version: &str) {
    let Some(package) = package(version) else {
        return;
    };
    let desk = desk(name);
    let language = format!("python {name}");
    holds(
        &format!("{name}.md"),
        &language,
        "print('{}')\n",
        |script| {
            let mut host = command(Path::new(PYTHON));
            host.env("PYTHONPATH", &package).current_dir(&desk);
            ended_well(run_with_input(&mut host, script))
        },
    );
}

/// The program in the `PATH` of its executors, which are here.
#[test]
fn the_page_of_spark() {
    let desk = desk("spark");
    if let Some(mut host) = spark() {
        host.current_dir(&desk);
        let host = std::cell::RefCell::new(host);
        holds("spark.md", "python spark", "print('{}')\n", |script| {
            ended_well(run_with_input(&mut host.borrow_mut(), script))
        });
    }
}

/// A script that fails in the middle is told with what it said.
#[track_caller]
fn ended_well(finished: Finished) -> Finished {
    finished.output();
    finished
}

#[test]
fn the_page_of_node() {
    let Some(mut host) = node() else {
        return;
    };
    host.current_dir(desk("node"));
    let host = std::cell::RefCell::new(host);
    holds("node.md", "javascript", "console.log('{}')\n", |script| {
        ended_well(run_with_input(&mut host.borrow_mut(), script))
    });
}

/// In a zone that is not UTC: what the page says about calendars has to hold there.
#[test]
fn the_page_of_jdbc() {
    let Some(java) = java("Asia/Tokyo") else {
        return;
    };
    let desk = desk("jdbc");
    let host = std::cell::RefCell::new(java);
    holds(
        "jdbc.md",
        "java",
        "System.out.println(\"{}\");\n",
        |script| {
            let program = format!(
                "import java.sql.*;\nimport java.util.*;\npublic class Recipe {{\n\
             public static void main(String[] arguments) throws Exception {{\n{script}}}\n}}\n"
            );
            std::fs::write(desk.join("Recipe.java"), program).expect("a file under target/tmp");
            ended_well(run(host.borrow_mut().current_dir(&desk).arg("Recipe.java")))
        },
    );
}

/// The page's own data source, with the folders of this machine.
#[test]
fn the_page_of_odbc() {
    pages_of_odbc("odbc");
}

/// What office programs send, though they are not here themselves.
#[test]
fn the_pages_of_programs_that_use_odbc() {
    for page in ["powerbi", "excel", "tableau"] {
        pages_of_odbc(page);
    }
}

#[track_caller]
fn pages_of_odbc(name: &str) {
    if !odbc_driver() {
        return;
    }
    let desk = desk(name);
    let page = format!("{name}.md");
    let (_, odbc) = page_text("odbc.md");
    let (_, rest) = odbc.split_once("```ini\n").expect("a data source");
    let (source, _) = rest.split_once("```").expect("its end");
    let source = source
        .replace("/path/to/liboffice365.so", &library_text())
        .replace("/path/to", desk.to_str().expect("a path in UTF-8"));
    std::fs::write(desk.join("odbc.ini"), source).expect("a file under target/tmp");
    let in_odbc = |program: &Path| {
        let mut host = command(program);
        host.env("HOME", &desk)
            .env("ODBCINI", desk.join("odbc.ini"))
            .env("OFFICE365_CONNECTION", "Demo=true;Readonly=false");
        host
    };
    if let Some(isql) = program("isql") {
        holds(&page, "sql", "SELECT '{}'\n", |script| {
            let mut host = in_odbc(&isql);
            run_with_input(host.args(["-v", "-b", "-d|", "office365"]), script)
        });
    }
    if name != "odbc" {
        return;
    }
    if let Some(pyodbc) = package("pyodbc-5.2.0") {
        holds("odbc.md", "python odbc", "print('{}')\n", |script| {
            let mut host = in_odbc(Path::new(PYTHON));
            ended_well(run_with_input(host.env("PYTHONPATH", &pyodbc), script))
        });
    }
}

/// A page that ends in prose may have ended before its reader saw that it works.
#[test]
fn each_page_ends_with_what_was_printed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tools");
    for page in std::fs::read_dir(folder).expect("the folder of pages") {
        let page = page.expect("a page").file_name();
        let page = page.to_str().expect("a name in UTF-8");
        let (_, text) = page_text(page);
        let last = text.rfind("\n```text\n").expect("a page shows an output");
        let output = &text[last + "\n```text\n".len()..];
        assert_eq!(output.find("```\n"), Some(output.len() - 4), "{page}");
    }
}

/// What the README shows of sqlite3 and Python does what it says.
#[test]
fn the_hosts_of_the_readme() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(path).expect("the README");
    let block = |begin: &str| {
        let start = readme.find(begin).expect("the block") + begin.len();
        let end = start + readme[start..].find("```").expect("its end");
        readme[start..end].replace(WRITTEN, library_text().trim_end_matches(".so"))
    };
    if let Some(shell) = program("sqlite3") {
        let lines: String = block("```sh\nsqlite3\n")
            .lines()
            .map(|line| line.trim_start_matches("sqlite> ").to_owned() + "\n")
            .collect();
        let finished = run_with_input(&mut command(&shell), &lines);
        let shown = finished.output();
        assert!(shown.contains("|Sales\n"), "{shown}");
    }
    if REFERENCE.present() {
        let finished = run_with_input(&mut REFERENCE.python(), &block("```python\n"));
        let shown = finished.output();
        assert_eq!(shown, "(343,)\n");
    }
}
