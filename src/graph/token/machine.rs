//! The identity of the machine: the token endpoint that Azure puts beside a virtual machine or an app
//! service (FACTS §5).

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value as Json;

use super::command::until;
use super::grant::{lifetime, persistent};
use crate::error::{Error, Fault, Kind, Result};
use crate::graph::client::Patience;
use crate::graph::transport::Transport;
use crate::secret::Secret;

/// Where virtual machines ask: an address that exists inside each of them only.
const METADATA: &str = "http://169.254.169.254";

/// A token of the machine's identity, and how long it is good for.
///
/// # Errors
/// Where there is no such endpoint, or it refuses.
pub async fn token(
    transport: &dyn Transport,
    patience: Patience,
    resource: &str,
    client_id: &str,
) -> Result<(Secret, Option<Duration>)> {
    let (address, header) = endpoint(resource, client_id)?;
    let request = || {
        Request::get(&address)
            .header(header.0, &header.1)
            .body(Bytes::new())
            .map_err(|error| Error::usage(format!("IDENTITY_ENDPOINT is not usable: {error}")))
    };
    // On a machine that is none of Azure's nobody answers; it should not take long to find out.
    let patience = Patience {
        timeout: patience.timeout.min(Duration::from_secs(10)),
        ..patience
    };
    let response = patient(transport, patience, request).await?;
    let json: Json = serde_json::from_slice(response.body()).unwrap_or(Json::Null);
    match json["access_token"].as_str() {
        Some(token) if response.status().is_success() => {
            let lifetime = lifetime(&json["expires_in"]).or_else(|| until(&json["expires_on"]));
            Ok((Secret::new(token), lifetime))
        }
        _ => Err(refusal(response.status().as_u16(), &json)),
    }
}

/// The address, and the header that keeps others away.
fn endpoint(resource: &str, client_id: &str) -> Result<(String, (&'static str, String))> {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let (base, version, header) = match (variable("IDENTITY_ENDPOINT"), variable("IDENTITY_HEADER"))
    {
        (Some(endpoint), Some(secret)) => (endpoint, "2019-08-01", ("X-IDENTITY-HEADER", secret)),
        _ => {
            // The Azure SDK's variable for clusters that put a service of their own in its place.
            let host = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST")
                .unwrap_or_else(|| METADATA.to_owned());
            let path = format!(
                "{}/metadata/identity/oauth2/token",
                host.trim_end_matches('/')
            );
            (path, "2018-02-01", ("Metadata", "true".to_owned()))
        }
    };
    let mut url = url::Url::parse(&base).ok().filter(is_near).ok_or_else(|| {
        Error::usage("IDENTITY_ENDPOINT is no address of this machine")
            .next("unset it, or let it name localhost or a link-local address")
    })?;
    url.query_pairs_mut()
        .append_pair("api-version", version)
        .append_pair("resource", resource);
    if !client_id.is_empty() {
        url.query_pairs_mut().append_pair("client_id", client_id);
    }
    Ok((url.into(), header))
}

/// These endpoints speak plain http: only what never leaves the machine may be asked.
fn is_near(url: &url::Url) -> bool {
    let link_local = url
        .host_str()
        .and_then(|host| host.parse::<std::net::Ipv4Addr>().ok())
        .is_some_and(|address| address.is_link_local());
    matches!(url.scheme(), "http" | "https") && (link_local || crate::settings::is_loopback(url))
}

/// Beside what is passing anywhere, 404 and 410 are passing here (FACTS §5).
async fn patient(
    transport: &dyn Transport,
    patience: Patience,
    request: impl Fn() -> Result<Request<Bytes>>,
) -> Result<Response<Bytes>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let response = persistent(transport, patience, &request)
            .await
            .map_err(|error| {
                Error::new(
                    Kind::SignIn,
                    format!("this machine has no managed identity: {}", error.sentence),
                )
                .next("Use AzureMSI on Azure's machines only, and another AuthScheme elsewhere")
            })?;
        let is_passing = matches!(response.status().as_u16(), 404 | 410);
        if !is_passing || tries > patience.retries {
            return Ok(response);
        }
        tokio::time::sleep(Duration::from_millis(500) * tries).await;
    }
}

fn refusal(status: u16, json: &Json) -> Error {
    // App Service and virtual machines spell their errors in their own ways.
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| json[*name].as_str());
        found.unwrap_or_default().to_owned()
    };
    Error::new(Kind::SignIn, "the machine's identity gave no token")
        .with_fault(Fault {
            status,
            code: text(&["error", "code"]),
            message: text(&["error_description", "message"]),
            request_id: None,
        })
        .next("Assign an identity to the machine, and check OAuthClientId where it has several")
}
