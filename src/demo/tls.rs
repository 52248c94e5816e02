//! Certificate and key with which the demo server speaks TLS.

use std::io::{Error, ErrorKind, Result};
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The header in which a proxy says how it was spoken to.
pub const SCHEME: &str = "x-forwarded-proto";

/// Both as PEM text.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate, and those that vouch for it.
    pub certificate: String,
    /// Its private key.
    pub key: String,
}

impl Tls {
    /// What shakes hands with clients.
    pub fn acceptor(&self) -> Result<TlsAcceptor> {
        let chain = CertificateDer::pem_slice_iter(self.certificate.as_bytes());
        let chain = chain.collect::<std::result::Result<Vec<_>, _>>();
        let chain = chain.map_err(|error| wrong("the TLS certificate", &error))?;
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes());
        let key = key.map_err(|error| wrong("the TLS key", &error))?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| wrong("the TLS certificate with its key", &error))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn wrong(what: &str, error: &dyn std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::InvalidInput,
        format!("{what} cannot be used: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio_rustls::TlsConnector;
    use tokio_rustls::rustls::pki_types::ServerName;
    use tokio_rustls::rustls::{ClientConfig, RootCertStore};

    use super::*;
    use crate::demo::encoding::base64;
    use crate::demo::server::{Server, ServerOptions};

    const CERTIFICATE: &str = include_str!("../../tests/data/signin/certificate.pem");
    const KEY: &[u8] = include_bytes!("../../tests/data/signin/key.pk8");

    fn tls() -> Tls {
        let key = base64(KEY);
        Tls {
            certificate: CERTIFICATE.into(),
            key: format!("-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"),
        }
    }

    fn connector() -> TlsConnector {
        let mut roots = RootCertStore::empty();
        let own = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).expect("a certificate");
        roots.add(own).expect("a certificate");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        TlsConnector::from(Arc::new(config))
    }

    async fn ask(url: &str, path: &str) -> String {
        let address = url.trim_start_matches("https://");
        let stream = TcpStream::connect(address).await.expect("a connection");
        let name = ServerName::try_from("localhost").expect("a name");
        let mut stream = connector()
            .connect(name, stream)
            .await
            .expect("hands shaken");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answered");
        answer
    }

    #[test]
    fn links_say_https() {
        let server = Server::start(ServerOptions {
            tls: Some(tls()),
            ..ServerOptions::default()
        })
        .expect("a free port");
        let url = server.url();
        assert!(url.starts_with("https://127.0.0.1:"), "{url}");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let answer = runtime
            .expect("a runtime")
            .block_on(ask(&url, "/common/v2.0/.well-known/openid-configuration"));
        let endpoint = format!("\"token_endpoint\":\"{url}/common/oauth2/v2.0/token\"");
        assert!(answer.contains(&endpoint), "{answer}");
    }

    #[test]
    fn what_is_no_certificate_is_said() {
        for (tls, part) in [
            (
                Tls {
                    key: String::new(),
                    ..tls()
                },
                "the TLS key cannot be used",
            ),
            (
                Tls {
                    certificate: String::new(),
                    ..tls()
                },
                "the TLS certificate with its key",
            ),
        ] {
            let error = tls.acceptor().err().expect("refused").to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
