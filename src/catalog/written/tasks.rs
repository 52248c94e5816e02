//! Planner and To Do (FACTS §3.5).

use crate::catalog::{List, Writes, delete, patch, post};

/// A change must name the version that was read, and fails when somebody was faster.
#[rustfmt::skip]
pub const TASKS: Writes = Writes {
    insert: &[post("planner/tasks")],
    update: Some(patch("planner/tasks/{id}")),
    delete: Some(delete("planner/tasks/{id}")),
    settable: &[
        "title", "percentComplete", "dueDateTime", "priority", "startDateTime", "assignments",
        "appliedCategories", "previewType", "conversationThreadId", "orderHint", "assigneePriority",
        "bucketId",
    ],
    only_new: &["planId"],
    required: &["planId", "title"],
    if_match: true,
    permission: "Tasks.ReadWrite",
    example: "UPDATE Tasks SET percentComplete = 100 WHERE id IN (SELECT id FROM Tasks WHERE percentComplete < 100 ORDER BY id LIMIT 1)",
    ..Writes::NONE
};

/// As [`TASKS`].
pub const BUCKETS: Writes = Writes {
    insert: &[post("planner/buckets")],
    update: Some(patch("planner/buckets/{id}")),
    delete: Some(delete("planner/buckets/{id}")),
    settable: &["name", "orderHint"],
    only_new: &["planId"],
    required: &["planId", "name"],
    if_match: true,
    permission: "Tasks.ReadWrite",
    example: "INSERT INTO Buckets(PlanId, name) SELECT id, 'Later' FROM Plans ORDER BY id LIMIT 1",
    ..Writes::NONE
};

/// Lists of To Do.
pub const TODO_LISTS: Writes = Writes {
    insert: &[post("{owner}/todo/lists")],
    update: Some(patch("{owner}/todo/lists/{id}")),
    delete: Some(delete("{owner}/todo/lists/{id}")),
    settable: &["displayName"],
    required: &["displayName"],
    permission: "Tasks.ReadWrite",
    example: "INSERT INTO TodoLists(displayName) VALUES ('Travel')",
    ..Writes::NONE
};

/// Tasks of To Do.
#[rustfmt::skip]
pub const TODO_TASKS: Writes = Writes {
    insert: &[post("{owner}/todo/lists/{TodoListId}/tasks")],
    update: Some(patch("{owner}/todo/lists/{TodoListId}/tasks/{id}")),
    delete: Some(delete("{owner}/todo/lists/{TodoListId}/tasks/{id}")),
    settable: &[
        "title", "status", "importance", "dueDateTime/dateTime", "dueDateTime/timeZone",
        "startDateTime/dateTime", "startDateTime/timeZone", "completedDateTime/dateTime",
        "completedDateTime/timeZone", "isReminderOn", "reminderDateTime/dateTime",
        "reminderDateTime/timeZone", "body/content", "body/contentType", "categories",
        "recurrence/pattern/type", "recurrence/pattern/interval", "recurrence/pattern/daysOfWeek",
        "recurrence/pattern/dayOfMonth", "recurrence/pattern/month", "recurrence/pattern/index",
        "recurrence/pattern/firstDayOfWeek", "recurrence/range/type", "recurrence/range/startDate",
        "recurrence/range/endDate", "recurrence/range/numberOfOccurrences",
        "recurrence/range/recurrenceTimeZone",
    ],
    required: &["title"],
    lists: &[("categories", List::Texts), ("recurrence/pattern/daysOfWeek", List::Texts)],
    permission: "Tasks.ReadWrite",
    example: "INSERT INTO TodoTasks(TodoListId, title, dueDateTime_dateTime) SELECT id, 'Book a train', '2026-12-10' FROM TodoLists WHERE wellknownListName = 'defaultList'",
    ..Writes::NONE
};
