//! Where the user's own files are: `config.toml`, and beside it the templates and the tokens.

use std::path::PathBuf;

use crate::error::{Error, Result};

/// The `config.toml`: what `OFFICE365_CONFIG` names, or the one in the platform's configuration folder.
///
/// # Errors
/// Where the platform has no such folder (no home).
pub fn file() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("OFFICE365_CONFIG").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    dirs::config_dir()
        .map(|folder| folder.join("office365").join("config.toml"))
        .ok_or_else(|| {
            Error::usage("this account has no folder for settings")
                .next("Set OFFICE365_CONFIG to the path of a config.toml")
        })
}

/// The folder of the `config.toml`.
///
/// # Errors
/// As [`file`].
pub fn folder() -> Result<PathBuf> {
    let mut path = file()?;
    path.pop();
    Ok(path)
}
