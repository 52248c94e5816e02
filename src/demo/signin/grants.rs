//! The token endpoint: one function per grant (FACTS 5).

use serde_json::{Value, json};

use super::endpoints::{Form, SignInError, plain_json};
use super::{access_token, close, now, open};
use crate::demo::encoding::base64_url;
use crate::demo::reply::Reply;
use crate::demo::sha256::sha256;
use crate::demo::world::people::{TENANT_ID, User};

/// Seconds until the invented user has typed the device code.
pub const DEVICE_PENDING: i64 = 2;

const SECRET: &str = "demo-secret";
const PASSWORD: &str = "demo-password";
const LIFETIME: i64 = 3_600;
const REFRESH_LIFETIME: i64 = 90 * 86_400;

/// Answers a token request.
pub fn token(tenant: &str, form: &Form, users: &[User]) -> Result<Reply, SignInError> {
    form.need("client_id")?;
    if form.get("resource").is_some() {
        return Err(SignInError::new(
            "invalid_request",
            901002,
            "The 'resource' request parameter is not supported.",
        ));
    }
    match form.need("grant_type")? {
        "client_credentials" => client_credentials(tenant, form),
        "authorization_code" => authorization_code(form, users),
        "refresh_token" => refresh_token(form, users),
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => device_code(form, users),
        "password" => password(tenant, form, users),
        _ => Err(SignInError::new(
            "unsupported_grant_type",
            70003,
            "The app requested an unsupported grant type.",
        )),
    }
}

fn client_credentials(tenant: &str, form: &Form) -> Result<Reply, SignInError> {
    if ["common", "organizations", "consumers"].contains(&tenant) {
        return Err(SignInError::new(
            "invalid_request",
            50059,
            "No tenant-identifying information found in either the request or implied by any provided credentials.",
        ));
    }
    let secret = form.get("client_secret").ok_or_else(|| {
        SignInError::new("invalid_client", 7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
    })?;
    check_secret(secret)?;
    let scope = form.need("scope")?;
    if scope.contains(' ') || !scope.ends_with("/.default") {
        return Err(SignInError::new(
            "invalid_scope",
            70011,
            format!(
                "The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
            ),
        ));
    }
    if !scope.starts_with("http") {
        return Err(SignInError::new(
            "invalid_resource",
            500011,
            format!(
                "The resource principal named {scope} was not found in the tenant named Contoso."
            ),
        ));
    }
    let token = access_token(None, form.need("client_id")?, scope, LIFETIME);
    Ok(plain_json(
        200,
        &json!({"token_type": "Bearer", "expires_in": LIFETIME, "ext_expires_in": LIFETIME, "access_token": token}),
    ))
}

fn authorization_code(form: &Form, users: &[User]) -> Result<Reply, SignInError> {
    optional_secret(form)?;
    let code = live(
        "code",
        form.need("code")?,
        70008,
        "The provided authorization code or refresh token has expired or is not valid.",
    )?;
    if code["client"] != form.need("client_id")? || code["redirect"] != form.need("redirect_uri")? {
        return Err(SignInError::new(
            "invalid_grant",
            70000,
            "The code was issued for another client or redirect URI.",
        ));
    }
    if let Some(challenge) = code["challenge"].as_str() {
        let verifier = form.get("code_verifier").unwrap_or("");
        let hashed = match code["method"].as_str() {
            Some("S256") => base64_url(&sha256(verifier.as_bytes())),
            _ => verifier.to_string(),
        };
        if !(43..=128).contains(&verifier.len()) || hashed != challenge {
            return Err(SignInError::new(
                "invalid_grant",
                501481,
                "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
            ));
        }
    }
    let scope = code["scope"].as_str().unwrap_or("");
    tokens(form, user_of(&code, users)?, scope, code["nonce"].as_str())
}

fn refresh_token(form: &Form, users: &[User]) -> Result<Reply, SignInError> {
    optional_secret(form)?;
    let old = live(
        "refresh",
        form.need("refresh_token")?,
        700082,
        "The refresh token has expired due to inactivity.",
    )?;
    if old["client"] != form.need("client_id")? {
        return Err(SignInError::new(
            "invalid_grant",
            70000,
            "The refresh token was issued to another client.",
        ));
    }
    let scope = form.get("scope").or(old["scope"].as_str()).unwrap_or("");
    // A refresh always rotates, whether or not offline_access is repeated.
    tokens(form, user_of(&old, users)?, &with_offline(scope), None)
}

fn device_code(form: &Form, users: &[User]) -> Result<Reply, SignInError> {
    let code = live(
        "device",
        form.need("device_code")?,
        70020,
        "The device code has expired.",
    )
    .map_err(|error| {
        let error_name = if error.number == 70020 {
            "expired_token"
        } else {
            "bad_verification_code"
        };
        SignInError {
            error: error_name,
            ..error
        }
    })?;
    if code["from"].as_i64().is_none_or(|from| now() < from) {
        return Err(SignInError::new(
            "authorization_pending",
            70016,
            "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
        ));
    }
    tokens(form, &users[0], code["scope"].as_str().unwrap_or(""), None)
}

fn password(tenant: &str, form: &Form, users: &[User]) -> Result<Reply, SignInError> {
    if ["common", "consumers"].contains(&tenant) {
        return Err(SignInError::new(
            "invalid_request",
            9001023,
            "The grant type is not supported over the /common or /consumers endpoints. Please use the /organizations or tenant-specific endpoint.",
        ));
    }
    optional_secret(form)?;
    let name = form.need("username")?;
    let user = users.iter().find(|user| user.upn.eq_ignore_ascii_case(name)).ok_or_else(|| {
        SignInError::new("invalid_grant", 50034, "The user account does not exist in the directory. To sign into this application, the account must be added to the directory.")
    })?;
    if form.need("password")? != PASSWORD {
        return Err(SignInError::new(
            "invalid_grant",
            50126,
            "Error validating credentials due to invalid username or password.",
        ));
    }
    if !user.enabled {
        return Err(SignInError::new(
            "invalid_grant",
            50057,
            "The user account is disabled.",
        ));
    }
    tokens(form, user, form.need("scope")?, None)
}

/// The answer of every delegated grant.
fn tokens(
    form: &Form,
    user: &User,
    scope: &str,
    nonce: Option<&str>,
) -> Result<Reply, SignInError> {
    let client = form.need("client_id")?;
    let wanted: Vec<&str> = scope
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
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
    let mut answer = json!({
        "token_type": "Bearer",
        "scope": scope,
        "expires_in": LIFETIME,
        "ext_expires_in": LIFETIME,
        "access_token": access_token(Some(user), client, scope, LIFETIME),
        "client_info": base64_url(json!({"uid": user.id, "utid": TENANT_ID}).to_string().as_bytes()),
    });
    if wanted.contains(&"offline_access") {
        answer["refresh_token"] = json!(close(
            "refresh",
            &json!({"client": client, "oid": user.id, "scope": scope, "exp": now() + REFRESH_LIFETIME, "iat": now_nanos()})
        ));
    }
    if wanted.contains(&"openid") {
        answer["id_token"] = json!(id_token(user, client, nonce));
    }
    Ok(plain_json(200, &answer))
}

fn id_token(user: &User, client: &str, nonce: Option<&str>) -> String {
    let mut claims = json!({
        "aud": client, "iss": format!("https://login.microsoftonline.com/{TENANT_ID}/v2.0"), "iat": now(), "nbf": now(), "exp": now() + LIFETIME,
        "name": user.name, "preferred_username": user.upn, "oid": user.id, "sub": user.id, "tid": TENANT_ID, "ver": "2.0",
    });
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    close("id", &claims)
}

fn live(purpose: &str, text: &str, expired: u32, sentence: &str) -> Result<Value, SignInError> {
    let claims = open(purpose, text).ok_or_else(|| {
        SignInError::new("invalid_grant", 70000, "The provided grant is not valid.")
    })?;
    if claims["exp"].as_i64().is_none_or(|expiry| expiry <= now()) {
        return Err(SignInError::new("invalid_grant", expired, sentence));
    }
    Ok(claims)
}

fn user_of<'u>(claims: &Value, users: &'u [User]) -> Result<&'u User, SignInError> {
    let found = users.iter().find(|user| claims["oid"] == user.id.as_str());
    found.ok_or_else(|| {
        SignInError::new(
            "invalid_grant",
            50034,
            "The user account does not exist in the directory.",
        )
    })
}

fn with_offline(scope: &str) -> String {
    if scope.split(' ').any(|word| word == "offline_access") {
        scope.to_string()
    } else {
        format!("{scope} offline_access")
    }
}

/// Public clients send no secret; one that is sent must be right.
fn optional_secret(form: &Form) -> Result<(), SignInError> {
    form.get("client_secret").map_or(Ok(()), check_secret)
}

fn check_secret(secret: &str) -> Result<(), SignInError> {
    if secret == SECRET {
        return Ok(());
    }
    Err(SignInError::new(
        "invalid_client",
        7000215,
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID.",
    ))
}

/// Makes two refresh tokens of one second differ.
fn now_nanos() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |time| time.as_nanos() as i64)
}
