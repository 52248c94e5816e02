//! The little of an X.509 certificate that a signature is checked with: its key, its thumbprints and its end.

use ring::digest;

use crate::demo::encoding::{base64_decode, base64_url};

/// A registered certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The RSA public key (RFC 8017 A.1.1), which is how ring takes it.
    pub key: Vec<u8>,
    /// `x5t`: base64url of SHA-1 over the DER.
    pub sha1: String,
    /// `x5t#S256`: base64url of SHA-256 over the DER.
    pub sha256: String,
    /// When it ends, in seconds since 1970.
    pub expires: i64,
}

/// `1.2.840.113549.1.1.1`, rsaEncryption.
const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const OBJECT_ID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const VERSION: u8 = 0xA0;

impl Certificate {
    /// Reads the first certificate of a PEM text.
    pub fn from_pem(text: &str) -> Result<Certificate, String> {
        let (_, rest) = text
            .split_once("-----BEGIN CERTIFICATE-----")
            .ok_or("there is no certificate in it")?;
        let (body, _) = rest
            .split_once("-----END CERTIFICATE-----")
            .ok_or("its certificate does not end")?;
        let body: String = body.split_whitespace().collect();
        let der = base64_decode(&body).ok_or("its certificate is not base64")?;
        let (key, expires) = read(&der).ok_or("its certificate is not one of an RSA key")?;
        let thumbprint = |algorithm| base64_url(digest::digest(algorithm, &der).as_ref());
        Ok(Certificate {
            key: key.to_vec(),
            sha1: thumbprint(&digest::SHA1_FOR_LEGACY_USE_ONLY),
            sha256: thumbprint(&digest::SHA256),
            expires,
        })
    }
}

/// The subject's public key and the end of the validity (RFC 5280 4.1).
fn read(der: &[u8]) -> Option<(&[u8], i64)> {
    let (certificate, _) = value(der, SEQUENCE)?;
    let (mut fields, _) = value(certificate, SEQUENCE)?;
    if fields.first() == Some(&VERSION) {
        fields = any(fields)?.2;
    }
    // Serial number, signature algorithm, issuer.
    for _ in 0..3 {
        fields = any(fields)?.2;
    }
    let (validity, fields) = value(fields, SEQUENCE)?;
    let (_, _, end) = any(validity)?;
    let (_, _, behind_subject) = any(fields)?;
    let (info, _) = value(behind_subject, SEQUENCE)?;
    let (algorithm, rest) = value(info, SEQUENCE)?;
    if value(algorithm, OBJECT_ID)?.0 != RSA {
        return None;
    }
    // The first byte counts the unused bits, of which a key has none.
    let key = value(rest, BIT_STRING)?.0.strip_prefix(&[0])?;
    Some((key, time(end)?))
}

/// A point in time (RFC 5280 4.1.2.5): until 2049 the year has two digits.
fn time(der: &[u8]) -> Option<i64> {
    let (tag, text, _) = any(der)?;
    let text = std::str::from_utf8(text).ok()?;
    let century = match (tag, text.get(..2)?) {
        (GENERALIZED_TIME, _) => "",
        (UTC_TIME, year) if year < "50" => "20",
        (UTC_TIME, _) => "19",
        _ => return None,
    };
    let whole = format!("{century}{text}");
    let time = chrono::NaiveDateTime::parse_from_str(&whole, "%Y%m%d%H%M%SZ").ok()?;
    Some(time.and_utc().timestamp())
}

/// The content of the value at the beginning, which must have this tag, and what comes behind it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, content, rest) = any(der)?;
    (found == tag).then_some((content, rest))
}

/// Tag, content and rest (X.690 8.1).
fn any(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, der) = der.split_first()?;
    let (&first, der) = der.split_first()?;
    let (length, der) = if first < 0x80 {
        (usize::from(first), der)
    } else {
        let (bytes, der) = der.split_at_checked(usize::from(first & 0x7F))?;
        if bytes.len() > 4 {
            return None;
        }
        let length = bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        (length, der)
    };
    let (content, rest) = der.split_at_checked(length)?;
    Some((tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_have_two_digits_or_four() {
        let der = |tag: u8, text: &str| [&[tag, text.len() as u8], text.as_bytes()].concat();
        assert_eq!(time(&der(UTC_TIME, "700101000001Z")), Some(1));
        assert_eq!(time(&der(UTC_TIME, "491231235959Z")), Some(2_524_607_999));
        assert_eq!(
            time(&der(GENERALIZED_TIME, "20500101000000Z")),
            Some(2_524_608_000)
        );
        assert_eq!(time(&der(GENERALIZED_TIME, "x")), None);
    }
}
