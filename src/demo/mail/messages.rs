//! Lists of messages: what they filter, sort and search, and in which order they come (FACTS 1.1, 2.2, 2.3).

use serde_json::{Map, Value, json};

use super::Place;
use super::attachments;
use super::row::{MessageRow, View, misses};
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::{self, BEGIN, EQ, INSTANT, PART, Rules, SAME, Source};
use crate::demo::page::{Condition, Rows};
use crate::demo::query::check::Action;
use crate::demo::query::filter::Expr;
use crate::demo::query::kql::{self, Kql};
use crate::demo::query::row::{Row, render};
use crate::demo::query::select::context_suffix;
use crate::demo::reply::Reply;
use crate::demo::time;

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
    max: 1_000,
    options: &[
        "$filter", "$select", "$orderby", "$search", "$expand", "$count", "$skip", "$top",
    ],
    pairing: true,
};

/// FACTS 2.3.
const MAX_HITS: usize = 1_000;
/// How many items a filtered page looks at: rare rows come on pages that are short or empty, with a nextLink (FACTS 0.1 rule 8, 2.10).
const SCAN: usize = 1_000;

/// `messages`
pub fn list(call: &Call, place: Place, folder: Option<usize>, view: View) -> Answer<Reply> {
    let rows = Messages {
        place,
        folder,
        view,
    };
    if call.query.search.is_some() {
        return search(call, &rows);
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
        backwards_with_filter: true,
        scan: SCAN.max(rows.length() / 10),
        expand: &expand,
    };
    outlook::list(call, &RULES, &source)
}

/// `messages/$count`
pub fn count(call: &Call, place: Place, folder: Option<usize>, view: View) -> Answer<Reply> {
    let rows = Messages {
        place,
        folder,
        view,
    };
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
        backwards_with_filter: false,
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
    let address =
        |person: &(String, String)| format!("\"{}\" <{}>", person.0.replace('"', "'"), person.1);
    let to: Vec<String> = row.facts.recipients[0].iter().map(address).collect();
    let (kind, content) = row.body();
    let kind = if kind == "text" { "plain" } else { "html" };
    let from = row.facts.from.as_ref().map(address).unwrap_or_default();
    let subject = row.facts.subject.as_deref().unwrap_or("");
    let id = row.property("internetMessageId");
    let text = format!(
        "From: {from}\r\nTo: {}\r\nSubject: {subject}\r\nMessage-ID: {}\r\nDate: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/{kind}; charset=\"utf-8\"\r\n\r\n{content}\r\n",
        to.join(", "),
        id.as_str().unwrap_or_default(),
        time::show(row.facts.received)
    );
    Ok(Reply::bytes("text/plain", text.into_bytes()))
}

/// `mailFolders/{id}/messages/delta`: everything once, then a link that has nothing more, for a world that never changes (FACTS 6).
pub fn delta(call: &Call, place: Place, folder: usize, view: View) -> Answer<Reply> {
    outlook::only(
        &call.query,
        &[
            "$select",
            "$top",
            "$expand",
            "$filter",
            "$orderby",
            "$skiptoken",
            "$deltatoken",
        ],
    )?;
    let filter = outlook::filter(&call.query, &RULES)?;
    let good_filter = filter.as_ref().is_none_or(|filter| {
        use crate::demo::query::filter::Operator::{Ge, Gt};
        matches!(filter, Expr::Compare(path, Ge | Gt, _) if path == &["receivedDateTime"])
    });
    if !good_filter
        || call
            .query
            .orderby
            .iter()
            .any(|term| *term != ("receivedDateTime".to_string(), true))
    {
        return Err(Fault::new(
            400,
            "ErrorInvalidUrlQuery",
            "The following parameters are not supported with change tracking over the 'messages' resource.",
        ));
    }
    let select = outlook::names(&RULES, call.query.select.as_deref())?;
    let rows = Messages {
        place,
        folder: Some(folder),
        view,
    };
    let start = call.skip_offset()?;
    let take = outlook::page_size(call, &RULES)?;
    // With a filter at most 5,000 messages come (FACTS 6).
    let end = if call.query.deltatoken.is_some() {
        0
    } else {
        rows.length()
            .min(if filter.is_some() { 5_000 } else { usize::MAX })
    };
    let mut value = Vec::new();
    for position in start..(start + take).min(end) {
        let row = rows.at(position);
        if filter
            .as_ref()
            .is_none_or(|filter| crate::demo::query::eval::passes(filter, row.as_ref(), misses))
        {
            let mut item = render(row.as_ref(), &select);
            item.insert("id".into(), row.property("id"));
            item.insert(
                "@odata.type".into(),
                json!(format!("#microsoft.graph.{}", row.type_name())),
            );
            value.push(Value::Object(item));
        }
    }
    let mut body = Map::new();
    body.insert(
        "@odata.context".into(),
        json!(call.context("Collection(message)")),
    );
    body.insert("value".into(), Value::Array(value));
    let (name, link) = if start + take < end {
        (
            "@odata.nextLink",
            call.next_link(("$skiptoken", &call.skip_token(start + take))),
        )
    } else {
        (
            "@odata.deltaLink",
            call.next_link(("$deltatoken", "latest")),
        )
    };
    body.insert(name.into(), json!(link));
    Ok(outlook::with_preferences(call, Reply::json(body)))
}

/// `$search`: sorted by sent time, at most 1,000 hits, alone (FACTS 2.3).
fn search(call: &Call, rows: &Messages) -> Answer<Reply> {
    let query = &call.query;
    for (option, code) in [
        ("$orderby", "SearchWithOrderBy"),
        ("$filter", "SearchWithFilter"),
        ("$count", "ErrorInvalidUrlQuery"),
        ("$skip", "ErrorInvalidUrlQuery"),
    ] {
        if query.has(option) {
            return Err(Fault::new(
                400,
                code,
                format!("The query parameter '{option}' is not supported with '$search'."),
            ));
        }
    }
    outlook::only(
        query,
        &["$search", "$select", "$top", "$expand", "$skiptoken"],
    )?;
    let kql = kql::parse(query.search.as_deref().unwrap_or_default())
        .map_err(|reason| Fault::new(400, "BadRequest", reason))?;
    let select = outlook::names(&RULES, query.select.as_deref())?;
    let (start, take) = (call.skip_offset()?, outlook::page_size(call, &RULES)?);
    let hits: Vec<usize> = rows.hits(&kql).take(MAX_HITS).collect();
    let mut value = Vec::new();
    for position in hits.iter().skip(start).take(take) {
        let row = rows.at(*position);
        let mut item = render(row.as_ref(), &select);
        item.insert("id".into(), row.property("id"));
        if let Some(text) = &query.expand {
            item.extend(expand(rows.place, row.as_ref(), text)?);
        }
        value.push(Value::Object(item));
    }
    let mut body = Map::new();
    let context = format!(
        "{}{}",
        resource(rows.place, rows.folder),
        context_suffix(query.select.as_deref())
    );
    body.insert("@odata.context".into(), json!(call.context(&context)));
    body.insert("value".into(), Value::Array(value));
    if start + take < hits.len() {
        body.insert(
            "@odata.nextLink".into(),
            json!(call.next_link(("$skiptoken", &call.skip_token(start + take)))),
        );
    }
    Ok(outlook::with_preferences(call, Reply::json(body)))
}

/// Messages of a mailbox or folder, newest first.
struct Messages<'w> {
    place: Place<'w>,
    folder: Option<usize>,
    view: View,
}

impl<'w> Messages<'w> {
    fn number(&self, position: usize) -> usize {
        match self.folder {
            Some(folder) if search_folder(self.place, self.folder).is_none() => {
                self.place.mailbox.newest_in(folder, position)
            }
            _ => self.place.mailbox.newest(position),
        }
    }

    fn hits<'s>(&'s self, kql: &'s Kql) -> impl Iterator<Item = usize> + 's {
        (0..self.length()).filter(|position| {
            let row = MessageRow::new(self.place, self.number(*position), self.view);
            in_search_folder(self.place, self.folder, &row) && kql::finds(kql, &row.searchable())
        })
    }
}

impl Rows for Messages<'_> {
    fn length(&self) -> usize {
        match self.folder {
            Some(folder) if search_folder(self.place, self.folder).is_none() => {
                self.place.mailbox.folder_length(folder)
            }
            _ => self.place.mailbox.length(),
        }
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(MessageRow::new(
            self.place,
            self.number(position),
            self.view,
        ))
    }
}

fn search_folder<'w>(place: Place<'w>, folder: Option<usize>) -> Option<&'w str> {
    place.mailbox.folders[folder?].search
}

/// A search folder shows the messages of other folders that its query finds.
fn in_search_folder(place: Place, folder: Option<usize>, row: &dyn Row) -> bool {
    search_folder(place, folder).is_none_or(|needle| {
        row.property("subject")
            .as_str()
            .is_some_and(|subject| subject.contains(needle))
    })
}

fn expand(place: Place, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    match text.split('(').next().unwrap_or("") {
        "attachments" => attachments::expanded(place, row),
        // Extended properties come only by this way (FACTS 1.1); the demo tenant's messages have none.
        "singleValueExtendedProperties" | "multiValueExtendedProperties" => Ok(Vec::new()),
        _ => outlook::expands_nothing(row, text),
    }
}

fn resource(place: Place, folder: Option<usize>) -> String {
    let user = &place.owner().id;
    match folder {
        None => format!("users('{user}')/messages"),
        Some(folder) => format!(
            "users('{user}')/mailFolders('{}')/messages",
            place.folder_id(folder)
        ),
    }
}
