//! Who is asking: bearer tokens that prove themselves by a seal, so that nothing about them has to be remembered.

pub mod endpoints;
mod grants;
pub mod permissions;

use http::HeaderMap;
use serde_json::{Value, json};

use super::encoding::{base64_url, base64_url_decode};
use super::error::{Answer, Fault};
use super::random::{guid, mix_text};
use super::sha256::seal;
use super::world::people::{TENANT_ID, User};

/// A bearer token that is always accepted as Adele Vance, who has full access to every mailbox and drive of the demo tenant.
pub const DELEGATED_TOKEN: &str = "demo-delegated-token-of-adele-vance";

/// The owner of a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Caller {
    /// A signed-in user.
    Delegated {
        /// Object id.
        id: String,
        /// User principal name.
        upn: String,
        /// The scopes of the token; none for all there are.
        scopes: Option<Vec<String>>,
    },
    /// An application without a user: `/me` does not exist for it.
    Application,
}

/// The caller of a request, or 401.
pub fn authenticate(headers: &HeaderMap, users: &[User]) -> Answer<Caller> {
    let value = headers
        .get("Authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") || token.trim().is_empty() {
        return Err(refused("Access token is empty."));
    }
    let token = token.trim();
    if token == DELEGATED_TOKEN {
        return Ok(Caller::Delegated {
            id: users[0].id.clone(),
            upn: users[0].upn.clone(),
            scopes: None,
        });
    }
    let claims = open("token", token)
        .ok_or_else(|| refused("CompactToken parsing failed with error code: 80049217"))?;
    if claims["exp"].as_i64().is_none_or(|expiry| expiry <= now()) {
        return Err(refused("Lifetime validation failed, the token is expired."));
    }
    match claims["oid"].as_str() {
        Some(_) if claims["idtyp"] == "app" => Ok(Caller::Application),
        Some(id) => {
            let user = users.iter().find(|user| user.id == id);
            let user = user.ok_or_else(|| refused("The user of the token does not exist."))?;
            let scopes = permissions::granted(claims["scp"].as_str().unwrap_or_default());
            Ok(Caller::Delegated {
                id: user.id.clone(),
                upn: user.upn.clone(),
                scopes,
            })
        }
        None => Err(refused("Invalid audience.")),
    }
}

/// An access token; `user` absent means app-only.
pub fn access_token(user: Option<&User>, client_id: &str, scope: &str, lifetime: i64) -> String {
    let mut claims = json!({
        "aud": "https://graph.microsoft.com",
        "iss": format!("https://sts.windows.net/{TENANT_ID}/"),
        "tid": TENANT_ID,
        "appid": client_id,
        "iat": now(),
        "exp": now() + lifetime,
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
    close("token", &claims)
}

/// Seconds since 1970: only token lifetimes look at the clock.
pub fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |time| time.as_secs() as i64)
}

/// A JWT-like text of the claims: unsigned for the world, sealed for ourselves.
fn close(purpose: &str, claims: &Value) -> String {
    let header = base64_url(br#"{"typ":"JWT","alg":"none"}"#);
    let body = format!("{header}.{}", base64_url(claims.to_string().as_bytes()));
    let seal = seal(purpose, &body);
    format!("{body}.{seal}")
}

/// The claims of a text that [`close`] made for this purpose.
fn open(purpose: &str, text: &str) -> Option<Value> {
    let (body, mark) = text.rsplit_once('.')?;
    if seal(purpose, body) != mark {
        return None;
    }
    let (_, claims) = body.split_once('.')?;
    serde_json::from_slice(&base64_url_decode(claims)?).ok()
}

fn refused(message: &str) -> Fault {
    Fault::new(401, "InvalidAuthenticationToken", message).header(
        "WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", client_id=\"00000003-0000-0000-c000-000000000000\"",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::people;

    fn with(token: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            "Authorization",
            format!("Bearer {token}").parse().expect("ascii"),
        );
        headers
    }

    #[test]
    fn tokens_prove_themselves() {
        let users = people::all();
        let good = access_token(Some(&users[1]), "app", "Mail.Read", 60);
        assert_eq!(
            authenticate(&with(&good), &users),
            Ok(Caller::Delegated {
                id: users[1].id.clone(),
                upn: users[1].upn.clone(),
                scopes: Some(vec!["Mail.Read".into()])
            })
        );
        let app = access_token(None, "app", "", 60);
        assert_eq!(authenticate(&with(&app), &users), Ok(Caller::Application));
        let stale = access_token(None, "app", "", -1);
        assert_eq!(
            authenticate(&with(&stale), &users).map_err(|fault| fault.status),
            Err(401)
        );
        let forged = good.replace('a', "b");
        assert_eq!(
            authenticate(&with(&forged), &users).map_err(|fault| fault.code),
            Err("InvalidAuthenticationToken")
        );
        assert!(authenticate(&HeaderMap::new(), &users).is_err());
    }
}
