//! Rounds of `users/delta` and `groups/delta`.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, below, round};
use crate::demo::{Options, Tenant};

fn line<'r>(rows: &'r [Value], id: &str) -> Option<&'r Value> {
    rows.iter().find(|row| row["id"] == id)
}

fn made(client: &Client, name: &str) -> String {
    let told = client.post(
        "users",
        json!({
            "accountEnabled": true, "displayName": name, "mailNickname": name,
            "userPrincipalName": format!("{name}@contoso.com"),
            "passwordProfile": {"password": "Secret-12345"},
        }),
    );
    assert_eq!(told.status, 201, "{}", told.body);
    told.id().to_string()
}

#[test]
fn the_first_round_of_users_has_all_and_the_deleted() {
    let client = Client::new();
    let first = client.get("users/delta?$select=displayName,id");
    assert_eq!(first.rows().len(), 50);
    assert_eq!(
        first.body["@odata.context"],
        "http://demo/v1.0/$metadata#users(displayName,id)"
    );
    let link = first.body["@odata.nextLink"].as_str().expect("more");
    assert!(!link.contains("select"), "options are in the token: {link}");
    let (rows, link) = round(&client, "users/delta?$select=displayName", &[]);
    let there = rows.iter().filter(|row| row["@removed"].is_null());
    assert_eq!(there.count(), 60);
    assert_eq!(rows.len(), 60 + 112);
    assert_eq!(rows[171]["@removed"]["reason"], "changed");
    assert_eq!(rows[0].as_object().map(|row| row.len()), Some(2));
    let (rows, again) = round(&client, &link, &[]);
    assert_eq!((rows.len(), again), (0, link));
}

#[test]
fn a_round_tells_what_changed_and_nothing_else() {
    let client = Client::new();
    let start = "users/delta?$deltatoken=latest&$select=displayName,jobTitle,manager";
    let (rows, link) = round(&client, start, &[]);
    assert_eq!(rows.len(), 0);
    let (new, passing) = (made(&client, "new"), made(&client, "passing"));
    let users = client.get("users?$select=id,displayName").rows().to_vec();
    let id = |place: usize| users[place]["id"].as_str().expect("an id").to_string();
    client.patch(&format!("users/{}", id(5)), json!({"jobTitle": "Head"}));
    client.patch(&format!("users/{}", id(6)), json!({"city": "Ulm"}));
    let manager = json!({"@odata.id": format!("http://demo/v1.0/users/{new}")});
    client.ask(
        "PUT",
        &format!("users/{}/manager/$ref", id(7)),
        &[],
        manager,
    );
    for gone in [&passing, &id(40), &id(41)] {
        assert_eq!(client.delete(&format!("users/{gone}")).status, 204);
    }
    client.delete(&format!("directory/deletedItems/{}", id(41)));
    let (rows, next) = round(&client, &link, &[]);
    assert_eq!(rows.len(), 5, "{rows:?}");
    assert_eq!(
        line(&rows, &id(5)),
        Some(&json!({"id": id(5), "jobTitle": "Head"}))
    );
    assert_eq!(
        line(&rows, &new),
        Some(&json!({"id": new, "displayName": "new", "jobTitle": null}))
    );
    let person = |id: &str| json!({"@odata.type": "#microsoft.graph.user", "id": id});
    let mut old = person(&id(0));
    old["@removed"] = json!({"reason": "deleted"});
    assert_eq!(
        line(&rows, &id(7)),
        Some(&json!({"id": id(7), "manager@delta": [old, person(&new)]}))
    );
    let gone = |rows: &[Value], id: &str| line(rows, id).map(|row| row["@removed"].clone());
    assert_eq!(gone(&rows, &id(40)), Some(json!({"reason": "changed"})));
    assert_eq!(gone(&rows, &id(41)), Some(json!({"reason": "deleted"})));
    assert_eq!(round(&client, &next, &[]).0.len(), 0);
    client.delete(&format!("directory/deletedItems/{}", id(40)));
    let (rows, next) = round(&client, &next, &[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(gone(&rows, &id(40)), Some(json!({"reason": "deleted"})));
    assert_eq!(round(&client, &next, &[]).0.len(), 0);
}

#[test]
fn a_round_is_frozen_from_its_first_page() {
    let client = Client::new();
    let first = client.get("users/delta?$select=displayName");
    made(&client, "late");
    let next = below(first.body["@odata.nextLink"].as_str().expect("more"));
    let (rows, link) = round(&client, &next, &[]);
    assert_eq!(rows.len(), 172 - 50);
    let (rows, _) = round(&client, &link, &[]);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["displayName"], "late");
}

#[test]
fn ids_can_be_chosen_and_pages_be_empty() {
    let client = Client::new();
    let users = client.get("users?$select=id").rows().to_vec();
    let id = |place: usize| users[place]["id"].as_str().expect("an id").to_string();
    let path = format!(
        "users/delta?$select=displayName&$filter=id+eq+'{}'+or+id+eq+'{}'",
        id(55),
        id(58)
    );
    let first = client.get(&path);
    assert_eq!(first.rows().len(), 0);
    assert!(first.body["@odata.nextLink"].is_string());
    let (rows, link) = round(&client, &path, &[]);
    assert_eq!(rows.len(), 2);
    client.patch(&format!("users/{}", id(3)), json!({"displayName": "x"}));
    client.patch(&format!("users/{}", id(58)), json!({"displayName": "y"}));
    let (rows, _) = round(&client, &link, &[("Prefer", "return=minimal")]);
    assert_eq!(rows, [json!({"id": id(58), "displayName": "y"})]);
    let many = vec![format!("id+eq+'{}'", id(1)); 51].join("+or+");
    let told = client.get(&format!("users/delta?$filter={many}"));
    assert_eq!(told.refusal(), (400, "Request_BadRequest"));
    let told = client.get("users/delta?$filter=displayName+eq+'x'");
    assert_eq!(told.refusal(), (400, "Request_UnsupportedQuery"));
}

#[test]
fn what_delta_does_not_take() {
    let client = Client::new();
    for option in [
        "$top=5",
        "$orderby=displayName",
        "$expand=manager",
        "$search=\"displayName:x\"",
    ] {
        let option = option.replace('"', "%22");
        for resource in ["users", "groups"] {
            let told = client.get(&format!("{resource}/delta?{option}"));
            assert_eq!(told.refusal(), (400, "Request_BadRequest"), "{option}");
        }
    }
    assert_eq!(client.get("users/delta?$select=skills").status, 501);
    let (_, link) = round(&client, "users/delta?$deltaToken=latest", &[]);
    let told = client.get(&format!("{link}&$select=displayName"));
    assert_eq!(told.refusal(), (400, "Request_BadRequest"));
}

#[test]
fn a_lost_token_says_where_to_start_over() {
    let client = Client::new();
    let told = client.get("users/delta?$deltatoken=forged");
    assert_eq!(told.refusal(), (410, "syncStateNotFound"));
    assert_eq!(told.headers["Location"], "http://demo/v1.0/users/delta");
    let client = Client {
        tenant: Tenant::new(Options {
            delta_lifetime: Some(2),
            ..Options::default()
        }),
    };
    let (_, link) = round(&client, "users/delta?$select=displayName", &[]);
    made(&client, "one");
    assert_eq!(round(&client, &link, &[]).0.len(), 1);
    made(&client, "two");
    let told = client.get(&link);
    assert_eq!(told.refusal(), (410, "syncStateNotFound"));
    let address = told.headers["Location"].to_str().expect("an address");
    assert_eq!(
        address,
        "http://demo/v1.0/users/delta?%24select=displayName"
    );
    assert_eq!(round(&client, &below(address), &[]).0.len(), 174);
}

#[test]
fn members_come_in_pieces() {
    let client = Client::new();
    let (rows, _) = round(&client, "groups/delta?$select=displayName", &[]);
    assert_eq!(rows.len(), 105);
    let path = "groups/delta?$select=displayName,members,owners";
    let first = client.get(path);
    let all_company = first.rows()[0].clone();
    assert_eq!(all_company["displayName"], "All Company");
    assert_eq!(
        first.body["@odata.context"],
        "http://demo/v1.0/$metadata#groups(displayName)"
    );
    let (rows, link) = round(&client, path, &[]);
    let lines: Vec<&Value> = rows
        .iter()
        .filter(|row| row["id"] == all_company["id"])
        .collect();
    let members = |row: &Value| row["members@delta"].as_array().map_or(0, Vec::len);
    assert_eq!(lines.iter().map(|row| members(row)).sum::<usize>(), 60);
    assert_eq!(lines.len(), 3);
    let nested = rows[1]["members@delta"][0].clone();
    assert_eq!(nested["@odata.type"], "#microsoft.graph.group");
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
}

#[test]
fn a_round_of_groups_tells_who_came_and_left() {
    let client = Client::new();
    let body = json!({
        "displayName": "Crew", "mailEnabled": false, "mailNickname": "crew", "securityEnabled": true,
    });
    let crew = client.post("groups", body).id().to_string();
    let start = "groups/delta?$deltatoken=latest&$select=description,members";
    let (_, link) = round(&client, start, &[]);
    let users = client.get("users?$select=id").rows().to_vec();
    let id = |place: usize| users[place]["id"].as_str().expect("an id").to_string();
    let add = |user: &str| {
        let body = json!({"@odata.id": format!("http://demo/v1.0/users/{user}")});
        client.post(&format!("groups/{crew}/members/$ref"), body);
    };
    (20..23).for_each(|place| add(&id(place)));
    client.patch(&format!("groups/{crew}"), json!({"displayName": "Team"}));
    let person = |id: &str| json!({"@odata.type": "#microsoft.graph.user", "id": id});
    let (rows, link) = round(&client, &link, &[]);
    let came: Vec<Value> = (20..23).map(|place| person(&id(place))).collect();
    assert_eq!(rows, [json!({"id": crew, "members@delta": came})]);
    client.delete(&format!("groups/{crew}/members/{}/$ref", id(20)));
    client.delete(&format!("users/{}", id(21)));
    let (rows, link) = round(&client, &link, &[]);
    let left = |id: &str| {
        let mut left = person(id);
        left["@removed"] = json!({"reason": "deleted"});
        left
    };
    assert_eq!(
        line(&rows, &crew),
        Some(&json!({"id": crew, "members@delta": [left(&id(20)), left(&id(21))]}))
    );
    client.delete(&format!("groups/{crew}"));
    let (rows, link) = round(&client, &link, &[]);
    assert_eq!(
        rows,
        [json!({"id": crew, "@removed": {"reason": "deleted"}})]
    );
    assert_eq!(round(&client, &link, &[]).0.len(), 0);
}
