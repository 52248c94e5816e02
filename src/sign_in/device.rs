//! A code that is typed in on another device, for machines without a browser (RFC 8628, FACTS §5).

use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::Wish;
use crate::error::{Error, Kind, Result};
use crate::graph::client::Patience;
use crate::graph::token::grant::{Grant, post, read};
use crate::graph::transport::Transport;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// What is to be told to whoever signs in.
#[derive(Clone, Debug)]
pub struct Instruction {
    /// The service's own sentence, in its words.
    pub message: String,
    /// Where to go.
    pub verification_uri: String,
    /// What to type there.
    pub user_code: String,
}

/// Gets a code, has it told, and waits until it was typed in.
///
/// # Errors
/// Declined, expired, or what else the identity platform says.
pub async fn sign_in(
    transport: &dyn Transport,
    patience: Patience,
    wish: Wish<'_>,
    tell: impl FnOnce(&Instruction),
) -> Result<Grant> {
    let application = wish.application;
    let mut fields = vec![
        ("client_id", application.client_id.as_str()),
        ("scope", wish.scope),
    ];
    fields.extend(wish.claims.map(|claims| ("claims", claims)));
    let response = post(
        transport,
        patience,
        &application.endpoint("devicecode"),
        &fields,
    )
    .await?;
    let json: Json = serde_json::from_slice(response.body()).unwrap_or(Json::Null);
    let Some(device_code) = json["device_code"].as_str() else {
        // An answer without tokens is read as the refusal that it is.
        return Err(read(&response).err().unwrap_or_else(|| {
            Error::new(Kind::SignIn, "the identity platform gave no code")
                .next("Check LoginUrl and AzureTenant")
        }));
    };
    let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
    tell(&Instruction {
        message: text("message"),
        verification_uri: text("verification_uri"),
        user_code: text("user_code"),
    });
    let seconds = |name: &str, default| Duration::from_secs(json[name].as_u64().unwrap_or(default));
    let waiting = Waiting {
        until: Instant::now() + seconds("expires_in", 900),
        interval: seconds("interval", 5),
    };
    poll(transport, patience, wish, device_code, waiting).await
}

struct Waiting {
    until: Instant,
    interval: Duration,
}

async fn poll(
    transport: &dyn Transport,
    patience: Patience,
    wish: Wish<'_>,
    device_code: &str,
    mut waiting: Waiting,
) -> Result<Grant> {
    let application = wish.application;
    let mut fields = vec![
        ("grant_type", GRANT_TYPE),
        ("client_id", application.client_id.as_str()),
        ("device_code", device_code),
    ];
    let secret = application.client_secret.as_ref();
    fields.extend(secret.map(|secret| ("client_secret", secret.reveal())));
    while Instant::now() < waiting.until {
        tokio::time::sleep(waiting.interval).await;
        let response = post(transport, patience, &application.token_url(), &fields).await?;
        let json: Json = serde_json::from_slice(response.body()).unwrap_or(Json::Null);
        match json["error"].as_str() {
            Some("authorization_pending") => {}
            // RFC 8628: five seconds more from now on.
            Some("slow_down") => waiting.interval += Duration::from_secs(5),
            _ => return read(&response),
        }
    }
    Err(
        Error::new(Kind::SignIn, "the code was not typed in in time")
            .next("Run office365 login again"),
    )
}
