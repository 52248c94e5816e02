//! The mail of groups: Conversations, Threads and Posts, over `conversation`, `conversationThread` and
//! `post`.
//!
//! A conversation has threads, and a thread has posts, which are what mail is elsewhere. Filters and
//! sorting are unproven, so none are sent; applications have no access to posts (FACTS §1.5).

use super::mail::BODY_TYPE;
use super::{Column, Table, boolean, collection, enumeration, instant, item, json, parent, text};

/// The conversations of a group.
pub static CONVERSATIONS: Table = Table {
    name: "Conversations",
    doc: "A conversation in the shared mailbox of a group.",
    question: "What does a group talk about?",
    example: "SELECT topic, lastDeliveredDateTime FROM Conversations WHERE GroupId = (SELECT id FROM Groups WHERE displayName = 'All Company') ORDER BY lastDeliveredDateTime DESC, topic LIMIT 10",
    columns: CONVERSATION_COLUMNS,
    routes: &[
        collection("groups/{GroupId}/conversations"),
        item("groups/{GroupId}/conversations/{id}"),
    ],
    page: 100,
    heavy_page: 100,
    permission: "Group.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CONVERSATION_COLUMNS: &[Column] = &[
    text("id",                       "The conversation's id."),
    text("topic",                    "What the conversation is about, as its first subject line."),
    instant("lastDeliveredDateTime", "When the latest post arrived, in UTC."),
    text("preview",                  "The beginning of the latest post, as plain text."),
    boolean("hasAttachments",        "Whether any post has attachments."),
    json("uniqueSenders",            "Everybody who has posted, as an array of texts."),
    // Inputs.
    parent("GroupId", "Groups", "Which group's conversations, echoed from the query."),
];

/// The threads of a group or of a conversation.
pub static THREADS: Table = Table {
    name: "Threads",
    doc: "A thread of posts to a group, one with its own set of recipients.",
    question: "Which threads does a group have, and whom do they reach?",
    example: "SELECT topic, lastDeliveredDateTime, isLocked FROM Threads WHERE GroupId = (SELECT id FROM Groups WHERE displayName = 'All Company') ORDER BY lastDeliveredDateTime DESC, topic LIMIT 10",
    columns: THREAD_COLUMNS,
    routes: &[
        collection("groups/{GroupId}/threads"),
        collection("groups/{GroupId}/conversations/{ConversationId}/threads"),
    ],
    page: 100,
    heavy_page: 100,
    permission: "Group.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const THREAD_COLUMNS: &[Column] = &[
    text("id",                       "The thread's id."),
    text("topic",                    "What the thread is about, as its subject line."),
    instant("lastDeliveredDateTime", "When the latest post arrived, in UTC."),
    text("preview",                  "The beginning of the latest post, as plain text."),
    boolean("hasAttachments",        "Whether any post has attachments."),
    boolean("isLocked",              "Whether nobody can post any more."),
    json("uniqueSenders",            "Everybody who has posted, as an array of texts."),
    json("toRecipients",             "The To: recipients, as an array of {emailAddress: {name, address}}."),
    json("ccRecipients",             "The Cc: recipients, as an array of {emailAddress: {name, address}}."),
    // Inputs.
    parent("GroupId", "Groups",               "Which group's threads, echoed from the query."),
    parent("ConversationId", "Conversations", "Which conversation's threads, echoed from the query and NULL for all of the group."),
];

/// The posts of a thread.
pub static POSTS: Table = Table {
    name: "Posts",
    doc: "A post in a thread of a group.",
    question: "Who wrote what in a thread?",
    example: "SELECT t.topic, p.from_emailAddress_name, p.receivedDateTime FROM Threads t JOIN Posts p ON p.GroupId = t.GroupId AND p.ThreadId = t.id WHERE t.GroupId = (SELECT id FROM Groups WHERE displayName = 'All Company') ORDER BY p.receivedDateTime DESC, p.id LIMIT 10",
    columns: POST_COLUMNS,
    routes: &[collection("groups/{GroupId}/threads/{ThreadId}/posts")],
    page: 100,
    heavy_page: 100,
    permission: "Group.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const POST_COLUMNS: &[Column] = &[
    text("id",                                 "The post's id."),
    instant("receivedDateTime",                "When the post arrived, in UTC."),
    text("from/emailAddress/address",          "The SMTP address the post was sent from."),
    text("from/emailAddress/name",             "The display name the post was sent from."),
    text("body/content",                       "The whole post, in the format that body_contentType names."),
    enumeration("body/contentType", BODY_TYPE, "The format of body_content."),
    boolean("hasAttachments",                  "Whether there are attachments."),
    text("sender/emailAddress/address",        "The SMTP address that really sent the post, other than from when sent on somebody's behalf."),
    text("sender/emailAddress/name",           "The display name that really sent the post."),
    json("newParticipants",                    "Whom the post brought into the thread, as an array of {emailAddress: {name, address}}."),
    json("categories",                         "The names of the colour categories on the post, as an array of texts."),
    text("conversationId",                     "The id of the conversation, as the post has it.").references("Conversations"),
    text("conversationThreadId",               "The id of the thread, as the post has it.").references("Threads"),
    instant("createdDateTime",                 "When the post was created, in UTC."),
    instant("lastModifiedDateTime",            "When the post was last changed, in UTC."),
    text("changeKey",                          "The version of the post, new after each change."),
    // Inputs.
    parent("GroupId", "Groups",   "Which group, echoed from the query."),
    parent("ThreadId", "Threads", "Which thread's posts, echoed from the query."),
];
