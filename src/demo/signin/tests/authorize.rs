//! The authorization endpoint and the codes that it gives.

use super::Service;

#[test]
fn what_may_not_be_sent_back_is_a_page() {
    let told = Service::honest().ask("GET", "/fabrikam.com/oauth2/v2.0/authorize", &[], "");
    assert_eq!((told.status, told.header("location")), (400, ""));
    assert!(told.header("content-type").starts_with("text/html"));
    assert!(told.text.contains("AADSTS90002: "), "{}", told.text);
}
