//! Tasks as a subscription sees them.

use super::{TASKS, id, list, tasks, tasks_shelf};
use crate::demo::notify::news::{Kind, News, Sight, Step, Wish};
use crate::demo::outlook::Rules;
use crate::demo::outlook::place::Place;
use crate::demo::query::eval::never_misses;

/// What the filter of a subscription to tasks may say.
pub const FILTERS: &Rules = &TASKS;

/// What a write did to the tasks of a list. When the list itself goes, nothing is said of its tasks (K).
pub fn news(step: &Step, mailbox: usize, list: &str, wish: &Wish) -> Vec<News> {
    let users = &step.tenant.users;
    let owner = &users[mailbox].id;
    let kind = Kind {
        shelf: tasks_shelf(mailbox),
        // In this spelling, unlike the collections of Outlook (K).
        collection: format!("Users/{owner}/todo/lists/{list}/tasks"),
        type_name: "todoTask",
        sight: &|ledger, key| {
            let place = Place {
                mailbox,
                users,
                ledger,
            };
            sight(place, list, key, wish)
        },
    };
    kind.news(step)
}

fn sight(place: Place, key: &str, task: &str, wish: &Wish) -> Option<Sight> {
    let list = list(place, key).ok()?;
    let rows = tasks(place, &list).into_iter();
    let row = rows.into_iter().find(|row| id(row) == task)?;
    let wanted = wish.includes(&row, never_misses);
    Some(Sight::of(key, &row, wanted))
}

/// Whether there is such a list; the refusal of the service if not.
pub fn is_there(place: Place, key: &str) -> crate::demo::error::Answer<()> {
    list(place, key).map(|_| ())
}
