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

/// A spreadsheet's file: a mark before UTF-8, quoted commas, a name twice, a short line.
const SHEET: &str = "\u{feff}mail,\"the, region\",n,n\nadele@contoso.com,\"North \"\"A\"\"\",007,x\nalex@contoso.com,Süd\n";

#[test]
fn a_csv_file_meets_the_tenant_in_one_query() {
    let sheet = Scratch::new("sheet.csv", SHEET);
    let script = format!(
        ".mode list
.import {} regions
SELECT *, typeof(n), n_2 IS NULL FROM regions;
SELECT r.\"the, region\", u.displayName FROM regions r JOIN Users u ON u.mail = r.mail ORDER BY 1;
.import --skip 1 {} regions
SELECT count(*) FROM regions;
",
        sheet.path(),
        sheet.path()
    );
    let found = run_with(&["--demo"], &script);
    assert_eq!(
        found.out,
        "adele@contoso.com|North \"A\"|007|x|text|0\nalex@contoso.com|Süd|||null|1\n\
         North \"A\"|Adele Vance\nSüd|Alex Wilber\n4\n"
    );
    assert!(found.err.contains("column 4 is named n_2"), "{}", found.err);
    assert!(
        found
            .err
            .contains(":3: expected 4 columns but found 2 - filling the rest with NULL"),
        "{}",
        found.err
    );
    assert!(found.err.contains("2 rows into regions"), "{}", found.err);
}

#[test]
fn an_import_is_whole_or_nothing() {
    let sheet = Scratch::new("twice.csv", "1\n2\n2\n");
    let latin = Scratch::new("latin.csv", "");
    fs::write(latin.path(), b"name\nok\nM\xfcller\n").expect("written");
    let script = format!(
        ".mode list
CREATE TABLE t(a UNIQUE);
.import {} t
SELECT count(*) FROM t;
.import {} names
SELECT count(*) FROM sqlite_schema WHERE name = 'names';
.import {} Contacts
.import nowhere.csv x
",
        sheet.path(),
        latin.path(),
        sheet.path()
    );
    let found = run_with(&["--demo"], &script);
    assert_eq!(found.out, "0\n0\n");
    for text in [
        "twice.csv:3: INSERT failed: UNIQUE constraint failed: t.a",
        "latin.csv:3: this is not UTF-8",
        "Contacts is a table of Microsoft 365",
        "nowhere.csv cannot be read",
    ] {
        assert!(found.err.contains(text), "{text}: {}", found.err);
    }
}

#[test]
fn two_columns_are_a_chart() {
    let script = ".chart SELECT 'a', 2 UNION ALL SELECT 'bb', 1
.chart spark SELECT 1, 1 UNION ALL SELECT 2, NULL UNION ALL SELECT 3, 8
.chart SELECT 1
.chart SELECT 1, 'x'
";
    let found = run_with(&[], script);
    let bar = "█".repeat(75);
    let half = format!("{}▌", "█".repeat(37));
    assert_eq!(
        found.out,
        format!("a  {bar} 2\nbb {half} 1\n1 ▁ █ 3   1 to 8\n")
    );
    assert!(
        found
            .err
            .contains("two columns, a label and a number, not 1"),
        "{}",
        found.err
    );
    assert!(
        found.err.contains("must be a number: x is not"),
        "{}",
        found.err
    );
}
