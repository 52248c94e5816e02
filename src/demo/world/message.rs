//! One message's invented facts, made from its mailbox and number each time they are needed.

use super::mailbox::{ARCHIVE, DRAFTS, Mailbox, SENT, SIZES};
use super::names::OUTSIDE;
use super::people::User;
use crate::demo::random::SplitMix;
use crate::demo::time::{self, DAY, SECOND};

/// What everything else about a message follows from.
pub struct Facts {
    /// Who wrote it; absent on drafts.
    pub from: Option<(String, String)>,
    /// The subject; absent on some.
    pub subject: Option<String>,
    /// When it arrived.
    pub received: i64,
    /// Has been read.
    pub read: bool,
    /// Lies in the drafts folder.
    pub draft: bool,
    /// low, normal, high
    pub importance: &'static str,
    /// Category names.
    pub categories: &'static [&'static str],
    /// notFlagged, flagged, complete
    pub flag: &'static str,
    /// focused, other
    pub inference: &'static str,
    /// Ordinary attachments.
    pub attachments: usize,
    /// Inline pictures: they do not count for `hasAttachments` (FACTS 1.1).
    pub inline: usize,
    /// The body is HTML.
    pub html: bool,
    /// message, eventMessageRequest, eventMessageResponse
    pub type_name: &'static str,
    /// Recipients: to, cc, bcc, replyTo.
    pub recipients: [Vec<(String, String)>; 4],
    /// Another mail system put it into the archive, as far as it knew it.
    pub imported: bool,
    /// For everything that is drawn later.
    pub seed: u64,
}

const FIRST: (i64, i64, i64) = (2024, 12, 1);
const SPAN: i64 = 730 * DAY;

/// Only messages of the first months came from another system: fewer than this.
const IMPORTED: usize = 400;

/// Subjects; `{}` is a number. They hold what SQL and OData find hard.
const SUBJECTS: &[&str] = &[
    "Budget {}",
    "Re: Budget {}",
    "Invoice {}",
    "INVOICE {}",
    "Meeting notes {}",
    "O'Brien's \"offer\" {}",
    "50% off, week {}",
    "snake_case_report_{}",
    "weekly digest #{}",
    "Größe und Maße {}",
    "🎉 Party {}",
    "Fwd: RE: AW: status {}",
    "C:\\temp\\{}",
    "a & b + c = {}",
    "Lunch?",
    "lunch?",
    "Status",
    "FY26/Q{} plan",
    "",
];

const SENTENCES: &[&str] = &[
    "Please find the numbers for the quarter attached.",
    "Can we move this to Thursday?",
    "The customer's answer wasn't what we hoped for.",
    "Thanks & regards,",
    "Die Größe passt nicht.",
    "See https://contoso.com/a?b=1&c=2 for details.",
    "Budget: 100% spent.",
    "<not a tag> but text",
    "Ça va?",
    "👍",
];

/// Who can write or receive.
pub fn correspondent(users: &[User], lot: u64) -> (String, String) {
    let place = lot as usize % (24 + OUTSIDE.len());
    match users
        .get(place)
        .filter(|_| place < 24)
        .and_then(|user| Some((user, user.mail.as_ref()?)))
    {
        Some((user, mail)) => (user.name.clone(), mail.clone()),
        None => {
            let (name, address) = OUTSIDE[place % OUTSIDE.len()];
            (name.to_string(), address.to_string())
        }
    }
}

const IMPORTANCE: &[&str] = &[
    "normal", "normal", "normal", "normal", "normal", "normal", "high", "low",
];
const CATEGORIES: &[&[&str]] = &[
    &[],
    &[],
    &[],
    &[],
    &["Blue category"],
    &["Red category", "Blue category"],
    &["Müller's"],
];
const FLAGS: &[&str] = &[
    "notFlagged",
    "notFlagged",
    "notFlagged",
    "notFlagged",
    "notFlagged",
    "flagged",
    "complete",
];

/// The facts of a message.
pub fn facts(mailbox: &Mailbox, users: &[User], number: usize) -> Facts {
    let mut random = SplitMix::of(&[50, mailbox.number as u64, number as u64]);
    let folder = mailbox.folder(number);
    let (draft, sent) = (folder == DRAFTS, folder == SENT);
    let owner = &users[mailbox.number];
    let me = (owner.name.clone(), owner.mail.clone().unwrap_or_default());
    let from = match folder {
        DRAFTS => random.percent(20).then(|| me.clone()),
        SENT => Some(me.clone()),
        _ => Some(correspondent(users, random.below(1_000))),
    };
    let subject = subject(mailbox, number, &mut random);
    let inline = usize::from(random.percent(6));
    let first = if sent || draft {
        correspondent(users, random.draw())
    } else {
        me
    };
    let mut facts = Facts {
        from,
        subject,
        received: received(mailbox.number, number),
        read: draft || sent || random.percent(70),
        draft,
        importance: random.pick(IMPORTANCE),
        categories: random.pick(CATEGORIES),
        flag: random.pick(FLAGS),
        inference: random.pick(&["focused", "focused", "other"]),
        attachments: if random.percent(20) {
            1 + random.below(3) as usize
        } else {
            0
        },
        inline,
        html: random.percent(75),
        type_name: kind(folder, random.below(100)),
        recipients: recipients(users, first, draft, &mut random),
        imported: folder == ARCHIVE && number < IMPORTED && number % 8 == 4,
        seed: random.draw(),
    };
    // A draft may be to people who were not looked up yet: a list by its name, somebody by the address.
    if draft && number.is_multiple_of(4) {
        facts.recipients[1].extend([
            ("Project team".to_string(), String::new()),
            (String::new(), "renee@litware.com".to_string()),
        ]);
    }
    facts
}

/// When a message of a mailbox arrived: rising with its number, with equal pairs; extra messages fall away into the past.
pub fn received(mailbox: usize, number: usize) -> i64 {
    let size = SIZES[mailbox];
    let first = time::date(FIRST.0, FIRST.1, FIRST.2);
    if number >= size {
        // Two and two arrived in the same second.
        return first - ((number - size) as i64 / 2 + 1) * 300 * SECOND;
    }
    // Every seventh arrived in the same second as the one before.
    let number = if number % 7 == 6 { number - 1 } else { number };
    let step = SPAN / size as i64;
    let jitter =
        SplitMix::of(&[51, mailbox as u64, number as u64]).below((step / SECOND) as u64) as i64;
    first + number as i64 * step / SECOND * SECOND + jitter * SECOND
}

/// The text of the body, without markup.
pub fn text(facts: &Facts) -> String {
    if facts.imported {
        return String::new();
    }
    let mut random = SplitMix::of(&[52, facts.seed]);
    let count = 2 + random.below(8);
    let sentences: Vec<&str> = (0..count).map(|_| random.pick(SENTENCES)).collect();
    format!(
        "{}\r\n\r\n{}",
        facts.subject.as_deref().unwrap_or("Hello,"),
        sentences.join(" ")
    )
}

fn subject(mailbox: &Mailbox, number: usize, random: &mut SplitMix) -> Option<String> {
    let folder = &mailbox.folders[mailbox.folder(number)];
    // FACTS 1.1: Teams chats lie in a hidden folder, with the subject "IM".
    if folder.hidden {
        return Some("IM".into());
    }
    let lot = random.below(40);
    match random.below(100) {
        0..=2 => None,
        3 => Some(
            format!("Very long: {}", "lorem ipsum dolor sit amet ".repeat(9))
                .trim()
                .to_string(),
        ),
        _ => Some(random.pick(SUBJECTS).replace("{}", &lot.to_string())),
    }
}

fn kind(folder: usize, lot: u64) -> &'static str {
    match lot {
        _ if folder == DRAFTS || folder == SENT => "message",
        0..=2 => "eventMessageRequest",
        3 => "eventMessageResponse",
        _ => "message",
    }
}

fn recipients(
    users: &[User],
    first: (String, String),
    draft: bool,
    random: &mut SplitMix,
) -> [Vec<(String, String)>; 4] {
    let mut some = |percent: u64, most: u64| {
        let count = if random.percent(percent) {
            1 + random.below(most)
        } else {
            0
        };
        (0..count)
            .map(|_| correspondent(users, random.below(1_000)))
            .collect::<Vec<_>>()
    };
    let mut to = some(40, 4);
    let (cc, bcc, reply) = (some(30, 3), some(3, 1), some(4, 1));
    if !draft || !to.is_empty() {
        to.insert(0, first);
    }
    [to, cc, bcc, reply]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::{mailbox, people};

    #[test]
    fn dates_rise_and_stay_within_two_years() {
        for number in 1..1_200 {
            assert!(received(0, number) >= received(0, number - 1), "{number}");
        }
        assert_eq!(received(0, 5), received(0, 6));
        assert!(
            received(0, 0) >= time::date(2024, 12, 1)
                && received(0, 1_199) < time::date(2026, 12, 1)
        );
        assert!(received(0, 1_200) < time::date(2024, 12, 1));
    }

    #[test]
    fn the_hard_cases_are_there() {
        let users = people::all();
        let mailbox = &mailbox::all(0)[0];
        let all: Vec<Facts> = (0..mailbox.length())
            .map(|number| facts(mailbox, &users, number))
            .collect();
        let subjects: Vec<&str> = all
            .iter()
            .filter_map(|facts| facts.subject.as_deref())
            .collect();
        assert!(
            all.iter().any(|facts| facts.subject.is_none())
                && all.iter().any(|facts| facts.from.is_none())
        );
        for needle in [
            "O'Brien",
            "50%",
            "snake_case",
            "🎉",
            "Lunch?",
            "lunch?",
            "IM",
        ] {
            assert!(
                subjects.iter().any(|subject| subject.contains(needle)),
                "{needle}"
            );
        }
        assert!(subjects.iter().any(|subject| subject.len() > 200) && subjects.contains(&""));
        assert!(
            all.iter()
                .any(|facts| facts.type_name == "eventMessageRequest")
        );
        assert!(
            all.iter()
                .any(|facts| facts.inline == 1 && facts.attachments == 0)
        );
    }
}
