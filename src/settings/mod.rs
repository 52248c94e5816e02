//! Every connection property, once: its name, its default, what it means, and how text becomes a value.
//!
//! Two stages: [`parse`] reads what was said (`Key=Value;…`), [`Settings`] says what it means. What
//! was said in several places is merged before it is understood.

mod certificate;
mod identity;
mod meaning;
mod network;
mod parse;
mod properties;
#[cfg(test)]
mod tests;

pub use certificate::{Certificate, Container, Source};
pub use identity::{
    Application, Cloud, GRAPH_COMMAND_LINE_TOOLS, InitiateOAuth, SignIn, not_connected,
};
pub use meaning::{DEMO_GRAPH_URL, Settings, is_loopback};
pub use network::{Network, Proxy};
pub use parse::{Parsed, canonical, nearest, parse};
pub use properties::{IGNORED, PROPERTIES, Property};

use std::collections::BTreeMap;
use std::fmt;

/// What was said: canonical names and texts.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Said(BTreeMap<&'static str, String>);

impl Said {
    /// What the environment says: the Azure SDK's variables, for what is not set otherwise.
    pub fn from_environment() -> Self {
        let mut said = BTreeMap::new();
        for property in PROPERTIES {
            let value = property.variable.and_then(|name| std::env::var(name).ok());
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                said.insert(property.name, value);
            }
        }
        Self(said)
    }

    /// This, and for what it does not say, `other`.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
        self
    }

    /// Says a property.
    pub fn set(&mut self, property: &Property, text: String) {
        self.0.insert(property.name, text);
    }

    /// True when nothing was said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// True when something is said of how or where to sign in, so that these properties stand alone.
    pub fn names_connection(&self) -> bool {
        PROPERTIES
            .iter()
            .any(|property| property.identifies && self.0.contains_key(property.name))
    }

    /// What was said but for how and where to sign in.
    #[must_use]
    pub fn without_identity(mut self) -> Self {
        let identifies = |name: &str| {
            let property = PROPERTIES.iter().find(|known| known.name == name);
            property.is_some_and(|property| property.identifies)
        };
        self.0.retain(|name, _| !identifies(name));
        self
    }

    /// What was said but for secrets: names and texts.
    pub fn open(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.of_kind(false)
    }

    /// The names of the secrets that were said.
    pub fn secrets(&self) -> impl Iterator<Item = &'static str> {
        self.of_kind(true).map(|(name, _)| name)
    }

    fn of_kind(&self, secret: bool) -> impl Iterator<Item = (&'static str, &str)> {
        PROPERTIES
            .iter()
            .filter(move |property| property.secret == secret)
            .filter_map(|property| Some((property.name, self.0.get(property.name)?.as_str())))
    }

    /// The text of a property: what was said, or its default.
    pub fn get(&self, name: &'static str) -> &str {
        debug_assert!(PROPERTIES.iter().any(|known| known.name == name));
        match self.0.get(name) {
            Some(value) => value,
            None => PROPERTIES
                .iter()
                .find(|known| known.name == name)
                .map_or("", |known| known.default),
        }
    }

    /// True when the property was given a text.
    pub fn has(&self, name: &'static str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_empty())
    }
}

/// As a connection string, secrets redacted.
impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for property in PROPERTIES {
            if let Some(value) = self.0.get(property.name) {
                let shown = if property.secret { "[redacted]" } else { value };
                write!(f, "{}={shown};", property.name)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
