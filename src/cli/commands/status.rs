//! `office365 status`: what is set up, without asking the service anything.

use super::connection::{Connection, failed, flag};
use crate::cli::exit::Exit;
use crate::error::Result;
use crate::graph::token::store::{Entry, Store};
use crate::settings::{GRAPH_COMMAND_LINE_TOOLS, Settings, SignIn};
use crate::{config, profiles};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    connection: Connection,
}

/// Tells it.
pub fn run(args: &Args) -> Exit {
    match status(args) {
        Ok(exit) => exit,
        Err(error) => failed(&error),
    }
}

fn status(args: &Args) -> Result<Exit> {
    println!("office365 {}", env!("CARGO_PKG_VERSION"));
    say("settings", &settings_file()?);
    let environment = args.connection.environment()?;
    let settings = &environment.settings;
    say("connection", &connection(settings));
    for (what, text) in identity(settings) {
        say(what, &text);
    }
    let (exit, next) = match Store::of(settings)? {
        Some(store) => tokens(settings, &store)?,
        None => by_itself(settings),
    };
    println!();
    println!("Next: {next}");
    Ok(exit)
}

fn say(what: &str, text: &str) {
    println!("{what:12}{text}");
}

fn settings_file() -> Result<String> {
    let path = config::file()?;
    if !path.exists() {
        return Ok(format!("{} (not there: nothing is set up)", path.display()));
    }
    let names = profiles::names()?;
    Ok(match names.as_slice() {
        [] => format!("{} (no profiles)", path.display()),
        names => format!("{} (profiles: {})", path.display(), names.join(", ")),
    })
}

fn connection(settings: &Settings) -> String {
    let by = match &settings.profile {
        Some(profile) => format!("profile {profile}"),
        None if std::env::var_os("OFFICE365_CONNECTION").is_some() => {
            "OFFICE365_CONNECTION or the arguments".to_owned()
        }
        None => "the arguments and the environment".to_owned(),
    };
    match settings.sign_in {
        SignIn::Nothing => "none".to_owned(),
        SignIn::Demo => "the built-in demo tenant".to_owned(),
        _ => format!("{by}, AuthScheme {}", settings.sign_in.scheme()),
    }
}

fn identity(settings: &Settings) -> Vec<(&'static str, String)> {
    if matches!(settings.sign_in, SignIn::Nothing | SignIn::Demo) {
        return Vec::new();
    }
    let application = &settings.application;
    let client = match application.client_id.as_str() {
        GRAPH_COMMAND_LINE_TOOLS => "Microsoft Graph Command Line Tools (Microsoft's own)",
        "" => "none named",
        id => id,
    };
    let mut told = vec![
        ("tenant", application.tenant.clone()),
        ("application", client.to_owned()),
        (
            "service",
            format!("{} by way of {}", settings.graph_url, application.login_url),
        ),
    ];
    if settings.network.trusts_anyone {
        told.push((
            "warning",
            "TrustSelfSigned is on: no server's certificate is checked".to_owned(),
        ));
    }
    if let Some(user) = &settings.user_id {
        told.push(("mailbox", user.clone()));
    }
    told
}

/// Who is signed in, and what to do next.
fn tokens(settings: &Settings, store: &Store) -> Result<(Exit, String)> {
    say("tokens", &format!("{}{}", store.place(), privacy(store)));
    let entries = store.read()?;
    for entry in entries.all() {
        say("signed in", &one(entry));
    }
    let flag = flag(settings.profile.as_deref());
    let is_person = settings.sign_in.is_person();
    let is_there = entries
        .find(|entry| entry.fits(&settings.application))
        .is_some();
    Ok(
        match is_there || !is_person || !matches!(settings.sign_in, SignIn::Person { .. }) {
            true => (Exit::Fine, format!("office365 test{flag}")),
            false => (Exit::SignIn, format!("office365 login{flag}")),
        },
    )
}

fn one(entry: &Entry) -> String {
    let who = entry.user.as_deref().unwrap_or("the application itself");
    let lasts = match (entry.good_for(), &entry.refresh_token, &entry.user) {
        (Some(left), ..) => format!("token for {} min", left.as_secs().div_ceil(60)),
        (None, Some(_), _) | (None, _, None) => "renewed at the next use".to_owned(),
        (None, None, Some(_)) => "over: sign in again".to_owned(),
    };
    let may = entry
        .granted
        .as_deref()
        .map_or_else(String::new, |scopes| format!("; may {scopes}"));
    format!("{who}, {lasts}{may}")
}

/// A file that others can read says so.
#[cfg(unix)]
fn privacy(store: &Store) -> &'static str {
    use std::os::unix::fs::PermissionsExt;
    let Store::File(path) = store else {
        return "";
    };
    match std::fs::metadata(path) {
        Ok(data) if data.permissions().mode() & 0o077 != 0 => " (others can read it: chmod 600)",
        Ok(_) => "",
        Err(_) => " (not there yet)",
    }
}

#[cfg(not(unix))]
fn privacy(_store: &Store) -> &'static str {
    ""
}

fn by_itself(settings: &Settings) -> (Exit, String) {
    match settings.sign_in {
        SignIn::Nothing => (
            Exit::SignIn,
            "office365 login, or look around first with office365 --demo".to_owned(),
        ),
        SignIn::Demo => (
            Exit::Fine,
            "office365 --demo \"SELECT displayName FROM Users LIMIT 5\"".to_owned(),
        ),
        _ => (Exit::Fine, "office365 test".to_owned()),
    }
}
