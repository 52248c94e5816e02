//! Inbox rules and master categories: small lists that come whole, with `$select` and no other option (FACTS 1.1).

use serde_json::Value;

use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::encoding::base64_decode;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::place::Place;
use crate::demo::outlook::{self, Rules, malformed_id, no_item};
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::reply::Reply;
use crate::demo::world::{rules as world_rules, settings};

const RULE: Rules = Rules {
    type_name: "messageRule",
    options: &["$select"],
    ..Rules::BARE
};

const CATEGORY: Rules = Rules {
    type_name: "outlookCategory",
    ..RULE
};

/// `outlook/masterCategories`, with GUIDs for ids.
pub fn categories(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    let resource = place.resource("outlook/masterCategories");
    let is_id = |key: &str| {
        let parts: Vec<usize> = key.split('-').map(str::len).collect();
        parts == [8, 4, 4, 4, 12] && key.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
    };
    let rows = settings::categories(place.mailbox);
    respond(call, &CATEGORY, (&resource, rows), rest, &is_id)
}

/// `mailFolders/inbox/messageRules`, with eight bytes in base64 for ids; other folders have no rules, and FACTS has no code for asking them.
pub fn rules(call: &Call, place: Place, inbox: bool, rest: &[&str]) -> Answer<Reply> {
    if !inbox {
        return Err(Fault::new(
            400,
            "ErrorInvalidRequest",
            "Rules can only be read from the Inbox folder.",
        ));
    }
    let resource = place.resource("mailFolders('inbox')/messageRules");
    let is_id = |key: &str| base64_decode(key).is_some_and(|bytes| bytes.len() == 8);
    let rows = world_rules::all(place.mailbox);
    respond(call, &RULE, (&resource, rows), rest, &is_id)
}

fn respond(
    call: &Call,
    rules: &Rules,
    (resource, rows): (&str, Vec<Value>),
    rest: &[&str],
    is_id: &dyn Fn(&str) -> bool,
) -> Answer<Reply> {
    let rows: Vec<JsonRow> = rows
        .into_iter()
        .map(|row| json_row(rules.type_name, row))
        .collect();
    match rest {
        [] => outlook::whole(call, rules, resource, &rows),
        [key] if !is_id(key) => Err(malformed_id()),
        [key] => {
            let row = rows.iter().find(|row| row.property("id") == *key);
            let row = row.ok_or_else(no_item)?;
            outlook::single(call, rules, resource, row, &outlook::expands_nothing)
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}
