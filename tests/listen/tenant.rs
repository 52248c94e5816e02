//! The demo tenant tells, as Graph does, and the listener hears: neither knows of the other one's code.

use std::time::Duration;

use office365::demo::DELEGATED_TOKEN;
use office365::demo::notify::Notifications;
use office365::demo::server::{Server, ServerOptions};
use serde_json::json;

use crate::listening::{Folder, Listening, eventually};
use crate::service::post;
use crate::support::{column, connect, one};

#[test]
fn what_the_demo_tenant_tells_twice_is_in_the_copy_and_acted_on_once() {
    let server = Server::start(ServerOptions {
        notifications: Notifications {
            twice: true,
            pause: Duration::from_millis(50),
            ..Notifications::default()
        },
        ..ServerOptions::default()
    })
    .expect("a server");
    let connection = format!(
        "GraphUrl={}/v1.0;OAuthAccessToken={{{DELEGATED_TOKEN}}}",
        server.url()
    );
    let folder = Folder::new("tenant");
    let script = folder.path("script.sql");
    std::fs::write(
        &script,
        "SELECT :changeType AS change, :table AS kind, :id AS id;",
    )
    .expect("written");
    let tables = [
        "Messages",
        "Contacts",
        "Groups",
        "Files",
        "TodoTasks",
        "--exec",
        script.as_str(),
    ];
    let (listening, _address) = Listening::start(&connection, &folder, &tables);
    listening.says("TodoTasks of me: ");
    listening.says("Groups: ");

    let worker = connect(&format!("{connection};Readonly=false;CacheTTL=0"));
    worker
        .execute_batch(
            "INSERT INTO Messages(subject, body_content) VALUES ('told', 'x');
             INSERT INTO Contacts(displayName, givenName) VALUES ('Told', 'To');
             UPDATE Groups SET description = 'told' WHERE id = (SELECT id FROM Groups WHERE securityEnabled = 1 AND mailEnabled = 0 ORDER BY displayName LIMIT 1);
             INSERT INTO TodoTasks(TodoListId, title) SELECT id, 'told' FROM TodoLists LIMIT 1;
             UPDATE Files SET name = 'told.bin' WHERE id = (SELECT id FROM Files WHERE file_mimeType IS NOT NULL LIMIT 1);",
        )
        .expect("written");
    let copy = folder.copy();
    for found in [
        "Messages WHERE subject = 'told'",
        "Contacts WHERE displayName = 'Told'",
        "Groups WHERE description = 'told'",
        "TodoTasks WHERE title = 'told'",
        "Files WHERE name = 'told.bin'",
    ] {
        let count = format!("SELECT count(*) FROM {found}");
        assert!(
            eventually(|| one::<i64>(&copy, &count) == 1),
            "{found}\n{}",
            listening.err()
        );
    }
    worker
        .execute_batch("DELETE FROM Contacts WHERE displayName = 'Told'")
        .expect("deleted");
    let gone = "SELECT count(*) FROM Contacts WHERE displayName = 'Told'";
    assert!(
        eventually(|| one::<i64>(&copy, gone) == 0),
        "{}",
        listening.err()
    );
    let open = "SELECT count(*) FROM Notifications WHERE state <> 'done'";
    assert!(
        eventually(|| one::<i64>(&copy, open) == 0),
        "{}",
        listening.err()
    );
    // Each was told at least twice, and those that say which change they are of ran once.
    std::thread::sleep(Duration::from_secs(1));
    let told: Vec<String> = column(
        &copy,
        "SELECT \"table\" || ' ' || changeType || ' ' || count(*) FROM Notifications
          WHERE \"table\" NOT IN ('Files', 'Groups') GROUP BY \"table\", changeType ORDER BY 1",
    );
    assert_eq!(
        told,
        [
            "Contacts created 1",
            "Contacts deleted 1",
            "Messages created 1",
            "TodoTasks created 1"
        ]
    );
    assert!(
        one::<i64>(
            &copy,
            "SELECT min(times) FROM Notifications WHERE \"table\" = 'Messages'"
        ) >= 2
    );
    let acted = listening.out();
    let of = |kind: &str| acted.iter().filter(|line| line["kind"] == kind).count();
    assert_eq!(
        (of("Contacts"), of("Messages"), of("TodoTasks")),
        (2, 1, 1),
        "{acted:?}"
    );

    // What becomes of the subscription, as the tenant tells it.
    let message = "SELECT id FROM o365_subscriptions WHERE \"table\" = 'Messages'";
    let before: String = one(&copy, message);
    let address = server
        .url()
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    for event in ["reauthorizationRequired", "missed", "subscriptionRemoved"] {
        let body = json!({"subscriptionId": before, "lifecycleEvent": event}).to_string();
        assert_eq!(
            post(address, "/demo/lifecycle", body.as_bytes()).0,
            202,
            "{event}"
        );
        let heard = format!(
            "SELECT count(*) FROM Notifications WHERE lifecycleEvent = '{event}' AND state = 'done'"
        );
        assert!(
            eventually(|| one::<i64>(&copy, &heard) >= 1),
            "{event}\n{}",
            listening.err()
        );
    }
    assert!(eventually(
        || one::<Option<String>>(&copy, message).is_some_and(|now| now != before)
    ));
    worker
        .execute_batch(
            "INSERT INTO Messages(subject, body_content) VALUES ('told by the new one', 'x')",
        )
        .expect("written");
    let new = "SELECT count(*) FROM Messages WHERE subject = 'told by the new one'";
    assert!(
        eventually(|| one::<i64>(&copy, new) == 1),
        "{}",
        listening.err()
    );
}
