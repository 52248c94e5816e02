//! Contacts as a subscription sees them.

use super::items::{self, RULES};
use super::standing::shelf;
use crate::demo::notify::news::{Kind, News, Sight, Step, Wish};
use crate::demo::outlook::Rules;
use crate::demo::outlook::place::Place;
use crate::demo::query::eval::never_misses;

/// What the filter of a subscription to contacts may say.
pub const FILTERS: &Rules = &RULES;

/// What a write did to the contacts of a mailbox, or of one folder.
pub fn news(step: &Step, mailbox: usize, folder: Option<usize>, wish: &Wish) -> Vec<News> {
    let users = &step.tenant.users;
    let kind = Kind {
        shelf: shelf(mailbox),
        collection: format!("Users/{}/Contacts", users[mailbox].id),
        type_name: "Contact",
        sight: &|ledger, key| {
            let place = Place {
                mailbox,
                users,
                ledger,
            };
            sight(place, folder, key, wish)
        },
    };
    kind.news(step)
}

fn sight(place: Place, folder: Option<usize>, key: &str, wish: &Wish) -> Option<Sight> {
    let number = key.parse().ok();
    let number = number.filter(|number| place.has_contact(*number))?;
    let home = place.contact_home(number);
    if folder.is_some_and(|folder| folder != home) {
        return None;
    }
    let row = items::row(place, number, wish.form);
    let wanted = wish.includes(&row, never_misses);
    Some(Sight::of(home, &row, wanted))
}
