//! The `office365` command: see `office365 --help`.

fn main() {
    let connection =
        office365::sqlite::host::open(None, office365::sqlite::Access::Full).expect("memory opens");
    let version: String = connection
        .query_row(
            "SELECT o365_version() || ' ' || sqlite_version()",
            [],
            |row| row.get(0),
        )
        .expect("runs");
    println!("{version}");
}
