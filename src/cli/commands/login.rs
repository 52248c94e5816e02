//! `office365 login`: somebody signs in, and the tokens are kept for the connection.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::connection::{Connection, environment, failed, flag, pair};
use super::{permissions, register};
use crate::cli::exit::Exit;
use crate::error::{Error, Kind, Result};
use crate::graph::client::Client;
use crate::graph::token::complete_scope;
use crate::graph::token::grant::Grant;
use crate::graph::token::store::{Entry, Store};
use crate::session::Environment;
use crate::settings::{
    Application, GRAPH_COMMAND_LINE_TOOLS, InitiateOAuth, Settings, SignIn, parse,
};
use crate::sign_in::browser::Begun;
use crate::sign_in::{Answer, Wish, device};
use crate::{profiles, runtime};

/// What a sign-in asks for when nobody says more: what reading one's own data needs, all of which users may
/// consent to themselves where their administrator has not forbidden it.
const READING: &str = "User.Read User.ReadBasic.All Mail.Read MailboxSettings.Read Calendars.Read Contacts.Read Files.Read Tasks.Read";
/// The same with `--write`.
const WRITING: &str = "User.Read User.ReadBasic.All Mail.ReadWrite Mail.Send MailboxSettings.ReadWrite Calendars.ReadWrite Contacts.ReadWrite Files.ReadWrite Tasks.ReadWrite";

/// Its arguments.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    #[command(flatten)]
    connection: Connection,
    /// The tenant: its id or one of its domains.
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// Who signs in, as a user principal name.
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// A code to type in on another device, for machines without a browser.
    #[arg(long, conflicts_with = "no_browser")]
    device: bool,
    /// Show the address, and take what the browser was sent back to from standard input.
    #[arg(long)]
    no_browser: bool,
    /// The permissions to ask for, with blanks or commas between them.
    #[arg(long, value_name = "SCOPES", conflicts_with_all = ["script", "write"])]
    scope: Option<String>,
    /// Ask for no more than the statements in this file need.
    #[arg(long = "for", value_name = "FILE", conflicts_with = "write")]
    script: Option<PathBuf>,
    /// Also ask for the permissions to change what one may read.
    #[arg(long)]
    write: bool,
    /// Register an application of one's own in the tenant, and use it from now on.
    #[arg(long)]
    register: bool,
    /// Statements follow: their rows alone go to standard output, and no profile is made.
    #[arg(skip)]
    on_the_way: bool,
}

impl Args {
    /// Nothing but the connection is said.
    pub fn of(connection: Connection) -> Self {
        Self {
            connection,
            ..Self::default()
        }
    }
}

/// How somebody signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Browser,
    Paste,
    Device,
}

/// Signs in.
pub fn run(args: &Args) -> Exit {
    match login(args) {
        Ok(()) => Exit::Fine,
        Err(error) => failed(&error),
    }
}

/// Before statements run: whoever sits at the terminal signs in first, where the connection is somebody's and
/// nobody has. Anything else that is wrong is told when it matters.
///
/// # Errors
/// The exit code of a sign-in that did not succeed.
pub fn if_needed(connection: &Connection) -> std::result::Result<(), Exit> {
    let somebody_is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
    if connection.demo || !somebody_is_there || !is_needed(connection).unwrap_or(false) {
        return Ok(());
    }
    let mut args = Args::of(connection.clone());
    args.on_the_way = true;
    match run(&args) {
        Exit::Fine => Ok(()),
        exit => Err(exit),
    }
}

fn is_needed(connection: &Connection) -> Result<bool> {
    let settings = connection.environment()?.settings;
    let may_ask = matches!(settings.initiate, None | Some(InitiateOAuth::GetAndRefresh));
    if !may_ask || !matches!(settings.sign_in, SignIn::Person { .. }) {
        return Ok(false);
    }
    let Some(store) = Store::of(&settings)? else {
        return Ok(false);
    };
    let application = &settings.application;
    let is_there = store.read()?.all().iter().any(|entry| {
        let user = entry.user.as_deref().unwrap_or_default();
        let is_user = |wanted: &str| wanted.eq_ignore_ascii_case(user);
        entry.fits(application) && application.user.as_deref().is_none_or(is_user)
    });
    Ok(!is_there)
}

fn login(args: &Args) -> Result<()> {
    let name = profile(args)?;
    let environment = connect(args, &name)?;
    let mut settings = Settings::clone(&environment.settings);
    settings.profile = Some(name.clone());
    match settings.sign_in {
        SignIn::Demo => {
            println!("The demo tenant needs no sign-in: use --demo.");
            return Ok(());
        }
        SignIn::Person { .. } => {}
        _ => return by_itself(args, &environment, &name),
    }
    let scope = scope(args, &settings.application)?;
    let entry = interactive(args, &environment, &settings, scope)?;
    keep(args, &name, &settings, entry.clone())?;
    let user = entry.user.as_deref().unwrap_or("somebody");
    if args.on_the_way {
        eprintln!("office365: signed in as {user}");
        return Ok(());
    }
    println!("Signed in as {user}, profile {name}.");
    if let Some(granted) = &entry.granted {
        println!("May: {granted}");
    }
    if args.register {
        return register::run(&name, &settings);
    }
    let flag = flag(Some(&name));
    println!("Try: office365{flag} \"SELECT receivedDateTime, subject FROM Messages LIMIT 5\"");
    Ok(())
}

/// The profile that the sign-in is for: the one that is named, or the current one where nothing else is said,
/// or `default`.
fn profile(args: &Args) -> Result<String> {
    let said = parse(&args.connection.text())?.said;
    if said.has("Profile") {
        return Ok(said.get("Profile").to_owned());
    }
    let current = match said.names_connection() {
        true => None,
        false => profiles::current()?,
    };
    Ok(current.unwrap_or_else(|| "default".to_owned()))
}

/// The connection; a profile that is not there yet is made by this sign-in.
fn connect(args: &Args, name: &str) -> Result<Environment> {
    let exists = profiles::names()?.iter().any(|known| known == name);
    let mut parts = vec![match (&args.connection.connection, exists) {
        (Some(text), true) => format!("{text};{}", pair("Profile", name)),
        (Some(text), false) => text.clone(),
        (None, true) => pair("Profile", name),
        (None, false) => String::new(),
    }];
    let said = parse(&parts[0])?.said;
    if args.connection.demo {
        parts.push("Demo=true".to_owned());
    } else if args.device {
        parts.push("AuthScheme=DeviceCode".to_owned());
    } else if !said.names_connection() {
        parts.push("AuthScheme=AzureAD".to_owned());
    }
    let flags = [("AzureTenant", &args.tenant), ("User", &args.user)];
    for (property, given) in flags {
        parts.extend(given.as_deref().map(|text| pair(property, text)));
    }
    environment(&parts.join(";"))
}

/// An application proves itself: there is nobody to ask, but it can be tried.
fn by_itself(args: &Args, environment: &Environment, name: &str) -> Result<()> {
    let (client, patience) = (Arc::clone(&environment.client), environment.patience());
    wait(async move { client.sign_in(patience).await })?;
    save_profile(args, name)?;
    println!(
        "This connection signs in by itself ({}), and it works: nobody has to sign in.",
        environment.settings.sign_in.scheme()
    );
    Ok(())
}

fn scope(args: &Args, application: &Application) -> Result<String> {
    let words = match (&args.scope, &args.script) {
        (Some(scope), _) => scope.replace(',', " "),
        (None, Some(file)) => {
            let needed = permissions::of_file(file)?;
            needed.delegated().join(" ")
        }
        (None, None) if args.write => WRITING.to_owned(),
        (None, None) if !application.scope.is_empty() => application.scope.clone(),
        (None, None) => READING.to_owned(),
    };
    let words = match args.register {
        true => format!("{words} {}", register::SCOPE),
        false => words,
    };
    Ok(complete_scope(&words))
}

fn interactive(
    args: &Args,
    environment: &Environment,
    settings: &Settings,
    scope: String,
) -> Result<Entry> {
    let application = settings.application.clone();
    let way = way(args, settings);
    announce(&application);
    let claims = pending_claims(settings)?;
    let (client, patience) = (Arc::clone(&environment.client), environment.patience());
    let grant = {
        let (application, scope) = (application.clone(), scope.clone());
        wait(async move {
            let wish = Wish {
                application: &application,
                scope: &scope,
                claims: claims.as_deref(),
            };
            match way {
                Way::Device => {
                    device::sign_in(client.transport(), patience, wish, |instruction| {
                        eprintln!("{}", instruction.message);
                    })
                    .await
                }
                Way::Browser | Way::Paste => by_browser(&client, patience, wish, way).await,
            }
        })?
    };
    if grant.refresh_token.is_none() {
        eprintln!(
            "office365: no refresh token was given: the sign-in lasts as long as its first token"
        );
    }
    let mut entry = Entry::new(&application, &scope, &grant);
    // Without a name it is still somebody, and not the application.
    entry
        .user
        .get_or_insert_with(|| application.user.clone().unwrap_or_else(|| "me".to_owned()));
    Ok(entry)
}

async fn by_browser(
    client: &Client,
    patience: crate::graph::client::Patience,
    wish: Wish<'_>,
    way: Way,
) -> Result<Grant> {
    let hint = wish
        .application
        .user
        .as_deref()
        .map(|user| ("login_hint", user));
    let further: Vec<_> = hint.into_iter().collect();
    let mut begun = Begun::new(wish, way == Way::Browser, &further).await?;
    let answer = if begun.listens() {
        if open(&begun.url) {
            eprintln!(
                "Your browser opens; if it does not, go to:\n\n  {}\n",
                begun.url
            );
        } else {
            eprintln!("Open this address in a browser:\n\n  {}\n", begun.url);
        }
        begun.answer().await?
    } else {
        eprintln!("Open this address in a browser:\n\n  {}\n", begun.url);
        eprint!(
            "Then give the whole address that the browser is sent back to (its page may fail to load): "
        );
        Answer::read(&line().await?)
    };
    begun.end(answer, client.transport(), patience, wish).await
}

/// A line of standard input, without a thread of the requests' waiting for it.
async fn line() -> Result<String> {
    // The prompt has no line end, which would send it.
    let _ = io::stderr().flush();
    let read = tokio::task::spawn_blocking(|| {
        let mut text = String::new();
        io::stdin().lock().read_line(&mut text).map(|_| text)
    });
    let text = read.await.ok().and_then(io::Result::ok).unwrap_or_default();
    match text.trim() {
        "" => {
            Err(Error::new(Kind::SignIn, "no answer was given").next("Run office365 login again"))
        }
        text => Ok(text.to_owned()),
    }
}

fn announce(application: &Application) {
    if application.client_id == GRAPH_COMMAND_LINE_TOOLS {
        eprintln!(
            "office365: signing in with Microsoft's own application \"Microsoft Graph Command Line Tools\" \
             ({GRAPH_COMMAND_LINE_TOOLS}); --register makes one of your own.\n\
             Where it says that an administrator must approve, ask one to, or name an application that you \
             may use with --connection OAuthClientId=…"
        );
    }
}

fn way(args: &Args, settings: &Settings) -> Way {
    let by_device = args.device || settings.sign_in == SignIn::Person { by_device: true };
    match (by_device, args.no_browser) {
        (true, _) => Way::Device,
        (false, true) => Way::Paste,
        (false, false) if has_browser() => Way::Browser,
        (false, false) => {
            eprintln!(
                "office365: there seems to be no browser here, so it goes by a code; --no-browser shows an address instead"
            );
            Way::Device
        }
    }
}

/// On the machine that somebody sits at: over ssh its browser would open for nobody.
fn has_browser() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|text| !text.is_empty());
    if is_set("BROWSER") || cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    !is_set("SSH_CONNECTION") && (is_set("DISPLAY") || is_set("WAYLAND_DISPLAY"))
}

fn open(url: &str) -> bool {
    match std::env::var_os("BROWSER").filter(|program| !program.is_empty()) {
        Some(program) => Command::new(program)
            .arg(url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .is_ok(),
        None => ::open::that_detached(url).is_ok(),
    }
}

/// Claims that Graph asked for since the last sign-in.
fn pending_claims(settings: &Settings) -> Result<Option<String>> {
    let Some(store) = Store::of(settings)? else {
        return Ok(None);
    };
    let entries = store.read()?;
    let entry = entries.find(|entry| entry.claims.is_some() && entry.fits(&settings.application));
    Ok(entry.and_then(|entry| entry.claims.clone()))
}

/// Keeps the tokens, and the profile where it is new or says something else.
fn keep(args: &Args, name: &str, settings: &Settings, entry: Entry) -> Result<()> {
    let store = Store::of(settings)?
        .ok_or_else(|| Error::new(Kind::Internal, "there is no token store"))?;
    let timeout = settings.timeout;
    wait(async move {
        let lock = store.lock(timeout).await?;
        let mut entries = store.read()?;
        entries.sign_in(entry);
        store.write(&lock, &entries)
    })?;
    match args.on_the_way {
        true => Ok(()),
        false => save_profile(args, name),
    }
}

/// What was said of the connection, but for its secrets.
fn save_profile(args: &Args, name: &str) -> Result<()> {
    let text = args.connection.connection.as_deref().unwrap_or_default();
    let said = parse(text)?.said;
    let mut properties: Vec<(&str, &str)> =
        said.open().filter(|(key, _)| *key != "Profile").collect();
    properties.extend(args.tenant.as_deref().map(|tenant| ("AzureTenant", tenant)));
    if args.device {
        properties.push(("AuthScheme", "DeviceCode"));
    }
    let exists = profiles::names()?.iter().any(|known| known == name);
    if exists && properties.is_empty() {
        return Ok(());
    }
    let names_scheme = properties.iter().any(|(key, _)| *key == "AuthScheme");
    if !exists && !names_scheme && said.secrets().next().is_none() {
        properties.push(("AuthScheme", "AzureAD"));
    }
    let secrets: Vec<&str> = said.secrets().collect();
    if !secrets.is_empty() {
        eprintln!(
            "office365: {} is not written into the profile: write {}.env = \"VARIABLE\" (or .file, .command, .prompt) under [profile.{name}]",
            secrets.join(", "),
            secrets[0]
        );
    }
    profiles::save(name, &properties)
}

/// Waits on the threads of requests; Ctrl-C ends the process.
fn wait<T: Send + 'static>(future: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    runtime::wait(future, &|| false).flatten()
}

/// Asks for a secret on the terminal, unseen.
pub fn prompt(question: &str) -> io::Result<String> {
    if !io::stderr().is_terminal() {
        return Err(io::Error::other("there is no terminal to ask on"));
    }
    rpassword::prompt_password(question)
}
