//! What the ledger keeps, lays over and remembers.

use super::*;

fn row(id: &str, name: &str) -> JsonRow {
    JsonRow::of("contact", json!({"id": id, "displayName": name}))
}

fn names(rows: &[JsonRow]) -> Vec<String> {
    let name = |row: &JsonRow| row.property("displayName").as_str().map(String::from);
    rows.iter().filter_map(name).collect()
}

#[test]
fn a_list_shows_what_was_written() {
    let mut ledger = Ledger::default();
    ledger.begin();
    let changed = json!({"displayName": "B2"});
    ledger.set("s", "b", changed.as_object().cloned().unwrap_or_default());
    ledger.delete("s", "c", "home");
    ledger.create("s", "d", "home", row("d", "D"));
    ledger.adopt("s", "a", "home", row("a", "A"));
    ledger.relocate("s", "a", "home", "other");
    let generated = || vec![row("a", "A"), row("b", "B"), row("c", "C")];
    let shelf = ledger.shelf("s");
    assert_eq!(names(&shelf.laid_over("home", generated())), ["B2", "D"]);
    assert_eq!(names(&shelf.laid_over("other", Vec::new())), ["A"]);
    assert_eq!(shelf.since(0).count(), 4);
    assert_eq!(shelf.since(1).count(), 0);
    assert_eq!(
        names(&ledger.shelf("else").laid_over("home", generated())).len(),
        3
    );
}

#[test]
fn a_clone_is_not_changed_with_the_original() {
    let mut ledger = Ledger::default();
    ledger.create("s", "a", "home", row("a", "A"));
    let before = ledger.clone();
    ledger.begin();
    ledger.delete("s", "a", "home");
    assert_eq!(before.shelf("s").at_home("home").count(), 1);
    assert_eq!(ledger.shelf("s").at_home("home").count(), 0);
    assert_eq!(ledger.now() - before.now(), SECOND);
}

#[test]
fn etag_and_change_key_change_together_with_each_write() {
    let generated = || {
        let mut row = JsonRow::of("contact", json!({"id": "a", "changeKey": "K"}));
        row.annotations.push(("@odata.etag", json!("W/\"K\"")));
        row
    };
    let mut ledger = Ledger::default();
    let mut seen = vec![generated().annotations()[0].1.clone()];
    for _ in 0..2 {
        ledger.begin();
        ledger.set("s", "a", Map::new());
        let row = ledger
            .shelf("s")
            .laid_over("home", vec![generated()])
            .remove(0);
        let etag = row.annotations()[0].1.clone();
        let key = row.property("changeKey");
        assert_eq!(etag, json!(format!("W/\"{}\"", key.as_str().unwrap_or(""))));
        assert!(!seen.contains(&etag));
        seen.push(etag);
    }
    ledger.create("s", "b", "home", generated());
    let row = ledger.shelf("s").laid_over("home", Vec::new()).remove(0);
    assert_eq!(row.annotations().len(), 1);
}

#[test]
fn the_past_is_as_it_was() {
    let mut ledger = Ledger::default();
    let mut seen = vec![ledger.clone()];
    let steps: [fn(&mut Ledger); 5] = [
        |ledger| ledger.create("s", "a", "home", row("a", "A")),
        |ledger| ledger.create("s", "b", "home", row("b", "B")),
        |ledger| {
            let changed = json!({"displayName": "A2"});
            ledger.set("s", "a", changed.as_object().cloned().unwrap_or_default());
            ledger.set("s", "a", Map::new());
        },
        |ledger| ledger.relocate("s", "a", "home", "other"),
        |ledger| ledger.delete("s", "b", "home"),
    ];
    for step in steps {
        ledger.begin();
        step(&mut ledger);
        seen.push(ledger.clone());
    }
    let shown = |ledger: &Ledger, home: &str| names(&ledger.shelf("s").laid_over(home, Vec::new()));
    for (revision, then) in seen.iter().enumerate() {
        let past = ledger.at(revision as u64);
        assert_eq!(past.writes(), then.writes());
        for home in ["home", "other"] {
            assert_eq!(
                shown(&past, home),
                shown(then, home),
                "{home} at {revision}"
            );
        }
        assert_eq!(past.shelf("s").all().count(), then.shelf("s").all().count());
    }
    assert_eq!(shown(&ledger.at(3), "home"), ["A2", "B"]);
}
