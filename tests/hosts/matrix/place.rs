//! Where a host works: a folder of its own, with a file in which it finds tables.

use std::path::{Path, PathBuf};

use crate::host::{command, folder, run};

/// Where a host works: a folder, and a file with tables in it.
pub struct Place {
    pub folder: PathBuf,
    pub file: String,
}

impl Place {
    pub fn new(host: &str) -> Place {
        let folder = folder("matrix").join(host.replace([':', ',', ' '], "-"));
        std::fs::create_dir_all(&folder).expect("a folder under target/tmp");
        let file = folder.join("catalog.db");
        let _ = std::fs::remove_file(&file);
        write_catalog(&file);
        Place {
            file: file.to_str().expect("a path in UTF-8").to_owned(),
            folder,
        }
    }
}

/// A file in which tools find the tables that they list, as `office365 catalog` writes it, beside a local one.
fn write_catalog(file: &Path) {
    let program = Path::new(env!("CARGO_BIN_EXE_office365"));
    run(command(program).arg("catalog").arg(file)).output();
    let team = "CREATE TABLE team(upn TEXT, role TEXT);
        INSERT INTO team VALUES ('adele@contoso.com', 'lead'), ('megan@contoso.com', 'tester'),
            ('nobody@contoso.com', 'open');";
    run(command(program)
        .args(["--demo", "--write", "--db"])
        .arg(file)
        .arg(team))
    .output();
}
