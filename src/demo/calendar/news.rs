//! Events as a subscription sees them. Of an occurrence that was changed or taken out of its series one hears as of a change of the series (K).

use super::Place;
use super::events::LIST;
use super::row::{EventRow, View};
use super::standing::shelf;
use crate::demo::notify::news::{Kind, News, Sight, Step, Wish};
use crate::demo::outlook::Rules;
use crate::demo::query::eval::never_misses;
use crate::demo::world::zones::ZONES;

/// What the filter of a subscription to events may say.
pub const FILTERS: &Rules = &LIST;

/// What a write did to the events of a mailbox, or of one calendar.
pub fn news(step: &Step, mailbox: usize, calendar: Option<usize>, wish: &Wish) -> Vec<News> {
    let users = &step.tenant.users;
    let kind = Kind {
        shelf: shelf(mailbox),
        collection: format!("Users/{}/Events", users[mailbox].id),
        type_name: "Event",
        sight: &|ledger, key| {
            let place = Place {
                mailbox,
                users,
                ledger,
            };
            sight(place, calendar, key, wish)
        },
    };
    kind.news(step)
}

fn sight(place: Place, calendar: Option<usize>, key: &str, wish: &Wish) -> Option<Sight> {
    let number = key.parse().ok().filter(|number| place.has_event(*number))?;
    let view = View {
        form: wish.form,
        zone: &ZONES[0],
        text: false,
    };
    let row = EventRow::new(place, number, None, view);
    let home = row.facts.calendar;
    if calendar.is_some_and(|calendar| calendar != home) {
        return None;
    }
    let wanted = wish.includes(&row, never_misses);
    Some(Sight::of(home, &row, wanted))
}
