//! A panic inside the library is an SQL error, and the host lives on.

use crate::host::{Finished, PYTHONS, command, library_text, program, run, run_with_input};

/// Every callback that SQLite calls with work of ours in it.
const CALLBACKS: [&str; 7] = [
    "connect",
    "best_index",
    "open",
    "filter",
    "next",
    "column",
    "rowid",
];

#[track_caller]
fn survived(finished: &Finished, callback: &str, alive: &str, status: i32) {
    assert_eq!(
        finished.status.code(),
        Some(status),
        "{callback}: {finished:#?}"
    );
    assert!(
        finished.stdout.ends_with(alive),
        "{callback}: {finished:#?}"
    );
    let said = format!(
        "office365: internal error in {callback} (induced by OFFICE365_INDUCE_PANIC); please report it"
    );
    let all = format!("{}{}", finished.stdout, finished.stderr);
    assert!(all.contains(&said), "{callback}: {finished:#?}");
}

#[test]
fn the_shell_survives_a_panic_in_every_callback() {
    let Some(shell) = program("sqlite3") else {
        return;
    };
    let script = format!(
        ".load {}\nSELECT o365_connect('Demo=true') IS NOT NULL;\n\
         SELECT rowid, displayName FROM Users;\nSELECT 'alive';\n",
        library_text()
    );
    for callback in CALLBACKS {
        let mut command = command(&shell);
        command.env("OFFICE365_INDUCE_PANIC", callback);
        // 1 is the shell's own "there was an error"; a crash has no code at all.
        survived(
            &run_with_input(&mut command, &script),
            callback,
            "\nalive\n",
            1,
        );
    }
}

#[test]
fn python_survives_a_panic_in_every_callback() {
    for host in PYTHONS {
        if host.present() {
            for callback in CALLBACKS {
                let mut command = host.check("panic", &[]);
                command.env("OFFICE365_INDUCE_PANIC", callback);
                survived(&run(&mut command), callback, "\n'alive'\n", 0);
            }
        }
    }
}
