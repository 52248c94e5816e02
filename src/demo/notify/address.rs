//! Where notifications may go: to this machine, unless it is said otherwise.

use std::net::IpAddr;

use url::{Host, Url};

/// Whether an address is one of this machine: `localhost` or a loopback address.
pub fn is_here(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

/// The address for the handshake: the token is one more parameter of it.
pub fn with_token(url: &str, encoded: &str) -> String {
    // A fragment is never sent.
    let address = url.split('#').next().unwrap_or(url);
    let join = if address.contains('?') { '&' } else { '?' };
    format!("{address}{join}validationToken={encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_known_by_its_addresses() {
        for here in [
            "http://127.0.0.1:8080/x",
            "https://127.9.9.9",
            "http://[::1]:1/",
            "http://LOCALHOST/x",
        ] {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in [
            "http://localhost.example.com/",
            "http://127.0.0.1@example.com/",
            "http://0.0.0.0/",
            "http://192.168.0.1/",
            "http://[::ffff:192.168.0.1]/",
            "nonsense",
        ] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }

    #[test]
    fn the_token_is_one_more_parameter() {
        assert_eq!(
            with_token("http://a/b", "x"),
            "http://a/b?validationToken=x"
        );
        assert_eq!(
            with_token("http://a/b?c=d#e", "x"),
            "http://a/b?c=d&validationToken=x"
        );
    }
}
