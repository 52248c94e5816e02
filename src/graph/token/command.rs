//! Tokens that another program prints: a vault, a broker, the Azure CLI.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::grant::lifetime;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

/// A token, and for how long it is good where the program says so.
pub struct Printed {
    /// The token.
    pub token: Secret,
    /// From now on.
    pub lifetime: Option<Duration>,
}

/// The user's own command, by the shell.
///
/// # Errors
/// When it fails, takes too long, or prints nothing.
pub async fn user(command: &str, timeout: Duration) -> Result<Printed> {
    let (shell, flag) = match cfg!(windows) {
        true => ("cmd", "/C"),
        false => ("sh", "-c"),
    };
    let mut program = Command::new(shell);
    program.args([flag, command]);
    // What it says on standard error is not shown: it may be a secret.
    let run = run(program, timeout).await.map_err(|trouble| {
        let what = match trouble {
            Trouble::Absent => "the shell is not there".to_owned(),
            Trouble::Slow => format!("it took longer than {} s", timeout.as_secs()),
            Trouble::Failed { status, .. } => format!("it ended with {status}"),
        };
        Error::new(
            Kind::SignIn,
            format!("OAuthTokenCommand gave no token: {what}"),
        )
        .next("Run the command by hand to see why")
    })?;
    printed(&run).ok_or_else(|| {
        Error::new(Kind::SignIn, "OAuthTokenCommand printed no token")
            .next("Let it print the token alone, or JSON with access_token and expires_in")
    })
}

/// The Azure CLI's account.
///
/// # Errors
/// When it is not installed, or nobody has signed in with it.
pub async fn azure_cli(resource: &str, tenant: Option<&str>, timeout: Duration) -> Result<Printed> {
    let mut program = Command::new(if cfg!(windows) { "az.cmd" } else { "az" });
    program.args([
        "account",
        "get-access-token",
        "--output",
        "json",
        "--resource",
        resource,
    ]);
    if let Some(tenant) = tenant {
        program.args(["--tenant", tenant]);
    }
    let run = run(program, timeout).await.map_err(|trouble| {
        let wrong = |what: String, next: &str| {
            Error::new(Kind::SignIn, format!("the Azure CLI gave no token: {what}")).next(next)
        };
        match trouble {
            Trouble::Absent => wrong(
                "az is not installed".to_owned(),
                "Install it, or sign in with office365 login",
            ),
            Trouble::Slow => wrong(
                format!("it took longer than {} s", timeout.as_secs()),
                "Run az account get-access-token by hand to see why",
            ),
            Trouble::Failed { said, .. } => wrong(said, "Run az login"),
        }
    })?;
    printed(&run).ok_or_else(|| {
        Error::new(Kind::SignIn, "the Azure CLI printed no token")
            .next("Run az account get-access-token by hand to see why")
    })
}

/// The token of what was printed: JSON, or the token alone.
fn printed(text: &str) -> Option<Printed> {
    let json: Json = serde_json::from_str(text).unwrap_or(Json::Null);
    let named = ["access_token", "accessToken", "token"]
        .iter()
        .find_map(|name| json[*name].as_str());
    if json.is_object() {
        return Some(Printed {
            token: Secret::new(named?.trim()),
            lifetime: lifetime(&json["expires_in"]).or_else(|| until(&json["expires_on"])),
        });
    }
    let text = text.trim().trim_matches('"');
    let is_token = !text.is_empty() && !text.contains(char::is_whitespace);
    is_token.then(|| Printed {
        token: Secret::new(text),
        lifetime: None,
    })
}

/// Seconds since 1970, as a time from now.
pub(super) fn until(json: &Json) -> Option<Duration> {
    let at = lifetime(json)?;
    let now = u64::try_from(chrono::Utc::now().timestamp()).ok()?;
    Some(Duration::from_secs(at.as_secs().saturating_sub(now)))
}

enum Trouble {
    Absent,
    Slow,
    Failed {
        status: String,
        /// The first line on standard error.
        said: String,
    },
}

/// Runs a program to its end, off the threads that requests run on.
async fn run(mut program: Command, timeout: Duration) -> std::result::Result<String, Trouble> {
    program
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let ended = tokio::task::spawn_blocking(move || wait(program, timeout)).await;
    ended.unwrap_or(Err(Trouble::Absent))
}

fn wait(mut program: Command, timeout: Duration) -> std::result::Result<String, Trouble> {
    let mut child = program.spawn().map_err(|_| Trouble::Absent)?;
    let (out, err) = (read_all(child.stdout.take()), read_all(child.stderr.take()));
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < timeout => std::thread::sleep(Duration::from_millis(20)),
            _ => {
                // A program that is already gone cannot be ended, which is as well.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Trouble::Slow);
            }
        }
    };
    if status.success() {
        return Ok(out.join().unwrap_or_default());
    }
    let said = err.join().unwrap_or_default();
    Err(Trouble::Failed {
        status: status.to_string(),
        said: said
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default()
            .to_owned(),
    })
}

/// Reads a pipe while the program runs, so that it never waits for a reader.
fn read_all(pipe: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = Vec::new();
        if let Some(mut pipe) = pipe {
            // What cannot be read is not there.
            let _ = pipe.read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_what_is_printed() {
        let token = |text: &str| {
            printed(text).map(|printed| {
                (
                    printed.token.reveal().to_owned(),
                    printed.lifetime.is_some(),
                )
            })
        };
        assert_eq!(token("  abc.def\n"), Some(("abc.def".to_owned(), false)));
        assert_eq!(token("\"abc\""), Some(("abc".to_owned(), false)));
        assert_eq!(
            token(r#"{"accessToken":"abc","expires_on":4102444800}"#),
            Some(("abc".to_owned(), true))
        );
        assert_eq!(
            token(r#"{"access_token":"abc","expires_in":"3599"}"#),
            Some(("abc".to_owned(), true))
        );
        assert_eq!(token(""), None);
        assert_eq!(token("ERROR: not logged in"), None);
        assert_eq!(token(r#"{"error":"x"}"#), None);
    }
}
