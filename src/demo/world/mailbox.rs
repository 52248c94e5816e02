//! The twelve mailboxes: their folders, and which message lies in which.

use std::sync::OnceLock;

use super::people::MAILBOXES;
use crate::demo::random::SplitMix;

/// Messages per mailbox, 5,000 in all; the last mailbox has none.
pub const SIZES: [usize; MAILBOXES] = [1_200, 900, 700, 600, 450, 350, 250, 200, 150, 120, 80, 0];

/// One mailbox.
pub struct Mailbox {
    /// Its number, which is its owner's place.
    pub number: usize,
    /// The folders; the first is the root.
    pub folders: Vec<Folder>,
    /// The folder of each message that is not extra.
    pub folder_of: Vec<usize>,
    /// Extra messages, all in the inbox, all older than the others.
    pub extra: usize,
}

/// One folder.
pub struct Folder {
    /// Display name.
    pub name: &'static str,
    /// The place of the parent; the root is its own.
    pub parent: usize,
    /// The locale-independent name, if it has one.
    pub well_known: Option<&'static str>,
    /// Shown only with `includeHiddenFolders=true`.
    pub hidden: bool,
    /// A search folder shows what its subject filter finds.
    pub search: Option<&'static str>,
    /// How likely a message is to lie here.
    weight: u64,
    /// Its messages, oldest first.
    pub messages: Vec<usize>,
    /// How many messages it shows and how many of them are unread: counted when first asked for.
    pub counts: OnceLock<(usize, usize)>,
}

/// The place of the root folder.
pub const ROOT: usize = 0;
/// The place of the inbox.
pub const INBOX: usize = 1;
/// The place of the drafts folder.
pub const DRAFTS: usize = 2;
/// The place of the deleted items folder.
pub const DELETED: usize = 4;
/// The place of the sent items folder.
pub const SENT: usize = 3;

/// The place of the archive folder.
pub const ARCHIVE: usize = 7;

/// Name, parent, well-known name, hidden, weight. Names repeat under different parents, and hold what paths find hard.
type Plan = (&'static str, usize, &'static str, bool, u64);

const EVERYWHERE: &[Plan] = &[
    ("Top of Information Store", 0, "msgfolderroot", false, 0),
    ("Inbox", 0, "inbox", false, 50),
    ("Drafts", 0, "drafts", false, 3),
    ("Sent Items", 0, "sentitems", false, 12),
    ("Deleted Items", 0, "deleteditems", false, 5),
    ("Junk Email", 0, "junkemail", false, 4),
    ("Outbox", 0, "outbox", false, 0),
    ("Archive", 0, "archive", false, 6),
    ("Conversation History", 0, "conversationhistory", true, 2),
    ("Clutter", 0, "clutter", false, 1),
    ("Sync Issues", 0, "syncissues", true, 0),
    ("Conflicts", 10, "conflicts", true, 0),
    ("Local Failures", 10, "localfailures", true, 0),
    ("Server Failures", 10, "serverfailures", true, 0),
    ("Scheduled", 0, "scheduled", true, 0),
    ("Projects", 1, "", false, 3),
    ("2025", 15, "", false, 2),
    ("Q1/Q2", 16, "", false, 2),
    ("O'Brien", 17, "", false, 1),
    ("Projects", 0, "", false, 2),
    ("2025", 19, "", false, 2),
];

const FIRST_ONLY: &[Plan] = &[
    ("Müller & Söhne", 1, "", false, 2),
    ("Receipts 100%", 1, "", false, 2),
    ("snake_case", 0, "", false, 1),
    ("Customers", 19, "", false, 0),
    ("Adatum", 24, "", false, 1),
    ("Contoso", 24, "", false, 1),
    ("CONTOSO", 24, "", false, 1),
    ("Fabrikam", 24, "", false, 1),
    ("Litware", 24, "", false, 1),
    ("Northwind", 24, "", false, 1),
    ("Proseware", 24, "", false, 0),
    ("Tailspin \"Toys\"", 24, "", false, 1),
    ("Trey #1", 24, "", false, 1),
    ("VanArsdel + Co", 24, "", false, 1),
    ("Wingtip 🎉", 24, "", false, 1),
    ("Woodgrove", 24, "", false, 0),
];

/// All mailboxes; the first gets the extra messages.
pub fn all(extra: usize) -> Vec<Mailbox> {
    (0..MAILBOXES)
        .map(|number| mailbox(number, if number == 0 { extra } else { 0 }))
        .collect()
}

impl Mailbox {
    /// How many messages there are.
    pub fn length(&self) -> usize {
        self.folder_of.len() + self.extra
    }

    /// The message at a place of the newest-first order of the whole mailbox.
    pub fn newest(&self, position: usize) -> usize {
        let stored = self.folder_of.len();
        if position < stored {
            stored - 1 - position
        } else {
            position
        }
    }

    /// How many messages a folder holds.
    pub fn folder_length(&self, folder: usize) -> usize {
        self.folders[folder].messages.len() + if folder == INBOX { self.extra } else { 0 }
    }

    /// The message at a place of the newest-first order of a folder.
    pub fn newest_in(&self, folder: usize, position: usize) -> usize {
        let messages = &self.folders[folder].messages;
        if position < messages.len() {
            messages[messages.len() - 1 - position]
        } else {
            position - messages.len() + self.folder_of.len()
        }
    }

    /// The folder of a message.
    pub fn folder(&self, message: usize) -> usize {
        self.folder_of.get(message).copied().unwrap_or(INBOX)
    }
}

fn mailbox(number: usize, extra: usize) -> Mailbox {
    let own = if number == 0 { FIRST_ONLY } else { &[] };
    let mut folders: Vec<Folder> = EVERYWHERE.iter().chain(own).map(folder).collect();
    if number == 0 {
        folders.push(Folder {
            search: Some("weekly digest"),
            ..folder(&("Weekly digests", ROOT, "", false, 0))
        });
    }
    let total: u64 = folders.iter().map(|folder| folder.weight).sum();
    let mut folder_of = Vec::with_capacity(SIZES[number]);
    for message in 0..SIZES[number] {
        let mut lot = SplitMix::of(&[40, number as u64, message as u64]).below(total);
        let place = folders
            .iter()
            .position(|folder| {
                let hit = lot < folder.weight;
                lot = lot.saturating_sub(folder.weight);
                hit
            })
            .unwrap_or(INBOX);
        folders[place].messages.push(message);
        folder_of.push(place);
    }
    Mailbox {
        number,
        folders,
        folder_of,
        extra,
    }
}

fn folder(plan: &Plan) -> Folder {
    let (name, parent, well_known, hidden, weight) = *plan;
    Folder {
        name,
        parent,
        well_known: (!well_known.is_empty()).then_some(well_known),
        hidden,
        search: None,
        weight,
        messages: Vec::new(),
        counts: OnceLock::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_thousand_messages_in_all() {
        let boxes = all(0);
        assert_eq!(boxes.iter().map(Mailbox::length).sum::<usize>(), 5_000);
        for mailbox in &boxes {
            let filed: usize = (0..mailbox.folders.len())
                .map(|folder| mailbox.folder_length(folder))
                .sum();
            assert_eq!(filed, mailbox.length());
        }
        assert!(boxes[0].folders[INBOX].messages.len() > 400);
        let below = boxes[0].folders.iter().filter(|it| it.parent == 24);
        assert_eq!(below.count(), 12);
    }

    #[test]
    fn extra_messages_are_the_oldest_of_the_inbox() {
        let mailbox = &all(1_000_000)[0];
        assert_eq!(mailbox.length(), 1_001_200);
        assert_eq!(
            (
                mailbox.newest(0),
                mailbox.newest(1_199),
                mailbox.newest(1_200)
            ),
            (1_199, 0, 1_200)
        );
        let own = mailbox.folders[INBOX].messages.len();
        assert_eq!(mailbox.newest_in(INBOX, own), 1_200);
        assert_eq!(mailbox.folder(1_000_000), INBOX);
    }
}
