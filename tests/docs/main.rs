//! Documentation that is made from the code, and documentation that is run.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the generated pages anew; without it a difference is a
//! failure.

mod pages;
mod procedures;

use std::path::PathBuf;

use fallible_iterator::FallibleIterator;
use office365::catalog::ALL;
use office365::settings::PROPERTIES;
use office365::sqlite::{Access, host};

fn root(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    std::fs::read_to_string(root(file)).unwrap_or_default()
}

/// Fails where a page differs from what the catalogue makes of it, or writes it anew.
fn is_current(file: &str, made: &str) -> bool {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let path = root(file);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("docs can be written");
        std::fs::write(path, made).expect("docs can be written");
    }
    read(file) == made
}

#[test]
fn the_pages_of_tables_are_the_catalogues() {
    let connection = host::open(None, Access::Full).expect("memory opens");
    connection
        .query_row(
            "SELECT o365_connect('Demo=true;Readonly=false'), o365_dry_run(1)",
            [],
            |_| Ok(()),
        )
        .expect("the demo tenant connects");
    connection
        .execute_batch("CREATE TEMP TABLE shown(n); INSERT INTO shown VALUES (0)")
        .expect("a table");
    let mut old = Vec::new();
    for table in ALL {
        let file = format!("docs/tables/{}.md", table.name);
        if !is_current(&file, &pages::page(&connection, table)) {
            old.push(file);
        }
    }
    if !is_current("docs/tables.md", &pages::index()) {
        old.push("docs/tables.md".to_owned());
    }
    if !is_current("docs/procedures.md", &procedures::page(&connection)) {
        old.push("docs/procedures.md".to_owned());
    }
    assert!(
        old.is_empty(),
        "{old:?} are not what the catalogue says: run UPDATE_DOCS=1 cargo test --test docs and review the difference"
    );
}

#[test]
fn there_is_no_page_of_a_table_that_is_gone() {
    for entry in std::fs::read_dir(root("docs/tables")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name");
        assert!(
            ALL.iter().any(|table| table.name == name),
            "{name} is no table"
        );
    }
}

#[test]
fn the_readme_names_what_there_is() {
    let readme = read("README.md");
    for table in ALL {
        assert!(
            readme.contains(&format!("`{}`", table.name)),
            "README lacks {}: name it in the table below its heading Tables",
            table.name
        );
    }
    for procedure in office365::procs::ALL {
        assert!(
            readme.contains(&format!("`{}`", procedure.name)),
            "README lacks {}: name it below its heading Writing",
            procedure.name
        );
    }
    // The tables of the README name tables in the second column, properties in the first.
    let cell = |line: &str, n: usize| -> Vec<String> {
        let cell = line.split('|').nth(n).unwrap_or_default();
        let names = cell.split('`').skip(1).step_by(2);
        names.map(str::to_owned).collect()
    };
    for line in readme.lines().filter(|line| line.starts_with("| ")) {
        for name in cell(line, 1) {
            let known = PROPERTIES.iter().any(|property| property.name == name);
            assert!(known, "README names {name}, which is no property");
        }
    }
}

#[test]
fn the_sql_of_the_documents_runs() {
    let mut statements = 0;
    for file in ["README.md"] {
        for block in blocks(&read(file), "sql") {
            let connection = host::open(None, Access::Full).expect("memory opens");
            connection
                .query_row("SELECT o365_connect('Demo=true')", [], |_| Ok(()))
                .expect("the demo tenant connects");
            let mut batch = rusqlite::Batch::new(&connection, &block);
            while let Some(mut statement) = batch
                .next()
                .unwrap_or_else(|error| panic!("{file}: {error}\n{block}"))
            {
                let mut rows = statement
                    .query([])
                    .unwrap_or_else(|error| panic!("{file}: {error}\n{block}"));
                let mut count = 0;
                while rows
                    .next()
                    .unwrap_or_else(|error| panic!("{file}: {error}\n{block}"))
                    .is_some()
                {
                    count += 1;
                }
                assert!(count > 0, "{file}: a statement shows no row:\n{block}");
                statements += 1;
            }
        }
    }
    assert!(
        statements >= 3,
        "only {statements} statements were found in the documents"
    );
}

/// Runs the binary on statements, in a folder of its own that has `a.pdf`.
fn run(name: &str, flags: &[&str], config: &str, sql: &str) -> std::process::Output {
    let folder = std::env::temp_dir().join(format!("office365-docs-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("a.pdf"), "%PDF").expect("written");
    std::fs::write(folder.join("config.toml"), config).expect("written");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_office365"))
        .args(flags)
        .args(["--bail", sql])
        .current_dir(&folder)
        .env("OFFICE365_CONFIG", folder.join("config.toml"))
        .env("CONTOSO_SECRET", "hush")
        .env_remove("OFFICE365_CONNECTION")
        .output()
        .expect("starts");
    std::fs::remove_dir_all(&folder).expect("just made");
    output
}

#[test]
fn what_the_readme_writes_is_written() {
    let written = blocks(&read("README.md"), "sql write");
    assert!(written.len() >= 2, "{written:?}");
    for block in written {
        // The demo tenant has more users than a stranger would write to by accident.
        let output = run("write", &["--demo", "--write"], "", &block);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{block}\n{error}");
    }
}

#[test]
fn the_profiles_of_the_readme_are_understood() {
    let readme = read("README.md");
    let demo = "[profile.contoso]\nDemo = \"true\"\n[profile.fabrikam]\nDemo = \"true\"\n";
    let attached = blocks(&readme, "sql profiles");
    assert_eq!(attached.len(), 1);
    let output = run("attach", &[], demo, &attached[0]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    let config = blocks(&readme, "toml");
    assert_eq!(config.len(), 1);
    let shown = run("profile", &[], &config[0], "SELECT o365_connection()");
    let text = String::from_utf8_lossy(&shown.stdout);
    assert!(
        text.contains("contoso.com") && !text.contains("hush"),
        "{shown:?}"
    );
}

/// Each line is a command, and leaves the folder that it names.
#[cfg(unix)]
#[test]
fn the_exports_of_the_readme_export() {
    let blocks = blocks(&read("README.md"), "sh export");
    assert_eq!(blocks.len(), 1);
    let folder = std::env::temp_dir().join(format!("office365-docs-{}-export", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    for line in blocks[0].lines() {
        let line = line.replacen("office365", env!("CARGO_BIN_EXE_office365"), 1);
        let output = std::process::Command::new("sh")
            .args(["-c", &line])
            .current_dir(&folder)
            .env_remove("OFFICE365_CONNECTION")
            .output()
            .expect("sh starts");
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{line}\n{error}");
    }
    for made in [
        "lake/Files",
        "mail/Messages/UserId=adele@contoso.com/month=2026-01",
        "mail/senders",
    ] {
        let made = folder.join(made);
        let files = std::fs::read_dir(&made).map_or(0, Iterator::count);
        assert_eq!(files, 1, "{}", made.display());
    }
    std::fs::remove_dir_all(&folder).expect("just made");
}

/// What a page shows as an entry of the catalogue is one, to the letter, in a file that the page names.
#[test]
fn the_entries_that_a_page_quotes_are_in_the_catalogue() {
    let page = "docs/add-a-table.md";
    let text = read(page);
    let quotations = blocks(&text, "rust");
    assert!(!quotations.is_empty(), "{page} quotes no entry");
    let named: Vec<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.starts_with("src/catalog/") && name.ends_with(".rs"))
        .collect();
    for quotation in quotations {
        assert!(
            named.iter().any(|file| read(file).contains(&quotation)),
            "{page} quotes this, which is in none of {named:?} to the letter: copy it anew from the file it is in\n{quotation}"
        );
    }
}

/// The fenced blocks of a language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        match &mut block {
            Some(_) if line.starts_with("```") => blocks.extend(block.take()),
            Some(lines) => {
                lines.push_str(line);
                lines.push('\n');
            }
            None if line == format!("```{language}") => block = Some(String::new()),
            None => {}
        }
    }
    blocks
}
