//! Attachments are put on events and taken away.

use serde_json::{Value, json};

use super::{lunch, made, path};
use crate::demo::encoding::base64;
use crate::demo::write::client::{Client, Told};

const MEGA: usize = 1_000_000;

fn file(name: &str) -> Value {
    json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": name, "contentBytes": base64(b"hello")})
}

fn names(client: &Client, all: &str) -> Vec<String> {
    let told = client.get(all);
    let name = |row: &Value| row["name"].as_str().unwrap_or_default().to_string();
    told.rows().iter().map(name).collect()
}

fn below(all: &str, told: &Told) -> String {
    format!("{all}/{}", told.id().replace('=', "%3D"))
}

#[test]
fn a_file_comes_and_goes() {
    let client = Client::new();
    let event = path(&made(&client, lunch()));
    let all = format!("{event}/attachments");
    let told = client.post(&all, file("menu.txt"));
    assert_eq!(
        (told.status, &told.body["size"]),
        (201, &json!(5)),
        "{told:?}"
    );
    assert!(
        told.headers["Location"]
            .to_str()
            .expect("text")
            .contains("/attachments('")
    );
    let one = below(&all, &told);
    assert_eq!(client.get(&format!("{one}/$value")).body, "hello");
    assert_eq!(client.get(&event).body["hasAttachments"], true);
    let link = json!({"@odata.type": "#microsoft.graph.referenceAttachment", "name": "Plan"});
    assert_eq!(client.post(&all, link).status, 201);
    assert_eq!(names(&client, &all), ["menu.txt", "Plan"]);
    assert_eq!(client.delete(&one).status, 204);
    assert_eq!(
        (client.delete(&one).status, client.get(&one).status),
        (404, 404)
    );
    assert_eq!(names(&client, &all), ["Plan"]);
}

#[test]
fn generated_ones_go_as_well() {
    let client = Client::new();
    let list = client.get("me/events?$top=150&$select=id,hasAttachments");
    let event = list.rows().iter().find(|row| row["hasAttachments"] == true);
    let id = event.expect("one with attachments")["id"]
        .as_str()
        .unwrap_or_default();
    let event = format!("me/events/{}", id.replace('=', "%3D"));
    let all = format!("{event}/attachments");
    let rows = client.get(&all).rows().to_vec();
    assert_eq!(rows[0]["name"], "agenda.txt");
    client.post(&all, file("more.txt"));
    assert_eq!(names(&client, &all).len(), rows.len() + 1);
    for row in &rows {
        let id = row["id"].as_str().unwrap_or_default().replace('=', "%3D");
        assert_eq!(client.delete(&format!("{all}/{id}")).status, 204);
    }
    assert_eq!(names(&client, &all), ["more.txt"]);
    let id = client.get(&all).rows()[0]["id"]
        .as_str()
        .unwrap_or_default()
        .replace('=', "%3D");
    client.delete(&format!("{all}/{id}"));
    assert_eq!(client.get(&event).body["hasAttachments"], false);
}

#[test]
fn a_large_file_comes_in_pieces() {
    let client = Client::new();
    let event = path(&made(&client, lunch()));
    let item =
        json!({"AttachmentItem": {"attachmentType": "file", "name": "big.bin", "size": 4 * MEGA}});
    let opened = client.post(&format!("{event}/attachments/createUploadSession"), item);
    assert_eq!(opened.status, 201, "{opened:?}");
    let url = opened.body["uploadUrl"].as_str().expect("an address");
    let piece = |from: usize, end: usize| {
        let range = format!("bytes {from}-{}/{}", end - 1, 4 * MEGA);
        client.outside(
            "PUT",
            url,
            &[("Content-Range", &range)],
            vec![7; end - from],
        )
    };
    assert_eq!(piece(0, 3 * MEGA).status, 200);
    assert_eq!(names(&client, &format!("{event}/attachments")), [""; 0]);
    let last = piece(3 * MEGA, 4 * MEGA);
    assert_eq!(last.status, 201);
    assert!(
        last.headers["Location"]
            .to_str()
            .expect("text")
            .contains("/Events('")
    );
    let rows = client
        .get(&format!("{event}/attachments?$select=name,size"))
        .rows()
        .to_vec();
    assert_eq!(
        (&rows[0]["name"], &rows[0]["size"]),
        (&json!("big.bin"), &json!(4 * MEGA))
    );
}

#[test]
fn what_cannot_be_is_refused() {
    let client = Client::new();
    let event = path(&made(&client, lunch()));
    let all = format!("{event}/attachments");
    for (body, status) in [
        (json!({"name": "x"}), 400),
        (
            json!({"@odata.type": "#microsoft.graph.fileAttachment"}),
            400,
        ),
        (
            json!({"@odata.type": "#microsoft.graph.fileAttachment", "name": "x", "contentBytes": base64(&vec![0; 3 * MEGA])}),
            413,
        ),
    ] {
        assert_eq!(client.post(&all, body).status, status);
    }
    assert_eq!(
        client.delete(&format!("{all}/x")).refusal(),
        (400, "ErrorInvalidIdMalformed")
    );
    assert_eq!(
        client
            .ask("PATCH", &format!("{all}/x"), &[], json!({}))
            .status,
        405
    );
    let mut series = lunch();
    series["recurrence"] = json!({
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
        "range": {"type": "noEnd", "startDate": "2026-12-07"},
    });
    let series = path(&made(&client, series));
    let window = "startDateTime=2026-12-01T00:00:00Z&endDateTime=2026-12-31T00:00:00Z";
    let rows = client.get(&format!("{series}/instances?{window}"));
    let one = rows.rows()[0]["id"]
        .as_str()
        .unwrap_or_default()
        .replace('=', "%3D");
    assert_eq!(
        client
            .post(&format!("me/events/{one}/attachments"), file("x"))
            .status,
        400
    );
    assert_eq!(
        client
            .post(&format!("{series}/attachments"), file("x"))
            .status,
        201
    );
    assert_eq!(
        names(&client, &format!("me/events/{one}/attachments")),
        ["x"]
    );
}
