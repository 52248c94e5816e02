//! The Planner tables: Plans, Buckets, Tasks and TaskAssignments, over `plannerPlan`, `plannerBucket`
//! and `plannerTask`.
//!
//! Planner ignores `$filter`, `$orderby`, `$top` and the like without an error (FACTS §1.8), so nothing
//! but paths is ever sent. Which path decides whose tasks they are: a person's, a plan's or a bucket's.
//! The details of plans and tasks are resources of their own and not part of a row.

use super::{
    Column, Elements, Owner, Role, Route, Rows, Source, Table, boolean, collection, computed,
    enumeration, input, instant, integer, item_anywhere, json, parent, text, written,
};

/// plannerContainerType
const CONTAINER_TYPE: &[&str] = &["group", "roster"];
/// plannerPreviewType
const PREVIEW_TYPE: &[&str] = &[
    "automatic",
    "noPreview",
    "checklist",
    "description",
    "reference",
];

/// The plans of a person or of a group.
pub static PLANS: Table = Table {
    name: "Plans",
    doc: "A Planner plan that a person has, or that belongs to a group.",
    question: "Which plans are there, and to which group do they belong?",
    example: "SELECT title, createdDateTime, container_type FROM Plans ORDER BY title LIMIT 10",
    owner: Owner::Mailbox,
    columns: PLAN_COLUMNS,
    routes: &[
        collection("{owner}/planner/plans"),
        collection("groups/{GroupId}/planner/plans"),
        item_anywhere("planner/plans/{id}"),
    ],
    select: false,
    permission: "Tasks.Read",
    app_permission: "Tasks.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const PLAN_COLUMNS: &[Column] = &[
    text("id",                                    "The plan's id, 28 characters whose case counts."),
    text("title",                                 "The title of the plan."),
    instant("createdDateTime",                    "When the plan was created, in UTC."),
    text("createdBy/user/id",                     "The object id of the person who created the plan.").references("Users"),
    json("createdBy",                             "The person and program that created the plan, as an object."),
    text("container/containerId",                 "The id of the group or roster that holds the plan."),
    enumeration("container/type", CONTAINER_TYPE, "What holds the plan."),
    text("container/url",                         "The address of what holds the plan, as a Graph URL."),
    text("owner",                                 "The object id of the group that owns the plan, superseded by container_containerId."),
    // Inputs.
    parent("GroupId", "Groups",     "Which group's plans, the row's own group where none was asked for.").known("owner"),
    input("UserId", Role::Mailbox,  "Whose plans, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given, and NULL for plans that were reached otherwise."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The buckets of a plan.
pub static BUCKETS: Table = Table {
    name: "Buckets",
    doc: "A bucket of a Planner plan, which is a column of its board.",
    question: "Into which buckets is a plan divided?",
    example: "SELECT name FROM Buckets WHERE PlanId = (SELECT id FROM Plans WHERE title = 'Launch 2027') ORDER BY name LIMIT 10",
    columns: BUCKET_COLUMNS,
    routes: &[collection("planner/plans/{PlanId}/buckets")],
    select: false,
    writes: Some(&written::BUCKETS),
    permission: "Tasks.Read",
    app_permission: "Tasks.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const BUCKET_COLUMNS: &[Column] = &[
    text("id",                "The bucket's id, 28 characters whose case counts."),
    text("name",              "The name of the bucket."),
    text("orderHint",         "Where the bucket stands on the board: hints sort as text, byte by byte."),
    parent("PlanId", "Plans", "Which plan's buckets, echoed from the query.").known("planId"),
    text("@odata.etag",       "The version of the bucket, which a change must name: the driver does.").named("Etag").hidden(),
];

/// The tasks of a person, a plan or a bucket.
pub static TASKS: Table = Table {
    name: "Tasks",
    doc: "A Planner task that is assigned to a person, or that is in a plan or bucket.",
    question: "What is to be done, until when, and how far is it?",
    example: "SELECT title, percentComplete, dueDateTime FROM Tasks WHERE percentComplete < 100 ORDER BY dueDateTime, title, id LIMIT 10",
    owner: Owner::Mailbox,
    columns: TASK_COLUMNS,
    routes: TASK_ROUTES,
    select: false,
    writes: Some(&written::TASKS),
    permission: "Tasks.Read",
    app_permission: "Tasks.Read.All",
    ..Table::PLAIN
};

const TASK_ROUTES: &[Route] = &[
    collection("{owner}/planner/tasks"),
    // Where both are given the bucket, which is the narrower one, and the plan is compared.
    collection("planner/buckets/{BucketId}/tasks"),
    collection("planner/plans/{PlanId}/tasks"),
    item_anywhere("planner/tasks/{id}"),
];

#[rustfmt::skip]
const TASK_COLUMNS: &[Column] = &[
    text("id", "The task's id, 28 characters whose case counts."),
    // What a board shows.
    text("title",                "The title of the task."),
    integer("percentComplete",   "How many percent are done, 0 before the start and 100 when completed."),
    instant("dueDateTime",       "When the task is due, in UTC, NULL without a due date."),
    integer("priority",          "The priority from 0 to 10, a lower number being more urgent."),
    instant("startDateTime",     "When the task begins, in UTC, NULL without a start date."),
    instant("completedDateTime", "When the task was completed, in UTC, NULL until it is."),
    instant("createdDateTime",   "When the task was created, in UTC."),
    json("assignments",          "The people the task is assigned to, as an object with a member for each person's id, which TaskAssignments has as rows."),
    json("appliedCategories",    "The labels on the task, as an object such as {\"category1\": true}."),
    // How much there is in it.
    boolean("hasDescription",                "Whether the details of the task have a description."),
    integer("checklistItemCount",            "How many items the checklist has."),
    integer("activeChecklistItemCount",      "How many items of the checklist are still open."),
    integer("referenceCount",                "How many links and files are attached."),
    enumeration("previewType", PREVIEW_TYPE, "What the card of the task shows."),
    text("conversationThreadId",             "The id of the group's thread with the comments on the task, NULL without comments.").references("Threads"),
    // Who.
    text("createdBy/user/id",   "The object id of the person who created the task.").references("Users"),
    text("completedBy/user/id", "The object id of the person who completed the task, NULL until it is completed.").references("Users"),
    json("createdBy",           "The person and program that created the task, as an object."),
    json("completedBy",         "The person and program that completed the task, as an object."),
    // Where it stands.
    text("orderHint",        "Where the task stands in its bucket: hints sort as text, byte by byte."),
    text("assigneePriority", "Where the task stands among those of its assignee, as an order hint."),
    // Inputs.
    parent("PlanId", "Plans",       "Which plan's tasks, the row's own plan where none was asked for.").known("planId"),
    parent("BucketId", "Buckets",   "Which bucket's tasks, the row's own bucket where none was asked for.").known("bucketId"),
    input("UserId", Role::Mailbox,  "Whose tasks, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given, and NULL for tasks that were reached otherwise."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    text("@odata.etag",             "The version of the task, which a change must name: the driver does.").named("Etag").hidden(),
];

/// Who has which task.
pub static TASK_ASSIGNMENTS: Table = Table {
    name: "TaskAssignments",
    doc: "A person that a Planner task is assigned to, once for each of the task's people.",
    question: "Who works on which task?",
    example: "SELECT a.title, u.displayName FROM TaskAssignments a JOIN Users u ON u.id = a.AssigneeId WHERE a.PlanId = (SELECT id FROM Plans WHERE title = 'Launch 2027') ORDER BY a.title, u.displayName LIMIT 10",
    owner: Owner::Mailbox,
    columns: TASK_ASSIGNMENT_COLUMNS,
    routes: TASK_ROUTES,
    rows: Rows::Elements(&[Elements {
        path: "assignments",
        kind: "assignment",
    }]),
    select: false,
    permission: "Tasks.Read",
    app_permission: "Tasks.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const TASK_ASSIGNMENT_COLUMNS: &[Column] = &[
    text("id",                                  "The id of the task.").named("TaskId").references("Tasks"),
    computed("AssigneeId", Source::ElementName, "The object id of the person the task is assigned to.").references("Users"),
    instant("assignedDateTime",                 "When the task was assigned to the person, in UTC.").of_element(),
    text("assignedBy/user/id",                  "The object id of the person who assigned the task.").of_element().references("Users"),
    json("assignedBy",                          "The person and program that assigned the task, as an object.").of_element(),
    text("orderHint",                           "Where the task stands among those of the person, as an order hint.").of_element(),
    // The task.
    text("title",                "The title of the task."),
    integer("percentComplete",   "How many percent of the task are done."),
    integer("priority",          "The priority of the task from 0 to 10, a lower number being more urgent."),
    instant("startDateTime",     "When the task begins, in UTC, NULL without a start date."),
    instant("dueDateTime",       "When the task is due, in UTC, NULL without a due date."),
    instant("completedDateTime", "When the task was completed, in UTC, NULL until it is."),
    // Inputs.
    parent("PlanId", "Plans",       "Which plan's tasks, the row's own plan where none was asked for.").known("planId"),
    parent("BucketId", "Buckets",   "Which bucket's tasks, the row's own bucket where none was asked for.").known("bucketId"),
    input("UserId", Role::Mailbox,  "Whose tasks with all their people, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given, and NULL for tasks that were reached otherwise."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];
