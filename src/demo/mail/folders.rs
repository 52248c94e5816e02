//! Mail folders: the tree, one level at a time (FACTS 1.1).

use serde_json::{Value, json};

use super::Place;
use super::row::{MessageRow, View};
use crate::demo::call::Call;
use crate::demo::delta::{Round, Service, rows};
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::{self, BEGIN, Rules, Source};
use crate::demo::page::Rows;
use crate::demo::query::check::Action;
use crate::demo::query::row::{Expand, JsonRow, Row, render};
use crate::demo::reply::Reply;
use crate::demo::world::ids::Form;
use crate::demo::world::mailbox::ROOT;
use crate::demo::world::message;
use crate::demo::write::ledger::Left;

/// Comparisons of whole numbers.
const NUMBER: &[Action] = &[
    Action::Eq,
    Action::Ne,
    Action::Gt,
    Action::Ge,
    Action::Lt,
    Action::Le,
];

const RULES: Rules = Rules {
    type_name: "mailFolder",
    filters: &[
        ("displayName", BEGIN),
        ("childFolderCount", NUMBER),
        ("totalItemCount", NUMBER),
        ("unreadItemCount", NUMBER),
    ],
    sorts: &[
        "displayName",
        "childFolderCount",
        "totalItemCount",
        "unreadItemCount",
    ],
    options: &[
        "$filter", "$select", "$orderby", "$expand", "$count", "$skip", "$top",
    ],
    ..Rules::BARE
};

/// The folders directly below one; hidden ones with `includeHiddenFolders=true` only.
pub fn list(call: &Call, place: Place, parent: usize) -> Answer<Reply> {
    let rows = children(call, place, parent);
    let resource = match parent {
        ROOT => format!("users('{}')/mailFolders", place.owner().id),
        _ => format!(
            "users('{}')/mailFolders('{}')/childFolders",
            place.owner().id,
            place.folder_id(parent)
        ),
    };
    let expand = |row: &dyn Row, text: &str| expand(place, row, text);
    outlook::list(call, &RULES, &source(&rows, &resource, &expand))
}

/// `mailFolders/$count`
pub fn count(call: &Call, place: Place, parent: usize) -> Answer<Reply> {
    outlook::count_segment(
        call,
        &RULES,
        &source(
            &children(call, place, parent),
            "",
            &outlook::expands_nothing,
        ),
    )
}

/// `mailFolders/{id}`
pub fn single(call: &Call, place: Place, folder: usize) -> Answer<Reply> {
    let resource = format!("users('{}')/mailFolders", place.owner().id);
    outlook::single(
        call,
        &RULES,
        &resource,
        &row(place, folder),
        &|row, text| expand(place, row, text),
    )
}

/// `mailFolders/delta`: all folders in one flat list, then those whose counts a write has changed (FACTS 6).
pub fn delta(call: &Call, place: Place) -> Answer<Reply> {
    let round = Round::of(call, Service::Outlook, &["$select"])?;
    let (call, place, since) = (&round.call, place.at(&round.call.ledger), round.since);
    let select = outlook::names(&RULES, call.query.select.as_deref())?;
    let shown = |folder: &usize| {
        place.node(*folder).is_some_and(|node| !node.hidden)
            && since.is_none_or(|since| touched(place, *folder, since))
    };
    let folders = place.folders().into_iter().filter(shown);
    let value = folders.map(|folder| {
        let row = row(place, folder);
        let mut item = render(&row, &select);
        item.insert("id".into(), row.property("id"));
        Value::Object(item)
    });
    let value = value.chain(removed(place, since)).collect();
    Ok(Reply::json(call.page(
        "Collection(mailFolder)",
        value,
        Some(round.link(None)),
    )))
}

/// The folders that went after a revision.
fn removed(place: Place, since: Option<u64>) -> impl Iterator<Item = Value> {
    let changes = since.map(|since| place.folder_changes().since(since));
    let gone = changes.into_iter().flatten();
    gone.filter(|(_, entry)| entry.deleted)
        .filter_map(move |(key, _)| {
            let id = place.folder_id(key.parse().ok()?);
            Some(rows::removed(&id, "deleted"))
        })
}

/// Has the folder, one below it or one that left it been written to after a revision, or a message in it, or one that left it? Search folders look everywhere.
fn touched(place: Place, folder: usize, since: u64) -> bool {
    let home = folder.to_string();
    let own = place.folder_changes().since(since).any(|(key, entry)| {
        let left = |left: &Left| *left.home == home && left.revision > since;
        key == home || entry.home.as_deref() == Some(&home) || entry.left.iter().any(left)
    });
    own || place.changes.since(since).any(|(key, entry)| {
        let left = |left: &Left| *left.home == home && left.revision > since;
        let lies = || key.parse().map(|number| place.folder_of(number));
        place.search_folder(folder).is_some()
            || entry.left.iter().any(left)
            || !entry.deleted && lies() == Ok(folder)
    })
}

struct Folders<'w> {
    place: Place<'w>,
    places: Vec<usize>,
}

impl Rows for Folders<'_> {
    fn length(&self) -> usize {
        self.places.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(row(self.place, self.places[position]))
    }
}

fn children<'w>(call: &Call, place: Place<'w>, parent: usize) -> Folders<'w> {
    let hidden = call
        .query
        .plain("includeHiddenFolders")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let mut places = place.children(parent, hidden);
    // By name, as the service lists them: "Archive" before "Inbox".
    places.sort_by_key(|folder| place.node(*folder).map(|node| node.name.to_lowercase()));
    Folders { place, places }
}

fn source<'s>(rows: &'s Folders, resource: &'s str, expand: Expand<'s>) -> Source<'s> {
    Source {
        expand,
        ..Source::plain(rows, resource)
    }
}

/// A folder as it is shown; the root for one that is not there.
pub fn row(place: Place, folder: usize) -> JsonRow {
    let Some(this) = place.node(folder) else {
        return row(place, ROOT);
    };
    let (total, unread) = counts(place, folder);
    let value = json!({
        "id": place.folder_id(folder),
        "displayName": this.name,
        "parentFolderId": place.folder_id(this.parent),
        "childFolderCount": place.children(folder, false).len(),
        "totalItemCount": total,
        "unreadItemCount": unread,
        "isHidden": this.hidden,
        "filterQuery": this.search.map(|needle| format!("contains(subject, '{needle}')")),
        "isSupported": true,
        "includeNestedFolders": true,
        "sourceFolderIds": [place.folder_id(ROOT)],
    });
    let type_name = if this.search.is_some() {
        "mailSearchFolder"
    } else {
        "mailFolder"
    };
    let mut row = crate::demo::directory::json_row(type_name, value);
    if this.search.is_some() {
        row.annotations
            .push(("@odata.type", json!("#microsoft.graph.mailSearchFolder")));
    }
    row
}

/// How many messages a folder shows now, and how many of them are unread: the generated count, corrected by each message that was written to.
fn counts(place: Place, folder: usize) -> (usize, usize) {
    let generated = place.mailbox.folders.get(folder);
    let (mut total, mut unread) = generated.map_or((0, 0), |this| {
        *this.counts.get_or_init(|| generated_counts(place, folder))
    });
    for number in place.changes.all().filter_map(|(key, _)| key.parse().ok()) {
        if let Some(read) = generated_in(place, folder, number) {
            total -= 1;
            unread -= usize::from(!read);
        }
        if let Some(read) = now_in(place, folder, number) {
            total += 1;
            unread += usize::from(!read);
        }
    }
    (total, unread)
}

/// Whether a message was read when it was generated, if the folder showed it then.
fn generated_in(place: Place, folder: usize, number: usize) -> Option<bool> {
    let mailbox = place.mailbox;
    if number >= mailbox.length() {
        return None;
    }
    let facts = message::facts(mailbox, place.users, number);
    let shown = match place.search_folder(folder) {
        None => mailbox.folder(number) == folder,
        Some(needle) => found(facts.subject.as_deref(), needle),
    };
    shown.then_some(facts.read)
}

/// Whether a message is read, if the folder shows it now.
fn now_in(place: Place, folder: usize, number: usize) -> Option<bool> {
    if !place.has(number) {
        return None;
    }
    let row = MessageRow::new(place, number, View::plain(Form::Mutable));
    let shown = match place.search_folder(folder) {
        None => place.folder_of(number) == folder,
        Some(needle) => found(row.property("subject").as_str(), needle),
    };
    shown.then(|| row.property("isRead") == true)
}

fn generated_counts(place: Place, folder: usize) -> (usize, usize) {
    let all = 0..place.mailbox.length();
    let own = place.mailbox.folder_length(folder);
    let search = place.search_folder(folder).is_some();
    let shown: Vec<bool> = if search {
        all.filter_map(|number| generated_in(place, folder, number))
            .collect()
    } else {
        (0..own)
            .map(|position| place.mailbox.newest_in(folder, position))
            .map(|number| message::facts(place.mailbox, place.users, number).read)
            .collect()
    };
    (shown.len(), shown.iter().filter(|read| !**read).count())
}

fn found(subject: Option<&str>, needle: &str) -> bool {
    subject.is_some_and(|subject| subject.contains(needle))
}

/// `$expand=childFolders`: one level, as far as documented.
fn expand(place: Place, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    if text.split('(').next() != Some("childFolders") {
        return Err(Fault::new(
            400,
            "ExpandNotSupported",
            format!("Expand is not allowed for property '{text}' according to the entity schema."),
        ));
    }
    let id = row.property("id");
    let Some(folder) = id.as_str().and_then(|id| place.folder(id).ok()) else {
        return Ok(Vec::new());
    };
    let names = outlook::names(&RULES, None)?;
    let below = place
        .children(folder, false)
        .into_iter()
        .map(|child| Value::Object(render(&self::row(place, child), &names)));
    Ok(vec![("childFolders".to_string(), below.collect())])
}
