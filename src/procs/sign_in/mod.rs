//! Signing in by hand, for programs that cannot wait for a browser: where to go, and what comes back turned
//! into tokens (FACTS §5). Nothing of it asks Graph.

pub mod get_admin_consent_url;
pub mod get_oauth_access_token;
pub mod get_oauth_authorization_url;
pub mod refresh_oauth_access_token;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::{Arguments, Output, Parameter, Record, output, success, text};
use crate::catalog::Type;
use crate::error::Result;
use crate::graph::token::Grant;
use crate::settings::Application;
use crate::sign_in::unguessable;
use crate::value::Value;

const CALLBACK_URL: Parameter = text(
    "CallbackURL",
    "Where the browser goes afterwards: a redirect URI of the application; the connection's when not given.",
);
const SCOPE: Parameter = text(
    "Scope",
    "The permissions to ask for, with blanks or commas between them; the connection's, or all that the application is registered with.",
);
const STATE: Parameter = text(
    "State",
    "A text that comes back with the answer; a random one when not given.",
);
const STATE_OUTPUT: Output = output(
    "State",
    Type::Text,
    "The text that comes back with the answer.",
);
const URL: Output = output("URL", Type::Text, "The address to open in a browser.");

/// What the procedures that give tokens give.
const TOKEN_OUTPUTS: [Output; 4] = [
    output("OAuthAccessToken", Type::Text, "The access token."),
    output(
        "OAuthRefreshToken",
        Type::Text,
        "The token that gets the next one; NULL where none was given.",
    ),
    output(
        "ExpiresIn",
        Type::Integer,
        "How many seconds the access token is good for.",
    ),
    output("Scope", Type::Text, "The permissions that were granted."),
];

/// The application, with its id.
fn application(arguments: &Arguments, application: &Application) -> Result<Application> {
    if application.client_id.is_empty() {
        return Err(arguments
            .wrong("the application is not named")
            .next("SELECT o365_connect('AzureTenant=…;OAuthClientId=…')"));
    }
    let mut application = application.clone();
    if let Some(callback) = arguments.text(CALLBACK_URL.name) {
        application.callback_url = callback;
    }
    if let Some(scope) = arguments.text(SCOPE.name) {
        application.scope = scope.replace(',', " ");
    }
    Ok(application)
}

/// The text that comes back with the answer.
fn state(arguments: &Arguments) -> Result<String> {
    arguments.text(STATE.name).map_or_else(unguessable, Ok)
}

/// The tokens as a record; none where nothing was sent.
fn granted(grant: Option<&Grant>) -> Vec<Record> {
    grant.map_or_else(|| success(Vec::new()), tokens)
}

fn tokens(grant: &Grant) -> Vec<Record> {
    let refresh = grant.refresh_token.as_ref();
    let seconds = grant
        .lifetime
        .and_then(|lifetime| i64::try_from(lifetime.as_secs()).ok());
    let values = [
        Value::text(grant.access_token.reveal()),
        refresh.map_or(Value::Null, |token| Value::text(token.reveal())),
        seconds.map_or(Value::Null, Value::Integer),
        grant.scope.as_deref().map_or(Value::Null, Value::text),
    ];
    let names = TOKEN_OUTPUTS.iter().map(|output| output.name);
    success(names.zip(values).collect())
}

/// A sign-in that somebody was sent to the browser for.
#[derive(Clone)]
struct Begun {
    state: String,
    client_id: String,
    callback_url: String,
    verifier: String,
}

/// Sign-ins that have begun in this process: the proof that the one who began is the one who ends.
static BEGUN: Mutex<VecDeque<Begun>> = Mutex::new(VecDeque::new());

/// Nobody has more browsers open.
const MOST: usize = 64;

fn begin(begun: Begun) {
    let mut all = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() == MOST {
        all.pop_front();
    }
    all.push_back(begun);
}

/// The sign-in of a state, or the newest of an application; it can be ended once.
fn end(state: Option<&str>, client_id: &str) -> Option<Begun> {
    let mut all = BEGUN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |begun: &Begun| match state {
        Some(state) => begun.state == state,
        None => begun.client_id == client_id,
    };
    let place = all.iter().rposition(is_it)?;
    all.remove(place)
}
