//! What each grant is refused with before anybody looks at who is asking.

use super::{APP, DEFAULT, Service};

fn by_password(
    service: &Service,
    tenant: &str,
    other: &[(&'static str, &str)],
) -> (u16, String, u64) {
    let mut fields = vec![
        ("grant_type", "password"),
        ("client_id", APP),
        ("scope", "User.Read"),
        ("username", "adele@contoso.com"),
        ("password", "demo-password"),
    ];
    for (name, value) in other {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    let told = service.post(&format!("/{tenant}/oauth2/v2.0/token"), &fields);
    let (status, error, number) = told.refusal();
    (status, error.to_string(), number)
}

#[test]
fn a_password_is_good_where_the_tenant_is_known() {
    let service = Service::honest();
    for (tenant, other, (status, error, number)) in [
        ("common", vec![], (400, "invalid_request", 9001023)),
        ("consumers", vec![], (400, "invalid_request", 9001023)),
        ("fabrikam.com", vec![], (400, "invalid_request", 90002)),
        (
            "contoso.com",
            vec![("username", "")],
            (400, "invalid_request", 900144),
        ),
        (
            "contoso.com",
            vec![("password", "")],
            (400, "invalid_request", 900144),
        ),
        (
            "contoso.com",
            vec![("password", "demo-password ")],
            (400, "invalid_grant", 50126),
        ),
        (
            "contoso.com",
            vec![("username", "nobody@contoso.com")],
            (400, "invalid_grant", 50034),
        ),
        (
            "contoso.com",
            vec![("username", "PradeepGupta12@contoso.com")],
            (400, "invalid_grant", 50057),
        ),
        (
            "contoso.com",
            vec![("client_secret", "x")],
            (401, "invalid_client", 7000215),
        ),
        (
            "organizations",
            vec![("scope", "https://a.example/x https://b.example/y")],
            (400, "invalid_scope", 28002),
        ),
        (
            "organizations",
            vec![("scope", "https://graph.microsoft.com/.default Mail.Read")],
            (400, "invalid_scope", 70011),
        ),
    ] {
        let told = by_password(&service, tenant, &other);
        assert_eq!(
            told,
            (status, error.to_string(), number),
            "{tenant} {other:?}"
        );
    }
    let default = format!("{DEFAULT} openid offline_access profile");
    assert_eq!(
        by_password(&service, "organizations", &[("scope", &default)]).0,
        200
    );
}

#[test]
fn an_application_names_its_tenant() {
    let service = Service::honest();
    for (tenant, refusal) in [
        ("common", (400, "invalid_request", 50059)),
        ("organizations", (400, "invalid_request", 50059)),
        ("fabrikam.com", (400, "invalid_request", 90002)),
    ] {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", APP),
            ("client_secret", "demo-secret"),
            ("scope", DEFAULT),
        ];
        let told = service.post(&format!("/{tenant}/oauth2/v2.0/token"), &fields);
        assert_eq!(told.refusal(), refusal, "{tenant}");
    }
    let told = service.ask(
        "GET",
        "/fabrikam.com/v2.0/.well-known/openid-configuration",
        &[],
        "",
    );
    assert_eq!(told.refusal(), (400, "invalid_tenant", 90002));
}
