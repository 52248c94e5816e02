//! Which certificate an application proves itself with, under the names that CData has for its kinds.

use super::Said;
use super::meaning::given;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// A certificate with its private key, not yet read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Certificate {
    /// What it is in.
    pub container: Container,
    /// Where that is.
    pub source: Source,
    /// The password of a PFX.
    pub password: Secret,
    /// Which of a PFX: its friendly name; none for the first with a key.
    pub subject: Option<String>,
}

/// What a certificate is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Container {
    /// PEM: the certificate and its private key.
    Pem,
    /// PKCS#12.
    Pfx,
}

/// Where a certificate is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// In a file.
    File(String),
    /// Given itself: PEM as text, PFX in base64.
    Text(Secret),
}

/// CData's kinds that are nothing to read here, and how each becomes one that is.
const OTHERS: &[(&str, &str)] = &[
    ("USER", WINDOWS),
    ("MACHINE", WINDOWS),
    ("JKSFILE", JKS),
    ("JKSBLOB", JKS),
    ("PUBLIC_KEY_FILE", NO_KEY),
    ("PUBLIC_KEY_BLOB", NO_KEY),
    ("SSHPUBLIC_KEY_FILE", NO_KEY),
    ("SSHPUBLIC_KEY_BLOB", NO_KEY),
    ("P7BFILE", NO_KEY),
    (
        "PPKFILE",
        "convert the key with: puttygen key.ppk -O private-openssh-new -o key.pem, and put the certificate behind it",
    ),
    (
        "XMLFILE",
        "convert the XML key to PEM (PowerShell: $rsa.FromXmlString; $rsa.ExportPkcs8PrivateKeyPem()), and put the certificate behind it",
    ),
    (
        "XMLBLOB",
        "convert the XML key to PEM (PowerShell: $rsa.FromXmlString; $rsa.ExportPkcs8PrivateKeyPem()), and put the certificate behind it",
    ),
    ("BCFKSFILE", BCFKS),
    ("BCFKSBLOB", BCFKS),
];
const WINDOWS: &str = "export it from the Windows store with its key: Export-PfxCertificate -Cert Cert:\\CurrentUser\\My\\THUMBPRINT -FilePath cert.pfx -Password (Read-Host -AsSecureString), and use PFXFILE";
const JKS: &str = "convert it with: keytool -importkeystore -srckeystore store.jks -destkeystore cert.pfx -deststoretype PKCS12, and use PFXFILE";
const BCFKS: &str = "convert it with: keytool -importkeystore -srcstoretype BCFKS -srckeystore store.bcfks -destkeystore cert.pfx -deststoretype PKCS12 -providerclass org.bouncycastle.jcajce.provider.BouncyCastleFipsProvider, and use PFXFILE";
const NO_KEY: &str = "it holds no private key: put key and certificate together with: openssl pkcs12 -export -inkey key.pem -in cert.pem -out cert.pfx, and use PFXFILE";

impl Certificate {
    /// The one that the properties name.
    ///
    /// # Errors
    /// A kind that is not read here, with the command that converts it; a kind that does not exist.
    pub(super) fn understand(said: &Said) -> Result<Option<Self>> {
        let Some(text) = given(said, "OAuthJWTCert") else {
            return Ok(None);
        };
        let (container, is_file) = match given(said, "OAuthJWTCertType") {
            Some(name) => kind(&name)?,
            None => looks_like(&text),
        };
        Ok(Some(Self {
            container,
            source: match is_file {
                true => Source::File(text),
                false => Source::Text(Secret::new(&text)),
            },
            password: Secret::new(said.get("OAuthJWTCertPassword")),
            subject: given(said, "OAuthJWTCertSubject").filter(|subject| subject != "*"),
        }))
    }
}

/// The container of a kind, and whether it is in a file.
fn kind(name: &str) -> Result<(Container, bool)> {
    let upper = name.to_ascii_uppercase();
    let known = match upper.as_str() {
        "PEMKEY_FILE" => (Container::Pem, true),
        "PEMKEY_BLOB" => (Container::Pem, false),
        "PFXFILE" => (Container::Pfx, true),
        "PFXBLOB" => (Container::Pfx, false),
        _ => {
            let other = OTHERS.iter().find(|(other, _)| *other == upper);
            return Err(match other {
                Some((other, how)) => {
                    Error::usage(format!("OAuthJWTCertType {other} is not read here")).next(*how)
                }
                None => Error::usage("OAuthJWTCertType is no kind of certificate that is known")
                    .next("choose one of PEMKEY_FILE, PEMKEY_BLOB, PFXFILE, PFXBLOB"),
            });
        }
    };
    Ok(known)
}

/// What a certificate is when nobody says so.
fn looks_like(text: &str) -> (Container, bool) {
    if text.contains("-----BEGIN ") {
        return (Container::Pem, false);
    }
    let lower = text.to_ascii_lowercase();
    match lower.ends_with(".pfx") || lower.ends_with(".p12") {
        true => (Container::Pfx, true),
        false => (Container::Pem, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::parse;

    fn understood(text: &str) -> Result<Option<Certificate>> {
        Certificate::understand(&parse(text)?.said)
    }

    /// CData's documentation has sixteen kinds besides blobs of the same.
    #[test]
    fn each_kind_is_read_or_refused_with_what_to_do() {
        for (name, _) in OTHERS {
            let error = understood(&format!("OAuthJWTCert=x;OAuthJWTCertType={name}")).unwrap_err();
            assert!(error.sentence.contains(name), "{error}");
            assert!(
                error.next.is_some_and(|next| next.contains("PFXFILE")
                    || next.contains("PEM")
                    || next.contains(".pem")),
                "{name}"
            );
        }
        for name in ["PEMKEY_FILE", "pemkey_blob", "PFXFILE", "PFXBLOB"] {
            assert!(
                understood(&format!("OAuthJWTCert=x;OAuthJWTCertType={name}"))
                    .unwrap()
                    .is_some()
            );
        }
        assert!(understood("OAuthJWTCert=x;OAuthJWTCertType=GIF").is_err());
        assert!(understood("").unwrap().is_none());
    }

    #[test]
    fn the_kind_is_found_out() {
        let found = |text: &str| {
            understood(&format!("OAuthJWTCert={{{text}}}"))
                .unwrap()
                .unwrap()
        };
        assert_eq!(found("/a/b.PFX").container, Container::Pfx);
        assert_eq!(
            found("/a/b.pem").source,
            Source::File("/a/b.pem".to_owned())
        );
        let blob = found("-----BEGIN PRIVATE KEY-----\nhush");
        assert_eq!(blob.container, Container::Pem);
        assert!(!format!("{blob:?}").contains("hush"));
    }
}
