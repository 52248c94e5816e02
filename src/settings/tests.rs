//! Connection strings and what they mean.

use super::*;
use crate::error::Result;

fn understood(text: &str) -> Result<Settings> {
    Settings::understand(&parse(text)?.said)
}

#[test]
fn names_are_unique_and_documented() {
    let mut names: Vec<String> = PROPERTIES
        .iter()
        .flat_map(|p| p.aliases.iter().chain([&p.name]))
        .chain(IGNORED)
        .map(|name| name.to_ascii_lowercase())
        .collect();
    names.sort();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    assert!(PROPERTIES.iter().all(|p| p.doc.ends_with('.')));
}

#[test]
fn quoting_is_odbcs() {
    let parsed =
        parse(" oauthaccesstoken = {a;b}}c} ; UserId='o''brien@x.org';; Timeout=5").unwrap();
    assert_eq!(parsed.said.get("OAuthAccessToken"), "a;b}c");
    assert_eq!(parsed.said.get("UserId"), "o'brien@x.org");
    assert_eq!(parsed.said.get("Timeout"), "5");
    assert_eq!(parsed.said.get("MaxRetries"), "5");
    assert!(parse("UserId='x").is_err());
    assert!(parse("UserId").is_err());
    assert_eq!(parse("Offline=true").unwrap().notes.len(), 1);
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let error = parse("AzureTenent=x").err().unwrap().to_string();
    assert!(error.contains("did you mean AzureTenant?"), "{error}");
}

#[test]
fn secrets_are_not_shown() {
    let parsed =
        parse("OAuthClientSecret=hush;OAuthAccessToken=hush;AzureTenant=t;OAuthClientId=c")
            .unwrap();
    let settings = Settings::understand(&parsed.said).unwrap();
    let shown = format!("{} {:?} {settings:?}", parsed.said, parsed.said);
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn addresses_are_checked() {
    let url = |graph: &str| {
        understood(&format!("OAuthAccessToken=t;GraphUrl={graph}")).map(|s| s.graph_url)
    };
    assert_eq!(
        url("http://127.0.0.1:8080").unwrap(),
        "http://127.0.0.1:8080/v1.0"
    );
    assert_eq!(
        url("http://localhost:1/v1.0/").unwrap(),
        "http://localhost:1/v1.0"
    );
    assert_eq!(
        url("https://graph.microsoft.us/beta").unwrap(),
        "https://graph.microsoft.us/beta"
    );
    assert!(url("http://example.org").is_err());
    assert!(url("ftp://localhost").is_err());
    assert!(url("nonsense").is_err());
    assert_eq!(understood("").unwrap().sign_in, SignIn::Nothing);
    assert_eq!(understood("Demo=true").unwrap().sign_in, SignIn::Demo);
}

/// A profile that was named and not used would read another tenant than the one asked for.
#[test]
fn a_profile_is_refused_and_not_passed_over() {
    for text in [
        "Profile=work",
        "Profile=work;Demo=true",
        "Profile=work;OAuthAccessToken=t",
        "Profile=work;AzureTenant=t;OAuthClientId=c;OAuthClientSecret=s",
    ] {
        let error = understood(text).unwrap_err().to_string();
        assert!(
            error.contains("profiles are not available"),
            "{text}: {error}"
        );
    }
}

#[test]
fn wrong_values_name_the_property() {
    for text in [
        "Timeout=soon",
        "Timeout=0",
        "Pushdown=maybe",
        "OnMailboxError=cry",
        "Demo=2",
    ] {
        let error = understood(&format!("OAuthAccessToken=t;{text}"))
            .unwrap_err()
            .to_string();
        assert!(error.contains(text.split('=').next().unwrap()), "{error}");
    }
}
