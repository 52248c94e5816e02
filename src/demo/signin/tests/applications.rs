//! Applications: who is known, and what is registered by way of Graph.

use serde_json::{Value, json};

use super::{APP, Service, Told, query};
use crate::demo::DELEGATED_TOKEN;

const GRAPH: &str = "00000003-0000-0000-c000-000000000000";
const TOOLS: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

fn graph(service: &Service, method: &str, path: &str, body: &Value) -> Told {
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Content-Type", "application/json"),
    ];
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    service.ask(method, &format!("/v1.0/{path}"), &headers, &body)
}

fn read(service: &Service, path: &str) -> Told {
    let told = graph(service, "GET", path, &Value::Null);
    assert_eq!(told.status, 200, "{told:?}");
    told
}

fn register(service: &Service, body: &Value) -> Told {
    let told = graph(service, "POST", "applications", body);
    assert_eq!(told.status, 201, "{told:?}");
    told
}

fn by_password(service: &Service, id: &str, more: &[(&'static str, &str)]) -> (u16, String, u64) {
    let mut fields = vec![
        ("grant_type", "password"),
        ("client_id", id),
        ("scope", "User.Read"),
        ("username", "adele@contoso.com"),
        ("password", "demo-password"),
    ];
    fields.extend_from_slice(more);
    let told = service.token(&fields);
    let (status, error, number) = told.refusal();
    (status, error.to_string(), number)
}

#[test]
fn strangers_are_told_so() {
    let service = Service::honest();
    for id in [
        APP,
        TOOLS,
        "office365-demo",
        "app",
        "00000000-0000-0000-0000-000000000001",
    ] {
        assert_eq!(by_password(&service, id, &[]).0, 200, "{id}");
    }
    for id in [
        "nobody",
        "00000000-0000-0000-0000-000000000000",
        "c0ffee00-0000-4000-8000-00000000000g",
    ] {
        let refused = (400, "unauthorized_client".into(), 700016);
        assert_eq!(by_password(&service, id, &[]), refused, "{id}");
        let begun = service.post(
            "/common/oauth2/v2.0/devicecode",
            &[("client_id", id), ("scope", "User.Read")],
        );
        assert_eq!(begun.refusal().2, 700016);
        let page = service.ask(
            "GET",
            &format!("/common/oauth2/v2.0/authorize?client_id={id}&redirect_uri=http://localhost"),
            &[],
            "",
        );
        assert!(
            page.status == 400 && page.text.contains("AADSTS700016: "),
            "{}",
            page.text
        );
    }
    let told = by_password(&service, TOOLS, &[("client_secret", "demo-secret")]);
    assert_eq!(told, (401, "invalid_client".into(), 700025));
}

#[test]
fn the_permissions_of_graph_have_ids() {
    let service = Service::honest();
    let list = read(
        &service,
        &format!("servicePrincipals?$filter=appId%20eq%20'{GRAPH}'"),
    );
    let one = &list.json["value"][0];
    assert_eq!(one["appId"], GRAPH);
    let scopes = one["oauth2PermissionScopes"].as_array().expect("scopes");
    let id = |name: &str| {
        scopes
            .iter()
            .find(|scope| scope["value"] == name)
            .map(|scope| &scope["id"])
    };
    assert_eq!(
        id("User.Read"),
        Some(&json!("e1fe6dd8-ba31-4d61-89e7-88639da4683d"))
    );
    assert_eq!(
        id("Mail.Read"),
        Some(&json!("570282fd-fa5c-430d-a7fd-fc8dc98a9dca"))
    );
    let by_app = read(
        &service,
        &format!("servicePrincipals(appId='{GRAPH}')?$select=id,appId"),
    );
    assert_eq!(by_app.json["id"], one["id"]);
    assert_eq!(by_app.json.get("oauth2PermissionScopes"), None);
    let by_id = read(
        &service,
        &format!("servicePrincipals/{}", by_app.text_of("id")),
    );
    assert_eq!(by_id.json["displayName"], "Microsoft Graph");
    let nobody = read(
        &service,
        &format!("servicePrincipals?$filter=appId%20eq%20'{APP}'"),
    );
    assert_eq!(nobody.json["value"], json!([]));
}

#[test]
fn an_application_is_registered_and_signs_in() {
    let service = Service::honest();
    let access = json!({"resourceAppId": GRAPH, "resourceAccess": [{"id": "e1fe6dd8-ba31-4d61-89e7-88639da4683d", "type": "Scope"}]});
    let made = register(
        &service,
        &json!({
            "displayName": "Mine", "signInAudience": "AzureADMyOrg", "isFallbackPublicClient": true,
            "publicClient": {"redirectUris": ["http://localhost"]}, "requiredResourceAccess": [access],
        }),
    );
    let (id, app_id) = (made.text_of("id"), made.text_of("appId"));
    assert_ne!(id, app_id);
    assert_eq!(made.json["requiredResourceAccess"], json!([access]));
    let found = read(
        &service,
        &format!("applications?$filter=appId%20eq%20'{app_id}'&$select=id,displayName"),
    );
    assert_eq!(
        found.json["value"],
        json!([{"id": id, "displayName": "Mine"}])
    );
    assert_eq!(
        read(&service, &format!("applications/{id}")).json["appId"],
        app_id
    );
    assert_eq!(
        read(&service, &format!("applications(appId='{app_id}')")).json["id"],
        id
    );
    assert_eq!(by_password(&service, app_id, &[]).0, 200);
    assert_eq!(
        by_password(&service, app_id, &[("client_secret", "demo-secret")]).2,
        700025
    );
    let page = |redirect: &str| {
        let fields = [
            ("client_id", app_id),
            ("redirect_uri", redirect),
            ("response_type", "code"),
            ("scope", "User.Read"),
        ];
        service.ask(
            "GET",
            &format!("/common/oauth2/v2.0/authorize?{}", query(&fields)),
            &[],
            "",
        )
    };
    // A public application uses PKCE, and is sent back to what it registered.
    assert!(
        page("http://localhost:5000")
            .header("location")
            .contains("AADSTS50147")
    );
    assert!(page("https://x.example").text.contains("AADSTS50011: "));
}

#[test]
fn a_registration_says_who_keeps_a_secret() {
    let service = Service::honest();
    let made = register(
        &service,
        &json!({"displayName": "Server", "web": {"redirectUris": ["https://x.example/back"]}}),
    );
    let app_id = made.text_of("appId");
    assert_eq!(by_password(&service, app_id, &[]).2, 7000218);
    assert_eq!(
        by_password(&service, app_id, &[("client_secret", "demo-secret")]).0,
        200
    );
    let bare = register(&service, &json!({"displayName": "Bare"}));
    let path = format!(
        "/common/oauth2/v2.0/authorize?client_id={}&redirect_uri=http://localhost",
        bare.text_of("appId")
    );
    assert!(
        service
            .ask("GET", &path, &[], "")
            .text
            .contains("AADSTS500113: ")
    );
}

#[test]
fn what_is_no_registration_is_refused() {
    let service = Service::honest();
    for body in [
        json!({}),
        json!({"displayName": ""}),
        json!({"displayName": "x", "appId": APP}),
        json!({"displayName": "x", "signInAudience": "Everybody"}),
        json!({"displayName": "x", "web": {"redirectUris": ["https://*.example"]}}),
        json!({"displayName": "x", "publicClient": {"uris": []}}),
        json!({"displayName": "x", "requiredResourceAccess": [{"resourceAppId": GRAPH, "resourceAccess": [{"id": APP, "type": "Scope"}]}]}),
    ] {
        let told = graph(&service, "POST", "applications", &body);
        assert_eq!(
            (told.status, &told.json["error"]["code"]),
            (400, &json!("Request_BadRequest")),
            "{body} {told:?}"
        );
    }
    assert_eq!(read(&service, "applications").json["value"], json!([]));
}
