//! Messages as a subscription sees them.

use super::messages::RULES;
use super::row::{MessageRow, View, misses};
use super::{Place, shelf};
use crate::demo::Tenant;
use crate::demo::notify::news::{Kind, News, Sight, Step, Wish};
use crate::demo::outlook::Rules;
use crate::demo::write::ledger::Ledger;

/// What the filter of a subscription to messages may say.
pub const FILTERS: &Rules = &RULES;

/// What a write did to the messages of a mailbox, or of one folder. Of a draft one hears as of any message.
pub fn news(step: &Step, mailbox: usize, folder: Option<usize>, wish: &Wish) -> Vec<News> {
    let owner = &step.tenant.users[mailbox].id;
    let kind = Kind {
        shelf: shelf(mailbox),
        collection: format!("Users/{owner}/Messages"),
        type_name: "Message",
        sight: &|ledger, key| sight(step.tenant, ledger, mailbox, folder, key, wish),
    };
    kind.news(step)
}

fn sight(
    tenant: &Tenant,
    ledger: &Ledger,
    mailbox: usize,
    folder: Option<usize>,
    key: &str,
    wish: &Wish,
) -> Option<Sight> {
    let place = Place::new(tenant, mailbox, ledger);
    let number = key.parse().ok().filter(|number| place.has(*number))?;
    let home = place.folder_of(number);
    if folder.is_some_and(|folder| folder != home) {
        return None;
    }
    let row = MessageRow::new(place, number, View::plain(wish.form));
    let wanted = wish.includes(&row, misses);
    Some(Sight::of(home, &row, wanted))
}
