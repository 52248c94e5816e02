//! The values of a call, by the names of its parameters: checked before anything is sent.

use std::path::Path;

use base64::Engine;
use serde_json::Value as Json;

use super::{Parameter, Procedure};
use crate::catalog::Type;
use crate::error::{Error, Result};
use crate::instant::Instant;
use crate::plan::bind::user_path;
use crate::settings::nearest;
use crate::value::Value;
use crate::write::people;

/// The arguments of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    procedure: &'static str,
    values: Vec<(&'static str, Value)>,
}

impl Arguments {
    /// Arguments by name, in capitals or not, `@` before them or not; NULL is as good as none.
    ///
    /// # Errors
    /// A name that is no parameter, one that comes twice, or a required one that is missing.
    pub fn named(
        procedure: &'static Procedure,
        given: impl IntoIterator<Item = (String, Value)>,
    ) -> Result<Self> {
        let mut values: Vec<(&'static str, Value)> = Vec::new();
        for (name, value) in given {
            let bare = name.trim_start_matches('@');
            let same = |parameter: &&Parameter| parameter.name.eq_ignore_ascii_case(bare);
            let Some(parameter) = procedure.parameters.iter().find(same) else {
                return Err(unknown(procedure, bare));
            };
            if values.iter().any(|(known, _)| *known == parameter.name) {
                return Err(
                    Error::usage(format!("{} is given twice", parameter.name)).on(procedure.name)
                );
            }
            if !value.is_null() {
                values.push((parameter.name, checked(procedure, parameter, value)?));
            }
        }
        let arguments = Self {
            procedure: procedure.name,
            values,
        };
        let missing = procedure
            .parameters
            .iter()
            .find(|parameter| parameter.required && arguments.value(parameter.name).is_none());
        match missing {
            None => Ok(arguments),
            Some(parameter) => Err(Error::usage(format!("{} is missing", parameter.name))
                .next(format!("The parameters are: {}", listed(procedure)))
                .on(procedure.name)),
        }
    }

    /// The arguments of the function: one JSON object, or the documented parameters by place.
    ///
    /// # Errors
    /// As [`Arguments::named`], or too many values.
    pub fn of_function(procedure: &'static Procedure, given: Vec<Value>) -> Result<Self> {
        if let [Value::Text(text)] = given.as_slice()
            && text.trim_start().starts_with('{')
        {
            let object: serde_json::Map<String, Json> = serde_json::from_str(payload(text))
                .map_err(|error| {
                    Error::usage(format!("the argument is no JSON object: {error}"))
                        .next(usage(procedure))
                        .on(procedure.name)
                })?;
            return Self::named(
                procedure,
                object.into_iter().map(|(name, json)| (name, of_json(json))),
            );
        }
        if given.len() > procedure.positional.len() {
            return Err(Error::usage(format!(
                "{} values are given, and {} are taken by place",
                given.len(),
                procedure.positional.len()
            ))
            .next(usage(procedure))
            .on(procedure.name));
        }
        let names = procedure.positional.iter().map(|name| (*name).to_owned());
        Self::named(procedure, names.zip(given))
    }

    /// The value of a parameter, NULL and absent being the same.
    pub fn value(&self, name: &str) -> Option<&Value> {
        let mut values = self.values.iter();
        values
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// All of them.
    pub fn values(&self) -> &[(&'static str, Value)] {
        &self.values
    }

    /// A text; empty is as good as none.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = match self.value(name)? {
            Value::Text(text) => text.to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Real(number) => number.to_string(),
            Value::Null | Value::Blob(_) => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// When it is missing or empty.
    pub fn required(&self, name: &str) -> Result<String> {
        self.text(name)
            .ok_or_else(|| self.wrong(format!("{name} is empty")))
    }

    /// True or false; `None` where nothing is said.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        match self.value(name)?.numeric() {
            Value::Integer(number) => Some(number != 0),
            Value::Text(text) => Some(text.eq_ignore_ascii_case("true")),
            _ => None,
        }
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.value(name)?.numeric() {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The items of a list with `;` or `,` between them, or of a JSON array of texts.
    pub fn list(&self, name: &str) -> Vec<String> {
        let text = self.text(name).unwrap_or_default();
        match serde_json::from_str::<Vec<String>>(&text) {
            Ok(items) => items,
            Err(_) => people(&text).map(str::to_owned).collect(),
        }
    }

    /// Bytes: a BLOB as it is, text as base64.
    ///
    /// # Errors
    /// Text that is not base64.
    pub fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::Blob(bytes)) => Ok(Some(bytes.to_vec())),
            Some(other) => {
                let text = match other {
                    Value::Text(text) => text.split_ascii_whitespace().collect::<String>(),
                    _ => String::new(),
                };
                base64::engine::general_purpose::STANDARD
                    .decode(text.as_bytes())
                    .map(Some)
                    .map_err(|_| self.wrong(format!("{name} is neither a BLOB nor base64")))
            }
        }
    }

    /// The bytes of a local file that a parameter names.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>> {
        match self.text(name) {
            Some(path) => self.read(&path).map(Some),
            None => Ok(None),
        }
    }

    /// The bytes of a local file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        std::fs::read(Path::new(path))
            .map_err(|error| self.wrong(format!("the file {path} cannot be read: {error}")))
    }

    /// The path of the user that UserId, or UserPrincipalName, names.
    ///
    /// # Errors
    /// A name that no user can have.
    pub fn user(&self, default: Option<&str>) -> Result<String> {
        let named = self
            .text("UserId")
            .or_else(|| self.text("UserPrincipalName"));
        let named = named.as_deref().or(default).unwrap_or("me");
        user_path(named).ok_or_else(|| self.wrong(format!("'{named}' cannot name a user")))
    }

    /// An error of this procedure.
    pub fn wrong(&self, sentence: impl Into<String>) -> Error {
        Error::usage(sentence).on(self.procedure)
    }
}

/// The object of a text: seed 000 has a payload with a second pair of braces around it, which is taken for
/// what it means.
fn payload(text: &str) -> &str {
    let inner = text
        .trim()
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .map(str::trim);
    match inner {
        Some(inner) if inner.starts_with('{') && inner.ends_with('}') => inner,
        _ => text,
    }
}

/// A value of its parameter's type, or what is wrong with it.
fn checked(
    procedure: &'static Procedure,
    parameter: &'static Parameter,
    value: Value,
) -> Result<Value> {
    let wrong = |expected: &str| {
        Err(Error::usage(format!("{} must be {expected}", parameter.name)).on(procedure.name))
    };
    match (parameter.ty, &value) {
        (Type::Boolean, value) => match value.numeric() {
            Value::Integer(0 | 1) => {}
            Value::Text(text)
                if ["true", "false"]
                    .iter()
                    .any(|word| text.eq_ignore_ascii_case(word)) => {}
            _ => return wrong("true or false"),
        },
        (Type::Integer | Type::Long, value) if !matches!(value.numeric(), Value::Integer(_)) => {
            return wrong("a whole number");
        }
        (Type::Enum(members), value) => {
            let text = value.as_text().unwrap_or_default();
            if !members
                .iter()
                .any(|member| member.eq_ignore_ascii_case(text))
            {
                return wrong(&format!("one of {}", members.join(", ")));
            }
        }
        (Type::Instant, Value::Text(text)) if Instant::parse(text).is_none() => {
            return wrong("a point in time such as '2026-01-31 09:00:00'");
        }
        (Type::Text | Type::Json, Value::Blob(_)) => return wrong("text"),
        _ => {}
    }
    Ok(value)
}

fn of_json(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Integer(truth.into()),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => Value::Real(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::text(text),
        whole => Value::text(whole.to_string()),
    }
}

fn unknown(procedure: &'static Procedure, name: &str) -> Error {
    let names = procedure.parameters.iter().map(|parameter| parameter.name);
    let near = nearest(name, names);
    let did_you_mean = near.map_or_else(String::new, |near| format!("Did you mean {near}? "));
    Error::usage(format!("{name} is no parameter"))
        .next(format!(
            "{did_you_mean}The parameters are: {}",
            listed(procedure)
        ))
        .on(procedure.name)
}

/// `MessageId (required), Comment, UserId`.
fn listed(procedure: &Procedure) -> String {
    let names: Vec<String> = procedure
        .parameters
        .iter()
        .map(|parameter| match parameter.required {
            true => format!("{} (required)", parameter.name),
            false => parameter.name.to_owned(),
        })
        .collect();
    names.join(", ")
}

fn usage(procedure: &Procedure) -> String {
    let name = procedure.name;
    let places = procedure.positional.join(", ");
    match procedure.parameters.first() {
        Some(first) => format!(
            "Write {name}({places}), or {name}(json_object('{}', …))",
            first.name
        ),
        None => format!("Write {name}()"),
    }
}
