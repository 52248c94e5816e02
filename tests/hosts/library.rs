//! The built file itself: what it shows and what it needs.

use crate::host::{command, library, program, run};

#[test]
fn it_shows_its_entry_points_and_nothing_else() {
    let Some(nm) = program("nm") else {
        return;
    };
    let finished = run(command(&nm)
        .args(["-D", "--defined-only", "--format=just-symbols"])
        .arg(library()));
    let mut names: Vec<&str> = finished.output().lines().collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "office365_readonly_init",
            "sqlite3_extension_init",
            "sqlite3_office_init"
        ]
    );
}

#[test]
fn it_needs_no_openssl_and_no_sqlite() {
    let Some(ldd) = program("ldd") else {
        return;
    };
    let finished = run(command(&ldd).arg(library()));
    let needed: Vec<&str> = finished
        .output()
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(|path| path.rsplit('/').next().unwrap_or(path))
        .map(|name| name.split(".so").next().unwrap_or(name))
        .collect();
    for name in &needed {
        assert!(
            [
                "linux-vdso",
                "libgcc_s",
                "libm",
                "libc",
                "ld-linux-x86-64",
                "ld-linux-aarch64"
            ]
            .contains(name),
            "{name} in {needed:?}"
        );
    }
    assert!(needed.contains(&"libc"), "{needed:?}");
}
