//! What is said of the things of a mailbox and of a drive.

use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::{Tenant, a_while, changes, segment, sorted, text, wish};

const ALL: &str = "created,updated,deleted";
const IMMUTABLE: (&str, &str) = ("Prefer", "IdType=\"ImmutableId\"");

fn of(change: &str, id: &str) -> (String, String) {
    (change.to_string(), id.to_string())
}

/// A thing is made, changed and deleted; what is said of it.
fn life(
    tenant: &Tenant,
    receiver: &Receiver,
    path: &str,
    made: Value,
    change: Value,
) -> Vec<Value> {
    let made = tenant.write("POST", path, made);
    receiver.wait("/told", 1);
    let path = format!("{path}/{}", segment(&text(&made, "id")));
    tenant.write("PATCH", &path, change);
    receiver.wait("/told", 2);
    tenant.write("DELETE", &path, Value::Null);
    let told = receiver.wait("/told", 3);
    let id = text(&made, "id");
    assert_eq!(
        changes(&told),
        ["created", "updated", "deleted"].map(|change| of(change, &id))
    );
    told
}

#[test]
fn events() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(&receiver, "me/events", ALL);
    let at =
        |hour: u8| json!({"dateTime": format!("2026-12-01T{hour:02}:00:00"), "timeZone": "UTC"});
    let event = json!({"subject": "a", "start": at(9), "end": at(10)});
    let told = life(
        &tenant,
        &receiver,
        "/v1.0/me/events",
        event,
        json!({"subject": "b"}),
    );
    assert_eq!(
        told[0]["resourceData"]["@odata.type"],
        "#Microsoft.Graph.Event"
    );
    assert!(
        text(&told[0], "resource")
            .starts_with("Users/87d349ed-44d7-43e1-9a83-5f2406dee5bd/Events/")
    );
    let etags = [0, 1, 2].map(|at| told[at]["resourceData"]["@odata.etag"].clone());
    assert!(
        etags[0].is_string() && etags[0] != etags[1] && etags[2].is_null(),
        "{etags:?}"
    );
}

#[test]
fn of_an_occurrence_one_hears_by_its_series() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let at =
        |hour: u8| json!({"dateTime": format!("2026-12-07T{hour:02}:00:00"), "timeZone": "UTC"});
    let series = json!({
        "subject": "a", "start": at(9), "end": at(10),
        "recurrence": {
            "pattern": {"type": "daily", "interval": 2},
            "range": {"type": "numbered", "startDate": "2026-12-07", "numberOfOccurrences": 3},
        },
    });
    let series = text(&tenant.write("POST", "/v1.0/me/events", series), "id");
    tenant.subscribe(&receiver, "me/events", ALL);
    let window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z";
    let path = format!("/v1.0/me/events/{}", segment(&series));
    let days = tenant.rows(&format!("{path}/instances?{window}"));
    let day = |at: usize| format!("/v1.0/me/events/{}", segment(&text(&days[at], "id")));
    tenant.write("PATCH", &day(0), json!({"subject": "b"}));
    receiver.wait("/told", 1);
    tenant.write("DELETE", &day(1), Value::Null);
    let told = receiver.wait("/told", 2);
    assert_eq!(
        changes(&told),
        [of("updated", &series), of("updated", &series)]
    );
}

#[test]
fn contacts() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    tenant.subscribe(&receiver, "me/contacts", ALL);
    let contact = json!({"givenName": "a"});
    let told = life(
        &tenant,
        &receiver,
        "/v1.0/me/contacts",
        contact,
        json!({"givenName": "b"}),
    );
    assert_eq!(
        told[0]["resourceData"]["@odata.type"],
        "#Microsoft.Graph.Contact"
    );
}

#[test]
fn tasks_of_one_list() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let lists = tenant.rows("/v1.0/me/todo/lists");
    let [list, other] = [0, 1].map(|at| text(&lists[at], "id"));
    tenant.subscribe(&receiver, &format!("me/todo/lists/{list}/tasks"), ALL);
    tenant.write(
        "POST",
        &format!("/v1.0/me/todo/lists/{}/tasks", segment(&other)),
        json!({"title": "elsewhere"}),
    );
    let path = format!("/v1.0/me/todo/lists/{}/tasks", segment(&list));
    let told = life(
        &tenant,
        &receiver,
        &path,
        json!({"title": "a"}),
        json!({"title": "b"}),
    );
    assert_eq!(
        told[0]["resourceData"]["@odata.type"],
        "#Microsoft.Graph.todoTask"
    );
    assert!(text(&told[0], "resource").contains(&format!("/todo/lists/{list}/tasks/")));
}

/// Two folders, and a subscription to each and to the whole mailbox.
fn watched_folders(tenant: &Tenant, headers: &[(&str, &str)]) -> [Receiver; 3] {
    [
        "me/mailFolders('inbox')/messages",
        "me/mailFolders/archive/messages",
        "me/messages",
    ]
    .map(|resource| {
        let receiver = Receiver::start();
        tenant.subscribe_with(&wish(&receiver, resource, ALL), headers);
        receiver
    })
}

#[test]
fn a_message_that_moves_gets_another_id() {
    let tenant = Tenant::start();
    let [inbox, archive, mailbox] = watched_folders(&tenant, &[]);
    let old = text(
        &tenant.rows("/v1.0/me/mailFolders/inbox/messages?$top=1")[0],
        "id",
    );
    let path = format!("/v1.0/me/messages/{}/move", segment(&old));
    let new = text(
        &tenant.write("POST", &path, json!({"destinationId": "archive"})),
        "id",
    );
    assert_ne!(old, new);
    assert_eq!(changes(&inbox.wait("/told", 1)), [of("deleted", &old)]);
    assert_eq!(changes(&archive.wait("/told", 1)), [of("created", &new)]);
    assert_eq!(
        sorted(&mailbox.wait("/told", 2)),
        [of("created", &new), of("deleted", &old)]
    );
    // Deleting once is moving, twice is the end.
    let path = |id: &str| format!("/v1.0/me/messages/{}", segment(id));
    tenant.write("DELETE", &path(&new), Value::Null);
    assert_eq!(changes(&archive.wait("/told", 2))[1], of("deleted", &new));
    let told = mailbox.wait("/told", 4);
    let there = changes(&told)
        .into_iter()
        .rfind(|(change, _)| change == "created");
    let there = there.expect("it came into Deleted Items").1;
    assert_ne!(there, new);
    tenant.write("DELETE", &path(&there), Value::Null);
    assert_eq!(changes(&mailbox.wait("/told", 5))[4], of("deleted", &there));
    a_while();
    assert_eq!(
        (inbox.told("/told").len(), archive.told("/told").len()),
        (1, 2)
    );
}

#[test]
fn immutable_ids_stay() {
    let tenant = Tenant::start();
    let [inbox, archive, mailbox] = watched_folders(&tenant, &[IMMUTABLE]);
    let first = tenant
        .ask_with(
            "GET",
            "/v1.0/me/mailFolders/inbox/messages?$top=1",
            &[IMMUTABLE],
            Value::Null,
        )
        .rows();
    let id = text(&first[0], "id");
    let path = format!("/v1.0/me/messages/{}/move", segment(&id));
    // The ids of notifications are those of the subscription, not of whoever writes.
    tenant.write("POST", &path, json!({"destinationId": "archive"}));
    assert_eq!(changes(&inbox.wait("/told", 1)), [of("deleted", &id)]);
    assert_eq!(changes(&archive.wait("/told", 1)), [of("created", &id)]);
    assert_eq!(
        sorted(&mailbox.wait("/told", 2)),
        [of("created", &id), of("deleted", &id)]
    );
}

#[test]
fn a_folder_by_its_id_and_by_somebody_elses_name() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let folder = text(
        &tenant.write(
            "POST",
            "/v1.0/me/mailFolders",
            json!({"displayName": "Watched"}),
        ),
        "id",
    );
    tenant.subscribe(
        &receiver,
        &format!("users/adele@contoso.com/mailFolders/{folder}/messages"),
        "created",
    );
    let path = format!("/v1.0/me/mailFolders/{}/messages", segment(&folder));
    let made = tenant.write("POST", &path, json!({"subject": "a"}));
    tenant.write("POST", "/v1.0/me/messages", json!({"subject": "elsewhere"}));
    assert_eq!(
        changes(&receiver.wait("/told", 1)),
        [of("created", &text(&made, "id"))]
    );
    a_while();
    assert_eq!(receiver.told("/told").len(), 1);
}

#[test]
fn an_attachment_changes_its_message() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let id = text(
        &tenant.write("POST", "/v1.0/me/messages", json!({"subject": "a"})),
        "id",
    );
    tenant.subscribe(&receiver, "me/messages", ALL);
    let path = format!("/v1.0/me/messages/{}/attachments", segment(&id));
    let file = json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "a.txt", "contentBytes": "YQ=="});
    tenant.write("POST", &path, file);
    assert_eq!(changes(&receiver.wait("/told", 1)), [of("updated", &id)]);
}

#[test]
fn of_a_drive_only_that_it_changed() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let id = tenant.subscribe(&receiver, "/me/drive/root", "updated");
    let folder = json!({"name": "New", "folder": {}});
    tenant.write("POST", "/v1.0/me/drive/root/children", folder);
    let told = receiver.wait("/told", 1);
    assert_eq!(
        (
            &told[0]["subscriptionId"],
            &told[0]["changeType"],
            &told[0]["resource"]
        ),
        (&json!(id), &json!("updated"), &json!("/me/drive/root"))
    );
    assert_eq!(
        told[0]["resourceData"],
        json!({"@odata.type": "#Microsoft.Graph.DriveItem"})
    );
    // Another drive is another matter.
    let drives = tenant.rows("/v1.0/me/drives");
    let other = text(&drives[1], "id");
    tenant.write(
        "POST",
        &format!("/v1.0/drives/{other}/root/children"),
        json!({"name": "New", "folder": {}}),
    );
    a_while();
    assert_eq!(receiver.told("/told").len(), 1);
}

#[test]
fn of_a_list_only_that_it_changed() {
    let (tenant, receiver) = (Tenant::start(), Receiver::start());
    let lists = tenant.rows("/v1.0/sites/root/lists");
    let plain = lists
        .iter()
        .find(|list| list["list"]["template"] == "genericList");
    let list = text(plain.expect("a list"), "id");
    tenant.subscribe(&receiver, &format!("sites/root/lists/{list}"), "updated");
    tenant.write(
        "POST",
        &format!("/v1.0/sites/root/lists/{list}/items"),
        json!({"fields": {"Title": "a"}}),
    );
    assert_eq!(text(&receiver.wait("/told", 1)[0], "changeType"), "updated");
}
