//! Planner, To Do, Teams, SharePoint and the mail of groups: which way is chosen for which given
//! inputs, and that nothing else is pushed.

use super::bind::bound;
use super::{Case, planned};
use crate::value::Value;

/// Planner takes paths and nothing else; what rows know themselves need not be given.
#[rustfmt::skip]
const PLANNER: &[Case] = &[
    ("Plans", &[], &[], &["title"], "GET /{owner}/planner/plans []"),
    ("Plans", &["UserId ="], &[], &["title"], "GET /{owner}/planner/plans; given UserId eq ? [omit]"),
    ("Plans", &["GroupId ="], &[], &["title"], "GET /groups/{GroupId}/planner/plans; given GroupId eq ? [omit]"),
    ("Plans", &["id ="], &[], &["title", "GroupId"], "GET /planner/plans/{id}; SQLite checks id eq ? again [again]"),
    ("Plans", &["owner ="], &[], &["title"], "GET /{owner}/planner/plans [own]"),
    ("Plans", &["title =", "limit"], &["title"], &[], "GET /{owner}/planner/plans [own own]"),
    ("Buckets", &[], &[], &["name"], "GET /planner/plans/{PlanId}/buckets []"),
    ("Buckets", &["PlanId ="], &["name"], &[], "GET /planner/plans/{PlanId}/buckets; given PlanId eq ? [omit]"),
    ("Buckets", &["PlanId = list", "id ="], &[], &["name"], "GET /planner/plans/{PlanId}/buckets; given PlanId eq ?… [omit own]"),
    ("Tasks", &[], &[], &["title", "PlanId"], "GET /{owner}/planner/tasks []"),
    ("Tasks", &["percentComplete <", "dueDateTime <", "limit"], &["dueDateTime"], &["title"], "GET /{owner}/planner/tasks [own own own]"),
    ("Tasks", &["PlanId ="], &[], &["title", "BucketId"], "GET /planner/plans/{PlanId}/tasks; given PlanId eq ? [omit]"),
    ("Tasks", &["BucketId ="], &[], &["title"], "GET /planner/buckets/{BucketId}/tasks; given BucketId eq ? [omit]"),
    ("Tasks", &["id ="], &[], &["title", "PlanId", "BucketId"], "GET /planner/tasks/{id}; SQLite checks id eq ? again [again]"),
    ("Tasks", &["id = list"], &[], &["title"], "GET /planner/tasks/{id}; SQLite checks id eq ?… again [again]"),
    ("Tasks", &["id =", "PlanId ="], &[], &["title"], "GET /planner/tasks/{id}; SQLite checks id eq ? again [again own]"),
    ("Tasks", &["PlanId =", "BucketId ="], &[], &["title"], "GET /planner/buckets/{BucketId}/tasks; given BucketId eq ? [own omit]"),
    ("Tasks", &["UserId =", "PlanId ="], &[], &["title"], "GET /{owner}/planner/tasks; given UserId eq ? [omit own]"),
    ("Plans", &["UserId =", "GroupId ="], &[], &["title"], "GET /{owner}/planner/plans; given UserId eq ? [omit own]"),
    ("TaskAssignments", &["AssigneeId ="], &[], &["title"], "GET /{owner}/planner/tasks [own]"),
    ("TaskAssignments", &["TaskId ="], &[], &["AssigneeId", "assignedDateTime"], "GET /planner/tasks/{id}; SQLite checks id eq ? again [again]"),
    ("TaskAssignments", &["PlanId =", "title like"], &[], &["AssigneeId"], "GET /planner/plans/{PlanId}/tasks; given PlanId eq ? [omit own]"),
];

/// To Do: a task's id is known in its list only.
#[rustfmt::skip]
const TODO: &[Case] = &[
    ("TodoLists", &["id =", "displayName ="], &[], &["isShared"], "GET /{owner}/todo/lists [own own]"),
    ("TodoTasks", &["id ="], &[], &["title"], "GET /{owner}/todo/lists/{TodoListId}/tasks [own]"),
    ("TodoTasks", &["TodoListId =", "status =", "dueDateTime_dateTime <"], &["createdDateTime"], &["title"], "GET /{owner}/todo/lists/{TodoListId}/tasks; given TodoListId eq ? [omit own own]"),
    ("TodoTasks", &["TodoListId =", "id =", "UserId ="], &[], &["title"], "GET /{owner}/todo/lists/{TodoListId}/tasks/{id}; given TodoListId eq ?, UserId eq ?; SQLite checks id eq ? again [omit again omit]"),
    ("TodoTasks", &["TodoListId =", "filter ="], &[], &["title"], "GET /{owner}/todo/lists/{TodoListId}/tasks; given TodoListId eq ?, filter eq ? [omit omit]"),
];

/// Teams: all of the tenant's, or those of a person; never by its id.
#[rustfmt::skip]
const TEAMS: &[Case] = &[
    ("Teams", &["displayName ="], &[], &[], "GET /groups $filter=resourceProvisioningOptions/Any(x:x eq 'Team') [own]"),
    ("Teams", &["UserId =", "id ="], &[], &["displayName"], "GET /{owner}/joinedTeams; given UserId eq ? [omit own]"),
    ("Teams", &["id ="], &[], &["displayName", "isArchived", "summary_membersCount"], "GET /groups $filter=resourceProvisioningOptions/Any(x:x eq 'Team') [own]"),
    ("Channels", &["id ="], &[], &["displayName"], "GET /teams/{TeamId}/channels $select=id,displayName [own]"),
    ("Channels", &["TeamId =", "displayName ="], &[], &["summary_membersCount"], "GET /teams/{TeamId}/channels $select=id,displayName; given TeamId eq ? [omit own]"),
    ("Channels", &["TeamId =", "id ="], &[], &["displayName"], "GET /teams/{TeamId}/channels/{id} $select=id,displayName; given TeamId eq ?; SQLite checks id eq ? again [omit again]"),
    ("TeamMembers", &["TeamId = list", "userId ="], &[], &["displayName"], "GET /teams/{TeamId}/members; given TeamId eq ?… [omit own]"),
    ("ChannelMessages", &["TeamId ="], &[], &["subject"], "GET /teams/{TeamId}/channels/{ChannelId}/messages; given TeamId eq ? [omit]"),
    ("ChannelMessages", &["TeamId =", "ChannelId =", "createdDateTime >=", "limit"], &["createdDateTime desc"], &["subject"], "GET /teams/{TeamId}/channels/{ChannelId}/messages; given TeamId eq ?, ChannelId eq ? [omit omit own own]"),
    ("ChannelMessages", &["TeamId =", "ChannelId =", "limit"], &[], &["subject"], "GET /teams/{TeamId}/channels/{ChannelId}/messages $top=?; given TeamId eq ?, ChannelId eq ? [omit omit again]"),
];

/// SharePoint: nothing filters, one property of sites sorts, values come by a relationship.
#[rustfmt::skip]
const SITES: &[Case] = &[
    ("Sites", &["displayName =", "webUrl like"], &[], &[], "GET /sites?search=* $select=id,displayName,webUrl [own own]"),
    ("Sites", &[], &["createdDateTime desc"], &["displayName"], "GET /sites?search=* $select=id,displayName,createdDateTime $orderby=createdDateTime desc [] ordered"),
    ("Sites", &["id ="], &[], &["displayName"], "GET /sites/{id} $select=id,displayName; SQLite checks id eq ? again [again]"),
    ("Lists", &["SiteId =", "displayName ="], &[], &["list_hidden"], "GET /sites/{SiteId}/lists $select=id,displayName,list; given SiteId eq ? [omit own]"),
    ("Lists", &["SiteId =", "id ="], &[], &["displayName"], "GET /sites/{SiteId}/lists/{id} $select=id,displayName; given SiteId eq ?; SQLite checks id eq ? again [omit again]"),
    ("ListItems", &["SiteId =", "ListId =", "id >"], &[], &["fields"], "GET /sites/{SiteId}/lists/{ListId}/items; given SiteId eq ?, ListId eq ? [omit omit own]"),
    ("ListItems", &["SiteId =", "ListId =", "id ="], &[], &["fields"], "GET /sites/{SiteId}/lists/{ListId}/items/{id}; given SiteId eq ?, ListId eq ?; SQLite checks id eq ? again [omit omit again]"),
    ("ListItems", &["ListId ="], &[], &["fields"], "GET /sites/{SiteId}/lists/{ListId}/items; given ListId eq ? [omit]"),
];

/// What hangs on a file hangs on it in its drive.
#[rustfmt::skip]
const FILES: &[Case] = &[
    ("FileVersions", &["FileId ="], &[], &["size"], "GET /{owner}/items/{FileId}/versions; given FileId eq ? [omit]"),
    ("FileVersions", &["FileId =", "DriveId =", "id ="], &[], &["size"], "GET /{owner}/items/{FileId}/versions; given FileId eq ?, DriveId eq ? [omit omit own]"),
    ("FilePermissions", &["FileId = list", "UserId =", "link_type ="], &[], &["roles"], "GET /{owner}/items/{FileId}/permissions $select=id,roles,link; given FileId eq ?…, UserId eq ? [omit omit own]"),
    ("SharedWithMe", &["name ="], &["name"], &["remoteItem_id"], "GET /{owner}/drive/sharedWithMe [own]"),
];

/// The mail of groups: a group, and perhaps a conversation or a thread.
#[rustfmt::skip]
const CONVERSATIONS: &[Case] = &[
    ("Conversations", &["GroupId =", "lastDeliveredDateTime >=", "hasAttachments ="], &["lastDeliveredDateTime desc"], &["topic"], "GET /groups/{GroupId}/conversations $select=id,topic,lastDeliveredDateTime,hasAttachments; given GroupId eq ? [omit own own]"),
    ("Conversations", &["GroupId =", "id ="], &[], &["topic"], "GET /groups/{GroupId}/conversations/{id} $select=id,topic; given GroupId eq ?; SQLite checks id eq ? again [omit again]"),
    ("Threads", &["GroupId =", "topic ="], &[], &["preview"], "GET /groups/{GroupId}/threads $select=id,topic,preview; given GroupId eq ? [omit own]"),
    ("Threads", &["GroupId =", "ConversationId ="], &[], &["topic"], "GET /groups/{GroupId}/conversations/{ConversationId}/threads $select=id,topic; given GroupId eq ?, ConversationId eq ? [omit omit]"),
    ("Threads", &["ConversationId ="], &[], &["topic"], "GET /groups/{GroupId}/threads $select=id,topic; given ConversationId eq ? [omit]"),
    ("Posts", &["GroupId =", "ThreadId =", "conversationThreadId ="], &["receivedDateTime"], &["body_content"], "GET /groups/{GroupId}/threads/{ThreadId}/posts $select=id,receivedDateTime,body,conversationThreadId; given GroupId eq ?, ThreadId eq ? [omit omit own]"),
];

#[test]
fn each_ask_has_its_plan() {
    for cases in [PLANNER, TODO, TEAMS, SITES, FILES, CONVERSATIONS] {
        for (table, terms, order, used, expected) in cases {
            let got = planned(table, terms, order, used);
            assert_eq!(got, *expected, "{table} {terms:?} {order:?} {used:?}");
        }
    }
}

/// Each given value is in the path, as one segment, and a site also by its address.
#[rustfmt::skip]
const PATHS: &[(&str, &[&str], &[&str], &str)] = &[
    ("Tasks", &["PlanId ="], &["xqQg/5FS2"], "[planner/plans/xqQg%2F5FS2/tasks ]"),
    ("Tasks", &["id ="], &["01gzSlKk"], "[planner/tasks/01gzSlKk ]"),
    ("Teams", &["UserId ="], &["a@b.c"], "[users/a@b.c/joinedTeams ]"),
    ("Channels", &["TeamId =", "id ="], &["t", "19:x@thread.tacv2"], "[teams/t/channels/19%3Ax@thread.tacv2 ]"),
    ("Sites", &["id ="], &["contoso.sharepoint.com,da60,712a"], "[sites/contoso.sharepoint.com,da60,712a ]"),
    ("Lists", &["SiteId ="], &["root"], "[sites/root/lists ]"),
    ("Lists", &["SiteId ="], &["contoso.sharepoint.com:/sites/a b"], "[sites/contoso.sharepoint.com:/sites/a%20b:/lists ]"),
    ("ListItems", &["SiteId =", "ListId ="], &["root", "Shared Documents"], "[sites/root/lists/Shared%20Documents/items ]"),
    ("FileVersions", &["FileId =", "DriveId ="], &["f!1", "b!1"], "[drives/b!1/items/f!1/versions ]"),
    ("SharedWithMe", &["UserId ="], &["a@b.c"], "[users/a@b.c/drive/sharedWithMe ]"),
    ("Threads", &["GroupId =", "ConversationId ="], &["g", "c="], "[groups/g/conversations/c%3D/threads ]"),
    ("Buckets", &[], &[], "error: the table needs PlanId to know where to read"),
    ("TodoTasks", &["id ="], &["x"], "error: the table needs TodoListId to know where to read"),
    ("ChannelMessages", &["TeamId ="], &["t"], "error: the table needs ChannelId to know where to read"),
    ("Threads", &["ConversationId ="], &["c"], "error: the table needs GroupId to know where to read"),
];

#[test]
fn each_value_is_in_the_path() {
    for (table, terms, values, expected) in PATHS {
        let values: Vec<[Value; 1]> = values.iter().map(|text| [Value::text(*text)]).collect();
        let slices: Vec<&[Value]> = values.iter().map(|value| value.as_slice()).collect();
        assert_eq!(bound(table, terms, &slices), *expected, "{table} {terms:?}");
    }
}
