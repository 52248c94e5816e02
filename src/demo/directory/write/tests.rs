//! Users, licences and groups: each write, each refusal, and what reads say afterwards.

use serde_json::{Value, json};

use crate::demo::write::client::{Client, Told};

const EVENTUAL: &[(&str, &str)] = &[("ConsistencyLevel", "eventual")];

fn person(name: &str) -> Value {
    json!({
        "accountEnabled": true, "displayName": format!("Zoe {name}"), "mailNickname": name,
        "userPrincipalName": format!("{name}@contoso.com"),
        "passwordProfile": {"password": "xWwvJ]6NMw+bWH-d", "forceChangePasswordNextSignIn": true},
    })
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn count(client: &Client, path: &str) -> i64 {
    let told = client.ask("GET", path, EVENTUAL, Value::Null);
    assert_eq!(told.status, 200, "{:?}", told.body);
    let text = || told.body.as_str().and_then(|text| text.parse().ok());
    told.body.as_i64().or_else(text).expect("a number")
}

fn has(told: &Told, id: &str) -> bool {
    told.rows().iter().any(|row| row["id"] == id)
}

fn refer(id: &str) -> Value {
    json!({"@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}")})
}

#[test]
fn a_user_is_made_and_found_everywhere() {
    let client = Client::new();
    let before = count(&client, "users/$count");
    let made = client.post("users", with(person("zoe"), "department", json!("Sales")));
    assert_eq!(made.status, 201, "{:?}", made.body);
    assert_eq!(made.body["userPrincipalName"], "zoe@contoso.com");
    let id = made.id();
    assert_eq!(count(&client, "users/$count"), before + 1);
    assert!(has(&client.get("users?$top=999"), id));
    for path in [
        "users?$filter=displayName%20eq%20'zoe%20zoe'",
        "users?$filter=startswith(userPrincipalName,'ZOE')",
    ] {
        assert!(has(&client.get(path), id), "{path}");
    }
    let found = client.ask(
        "GET",
        "users?$search=%22displayName:zoe%22",
        EVENTUAL,
        Value::Null,
    );
    assert!(has(&found, id), "{:?}", found.body);
    let sorted = client.ask(
        "GET",
        "users?$orderby=displayName%20desc&$count=true&$top=8",
        EVENTUAL,
        Value::Null,
    );
    assert!(has(&sorted, id));
    assert_eq!(client.get("users/ZOE@contoso.com").id(), id);
    let one = client.get(&format!(
        "users/{id}?$select=department,passwordProfile,userType"
    ));
    assert_eq!(one.body["department"], "Sales");
    assert_eq!(one.body["passwordProfile"], Value::Null);
    for path in ["messages", "events", "mailFolders"] {
        assert_eq!(
            client.get(&format!("users/{id}/{path}")).refusal(),
            (404, "MailboxNotEnabledForRESTAPI")
        );
    }
    for path in [
        "drive",
        "presence",
        "memberOf",
        "joinedTeams",
        "planner/tasks",
        "licenseDetails",
        "ownedDevices",
    ] {
        let status = client.get(&format!("users/{id}/{path}")).status;
        assert_eq!(status, if path == "drive" { 404 } else { 200 }, "{path}");
    }
}

#[test]
fn what_is_no_user_is_refused() {
    let client = Client::new();
    let bad = (400, "Request_BadRequest");
    let before = count(&client, "users/$count");
    for name in [
        "accountEnabled",
        "displayName",
        "mailNickname",
        "passwordProfile",
        "userPrincipalName",
    ] {
        let mut body = person("zoe");
        body.as_object_mut().expect("an object").remove(name);
        assert_eq!(client.post("users", body).refusal(), bad, "{name}");
    }
    for (name, value) in [
        ("userPrincipalName", json!("zoe@fabrikam.com")),
        ("userPrincipalName", json!("zoe@xn--mller-kva.example")),
        ("userPrincipalName", json!("zoe@corp.contoso.com")),
        ("userPrincipalName", json!("ADELE@contoso.com")),
        ("userPrincipalName", json!("zoe")),
        ("passwordProfile", json!({"password": "short1A"})),
        (
            "passwordProfile",
            json!({"password": "onlylowercaseletters"}),
        ),
        ("passwordProfile", json!({})),
        ("id", json!("x")),
        ("foo", json!(1)),
        ("displayName", json!("")),
        ("accountEnabled", json!("true")),
        ("businessPhones", json!(["1", "2"])),
        ("usageLocation", json!("USA")),
        ("assignedLicenses", json!([])),
    ] {
        assert_eq!(
            client
                .post("users", with(person("zoe"), name, value.clone()))
                .refusal(),
            bad,
            "{name} {value}"
        );
    }
    assert_eq!(client.patch("users", json!({})).status, 405);
    assert_eq!(
        client
            .ask_as(0, "User.Read.All", "POST", "users", person("zoe"))
            .status,
        403
    );
    assert_eq!(count(&client, "users/$count"), before);
    let weak = with(
        person("zoe"),
        "passwordProfile",
        json!({"password": "onlylowercase"}),
    );
    let weak = with(weak, "passwordPolicies", json!("DisableStrongPassword"));
    assert_eq!(client.post("users", weak.clone()).status, 201);
    assert_eq!(client.post("users", weak).refusal(), bad, "twice");
}

#[test]
fn a_user_is_changed() {
    let client = Client::new();
    for path in ["users/alex@contoso.com", "me"] {
        assert_eq!(
            client.patch(path, json!({"jobTitle": "Chief 🎉"})).status,
            204
        );
        assert_eq!(
            client.get(&format!("{path}?$select=jobTitle")).body["jobTitle"],
            "Chief 🎉"
        );
    }
    assert_eq!(
        client
            .get("users?$filter=jobTitle%20eq%20'chief%20🎉'")
            .rows()
            .len(),
        2
    );
    assert_eq!(
        client
            .patch("me", json!({"userPrincipalName": "a.v@contoso.com"}))
            .status,
        204
    );
    assert_eq!(client.get("users/a.v@contoso.com").status, 200);
    assert_eq!(client.get("users/adele@contoso.com").status, 404);
    for bad in [
        json!({"id": "x"}),
        json!({"foo": 1}),
        json!({"userPrincipalName": "alex@contoso.com"}),
        json!({"displayName": null}),
    ] {
        assert_eq!(
            client.patch("me", bad.clone()).refusal(),
            (400, "Request_BadRequest"),
            "{bad}"
        );
    }
    assert_eq!(
        client.patch("users/nobody@contoso.com", json!({})).status,
        404
    );
    let secret = json!({"passwordProfile": {"password": "xWwvJ]6NMw+bWH-d"}});
    let denied = client.ask_as(0, "User.ReadWrite.All", "PATCH", "me", secret.clone());
    assert_eq!(denied.refusal(), (403, "Authorization_RequestDenied"));
    assert_eq!(client.patch("me", secret).status, 204);
}

#[test]
fn a_deleted_user_is_gone_everywhere_and_comes_back() {
    let client = Client::new();
    let alex = client.get("users/alex@contoso.com").id().to_string();
    let lists = [
        "groups/{g}/members?$top=999",
        "me/directReports",
        "users?$top=999",
    ];
    let group = client.get("groups?$top=1").rows()[0]["id"]
        .as_str()
        .unwrap_or("")
        .to_string();
    let shown =
        |client: &Client| lists.map(|path| has(&client.get(&path.replace("{g}", &group)), &alex));
    assert_eq!(shown(&client), [true; 3]);
    let units = |client: &Client| client.get("subscribedSkus").rows()[0]["consumedUnits"].clone();
    let used = units(&client);
    assert_eq!(client.delete(&format!("users/{alex}")).status, 204);
    assert_eq!(shown(&client), [false; 3]);
    assert_eq!(units(&client), json!(used.as_i64().unwrap_or(0) - 1));
    for path in ["users/{}", "users/{}/messages", "users/{}/memberOf"] {
        assert_eq!(client.get(&path.replace("{}", &alex)).status, 404, "{path}");
    }
    assert_eq!(client.delete(&format!("users/{alex}")).status, 404);
    let bin = "directory/deletedItems";
    let gone = client.get(&format!("{bin}/microsoft.graph.user"));
    assert_eq!(gone.rows()[0]["id"], alex.as_str());
    let name = client
        .get(&format!(
            "{bin}/{alex}?$select=userPrincipalName,deletedDateTime"
        ))
        .body;
    assert!(name["deletedDateTime"].is_string() && name["userPrincipalName"] != "alex@contoso.com");
    assert_eq!(
        client
            .post(&format!("{bin}/{alex}/restore"), Value::Null)
            .status,
        200
    );
    assert_eq!(shown(&client), [true; 3]);
    assert_eq!(client.get("users/alex@contoso.com/messages").status, 200);
    assert_eq!(
        client
            .post(&format!("{bin}/{alex}/restore"), Value::Null)
            .status,
        404
    );
    client.delete(&format!("users/{alex}"));
    assert_eq!(client.delete(&format!("{bin}/{alex}")).status, 204);
    assert_eq!(client.get(&format!("{bin}/{alex}")).status, 404);
    // One of those who were deleted before.
    let old = gone.rows()[4]["id"].as_str().unwrap_or("").to_string();
    assert_eq!(
        client
            .post(&format!("{bin}/{old}/restore"), Value::Null)
            .status,
        200
    );
    assert!(has(&client.get("users?$top=999"), &old));
    assert!(!has(
        &client.get(&format!("{bin}/microsoft.graph.user?$top=999")),
        &old
    ));
}

const E5: &str = "users/zoe@contoso.com/assignLicense";

#[test]
fn licences_are_given_and_taken() {
    let client = Client::new();
    let skus = client.get("subscribedSkus").rows().to_vec();
    let sku = |place: usize| skus[place]["skuId"].clone();
    let add = |place: usize| json!({"addLicenses": [{"skuId": sku(place), "disabledPlans": []}], "removeLicenses": []});
    client.post("users", person("zoe"));
    let bad = (400, "Request_BadRequest");
    assert_eq!(client.post(E5, add(0)).refusal(), bad, "no country");
    client.patch("users/zoe@contoso.com", json!({"usageLocation": "DE"}));
    let plan = skus[0]["servicePlans"][0]["servicePlanId"].clone();
    for body in [
        json!({"addLicenses": []}),
        json!({"removeLicenses": []}),
        add(1),
        add(6),
        json!({"addLicenses": [{"skuId": "00000000-0000-0000-0000-000000000000"}], "removeLicenses": []}),
        json!({"addLicenses": [{"skuId": sku(0)}], "removeLicenses": [sku(0)]}),
        json!({"addLicenses": [], "removeLicenses": [sku(0)]}),
        json!({"addLicenses": [{"skuId": sku(2), "disabledPlans": [plan]}], "removeLicenses": []}),
        json!({"addLicenses": [], "removeLicenses": [], "foo": 1}),
    ] {
        assert_eq!(client.post(E5, body.clone()).refusal(), bad, "{body}");
    }
    let body =
        json!({"addLicenses": [{"skuId": sku(0), "disabledPlans": [plan]}], "removeLicenses": []});
    let told = client.post(E5, body);
    assert_eq!(
        (told.status, &told.body["userPrincipalName"]),
        (200, &json!("zoe@contoso.com"))
    );
    let one = client
        .get("users/zoe@contoso.com?$select=assignedLicenses,assignedPlans,provisionedPlans")
        .body;
    assert_eq!(
        one["assignedLicenses"],
        json!([{"skuId": sku(0), "disabledPlans": [plan]}])
    );
    assert_eq!(
        one["assignedPlans"].as_array().map(Vec::len),
        skus[0]["servicePlans"].as_array().map(Vec::len)
    );
    let details = client.get("users/zoe@contoso.com/licenseDetails");
    assert_eq!(
        details.rows()[0]["servicePlans"][0]["provisioningStatus"],
        "Disabled"
    );
    let used = |client: &Client| client.get("subscribedSkus").rows()[0]["consumedUnits"].as_i64();
    assert_eq!(
        used(&client),
        skus[0]["consumedUnits"].as_i64().map(|units| units + 1)
    );
    assert_eq!(
        client
            .post(E5, json!({"addLicenses": [], "removeLicenses": [sku(0)]}))
            .status,
        200
    );
    assert_eq!(used(&client), skus[0]["consumedUnits"].as_i64());
    assert!(
        client
            .get("users/zoe@contoso.com/licenseDetails")
            .rows()
            .is_empty()
    );
}

#[test]
fn managers_and_sessions() {
    let client = Client::new();
    let id = client.post("users", person("zoe")).id().to_string();
    let manager = format!("users/{id}/manager");
    let place = format!("{manager}/$ref");
    let me = client.get("me").id().to_string();
    assert_eq!(client.get(&manager).status, 404);
    let put = |body: Value| client.ask("PUT", &place, &[], body);
    assert_eq!(put(refer(&me)).status, 204);
    assert_eq!(client.get(&manager).id(), me);
    assert!(has(&client.get("me/directReports"), &id));
    let expanded = client.get(&format!("users/{id}?$expand=manager"));
    assert_eq!(expanded.body["manager"]["id"], me.as_str());
    assert_eq!(
        put(refer("00000000-0000-0000-0000-000000000000")).status,
        404
    );
    assert_eq!(put(json!({"id": me})).status, 400);
    assert_eq!(client.post(&place, refer(&me)).status, 405);
    assert_eq!(client.delete(&place).status, 204);
    assert_eq!(client.delete(&place).status, 404);
    assert!(!has(&client.get("me/directReports"), &id));
    let revoked = client.post("me/revokeSignInSessions", Value::Null);
    assert_eq!(
        (revoked.status, &revoked.body["value"]),
        (200, &json!(true))
    );
    let since = client
        .get("me?$select=signInSessionsValidFromDateTime")
        .body;
    assert!(since["signInSessionsValidFromDateTime"].as_str() > Some("2026-11"));
}

fn club(nickname: &str) -> Value {
    json!({"displayName": "Club", "mailEnabled": true, "mailNickname": nickname, "securityEnabled": false, "groupTypes": ["Unified"]})
}

#[test]
fn groups_and_who_is_in_them() {
    let client = Client::new();
    let before = count(&client, "groups/$count");
    let me = client.get("me").id().to_string();
    let alex = client.get("users/alex@contoso.com").id().to_string();
    let url = |id: &str| refer(id)["@odata.id"].clone();
    let made = client.post(
        "groups",
        with(club("club"), "members@odata.bind", json!([url(&alex)])),
    );
    assert_eq!(made.status, 201, "{:?}", made.body);
    assert_eq!(made.body["mail"], "club@contoso.com");
    let group = format!("groups/{}", made.id());
    assert_eq!(count(&client, "groups/$count"), before + 1);
    assert!(has(
        &client.get("groups?$filter=displayName%20eq%20'Club'"),
        made.id()
    ));
    let (members, owners) = (format!("{group}/members"), format!("{group}/owners"));
    assert!(has(&client.get(&members), &alex) && has(&client.get(&owners), &me));
    let groups_of = |id: &str, path: &str| {
        has(
            &client.get(&format!("users/{id}/{path}?$top=999")),
            made.id(),
        )
    };
    assert!(groups_of(&alex, "memberOf") && groups_of(&alex, "transitiveMemberOf"));
    assert!(!groups_of(&me, "memberOf"));

    for service in ["planner/plans", "sites/root", "threads", "drive"] {
        let told = client.get(&format!("{group}/{service}"));
        assert!([400, 404].contains(&told.status), "{service}");
    }

    let add = |path: &str, id: &str| client.post(&format!("{path}/$ref"), refer(id)).status;
    assert_eq!(add(&members, &me), 204);
    assert_eq!(add(&members, &me), 400, "already");
    assert_eq!(add(&members, "00000000-0000-0000-0000-000000000000"), 404);
    assert!(groups_of(&me, "memberOf"));
    let remove = |path: &str, id: &str| client.delete(&format!("{path}/{id}/$ref")).status;
    assert_eq!((remove(&members, &me), remove(&members, &me)), (204, 404));
    assert_eq!(client.delete(&format!("{members}/{alex}")).status, 405);
    assert_eq!(remove(&owners, &me), 400, "the last one");
    assert_eq!((add(&owners, &alex), add(&owners, &alex)), (204, 400));
    assert_eq!(remove(&owners, &me), 204);
    let denied = client.ask_as(
        0,
        "Group.Read.All",
        "POST",
        &format!("{members}/$ref"),
        refer(&me),
    );
    assert_eq!(denied.status, 403);

    let bind = |ids: Vec<Value>| client.patch(&group, json!({"members@odata.bind": ids}));
    let users = client.get("users?$top=40").rows().to_vec();
    let some = |range: std::ops::Range<usize>| {
        users[range]
            .iter()
            .map(|user| url(user["id"].as_str().unwrap_or("")))
            .collect()
    };
    assert_eq!(bind(some(10..31)).status, 400, "more than twenty");
    assert_eq!(bind(some(10..30)).status, 204);
    assert_eq!(client.get(&members).rows().len(), 21);
    assert_eq!(bind(some(10..12)).status, 400);

    assert_eq!(
        client.patch(&group, json!({"description": "x"})).status,
        204
    );
    assert_eq!(client.get(&group).body["description"], "x");
    assert_eq!(
        client
            .patch(&group, json!({"allowExternalSenders": true}))
            .status,
        200
    );
    assert_eq!(
        client
            .patch(
                &group,
                json!({"allowExternalSenders": true, "description": "y"})
            )
            .status,
        400
    );
    assert_eq!(client.delete(&group).status, 204);
    assert_eq!(
        (client.delete(&group).status, client.get(&members).status),
        (404, 404)
    );
    assert!(!groups_of(&alex, "memberOf"));
    assert_eq!(count(&client, "groups/$count"), before);
}

#[test]
fn nested_groups_and_refused_ones() {
    let client = Client::new();
    let me = client.get("me").id().to_string();
    let plain = |name: &str| json!({"displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true});
    let outer = client.post("groups", plain("outer")).id().to_string();
    let inner = client.post("groups", plain("inner")).id().to_string();
    assert_eq!(
        client
            .post(&format!("groups/{outer}/members/$ref"), refer(&inner))
            .status,
        204
    );
    assert_eq!(
        client
            .post(&format!("groups/{inner}/members/$ref"), refer(&me))
            .status,
        204
    );
    let in_outer = |path: &str| has(&client.get(&format!("me/{path}?$top=999")), &outer);
    assert!(in_outer("transitiveMemberOf") && !in_outer("memberOf"));
    assert!(has(
        &client.get(&format!("groups/{outer}/transitiveMembers")),
        &me
    ));
    client.delete(&format!("groups/{inner}"));
    assert!(!in_outer("transitiveMemberOf"));
    assert_eq!(
        client
            .post(&format!("groups/{outer}/owners/$ref"), refer(&inner))
            .status,
        404
    );
    for (name, value) in [
        ("mailEnabled", json!(true)),
        ("securityEnabled", json!(false)),
        ("groupTypes", json!(["Unified"])),
        ("groupTypes", json!(["Other"])),
        ("groupTypes", json!(["DynamicMembership"])),
        ("membershipRule", json!("x")),
        ("displayName", Value::Null),
        ("mailNickname", json!("a b")),
        ("members@odata.bind", json!(["x"])),
        ("id", json!("x")),
        ("foo", json!(1)),
    ] {
        let told = client.post("groups", with(plain("new"), name, value.clone()));
        assert_eq!(
            told.refusal(),
            (400, "Request_BadRequest"),
            "{name} {value}"
        );
    }
    let taken = client.post("groups", club("group0"));
    assert_eq!(taken.refusal(), (400, "Request_BadRequest"));
}
