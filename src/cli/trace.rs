//! `--trace`: the requests of each statement on standard error.

use rusqlite::{Connection, Row};

/// Which requests were shown already.
pub struct Trace {
    on: bool,
    seen: i64,
}

impl Trace {
    /// Nothing shown yet.
    pub fn new(on: bool) -> Self {
        Self { on, seen: 0 }
    }

    /// Another database connection counts from the beginning.
    pub fn restart(&mut self) {
        self.seen = 0;
    }

    /// Switches it; what happened until now is not shown.
    pub fn switch(&mut self, on: bool, db: &Connection) {
        self.on = on;
        self.seen = db
            .query_row("SELECT max(seq) FROM o365_requests", [], |row| {
                row.get::<_, Option<i64>>(0)
            })
            .ok()
            .flatten()
            .unwrap_or_default();
    }

    /// Shows what is new.
    pub fn show(&mut self, db: &Connection) {
        const NEW: &str =
            "SELECT seq, method, url, status, rows, elapsed_ms, wait_ms, cache, attempts, error
            FROM o365_requests WHERE seq > ?1 ORDER BY seq";
        if !self.on {
            return;
        }
        let lines: rusqlite::Result<Vec<(i64, String)>> =
            db.prepare(NEW).and_then(|mut statement| {
                statement
                    .query_map([self.seen], |row| Ok((row.get(0)?, line(row)?)))?
                    .collect()
            });
        match lines {
            Ok(lines) => {
                for (seq, line) in lines {
                    self.seen = seq;
                    eprintln!("{line}");
                }
            }
            Err(error) => eprintln!("office365: the requests cannot be shown: {error}"),
        }
    }
}

/// `GET url → 200, 5 rows, 12 ms, miss`.
fn line(row: &Row<'_>) -> rusqlite::Result<String> {
    let method: String = row.get("method")?;
    let url: String = row.get("url")?;
    let mut facts = Vec::new();
    if let Some(status) = row.get::<_, Option<i64>>("status")? {
        facts.push(status.to_string());
    }
    if let Some(rows) = row.get::<_, Option<i64>>("rows")? {
        facts.push(format!("{rows} rows"));
    }
    if let Some(elapsed) = row.get::<_, Option<f64>>("elapsed_ms")? {
        facts.push(format!("{elapsed:.0} ms"));
    }
    if let Some(wait) = row
        .get::<_, Option<f64>>("wait_ms")?
        .filter(|wait| *wait > 0.0)
    {
        facts.push(format!("waited {wait:.0} ms"));
    }
    if let Some(cache) = row.get::<_, Option<String>>("cache")? {
        facts.push(format!("cache {cache}"));
    }
    if let Some(attempts) = row
        .get::<_, Option<i64>>("attempts")?
        .filter(|count| *count > 1)
    {
        facts.push(format!("{attempts} attempts"));
    }
    if let Some(error) = row.get::<_, Option<String>>("error")? {
        facts.push(error);
    }
    Ok(format!("{method} {url} → {}", facts.join(", ")))
}
