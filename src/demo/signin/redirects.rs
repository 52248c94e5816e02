//! Redirect URIs: which address an answer may be sent to.

use url::{Host, Url};

use super::refusal::SignInError;

/// What Microsoft's documentation has desktop applications register.
pub const NATIVE: [&str; 2] = [
    "http://localhost",
    "https://login.microsoftonline.com/common/oauth2/nativeclient",
];

/// The redirect URI, if it is one to which answers may be sent; 50011 otherwise.
pub fn check<'u>(
    registered: Option<&[String]>,
    client: &str,
    uri: &'u str,
) -> Result<&'u str, SignInError> {
    let known = match registered {
        Some([]) => {
            return Err(SignInError::new(
                "invalid_client",
                500113,
                "No reply address is registered for the application.",
            ));
        }
        Some(registered) => registered.iter().any(|known| matches(known, uri)),
        // Nobody wrote down where an application of this kind runs: any https address may be its server.
        None => NATIVE.iter().any(|known| matches(known, uri)) || is_plain_https(uri),
    };
    if known {
        return Ok(uri);
    }
    Err(SignInError::new(
        "invalid_request",
        50011,
        format!(
            "The redirect URI '{uri}' specified in the request does not match the redirect URIs configured for the application '{client}'."
        ),
    ))
}

/// Exactly, but for the port of a loopback address (FACTS 5; RFC 8252 7.3). The path counts there too; none is the same as `/`. `127.0.0.1` is another address than `localhost`.
pub fn matches(registered: &str, uri: &str) -> bool {
    if registered == uri {
        return true;
    }
    let loopback = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        let local = match url.host()? {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(address) => address.is_loopback(),
            // Microsoft's documentation: IPv6 loopback addresses are not supported.
            Host::Ipv6(_) => false,
        };
        let plain = url.scheme() == "http" && url.username().is_empty() && url.fragment().is_none();
        url.set_port(None).ok()?;
        (local && plain).then_some(url)
    };
    match (loopback(registered), loopback(uri)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn is_plain_https(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| {
        url.scheme() == "https" && url.username().is_empty() && url.fragment().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_of_localhost_does_not_count() {
        for (registered, uri) in [
            ("http://localhost", "http://localhost:33333"),
            ("http://localhost", "http://localhost:33333/"),
            ("http://localhost:1/back", "http://localhost:2/back"),
            ("http://127.0.0.1", "http://127.0.0.1:80"),
            ("https://x.example/back", "https://x.example/back"),
        ] {
            assert!(matches(registered, uri), "{registered} {uri}");
        }
        for (registered, uri) in [
            ("http://localhost", "http://127.0.0.1:33333"),
            ("http://localhost", "http://localhost:33333/back"),
            ("http://localhost", "https://localhost:33333"),
            ("http://localhost", "http://localhost.evil.example"),
            ("http://localhost", "http://localhost@evil.example"),
            ("http://localhost", "http://localhost:33333/#x"),
            ("http://localhost", "http://[::1]:33333"),
            ("https://x.example/back", "https://x.example:444/back"),
            ("https://x.example/back", "https://x.example/back/"),
        ] {
            assert!(!matches(registered, uri), "{registered} {uri}");
        }
    }
}
