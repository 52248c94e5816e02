//! The contacts of the mailboxes: colleagues, people who write mails, and people nobody else knows; and the folders they lie in.

use serde_json::{Map, Value, json};

use super::names::OUTSIDE;
use super::people::{MAILBOXES, User};
use crate::demo::query::row::Row;
use crate::demo::random::SplitMix;
use crate::demo::time::{self, DAY, SECOND};

/// Contacts in the default folder of each mailbox; the last mailbox has none.
const DEFAULT: [usize; MAILBOXES] = [260, 48, 40, 33, 27, 22, 17, 14, 11, 9, 5, 0];

/// A folder beside the default one: name, parent, contacts. Names repeat and hold what paths and literals find hard.
type Plan = (Option<&'static str>, usize, usize);

const FIRST_FOLDERS: &[Plan] = &[
    (Some("Friends & Family"), 0, 12),
    (Some("O'Brien's clients"), 0, 25),
    (Some("Kunden 100%"), 0, 8),
    (Some("A/B \"Test\""), 2, 6),
    (Some("2025"), 4, 3),
    (Some("Empty 🎉"), 0, 0),
    (Some("snake_case"), 0, 2),
    (Some("Suppliers"), 0, 7),
    (Some("SUPPLIERS"), 0, 2),
    (Some("Müller"), 0, 1),
    (Some("Old phone"), 0, 4),
    (Some("Rotary #3"), 0, 5),
    (Some("Band + Choir"), 0, 3),
    (Some("2025"), 0, 1),
];
const OTHER_FOLDERS: &[Plan] = &[
    (Some("Friends & Family"), 0, 4),
    (Some("Suppliers"), 0, 3),
    // A phone made it and gave it no name.
    (None, 0, 1),
];

/// One folder; the first of a mailbox is the default one.
pub struct Folder {
    /// Display name.
    pub name: Option<&'static str>,
    /// The place of the parent; the default folder is its own.
    pub parent: usize,
    /// The number of its first contact.
    pub first: usize,
    /// How many contacts it holds.
    pub length: usize,
}

/// The folders of a mailbox.
pub fn folders(mailbox: usize) -> Vec<Folder> {
    let own = match mailbox {
        0 => FIRST_FOLDERS,
        last if last + 1 == MAILBOXES => &[],
        _ => OTHER_FOLDERS,
    };
    let mut first = 0;
    let default = (Some("Contacts"), 0, DEFAULT[mailbox]);
    let folder = |(name, parent, length): Plan| {
        let folder = Folder {
            name,
            parent,
            first,
            length,
        };
        first += length;
        folder
    };
    std::iter::once(default)
        .chain(own.iter().copied())
        .map(folder)
        .collect()
}

/// How many contacts a mailbox has in all its folders.
pub fn length(mailbox: usize) -> usize {
    folders(mailbox).iter().map(|folder| folder.length).sum()
}

const GIVEN: &[&str] = &[
    "Anna", "Bruno", "Chloé", "Dmitri", "Eun-ji", "Fátima", "Gustav", "Hiro", "Inês", "Jack",
    "Kwame", "Lucía", "Mohammed", "Nour", "Ólafur", "Priya", "Quentin", "Rosa", "Sven", "Thuy",
    "Ulrike", "Vera", "Wiktor", "小明",
];
const SURNAMES: &[&str] = &[
    "O'Neill",
    "D'Angelo",
    "von der Heide",
    "Smith-Jones",
    "de la Cruz",
    "Nguyễn",
    "Öztürk",
    "Under_score",
    "Kowalska",
    "Li",
    "Okafor",
    "Petrov",
    "Silva",
    "Tanaka",
    "Weiß",
    "McDonald",
    "Andersson",
    "Bauer",
    "Costa",
    "Dubois",
    "Evans",
    "Fischer",
    "王",
];
/// Company and mail domain; two differ in case only.
const COMPANIES: &[(Option<&str>, &str)] = &[
    (Some("Adatum"), "adatum.com"),
    (Some("ADATUM"), "Adatum.com"),
    (Some("Fabrikam & Söhne"), "fabrikam.com"),
    (Some("Litware \"Labs\""), "litware.com"),
    (Some("Northwind 50%"), "northwind.example"),
    (Some("Wingtip Toys"), "wingtiptoys.com"),
    (None, "mail.example"),
];
const TITLES: &[Option<&str>] = &[
    Some("Buyer"),
    Some("Head of R&D"),
    None,
    Some("buyer"),
    Some("Sachbearbeiterin"),
];

/// Who a contact is, before anything is said about them.
struct Person {
    display: Option<String>,
    given: Option<String>,
    surname: Option<String>,
    company: Option<String>,
    department: Value,
    job: Value,
    /// Name and address.
    mails: Vec<(String, String)>,
}

/// The properties of a contact that its mailbox does not decide.
pub fn properties(mailbox: usize, users: &[User], number: usize) -> Map<String, Value> {
    let mut random = SplitMix::of(&[200, mailbox as u64, number as u64]);
    let person = match number % 8 {
        0 => colleague(users, number / 8, &mut random),
        1 => outsider(number / 8),
        _ => stranger(number, &mut random),
    };
    let mut map = Map::new();
    map.extend(names(&person, number, &mut random));
    map.extend(ways(&person, number, &mut random));
    map.extend(life(number, &mut random));
    map
}

/// Somebody of the tenant. One in four contacts is out of date: another job, and the address of before.
fn colleague(users: &[User], turn: usize, random: &mut SplitMix) -> Person {
    let user = &users[turn % 42];
    let stale = random.percent(25);
    let text = |name: &str| user.property(name).as_str().map(String::from);
    let address = match &user.mail {
        Some(_) if stale => user
            .upn
            .split('@')
            .next()
            .map(|local| format!("{local}@oldcorp.example")),
        mail => mail.clone(),
    };
    Person {
        display: Some(user.name.clone()),
        given: text("givenName"),
        surname: text("surname"),
        company: Some("Contoso".into()),
        department: user.property("department"),
        job: if stale {
            json!("Intern")
        } else {
            user.property("jobTitle")
        },
        mails: address
            .map(|address| (user.name.clone(), address))
            .into_iter()
            .collect(),
    }
}

/// Somebody who writes to the tenant. Every other round spells the address in capitals: the same person twice.
fn outsider(turn: usize) -> Person {
    let (name, address) = OUTSIDE[turn % OUTSIDE.len()];
    let again = (turn / OUTSIDE.len()) % 2 == 1;
    let address = if again {
        address.to_uppercase()
    } else {
        address.to_string()
    };
    let (given, surname) = name.split_once(' ').unwrap_or((name, ""));
    Person {
        display: Some(name.into()),
        given: Some(given.into()),
        surname: (!surname.is_empty()).then(|| surname.to_string()),
        company: None,
        department: Value::Null,
        job: Value::Null,
        mails: vec![(name.into(), address)],
    }
}

fn stranger(number: usize, random: &mut SplitMix) -> Person {
    let (given, surname) = (random.pick(GIVEN), random.pick(SURNAMES));
    let (company, domain) = random.pick(COMPANIES);
    let name = match number % 50 {
        // A firm and nobody's name, a taxi, and a name as long as a sentence.
        2 => None,
        3 => Some("Taxi 🚕".to_string()),
        4 => Some(
            format!("{given} {surname} {}", "the Third ".repeat(20))
                .trim()
                .to_string(),
        ),
        _ => Some(format!("{given} {surname}")),
    };
    let alone = matches!(number % 50, 2 | 3);
    let count = match number % 20 {
        2 | 3 | 13 => 0,
        6 => 3,
        11 | 17 => 2,
        _ => 1,
    };
    let local = |part: usize| ["work", "home", "50%_off"][part].to_string();
    let mails = (0..count).map(|part| {
        let shown = name.clone().unwrap_or_default();
        (shown, format!("{}{number}@{domain}", local(part)))
    });
    Person {
        mails: mails.collect(),
        display: name,
        given: (!alone).then(|| given.to_string()),
        surname: (!alone).then(|| surname.to_string()),
        company: company.map(String::from),
        department: json!(random.pick(&[Some("Purchasing"), None, Some("Büro")])),
        job: json!(random.pick(TITLES)),
    }
}

fn names(person: &Person, number: usize, random: &mut SplitMix) -> Map<String, Value> {
    let one_in = |n: usize, text: &str| number.is_multiple_of(n).then(|| text.to_string());
    let initial = |name: &Option<String>| name.as_ref().and_then(|name| name.chars().next());
    let initials: Option<String> = initial(&person.given)
        .zip(initial(&person.surname))
        .map(|(given, surname)| format!("{given}.{surname}."));
    let file_as = match (&person.surname, &person.given) {
        (Some(surname), Some(given)) => Some(format!("{surname}, {given}")),
        _ => person.company.clone(),
    };
    object(json!({
        "displayName": person.display,
        "givenName": person.given,
        "surname": person.surname,
        "initials": initials.filter(|_| random.percent(60)),
        "fileAs": file_as,
        "middleName": one_in(9, "Maria"),
        "nickName": one_in(7, "Bob \"the builder\""),
        "title": one_in(6, "Dr."),
        "generation": one_in(23, "Jr."),
        "yomiGivenName": one_in(24, "ひろ"),
        "yomiSurname": one_in(24, "たなか"),
        "yomiCompanyName": one_in(48, "アダタム"),
        "companyName": person.company,
        "department": person.department,
        "jobTitle": person.job,
        "profession": one_in(10, "Ingenieur/in"),
        "assistantName": one_in(11, "Kim"),
        "manager": one_in(5, "Megan Bowen"),
        "officeLocation": one_in(4, "18/2111"),
    }))
}

fn ways(person: &Person, number: usize, random: &mut SplitMix) -> Map<String, Value> {
    // Of three the second was typed without a name; the third is a fax with many, which has a name and no address.
    let mails: Vec<Value> = person
        .mails
        .iter()
        .enumerate()
        .map(|(part, (name, address))| match (person.mails.len(), part) {
            (3, 1) => json!({"name": null, "address": address}),
            (3, 2) if number % 40 == 6 => {
                json!({"name": format!("{name} (Business Fax)"), "address": null})
            }
            _ => json!({"name": name, "address": address}),
        })
        .collect();
    let phone = |lot: u64| format!("+49 89 555 {:04}", lot % 10_000);
    let phones = |count: u64, random: &mut SplitMix| -> Vec<String> {
        (0..count).map(|_| phone(random.draw())).collect()
    };
    let (office, home) = (random.below(3), random.below(2));
    object(json!({
        "businessPhones": phones(office, random),
        "homePhones": phones(home, random),
        "mobilePhone": random.percent(40).then(|| phone(random.draw())),
        "imAddresses": if number.is_multiple_of(6) { json!(["sip:im@example.com"]) } else { json!([]) },
        "businessHomePage": number.is_multiple_of(12).then_some("https://example.com/a?b=1&c=2"),
        "businessAddress": address(random, number % 3),
        "homeAddress": address(random, (number + 1) % 5),
        "otherAddress": address(random, (1 + number) % 14),
        "primaryEmailAddress": mails.first(),
        "secondaryEmailAddress": mails.get(1),
        "tertiaryEmailAddress": mails.get(2),
        "emailAddresses": mails,
    }))
}

/// An address nobody filled in is an empty object, not null (user-list-contacts shows it so by leaving it out).
fn address(random: &mut SplitMix, lot: usize) -> Value {
    let street = format!("{} Pike St", 1 + random.below(400));
    match lot {
        0 => {
            json!({"street": street, "city": "Seattle", "state": "WA", "postalCode": "98101", "countryOrRegion": "United States"})
        }
        2 => {
            json!({"street": "Marienplatz 8\r\nHinterhaus", "city": "München", "countryOrRegion": "Germany"})
        }
        _ => json!({}),
    }
}

fn life(number: usize, random: &mut SplitMix) -> Map<String, Value> {
    let created = time::date(2025, 1, 2) + random.below(600 * 86_400) as i64 * SECOND;
    let modified = created + random.below(90) as i64 * DAY;
    let year = 1_950 + random.below(50) as i64;
    // Outlook keeps a day at 11:59 UTC, so that it is the same day almost everywhere.
    let born = time::date(
        year,
        1 + random.below(12) as i64,
        1 + random.below(28) as i64,
    ) + (12 * 60 - 1) * 60 * SECOND;
    let children: &[&str] = match number % 9 {
        4 => &["Max", "Zoë"],
        _ => &[],
    };
    let categories: &[&[&str]] = &[
        &[],
        &[],
        &[],
        &["Blue category"],
        &["Müller's", "Red category"],
    ];
    object(json!({
        "birthday": number.is_multiple_of(3).then(|| time::show(born)),
        "spouseName": number.is_multiple_of(8).then_some("Sam"),
        "children": children,
        "categories": random.pick(categories),
        "personalNotes": match number % 7 { 0 => Some("Met at the fair.\r\nLikes \"tea\" & 50% cocoa."), 1 => Some(""), _ => None },
        "createdDateTime": time::show(created),
        "lastModifiedDateTime": time::show(modified),
    }))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value {
        map
    } else {
        Map::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::schema;
    use crate::demo::world::people;

    #[test]
    fn every_property_exists_and_is_null_somewhere_or_never_can_be() {
        let users = people::all();
        let all: Vec<_> = (0..length(0)).map(|n| properties(0, &users, n)).collect();
        assert_eq!(all.len(), 339);
        for name in all[0].keys() {
            assert!(schema::member("contact", name).is_some(), "{name}");
            let nulls = all.iter().filter(|map| map[name].is_null()).count();
            let filled = ["fileAs", "createdDateTime", "lastModifiedDateTime"];
            let list = all[0][name].is_array() || all[0][name].is_object();
            assert!(nulls < all.len(), "{name} is never set");
            assert!(
                nulls > 0 || list || filled.contains(&name.as_str()),
                "{name} is never null"
            );
        }
    }
}
