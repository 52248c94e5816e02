//! An application's proof of itself: a text signed with the key of its certificate (FACTS §5).

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12ImportPolicy, PrivateKeyChain};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PSS_SHA256, RsaKeyPair};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;

use crate::error::{Error, Kind, Result};
use crate::graph::client::guid;
use crate::settings::{Certificate, Container, Source};

/// How long a proof is good for, in seconds; FACTS §5: five to ten minutes.
const LIFETIME: i64 = 600;

/// A key, and which certificate it belongs to.
pub struct Signer {
    key: RsaKeyPair,
    /// base64url of the SHA-256 of the certificate.
    thumbprint: String,
}

impl Signer {
    /// Reads a certificate with its key.
    ///
    /// # Errors
    /// A file that cannot be read, a wrong password, no RSA key, no certificate.
    pub fn read(certificate: &Certificate) -> Result<Self> {
        let (key, der) = match certificate.container {
            Container::Pem => pem(&bytes(certificate)?)?,
            Container::Pfx => pfx(certificate)?,
        };
        Ok(Self {
            key,
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, &der)),
        })
    }

    /// The proof that the one who asks at `audience` is the application, good from `now`, in seconds.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn assertion(&self, client_id: &str, audience: &str, now: i64) -> Result<String> {
        let header = json!({"typ": "JWT", "alg": "PS256", "x5t#S256": self.thumbprint});
        let claims = json!({
            "aud": audience, "iss": client_id, "sub": client_id, "jti": guid(),
            "nbf": now, "iat": now, "exp": now + LIFETIME,
        });
        let part = |json: serde_json::Value| URL_SAFE_NO_PAD.encode(json.to_string());
        let signed = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(
                &RSA_PSS_SHA256,
                &SystemRandom::new(),
                signed.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Error::new(Kind::Internal, "the certificate's key does not sign"))?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn bytes(certificate: &Certificate) -> Result<Vec<u8>> {
    match (&certificate.source, certificate.container) {
        (Source::File(path), _) => std::fs::read(path).map_err(|error| {
            wrong(
                format!("{path} cannot be read: {error}"),
                "Check OAuthJWTCert",
            )
        }),
        (Source::Text(text), Container::Pem) => Ok(text.reveal().as_bytes().to_vec()),
        (Source::Text(text), Container::Pfx) => {
            let packed: String = text.reveal().split_whitespace().collect();
            STANDARD.decode(packed).map_err(|_| {
                wrong(
                    "it is not base64",
                    "Give the PFX file itself in base64 (base64 -w0 cert.pfx)",
                )
            })
        }
    }
}

fn pem(text: &[u8]) -> Result<(RsaKeyPair, Vec<u8>)> {
    if text.windows(10).any(|part| part == b"ENCRYPTED ") {
        return Err(wrong(
            "its private key is encrypted",
            "Convert it with: openssl pkey -in key.pem -out open.pem, or to PFX with: openssl pkcs12 -export -inkey key.pem -in cert.pem -out cert.pfx",
        ));
    }
    let key = PrivateKeyDer::from_pem_slice(text).map_err(|_| {
        wrong(
            "it holds no private key",
            "Put the key and the certificate into one file: cat key.pem cert.pem > both.pem",
        )
    })?;
    let certificate = CertificateDer::from_pem_slice(text).map_err(|_| {
        wrong(
            "it holds no certificate",
            "Put the key and the certificate into one file: cat key.pem cert.pem > both.pem",
        )
    })?;
    let key = match &key {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        _ => return Err(no_rsa()),
    };
    Ok((key.map_err(|_| no_rsa())?, certificate.to_vec()))
}

fn pfx(certificate: &Certificate) -> Result<(RsaKeyPair, Vec<u8>)> {
    let bytes = bytes(certificate)?;
    let password = certificate.password.reveal();
    let store = KeyStore::from_pkcs12(&bytes, password, Pkcs12ImportPolicy::Relaxed).map_err(|_| {
        wrong("it is no PFX, or OAuthJWTCertPassword is wrong", "Check both; a PFX without a password needs one: openssl pkcs12 -in cert.pfx -nodes | openssl pkcs12 -export -out new.pfx")
    })?;
    let chain = chain(&store, certificate.subject.as_deref())?;
    let der = chain.certs().first().ok_or_else(|| {
        wrong(
            "its key has no certificate",
            "Export the PFX again, with the certificate",
        )
    })?;
    let key = RsaKeyPair::from_pkcs8(chain.key().as_der()).map_err(|_| no_rsa())?;
    Ok((key, der.as_der().to_vec()))
}

/// The key of that name, or the first.
fn chain<'a>(store: &'a KeyStore, subject: Option<&str>) -> Result<&'a PrivateKeyChain> {
    let fits = |alias: &str, chain: &PrivateKeyChain| {
        subject.is_none_or(|subject| {
            let of_certificate = chain
                .certs()
                .first()
                .map(p12_keystore::Certificate::subject);
            alias.eq_ignore_ascii_case(subject)
                || of_certificate.is_some_and(|name| name.contains(subject))
        })
    };
    let found = store.entries().find_map(|(alias, entry)| match entry {
        KeyStoreEntry::PrivateKeyChain(chain) if fits(alias, chain) => Some(chain),
        _ => None,
    });
    found.ok_or_else(|| {
        wrong(
            "it holds no such key",
            "Check OAuthJWTCertSubject; * takes the first key",
        )
    })
}

fn no_rsa() -> Error {
    wrong(
        "its key is not an RSA key of 2,048 bits or more, which the identity platform takes alone",
        "Make one with: openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 365 -subj /CN=office365",
    )
}

fn wrong(what: impl std::fmt::Display, next: &str) -> Error {
    Error::new(
        Kind::SignIn,
        format!("the certificate cannot be used: {what}"),
    )
    .next(next)
}
