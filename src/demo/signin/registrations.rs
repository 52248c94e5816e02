//! Which applications there are, and what their registrations say.

use serde_json::Value;

use super::Ask;
use super::redirects::NATIVE;
use super::refusal::SignInError;
use crate::demo::directory::applications::registered;

/// Microsoft Graph Command Line Tools: public, and in every tenant.
const GRAPH_TOOLS: &str = "14d82eec-204b-4c2f-b7e8-296a70dab67e";
/// Names that no real application has, for our own tests and examples.
const OURS: [&str; 8] = [
    "office365-demo",
    "demo-client",
    "app",
    "browser",
    "alone",
    "consent",
    "forged",
    "wrong",
];

/// What is known about an application. Of those that nobody registered here everything is allowed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Registration {
    /// Public through and through: it must show no secret.
    pub keeps_nothing: bool,
    /// "Allow public client flows" is off.
    pub is_confidential: bool,
    /// Its redirect URIs; none when nobody wrote them down.
    pub redirects: Option<Vec<String>>,
    /// Those of its server side, whose codes are redeemed with a secret.
    pub web: Vec<String>,
}

/// The registration of an application id; 700016 when it is nobody's.
pub fn registration(ask: &Ask, id: &str) -> Result<Registration, SignInError> {
    if id.eq_ignore_ascii_case(GRAPH_TOOLS) {
        return Ok(Registration {
            keeps_nothing: true,
            redirects: Some(NATIVE.map(String::from).to_vec()),
            ..Registration::default()
        });
    }
    if let Some(application) = registered(ask.ledger, id) {
        let uris = |kind: &str| texts(&application[kind]["redirectUris"]);
        let public = application["isFallbackPublicClient"] == true;
        let web = uris("web");
        return Ok(Registration {
            keeps_nothing: public && web.is_empty(),
            is_confidential: !public,
            redirects: Some([uris("publicClient"), uris("spa"), web.clone()].concat()),
            web,
        });
    }
    if OURS.contains(&id) || is_guid(id) {
        return Ok(Registration::default());
    }
    Err(SignInError::new(
        "unauthorized_client",
        700016,
        format!(
            "Application with identifier '{id}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
        ),
    ))
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|text| text.as_str().map(String::from))
        .collect()
}

/// A GUID that is not all zeros.
pub fn is_guid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    let hex = |letter: char| letter == '-' || letter.is_ascii_hexdigit();
    lengths.eq([8, 4, 4, 4, 12])
        && text.chars().all(hex)
        && text.chars().any(|letter| letter != '-' && letter != '0')
}
