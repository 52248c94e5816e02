//! Scripts: statements and .commands from files and pipes.

mod command;

use std::fs;

use command::{Scratch, ok, run, run_with};

#[test]
fn files_and_pipes_are_scripts() {
    let script = ".mode csv\n# a note\n\nSELECT 1,\n  ';' AS x;\n.print done\nSELECT 2";
    let expected = ok("1,;\r\ndone\n2\r\n");
    assert_eq!(run_with(&[], script), expected);
    assert_eq!(run_with(&["-"], script), expected);
    let file = Scratch::new("script.sql", script);
    assert_eq!(run(&["-f", file.path()]), expected);
    let reader = format!(".read {}\n", file.path());
    assert_eq!(run_with(&[], &reader), expected);
}

#[test]
fn a_trigger_is_one_statement() {
    let script = ".mode list
CREATE TABLE t(a); CREATE TABLE log(b);
CREATE TRIGGER tr AFTER INSERT ON t BEGIN
  INSERT INTO log VALUES (new.a);
  INSERT INTO log VALUES (new.a * 2);
END;
INSERT INTO t VALUES (5);
SELECT b FROM log;
";
    assert_eq!(run_with(&[], script), ok("5\n10\n"));
}

#[test]
fn bail_ends_a_script_at_its_first_error() {
    let script = "SELECT 1 a;\nSELECT nosuch;\nSELECT 2 b;\n";
    let found = run_with(&["-o", "list", "--bail"], script);
    assert_eq!((found.code, found.out.as_str()), (Some(1), "a\n1\n"));
    let found = run_with(&["-o", "list"], &format!(".bail on\n{script}"));
    assert_eq!((found.code, found.out.as_str()), (Some(1), "a\n1\n"));
}

#[test]
fn the_shells_commands_show_the_service() {
    let script = ".mode list
.tables Users
.plan SELECT displayName FROM Users WHERE accountEnabled = 1
SELECT count(*) FROM Users;
.requests 1
.cache clear
";
    let found = run_with(&["--demo", "-q"], script);
    assert_eq!((found.code, found.err.as_str()), (Some(0), ""));
    let lines: Vec<&str> = found.out.lines().collect();
    assert_eq!(lines[0], "Users");
    assert_eq!(lines[1], "QUERY PLAN");
    assert!(
        lines[2].contains("GET /users") && !lines[2].contains('{'),
        "{}",
        lines[2]
    );
    assert_eq!(lines[3], "60");
    assert!(
        lines[4].starts_with("1|GET|http://demo.localhost/v1.0/users?"),
        "{}",
        lines[4]
    );
}

#[test]
fn exit_codes_of_scripts() {
    assert_eq!(run_with(&[], ".exit 7\nSELECT nosuch;\n").code, Some(7));
    assert_eq!(run_with(&[], "SELECT nosuch;\n.quit\n").code, Some(1));
    assert_eq!(run_with(&[], ".quit\nSELECT nosuch;\n"), ok(""));
    assert_eq!(run_with(&[], ".nosuch\n").code, Some(1));
}

#[test]
fn dot_commands_show_and_change_the_style() {
    let script = "\
CREATE TABLE one(a INTEGER PRIMARY KEY, b TEXT NOT NULL);
CREATE VIEW two AS SELECT 1;
.mode list
.separator , \"\\n\"
.nullvalue ∅
.headers on
SELECT NULL a, 1 b;
.mode
.tables one
.schema one
\\d one
.mode qbox
.mode
.once /nonexistent/folder/out.txt
";
    let found = run_with(&[], script);
    assert_eq!(
        found.out,
        "a,b\n∅,1\ncurrent output mode: list\none\n\
         CREATE TABLE one(a INTEGER PRIMARY KEY, b TEXT NOT NULL);\n\
         name,type,null,key,hidden\na,INTEGER,,key,\nb,TEXT,not null,,\n\
         current output mode: box --wrap 60 --wordwrap off --quote\n"
    );
    assert!(
        found
            .err
            .starts_with("Error: cannot write to /nonexistent/folder/out.txt: ")
    );
    assert_eq!(found.code, Some(1));
}

#[test]
fn results_go_into_files_and_commands() {
    let file = Scratch::absent("out.csv");
    let script = format!(
        ".mode csv\n.once {0}\nSELECT 1, 2;\nSELECT 3;\n.output {0}.all\nSELECT 4;\nSELECT 5;\n.output\nSELECT 6;\n",
        file.path()
    );
    assert_eq!(run_with(&[], &script), ok("3\r\n6\r\n"));
    assert_eq!(fs::read_to_string(file.path()).expect("written"), "1,2\r\n");
    let all = format!("{}.all", file.path());
    assert_eq!(fs::read_to_string(&all).expect("written"), "4\r\n5\r\n");
    fs::remove_file(all).expect("there");
    if cfg!(unix) {
        assert_eq!(
            run_with(&[], ".mode list\n.once |tr a-z A-Z\nSELECT 'x';\n"),
            ok("X\n")
        );
    }
}

#[test]
fn notes_stay_off_standard_output() {
    let timed = run_with(&["-o", "list"], ".timer on\nSELECT 1 a;\n");
    assert_eq!((timed.code, timed.out.as_str()), (Some(0), "a\n1\n"));
    assert!(timed.err.starts_with("Run Time: real 0."), "{}", timed.err);
}

#[test]
fn help_lists_every_command_once() {
    let help = run_with(&[], ".help\n");
    for name in [
        ".bail",
        ".cache",
        ".changes",
        ".connect",
        ".databases",
        ".echo",
        ".eqp",
        ".exit",
        ".explain",
        ".headers",
        ".help",
        ".mode",
        ".nullvalue",
        ".once",
        ".open",
        ".output",
        ".plan",
        ".print",
        ".quit",
        ".read",
        ".requests",
        ".schema",
        ".separator",
        ".show",
        ".status",
        ".tables",
        ".timer",
        ".width",
    ] {
        let lines = help.out.lines();
        assert_eq!(
            lines
                .filter(|line| line.split(' ').next() == Some(name))
                .count(),
            1,
            "{name}"
        );
    }
    assert_eq!(
        run_with(&[], ".help \\q\n"),
        ok(".quit\n   Leave.\n   Also: \\q\n")
    );
}
