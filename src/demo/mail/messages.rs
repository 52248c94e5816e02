//! Lists of messages: what they filter, sort and search, and in which order they come (FACTS 1.1, 2.2, 2.3).

use serde_json::Value;

use super::row::{MessageRow, View, misses};
use super::search;
use super::standing::Standing;
use super::{Place, attachments};
use crate::demo::call::Call;
use crate::demo::error::Answer;
use crate::demo::outlook::{self, BEGIN, EQ, INSTANT, PART, Rules, SAME, Source};
use crate::demo::page::{Condition, Rows};
use crate::demo::query::check::Action;
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;

/// The whitelist of FACTS 1.1.
pub const RULES: Rules = Rules {
    type_name: "message",
    filters: &[
        ("receivedDateTime", INSTANT),
        ("sentDateTime", INSTANT),
        ("createdDateTime", INSTANT),
        ("lastModifiedDateTime", INSTANT),
        ("isRead", SAME),
        ("isDraft", SAME),
        ("hasAttachments", SAME),
        ("importance", SAME),
        ("inferenceClassification", SAME),
        ("subject", PART),
        ("from/emailAddress/address", PART),
        ("sender/emailAddress/address", PART),
        ("from/emailAddress/name", BEGIN),
        ("sender/emailAddress/name", BEGIN),
        ("conversationId", EQ),
        ("internetMessageId", EQ),
        ("parentFolderId", EQ),
        ("categories", EQ),
        ("flag/flagStatus", EQ),
        // Accepted, and answered wrongly: see `misses`.
        ("body/content", &[Action::Contains]),
    ],
    sorts: &[
        "receivedDateTime",
        "sentDateTime",
        "createdDateTime",
        "lastModifiedDateTime",
        "isRead",
        "isDraft",
        "importance",
        "subject",
        "from/emailAddress/name",
        "from/emailAddress/address",
        "sender/emailAddress/name",
        "sender/emailAddress/address",
        "categories",
    ],
    hidden: &["uniqueBody", "internetMessageHeaders"],
    options: &[
        "$filter", "$select", "$orderby", "$search", "$expand", "$count", "$skip", "$top",
    ],
    pairing: true,
    ..Rules::BARE
};

/// How many items a filtered page looks at: rare rows come on pages that are short or empty, with a nextLink (FACTS 0.1 rule 8, 2.10).
const SCAN: usize = 1_000;

/// `messages`
pub fn list(call: &Call, place: Place, folder: Option<usize>, view: View) -> Answer<Reply> {
    let rows = Messages::new(place, folder, view);
    if call.query.search.is_some() {
        return search::search(call, &rows);
    }
    let also = |row: &dyn Row| in_search_folder(place, folder, row);
    let condition: Option<Condition> = if search_folder(place, folder).is_some() {
        Some(&also)
    } else {
        None
    };
    let expand = |row: &dyn Row, text: &str| expand(place, row, text);
    let source = Source {
        rows: &rows,
        resource: &resource(place, folder),
        shown: None,
        misses,
        also: condition,
        falls_by: Some("receivedDateTime"),
        scan: SCAN.max(rows.length() / 10),
        expand: &expand,
    };
    outlook::list(call, &RULES, &source)
}

/// `messages/$count`
pub fn count(call: &Call, place: Place, folder: Option<usize>, view: View) -> Answer<Reply> {
    let rows = Messages::new(place, folder, view);
    let also = |row: &dyn Row| in_search_folder(place, folder, row);
    let condition: Option<Condition> = if search_folder(place, folder).is_some() {
        Some(&also)
    } else {
        None
    };
    let source = Source {
        rows: &rows,
        resource: "",
        shown: None,
        misses,
        also: condition,
        falls_by: None,
        scan: 0,
        expand: &outlook::expands_nothing,
    };
    outlook::count_segment(call, &RULES, &source)
}

/// `messages/{id}`
pub fn single(call: &Call, place: Place, number: usize, view: View) -> Answer<Reply> {
    let row = MessageRow::new(place, number, view);
    outlook::single(call, &RULES, &resource(place, None), &row, &|row, text| {
        expand(place, row, text)
    })
}

/// `messages/{id}/$value`: MIME.
pub fn mime(place: Place, number: usize, view: View) -> Answer<Reply> {
    let row = MessageRow::new(place, number, View { body: None, ..view });
    let (kind, content) = row.body();
    let kind = if kind == "text" { "plain" } else { "html" };
    let line = |name: &str| {
        let value = row.property(name);
        value.as_str().unwrap_or_default().to_string()
    };
    let text = format!(
        "From: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: {}\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=\"utf-8\"\r\n\r\n{content}\r\n",
        addresses(&row.property("from")),
        addresses(&row.property("toRecipients")),
        line("subject"),
        line("internetMessageId"),
        line("receivedDateTime"),
    );
    Ok(Reply::bytes("text/plain", text.into_bytes()))
}

/// One recipient or several, as a header has them.
fn addresses(people: &Value) -> String {
    let one = |person: &Value| {
        let part = |name: &str| person["emailAddress"][name].as_str().unwrap_or_default();
        format!(
            "\"{}\" <{}>",
            part("name").replace('"', "'"),
            part("address")
        )
    };
    match people {
        Value::Array(all) => all.iter().map(one).collect::<Vec<_>>().join(", "),
        Value::Null => String::new(),
        person => one(person),
    }
}

/// Messages of a mailbox or folder, newest first.
pub struct Messages<'w> {
    /// The mailbox.
    pub place: Place<'w>,
    /// The folder; none for the whole mailbox.
    pub folder: Option<usize>,
    /// How they are shown.
    pub view: View,
    standing: Standing<'w>,
}

impl<'w> Messages<'w> {
    /// Those of a folder or of the whole mailbox. A search folder holds nothing itself: it shows what it finds of the others.
    pub fn new(place: Place<'w>, folder: Option<usize>, view: View) -> Messages<'w> {
        let own = folder.filter(|_| search_folder(place, folder).is_none());
        Messages {
            place,
            folder,
            view,
            standing: Standing::new(place, own),
        }
    }

    /// The message at a position.
    pub fn message(&self, position: usize) -> MessageRow<'w> {
        MessageRow::new(self.place, self.number(position), self.view)
    }

    /// The number of the message at a position.
    pub fn number(&self, position: usize) -> usize {
        self.standing.number(position)
    }

    /// True unless this is a search folder that does not find the message.
    pub fn shows(&self, position: usize) -> bool {
        search_folder(self.place, self.folder).is_none()
            || in_search_folder(self.place, self.folder, &self.message(position))
    }
}

impl Rows for Messages<'_> {
    fn length(&self) -> usize {
        self.standing.length()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(self.message(position))
    }
}

fn search_folder(place: Place, folder: Option<usize>) -> Option<&'static str> {
    place.search_folder(folder?)
}

/// A search folder shows the messages of other folders that its query finds.
fn in_search_folder(place: Place, folder: Option<usize>, row: &dyn Row) -> bool {
    search_folder(place, folder).is_none_or(|needle| {
        row.property("subject")
            .as_str()
            .is_some_and(|subject| subject.contains(needle))
    })
}

/// The relationships that messages expand.
pub fn expand(place: Place, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    match text.split('(').next().unwrap_or("") {
        "attachments" => attachments::expanded(place, row),
        // Extended properties come only by this way (FACTS 1.1); the demo tenant's messages have none.
        "singleValueExtendedProperties" | "multiValueExtendedProperties" => Ok(Vec::new()),
        _ => outlook::expands_nothing(row, text),
    }
}

/// What contexts call the collection.
pub fn resource(place: Place, folder: Option<usize>) -> String {
    let user = &place.owner().id;
    match folder {
        None => format!("users('{user}')/messages"),
        Some(folder) => format!(
            "users('{user}')/mailFolders('{}')/messages",
            place.folder_id(folder)
        ),
    }
}
