//! The insert mode: each row as an INSERT statement that reads it back.

use std::io::{self, Write};

use rusqlite::types::ValueRef;

use super::{Sheet, Style, cell};

/// `insert`: `INSERT INTO table VALUES(…);`, with the column names when names are shown.
pub fn insert(style: &Style, columns: Vec<String>) -> Box<dyn Sheet + '_> {
    let mut head = b"INSERT INTO ".to_vec();
    head.extend(name(&style.insert_table));
    if style.header {
        let names: Vec<Vec<u8>> = columns.iter().map(|column| name(column)).collect();
        head.push(b'(');
        head.extend(names.join(&b','));
        head.push(b')');
    }
    head.extend(b" VALUES(");
    Box::new(Insert { head })
}

struct Insert {
    head: Vec<u8>,
}

impl Sheet for Insert {
    fn row(&mut self, out: &mut dyn Write, row: &[ValueRef<'_>]) -> io::Result<()> {
        out.write_all(&self.head)?;
        for (index, value) in row.iter().enumerate() {
            if index > 0 {
                out.write_all(b",")?;
            }
            out.write_all(&literal(*value))?;
        }
        out.write_all(b");\n")
    }

    fn end(&mut self, _out: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn literal(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        // sqlite3 takes whole numbers through a 64-bit integer, which keeps every digit.
        ValueRef::Real(number) if number as i64 as f64 == number => {
            format!("{}.0", number as i64).into_bytes()
        }
        ValueRef::Text(bytes) => on_one_line(cell::c_string(bytes)),
        other => cell::literal(other),
    }
}

/// A text literal without line ends in it: `replace('a\nb','\n',char(10))`.
fn on_one_line(text: &[u8]) -> Vec<u8> {
    let mut inner = cell::quoted(text);
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (byte, spellings) in [(b'\r', ["\\r", "\\015"]), (b'\n', ["\\n", "\\012"])] {
        if !text.contains(&byte) {
            continue;
        }
        let stand_in = unused(text, spellings);
        let mut replaced = Vec::with_capacity(inner.len());
        for &each in &inner {
            if each == byte {
                replaced.extend(stand_in.as_bytes());
            } else {
                replaced.push(each);
            }
        }
        inner = replaced;
        before.extend(b"replace(");
        after.extend(format!(",'{stand_in}',char({byte}))").into_bytes());
    }
    [before, inner, after].concat()
}

/// A spelling that the text does not hold already.
fn unused(text: &[u8], spellings: [&str; 2]) -> String {
    let held = |spelling: &str| {
        text.windows(spelling.len())
            .any(|part| part == spelling.as_bytes())
    };
    let numbered = (0..).map(|number: u32| format!("({}{number})", spellings[0]));
    let plain = spellings.iter().map(|spelling| (*spelling).to_owned());
    plain
        .chain(numbered)
        .find(|spelling| !held(spelling))
        .unwrap_or_default()
}

/// A name, quoted where SQL needs it.
fn name(text: &str) -> Vec<u8> {
    let mut characters = text.bytes();
    let word = characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && characters.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let keyword = KEYWORDS
        .split(' ')
        .any(|keyword| keyword.eq_ignore_ascii_case(text));
    if word && !keyword {
        text.as_bytes().to_vec()
    } else {
        cell::double_quoted(text.as_bytes())
    }
}

/// SQLite's keywords, as `sqlite3_keyword_name` of 3.40.1 lists them.
pub const KEYWORDS: &str = "\
    ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE \
    BEGIN BETWEEN BY CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT \
    CREATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT \
    DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH ELSE END ESCAPE EXCEPT \
    EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL \
    GENERATED GLOB GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER \
    INSERT INSTEAD INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT MATCH MATERIALIZED \
    NATURAL NO NOT NOTHING NOTNULL NULL NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER \
    PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE RECURSIVE REFERENCES REGEXP \
    REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS SAVEPOINT \
    SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE \
    UPDATE USING VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT";
