//! Output modes: byte for byte what the sqlite3 3.40.1 shell writes, where both have the mode; exact
//! texts for the modes that are ours.

use std::io::Write;
use std::process::{Command, Stdio};

/// The shell that is the reference; without it there is nothing to compare with.
fn reference() -> Option<&'static str> {
    const SHELL: &str = "/usr/bin/sqlite3";
    let version = Command::new(SHELL).arg("--version").output().ok()?;
    let found = String::from_utf8_lossy(&version.stdout).into_owned();
    if found.starts_with("3.40.1 ") {
        return Some(SHELL);
    }
    eprintln!("not compared: {SHELL} is {found}");
    None
}

fn run(program: &str, arguments: &[&str], input: &str) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin.write_all(input.as_bytes()).expect("reads its input");
    drop(stdin);
    child.wait_with_output().expect("ends").stdout
}

fn ours(arguments: &[&str], input: &str) -> String {
    let output = run(env!("CARGO_BIN_EXE_office365"), arguments, input);
    String::from_utf8(output).expect("UTF-8")
}

const MODES: &[&str] = &[
    "list",
    "csv",
    "tabs",
    "ascii",
    "tcl",
    "quote",
    "insert",
    "insert foo",
    "insert \"sel ect\"",
    "insert order",
    "json",
    "line",
    "html",
    "column",
    "table",
    "box",
    "markdown",
    "qbox",
    "table --wrap 10",
    "table --quote",
    "box --ww --wrap 20",
    "box --wrap 0",
    "column --wrap 12 --wordwrap on",
    "markdown --wrap 8",
];

const STATEMENTS: &str = r#"
SELECT NULL a, x'00ff' b, 'x' c;
SELECT 1 WHERE 0;
SELECT 1 a, 2 a, 3 "a b", 4 "it's", 5 "say ""hi""";
SELECT 1 AS "select", 2 AS "a
b", 3 AS "", 4 AS _ok, 5 AS "9x";
SELECT '日本語' a, 'é' || char(769) b, '👩‍👩‍👧' c, 'naïve' "ü";
SELECT 'it''s' a, 'say "hi"' b, 'a,b|c' c, char(9)||'tab' d, 'line1'||char(10)||'line2' e,
       'cr'||char(13)||char(10)||'lf' f, '' g;
SELECT 9223372036854775807 a, -9223372036854775808 b, 0 c, -1 d;
SELECT 1e300 a, 0.1+0.2 b, -0.0 c, 1e-300 d, 9e999 e, -9e999 f, 1.0 g, 1e15 h, 123456789012345678.0 i,
       1e20 j, 5e-324 k, 1.7976931348623157e308 l, 0.0001 m, 0.00001 n, 999999999999999.9 o;
SELECT '<b>&"''>' html, 'back\slash' b, '\n' c, 'x'||char(1)||'y' d, char(127) e;
SELECT x'' a, x'0102' b, CAST(x'6869' AS BLOB) c, x'e29c93' d;
SELECT 'a'||char(0)||'b' a, 'c' b;
VALUES (1, 'x'), (2, 'yy'), (3, NULL);
SELECT 'long '||replace(hex(zeroblob(60)), '0', 'w') a,
       'the quick brown fox jumps over the lazy dog again and again until it wraps somewhere nice' b;
SELECT 'a'||char(9)||'b'||char(9)||'c' a, char(9) b, 'trail'||char(10) c, char(10)||'lead' d,
       char(10)||char(10) e;
SELECT 'a\nb'||char(10) a, 'x\n\012'||char(10) b, char(13)||'x'||char(10) c;
WITH RECURSIVE c(i) AS (VALUES (1) UNION ALL SELECT i+1 FROM c WHERE i < 5)
  SELECT i, i*1.5 r, 'row '||i t FROM c;
CREATE TABLE t(a); INSERT INTO t VALUES (1), (2);
SELECT * FROM t; SELECT count(*) n FROM t;
EXPLAIN QUERY PLAN SELECT * FROM t a, t b ORDER BY 1;
"#;

#[test]
fn every_shared_mode_writes_the_same_bytes_as_sqlite3() {
    let Some(reference) = reference() else { return };
    for mode in MODES {
        for headers in ["", ".headers on\n", ".headers off\n"] {
            for style in [
                "",
                ".nullvalue NULL\n",
                ".width 5 -8 0 3\n",
                ".separator ; \"\\n--\\n\"\n",
            ] {
                let script = format!(".mode {mode}\n{headers}{style}{STATEMENTS}");
                let expected = run(reference, &[], &script);
                let found = run(env!("CARGO_BIN_EXE_office365"), &[], &script);
                assert!(
                    expected == found,
                    ".mode {mode} {headers}{style}\n{}\n{}",
                    String::from_utf8_lossy(&expected),
                    String::from_utf8_lossy(&found)
                );
            }
        }
    }
}

#[test]
fn the_output_flag_is_sqlite3s_flag_with_names() {
    let Some(reference) = reference() else { return };
    for mode in [
        "ascii", "box", "column", "csv", "html", "json", "line", "list", "markdown", "quote",
        "table", "tabs",
    ] {
        let flag = format!("-{mode}");
        let expected = run(reference, &["-header", &flag, ":memory:"], STATEMENTS);
        let found = run(env!("CARGO_BIN_EXE_office365"), &["-o", mode], STATEMENTS);
        assert!(
            expected == found,
            "-o {mode}\n{}\n{}",
            String::from_utf8_lossy(&expected),
            String::from_utf8_lossy(&found)
        );
    }
}

/// 5,000 numbers of every size, made from their rank so that a failure can be repeated.
#[test]
fn numbers_have_the_digits_of_sqlite3() {
    let Some(reference) = reference() else { return };
    let numbers = "WITH RECURSIVE c(i, r) AS (
        VALUES (1, 0.7) UNION ALL SELECT i+1, r * 1.9 + 1.0/i - i FROM c WHERE i < 1000)
        SELECT r, r / 1e9, r * 0.001, 1.0 / r, CAST(r AS INTEGER) * 1.0 FROM c;";
    for mode in ["list", "quote", "json", "insert t"] {
        let script = format!(".mode {mode}\n{numbers}\n");
        let expected = run(reference, &[], &script);
        let found = run(env!("CARGO_BIN_EXE_office365"), &[], &script);
        let expected = String::from_utf8(expected).expect("UTF-8");
        let found = String::from_utf8(found).expect("UTF-8");
        for (expected, found) in expected.lines().zip(found.lines()) {
            assert_eq!(expected, found, "{mode}");
        }
        assert_eq!(expected.lines().count(), found.lines().count());
    }
}

#[test]
fn table_is_the_mode_of_pipes() {
    let table = "+---+------+\n| a |  b   |\n+---+------+\n| 1 | text |\n+---+------+\n";
    assert_eq!(ours(&["SELECT 1 a, 'text' b"], ""), table);
    assert_eq!(ours(&[], "SELECT 1 a, 'text' b;"), table);
}

#[test]
fn names_can_be_left_out_of_every_mode() {
    let sql = "SELECT 1 a, 'x' b";
    assert_eq!(
        ours(&["--no-header", sql], ""),
        "+---+---+\n| 1 | x |\n+---+---+\n"
    );
    assert_eq!(ours(&["--no-header", "-o", "csv", sql], ""), "1,x\n");
    assert_eq!(ours(&["-o", "csv", sql], ""), "a,b\n1,x\n");
}

#[test]
fn jsonl_is_one_valid_object_per_line() {
    let sql = "SELECT 1 a, 'x' || char(10) b, NULL c, x'00ff' d, 0.1 e, 1.0 f
               UNION ALL SELECT 2, 'é', 9e999, x'', -0.5, 1e300";
    assert_eq!(
        ours(&["-o", "jsonl", sql], ""),
        "{\"a\":1,\"b\":\"x\\n\",\"c\":null,\"d\":\"AP8=\",\"e\":0.1,\"f\":1.0}\n\
         {\"a\":2,\"b\":\"é\",\"c\":null,\"d\":\"\",\"e\":-0.5,\"f\":1e300}\n"
    );
}

#[test]
fn tsv_quotes_only_what_it_must() {
    let sql = "SELECT 'a b' a, 'tab'||char(9) b, 'say \"hi\"' c, '' d, NULL e, 'x,y' f";
    assert_eq!(
        ours(&["-o", "tsv", sql], ""),
        "a\tb\tc\td\te\tf\na b\t\"tab\t\"\t\"say \"\"hi\"\"\"\t\"\"\t\tx,y\n"
    );
}

#[test]
fn none_runs_and_writes_nothing() {
    assert_eq!(ours(&["-o", "none", "SELECT 1; SELECT 2"], ""), "");
}

#[test]
fn an_import_reads_what_sqlite3_reads() {
    let Some(reference) = reference() else { return };
    let text = "a,b,c\n1,\"x, \"\"y\"\"\",007\n,\"two\nlines\",1e3\n\"\", space ,9223372036854775808\n5,6,7";
    let file = std::env::temp_dir().join(format!("office365-import-{}.csv", std::process::id()));
    std::fs::write(&file, text).expect("the temporary folder can be written");
    let script = format!(
        ".mode csv\n.import {} t\n.mode quote\n.headers on\nSELECT *, typeof(a), typeof(c) FROM t;\n.schema t\n",
        file.display()
    );
    let expected = run(reference, &[], &script);
    let found = run(env!("CARGO_BIN_EXE_office365"), &[], &script);
    std::fs::remove_file(&file).expect("just made");
    assert_eq!(
        String::from_utf8_lossy(&found),
        String::from_utf8_lossy(&expected)
    );
}

#[test]
fn parameters_are_those_of_sqlite3() {
    let Some(reference) = reference() else { return };
    let script = "
.parameter list
SELECT ?1, :a;
.parameter set :a \"'it''s'\"
.parameter set @b 1+1
.parameter set $c hello
.parameter set ?1 x'00ff'
.parameter set ?2 \"now then\"
.parameter list
.mode quote
SELECT ?1, :a, @b, $c, ?2, :none;
SELECT typeof(@b) FROM sqlite_parameters WHERE key = '@b';
.parameter unset :a
SELECT :a, @b;
.parameter clear
SELECT @b;
";
    let expected = run(reference, &[], script);
    let found = run(
        env!("CARGO_BIN_EXE_office365"),
        &["-o", "list", "--no-header"],
        script,
    );
    assert_eq!(
        String::from_utf8_lossy(&found),
        String::from_utf8_lossy(&expected)
    );
}

#[test]
fn a_dump_is_that_of_sqlite3() {
    let Some(reference) = reference() else { return };
    let script = "CREATE TABLE t(a, b text);
INSERT INTO t VALUES (1, 'x''y'), (2.5, NULL), (x'00ff', 'l1' || char(10) || 'l2'), (1e300, 'é');
CREATE INDEX i ON t(a);
CREATE TABLE \"sel ect\"(x integer primary key autoincrement);
INSERT INTO \"sel ect\" VALUES (7);
CREATE VIEW v AS SELECT * FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE f USING rtree(id, x0, x1);
ANALYZE t;
.dump
.dump t
.indexes
.indexes t
.indexes nothing
";
    let expected = run(reference, &[], script);
    let found = run(env!("CARGO_BIN_EXE_office365"), &[], script);
    assert_eq!(
        String::from_utf8_lossy(&found),
        String::from_utf8_lossy(&expected)
    );
}
