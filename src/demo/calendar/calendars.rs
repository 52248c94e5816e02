//! The calendars of a mailbox.

use serde_json::{Value, json};

use super::Place;
use super::shelf::laid_over;
use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::encoding::base64;
use crate::demo::error::Answer;
use crate::demo::outlook::{self, EQ, Rules, Source};
use crate::demo::page::Rows;
use crate::demo::query::row::{JsonRow, Row};
use crate::demo::random::mix;
use crate::demo::reply::Reply;
use crate::demo::world::event::CALENDARS;

const RULES: Rules = Rules {
    type_name: "calendar",
    // FACTS 1.2 says that calendars filter and sort but not by what: the name, then, and nothing else.
    filters: &[("name", EQ)],
    sorts: &["name"],
    options: &["$filter", "$select", "$orderby", "$count", "$skip", "$top"],
    ..Rules::BARE
};

/// The calendar that comes from the internet as iCalendar: the holidays.
const SUBSCRIBED: usize = 4;
/// All that such a calendar has (FACTS 1.2).
const SUBSCRIBED_HAS: &[&str] = &["id", "name", "color"];

/// `calendars`: all of them, or those of a group.
pub fn list(call: &Call, place: Place, resource: &str, numbers: Vec<usize>) -> Answer<Reply> {
    let rows = Calendars(call, place, numbers);
    outlook::list(call, &RULES, &Source::plain(&rows, resource))
}

/// `calendars/$count`
pub fn count(call: &Call, place: Place, numbers: Vec<usize>) -> Answer<Reply> {
    let rows = Calendars(call, place, numbers);
    outlook::count_segment(call, &RULES, &Source::plain(&rows, ""))
}

/// `calendar`, `calendars/{id}`
pub fn single(call: &Call, place: Place, calendar: usize) -> Answer<Reply> {
    outlook::single(
        call,
        &RULES,
        &place.resource("calendars"),
        &row(call, place, calendar),
        &outlook::expands_nothing,
    )
}

struct Calendars<'c>(&'c Call, Place<'c>, Vec<usize>);

impl Rows for Calendars<'_> {
    fn length(&self) -> usize {
        self.2.len()
    }
    fn at(&self, position: usize) -> Box<dyn Row + '_> {
        Box::new(row(self.0, self.1, self.2[position]))
    }
}

/// All calendars of a group.
pub fn rows<'c>(call: &'c Call, place: Place<'c>, group: usize) -> impl Iterator<Item = JsonRow> {
    let all = place.calendars_in(group).into_iter();
    all.map(move |calendar| row(call, place, calendar))
}

/// One calendar.
pub fn row(call: &Call, place: Place, calendar: usize) -> JsonRow {
    let (id, owner) = (place.calendar_id(calendar), place.owner());
    let lot = mix(&[95, place.mailbox as u64, calendar as u64]);
    let colors = [
        ("auto", ""),
        ("lightBlue", "#33aaff"),
        ("lightGreen", "#7bd148"),
        ("lightRed", "#f83a22"),
    ];
    let (color, hex) = colors[calendar % 4];
    let value = json!({
        "id": id,
        "name": CALENDARS.get(calendar),
        "color": color,
        "hexColor": hex,
        "isDefaultCalendar": calendar == 0,
        "changeKey": base64(&lot.to_be_bytes()),
        "canShare": calendar != 1,
        "canViewPrivateItems": true,
        "canEdit": true,
        "isTallyingResponses": calendar == 0,
        "isRemovable": calendar != 0,
        "allowedOnlineMeetingProviders": if calendar == 1 { json!([]) } else { json!(["teamsForBusiness"]) },
        "defaultOnlineMeetingProvider": if calendar == 1 { "unknown" } else { "teamsForBusiness" },
        "owner": {"name": owner.name, "address": owner.mail},
    });
    let mut row = laid_over(json_row("calendar", value), place.calendar_entry(calendar));
    if calendar == SUBSCRIBED {
        row.map
            .retain(|name, _| SUBSCRIBED_HAS.contains(&name.as_str()));
    }
    let user = &owner.id;
    row.annotations.push((
        "@odata.id",
        Value::String(format!("{}/users('{user}')/calendars('{id}')", call.base())),
    ));
    row
}
