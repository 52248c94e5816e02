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

/// What a list is made of: the address in contexts, the rows and the form of ids.
struct List<'l> {
    rules: &'l Rules,
    resource: String,
    rows: Vec<JsonRow>,
    is_id: fn(&str) -> bool,
}

/// The shelf of the categories of a mailbox, by id.
pub fn categories_shelf(mailbox: usize) -> String {
    format!("categories/{mailbox}")
}

/// The shelf of the rules of a mailbox, by id.
pub fn rules_shelf(mailbox: usize) -> String {
    format!("rules/{mailbox}")
}

/// `outlook/masterCategories`, with GUIDs for ids.
pub fn categories(call: &Call, place: Place, rest: &[&str]) -> Answer<Reply> {
    respond(call, &category_list(place), rest)
}

/// `mailFolders/inbox/messageRules`, with eight bytes in base64 for ids; other folders have no rules.
pub fn rules(call: &Call, place: Place, inbox: bool, rest: &[&str]) -> Answer<Reply> {
    if !inbox {
        return Err(no_inbox());
    }
    respond(call, &rule_list(place), rest)
}

/// The rules of another folder are asked for; FACTS has no code for it.
pub fn no_inbox() -> Fault {
    Fault::new(
        400,
        "ErrorInvalidRequest",
        "Rules can only be read from the Inbox folder.",
    )
}

/// All categories of a mailbox.
pub fn all_categories(place: Place) -> Vec<JsonRow> {
    category_list(place).rows
}

/// One category.
pub fn category(place: Place, key: &str) -> Answer<JsonRow> {
    category_list(place).one(key)
}

/// One rule.
pub fn rule(place: Place, key: &str) -> Answer<JsonRow> {
    rule_list(place).one(key)
}

fn category_list(place: Place<'_>) -> List<'static> {
    let is_id = |key: &str| {
        let parts: Vec<usize> = key.split('-').map(str::len).collect();
        parts == [8, 4, 4, 4, 12] && key.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
    };
    let rows = settings::categories(place.mailbox);
    List {
        rules: &CATEGORY,
        resource: place.resource("outlook/masterCategories"),
        rows: now(place, &categories_shelf(place.mailbox), &CATEGORY, rows),
        is_id,
    }
}

fn rule_list(place: Place<'_>) -> List<'static> {
    let rows = world_rules::all(place.mailbox);
    List {
        rules: &RULE,
        resource: place.resource("mailFolders('inbox')/messageRules"),
        rows: now(place, &rules_shelf(place.mailbox), &RULE, rows),
        is_id: |key| base64_decode(key).is_some_and(|bytes| bytes.len() == 8),
    }
}

/// Generated rows with what was written laid over them.
fn now(place: Place, shelf: &str, rules: &Rules, rows: Vec<Value>) -> Vec<JsonRow> {
    let rows = rows.into_iter().map(|row| json_row(rules.type_name, row));
    place.ledger.shelf(shelf).laid_over("", rows.collect())
}

impl List<'_> {
    fn one(self, key: &str) -> Answer<JsonRow> {
        if !(self.is_id)(key) {
            return Err(malformed_id());
        }
        let mut rows = self.rows.into_iter();
        rows.find(|row| row.property("id") == key)
            .ok_or_else(no_item)
    }
}

fn respond(call: &Call, list: &List, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => outlook::whole(call, list.rules, &list.resource, &list.rows),
        [key] if !(list.is_id)(key) => Err(malformed_id()),
        [key] => {
            let row = list.rows.iter().find(|row| row.property("id") == *key);
            let row = row.ok_or_else(no_item)?;
            outlook::single(
                call,
                list.rules,
                &list.resource,
                row,
                &outlook::expands_nothing,
            )
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}
