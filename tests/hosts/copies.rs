//! A copy is a plain file: the sqlite3 shell of Debian and DuckDB's scanner of SQLite files read it, without this program.

use std::path::{Path, PathBuf};

use crate::host::{PYTHON, command, folder, missing, prepared, program, run};

const DUCKDB: &str = "duckdb-1.5.5";

/// What DuckDB is asked: every table whole, types, a join, an aggregate over time.
const QUESTIONS: &str = r#"
import glob, sys
import duckdb

copy, packages = sys.argv[1:]
db = duckdb.connect(config={"allow_unsigned_extensions": "false"})
(scanner,) = glob.glob(packages + "/duckdb_extension_sqlite_scanner/extensions/*/sqlite_scanner.duckdb_extension")
db.execute(f"LOAD '{scanner}'")
db.execute(f"ATTACH '{copy}' AS copy (TYPE sqlite, READ_ONLY)")
names = db.execute("SELECT table_name FROM information_schema.tables WHERE table_catalog = 'copy' ORDER BY 1").fetchall()
for (name,) in names:
    # The full-text index keeps tables of its own.
    if not any(part in name for part in ("Search_", "sqlite_")):
        rows = db.execute(f'SELECT * FROM copy."{name}"').fetchall()
        (count,) = db.execute(f'SELECT count(*) FROM copy."{name}"').fetchone()
        print(name, count, "whole" if len(rows) == count else len(rows))
print(db.execute("""
    SELECT strftime(CAST(m.receivedDateTime AS TIMESTAMP), '%Y') AS year, count(*) > 100, bool_and(f.id IS NOT NULL)
      FROM copy.Messages m LEFT JOIN copy.MailFolders f ON f.id = m.parentFolderId AND f.UserId = m.UserId
     WHERE m.receivedDateTime >= '2026-01-01' AND m.receivedDateTime < '2027-01-01' GROUP BY 1""").fetchall())
"#;

/// A copy of the demo tenant, made by the command.
fn copy() -> PathBuf {
    let file = folder("copies").join("copy.db");
    for suffix in ["", "-wal", "-shm"] {
        let _gone = std::fs::remove_file(format!("{}{suffix}", file.display()));
    }
    let mut office365 = command(Path::new(env!("CARGO_BIN_EXE_office365")));
    office365.arg("sync").arg(&file).args(["--demo", "--quiet"]);
    run(&mut office365).output();
    file
}

#[test]
fn plain_programs_read_a_copy() {
    let file = copy();
    if let Some(sqlite3) = program("sqlite3") {
        let mut sqlite3 = command(&sqlite3);
        sqlite3.arg("-readonly").arg(&file).arg(
            "SELECT count(*) FROM Messages; SELECT count(*) FROM UsersWithoutLicenses;
             SELECT count(*) > 100 FROM MessageSearch WHERE MessageSearch MATCH 'budget'; PRAGMA integrity_check;
             SELECT count(*) FROM pragma_foreign_key_list('Messages');
             SELECT \"table\", rows, method FROM o365_sync WHERE \"table\" IN ('Messages', 'SubscribedSkus') ORDER BY 1;",
        );
        assert_eq!(
            run(&mut sqlite3).output(),
            "1200\n37\n1\nok\n2\nMessages|1200|delta\nSubscribedSkus|8|full\n"
        );
    }
    let packages = prepared().join(DUCKDB);
    if !packages.join(".complete").is_file() || !Path::new(PYTHON).is_file() {
        missing(DUCKDB);
        return;
    }
    let mut python = command(Path::new(PYTHON));
    python
        .env("PYTHONPATH", &packages)
        .args(["-c", QUESTIONS])
        .arg(&file)
        .arg(&packages);
    let read = run(&mut python);
    let lines: Vec<&str> = read.output().lines().collect();
    let (last, tables) = lines.split_last().expect("lines");
    assert_eq!(*last, "[('2026', True, True)]");
    assert!(
        tables.iter().all(|line| line.ends_with(" whole")),
        "{tables:#?}"
    );
    for line in [
        "Messages 1200 whole",
        "Events 127 whole",
        "o365_sync 13 whole",
        "UsersWithLicenses 23 whole",
    ] {
        assert!(tables.contains(&line), "{line}: {tables:#?}");
    }
}
