//! Outlook ids: long URL-safe base64 texts that say by themselves which item they are, in a form that changes with the folder and one that does not (FACTS 2.9).

use crate::demo::encoding::{base64_url_decode, base64_url_padded};
use crate::demo::random::mix;

/// What an id points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// What kind of thing.
    pub kind: Kind,
    /// In which mailbox.
    pub mailbox: usize,
    /// Its number there.
    pub number: usize,
    /// The part of it: an attachment's number or an occurrence's.
    pub part: usize,
}

/// Kinds of things with Outlook ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message = 1,
    /// A mail folder.
    Folder = 2,
    /// An attachment of a message.
    Attachment = 3,
    /// An event: single instance or series master.
    Event = 4,
    /// A calendar.
    Calendar = 5,
    /// One occurrence of a series.
    Occurrence = 6,
    /// A conversation.
    Conversation = 7,
    /// A change key.
    ChangeKey = 8,
    /// A contact.
    Contact = 9,
    /// A contact folder.
    ContactFolder = 10,
    /// A calendar group.
    CalendarGroup = 11,
}

/// The forms an id comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The ordinary form of items.
    Mutable,
    /// The form that `Prefer: IdType="ImmutableId"` asks for.
    Immutable,
    /// Folders and calendars: always the same.
    Container,
}

/// Leading bytes of each form, and how many bytes of mailbox identity follow; together they give the lengths and the `=` endings of real ids.
const FORMS: [(Form, &str, usize); 3] = [
    (Form::Mutable, "AAMkAGVmMDEz", 52),
    (Form::Immutable, "AAkALgAAAAAAHYQDEapmEc2byACqAC-E", 25),
    (Form::Container, "AQMkADAw", 38),
];
const PAYLOAD: usize = 11;
const CHECK: usize = 8;

/// The id of an item.
pub fn encode(item: Item, form: Form) -> String {
    let (_, prefix, filler) = FORMS
        .into_iter()
        .find(|(known, _, _)| *known == form)
        .unwrap_or(FORMS[0]);
    let mut bytes = base64_url_decode(prefix).unwrap_or_default();
    for i in 0..filler.div_ceil(8) {
        bytes.extend(mix(&[30, item.mailbox as u64, i as u64]).to_be_bytes());
    }
    bytes.truncate(prefix.len() / 4 * 3 + filler);
    let payload = payload(item);
    bytes.extend(payload);
    bytes.extend(check(&payload, form));
    bytes.extend([0; 2]);
    base64_url_padded(&bytes)
}

/// The item of an id and the id's form; `None` when the text is no id of ours.
pub fn decode(text: &str) -> Option<(Item, Form)> {
    let bytes = base64_url_decode(text)?;
    let end = bytes.len().checked_sub(2 + CHECK + PAYLOAD)?;
    let payload: [u8; PAYLOAD] = bytes.get(end..end + PAYLOAD)?.try_into().ok()?;
    let item = read(&payload)?;
    let forms = [Form::Mutable, Form::Immutable, Form::Container];
    // Encoding again catches every altered character, padding included.
    forms
        .into_iter()
        .find(|form| encode(item, *form) == text)
        .map(|form| (item, form))
}

fn payload(item: Item) -> [u8; PAYLOAD] {
    let mut payload = [0; PAYLOAD];
    payload[0] = item.kind as u8;
    payload[1..3].copy_from_slice(&(item.mailbox as u16).to_be_bytes());
    payload[3..7].copy_from_slice(&(item.number as u32).to_be_bytes());
    payload[7..11].copy_from_slice(&(item.part as u32).to_be_bytes());
    payload
}

fn read(payload: &[u8; PAYLOAD]) -> Option<Item> {
    use Kind::{
        Attachment, Calendar, CalendarGroup, ChangeKey, Contact, ContactFolder, Conversation,
        Event, Folder, Message, Occurrence,
    };
    let kinds = [
        Message,
        Folder,
        Attachment,
        Event,
        Calendar,
        Occurrence,
        Conversation,
        ChangeKey,
        Contact,
        ContactFolder,
        CalendarGroup,
    ];
    let number = |range: std::ops::Range<usize>| {
        payload[range]
            .iter()
            .fold(0usize, |number, byte| (number << 8) | usize::from(*byte))
    };
    let kind = kinds.into_iter().find(|kind| *kind as u8 == payload[0])?;
    Some(Item {
        kind,
        mailbox: number(1..3),
        number: number(3..7),
        part: number(7..11),
    })
}

fn check(payload: &[u8], form: Form) -> [u8; CHECK] {
    let parts: Vec<u64> = payload
        .iter()
        .map(|byte| u64::from(*byte))
        .chain([form as u64])
        .collect();
    mix(&parts).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_in_each_form() {
        for (form, length) in [
            (Form::Mutable, 112),
            (Form::Immutable, 96),
            (Form::Container, 88),
        ] {
            let item = Item {
                kind: Kind::Attachment,
                mailbox: 11,
                number: 1_000_004,
                part: 2,
            };
            let id = encode(item, form);
            assert_eq!(decode(&id), Some((item, form)));
            assert_eq!(id.len(), length);
            assert!(id.ends_with('='), "{id}");
            assert_eq!(decode(&id.to_lowercase()), None);
            assert_eq!(decode(id.trim_end_matches('=')), None);
        }
        assert_eq!(decode("AAMk/x"), None);
        assert_eq!(decode(""), None);
    }
}
