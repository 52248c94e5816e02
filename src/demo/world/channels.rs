//! The channels of the teams, and what is said in them: posts, bots, deleted and edited ones, events, replies.

use super::people::User;
use crate::demo::random::{SplitMix, mix};
use crate::demo::time::{self, SECOND};

/// Names of the channels, in the order in which teams have them.
const NAMES: &[&str] = &[
    "General",
    "Launch",
    "O'Brien's corner",
    "100% off-topic",
    "🎉 Events",
    "Größe & Maße",
    "a/b tests",
    "board_members",
    "Support \"tier 2\"",
    "general",
    "Projekt München",
    "李伟",
    "Guests (shared)",
    "Empty",
];

/// One channel.
pub struct Channel {
    /// Place of its team among the groups.
    pub team: usize,
    /// Its number in the team.
    pub number: usize,
    /// `19:…@thread.tacv2`
    pub id: String,
    /// Display name.
    pub name: &'static str,
    /// `standard`, `private`, `shared`.
    pub membership: &'static str,
    /// How many posts, replies not counted.
    pub messages: usize,
}

/// The channels of a team: 14 of the first, fewer of the others, always a general one. The last of several is empty.
pub fn channels(team: usize) -> Vec<Channel> {
    let length = match team {
        0 => NAMES.len(),
        8 => 5,
        other => 1 + other / 4 % 4,
    };
    (0..length)
        .map(|number| channel(team, number, length))
        .collect()
}

fn channel(team: usize, number: usize, length: usize) -> Channel {
    let messages = match (team, number) {
        _ if length > 1 && number + 1 == length => 0,
        (0, 0) => 130,
        (0, 1) | (8, 0) => 55,
        (_, 0) => team % 7 * 3,
        _ => (team + number * 5) % 11,
    };
    Channel {
        team,
        number,
        id: thread(team, number),
        name: NAMES[number],
        membership: match number % 5 {
            2 => "private",
            4 => "shared",
            _ => "standard",
        },
        messages,
    }
}

/// `19:…@thread.tacv2`
pub fn thread(team: usize, number: usize) -> String {
    let part = |salt: u64| mix(&[210, salt, team as u64, number as u64]);
    format!("19:{:016x}{:016x}@thread.tacv2", part(0), part(1))
}

/// What a post or reply is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person wrote it.
    Said,
    /// A bot wrote it.
    Bot,
    /// It was deleted.
    Deleted,
    /// Somebody joined.
    Event,
}

/// One post or reply.
pub struct Message {
    /// Milliseconds since 1970: unique in its channel only, the same ids occur in others.
    pub id: String,
    /// The post that it answers.
    pub reply_to: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Place of who wrote it.
    pub author: usize,
    /// When.
    pub created: i64,
    /// When it was changed.
    pub edited: Option<i64>,
    /// Subject; replies have none.
    pub subject: Option<&'static str>,
    /// Text or HTML.
    pub body: (&'static str, String),
    /// `normal`, `high`, `urgent`.
    pub importance: &'static str,
    /// Places of the users mentioned.
    pub mentions: Vec<usize>,
    /// Place of who reacted, and how.
    pub reactions: Vec<(usize, &'static str)>,
    /// A file goes with it.
    pub file: bool,
    /// Data loss prevention found something.
    pub violation: bool,
}

/// The post of a channel, 0 the newest.
pub fn post(channel: &Channel, members: &[usize], number: usize) -> Message {
    let created = posted(number);
    let mut random = SplitMix::of(&[
        211,
        channel.team as u64,
        channel.number as u64,
        number as u64,
    ]);
    let subject = random.pick(&[
        None,
        None,
        Some("Status"),
        Some("50% & \"more\""),
        Some("Re: O'Brien"),
    ]);
    let mut message = written(members, number, created, None, &mut random);
    message.subject = subject;
    message.violation = (channel.team, channel.number, number) == LEAK;
    if message.violation {
        message.kind = Kind::Said;
        message.body = (
            "text",
            "The VPN password is Spring2026! - please delete".into(),
        );
    }
    message
}

/// Team, channel and number of a post that gives a password away.
const LEAK: (usize, usize, usize) = (8, 0, 3);
/// Team, channel and number of a post with more than a page of replies.
const DEBATE: (usize, usize, usize) = (0, 0, 10);

/// How many replies a post has.
pub fn replies(channel: &Channel, number: usize) -> usize {
    if (channel.team, channel.number, number) == DEBATE {
        return 60;
    }
    (mix(&[
        212,
        channel.team as u64,
        channel.number as u64,
        number as u64,
    ]) % 9)
        .saturating_sub(4) as usize
}

/// A reply to a post, 0 the oldest.
pub fn reply(channel: &Channel, members: &[usize], number: usize, reply: usize) -> Message {
    let created = posted(number) + (reply as i64 + 1) * 5 * 60 * SECOND;
    let seed = [
        213,
        channel.team as u64,
        channel.number as u64,
        number as u64,
        reply as u64,
    ];
    let mut random = SplitMix::of(&seed);
    written(
        members,
        reply,
        created,
        Some(identity(posted(number))),
        &mut random,
    )
}

/// One post every two days or so, back from the end of November 2026; the same instants in every channel.
fn posted(number: usize) -> i64 {
    let newest = time::date(2026, 11, 29) + 16 * 3_600 * SECOND;
    let jitter = (mix(&[214, number as u64]) % 144_000_000) as i64 * (SECOND / 1_000);
    newest - number as i64 * 47 * 3_600 * SECOND - jitter
}

fn identity(created: i64) -> String {
    (created / (SECOND / 1_000)).to_string()
}

const TEXTS: &[&str] = &[
    "Numbers are 100% final & signed",
    "Who takes O'Brien?",
    "Schöne Grüße 🎉",
    "see C:\\temp\\a_b.txt",
    "LUNCH?",
    "lunch?",
    "\"quoted\" text",
    "",
];

fn written(
    members: &[usize],
    number: usize,
    created: i64,
    reply_to: Option<String>,
    random: &mut SplitMix,
) -> Message {
    let kind = match number {
        n if n % 17 == 5 => Kind::Event,
        n if n % 19 == 7 => Kind::Deleted,
        n if n % 13 == 4 => Kind::Bot,
        _ => Kind::Said,
    };
    let one_of = |lot: u64| {
        members
            .get(lot as usize % members.len().max(1))
            .copied()
            .unwrap_or(0)
    };
    let author = one_of(random.draw());
    let text = random.pick(TEXTS);
    let asks = kind == Kind::Said && number % 11 == 3;
    let body = body(kind, number, asks, text);
    let likes = if kind == Kind::Said {
        random.below(4)
    } else {
        0
    };
    Message {
        id: identity(created),
        reply_to,
        kind,
        author,
        created,
        edited: (kind == Kind::Said && random.percent(15)).then_some(created + 90 * SECOND),
        subject: None,
        body,
        importance: if asks {
            "high"
        } else {
            random.pick(&["normal", "normal", "normal", "urgent"])
        },
        mentions: if asks { vec![0] } else { Vec::new() },
        reactions: (0..likes)
            .map(|_| (one_of(random.draw()), random.pick(&["like", "heart", "🎉"])))
            .collect(),
        file: kind == Kind::Said && number % 9 == 2,
        violation: false,
    }
}

/// Content type and content.
fn body(kind: Kind, number: usize, asks: bool, text: &str) -> (&'static str, String) {
    match kind {
        Kind::Event => ("html", "<systemEventMessage/>".to_string()),
        Kind::Deleted => ("html", String::new()),
        _ if asks => (
            "html",
            format!("<div><at id=\"0\">Adele Vance</at>&nbsp;{text}</div>"),
        ),
        _ if number.is_multiple_of(2) => ("html", format!("<p>{}</p>", text.replace('&', "&amp;"))),
        _ => ("text", text.to_string()),
    }
}

/// Who is in a team: members and owners of its group, and the roles they have.
pub fn roles(owners: &[usize], user: &User) -> Vec<&'static str> {
    if owners.contains(&user.index) {
        vec!["owner"]
    } else if user.upn.contains("#EXT#") {
        vec!["guest"]
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_fall_and_replies_stay_between_them() {
        let general = &channels(0)[0];
        let (a, b) = (post(general, &[0, 1], 10), post(general, &[0, 1], 9));
        let last = reply(general, &[0, 1], 10, replies(general, 10) - 1);
        assert!(a.created < last.created && last.created < b.created);
        assert_eq!(a.id, post(&channels(8)[0], &[5], 10).id);
        assert_eq!(last.reply_to.as_deref(), Some(a.id.as_str()));
    }
}
