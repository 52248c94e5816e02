//! Calendar groups: which calendars of a mailbox stand together (FACTS 1.2).

use serde_json::json;

use super::shelf::laid_over;
use super::{Place, calendars};
use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::encoding::base64;
use crate::demo::error::Answer;
use crate::demo::outlook::{self, EQ, Rules, Source};
use crate::demo::query::row::JsonRow;
use crate::demo::random::{guid, mix};
use crate::demo::reply::Reply;
use crate::demo::world::event;
use crate::demo::world::ids::Kind;

const RULES: Rules = Rules {
    type_name: "calendarGroup",
    // FACTS 1.2 says that groups filter and sort but not by what: the name, as for calendars. No `$count`.
    filters: &[("name", EQ)],
    sorts: &["name"],
    options: &["$filter", "$select", "$orderby", "$skip", "$top"],
    ..Rules::BARE
};

/// The first three are in every mailbox that has more than one calendar.
const NAMES: &[Option<&str>] = &[
    Some("My Calendars"),
    Some("Other Calendars"),
    Some("People's Calendars"),
    Some("O'Brien & Söhne"),
    Some("100%"),
    Some("Empty 🎉"),
    None,
    Some("other calendars"),
    Some("snake_case"),
    Some("A/B"),
    Some("Archive"),
    Some("Archive 2"),
];

/// How many groups a mailbox has.
pub fn length(mailbox: usize) -> usize {
    match mailbox {
        0 => NAMES.len(),
        _ if event::calendars(mailbox) > 1 => 3,
        _ => 1,
    }
}

/// The group in which a calendar was generated.
pub fn generated_in(mailbox: usize, calendar: usize) -> usize {
    match (mailbox, calendar) {
        (_, 0) => 0,
        (0, 1 | 4) => 1,
        (0, 2 | 6) => 3,
        (0, 5 | 8) => 4,
        (0, _) => 0,
        _ => 1,
    }
}

/// The groups that are in every mailbox: what each is for says its class.
pub fn is_built_in(group: usize) -> bool {
    group < 3
}

/// `calendarGroups`
pub fn list(call: &Call, place: Place) -> Answer<Reply> {
    let rows: Vec<JsonRow> = rows(place).collect();
    let resource = place.resource("calendarGroups");
    outlook::list(call, &RULES, &Source::plain(&rows, &resource))
}

/// All groups.
pub fn rows(place: Place) -> impl Iterator<Item = JsonRow> {
    let groups = place.calendar_groups().into_iter();
    groups.map(move |group| row(place, group))
}

/// `calendarGroups/{id}`
pub fn single(call: &Call, place: Place, group: usize) -> Answer<Reply> {
    outlook::single(
        call,
        &RULES,
        &place.resource("calendarGroups"),
        &row(place, group),
        &outlook::expands_nothing,
    )
}

/// `calendarGroups/{id}/calendars`
pub fn list_calendars(call: &Call, place: Place, group: usize) -> Answer<Reply> {
    let id = place.container_id(Kind::CalendarGroup, group);
    let resource = place.resource(&format!("calendarGroups('{id}')/calendars"));
    calendars::list(call, place, &resource, place.calendars_in(group))
}

/// One group.
pub fn row(place: Place, group: usize) -> JsonRow {
    let (mailbox, number) = (place.mailbox as u64, group as u64);
    // A class is what a group is for; the ones that people made have none.
    let class = is_built_in(group).then(|| guid(&[220, number]));
    let row = json_row(
        "calendarGroup",
        json!({
            "id": place.container_id(Kind::CalendarGroup, group),
            "name": NAMES.get(group),
            "classId": class,
            "changeKey": base64(&mix(&[221, mailbox, number]).to_be_bytes()),
        }),
    );
    laid_over(row, place.calendar_group_entry(group))
}
