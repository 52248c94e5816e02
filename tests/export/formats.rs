//! What the files hold: rows, values, types, folders.

use std::collections::BTreeSet;
use std::fs::{self, File};

use parquet::basic::{LogicalType, TimeUnit, Type as Physical};
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::reading::{Folder, Row};
use crate::support::connect;
use crate::{exported, live_rows, same};

const FORMATS: [&str; 3] = ["parquet", "csv", "jsonl"];

/// A table of each owner, and how its live rows are asked for.
const TABLES: &[(&str, &str)] = &[
    ("Users", "true"),
    ("GroupMembers", "GroupId IN (SELECT id FROM Groups)"),
    ("Messages", "UserId = 'me'"),
    ("Events", "UserId = 'me'"),
    ("Files", "UserId = 'me'"),
    ("SubscribedSkus", "true"),
    ("MailFolders", "UserId = 'me'"),
];

#[test]
fn every_format_has_the_rows_of_the_live_tables() {
    let live = connect("Demo=true");
    let names: Vec<&str> = TABLES.iter().map(|(name, _)| *name).collect();
    for format in FORMATS {
        let folder = Folder::new(format);
        let run = exported(&folder, &[&["--format", format], &names[..]].concat());
        for (name, condition) in TABLES {
            let rows = folder.rows(name);
            let expected = live_rows(&live, name, condition, format);
            assert!(expected.len() > 7, "{name}");
            same(&rows, &expected, &format!("{name} as {format}"));
            assert!(
                run.err.contains(&format!("{} rows in 1 files", rows.len())),
                "{}",
                run.err
            );
        }
        assert!(run.err.contains("7 files, "), "{}", run.err);
    }
}

#[test]
fn no_table_named_means_the_usual_ones() {
    let folder = Folder::new("usual");
    exported(&folder, &["--format", "csv", "-q"]);
    for name in office365::sync::USUAL {
        assert_eq!(folder.files(name).len(), 1, "{name}");
    }
}

/// NULL, an empty text, quotes, ends of lines, letters of all kinds, the largest numbers and a huge body are the
/// same behind each format.
#[test]
fn odd_values_survive() {
    let sql = "SELECT 1 AS n, 'x' AS t, 1.5 AS r, x'00ff' AS b UNION ALL
               SELECT 9223372036854775807, '', -1e300, x'' UNION ALL
               SELECT -9223372036854775808, NULL, NULL, NULL UNION ALL
               SELECT NULL, 'a \"quoted\", text' || char(13, 10) || 'of two lines ', 0.1, x'0a' UNION ALL
               SELECT 0, char(228, 128512, 8232, 9, 92, 1) || '%__', 2.0, x'22' UNION ALL
               SELECT 2, replace(hex(zeroblob(1000000)), '0', char(233)), 3.0, x'2c'";
    for format in FORMATS {
        let folder = Folder::new(&format!("odd-{format}"));
        exported(&folder, &[sql, "--format", format, "--name", "odd"]);
        let mut rows = folder.rows("odd");
        rows.sort_by_key(|row| row.get("n").and_then(|n| n.parse::<i64>().ok()));
        let get = |row: usize, name: &str| rows[row].get(name).map(String::as_str);
        let numbers: Vec<Option<&str>> = (0..6).map(|row| get(row, "n")).collect();
        assert_eq!(
            numbers,
            [
                None,
                Some("-9223372036854775808"),
                Some("0"),
                Some("1"),
                Some("2"),
                Some("9223372036854775807")
            ]
        );
        assert_eq!(get(0, "t"), Some("a \"quoted\", text\r\nof two lines "));
        assert_eq!((get(1, "t"), get(1, "r"), get(1, "b")), (None, None, None));
        assert_eq!(get(2, "t"), Some("\u{e4}\u{1f600}\u{2028}\t\\\u{1}%__"));
        assert_eq!(get(4, "t"), Some("\u{e9}".repeat(2_000_000).as_str()));
        assert_eq!(get(5, "t"), Some(""), "{format}: empty is not NULL");
        let real = |row: usize| get(row, "r").map(|text| text.parse::<f64>().expect("a number"));
        assert_eq!(
            (real(0), real(2), real(5)),
            (Some(0.1), Some(2.0), Some(-1e300))
        );
        let bytes = match format {
            "parquet" => "[00, ff]",
            _ => "AP8=",
        };
        assert_eq!(get(3, "b"), Some(bytes));
    }
}

#[test]
fn json_stays_json_and_truth_is_a_word() {
    let folder = Folder::new("json");
    exported(&folder, &["Messages", "--format", "jsonl"]);
    let text = fs::read_to_string(&folder.files("Messages")[0]).expect("UTF-8");
    let first: serde_json::Value =
        serde_json::from_str(text.lines().next().expect("a line")).expect("an object");
    assert!(first["isRead"].is_boolean(), "{first}");
    assert!(first["toRecipients"].is_array(), "{first}");
    let received = first["receivedDateTime"].as_str().expect("a text");
    assert!(
        received.ends_with('Z') && received.contains('T'),
        "{received}"
    );
}

/// What a file of a table says that a column is.
fn types(folder: &Folder, name: &str, columns: &[&str]) -> Vec<(Physical, Option<LogicalType>)> {
    let file = File::open(&folder.files(name)[0]).expect("a file");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    columns
        .iter()
        .map(|name| {
            let column = schema
                .columns()
                .iter()
                .find(|column| column.name() == *name)
                .unwrap_or_else(|| panic!("no column {name}"));
            assert_eq!(column.max_def_level(), 1, "{name} is optional");
            (column.physical_type(), column.logical_type_ref().cloned())
        })
        .collect()
}

#[test]
fn parquet_has_the_declared_types() {
    let folder = Folder::new("types");
    exported(
        &folder,
        &["Messages", "Events", "Files", "--format", "parquet"],
    );
    let instant = Some(LogicalType::timestamp(true, TimeUnit::MICROS));
    assert_eq!(
        types(
            &folder,
            "Messages",
            &["subject", "isRead", "receivedDateTime", "toRecipients"]
        ),
        [
            (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            (Physical::BOOLEAN, None),
            (Physical::INT64, instant.clone()),
            (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ]
    );
    assert_eq!(
        types(
            &folder,
            "Events",
            &["start_dateTime", "recurrence_range_startDate"]
        ),
        [
            (Physical::INT64, instant),
            (Physical::INT32, Some(LogicalType::Date)),
        ]
    );
    assert_eq!(
        types(&folder, "Files", &["size"]),
        [(Physical::INT64, None)]
    );
}

/// Types of a statement come from the columns that it takes, from CAST, and from its first rows.
#[test]
fn parquet_of_a_statement_has_types_as_well() {
    let folder = Folder::new("statement");
    let sql = "SELECT receivedDateTime, isRead, length(subject) AS letters, length(subject) / 2.0 AS half,
               upper(subject) AS shout, CAST(NULL AS INTEGER) AS missing, NULL AS void
               FROM Messages WHERE UserId = :mailbox";
    let run = exported(&folder, &[sql, "--format", "parquet", "--name", "shape"]);
    assert!(run.err.contains("shape of me: 1200 rows"), "{}", run.err);
    let columns = [
        "receivedDateTime",
        "isRead",
        "letters",
        "half",
        "shout",
        "missing",
        "void",
    ];
    let physical: Vec<Physical> = types(&folder, "shape", &columns)
        .into_iter()
        .map(|(physical, _)| physical)
        .collect();
    assert_eq!(
        physical,
        [
            Physical::INT64,
            Physical::BOOLEAN,
            Physical::INT64,
            Physical::DOUBLE,
            Physical::BYTE_ARRAY,
            Physical::INT64,
            Physical::BYTE_ARRAY,
        ]
    );
}

#[test]
fn a_value_that_does_not_fit_is_told_with_what_to_do() {
    let folder = Folder::new("unfit");
    let sql = "SELECT 1 AS n UNION ALL SELECT 'many'";
    let run = crate::export(&folder, &[sql, "--format", "parquet"]);
    assert_eq!(run.code, Some(6), "{}", run.err);
    assert!(
        run.err.contains(
            "the column n holds values of the type integer, and a text of 4 bytes is none"
        ) && run.err.contains("CAST(n AS TEXT) AS n"),
        "{}",
        run.err
    );
    assert_eq!(folder.files("query").len(), 0);
    // Nothing was finished, so that the folder may be used for what was meant.
    let sql = "SELECT CAST(n AS TEXT) AS n FROM (SELECT 1 AS n UNION ALL SELECT 'many')";
    exported(&folder, &[sql, "--format", "parquet"]);
    let texts: Vec<String> = folder
        .rows("query")
        .into_iter()
        .map(|row| row["n"].clone())
        .collect();
    assert_eq!(texts, ["1", "many"]);
}

/// More rows than are held at once: several row groups, whose types the first one decided.
#[test]
fn many_rows_are_several_groups() {
    const COUNT: &str =
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 120000)";
    let folder = Folder::new("groups");
    let sql = format!("{COUNT} SELECT n, n % 7 AS day FROM c");
    exported(&folder, &[&sql, "--format", "parquet"]);
    let file = File::open(&folder.files("query")[0]).expect("a file");
    let reader = SerializedFileReader::new(file).expect("Parquet");
    let groups: Vec<i64> = reader
        .metadata()
        .row_groups()
        .iter()
        .map(parquet::file::metadata::RowGroupMetaData::num_rows)
        .collect();
    assert_eq!(groups, [100_000, 20_000]);
    let mut numbers: Vec<u32> = folder
        .rows("query")
        .iter()
        .map(|row| row["n"].parse().expect("a number"))
        .collect();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(1..=120_000));
    let sql = format!("{COUNT} SELECT iif(n = 110000, 'x', n) AS n FROM c");
    let run = crate::export(&folder, &[&sql, "--format", "parquet", "--name", "late"]);
    assert_eq!(run.code, Some(6), "{}", run.err);
    assert!(
        run.err.contains("a text of 1 bytes is none") && run.err.contains("CAST(n AS TEXT)"),
        "{}",
        run.err
    );
    assert_eq!(folder.files("late").len(), 0);
}

#[test]
fn folders_divide_and_lose_nothing() {
    let live = connect("Demo=true");
    for format in ["parquet", "csv"] {
        let folder = Folder::new(&format!("folders-{format}"));
        exported(
            &folder,
            &[
                "Messages",
                "Users",
                "--format",
                format,
                "--partition-by",
                "UserId,month",
            ],
        );
        let expected = live_rows(&live, "Messages", "UserId = 'me'", format);
        let rows = folder.rows("Messages");
        let months: BTreeSet<&str> = rows.iter().map(|row| row["month"].as_str()).collect();
        assert!(months.len() > 2, "{months:?}");
        let without: Vec<Row> = rows
            .iter()
            .map(|row| {
                assert_eq!(row["month"], row["receivedDateTime"][..7]);
                let mut row = row.clone();
                row.remove("month");
                row
            })
            .collect();
        let mut without = without;
        without.sort();
        same(&without, &expected, format);
        for file in folder.files("Messages") {
            let path = file.to_str().expect("UTF-8");
            assert!(path.contains("/Messages/UserId=me/month=20"), "{path}");
        }
        // Users have no UserId, but a month.
        assert!(
            folder.files("Users")[0]
                .to_str()
                .expect("UTF-8")
                .contains("/Users/month=")
        );
    }
}

#[test]
fn odd_names_of_folders_are_hives() {
    let folder = Folder::new("odd-folders");
    let sql =
        "SELECT 'a/b=c%' AS k, 1 AS n UNION ALL SELECT NULL, 2 UNION ALL SELECT '', 3 UNION ALL
               SELECT 'caf\u{e9} 1:2', 4";
    exported(
        &folder,
        &[sql, "--format", "parquet", "--partition-by", "k"],
    );
    let rows = folder.rows("query");
    let of = |n: &str| {
        let row = rows.iter().find(|row| row["n"] == n).expect("a row");
        row.get("k").map(String::as_str)
    };
    assert_eq!(
        (of("1"), of("2"), of("3"), of("4")),
        (Some("a/b=c%"), None, None, Some("caf\u{e9} 1:2"))
    );
    let names: BTreeSet<String> = fs::read_dir(folder.0.join("query"))
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    let expected = [
        "k=__HIVE_DEFAULT_PARTITION__",
        "k=a%2Fb%3Dc%25",
        "k=caf\u{e9} 1%3A2",
    ];
    assert!(names.iter().eq(expected.iter()), "{names:?}");
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("private");
    exported(
        &folder,
        &["Users", "--format", "csv", "--partition-by", "year"],
    );
    let mut all = folder.files("Users");
    all.extend(folder.files("_office365"));
    assert!(all.len() >= 5, "{all:?}");
    for path in all.iter().flat_map(|file| {
        file.ancestors()
            .take_while(|path| path.starts_with(&folder.0))
    }) {
        let mode = fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is its owner's", path.display());
    }
}
