//! What is given out: access tokens, refresh tokens and id tokens.

use serde_json::{Value, json};

use super::Ask;
use super::clients::Client;
use super::refusal::{SignInError, plain_json};
use super::sealed::close;
use crate::demo::encoding::base64_url;
use crate::demo::random::{guid, mix_text};
use crate::demo::reply::Reply;
use crate::demo::world::people::{TENANT_ID, User};

/// Seconds that an id token lives.
const ID_LIFETIME: i64 = 3_600;
/// FACTS has no number; Microsoft's documentation says 90 days.
const REFRESH_LIFETIME: i64 = 90 * 86_400;

/// Somebody who signed in, and for what.
pub struct SignedIn<'a> {
    /// Who.
    pub user: &'a User,
    /// The scopes of the new token.
    pub scope: &'a str,
    /// To be repeated in the id token.
    pub nonce: Option<&'a str>,
    /// The claims challenge was answered, now or earlier in this sign-in.
    pub answered: bool,
}

/// The answer of every delegated grant.
pub fn delegated(ask: &Ask, client: &Client, signed_in: &SignedIn) -> Result<Reply, SignInError> {
    let SignedIn { user, scope, .. } = *signed_in;
    let wanted = words(scope);
    check_resources(&wanted)?;
    if ask.service.options.consent_required {
        return Err(no_consent(&client.id));
    }
    let (now, lifetime) = (ask.service.now(), ask.service.lifetime());
    let token = access_claims(Some(user), &client.id, scope, now, lifetime);
    let mut answer = json!({
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": access_token(ask, token, signed_in.answered),
        "client_info": base64_url(json!({"uid": user.id, "utid": TENANT_ID}).to_string().as_bytes()),
    });
    if wanted.contains(&"offline_access") {
        answer["refresh_token"] = json!(refresh_token(ask, client, signed_in));
    }
    if wanted.contains(&"openid") {
        answer["id_token"] = json!(id_token(user, &client.id, signed_in.nonce, now));
    }
    Ok(plain_json(200, &answer))
}

/// The answer of a grant without a user.
pub fn app_only(ask: &Ask, client_id: &str, scope: &str, answered: bool) -> Reply {
    let (now, lifetime) = (ask.service.now(), ask.service.lifetime());
    let token = access_claims(None, client_id, scope, now, lifetime);
    let token = access_token(ask, token, answered);
    plain_json(
        200,
        &json!({"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime, "access_token": token}),
    )
}

/// The token of these claims, unlike any other; `answered` says whether the claims challenge was.
pub fn access_token(ask: &Ask, mut claims: Value, answered: bool) -> String {
    claims["answered"] = json!(answered);
    claims["uti"] = json!(format!("{:x}", ask.service.clock().as_nanos()));
    close("token", &claims)
}

/// The claims of an access token; `user` absent means app-only.
pub fn access_claims(
    user: Option<&User>,
    client_id: &str,
    scope: &str,
    now: i64,
    lifetime: i64,
) -> Value {
    let mut claims = json!({
        "aud": "https://graph.microsoft.com",
        "iss": format!("https://sts.windows.net/{TENANT_ID}/"),
        "tid": TENANT_ID,
        "appid": client_id,
        "iat": now,
        "nbf": now,
        "exp": now + lifetime,
        "ver": "1.0",
    });
    match user {
        Some(user) => {
            claims["oid"] = json!(user.id);
            claims["upn"] = json!(user.upn);
            claims["scp"] = json!(scope);
            claims["idtyp"] = json!("user");
        }
        None => {
            claims["oid"] = json!(guid(&[mix_text(client_id)]));
            claims["roles"] = json!([
                "Mail.Read",
                "Calendars.Read",
                "User.Read.All",
                "Group.Read.All",
                "Files.Read.All"
            ]);
            claims["idtyp"] = json!("app");
        }
    }
    claims
}

fn refresh_token(ask: &Ask, client: &Client, signed_in: &SignedIn) -> String {
    let claims = json!({
        "client": client.id,
        "proved": client.proved,
        "oid": signed_in.user.id,
        "scope": signed_in.scope,
        "answered": signed_in.answered,
        "exp": ask.service.now() + REFRESH_LIFETIME,
        // Makes two of one second differ.
        "at": ask.service.clock().as_nanos() as i64,
    });
    close("refresh", &claims)
}

fn id_token(user: &User, client: &str, nonce: Option<&str>, now: i64) -> String {
    let mut claims = json!({
        "aud": client, "iss": format!("https://login.microsoftonline.com/{TENANT_ID}/v2.0"), "iat": now, "nbf": now, "exp": now + ID_LIFETIME,
        "name": user.name, "preferred_username": user.upn, "oid": user.id, "sub": user.id, "tid": TENANT_ID, "ver": "2.0",
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    close("id", &claims)
}

/// The scopes of a text.
fn words(scope: &str) -> Vec<&str> {
    scope
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect()
}

/// One token is for one resource (FACTS 5: 28002), and for all that was consented or for what is named (70011).
fn check_resources(wanted: &[&str]) -> Result<(), SignInError> {
    let hosts: Vec<&str> = wanted
        .iter()
        .filter_map(|word| word.strip_prefix("https://")?.split('/').next())
        .collect();
    if hosts.iter().any(|host| *host != hosts[0]) {
        return Err(SignInError::new(
            "invalid_scope",
            28002,
            "Provided value for the input parameter scope is not valid when requesting an access token: it names several resources.",
        ));
    }
    let default = wanted.iter().find(|word| word.ends_with("/.default"));
    let is_of_openid =
        |word: &&str| ["openid", "profile", "email", "offline_access"].contains(word);
    let alone = wanted.iter().filter(|word| !is_of_openid(word)).count() == 1;
    if let Some(default) = default.filter(|_| !alone) {
        return Err(SignInError::new(
            "invalid_scope",
            70011,
            format!(
                "The provided value for the input parameter 'scope' is not valid. The scope {default} can't be combined with resource-specific scopes."
            ),
        ));
    }
    Ok(())
}

fn no_consent(client: &str) -> SignInError {
    SignInError::new(
        "invalid_grant",
        65001,
        format!("The user or administrator has not consented to use the application with ID '{client}'. Send an interactive authorization request for this user and resource."),
    )
    .with_suberror("consent_required")
}
