//! `office365 logout`: the tokens go.

use super::connection::{Connection, failed};
use crate::cli::exit::Exit;
use crate::error::Result;
use crate::graph::token::store::{Entry, Store};
use crate::runtime;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    connection: Connection,
    /// Who signs out; everybody of the profile when not given.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
}

/// Signs out.
pub fn run(args: &Args) -> Exit {
    match logout(args) {
        Ok(()) => Exit::Fine,
        Err(error) => failed(&error),
    }
}

fn logout(args: &Args) -> Result<()> {
    let environment = args.connection.environment()?;
    let Some(store) = Store::of(&environment.settings)? else {
        println!("This connection keeps no tokens.");
        return Ok(());
    };
    let (timeout, user) = (environment.settings.timeout, args.user.clone());
    let place = store.place();
    let goes = move |entry: &Entry| {
        let own = entry.user.as_deref().unwrap_or_default();
        user.as_deref()
            .is_none_or(|user| user.eq_ignore_ascii_case(own))
    };
    let gone = runtime::wait(
        async move {
            let lock = store.lock(timeout).await?;
            let mut entries = store.read()?;
            let gone = entries.retain(|entry| !goes(entry));
            if gone > 0 {
                store.write(&lock, &entries)?;
            }
            Ok(gone)
        },
        &|| false,
    )
    .flatten()?;
    match gone {
        0 => println!("Nobody was signed in ({place})."),
        1 => println!("Signed out: the tokens are gone from {place}."),
        many => println!("Signed out: the tokens of {many} are gone from {place}."),
    }
    if gone > 0 {
        println!(
            "Access tokens that are out are good for up to 90 minutes; to end all sign-ins of a user everywhere: EXEC RevokeSignInSessions."
        );
    }
    Ok(())
}
