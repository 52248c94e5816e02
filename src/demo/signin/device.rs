//! The device code flow: the codes, and the tokens for them (FACTS 5; RFC 8628). The page for people is in `device_page`.

use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use serde_json::json;

use super::Ask;
use super::authorize::declined;
use super::claims;
use super::form::Form;
use super::grants::Grant;
use super::refusal::{SignInError, plain_json};
use super::registrations::registration;
use super::sealed::{close, open};
use super::tokens::{SignedIn, delegated};
use crate::demo::reply::Reply;

/// Until the invented user has typed the code.
const PENDING: Duration = Duration::from_secs(2);
/// FACTS 5: expires_in (900).
const LIFETIME: u32 = 900;
/// FACTS 5 has 5 seconds; tests have no time.
const INTERVAL: Duration = Duration::from_secs(1);
/// RFC 8628 3.5: from slow_down on the interval is five seconds longer.
const SLOWER: Duration = Duration::from_secs(5);
/// A client that sleeps for the interval exactly is not too fast when the answer took no time.
const TOLERANCE: Duration = Duration::from_millis(100);

/// One device that waits for somebody.
pub struct Device {
    client: String,
    scope: String,
    answered: bool,
    /// When the invented user will have typed the code.
    typed: Duration,
    /// Times are since 1970.
    expires: Duration,
    polled: Option<Duration>,
    interval: Duration,
    /// Where it stands.
    pub state: State,
}

/// Where a device stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody typed the code.
    Pending,
    /// Somebody signed in.
    Approved,
    /// Somebody said no.
    Declined,
    /// The tokens were given out.
    Redeemed,
}

impl Device {
    /// Is it too late?
    pub fn is_expired(&self, now: Duration) -> bool {
        now >= self.expires
    }
}

/// Answers at `devicecode`.
pub fn begin(ask: &Ask) -> Result<Reply, SignInError> {
    let form = Form::posted(ask.headers, ask.body).without_duplicates()?;
    let (client, scope) = (form.need("client_id")?, form.need("scope")?);
    registration(ask, client)?;
    let options = &ask.service.options;
    let lifetime = options.device_lifetime.unwrap_or(LIFETIME);
    let now = ask.service.clock();
    let device = Device {
        client: client.into(),
        scope: scope.into(),
        answered: claims::answered(ask.service, &form)?,
        typed: now + PENDING,
        expires: now + Duration::from_secs(lifetime.into()),
        polled: None,
        interval: INTERVAL,
        state: State::Pending,
    };
    let user_code = user_code();
    let device_code = close("device", &json!({"user_code": user_code}));
    let mut memory = ask.service.memory();
    memory.devices.insert(user_code.clone(), device);
    let address = format!("{}/devicelogin", ask.origin);
    Ok(plain_json(
        200,
        &json!({
            "user_code": user_code,
            "device_code": device_code,
            "verification_uri": address,
            "expires_in": lifetime,
            "interval": INTERVAL.as_secs(),
            "message": format!("To sign in, use a web browser to open the page {address} and enter the code {user_code} to authenticate."),
        }),
    ))
}

/// Nine letters and digits that nobody mistakes for others, as Microsoft's look.
fn user_code() -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let mut bytes = [0; 9];
    // A machine without randomness could not sign in anywhere: then the codes are all alike.
    let _ = SystemRandom::new().fill(&mut bytes);
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    bytes.iter().map(letter).collect()
}

/// Tokens for a device code.
pub fn redeem(grant: &Grant) -> Result<Reply, SignInError> {
    grant.client.may_be_public()?;
    let claims = open("device", grant.form.need("device_code")?);
    let user_code = claims
        .as_ref()
        .and_then(|claims| claims["user_code"].as_str());
    let now = grant.ask.service.clock();
    let mut memory = grant.ask.service.memory();
    let device = user_code.and_then(|code| memory.devices.get_mut(code));
    let device = device.ok_or_else(unknown)?;
    if device.client != grant.client.id {
        return Err(SignInError::new(
            "invalid_grant",
            70000,
            "The device code was issued to another client.",
        ));
    }
    if device.is_expired(now) {
        return Err(SignInError::new(
            "expired_token",
            70020,
            "The device code has expired.",
        ));
    }
    let options = &grant.ask.service.options;
    if device.state == State::Pending && !options.device_manual && now >= device.typed {
        device.state = if options.decline {
            State::Declined
        } else {
            State::Approved
        };
    }
    let (scope, answered) = (device.scope.clone(), device.answered);
    match device.state {
        State::Pending => return Err(poll(device, now)),
        State::Declined => return Err(declined("authorization_declined")),
        State::Redeemed => {
            return Err(SignInError::new(
                "invalid_grant",
                54005,
                "The device code was already redeemed.",
            ));
        }
        State::Approved => device.state = State::Redeemed,
    }
    drop(memory);
    let signed_in = SignedIn {
        user: grant.ask.at_the_browser()?,
        scope: &scope,
        nonce: None,
        answered: answered || grant.answers()?,
    };
    delegated(grant.ask, &grant.client, &signed_in)
}

/// "Not yet", or "not so fast". Microsoft's documentation does not know slow_down (FACTS 5), RFC 8628 does; the number is our choice.
fn poll(device: &mut Device, now: Duration) -> SignInError {
    let before = device.polled.replace(now);
    if before.is_some_and(|before| now + TOLERANCE < before + device.interval) {
        device.interval += SLOWER;
        return SignInError::new(
            "slow_down",
            70016,
            "OAuth 2.0 device flow error. The device polls too often.",
        );
    }
    SignInError::new(
        "authorization_pending",
        70016,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    )
}

fn unknown() -> SignInError {
    SignInError::new(
        "bad_verification_code",
        70018,
        "The device_code is not one of this service.",
    )
}
