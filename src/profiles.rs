//! Named sets of connection properties in `config.toml`.
//!
//! ```toml
//! default = "work"
//!
//! [profile.work]
//! AzureTenant = "contoso.com"
//! OAuthClientId = "…"
//! OAuthClientSecret.env = "CONTOSO_SECRET"   # or .file, .command, .prompt = "What to ask"
//! ```

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use toml_edit::{DocumentMut, Item, Table, TableLike, value};

use crate::config;
use crate::error::{Error, Result};
use crate::settings::{Said, canonical};

/// Asks the user for a secret; only a program with a terminal has it.
pub type Prompt = fn(&str) -> std::io::Result<String>;

static PROMPT: OnceLock<Prompt> = OnceLock::new();

/// From now on `prompt` in a profile asks the user in this way.
pub fn set_prompt(prompt: Prompt) {
    // The first one stays: there is one terminal.
    let _ = PROMPT.set(prompt);
}

/// The profile of a name, with `Profile` among its properties.
///
/// # Errors
/// A name that does not exist, a `config.toml` that is wrong, a secret that cannot be had.
pub fn load(name: &str) -> Result<Said> {
    let path = config::file()?;
    // The file is read again when it changes; its commands run and its questions are asked once.
    type Known = ((std::path::PathBuf, Option<SystemTime>, String), Said);
    static KNOWN: Mutex<Vec<Known>> = Mutex::new(Vec::new());
    let changed = std::fs::metadata(&path)
        .and_then(|data| data.modified())
        .ok();
    let key = (path.clone(), changed, name.to_owned());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, said)) = known.iter().find(|(of, _)| *of == key) {
        return Ok(said.clone());
    }
    let said = read(&path, name)?;
    known.retain(|((of, _, other), _)| (of, other) != (&key.0, &key.2));
    known.push((key, said.clone()));
    Ok(said)
}

/// The profile that counts when none is named: `OFFICE365_PROFILE`, or the `default` of the `config.toml`.
///
/// # Errors
/// A `config.toml` that is wrong.
pub fn current() -> Result<Option<String>> {
    if let Some(name) = std::env::var("OFFICE365_PROFILE")
        .ok()
        .filter(|name| !name.is_empty())
    {
        return Ok(Some(name));
    }
    // Without a place for settings there is no profile either.
    let Ok(path) = config::file() else {
        return Ok(None);
    };
    let document = document(&path)?;
    Ok(document
        .get("default")
        .and_then(Item::as_str)
        .map(str::to_owned))
}

/// The names of all profiles.
///
/// # Errors
/// A `config.toml` that is wrong.
pub fn names() -> Result<Vec<String>> {
    let document = document(&config::file()?)?;
    let profiles = document.get("profile").and_then(Item::as_table_like);
    Ok(profiles.map_or_else(Vec::new, |profiles| {
        profiles.iter().map(|(name, _)| name.to_owned()).collect()
    }))
}

/// What the file says of a profile: property and text, where a secret comes from instead of what it is.
///
/// # Errors
/// A name that does not exist, a `config.toml` that is wrong.
pub fn shown(name: &str) -> Result<Vec<(String, String)>> {
    let path = config::file()?;
    let document = document(&path)?;
    let mut shown = Vec::new();
    for (key, item) in table(&document, &path, name)?.iter() {
        let is_secret = canonical(key)?.is_some_and(|property| property.secret);
        let text = match (item.as_table_like(), item.as_str()) {
            (Some(source), _) => source
                .iter()
                .map(|(kind, of)| format!("{kind} {}", of.as_str().unwrap_or_default()))
                .collect(),
            (None, Some(_)) if is_secret => "[redacted]".to_owned(),
            (None, Some(text)) => text.to_owned(),
            (None, None) => item.to_string().trim().to_owned(),
        };
        shown.push((key.to_owned(), text));
    }
    Ok(shown)
}

/// Writes properties into a profile, which is made if it is not there; the first profile is the default.
///
/// # Errors
/// A name with `/` or `:`, a file that is wrong or cannot be written.
pub fn save(name: &str, properties: &[(&str, &str)]) -> Result<()> {
    check_name(name)?;
    change(|document| {
        if !document.contains_key("default") {
            document.insert("default", value(name));
        }
        let profiles = document.entry("profile").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let profiles = profiles.as_table_like_mut();
        let profile =
            profiles.map(|profiles| profiles.entry(name).or_insert(Item::Table(Table::new())));
        if let Some(profile) = profile.and_then(Item::as_table_like_mut) {
            for (key, text) in properties {
                profile.insert(key, value(*text));
            }
        }
        Ok(())
    })
}

/// Makes a profile the one that counts when none is named.
///
/// # Errors
/// A name that does not exist, a file that is wrong or cannot be written.
pub fn set_default(name: &str) -> Result<()> {
    let path = config::file()?;
    change(|document| {
        table(document, &path, name)?;
        document.insert("default", value(name));
        Ok(())
    })
}

/// Takes a profile out of the file.
///
/// # Errors
/// As [`set_default`].
pub fn remove(name: &str) -> Result<()> {
    let path = config::file()?;
    change(|document| {
        table(document, &path, name)?;
        if let Some(profiles) = document
            .get_mut("profile")
            .and_then(Item::as_table_like_mut)
        {
            profiles.remove(name);
        }
        if document.get("default").and_then(Item::as_str) == Some(name) {
            document.remove("default");
        }
        Ok(())
    })
}

fn change(edit: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<()> {
    let path = config::file()?;
    let mut document = document(&path)?;
    edit(&mut document)?;
    crate::private_file::replace(&path, document.to_string().as_bytes()).map_err(|error| {
        Error::usage(format!("{} cannot be written: {error}", path.display()))
            .next("Check the file and its folder, or name another one with OFFICE365_CONFIG")
    })
}

/// The file; an empty one where there is none.
fn document(path: &Path) -> Result<DocumentMut> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(
                Error::usage(format!("{} cannot be read: {error}", path.display()))
                    .next("Check its permissions, or name another one with OFFICE365_CONFIG"),
            );
        }
    };
    text.parse().map_err(|error: toml_edit::TomlError| {
        // The message alone: the line that it shows may hold a secret.
        Error::usage(format!(
            "{} is no TOML: {}",
            path.display(),
            error.message()
        ))
        .next(place(&text, error.span()))
    })
}

/// Where in a text something is wrong.
fn place(text: &str, span: Option<std::ops::Range<usize>>) -> String {
    let before = span.and_then(|span| text.get(..span.start)).unwrap_or(text);
    format!("Look at line {}", before.matches('\n').count() + 1)
}

fn table<'a>(document: &'a DocumentMut, path: &Path, name: &str) -> Result<&'a dyn TableLike> {
    check_name(name)?;
    let profiles = document.get("profile").and_then(Item::as_table_like);
    let found = profiles.and_then(|profiles| profiles.get(name)?.as_table_like());
    found.ok_or_else(|| {
        let names: Vec<&str> =
            profiles.map_or_else(Vec::new, |all| all.iter().map(|(name, _)| name).collect());
        let next = match names.is_empty() {
            true => {
                format!("Run office365 login --profile {name}, or write [profile.{name}] there")
            }
            false => format!(
                "There are {}; or write [profile.{name}] there",
                names.join(", ")
            ),
        };
        Error::usage(format!("{} has no profile `{name}`", path.display())).next(next)
    })
}

/// The name is also that of a file of tokens, and part of connection strings.
fn check_name(name: &str) -> Result<()> {
    let is_fine = !name.is_empty()
        && !name.starts_with('.')
        && !name.contains(|letter: char| {
            matches!(letter, '/' | ':' | '\\' | ';') || letter.is_control()
        });
    match is_fine {
        true => Ok(()),
        false => Err(Error::usage("a profile's name is not one")
            .next("use letters, digits, dashes and underscores; no / and no :")),
    }
}

fn read(path: &Path, name: &str) -> Result<Said> {
    let document = document(path)?;
    let mut said = Said::default();
    for (key, item) in table(&document, path, name)?.iter() {
        let in_profile = |error: Error| {
            Error::usage(format!(
                "profile {name} in {}: {}",
                path.display(),
                error.sentence
            ))
            .next(error.next.unwrap_or_default())
        };
        // What CData has and means nothing here.
        let Some(property) = canonical(key).map_err(in_profile)? else {
            continue;
        };
        if property.name == "Profile" {
            return Err(in_profile(
                Error::usage("a profile cannot name another one").next("remove Profile"),
            ));
        }
        said.set(property, text(key, item).map_err(in_profile)?);
    }
    if let Some(property) = canonical("Profile")? {
        said.set(property, name.to_owned());
    }
    Ok(said)
}

/// The text of a property: a value, or where it comes from.
fn text(key: &str, item: &Item) -> Result<String> {
    if let Some(text) = item.as_str() {
        return Ok(text.to_owned());
    }
    if let Some(number) = item.as_integer() {
        return Ok(number.to_string());
    }
    if let Some(truth) = item.as_bool() {
        return Ok(truth.to_string());
    }
    let source = item.as_table_like().and_then(|table| match table.len() {
        1 => table.iter().next(),
        _ => None,
    });
    let Some((kind, Some(of))) = source.map(|(kind, of)| (kind, of.as_str())) else {
        return Err(Error::usage(format!("{key} is no text")).next(
            "write a text, a number, true or false, or one of .env, .file, .command, .prompt",
        ));
    };
    match kind {
        "env" => std::env::var(of).map_err(|_| {
            Error::usage(format!(
                "the environment has no {of}, which {key} comes from"
            ))
            .next(format!("set {of}"))
        }),
        "file" => std::fs::read_to_string(of)
            .map(|text| text.trim_end_matches(['\r', '\n']).to_owned())
            .map_err(|error| {
                Error::usage(format!(
                    "{of}, which {key} comes from, cannot be read: {error}"
                ))
            }),
        "command" => printed(key, of),
        "prompt" => ask(key, of),
        _ => Err(Error::usage(format!("{key}.{kind} is not known"))
            .next("use .env, .file, .command or .prompt")),
    }
}

fn printed(key: &str, command: &str) -> Result<String> {
    let (shell, flag) = match cfg!(windows) {
        true => ("cmd", "/C"),
        false => ("sh", "-c"),
    };
    let failed = || {
        Error::usage(format!("the command that {key} comes from failed"))
            .next("run it by hand to see why")
    };
    let output = Command::new(shell)
        .args([flag, command])
        .stdin(Stdio::null())
        // What it says there may be a secret.
        .stderr(Stdio::null())
        .output()
        .map_err(|_| failed())?;
    if !output.status.success() {
        return Err(failed());
    }
    let text = String::from_utf8(output.stdout).map_err(|_| failed())?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn ask(key: &str, question: &str) -> Result<String> {
    let Some(prompt) = PROMPT.get() else {
        return Err(
            Error::usage(format!("{key} is asked for, and here nobody can be asked"))
                .next("use the command line, or .env, .file or .command"),
        );
    };
    prompt(&format!("{question}: ")).map_err(|error| {
        Error::usage(format!("{key} was not given: {error}")).next("use .env, .file or .command")
    })
}
