//! What a round shows of things that it has before and after: new ones whole, of changed ones what changed, and who is gone.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// A thing as it is shown.
pub type Shown = Map<String, Value>;

/// The lines of a round: what is there now, then what is not there any more. `reason` says why a thing is gone.
pub fn lines(
    before: Option<Vec<Shown>>,
    now: Vec<Shown>,
    reason: &dyn Fn(&str) -> &'static str,
) -> Vec<Option<Value>> {
    let before = before.unwrap_or_default();
    let old: HashMap<&str, &Shown> = before.iter().map(|row| (id(row), row)).collect();
    let gone = before.iter().map(id).filter(|id| !is_there(&now, id));
    let gone: Vec<Value> = gone.map(|id| removed(id, reason(id))).collect();
    let news = now.into_iter().filter_map(|row| {
        let old = old.get(id(&row)).copied();
        news(old, row).map(Value::Object)
    });
    news.chain(gone).map(Some).collect()
}

/// What a round tells of one thing; nothing if it is what it was. FACTS promises the id and what changed, no more, so that nobody may take what is absent for null.
pub fn news(old: Option<&Shown>, mut new: Shown) -> Option<Shown> {
    let Some(old) = old else {
        return Some(new);
    };
    if *old == new {
        return None;
    }
    new.retain(|name, value| name == "id" || name.starts_with('@') || old.get(name) != Some(value));
    Some(new)
}

/// The line of a thing that is gone.
pub fn removed(id: &str, reason: &str) -> Value {
    json!({"id": id, "@removed": {"reason": reason}})
}

fn is_there(rows: &[Shown], wanted: &str) -> bool {
    rows.iter().any(|row| id(row) == wanted)
}

/// The id of a row.
pub fn id(row: &Shown) -> &str {
    row.get("id").and_then(Value::as_str).unwrap_or_default()
}
