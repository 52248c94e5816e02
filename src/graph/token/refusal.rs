//! What the identity platform says when it gives no token, and what to do about it.

use serde_json::Value as Json;

use crate::error::{Error, Fault, Kind};

/// AADSTS numbers, and what each means for a user of this driver (FACTS §5).
const MEANINGS: &[(&[u64], &str)] = &[
    (
        &[50_011],
        "Add CallbackURL to the application's redirect URIs, as http://localhost under \"Mobile and desktop applications\"",
    ),
    (
        &[50_034, 50_020, 51_004],
        "The account is not in this tenant: check User and AzureTenant",
    ),
    (
        &[50_053],
        "The account is locked, or this address is blocked: wait, or ask an administrator",
    ),
    (
        &[50_055],
        "The password has expired: change it in a browser, then sign in again",
    ),
    (&[50_057], "The account is disabled: ask an administrator"),
    (&[50_126], "The user name or the password is wrong"),
    (&[50_058], "Nobody is signed in: run office365 login"),
    (
        &[90_002, 50_059, 90_019, 50_128],
        "Check AzureTenant: the tenant's id or one of its domains",
    ),
    (
        &[50_076, 50_074, 50_079, 50_072],
        "Multi-factor authentication is needed: run office365 login",
    ),
    (
        &[50_105],
        "An administrator must assign this user to the application",
    ),
    (
        &[50_173, 50_132, 50_133, 70_008, 700_082, 70_043],
        "The sign-in is no longer good: run office365 login",
    ),
    (
        &[50_194],
        "The application is of one tenant only: name it with AzureTenant",
    ),
    (
        &[50_196],
        "Tokens are asked for too often: wait some minutes, and name a profile or OAuthSettingsLocation so that they are kept",
    ),
    (
        &[53_000, 53_001, 53_003, 530_032, 530_035],
        "Conditional access or security defaults block this sign-in: run office365 login on a machine that they allow, or ask an administrator",
    ),
    (
        &[54_005, 501_481],
        "The code was used or is another sign-in's: sign in again",
    ),
    (
        &[70_000],
        "The code or token is not valid any more: run office365 login",
    ),
    (
        &[65_001],
        "Nobody has consented to these permissions: run office365 login, or let an administrator consent",
    ),
    (
        &[65_004],
        "The sign-in was declined: sign in again to allow it",
    ),
    (
        &[90_094, 90_095],
        "An administrator must consent: send one the address that SELECT GetAdminConsentURL() gives, or ask for less with Scope",
    ),
    (
        &[650_057],
        "Add Microsoft Graph to the API permissions of the application",
    ),
    (
        &[70_011, 700_022, 28_002, 500_011],
        "Check Scope and GraphUrl: all scopes must be this cloud's Graph",
    ),
    (&[70_018], "The code was not the one shown: sign in again"),
    (
        &[70_019, 70_020],
        "The code has expired: sign in again, and faster",
    ),
    (
        &[700_016, 700_011, 70_001],
        "OAuthClientId is not an application of this tenant or this cloud: check it, AzureTenant and AzureEnvironment",
    ),
    (
        &[700_025],
        "The application is a public client: leave OAuthClientSecret out",
    ),
    (
        &[7_000_218],
        "Set \"Allow public client flows\" to Yes in the application's Authentication, or give its OAuthClientSecret",
    ),
    (
        &[7_000_215],
        "OAuthClientSecret must be the secret's value, not its id",
    ),
    (
        &[7_000_222],
        "The client secret has expired: make a new one in the app registration",
    ),
    (
        &[700_027, 50_012, 50_013],
        "Upload this certificate to the application's Certificates & secrets",
    ),
    (
        &[700_024],
        "The certificate's proof is out of time: set this machine's clock",
    ),
    (
        &[700_021, 700_023, 700_211, 700_213],
        "No federated credential of the application fits the token: check its issuer, subject and audience",
    ),
    (
        &[90_038],
        "The tenant is in another cloud: set AzureEnvironment",
    ),
    (
        &[9_001_023],
        "Name the tenant with AzureTenant: this sign-in is not possible for any tenant",
    ),
];

/// Names of OAuth errors, for what has no AADSTS number that is known.
const ERRORS: &[(&str, &str)] = &[
    (
        "interaction_required",
        "Somebody must be asked: run office365 login",
    ),
    ("consent_required", "Run office365 login to consent"),
    ("login_required", "Run office365 login"),
    (
        "invalid_grant",
        "The sign-in is no longer good: run office365 login",
    ),
    (
        "access_denied",
        "The sign-in was declined: sign in again to allow it",
    ),
    (
        "authorization_declined",
        "The sign-in was declined: sign in again to allow it",
    ),
    (
        "expired_token",
        "The code has expired: sign in again, and faster",
    ),
    ("temporarily_unavailable", "Try again in some minutes"),
    ("server_error", "Try again in some minutes"),
];

/// The error of an answer without a token.
pub(super) fn error(status: u16, json: &Json) -> Error {
    let description = json["error_description"].as_str().unwrap_or_default();
    let name = json["error"].as_str().unwrap_or_default();
    let number = json["error_codes"][0]
        .as_u64()
        .or_else(|| number(description));
    Error::new(Kind::SignIn, "the identity platform refused to sign in")
        .with_fault(Fault {
            status,
            code: number.map_or_else(|| name.to_owned(), |number| format!("AADSTS{number}")),
            message: first_sentence(description),
            request_id: json["correlation_id"].as_str().map(str::to_owned),
        })
        .next(meaning(number, name))
}

fn meaning(number: Option<u64>, name: &str) -> &'static str {
    let by_number = number.and_then(|number| {
        let found = MEANINGS
            .iter()
            .find(|(numbers, _)| numbers.contains(&number));
        found.map(|(_, meaning)| *meaning)
    });
    let by_name = || {
        ERRORS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, meaning)| *meaning)
    };
    by_number
        .or_else(by_name)
        .unwrap_or("Check AzureTenant, OAuthClientId and what the application proves itself with")
}

/// In an answer to a browser the number stands in the text alone.
fn number(description: &str) -> Option<u64> {
    let behind = description.strip_prefix("AADSTS")?;
    let end = behind
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(behind.len());
    behind[..end].parse().ok()
}

/// Trace and correlation ids follow on lines of their own.
fn first_sentence(description: &str) -> String {
    description
        .split(['\r', '\n'])
        .next()
        .unwrap_or_default()
        .split(" Trace ID:")
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_have_one_meaning() {
        let mut all: Vec<u64> = MEANINGS
            .iter()
            .flat_map(|(numbers, _)| numbers.iter().copied())
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn the_number_is_found_in_a_browsers_answer_too() {
        let json = json!({"error": "access_denied", "error_description": "AADSTS65004: User declined to consent. Trace ID: 1"});
        let text = error(400, &json).to_string();
        assert!(
            text.contains("AADSTS65004") && text.contains("sign in again"),
            "{text}"
        );
        assert!(!text.contains("Trace"), "{text}");
    }
}
