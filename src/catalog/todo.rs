//! The To Do tables: TodoLists and TodoTasks, over `todoTaskList` and `todoTask`.
//!
//! The documentation says that "some" options are taken (FACTS §1.8) and not which, so neither filters
//! nor `$select` are sent; a filter of the user's own is passed on. Due dates and reminders are local times with a zone, what the service
//! notes itself is an instant.

use super::calendar::{DAY_OF_WEEK, PATTERN_TYPE, RANGE_TYPE, WEEK_INDEX};
use super::mail::{BODY_TYPE, IMPORTANCE};
use super::{
    Column, Owner, Role, Table, boolean, collection, date, enumeration, input, instant, integer,
    item, json, parent, text, written, zoned,
};

/// wellknownListName
const WELL_KNOWN: &[&str] = &["none", "defaultList", "flaggedEmails"];
/// taskStatus
const STATUS: &[&str] = &[
    "notStarted",
    "inProgress",
    "completed",
    "waitingOnOthers",
    "deferred",
];

/// The To Do lists of a person.
pub static TODO_LISTS: Table = Table {
    name: "TodoLists",
    doc: "A task list of a person in Microsoft To Do.",
    question: "Which To Do lists does a person have?",
    example: "SELECT displayName, wellknownListName, isShared FROM TodoLists ORDER BY displayName LIMIT 10",
    owner: Owner::Mailbox,
    columns: LIST_COLUMNS,
    routes: &[collection("{owner}/todo/lists")],
    // FACTS §1.8: "some OData", which names no option.
    select: false,
    // In pages, because the service was seen to leave out lists behind the first hundred when it was
    // not asked for fewer at a time (learn.microsoft.com answers 594742).
    page: 50,
    heavy_page: 50,
    writes: Some(&written::TODO_LISTS),
    permission: "Tasks.Read",
    app_permission: "Tasks.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const LIST_COLUMNS: &[Column] = &[
    text("id",                                   "The list's id."),
    text("displayName",                          "The name of the list."),
    enumeration("wellknownListName", WELL_KNOWN, "Which built-in list it is, none for a list that the person made."),
    boolean("isOwner",                           "Whether the list is the person's own."),
    boolean("isShared",                          "Whether others use the list too."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose lists, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The tasks of a To Do list.
pub static TODO_TASKS: Table = Table {
    name: "TodoTasks",
    doc: "A task of a To Do list.",
    question: "What is on a To Do list, and what of it is still open?",
    example: "SELECT title, status, dueDateTime_dateTime FROM TodoTasks WHERE TodoListId IN (SELECT id FROM TodoLists) AND status <> 'completed' ORDER BY title, id LIMIT 10",
    owner: Owner::Mailbox,
    columns: TASK_COLUMNS,
    routes: &[
        collection("{owner}/todo/lists/{TodoListId}/tasks"),
        item("{owner}/todo/lists/{TodoListId}/tasks/{id}"),
    ],
    // FACTS §1.8 names $filter, $top, $skip and $orderby, and no $select.
    select: false,
    page: 100,
    heavy_page: 100,
    writes: Some(&written::TODO_TASKS),
    permission: "Tasks.Read",
    app_permission: "Tasks.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const TASK_COLUMNS: &[Column] = &[
    text("id", "The task's id, which changes when the task moves to another list."),
    // What a list shows.
    text("title",                              "The title of the task."),
    enumeration("status", STATUS,              "How far the task is."),
    enumeration("importance", IMPORTANCE,      "The importance of the task, high for a starred one."),
    zoned("dueDateTime/dateTime",              "When the task is due, in UTC, NULL without a due date."),
    text("dueDateTime/timeZone",               "The zone the due date was given in."),
    zoned("startDateTime/dateTime",            "When the task begins, in UTC, NULL without a start date."),
    text("startDateTime/timeZone",             "The zone the start date was given in."),
    zoned("completedDateTime/dateTime",        "When the task was completed, in UTC, NULL until it is."),
    text("completedDateTime/timeZone",         "The zone the completion date was given in."),
    boolean("isReminderOn",                    "Whether the person is to be reminded."),
    zoned("reminderDateTime/dateTime",         "When the person is reminded, in UTC, NULL without a reminder."),
    text("reminderDateTime/timeZone",          "The zone the reminder was given in."),
    text("body/content",                       "The notes on the task, in the format that body_contentType names."),
    enumeration("body/contentType", BODY_TYPE, "The format of body_content."),
    instant("bodyLastModifiedDateTime",        "When the notes were last changed, in UTC."),
    json("categories",                         "The names of the colour categories on the task, as an array of texts."),
    boolean("hasAttachments",                  "Whether files are attached."),
    instant("createdDateTime",                 "When the task was created, in UTC."),
    instant("lastModifiedDateTime",            "When the task was last changed, in UTC."),
    // Repetition.
    enumeration("recurrence/pattern/type", PATTERN_TYPE,          "How often the task repeats, NULL for a task that does not."),
    integer("recurrence/pattern/interval",                        "How many days, weeks, months or years lie between two repetitions."),
    json("recurrence/pattern/daysOfWeek",                         "The days of the week on which the task repeats, as an array of names."),
    integer("recurrence/pattern/dayOfMonth",                      "The day of the month on which the task repeats."),
    integer("recurrence/pattern/month",                           "The month, from 1 to 12, in which a yearly task repeats."),
    enumeration("recurrence/pattern/index", WEEK_INDEX,           "The week of the month in which the task repeats."),
    enumeration("recurrence/pattern/firstDayOfWeek", DAY_OF_WEEK, "The day on which the weeks of the rule begin."),
    enumeration("recurrence/range/type", RANGE_TYPE,              "How the repetition ends."),
    date("recurrence/range/startDate",                            "The first day of the repetition."),
    date("recurrence/range/endDate",                              "The last day of a repetition that ends by date."),
    integer("recurrence/range/numberOfOccurrences",               "How many times a numbered repetition takes place."),
    text("recurrence/range/recurrenceTimeZone",                   "The zone of the dates of the repetition."),
    // Inputs.
    parent("TodoListId", "TodoLists", "Which list's tasks, echoed from the query."),
    input("UserId", Role::Mailbox,    "Whose lists, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox,   "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("filter", Role::Filter,     "An OData filter that is added to what the driver asks.").hidden(),
];
