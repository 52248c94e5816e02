//! The fields of a form or a query.

use http::HeaderMap;

use super::refusal::SignInError;
use crate::demo::encoding::form_decode;

/// The decoded fields, in the order in which they were sent.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads `a=b&c=d`. A field that is not percent-encoded UTF-8 is as good as not sent.
    pub fn parse(text: &str) -> Form {
        let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
        Form(
            pairs
                .filter_map(|(name, value)| form_decode(name).zip(form_decode(value)))
                .collect(),
        )
    }

    /// The form that a body is; one of another type has no fields.
    pub fn posted(headers: &HeaderMap, body: &[u8]) -> Form {
        let kind = headers.get("Content-Type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        if kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            Form::parse(&String::from_utf8_lossy(body))
        } else {
            Form(Vec::new())
        }
    }

    /// A field, if sent and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A field that must be there.
    pub fn need(&self, name: &str) -> Result<&str, SignInError> {
        self.get(name).ok_or_else(|| {
            SignInError::new(
                "invalid_request",
                900144,
                format!("The request body must contain the following parameter: '{name}'."),
            )
        })
    }

    /// RFC 6749 3.1 and 3.2: no parameter more than once. The number is K.
    pub fn without_duplicates(self) -> Result<Form, SignInError> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            if self.0[..place].iter().any(|(other, _)| other == name) {
                return Err(SignInError::new(
                    "invalid_request",
                    9000411,
                    format!(
                        "The request is not properly formatted. The parameter '{name}' is duplicated."
                    ),
                ));
            }
        }
        Ok(self)
    }
}
