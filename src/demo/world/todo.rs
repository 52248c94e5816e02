//! The task lists of To Do: of each mailbox a default list, one for flagged mail, and some of the owner's own.

use super::opaque;
use super::people::MAILBOXES;
use crate::demo::random::{SplitMix, mix};
use crate::demo::time::{self, DAY, SECOND};

/// Names of the lists; the first two exist everywhere.
const LISTS: &[&str] = &[
    "Tasks",
    "Flagged Emails",
    "Groceries 🛒",
    "O'Brien's 100% list",
    "Urlaub & Reisen",
    "tasks",
    "Nothing in here",
];

/// One list.
pub struct List {
    /// Number of the mailbox.
    pub mailbox: usize,
    /// Its number there.
    pub number: usize,
    /// Display name.
    pub name: &'static str,
    /// `defaultList`, `flaggedEmails`, `none`.
    pub well_known: &'static str,
    /// How many tasks.
    pub tasks: usize,
}

/// The lists of a mailbox.
pub fn lists(mailbox: usize) -> Vec<List> {
    let length = match mailbox {
        0 => LISTS.len(),
        last if last + 1 == MAILBOXES => 2,
        other => 2 + other % 3,
    };
    let list = |number: usize| List {
        mailbox,
        number,
        name: LISTS[number],
        well_known: match number {
            0 => "defaultList",
            1 => "flaggedEmails",
            _ => "none",
        },
        tasks: match (mailbox, number) {
            (_, 6) => 0,
            (last, _) if last + 1 == MAILBOXES => 0,
            (0, 0) => 130,
            (0, 1) => 14,
            (_, 0) => 8 + mailbox * 3,
            _ => (mailbox * 5 + number * 7) % 23,
        },
    };
    (0..length).map(list).collect()
}

impl List {
    /// Its id.
    pub fn id(&self) -> String {
        opaque::id("AQMkADAw", &[1, self.mailbox as u64, self.number as u64])
    }

    /// The id of one of its tasks.
    pub fn task_id(&self, task: usize) -> String {
        let parts = [2, self.mailbox as u64, self.number as u64, task as u64];
        opaque::id("AAMkAGVm", &parts)
    }
}

/// What a task is made of.
pub struct Task {
    /// Title; null where an old client made the task.
    pub title: Option<String>,
    /// `notStarted`, `inProgress`, `completed`, `waitingOnOthers`, `deferred`.
    pub status: &'static str,
    /// `low`, `normal`, `high`.
    pub importance: &'static str,
    /// When it was made.
    pub created: i64,
    /// When it was changed.
    pub modified: i64,
    /// The day on which it begins.
    pub start: Option<i64>,
    /// The day on which it is due.
    pub due: Option<i64>,
    /// When to remind.
    pub reminder: Option<i64>,
    /// The day on which it was completed.
    pub completed: Option<i64>,
    /// The text; null where an old client made the task.
    pub body: Option<String>,
    /// Categories.
    pub categories: &'static [&'static str],
    /// Comes again every so many days.
    pub every: Option<i64>,
    /// Something is attached; null where an old client made the task.
    pub attachments: Option<bool>,
}

const TITLES: &[&str] = &[
    "Call the auditors {}",
    "O'Brien: answer {}",
    "50% discount {}",
    "Müller zurückrufen {}",
    "buy milk {}",
    "BUY MILK {}",
    "🎉 present {}",
    "a/b \"quoted\" {}",
];

/// A task.
pub fn task(list: &List, number: usize) -> Task {
    let seed = mix(&[230, list.mailbox as u64, list.number as u64, number as u64]);
    let mut random = SplitMix::of(&[seed]);
    let created = time::date(2025, 3, 1)
        + random.below(600) as i64 * DAY
        + random.below(86_400) as i64 * SECOND
        + random.below(10_000_000) as i64;
    let day = created.div_euclid(DAY) * DAY;
    let status = random.pick(&[
        "notStarted",
        "notStarted",
        "completed",
        "completed",
        "inProgress",
        "waitingOnOthers",
        "deferred",
    ]);
    let due = random
        .percent(60)
        .then(|| day + random.below(40) as i64 * DAY);
    let mut task = Task {
        title: Some(random.pick(TITLES).replace("{}", &number.to_string())),
        status,
        importance: random.pick(&["normal", "normal", "high", "low"]),
        created,
        modified: created + random.below(20) as i64 * DAY,
        start: random.percent(20).then_some(day),
        due,
        reminder: due
            .filter(|_| random.percent(50))
            .map(|due| due + 9 * 3_600 * SECOND),
        completed: (status == "completed").then(|| day + (1 + number as i64 % 30) * DAY),
        body: Some(if random.percent(40) {
            format!("Note {number}\r\nü & \"x\"")
        } else {
            String::new()
        }),
        categories: random.pick(&[&[], &[], &["Blue category"], &["Red category", "Müller's"]]),
        every: (number % 12 == 5).then_some(1 + number as i64 % 7),
        attachments: Some(number % 15 == 4),
    };
    if number % 40 == 13 {
        (task.title, task.body, task.attachments) = (None, None, None);
    }
    if (list.mailbox, list.number, number) == OVERDUE {
        task.title = Some("Send the signed contract to Adatum".into());
        (task.status, task.importance, task.completed) = ("notStarted", "high", None);
        task.due = Some(time::date(2026, 9, 30));
    }
    task
}

/// Mailbox, list and number of an important task that is two months late.
const OVERDUE: (usize, usize, usize) = (0, 0, 2);
