//! The administrator's consent, and signing out.

use super::{APP, Service};
use crate::demo::SignInOptions;
use crate::demo::world::people::TENANT_ID;

fn path(kind: &str, more: &str) -> String {
    format!("/contoso.com/{kind}?client_id={APP}&redirect_uri=https://x.example/back&state=s{more}")
}

#[test]
fn the_administrator_is_sent_back() {
    let service = Service::honest();
    let told = service.ask("GET", &path("adminconsent", ""), &[], "");
    let back = format!("https://x.example/back?admin_consent=True&tenant={TENANT_ID}&state=s");
    assert_eq!(told.header("location"), back);
    let told = service.ask(
        "GET",
        &path("v2.0/adminconsent", "&scope=Mail.Read"),
        &[],
        "",
    );
    assert!(
        told.header("location").contains("&scope=Mail.Read&state=s"),
        "{told:?}"
    );
    let told = service.ask("GET", &path("v2.0/adminconsent", ""), &[], "");
    assert!(
        told.status == 400 && told.text.contains("AADSTS900144: "),
        "{}",
        told.text
    );
    let declining = Service::new(SignInOptions {
        decline: true,
        ..SignInOptions::default()
    });
    let told = declining.ask("GET", &path("adminconsent", ""), &[], "");
    assert!(
        told.header("location")
            .contains("?error=access_denied&error_description=AADSTS65004"),
        "{told:?}"
    );
}

#[test]
fn signing_out_ends_at_a_page_or_elsewhere() {
    let service = Service::honest();
    let logout = "/common/oauth2/v2.0/logout";
    assert_eq!(service.ask("GET", logout, &[], "").status, 200);
    let told = service.ask(
        "GET",
        &format!("{logout}?post_logout_redirect_uri=http://localhost:1"),
        &[],
        "",
    );
    assert_eq!(told.header("location"), "http://localhost:1");
    let told = service.ask(
        "GET",
        &format!("{logout}?post_logout_redirect_uri=http://x.example"),
        &[],
        "",
    );
    assert_eq!((told.status, told.header("location")), (400, ""));
}
