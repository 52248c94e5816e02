//! Which connection a subcommand is about.

use std::sync::Arc;

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::error::{Error, Result};
use crate::profiles;
use crate::session::{Environment, Session};

/// The arguments that name it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Connection {
    /// Connection properties: Key=Value;Key=Value.
    #[arg(long, value_name = "STRING")]
    pub connection: Option<String>,
    /// The profile of the configuration file to use.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Use the built-in demo tenant: invented data, no account.
    #[arg(long)]
    pub demo: bool,
}

impl Connection {
    /// As one connection string.
    pub fn text(&self) -> String {
        let mut parts: Vec<String> = self.connection.iter().cloned().collect();
        parts.extend(self.profile.as_deref().map(|name| pair("Profile", name)));
        parts.extend(self.demo.then(|| "Demo=true".to_owned()));
        parts.join(";")
    }

    /// What it means, whether or not there is anything to sign in with.
    ///
    /// # Errors
    /// A property or a profile that is wrong.
    pub fn environment(&self) -> Result<Environment> {
        environment(&self.text())
    }
}

/// What a connection string means.
///
/// # Errors
/// A property or a profile that is wrong.
pub fn environment(text: &str) -> Result<Environment> {
    let session = Arc::new(Session::default());
    session.connect(text)?;
    session.unconnected()
}

/// A property of a connection string, in the braces of ODBC.
pub fn pair(name: &str, value: &str) -> String {
    format!("{name}={{{}}}", value.replace('}', "}}"))
}

/// How a profile is named on the command line: not at all, if it is the one that counts anyway.
pub fn flag(profile: Option<&str>) -> String {
    match (profile, profiles::current()) {
        (Some(name), Ok(Some(current))) if current == name => String::new(),
        (Some(name), _) => format!(" --profile {name}"),
        (None, _) => String::new(),
    }
}

/// Reports an error of ours, and gives the exit code that it means; what is wrong with the settings is wrong
/// with the arguments here.
pub fn failed(error: &Error) -> Exit {
    report::ours(error);
    match Exit::of_kind(error.kind.name()) {
        Exit::Failed if error.kind == crate::error::Kind::Usage => Exit::Usage,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::pair;

    #[test]
    fn values_are_quoted() {
        assert_eq!(pair("Profile", "a;b}c"), "Profile={a;b}}c}");
    }
}
