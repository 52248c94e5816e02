//! The address-book tables: Contacts, ContactFolders and People, over `contact`, `contactFolder` and
//! `person`.
//!
//! A mailbox has no collection of all its contacts: `contacts` is the default folder, every other folder
//! is a collection of its own (FACTS §1.3), and which folder is meant is an input. Of filters only one
//! on addresses is documented; what is said of names is contradictory (FACTS §1.3), so none is sent.

use super::{
    Column, Count, Owner, Role, Service, Table, boolean, collection, input, instant, item_anywhere,
    json, parent, text, written,
};

/// The contacts of one folder.
pub static CONTACTS: Table = Table {
    name: "Contacts",
    doc: "A contact of a mailbox's default folder, or of the folder that ContactFolderId names.",
    question: "Whom does a mailbox have in its address book, and how are they reached?",
    example: "SELECT displayName, companyName, mobilePhone FROM Contacts WHERE displayName <> '' AND mobilePhone IS NOT NULL ORDER BY displayName, id LIMIT 5",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: CONTACT_COLUMNS,
    routes: &[
        collection("{owner}/contacts"),
        collection("{owner}/contactFolders/{ContactFolderId}/contacts"),
        // A/contact-get: a contact of the mailbox, whatever its folder.
        item_anywhere("{owner}/contacts/{id}"),
    ],
    page: 100,
    heavy_page: 100,
    count: Count::Plain,
    writes: Some(&written::CONTACTS),
    permission: "Contacts.Read",
    app_permission: "Contacts.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
pub(super) const CONTACT_COLUMNS: &[Column] = &[
    text("id", "The contact's id, which stays the same when the contact moves to another folder."),
    // What a list of contacts shows.
    text("displayName",                 "The full name of the contact."),
    text("givenName",                   "The first name."),
    text("surname",                     "The family name."),
    text("companyName",                 "The company the contact works for."),
    text("jobTitle",                    "The job title."),
    text("department",                  "The department the contact works in."),
    json("emailAddresses",              "The mail addresses, as an array of {name, address}."),
    text("primaryEmailAddress/address", "The first mail address."),
    text("primaryEmailAddress/name",    "The name that belongs to the first mail address."),
    text("mobilePhone",                 "The mobile telephone number."),
    json("businessPhones",              "The business telephone numbers, as an array of texts."),
    json("homePhones",                  "The private telephone numbers, as an array of texts."),
    json("imAddresses",                 "The addresses for instant messages, as an array of texts."),
    json("categories",                  "The names of the colour categories on the contact, as an array of texts."),
    // Where.
    text("businessAddress/street",          "The street and number of the business address."),
    text("businessAddress/city",            "The city of the business address."),
    text("businessAddress/state",           "The state or province of the business address."),
    text("businessAddress/postalCode",      "The postal code of the business address."),
    text("businessAddress/countryOrRegion", "The country or region of the business address, by name or code."),
    text("homeAddress/street",              "The street and number of the private address."),
    text("homeAddress/city",                "The city of the private address."),
    text("homeAddress/state",               "The state or province of the private address."),
    text("homeAddress/postalCode",          "The postal code of the private address."),
    text("homeAddress/countryOrRegion",     "The country or region of the private address, by name or code."),
    text("otherAddress/street",             "The street and number of a further address."),
    text("otherAddress/city",               "The city of a further address."),
    text("otherAddress/state",              "The state or province of a further address."),
    text("otherAddress/postalCode",         "The postal code of a further address."),
    text("otherAddress/countryOrRegion",    "The country or region of a further address, by name or code."),
    text("officeLocation",                  "Where in the building the contact works."),
    text("businessHomePage",                "The address of the business's home page."),
    // More addresses.
    text("secondaryEmailAddress/address", "The second mail address."),
    text("secondaryEmailAddress/name",    "The name that belongs to the second mail address."),
    text("tertiaryEmailAddress/address",  "The third mail address."),
    text("tertiaryEmailAddress/name",     "The name that belongs to the third mail address."),
    // The person.
    text("title",           "The title before the name, such as Dr."),
    text("middleName",      "The middle name."),
    text("nickName",        "The nickname."),
    text("initials",        "The initials."),
    text("generation",      "What follows the name, such as Jr."),
    text("fileAs",          "The name the contact is filed under."),
    text("profession",      "The profession."),
    text("manager",         "The name of the contact's manager."),
    text("assistantName",   "The name of the contact's assistant."),
    text("spouseName",      "The name of the contact's spouse."),
    json("children",        "The names of the contact's children, as an array of texts."),
    instant("birthday",     "The birthday, as a point in time in UTC."),
    text("personalNotes",   "What the mailbox's owner noted about the contact."),
    text("yomiGivenName",   "How the first name is spoken in Japanese."),
    text("yomiSurname",     "How the family name is spoken in Japanese."),
    text("yomiCompanyName", "How the company's name is spoken in Japanese."),
    // For those who synchronise.
    instant("createdDateTime",      "When the contact was created, in UTC."),
    instant("lastModifiedDateTime", "When the contact was last changed, in UTC."),
    text("changeKey",               "The version of the contact, new after each change."),
    // Inputs.
    parent("ContactFolderId", "ContactFolders", "Which folder, the default one where none was given; of each row, the id of the folder that holds it.").known("parentFolderId"),
    input("UserId", Role::Mailbox,              "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox,             "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,               "An OData filter that is added to what the driver asks.").hidden(),
];

/// The contact folders of one level. A folder does not tell whether it has others below it, so the tree
/// is not walked: a recursive query over ParentFolderId does that.
pub static CONTACT_FOLDERS: Table = Table {
    name: "ContactFolders",
    doc: "A contact folder beside the default one, or one that lies directly in the folder that ParentFolderId names.",
    question: "Which contact folders does a mailbox have?",
    example: "SELECT displayName FROM ContactFolders ORDER BY displayName LIMIT 10",
    service: Service::Outlook,
    owner: Owner::Mailbox,
    columns: CONTACT_FOLDER_COLUMNS,
    // An item's way would answer for folders of every level, and for the default one.
    routes: &[
        collection("{owner}/contactFolders"),
        collection("{owner}/contactFolders/{ParentFolderId}/childFolders"),
    ],
    page: 100,
    heavy_page: 100,
    writes: Some(&written::CONTACT_FOLDERS),
    permission: "Contacts.Read",
    app_permission: "Contacts.Read",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CONTACT_FOLDER_COLUMNS: &[Column] = &[
    text("id",          "The folder's id, which stays the same for its whole life."),
    text("displayName", "The name of the folder."),
    // Inputs.
    parent("ParentFolderId", "ContactFolders", "The id of the folder that holds this one, whose sub-folders are read where it was given.").known("parentFolderId"),
    input("UserId", Role::Mailbox,             "Whose mailbox, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox,            "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The people that the service thinks matter to one person. `$search` is fuzzy, and for the signed-in
/// person only (A/user-list-people), so MATCH is not offered. The collection is a choice of the
/// service's, so what it has of somebody by his id need not be one of its rows.
pub static PEOPLE: Table = Table {
    name: "People",
    doc: "A person who matters to the mailbox's owner by mail, meetings and organization, the most relevant first.",
    question: "With whom does somebody work?",
    example: "SELECT displayName, jobTitle, userPrincipalName FROM People ORDER BY displayName, id LIMIT 5",
    owner: Owner::Mailbox,
    columns: PEOPLE_COLUMNS,
    routes: &[collection("{owner}/people")],
    page: 100,
    heavy_page: 100,
    permission: "People.Read",
    app_permission: "People.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const PEOPLE_COLUMNS: &[Column] = &[
    text("id", "The person's id, of a user of the tenant the user's object id."),
    text("displayName",          "The full name."),
    text("givenName",            "The first name."),
    text("surname",              "The family name."),
    text("userPrincipalName",    "The name to sign in with, empty for people outside the tenant."),
    json("scoredEmailAddresses", "The mail addresses, as an array of {address, relevanceScore}."),
    text("jobTitle",             "The job title."),
    text("department",           "The department the person works in."),
    text("companyName",          "The company the person works for."),
    text("officeLocation",       "Where in the building the person works."),
    text("personType/class",     "What it is, Person, Group or Other."),
    text("personType/subclass",  "What kind of that it is, such as OrganizationUser or PersonalContact."),
    json("phones",               "The telephone numbers, as an array of {type, number}."),
    text("imAddress",            "The address for instant messages."),
    boolean("isFavorite",        "Whether the mailbox's owner marked the person as a favourite."),
    text("profession",           "The profession."),
    text("birthday",             "The birthday, as somebody wrote it."),
    text("personNotes",          "What the mailbox's owner noted about the person."),
    json("postalAddresses",      "The addresses, as an array of objects."),
    json("websites",             "The person's sites on the web, as an array of {type, address, displayName}."),
    text("yomiCompany",          "How the company's name is spoken in Japanese."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose people, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];
