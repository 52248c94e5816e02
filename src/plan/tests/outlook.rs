//! The smaller Outlook tables: which way each given input leads, and what is told of it.

use super::bind::bound;
use super::{Case, ask, catalog, planned};
use crate::plan::bind::{Context, bind};
use crate::plan::plan;
use crate::value::Value;

/// Attachments hang on one item and are never filtered; the bytes are not asked of the collection.
#[rustfmt::skip]
const ATTACHMENTS: &[Case] = &[
    ("MessageAttachments", &["MessageId ="], &[], &["name", "odataType", "contentBytes"], "GET /{owner}/messages/{MessageId}/attachments $select=id,name; given MessageId eq ? [omit]"),
    ("MessageAttachments", &["MessageId =", "id ="], &[], &["name"], "GET /{owner}/messages/{MessageId}/attachments/{id} $select=id,name; given MessageId eq ?; SQLite checks id eq ? again [omit again]"),
    ("MessageAttachments", &["MessageId = list", "isInline =", "limit"], &[], &[], "GET /{owner}/messages/{MessageId}/attachments $select=id,isInline; given MessageId eq ?… [omit own own]"),
    ("MessageAttachments", &["UserId =", "MessageId ="], &["name"], &[], "GET /{owner}/messages/{MessageId}/attachments $select=id,name; given UserId eq ?, MessageId eq ? [omit omit]"),
    ("EventAttachments", &["EventId ="], &[], &["size"], "GET /{owner}/events/{EventId}/attachments $select=id,size; given EventId eq ? [omit]"),
    ("EventAttachments", &["EventId =", "id = list"], &[], &["size"], "GET /{owner}/events/{EventId}/attachments/{id} $select=id,size; given EventId eq ?; SQLite checks id eq ?… again [omit again]"),
];

/// Settings are short lists: a key leads to the item where there is one, and nothing is filtered.
#[rustfmt::skip]
const SETTINGS: &[Case] = &[
    ("MailRules", &["isEnabled =", "limit"], &["sequence"], &["displayName", "actions_forwardTo", "actions_delete"], "GET /{owner}/mailFolders/inbox/messageRules $select=id,displayName,sequence,isEnabled,actions [own own]"),
    ("MailRules", &["mailbox =", "id ="], &[], &["conditions_subjectContains", "exceptions_isSigned"], "GET /{owner}/mailFolders/inbox/messageRules/{id} $select=id,conditions,exceptions; given mailbox eq ?; SQLite checks id eq ? again [omit again]"),
    ("Categories", &["displayName ="], &[], &["color"], "GET /{owner}/outlook/masterCategories $select=id,displayName,color [own]"),
    ("Categories", &["id ="], &[], &["color"], "GET /{owner}/outlook/masterCategories/{id} $select=id,color; SQLite checks id eq ? again [again]"),
    ("MailboxSettings", &["UserId = list", "timeZone ="], &[], &["automaticRepliesSetting_scheduledStartDateTime_dateTime"], "GET /{owner}/mailboxSettings $select=timeZone,automaticRepliesSetting; given UserId eq ?… [omit own]"),
    ("SupportedLanguages", &["locale ="], &[], &["displayName"], "GET /{owner}/outlook/supportedLanguages [own]"),
    ("SupportedTimeZones", &["alias ="], &[], &[], "GET /{owner}/outlook/supportedTimeZones [own]"),
    ("SupportedTimeZones", &["UserId =", "timeZoneStandard ="], &[], &["alias"], "GET /{owner}/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'{timeZoneStandard}'); given UserId eq ?, timeZoneStandard eq ? [omit omit]"),
];

/// A folder that is named leads to its collection, an id alone to the contact wherever it lies.
#[rustfmt::skip]
const CONTACTS: &[Case] = &[
    ("Contacts", &[], &[], &[], "GET /{owner}/contacts $select=id $count=true [] counted"),
    ("Contacts", &["displayName like", "companyName ="], &["displayName"], &["mobilePhone"], "GET /{owner}/contacts $select=id,displayName,companyName,mobilePhone [own own]"),
    ("Contacts", &["ContactFolderId ="], &[], &["displayName"], "GET /{owner}/contactFolders/{ContactFolderId}/contacts $select=id,displayName; given ContactFolderId eq ? [omit]"),
    ("Contacts", &["id ="], &[], &["displayName"], "GET /{owner}/contacts/{id} $select=id,displayName; SQLite checks id eq ? again [again]"),
    ("Contacts", &["ContactFolderId =", "id ="], &[], &["displayName"], "GET /{owner}/contacts/{id} $select=id,displayName; SQLite checks id eq ? again [own again]"),
    ("Contacts", &["filter =", "limit"], &[], &["displayName"], "GET /{owner}/contacts $select=id,displayName $top=?; given filter eq ? [omit again]"),
    ("ContactFolders", &["displayName ="], &[], &[], "GET /{owner}/contactFolders $select=id,displayName [own]"),
    ("ContactFolders", &["ParentFolderId =", "id ="], &[], &[], "GET /{owner}/contactFolders/{ParentFolderId}/childFolders $select=id; given ParentFolderId eq ? [omit own]"),
    ("ContactFolders", &["id ="], &[], &["displayName"], "GET /{owner}/contactFolders $select=id,displayName [own]"),
    ("People", &["UserId =", "displayName =", "limit"], &[], &[], "GET /{owner}/people $select=id,displayName; given UserId eq ? [omit own own]"),
    ("People", &["limit"], &[], &["displayName"], "GET /{owner}/people $select=id,displayName $top=? [again]"),
    ("People", &["id ="], &[], &["displayName"], "GET /{owner}/people $select=id,displayName [own]"),
];

/// Occurrences need their series; a group has its calendars; slots and rooms are not filtered.
#[rustfmt::skip]
const CALENDARS: &[Case] = &[
    ("EventOccurrences", &["EventId =", "start_dateTime >=", "start_dateTime <", "isAllDay ="], &["start_dateTime"], &["subject"], "GET /{owner}/events/{EventId}/instances $select=id,subject,start,isAllDay; given EventId eq ?; SQLite checks start/dateTime ge ?, start/dateTime lt ? again [omit again again own]"),
    ("EventOccurrences", &["EventId =", "windowStart =", "windowEnd =", "id ="], &[], &["subject"], "GET /{owner}/events/{EventId}/instances $select=id,subject; given EventId eq ?, windowStart eq ?, windowEnd eq ? [omit omit omit own]"),
    ("EventOccurrences", &["EventId =", "windowStart =", "windowEnd ="], &[], &["createdDateTime"], "GET /{owner}/events/{EventId}/instances $select=id,createdDateTime; given EventId eq ?, windowStart eq ?, windowEnd eq ? [omit omit omit]"),
    ("Calendars", &["CalendarGroupId ="], &[], &["name"], "GET /{owner}/calendarGroups/{CalendarGroupId}/calendars $select=id,name; given CalendarGroupId eq ? [omit]"),
    ("Calendars", &["CalendarGroupId =", "id ="], &[], &["name"], "GET /{owner}/calendarGroups/{CalendarGroupId}/calendars $select=id,name; given CalendarGroupId eq ? [omit own]"),
    ("Calendars", &["id ="], &[], &["name"], "GET /{owner}/calendars/{id} $select=id,name; SQLite checks id eq ? again [again]"),
    ("CalendarGroups", &["name ="], &[], &[], "GET /{owner}/calendarGroups $select=id,name [own]"),
    ("CalendarGroups", &["id ="], &[], &["name"], "GET /{owner}/calendarGroups/{id} $select=id,name; SQLite checks id eq ? again [again]"),
    ("ScheduleAvailability", &["addresses =", "windowStart =", "windowEnd =", "status ="], &["slotStart"], &["scheduleId"], "POST /{owner}/calendar/getSchedule; given addresses eq ?, windowStart eq ?, windowEnd eq ? [omit omit omit own]"),
    ("ScheduleAvailability", &["addresses =", "windowStart =", "windowEnd =", "slotStart >=", "UserId =", "intervalMinutes =", "timeZone ="], &[], &["status"], "POST /{owner}/calendar/getSchedule; given addresses eq ?, windowStart eq ?, windowEnd eq ?, UserId eq ?, intervalMinutes eq ?, timeZone eq ? [omit omit omit own omit omit omit]"),
    ("Rooms", &["capacity >=", "limit"], &["capacity desc"], &["displayName"], "GET /places/microsoft.graph.room $select=id,displayName,capacity [own own]"),
    ("Rooms", &["roomList =", "id ="], &[], &["displayName"], "GET /places/{roomList}/microsoft.graph.roomlist/rooms $select=id,displayName; given roomList eq ? [omit own]"),
    ("RoomLists", &["displayName ="], &[], &["emailAddress"], "GET /places/microsoft.graph.roomlist $select=id,displayName,emailAddress [own]"),
];

/// People within items: what narrows the items is told, what is within them is not.
#[rustfmt::skip]
const RECIPIENTS: &[Case] = &[
    ("MessageRecipients", &["address =", "kind ="], &[], &["subject"], "GET /{owner}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo,subject [own own]"),
    ("MessageRecipients", &["isRead =", "receivedDateTime >=", "address ="], &[], &[], "GET /{owner}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo,receivedDateTime,isRead $filter=isRead eq ? and receivedDateTime ge ? [omit omit own]"),
    ("MessageRecipients", &["subject like", "n ="], &[], &["name"], "GET /{owner}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo,subject $filter=subject like ?; SQLite checks subject like ? again [again own]"),
    ("MessageRecipients", &["MessageId ="], &[], &["address"], "GET /{owner}/messages/{id} $select=id,toRecipients,ccRecipients,bccRecipients,replyTo; SQLite checks id eq ? again [again]"),
    ("MessageRecipients", &["folder =", "isDraft ="], &[], &["address"], "GET /{owner}/mailFolders/{folder}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo,isDraft $filter=isDraft eq ?; given folder eq ? [omit omit]"),
    ("MessageRecipients", &["parentFolderId =", "kind ="], &[], &["address"], "GET /{owner}/mailFolders/{parentFolderId}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo,parentFolderId; SQLite checks parentFolderId eq ? again [again own]"),
    ("MessageRecipients", &["isRead =", "limit"], &["receivedDateTime desc"], &["address"], "GET /{owner}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo,receivedDateTime,isRead $filter=isRead eq ? $orderby=receivedDateTime desc $top=? [omit again] ordered"),
    ("MessageRecipients", &[], &[], &[], "GET /{owner}/messages $select=id,toRecipients,ccRecipients,bccRecipients,replyTo []"),
    ("EventAttendees", &["start_dateTime >=", "response ="], &[], &["address"], "GET /{owner}/events $select=id,attendees,start $filter=start/dateTime ge ?; SQLite checks start/dateTime ge ? again [again own]"),
    ("EventAttendees", &["CalendarId =", "isCancelled =", "type ="], &[], &["address"], "GET /{owner}/calendars/{CalendarId}/events $select=id,attendees,isCancelled $filter=isCancelled eq ?; given CalendarId eq ? [omit omit own]"),
    ("EventAttendees", &["EventId ="], &["n"], &["address", "response"], "GET /{owner}/events/{id} $select=id,attendees; SQLite checks id eq ? again [again]"),
    ("ContactEmails", &["address ="], &[], &["displayName"], "GET /{owner}/contacts $select=id,emailAddresses,displayName [own]"),
    ("ContactEmails", &["ContactId ="], &[], &["address"], "GET /{owner}/contacts/{id} $select=id,emailAddresses; SQLite checks id eq ? again [again]"),
    ("ContactEmails", &["ContactFolderId =", "displayName ="], &[], &["address"], "GET /{owner}/contactFolders/{ContactFolderId}/contacts $select=id,emailAddresses,displayName; given ContactFolderId eq ? [omit own]"),
];

#[test]
fn each_ask_has_its_plan() {
    for cases in [ATTACHMENTS, SETTINGS, CONTACTS, CALENDARS, RECIPIENTS] {
        for (table, terms, order, used, expected) in cases {
            let got = planned(table, terms, order, used);
            assert_eq!(got, *expected, "{table} {terms:?} {order:?} {used:?}");
        }
    }
}

fn text(text: &str) -> Value {
    Value::text(text)
}

#[test]
fn each_value_has_its_request() {
    type Case = (
        &'static str,
        &'static [&'static str],
        Vec<Value>,
        &'static str,
    );
    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        ("MessageAttachments", &[], vec![], "error: the table needs MessageId to know where to read"),
        ("MessageAttachments", &["MessageId ="], vec![text("a/b=")], "[me/messages/a%2Fb%3D/attachments ]"),
        ("MessageAttachments", &["UserId =", "MessageId ="], vec![text("a@b.c"), text("m")], "[users/a@b.c/messages/m/attachments ]"),
        ("EventAttachments", &["EventId =", "id ="], vec![text("e"), text("x")], "[me/events/e/attachments/x ]"),
        ("MailboxSettings", &["UserId ="], vec![text("a@b.c")], "[users/a@b.c/mailboxSettings ]"),
        ("SupportedTimeZones", &["timeZoneStandard ="], vec![text("Iana")], "[me/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana') ]"),
        ("SupportedTimeZones", &["timeZoneStandard ="], vec![text("x')/messages")], "[]"),
        ("Contacts", &["ContactFolderId ="], vec![text("f")], "[me/contactFolders/f/contacts ]"),
        ("Contacts", &["id ="], vec![text("c")], "[me/contacts/c ]"),
        ("ContactFolders", &["ParentFolderId ="], vec![text("f")], "[me/contactFolders/f/childFolders ]"),
        ("EventOccurrences", &["EventId =", "windowStart =", "windowEnd ="], vec![text("e"), text("2026-01-01"), text("2026-02-01")], "[me/events/e/instances?startDateTime=2026-01-01T00:00:00Z&endDateTime=2026-02-01T00:00:00Z ]"),
        ("EventOccurrences", &["EventId ="], vec![text("e")], "error: recurring events are expanded, which needs a time range"),
        ("EventOccurrences", &["windowStart =", "windowEnd ="], vec![text("2026-01-01"), text("2026-02-01")], "error: the table needs EventId to know where to read"),
        ("Calendars", &["CalendarGroupId ="], vec![text("g")], "[me/calendarGroups/g/calendars ]"),
        ("Rooms", &["roomList ="], vec![text("house1@contoso.com")], "[places/house1@contoso.com/microsoft.graph.roomlist/rooms ]"),
        ("MessageRecipients", &["subject ="], vec![text("Budget")], "[me/messages startswith(subject,'Budget')]"),
        ("MessageRecipients", &["address ="], vec![text("a@b.c")], "[me/messages ]"),
        ("MessageRecipients", &["MessageId ="], vec![text("m")], "[me/messages/m ]"),
        ("EventAttendees", &["CalendarId =", "start_dateTime >="], vec![text("c"), text("2026-01-10")], "[me/calendars/c/events start/dateTime ge '2026-01-09T00:00:00']"),
        ("ContactEmails", &["ContactId ="], vec![text("c")], "[me/contacts/c ]"),
        ("ScheduleAvailability", &["windowStart =", "windowEnd ="], vec![text("2026-01-01"), text("2026-01-02")], "error: the table needs addresses to know where to read"),
        ("ScheduleAvailability", &["addresses ="], vec![text("a@b.c")], "error: the table needs a time range"),
        ("ScheduleAvailability", &["UserId =", "addresses =", "windowStart =", "windowEnd ="], vec![text("x@b.c"), text("a@b.c"), text("2026-01-01"), text("2026-01-02")], "[users/x@b.c/calendar/getSchedule ]"),
    ];
    for (table, terms, values, expected) in &cases {
        let slices: Vec<&[Value]> = values.iter().map(std::slice::from_ref).collect();
        assert_eq!(
            bound(table, terms, &slices),
            *expected,
            "{table} {terms:?} {values:?}"
        );
    }
}

/// What is posted names every address, and the window in UTC.
#[test]
fn a_schedule_is_asked_for_by_its_inputs() {
    let table = catalog::table("ScheduleAvailability").expect("a table");
    let terms = [
        "addresses =",
        "windowStart =",
        "windowEnd =",
        "intervalMinutes =",
        "timeZone =",
    ];
    let values = [
        text("a@b.c; d@e.f"),
        text("2026-03-02 08:00"),
        text("2026-03-02 18:00"),
        Value::Integer(60),
        text("Europe/Berlin"),
    ]
    .map(|value| vec![value]);
    let decision = plan(table, &ask(table, &terms, &[], &["status"]), true);
    let context = Context {
        user_id: None,
        pushdown: true,
    };
    let bound = bind(table, &decision.plan, &values, context).expect("bound");
    let target = &bound.targets[0];
    let body: serde_json::Value =
        serde_json::from_str(target.body.as_deref().expect("posted")).expect("JSON");
    assert_eq!(
        body,
        serde_json::json!({
            "schedules": ["a@b.c", "d@e.f"],
            "startTime": {"dateTime": "2026-03-02T07:00:00", "timeZone": "UTC"},
            "endTime": {"dateTime": "2026-03-02T17:00:00", "timeZone": "UTC"},
            "availabilityViewInterval": 60,
        })
    );
    assert_eq!(target.slots.map(|slots| slots.minutes), Some(60));
}
