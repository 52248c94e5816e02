//! Which published type the rows of each table have, and what the metadata says of its properties.

/// Each property of each catalogued type, flattened: type, path, Edm type, and `set` where it is never null
/// (a collection, or `Nullable="false"` on the whole way).
pub const METADATA: &str = include_str!("../data/csdl-properties.tsv");

/// Which type a table's rows have.
pub const ROW_TYPES: &[(&str, &str)] = &[
    ("Messages", "message"),
    ("MailFolders", "mailSearchFolder"),
    ("MessageAttachments", "fileAttachment"),
    ("MailRules", "messageRule"),
    ("Categories", "outlookCategory"),
    ("MailboxSettings", "mailboxSettings"),
    ("SupportedLanguages", "localeInfo"),
    ("SupportedTimeZones", "timeZoneInformation"),
    ("Events", "event"),
    ("CalendarView", "event"),
    ("EventOccurrences", "event"),
    ("EventAttachments", "fileAttachment"),
    ("Calendars", "calendar"),
    ("CalendarGroups", "calendarGroup"),
    ("ScheduleAvailability", "scheduleInformation"),
    ("Contacts", "contact"),
    ("ContactFolders", "contactFolder"),
    ("People", "person"),
    ("Users", "user"),
    ("Me", "user"),
    ("Files", "driveItem"),
    ("Drives", "drive"),
    ("Groups", "group"),
    ("SubscribedSkus", "subscribedSku"),
    ("UserLicenses", "licenseDetails"),
    ("Organization", "organization"),
    ("Domains", "domain"),
    ("Devices", "device"),
    ("DirectoryRoles", "directoryRole"),
    ("Subscriptions", "subscription"),
    ("Presence", "presence"),
    ("FileVersions", "driveItemVersion"),
    ("FilePermissions", "permission"),
    ("Sites", "site"),
    ("Lists", "list"),
    ("ListItems", "listItem"),
    ("Plans", "plannerPlan"),
    ("Buckets", "plannerBucket"),
    ("Tasks", "plannerTask"),
    ("TodoLists", "todoTaskList"),
    ("TodoTasks", "todoTask"),
    ("Teams", "team"),
    ("Channels", "channel"),
    ("TeamMembers", "aadUserConversationMember"),
    ("ChannelMessages", "chatMessage"),
    ("Conversations", "conversation"),
    ("Threads", "conversationThread"),
    ("Posts", "post"),
];

/// Tables that have some properties only, of rows of one of these types.
pub const SOME_OF: &[(&str, &[&str])] = &[
    ("GroupMembers", &["user", "group"]),
    ("GroupTransitiveMembers", &["user", "group"]),
    ("GroupOwners", &["user", "group"]),
    ("UserGroups", &["group", "directoryRole"]),
    ("DirectReports", &["user"]),
    ("DeletedUsers", &["user"]),
    ("DirectoryRoleMembers", &["user", "group"]),
    ("SharedWithMe", &["driveItem"]),
    ("TaskAssignments", &["plannerTask"]),
];

/// Which type the elements have, and which the items, where rows are elements.
pub const ELEMENT_TYPES: &[(&str, &str, &str)] = &[
    ("MessageRecipients", "recipient", "message"),
    ("EventAttendees", "attendee", "event"),
    ("ContactEmails", "emailAddress", "contact"),
    ("ServicePlans", "servicePlanInfo", "subscribedSku"),
    ("UserServicePlans", "assignedPlan", "user"),
    ("UserProvisionedPlans", "provisionedPlan", "user"),
];

/// The types of the items that a table's rows are made of, and the types of the elements.
pub fn types_of(table: &str) -> (Vec<&'static str>, Option<&'static str>) {
    let plain = ROW_TYPES.iter().filter(|(name, _)| *name == table);
    let some = SOME_OF.iter().filter(|(name, _)| *name == table);
    let elements = ELEMENT_TYPES.iter().find(|(name, ..)| *name == table);
    let mut items: Vec<&str> = plain.map(|(_, row_type)| *row_type).collect();
    items.extend(some.flat_map(|(_, row_types)| row_types.iter().copied()));
    items.extend(elements.map(|(_, _, item)| *item));
    (items, elements.map(|(_, element, _)| *element))
}

/// Whether the metadata says that a property always has a value; `None` where it knows no such property.
pub fn is_set(row_type: &str, path: &str) -> Option<bool> {
    METADATA.lines().find_map(|line| {
        let mut fields = line.split('\t');
        let is_it = fields.next() == Some(row_type) && fields.next() == Some(path);
        is_it.then(|| fields.nth(1) == Some("set"))
    })
}
