//! EXPLAIN QUERY PLAN drawn as a tree, as the sqlite3 shell draws it.

use std::io::{self, Write};

use rusqlite::{Connection, Statement};

/// Writes the tree of an EXPLAIN QUERY PLAN statement.
pub fn write(
    statement: &mut Statement<'_>,
    out: &mut dyn Write,
) -> Result<(), super::statements::Ended> {
    let steps: Vec<Step> = statement
        .query_map([], |row| {
            Ok(Step {
                id: row.get(0)?,
                parent: row.get(1)?,
                detail: row.get(3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    if steps.is_empty() {
        return Ok(());
    }
    writeln!(out, "QUERY PLAN")?;
    Ok(branch(&steps, 0, "", out)?)
}

/// Writes the plan of a statement that is about to run.
pub fn before(
    db: &Connection,
    statement: &Statement<'_>,
    out: &mut dyn Write,
) -> Result<(), super::statements::Ended> {
    let Some(sql) = statement.expanded_sql() else {
        return Ok(());
    };
    let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
    write(&mut explain, out)
}

struct Step {
    id: i64,
    parent: i64,
    detail: String,
}

/// The detail without what our tables add for themselves behind a separator.
fn readable(detail: &str) -> &str {
    match detail.split_once(" || {") {
        Some((readable, _)) if detail.contains("VIRTUAL TABLE INDEX") => readable,
        _ => detail,
    }
}

fn branch(steps: &[Step], parent: i64, indent: &str, out: &mut dyn Write) -> io::Result<()> {
    let children: Vec<&Step> = steps.iter().filter(|step| step.parent == parent).collect();
    for (index, step) in children.iter().enumerate() {
        let last = index + 1 == children.len();
        let (joint, below) = if last { ("`--", "   ") } else { ("|--", "|  ") };
        writeln!(out, "{indent}{joint}{}", readable(&step.detail))?;
        branch(steps, step.id, &format!("{indent}{below}"), out)?;
    }
    Ok(())
}
