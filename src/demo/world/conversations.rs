//! The mail of the Microsoft 365 groups: conversations, their threads, the posts in them.

use super::groups::is_unified;
use super::message::correspondent;
use super::opaque;
use super::people::User;
use crate::demo::random::{SplitMix, mix};
use crate::demo::time::{self, DAY, SECOND};

/// One thread of a conversation of a group.
#[derive(Clone, Copy)]
pub struct Thread {
    /// Place of the group.
    pub group: usize,
    /// Number of the conversation, 0 the newest.
    pub conversation: usize,
    /// Its number in the conversation.
    pub number: usize,
}

/// One post.
pub struct Post {
    /// When.
    pub at: i64,
    /// Name and address of who wrote it; empty where it is not known.
    pub from: (String, String),
    /// HTML without a frame; a post may be nothing but its attachments.
    pub body: Option<String>,
    /// Something is attached.
    pub attachments: bool,
    /// Categories.
    pub categories: &'static [&'static str],
}

/// How many conversations a group has. The eighth group, for one, has none.
pub fn conversations(group: usize) -> usize {
    match group {
        0 => 45,
        2 => 12,
        3 => 7,
        8 => 0,
        other if is_unified(other) => other % 5,
        _ => 0,
    }
}

/// How many threads a conversation has.
pub fn threads(conversation: usize) -> usize {
    if conversation % 5 == 2 { 2 } else { 1 }
}

/// All threads of a group.
pub fn all(group: usize) -> Vec<Thread> {
    let of = |conversation: usize| {
        (0..threads(conversation)).map(move |number| Thread {
            group,
            conversation,
            number,
        })
    };
    (0..conversations(group)).flat_map(of).collect()
}

/// The id of a conversation.
pub fn conversation_id(group: usize, conversation: usize) -> String {
    opaque::id("AAQkADk0", &[1, group as u64, conversation as u64])
}

const TOPICS: &[Option<&str>] = &[
    Some("Offsite in München"),
    Some("RE: O'Brien's 50% offer"),
    Some("Lunch 🎉"),
    Some("lunch 🎉"),
    None,
    Some("\"Quoted\" / slashed topic"),
    Some(""),
];

/// Group and conversation in which somebody outside asks for money to be sent elsewhere.
const FRAUD: (usize, usize) = (2, 2);
/// Group and conversation with more than a page of posts.
const LONG: (usize, usize) = (0, 0);

impl Thread {
    fn parts(&self, purpose: u64) -> [u64; 4] {
        [
            purpose,
            self.group as u64,
            self.conversation as u64,
            self.number as u64,
        ]
    }

    fn seed(&self) -> u64 {
        mix(&self.parts(270))
    }

    fn is_long(&self) -> bool {
        (self.group, self.conversation) == LONG && self.number == 0
    }

    /// Its id.
    pub fn id(&self) -> String {
        opaque::id("AAQkAGM0", &self.parts(2))
    }

    /// The id of one of its posts.
    pub fn post_id(&self, post: usize) -> String {
        opaque::id("AAMkADg5", &[&self.parts(3)[..], &[post as u64]].concat())
    }

    /// Topic.
    pub fn topic(&self) -> Option<&'static str> {
        if (self.group, self.conversation) == FRAUD {
            return Some("New bank account of Fabrikam");
        }
        if self.is_long() {
            return Some("Who takes the on-call shift?");
        }
        TOPICS[(mix(&[271, self.group as u64, self.conversation as u64]) % 7) as usize]
    }

    /// Nobody may answer any more.
    pub fn locked(&self) -> bool {
        self.seed() % 9 == 4
    }

    /// How many posts it has.
    pub fn posts(&self) -> usize {
        if self.is_long() {
            25
        } else {
            1 + (self.seed() % 4) as usize
        }
    }

    /// A post, 0 the oldest.
    pub fn post(&self, users: &[User], post: usize) -> Post {
        let mut random = SplitMix::of(&[self.seed(), post as u64]);
        let newest = time::date(2026, 11, 28) + 15 * 3_600 * SECOND;
        let begun = newest - self.conversation as i64 * 5 * DAY;
        let at = begun + self.number as i64 * 7_200 * SECOND + post as i64 * 1_800 * SECOND
            - random.below(1_000) as i64 * SECOND;
        let (group, conversation) = (self.group, self.conversation);
        if (group, conversation) == FRAUD && post == 0 {
            return Post {
                at,
                from: ("Fabrikam Orders".into(), "orders+eu@fabrikam.com".into()),
                body: Some("Please pay all open invoices to our new account from now on.".into()),
                attachments: true,
                categories: &[],
            };
        }
        let mut from = correspondent(users, random.draw() % 1_000);
        // Some say nothing, some come without a name, and some are of people who are gone.
        let lot = mix(&[272, self.seed(), post as u64]) % 8;
        match lot {
            1 => from.0.clear(),
            3 => from.1.clear(),
            _ => {}
        }
        Post {
            at,
            from,
            body: (lot != 0)
                .then(|| format!("Post {post}: 50% &amp; &quot;more&quot;, O'Brien – ü")),
            attachments: random.percent(20) || lot == 0,
            categories: random.pick(&[&[], &[], &["Blue category"]]),
        }
    }
}
