//! Teams: teams, channels, members, channel messages (FACTS 1.9).

use std::collections::HashMap;

use crate::http::{self, APP, ask, get};
use crate::refused;
use serde_json::Value;

fn team(name: &str) -> String {
    let groups =
        get("/v1.0/groups?$filter=resourceProvisioningOptions/any(x:x eq 'Team')&$top=999");
    let found = groups
        .rows()
        .into_iter()
        .find(|row| row["displayName"] == name);
    let found = found.unwrap_or_else(|| panic!("no team {name}"));
    found["id"].as_str().expect("an id").to_string()
}

fn channels(name: &str) -> Vec<Value> {
    get(&format!("/v1.0/teams/{}/channels", team(name))).rows()
}

fn messages(name: &str, channel: usize) -> String {
    let id = channels(name)[channel]["id"]
        .as_str()
        .expect("an id")
        .to_string();
    format!("/v1.0/teams/{}/channels/{id}/messages", team(name))
}

#[test]
fn joined_teams_take_no_option_and_fill_few_properties() {
    let rows = get("/v1.0/me/joinedTeams").rows();
    assert_eq!(rows[0]["displayName"], "All Company");
    assert!(rows[0]["id"].is_string() && rows[0]["tenantId"].is_string());
    assert!(rows[0]["webUrl"].is_null() && rows[0]["createdDateTime"].is_null());
    for option in ["$select=id", "$top=1", "$filter=id eq 'x'", "$count=true"] {
        refused(
            &get(&format!("/v1.0/me/joinedTeams?{option}")),
            400,
            "BadRequest",
        );
    }
    let app = [("Authorization", APP.as_str())];
    assert_eq!(ask("GET", "/v1.0/me/joinedTeams", &app, "").status, 400);
    let others = ask("GET", "/v1.0/users/alex@contoso.com/joinedTeams", &app, "");
    assert_eq!(others.status, 200);
}

#[test]
fn teams_are_groups_and_there_is_no_list_of_them() {
    let groups = http::all(
        "/v1.0/groups?$filter=resourceProvisioningOptions/any(x:x eq 'Team')&$select=id,displayName",
        &[],
    );
    assert_eq!(groups.len(), 18);
    for group in &groups {
        let team = get(&format!(
            "/v1.0/teams/{}?$select=displayName",
            group["id"].as_str().expect("an id")
        ));
        assert_eq!(team.json()["displayName"], group["displayName"]);
    }
    refused(&get("/v1.0/teams"), 400, "BadRequest");
    refused(&get("/v1.0/teams/x"), 400, "BadRequest");
    let sales = get("/v1.0/groups?$filter=displayName eq 'Müller %26 Friends'").rows();
    let path = format!("/v1.0/teams/{}", sales[0]["id"].as_str().expect("an id"));
    refused(&get(&path), 404, "NotFound");
}

#[test]
fn a_team_takes_select_and_expands_nothing() {
    let path = format!("/v1.0/teams/{}", team("All Company"));
    let whole = get(&path).json();
    assert_eq!(whole["visibility"], "public");
    assert_eq!(
        (
            &whole["summary"]["ownersCount"],
            &whole["summary"]["guestsCount"]
        ),
        (&0.into(), &10.into())
    );
    assert!(whole["funSettings"]["giphyContentRating"].is_string());
    let some = get(&format!("{path}?$select=id,isArchived")).json();
    assert_eq!(
        (some["isArchived"].clone(), some.get("displayName")),
        (false.into(), None)
    );
    refused(&get(&format!("{path}?$select=nope")), 400, "BadRequest");
    refused(
        &get(&format!("{path}?$expand=channels")),
        400,
        "ExpandNotSupported",
    );
}

#[test]
fn channels_filter_by_name_and_kind_only() {
    let rows = channels("All Company");
    assert_eq!(rows.len(), 14);
    assert_eq!(rows[0]["displayName"], "General");
    let path = format!("/v1.0/teams/{}/channels", team("All Company"));
    // Text compares without regard to case (FACTS 2.4).
    let general = get(&format!("{path}?$filter=displayName eq 'general'")).rows();
    assert_eq!(general.len(), 2);
    let private = get(&format!(
        "{path}?$filter=membershipType eq 'private'&$select=id"
    ))
    .rows();
    assert_eq!((private.len(), private[0].get("displayName")), (3, None));
    for filter in [
        "startswith(displayName,'G')",
        "displayName ne 'General'",
        "isFavoriteByDefault eq true",
        "description eq null",
        "nope eq 'x'",
    ] {
        refused(&get(&format!("{path}?$filter={filter}")), 400, "BadRequest");
    }
    for option in [
        "$top=1",
        "$orderby=displayName",
        "$count=true",
        "$skip=1",
        "$search=\"x\"",
    ] {
        refused(&get(&format!("{path}?{option}")), 400, "BadRequest");
    }
    let id = rows[3]["id"].as_str().expect("an id");
    assert_eq!(
        get(&format!("{path}/{id}")).json()["displayName"],
        "100% off-topic"
    );
    let escaped = id.replace(':', "%3A").replace('@', "%40");
    assert_eq!(get(&format!("{path}/{escaped}")).json()["id"], id);
    refused(&get(&format!("{path}/General")), 400, "BadRequest");
    refused(&get(&format!("{path}/19:0@thread.tacv2")), 404, "NotFound");
}

#[test]
fn members_page_by_100_and_999_and_do_not_filter_by_role() {
    let path = format!("/v1.0/teams/{}/members", team("All Company"));
    let rows = get(&path).rows();
    assert_eq!(rows.len(), 60);
    assert_eq!(
        rows[0]["@odata.type"],
        "#microsoft.graph.aadUserConversationMember"
    );
    assert_eq!(http::all(&format!("{path}?$top=25"), &[]), rows);
    assert_eq!(get(&format!("{path}?$top=999")).status, 200);
    let guests = rows
        .iter()
        .filter(|row| row["roles"] == serde_json::json!(["guest"]));
    assert_eq!(guests.count(), 10);
    assert!(rows.iter().any(|row| row["email"].is_null()));
    for option in [
        "$top=1000",
        "$top=0",
        "$filter=roles/any(r:r eq 'owner')",
        "$select=id",
        "$orderby=displayName",
    ] {
        refused(&get(&format!("{path}?{option}")), 400, "BadRequest");
    }
    // Owners are members too.
    let rows = get(&format!("/v1.0/teams/{}/members", team("Team 008"))).rows();
    let owners = rows
        .iter()
        .filter(|row| row["roles"] == serde_json::json!(["owner"]));
    assert_eq!(owners.count(), 2);
}

#[test]
fn channel_messages_take_top_up_to_50_and_nothing_else() {
    let path = messages("All Company", 0);
    assert_eq!(get(&path).rows().len(), 20);
    assert_eq!(get(&format!("{path}?$top=50")).rows().len(), 50);
    let all = http::all(&format!("{path}?$top=50"), &[]);
    assert_eq!(all.len(), 130);
    let times: Vec<&str> = all
        .iter()
        .filter_map(|row| row["createdDateTime"].as_str())
        .collect();
    assert!(times.is_sorted_by(|a, b| a > b), "newest first");
    assert!(
        all.iter().all(|row| row["replyToId"].is_null()),
        "no replies"
    );
    for option in [
        "$top=51",
        "$filter=createdDateTime gt 2026-01-01T00:00:00Z",
        "$orderby=createdDateTime desc",
        "$select=id",
        "$search=\"x\"",
        "$skip=1",
        "$count=true",
        "$expand=replies",
    ] {
        refused(&get(&format!("{path}?{option}")), 400, "BadRequest");
    }
    let empty = messages("All Company", 13);
    assert_eq!(get(&empty).rows().len(), 0);
}

#[test]
fn message_ids_are_unique_in_their_channel_only() {
    let (one, other) = (messages("All Company", 0), messages("Team 008", 0));
    let (a, b) = (get(&one).rows(), get(&other).rows());
    assert_eq!(a[2]["id"], b[2]["id"]);
    assert_ne!(a[2]["channelIdentity"], b[2]["channelIdentity"]);
    let id = a[2]["id"].as_str().expect("an id");
    assert_eq!(get(&format!("{one}/{id}")).json()["body"], a[2]["body"]);
    refused(&get(&format!("{one}/1")), 404, "NotFound");
}

#[test]
fn replies_are_asked_for_one_by_one() {
    let path = messages("All Company", 0);
    let post = http::all(&path, &[])[10]["id"]
        .as_str()
        .expect("an id")
        .to_string();
    let replies = format!("{path}/{post}/replies");
    assert_eq!(get(&replies).rows().len(), 20);
    let all = http::all(&format!("{replies}?$top=50"), &[]);
    assert_eq!(all.len(), 60);
    assert!(all.iter().all(|row| row["replyToId"] == post.as_str()));
    assert!(all[0]["createdDateTime"].as_str() > all[59]["createdDateTime"].as_str());
    refused(&get(&format!("{replies}?$top=51")), 400, "BadRequest");
    let id = all[3]["id"].as_str().expect("an id");
    assert_eq!(get(&format!("{replies}/{id}")).json()["id"], id);
}

#[test]
fn messages_of_bots_deleted_ones_and_events() {
    let all = http::all(&messages("All Company", 0), &[]);
    let mut kinds: HashMap<String, usize> = HashMap::new();
    for row in &all {
        *kinds
            .entry(row["messageType"].as_str().expect("a type").into())
            .or_default() += 1;
    }
    assert_eq!((kinds["message"], kinds["unknownFutureValue"]), (122, 8));
    let event = all
        .iter()
        .find(|row| row["from"].is_null())
        .expect("an event");
    assert_eq!(
        event["eventDetail"]["@odata.type"],
        "#microsoft.graph.membersAddedEventMessageDetail"
    );
    let deleted = all
        .iter()
        .find(|row| row["deletedDateTime"].is_string())
        .expect("one");
    assert_eq!(deleted["body"]["content"], "");
    assert!(all.iter().any(
        |row| row["from"]["application"]["displayName"] == "Power Automate"
            && row["from"]["user"].is_null()
    ));
    let asked = http::all(
        &messages("All Company", 0),
        &[("Prefer", "include-unknown-enum-members")],
    );
    assert!(
        asked
            .iter()
            .any(|row| row["messageType"] == "systemEventMessage")
    );
    let leak = &get(&messages("Team 008", 0)).rows()[3];
    assert_eq!(leak["policyViolation"]["dlpAction"], "notifySender");
    assert!(all[0].get("policyViolation").is_some_and(Value::is_null));
    assert!(
        all.iter()
            .any(|row| row["mentions"][0]["mentionText"] == "Adele Vance")
    );
}
