//! Places: the rooms and room lists of the tenant. FACTS has no section on them: this is the public documentation of `place` read strictly.

use super::call::Call;
use super::directory::json_row;
use super::error::{Answer, Fault};
use super::outlook::{self, EQ, Rules, Source, no_item};
use super::query::row::JsonRow;
use super::reply::Reply;
use super::world::people::User;
use super::world::rooms::{self, Space};

/// "By default, this operation returns 100 places per page" (place-list); there is no other way to more, so that is the most as well.
const ROOM: Rules = Rules {
    type_name: "room",
    // The documentation says that `$filter` works and shows it on no property: the name, and nothing else.
    filters: &[("displayName", EQ)],
    page: 100,
    max: 100,
    options: &["$filter", "$select", "$count", "$skip", "$top"],
    ..Rules::BARE
};

const LIST: Rules = Rules {
    type_name: "roomList",
    ..ROOM
};

/// Answers below `places`. The cast is needed: what there is without one is not documented for v1.0.
pub fn respond(call: &Call, users: &[User], rest: &[&str]) -> Answer<Reply> {
    match rest {
        [cast] if is_cast(cast, "room") => {
            let rows = rows(&ROOM, rooms::rooms(users));
            list(call, &ROOM, "places/microsoft.graph.room", &rows)
        }
        [cast] if is_cast(cast, "roomList") => {
            let rows = rows(&LIST, rooms::lists());
            list(call, &LIST, "places/microsoft.graph.roomList", &rows)
        }
        [key] => single(call, users, key),
        [key, cast, "rooms"] if is_cast(cast, "roomList") => rooms_of(call, users, key),
        [_, other, ..] => Err(Fault::unknown_segment(other)),
        [] => Err(Fault::unknown_segment("places")),
    }
}

/// The documentation spells `microsoft.graph.roomlist` and `microsoft.graph.roomList`.
fn is_cast(segment: &str, name: &str) -> bool {
    segment
        .strip_prefix("microsoft.graph.")
        .is_some_and(|cast| cast.eq_ignore_ascii_case(name))
}

fn list(call: &Call, rules: &Rules, resource: &str, rows: &Vec<JsonRow>) -> Answer<Reply> {
    outlook::list(call, rules, &Source::plain(rows, resource))
}

/// `places/{id or address}`: a room or a list, marked as what it is.
fn single(call: &Call, users: &[User], key: &str) -> Answer<Reply> {
    let of = |rules: &'static Rules, spaces: Vec<Space>| {
        let found = spaces.into_iter().find(|space| space.is(key));
        found.map(|space| (rules, space))
    };
    let found = of(&ROOM, rooms::rooms(users)).or_else(|| of(&LIST, rooms::lists()));
    let (rules, space) = found.ok_or_else(no_item)?;
    let mut row = json_row(rules.type_name, space.properties);
    let kind = format!("#microsoft.graph.{}", rules.type_name);
    row.annotations.push(("@odata.type", kind.into()));
    outlook::single(call, rules, "places", &row, &outlook::expands_nothing)
}

/// `places/{id or address of a list}/microsoft.graph.roomlist/rooms`
fn rooms_of(call: &Call, users: &[User], key: &str) -> Answer<Reply> {
    let place = rooms::lists().iter().position(|list| list.is(key));
    let own = rooms::of_list(place.ok_or_else(no_item)?);
    let all = rooms::rooms(users).into_iter().enumerate();
    let spaces = all.filter(|(number, _)| own.contains(number));
    let rows = rows(&ROOM, spaces.map(|(_, room)| room).collect());
    let resource = format!("places('{key}')/microsoft.graph.roomList/rooms");
    list(call, &ROOM, &resource, &rows)
}

fn rows(rules: &Rules, spaces: Vec<Space>) -> Vec<JsonRow> {
    spaces
        .into_iter()
        .map(|space| json_row(rules.type_name, space.properties))
        .collect()
}
