//! One event's invented facts: single instances, all-day events and series with exceptions and cancelled occurrences.

use std::collections::BTreeMap;

use super::message::correspondent;
use super::people::{MAILBOXES, User};
use super::recurrence::{Pattern, Range, Recurrence};
use super::zones::{ZONES, Zone};
use crate::demo::random::{SplitMix, mix};
use crate::demo::time::{self, DAY, SECOND, weekday};

/// Single instances and series masters per mailbox, 500 in all.
pub const SIZES: [usize; MAILBOXES] = [150, 80, 60, 50, 40, 35, 25, 20, 15, 15, 10, 0];

/// Calendars of the first mailbox; the others have the first two, the last mailbox only the first.
pub const CALENDARS: &[&str] = &[
    "Calendar",
    "Birthdays",
    "Team O'Brien",
    "Projekte München",
    "United States holidays",
    "50% job",
    "on_call",
    "Family 🎉",
    "calendar",
    "Travel",
    "Board",
    "Rooms",
];

/// What everything else about an event follows from.
pub struct Facts {
    /// Subject; null on some.
    pub subject: Option<String>,
    /// The zone it was made in.
    pub zone: &'static Zone,
    /// Start on the wall clock of that zone; midnight for all-day events.
    pub start: i64,
    /// How long.
    pub length: i64,
    /// Whole days, not tied to a zone.
    pub all_day: bool,
    /// A series.
    pub recurrence: Option<Recurrence>,
    /// Cancelled by its organizer.
    pub cancelled: bool,
    /// Takes place online.
    pub online: Option<Online>,
    /// Another calendar system put it there and said little more than when.
    pub imported: bool,
    /// Somebody made it through the service: all occurrences are as the series has them.
    pub made: bool,
    /// Name and address.
    pub organizer: (String, String),
    /// Others.
    pub attendees: Vec<(String, String)>,
    /// Which calendar.
    pub calendar: usize,
    /// Category names.
    pub categories: &'static [&'static str],
    /// The occurrences that somebody changed, by ordinal, with the time that one was given.
    pub exceptions: BTreeMap<usize, Option<Moved>>,
    /// For everything that is drawn later.
    pub seed: u64,
}

/// Another time than the series has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// Start as an instant; of whole days, midnight as if it were UTC.
    pub start: i64,
    /// How long.
    pub length: i64,
    /// Whole days.
    pub all_day: bool,
}

/// Where an online meeting takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Online {
    /// In Teams.
    Teams,
    /// In Teams, and by telephone.
    Phone,
    /// In Skype: made before there was Teams.
    Skype,
}

/// What happened to one occurrence of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// As the series says.
    Kept,
    /// Moved by an hour and renamed.
    Changed,
    /// Not taking place.
    Cancelled,
}

const SUBJECTS: &[&str] = &[
    "Stand-up",
    "1:1 with Patrick O'Brien",
    "Budget 100%",
    "Planning \"FY27\"",
    "Büro geschlossen",
    "lunch",
    "LUNCH",
    "Review_final",
    "Dentist",
    "🎂 Party",
    "Customer visit",
    "All hands",
];

/// Mailbox and number of the events of which only the time is known: a series, a single one in February, one with attendees.
const IMPORTED: &[(usize, usize)] = &[(0, 8), (0, 26), (10, 6)];
/// Mailbox and number of online meetings that are not in Teams alone: of each kind a series, and a single one in February.
const ONLINE: &[(usize, usize, Online)] = &[
    (0, 13, Online::Phone),
    (0, 21, Online::Phone),
    (0, 3, Online::Skype),
    (0, 135, Online::Skype),
];

impl Facts {
    /// The time that somebody gave to an occurrence.
    pub fn moved(&self, ordinal: usize) -> Option<Moved> {
        self.exceptions.get(&ordinal).copied().flatten()
    }

    /// Whether it was generated with attachments.
    pub fn has_attachments(&self) -> bool {
        self.seed.is_multiple_of(15)
    }
}

/// How many calendars a mailbox has.
pub fn calendars(mailbox: usize) -> usize {
    match mailbox {
        0 => CALENDARS.len(),
        last if last + 1 == MAILBOXES => 1,
        _ => 2,
    }
}

/// The facts of an event.
pub fn facts(mailbox: usize, users: &[User], number: usize) -> Facts {
    let mut random = SplitMix::of(&[80, mailbox as u64, number as u64]);
    let series = number % 5 == 3;
    let day = time::date(2024, 12, 2) + random.below(700) as i64 * DAY;
    let recurrence = series.then(|| recurrence(number / 5, day, &mut random));
    let yearly = matches!(
        &recurrence,
        Some(Recurrence {
            pattern: Pattern::AbsoluteYearly,
            ..
        })
    );
    let all_day = number % 11 == 5 || (yearly && number.is_multiple_of(2));
    let zone = &ZONES[random.below(ZONES.len() as u64) as usize];
    let clock = (7 * 60 + random.below(44) as i64 * 15) * 60 * SECOND;
    let length = (1 + random.below(12) as i64) * 15 * 60 * SECOND;
    let calendar = if number % 6 == 5 { 1 + number / 6 } else { 0 };
    let owner = &users[mailbox];
    let organizer = if random.percent(50) {
        (owner.name.clone(), owner.mail.clone().unwrap_or_default())
    } else {
        correspondent(users, random.below(1_000))
    };
    let others = if random.percent(60) {
        1 + random.below(6)
    } else {
        0
    };
    Facts {
        subject: (!random.percent(4)).then(|| random.pick(SUBJECTS).to_string()),
        zone,
        start: if all_day { day } else { day + clock },
        length: if all_day {
            (1 + random.below(3) as i64) * DAY
        } else {
            length
        },
        all_day,
        recurrence,
        cancelled: !series && random.percent(5),
        online: online(mailbox, number, random.percent(30)),
        imported: IMPORTED.contains(&(mailbox, number)),
        made: false,
        organizer,
        attendees: (0..others)
            .map(|_| correspondent(users, random.below(1_000)))
            .collect(),
        calendar: calendar % calendars(mailbox),
        categories: random.pick(&[&[], &[], &["Blue category"], &["Red category", "Müller's"]]),
        exceptions: BTreeMap::new(),
        seed: random.draw(),
    }
}

fn online(mailbox: usize, number: usize, teams: bool) -> Option<Online> {
    let planted = ONLINE
        .iter()
        .find(|(its_mailbox, its_number, _)| (*its_mailbox, *its_number) == (mailbox, number));
    planted.map_or(teams.then_some(Online::Teams), |(_, _, online)| {
        Some(*online)
    })
}

/// What happened to the n-th occurrence; the first always stands.
pub fn fate(facts: &Facts, ordinal: usize) -> Fate {
    match mix(&[81, facts.seed, ordinal as u64]) % 12 {
        _ if ordinal == 0 || facts.made => Fate::Kept,
        0 => Fate::Changed,
        1 => Fate::Cancelled,
        _ => Fate::Kept,
    }
}

/// Series cycle through all patterns and, more slowly, through all ranges.
fn recurrence(turn: usize, start: i64, random: &mut SplitMix) -> Recurrence {
    let pattern = match turn % 6 {
        0 => Pattern::Daily,
        1 => {
            let mut days = vec![weekday(start), random.below(7) as i64];
            days.sort_unstable();
            days.dedup();
            Pattern::Weekly(days)
        }
        2 => Pattern::AbsoluteMonthly,
        3 => Pattern::RelativeMonthly,
        4 => Pattern::AbsoluteYearly,
        _ => Pattern::RelativeYearly,
    };
    let range = match (turn / 6) % 3 {
        0 => Range::EndDate(start + (60 + random.below(300) as i64) * DAY),
        1 => Range::NoEnd,
        _ => Range::Numbered(3 + random.below(18) as usize),
    };
    let most = if turn % 6 >= 4 { 1 } else { 3 };
    Recurrence {
        pattern,
        interval: 1 + random.below(most) as i64,
        start,
        range,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::people;

    #[test]
    fn five_hundred_events_with_every_pattern_and_range() {
        assert_eq!(SIZES.iter().sum::<usize>(), 500);
        let users = people::all();
        let all: Vec<Facts> = (0..SIZES[0])
            .map(|number| facts(0, &users, number))
            .collect();
        let kinds: std::collections::BTreeSet<String> = all
            .iter()
            .filter_map(|facts| facts.recurrence.as_ref())
            .map(|recurrence| {
                let shown = recurrence.show("UTC");
                format!("{} {}", shown["pattern"]["type"], shown["range"]["type"])
            })
            .collect();
        assert_eq!(kinds.len(), 18, "{kinds:?}");
        assert!(
            all.iter()
                .any(|facts| facts.all_day && facts.recurrence.is_none())
                && all.iter().any(|facts| facts.subject.is_none())
        );
        assert!(
            all.iter().any(|facts| facts.cancelled) && all.iter().any(|facts| facts.calendar == 11)
        );
    }
}
