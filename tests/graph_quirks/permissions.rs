//! Scopes: what a delegated token opens and what Mail.ReadBasic hides (FACTS 1, 1.1, 4.4).

use crate::http::{Answer, ask};
use crate::refused;

fn as_adele_with(scope: &str, path: &str) -> Answer {
    let form = format!(
        "grant_type=password&client_id=app&username=adele@contoso.com&password=demo-password&scope={}",
        scope.replace(' ', "%20")
    );
    let token = ask("POST", "/contoso.com/oauth2/v2.0/token", &[], &form).json();
    let bearer = format!(
        "Bearer {}",
        token["access_token"].as_str().expect("a token")
    );
    ask("GET", path, &[("Authorization", &bearer)], "")
}

#[test]
fn a_missing_scope_is_403() {
    refused(
        &as_adele_with("User.Read", "/v1.0/me/messages"),
        403,
        "ErrorAccessDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/me/calendarView"),
        403,
        "ErrorAccessDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/me/drive"),
        403,
        "accessDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/users"),
        403,
        "Authorization_RequestDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/groups"),
        403,
        "Authorization_RequestDenied",
    );
    assert_eq!(as_adele_with("User.Read", "/v1.0/me").status, 200);
    assert_eq!(
        as_adele_with("https://graph.microsoft.com/.default", "/v1.0/groups").status,
        200
    );
}

#[test]
fn foreign_mailboxes_need_shared_scopes() {
    let path = "/v1.0/users/alex@contoso.com/messages?$top=1";
    refused(&as_adele_with("Mail.Read", path), 403, "ErrorAccessDenied");
    assert_eq!(as_adele_with("Mail.Read.Shared", path).status, 200);
}

#[test]
fn basic_mail_hides_bodies() {
    let rows = as_adele_with("Mail.ReadBasic", "/v1.0/me/messages?$top=3").rows();
    assert!(rows.iter().all(|row| row["body"].is_null()
        && row["bodyPreview"].is_null()
        && row["isRead"].is_boolean()));
    for path in [
        "?$select=body",
        "?$search=\"budget\"",
        "?$expand=attachments",
    ] {
        refused(
            &as_adele_with("Mail.ReadBasic", &format!("/v1.0/me/messages{path}")),
            403,
            "ErrorAccessDenied",
        );
    }
}
