//! Lists of contacts: the default folder or another one, and the few filters that work (FACTS 1.3).

use serde_json::{Map, Value, json};

use super::DEFAULT;
use super::standing::Standing;
use crate::demo::call::Call;
use crate::demo::encoding::base64;
use crate::demo::error::Answer;
use crate::demo::outlook::place::Place;
use crate::demo::outlook::{self, BEGIN, EQ, Rules, Source};
use crate::demo::page::Rows;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::mix;
use crate::demo::reply::Reply;
use crate::demo::world::contact;
use crate::demo::world::ids::{Form, Kind};

/// What a list of contacts takes.
pub const RULES: Rules = Rules {
    type_name: "contact",
    filters: &[
        ("emailAddresses/address", EQ),
        ("displayName", BEGIN),
        ("givenName", BEGIN),
        ("surname", BEGIN),
    ],
    // FACTS 1.3 says that contacts sort but not by what: the name, then, and nothing else.
    sorts: &["displayName"],
    // `$search` is unproven there, and refused here.
    options: &[
        "$filter", "$select", "$orderby", "$expand", "$count", "$skip", "$top",
    ],
    ..Rules::BARE
};

/// `contacts`: the default folder without one in the path.
pub fn list(call: &Call, place: Place, folder: Option<usize>) -> Answer<Reply> {
    let resource = match folder {
        None => place.resource("contacts"),
        Some(folder) => place.resource(&format!(
            "contactFolders('{}')/contacts",
            place.container_id(Kind::ContactFolder, folder)
        )),
    };
    let rows = contacts(call, place, folder);
    let source = Source {
        expand: &outlook::expands_extensions,
        ..Source::plain(&rows, &resource)
    };
    outlook::list(call, &RULES, &source)
}

/// `contacts/$count`
pub fn count(call: &Call, place: Place, folder: Option<usize>) -> Answer<Reply> {
    let rows = contacts(call, place, folder);
    outlook::count_segment(call, &RULES, &Source::plain(&rows, ""))
}

/// `contacts/{id}`
pub fn single(call: &Call, place: Place, number: usize) -> Answer<Reply> {
    outlook::single(
        call,
        &RULES,
        &place.resource("contacts"),
        &row(place, number, outlook::id_form(call)),
        &outlook::expands_extensions,
    )
}

struct Contacts<'w> {
    place: Place<'w>,
    standing: Standing,
    form: Form,
}

impl Rows for Contacts<'_> {
    fn length(&self) -> usize {
        self.standing.length()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        let number = self.standing.number(position);
        Box::new(row(self.place, number, self.form))
    }
}

fn contacts<'w>(call: &Call, place: Place<'w>, folder: Option<usize>) -> Contacts<'w> {
    Contacts {
        place,
        standing: Standing::new(place, folder.unwrap_or(DEFAULT)),
        form: outlook::id_form(call),
    }
}

/// A contact as it is now.
pub fn row(place: Place, number: usize, form: Form) -> JsonRow {
    let entry = place.contact_entry(number);
    let mut row = match entry {
        None => generated(place, number),
        Some(entry) => match entry.created() {
            Some(row) => row,
            None => entry.over(generated(place, number)),
        },
    };
    let folder = place.container_id(Kind::ContactFolder, place.contact_home(number));
    let id = place.id(Kind::Contact, number, form);
    row.map.insert("id".into(), json!(id));
    row.map.insert("parentFolderId".into(), json!(folder));
    row
}

fn generated(place: Place, number: usize) -> JsonRow {
    let map = contact::properties(place.mailbox, place.users, number);
    tagged(map, place.mailbox, number)
}

/// A contact with the change key and the etag that it begins with.
pub fn tagged(mut map: Map<String, Value>, mailbox: usize, number: usize) -> JsonRow {
    let change = mix(&[201, mailbox as u64, number as u64]).to_be_bytes();
    let key = base64(&[b"EQAAABYAAA".as_slice(), &change].concat());
    map.insert("changeKey".into(), json!(key));
    JsonRow {
        type_name: "contact",
        map,
        annotations: vec![("@odata.etag", json!(format!("W/\"{key}\"")))],
    }
}
