//! Places: rooms and room lists, as the public documentation has them.

use crate::http::{self, APP, ask, get};
use crate::refused;
use serde_json::Value;

const ROOMS: &str = "/v1.0/places/microsoft.graph.room";
const LISTS: &str = "/v1.0/places/microsoft.graph.roomlist";

#[test]
fn rooms_come_in_hundreds() {
    let first = get(ROOMS);
    assert_eq!(first.rows().len(), 100);
    let rooms = http::all(ROOMS, &[]);
    assert_eq!(rooms.len(), 120);
    assert_eq!(
        get(&format!("{ROOMS}?$count=true&$top=3")).json()["@odata.count"],
        120
    );
    assert_eq!(get(&format!("{ROOMS}?$skip=115")).rows().len(), 5);
    for option in [
        "$top=101",
        "$top=0",
        "$orderby=displayName",
        "$search=\"x\"",
        "$expand=rooms",
    ] {
        refused(
            &get(&format!("{ROOMS}?{option}")),
            400,
            "ErrorInvalidUrlQuery",
        );
    }
    let app = [("Authorization", APP.as_str())];
    assert_eq!(ask("GET", ROOMS, &app, "").status, 200);
}

#[test]
fn rooms_are_those_of_the_directory_and_more() {
    let rooms = http::all(ROOMS, &[]);
    let users = http::all(
        "/v1.0/users?$select=displayName,mail&$filter=startswith(mail,'room')",
        &[],
    );
    assert_eq!(users.len(), 4);
    for (room, user) in rooms.iter().zip(&users) {
        assert_eq!(
            (&room["displayName"], &room["emailAddress"]),
            (&user["displayName"], &user["mail"])
        );
    }
    // Where events say that they take place.
    let events = http::all("/v1.0/me/events?$top=150&$select=location", &[]);
    for name in ["Conf Room Adams", "Building 5, Room 12"] {
        assert!(
            events
                .iter()
                .any(|row| row["location"]["displayName"] == name)
        );
        assert!(rooms.iter().any(|row| row["displayName"] == name));
    }
}

#[test]
fn rooms_filter_by_name_only() {
    let named = |name: &str| get(&format!("{ROOMS}?$filter=displayName eq '{name}'")).rows();
    assert_eq!(named("O''Keeffe").len(), 1);
    assert_eq!(named("conf room adams").len(), 2, "without regard to case");
    for filter in [
        "startswith(displayName,'C')",
        "displayName ne 'x'",
        "capacity ge 5",
        "building eq 'Building 5'",
        "emailAddress eq 'room52@contoso.com'",
        "displayName eq null",
    ] {
        refused(
            &get(&format!("{ROOMS}?$filter={filter}")),
            400,
            "ErrorInvalidUrlQueryFilter",
        );
    }
    refused(
        &get(&format!("{ROOMS}?$filter=nothing eq 1")),
        400,
        "RequestBroker--ParseUri",
    );
    refused(&get(&format!("{ROOMS}?$select=rooms")), 400, "BadRequest");
}

#[test]
fn lists_hold_rooms() {
    let lists = get(LISTS).rows();
    assert_eq!(lists.len(), 7);
    assert_eq!(get("/v1.0/places/microsoft.graph.roomList").rows(), lists);
    assert!(lists[0].get("capacity").is_none() && lists[6]["displayName"].is_null());
    let rooms_of = |key: &str| {
        http::all(
            &format!("/v1.0/places/{key}/microsoft.graph.roomlist/rooms?$top=7"),
            &[],
        )
    };
    let lengths: Vec<usize> = lists
        .iter()
        .map(|list| rooms_of(list["emailAddress"].as_str().expect("an address")).len())
        .collect();
    // The last room stands in two lists, every sixth in none, and one site is closed.
    assert_eq!(lengths, [21, 20, 20, 20, 20, 0, 1]);
    let by_id = rooms_of(lists[1]["id"].as_str().expect("an id"));
    assert_eq!(by_id, rooms_of("obrien.house@contoso.com"));
    assert!(by_id.iter().all(|room| room["building"] == "O'Brien House"));
    assert_eq!(
        rooms_of("nameless@contoso.com")[0]["emailAddress"],
        Value::Null
    );
    refused(
        &get("/v1.0/places/room52@contoso.com/microsoft.graph.roomlist/rooms"),
        404,
        "ErrorItemNotFound",
    );
}

#[test]
fn places_by_id_or_address() {
    let room = get("/v1.0/places/ROOM52@contoso.com").json();
    assert_eq!(
        (&room["@odata.type"], &room["displayName"]),
        (&"#microsoft.graph.room".into(), &"Conf Room Adams".into())
    );
    let id = room["id"].as_str().expect("an id");
    let same = get(&format!("/v1.0/places/{id}")).json();
    assert_eq!(same["emailAddress"], "room52@contoso.com");
    let list = get("/v1.0/places/tower_a@contoso.com").json();
    assert_eq!(list["@odata.type"], "#microsoft.graph.roomList");
    refused(
        &get("/v1.0/places/adele@contoso.com"),
        404,
        "ErrorItemNotFound",
    );
    refused(
        &get(&format!("/v1.0/places/{id}?$top=1")),
        400,
        "ErrorInvalidUrlQuery",
    );
    refused(&get("/v1.0/places"), 400, "BadRequest");
    refused(
        &get(&format!("/v1.0/places/{id}/events")),
        400,
        "BadRequest",
    );
}
