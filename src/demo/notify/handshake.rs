//! The validation of a subscriber's addresses: each gets a POST with a token and has to send the token back, decoded, as plain text with status 200 (FACTS 3.5; C/webhooks).

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use futures_util::future::join_all;
use http::{Method, Request};

use super::address::with_token;
use super::sender::{Sender, Silence, Told};
use super::validation::{Noted, Outcome, Validation};
use crate::demo::Tenant;
use crate::demo::encoding::percent_encode;
use crate::demo::random::guid;

const PLAIN: &str = "text/plain; charset=utf-8";

/// Whom a request for subscriptions, alone or in a batch, would have notified: it is tried out on a copy of the tenant, so that nobody is called for a request that is refused anyway.
pub fn whom_to_ask(tenant: &Tenant, request: &Request<Bytes>) -> Vec<String> {
    if request.method() != Method::POST || !may_subscribe(request) {
        return Vec::new();
    }
    let noted = Noted::default();
    let mut trial = request.clone();
    trial
        .extensions_mut()
        .insert(Validation::Noted(noted.clone()));
    tenant.fork().respond(trial);
    noted.taken()
}

/// Whether it is worth trying out. What is overlooked here is refused later, because its addresses were not asked.
fn may_subscribe(request: &Request<Bytes>) -> bool {
    const NAME: &[u8] = b"subscriptions";
    let names = |bytes: &[u8]| {
        let mut windows = bytes.windows(NAME.len());
        windows.any(|window| window.eq_ignore_ascii_case(NAME))
    };
    let path = request.uri().path();
    names(path.as_bytes()) || path.ends_with("$batch") && names(request.body())
}

/// Asks all of them at once. No lock is held meanwhile: a subscriber may call the tenant while it is asked.
pub async fn ask(sender: &Sender, urls: Vec<String>) -> Validation {
    let asked = urls.into_iter().map(|url| async move {
        let outcome = ask_one(sender, &url).await;
        (url, outcome)
    });
    let outcomes: HashMap<String, Outcome> = join_all(asked).await.into_iter().collect();
    Validation::Asked(Arc::new(outcomes))
}

async fn ask_one(sender: &Sender, url: &str) -> Outcome {
    let token = token();
    // As a form writes it: a space is a plus sign (as seen in Graph's own requests; K).
    let encoded = percent_encode(&token).replace("%20", "+");
    let address = with_token(url, &encoded);
    let told = sender.post(&address, PLAIN, String::new()).await;
    judge(told, &token)
}

/// Like Graph's, with a plus and a percent sign besides, so that who decodes too little or twice is found out.
fn token() -> String {
    static SERIAL: AtomicU64 = AtomicU64::new(1);
    let id = guid(&[97, SERIAL.fetch_add(1, Ordering::Relaxed)]);
    format!(
        "Validation: Testing client application reachability for subscription Request-Id: {id} 100%25+1"
    )
}

/// In the words of Graph (I nodejs-webhooks-sample#350, Microsoft365-Analytics-Insights#273; the one about the token is K).
fn judge(told: Result<Told, Silence>, token: &str) -> Outcome {
    let failed = |reason: &str| Err(format!("Subscription validation request failed. {reason}"));
    let told = match told {
        Ok(told) => told,
        Err(Silence::Slow) => return Err("Subscription validation request timed out.".into()),
        Err(Silence::Unreachable(reason)) => return failed(&reason),
    };
    if told.status != 200 {
        return failed(&format!(
            "HTTP status code is '{}'. Notification endpoint must respond with 200 OK to validation request.",
            told.reason
        ));
    }
    let kind = told.content_type.split(';').next().unwrap_or("");
    if !kind.trim().eq_ignore_ascii_case("text/plain") {
        return failed("The content type of the response must be text/plain.");
    }
    if told.body != token.as_bytes() {
        return failed("Response must exactly match validationToken query parameter.");
    }
    Ok(())
}
