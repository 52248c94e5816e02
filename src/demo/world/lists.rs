//! The lists of the sites: their columns, indexed or not, and the values of their items.

use serde_json::{Map, Value, json};

use super::sites::Site;
use crate::demo::random::{SplitMix, guid, mix};
use crate::demo::time::{self, DAY, SECOND};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// One line of text.
    Text,
    /// Several lines.
    Note,
    /// One of these.
    Choice(&'static [&'static str]),
    /// A number.
    Number,
    /// An amount.
    Currency,
    /// An instant.
    DateTime,
    /// Yes or no.
    Boolean,
    /// A user.
    Person,
    /// An item of the list with this title.
    Lookup(&'static str),
    /// An address.
    Link,
    /// What a formula gives.
    Calculated,
}

/// One column.
pub struct Column {
    /// The name in `fields`: what is not a letter or digit is written `_xNNNN_`.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether the service lets it be filtered and sorted.
    pub indexed: bool,
    /// Set by the service.
    pub read_only: bool,
}

const fn column(name: &'static str, title: &'static str, kind: Kind, indexed: bool) -> Column {
    Column {
        name,
        title,
        kind,
        indexed,
        read_only: false,
    }
}

const fn service(name: &'static str, title: &'static str, kind: Kind) -> Column {
    Column {
        name,
        title,
        kind,
        indexed: false,
        read_only: true,
    }
}

/// Columns that every list has.
const EVERYWHERE: &[Column] = &[
    service("ID", "ID", Kind::Number),
    service("ContentType", "Content Type", Kind::Text),
    service("Created", "Created", Kind::DateTime),
    service("Modified", "Modified", Kind::DateTime),
    service("Author", "Created By", Kind::Person),
    service("Editor", "Modified By", Kind::Person),
    service("Attachments", "Attachments", Kind::Boolean),
];

const ISSUES: &[Column] = &[
    column("Title", "Title", Kind::Text, false),
    column("Reference", "Reference", Kind::Text, true),
    column(
        "Status",
        "Status",
        Kind::Choice(&["Open", "In progress", "Waiting for O'Brien", "Closed"]),
        true,
    ),
    column("Priority", "Priority (1-5)", Kind::Number, false),
    column("Score", "Score", Kind::Number, true),
    column("DueDate", "Due Date", Kind::DateTime, true),
    column("AssignedTo", "Assigned To", Kind::Person, false),
    column("Budget", "Budget", Kind::Currency, false),
    column("Notes", "Notes", Kind::Note, false),
    column("Customer", "Customer", Kind::Lookup("Customers"), true),
    column("Done", "Done?", Kind::Boolean, true),
    column("Link", "Link", Kind::Link, false),
    column("Gr_x00f6__x00df_e", "Größe", Kind::Text, false),
    column("Age", "Age", Kind::Calculated, false),
];

const CUSTOMERS: &[Column] = &[
    column("Title", "Name", Kind::Text, true),
    column("City", "City", Kind::Text, false),
    column("Rating", "Rating", Kind::Number, false),
];

const LIBRARY: &[Column] = &[
    column("Title", "Title", Kind::Text, false),
    service("FileLeafRef", "Name", Kind::Text),
    service("FileSizeDisplay", "File Size", Kind::Text),
];

/// Names in the list of customers: an item's text is looked up there.
pub const CUSTOMER_NAMES: &[&str] = &[
    "Adatum",
    "Contoso",
    "CONTOSO",
    "Fabrikam",
    "Litware",
    "Müller & Söhne",
    "O'Brien Ltd.",
    "100% Rabatt",
    "Tailspin \"Toys\"",
    "wingtip_toys",
    "李伟",
    "Zoë 🎉",
];

/// What the items of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Issues, this many numbers with gaps.
    Issues(usize),
    /// The customers.
    Customers,
    /// The items of a drive, by its name.
    Files(&'static str),
    /// None.
    Nothing,
}

/// One list.
pub struct List {
    /// Number of its site.
    pub site: usize,
    /// Its number there.
    pub number: usize,
    /// Id.
    pub id: String,
    /// The name in addresses.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// `genericList`, `documentLibrary`, …
    pub template: &'static str,
    /// Not shown unless `system` is selected.
    pub hidden: bool,
    /// Made by the service.
    pub system: bool,
    /// Its items.
    pub content: Content,
}

type Plan = (&'static str, &'static str, &'static str, Content);

const ROOT: &[Plan] = &[
    (
        "Shared Documents",
        "Documents",
        "documentLibrary",
        Content::Files("Documents"),
    ),
    (
        "Reports 100",
        "Reports 100%",
        "documentLibrary",
        Content::Files("Reports 100%"),
    ),
    ("Issues", "Issues", "genericList", Content::Issues(270)),
    ("Customers", "Customers", "genericList", Content::Customers),
    (
        "Wunschliste",
        "O'Brien's Größen / 🎉",
        "genericList",
        Content::Nothing,
    ),
    (
        "Style Library",
        "Style Library",
        "documentLibrary",
        Content::Nothing,
    ),
    (
        "users",
        "User Information List",
        "userInformation",
        Content::Nothing,
    ),
];

/// The lists of a site: the root has most; others have a library, and all but some have issues and customers.
pub fn lists(site: &Site) -> Vec<List> {
    let number = site.number;
    let issues: [Plan; 3] = [
        (
            "Shared Documents",
            "Documents",
            "documentLibrary",
            Content::Nothing,
        ),
        (
            "Issues",
            "Issues",
            "genericList",
            Content::Issues(number * 7 % 40),
        ),
        ("Customers", "Customers", "genericList", Content::Customers),
    ];
    let plans = match number {
        0 => ROOT,
        n if n % 11 == 10 => &issues[..1],
        _ => &issues[..],
    };
    let list = |(place, (name, title, template, content)): (usize, &Plan)| List {
        site: number,
        number: place,
        id: guid(&[250, number as u64, place as u64]),
        name,
        title,
        template,
        hidden: ["Style Library", "users"].contains(name),
        system: *name == "users",
        content: *content,
    };
    plans.iter().enumerate().map(list).collect()
}

impl List {
    /// The columns, those of every list last.
    pub fn columns(&self) -> impl Iterator<Item = &'static Column> {
        let own = match self.content {
            Content::Issues(_) => ISSUES,
            Content::Customers => CUSTOMERS,
            _ if self.template == "documentLibrary" => LIBRARY,
            _ => &ISSUES[..1],
        };
        own.iter().chain(EVERYWHERE)
    }

    /// The column with a name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns().find(|column| column.name == name)
    }

    /// Ids of the items that are not files: whole numbers, the same in every list, with gaps where items were deleted.
    pub fn ids(&self) -> Vec<usize> {
        match self.content {
            Content::Issues(last) => (1..=last).filter(|id| id % 7 != 3).collect(),
            Content::Customers => (1..=CUSTOMER_NAMES.len()).collect(),
            Content::Files(_) | Content::Nothing => Vec::new(),
        }
    }

    fn seed(&self, id: usize) -> u64 {
        mix(&[251, self.site as u64, self.number as u64, id as u64])
    }

    /// When an item was made, and when it was changed.
    pub fn times(&self, id: usize) -> (i64, i64) {
        let mut random = SplitMix::of(&[self.seed(id)]);
        let created =
            time::date(2025, 1, 10) + id as i64 * 2 * DAY + random.below(86_400) as i64 * SECOND;
        (created, created + random.below(50) as i64 * DAY)
    }

    /// Places of who made an item and who changed it.
    pub fn people(&self, id: usize) -> (usize, usize) {
        let seed = self.seed(id);
        ((seed % 12) as usize, (seed / 16 % 12) as usize)
    }

    /// The values of an item that the service does not set; those without a value are absent.
    pub fn values(&self, id: usize) -> Map<String, Value> {
        let value = match self.content {
            Content::Issues(_) => issue(id, &mut SplitMix::of(&[self.seed(id), 1])),
            _ => customer(id),
        };
        let mut map = Map::new();
        if let Value::Object(all) = value {
            map.extend(all.into_iter().filter(|(_, value)| !value.is_null()));
        }
        map
    }
}

const TITLES: &[&str] = &[
    "Printer & scanner {}",
    "O'Brien called {}",
    "100% CPU {}",
    "Größe falsch {}",
    "printer {}",
    "PRINTER {}",
    "🎉 {}",
    "a/b \"quoted\" {}",
];

fn issue(id: usize, random: &mut SplitMix) -> Value {
    let due = random
        .percent(70)
        .then(|| time::show(time::date(2026, 1, 5) + random.below(360) as i64 * DAY));
    let status = random.pick(&[
        "Open",
        "Open",
        "In progress",
        "Waiting for O'Brien",
        "Closed",
    ]);
    json!({
        "Title": random.pick(TITLES).replace("{}", &id.to_string()),
        "Reference": (id % 10 != 5).then(|| format!("{}-{id:04}", if id.is_multiple_of(2) { "REF" } else { "ref" })),
        "Status": (id % 17 != 4).then_some(status),
        "Priority": random.percent(80).then(|| 1 + random.below(5)),
        "Score": random.percent(80).then(|| random.below(1_000) as f64 / 4.0),
        "DueDate": due,
        "AssignedToLookupId": random.percent(60).then(|| (1 + random.below(12)).to_string()),
        "Budget": random.percent(30).then(|| random.below(100_000) as f64 / 100.0),
        "Notes": random.percent(40).then(|| format!("Line 1 of {id}\r\n50% \"done\" & ü")),
        "CustomerLookupId": random.percent(70).then(|| (1 + random.below(CUSTOMER_NAMES.len() as u64)).to_string()),
        "Done": (id % 9 != 8).then_some(status == "Closed"),
        "Link": (id % 8 == 1).then(|| json!({"Url": format!("https://example.com/i/{id}?a=b&c=d"), "Description": "see \"here\""})),
        "Gr_x00f6__x00df_e": random.percent(50).then_some("50 %"),
        "Age": format!("{} days", random.below(400)),
    })
}

fn customer(id: usize) -> Value {
    json!({
        "Title": CUSTOMER_NAMES.get(id - 1),
        "City": (!id.is_multiple_of(3)).then_some(["München", "Seattle"][id % 2]),
        "Rating": (!id.is_multiple_of(4)).then_some(id % 5),
    })
}
