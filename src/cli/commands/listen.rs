//! `office365 listen`: told of changes as they happen, it keeps a copy fresh and runs SQL for each.

use std::fs::File;
use std::io::BufReader;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::connection::{Connection, failed};
use super::sync::duration;
use crate::catalog::notified::{NOTIFIED, Notified};
use crate::cli::args;
use crate::cli::exit::{Exit, Flow};
use crate::cli::session::{Session, read_only_uri};
use crate::cli::{dot, interrupt, modes, report, script};
use crate::error::{Error, Kind, Result};
use crate::listen::book::Waiting;
use crate::listen::receiver::{Refused, check_address};
use crate::listen::subscriptions::Wanted;
use crate::listen::{self, Event, Listener, Options};
use crate::private_file;

/// Its arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "The program hears on a loopback address; a reverse proxy with TLS passes what Graph posts to URL on to \
                  it. Subscriptions outlive the program, so that it may be restarted: --end ends them.\n\
                  SELECT * FROM Notifications in the file tells what was heard and what became of it.\n\n\
                  A script has the parameters :seq :received :table :mailbox :changeType :id :resource \
                  :subscriptionId :tenantId :notification, the live tables, and the copy as copy.Messages. It \
                  runs once for each notification; without --write it changes nothing in the tenant."
)]
pub struct Args {
    /// The tables whose changes are told: Messages and Events without any.
    tables: Vec<String>,
    /// The database file with the copy and the notifications; made if it is not there.
    #[arg(long, value_name = "FILE")]
    db: PathBuf,
    /// The https address that Graph posts to.
    #[arg(long, value_name = "URL", required_unless_present = "end")]
    url: Option<String>,
    /// Whose mailboxes and drives: a SELECT whose first column names users, or all. One's own without it.
    #[arg(long, value_name = "SQL|all")]
    users: Option<String>,
    /// Watch a further resource, such as "me/mailFolders('inbox')/messages=created"; all changes without any.
    #[arg(long, value_name = "RESOURCE[=CHANGES]")]
    resource: Vec<String>,
    /// The address to hear at.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8365")]
    bind: SocketAddr,
    /// Hear at an address that other machines can reach, though there is no TLS.
    #[arg(long)]
    beyond_loopback: bool,
    /// Run the statements of this file for each notification of a change.
    #[arg(long, value_name = "FILE")]
    exec: Option<PathBuf>,
    /// Allow the statements to change the tenant.
    #[arg(long, requires = "exec")]
    write: bool,
    /// Bring everything up to date every so often, though nothing was heard.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    every: Option<Duration>,
    /// Forget notifications after so long.
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "30d")]
    keep: Duration,
    /// End the subscriptions of the file, and do nothing else.
    #[arg(long)]
    end: bool,
    /// Say nothing of what went well.
    #[arg(short, long)]
    quiet: bool,
    #[command(flatten)]
    connection: Connection,
}

/// Does it.
pub fn run(args: &Args) -> Exit {
    match start(args) {
        Ok(exit) => exit,
        Err(error) if error.kind == Kind::Interrupted => Exit::Interrupted,
        Err(error) => failed(&error),
    }
}

fn start(args: &Args) -> Result<Exit> {
    let wanted = wanted(args)?;
    check_address(args.bind, args.beyond_loopback)?;
    let alone = private_file::lock_file(&args.db.with_added_extension("listen"))
        .map_err(|error| Error::usage(format!("{}: {error}", args.db.display())))?;
    if alone.try_lock().is_err() {
        return Err(
            Error::usage(format!("another process listens for {}", args.db.display()))
                .next("End it, or name another file"),
        );
    }
    interrupt::install(false);
    let properties = args.connection.text();
    if args.end {
        let ended = listen::end(&args.db, &properties)?;
        eprintln!("office365: {ended} subscriptions ended");
        return Ok(Exit::Fine);
    }
    let listener = Listener::open(Options {
        file: &args.db,
        properties: &properties,
        wanted,
        bind: args.bind,
        keep: args.keep,
        every: args.every,
    })?;
    let script = args.exec.as_ref().map(|_| Script::new(args)).transpose()?;
    hear(args, listener, script)
}

fn hear(args: &Args, mut listener: Listener, mut script: Option<Script>) -> Result<Exit> {
    let mut told = Told::new(args.quiet);
    told.note(&format!("hearing at http://{}/", listener.address()));
    listener.begin(&mut |event| told.tell(event))?;
    loop {
        let running =
            interrupt::running_all(&[&listener.sync.live.connection, listener.keeper.connection()]);
        let mut asked = false;
        let mut act = |waiting: &Waiting| match &mut script {
            None => Ok(()),
            // What waits behind an interrupt waits for the next time.
            Some(script) => script.run(waiting, &mut asked),
        };
        listener.turn(&mut act, &mut |event| told.tell(event))?;
        if running.end() || asked {
            return Ok(Exit::Interrupted);
        }
        if let Some(exit) = told.nothing_is_watched() {
            return Ok(exit);
        }
        listener.wait();
    }
}

fn wanted(args: &Args) -> Result<Wanted> {
    let url = args.url.clone().unwrap_or_default();
    if !args.end {
        check_url(&url)?;
    }
    let resources: Vec<(String, String)> =
        args.resource.iter().map(|text| resource(text)).collect();
    let usual = ["Messages".to_owned(), "Events".to_owned()];
    let named = match args.tables.is_empty() && resources.is_empty() {
        true => usual.as_slice(),
        false => args.tables.as_slice(),
    };
    let tables = named
        .iter()
        .map(|name| table(name))
        .collect::<Result<_>>()?;
    Ok(Wanted {
        url,
        tables,
        resources,
        users: args.users.clone(),
    })
}

fn table(name: &str) -> Result<&'static Notified> {
    let known = crate::catalog::table(name).and_then(Notified::of);
    known.ok_or_else(|| {
        let names: Vec<&str> = NOTIFIED.iter().map(|known| known.table.name).collect();
        Error::usage(format!("Graph tells nobody of changes of {name}"))
            .next(format!("It tells of {}", names.join(", ")))
    })
}

/// Graph posts to https addresses only; a demo server on this machine needs none.
fn check_url(url: &str) -> Result<()> {
    let wrong = |why: &str| {
        Error::usage(format!("--url {url}: {why}"))
            .next("Give the address by which Graph reaches this program, such as https://example.com/hook")
    };
    let parsed = url::Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
    let is_here = match parsed.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match (parsed.scheme(), is_here) {
        ("https", _) | ("http", true) => Ok(()),
        _ => Err(wrong("Graph posts to https addresses only")),
    }
}

/// `RESOURCE` or `RESOURCE=CHANGES`.
fn resource(text: &str) -> (String, String) {
    let is_change = |word: &str| ["created", "updated", "deleted"].contains(&word.trim());
    match text.rsplit_once('=') {
        Some((resource, changes)) if changes.split(',').all(is_change) => {
            (resource.to_owned(), changes.to_owned())
        }
        _ => (text.to_owned(), "created,updated,deleted".to_owned()),
    }
}

/// The statements that are run for each notification.
struct Script {
    session: Session,
    path: PathBuf,
}

impl Script {
    fn new(args: &Args) -> Result<Self> {
        let path = args.exec.clone().unwrap_or_default();
        File::open(&path).map_err(|error| {
            Error::usage(format!("{} cannot be read: {error}", path.display()))
                .next("Name a file of SQL statements with --exec")
        })?;
        let arguments = args::Args::of_script(args.connection.clone(), args.write, args.quiet);
        let mode = modes::find("jsonl")
            .ok_or_else(|| Error::new(Kind::Internal, "there is no output mode jsonl"))?;
        let session = Session::start(&arguments, mode)
            .map_err(|_| Error::usage("the statements of --exec have no connection"))?;
        attach(&session.db, &args.db)?;
        Ok(Self { session, path })
    }

    fn run(&mut self, told: &Waiting, asked: &mut bool) -> std::result::Result<(), String> {
        if *asked {
            return Err("interrupted".to_owned());
        }
        self.give(told).map_err(|error| error.to_string())?;
        let file = File::open(&self.path).map_err(|error| error.to_string())?;
        let name = self.path.display().to_string();
        let flow = script::run(&mut self.session, &mut BufReader::new(file), Some(&name));
        match flow {
            Flow::Done | Flow::Leave(Exit::Fine) => Ok(()),
            Flow::Leave(Exit::Interrupted) => {
                *asked = true;
                Err("interrupted".to_owned())
            }
            Flow::Failed(_) | Flow::Leave(_) => {
                let failure = self.session.failure.take();
                Err(failure.unwrap_or_else(|| format!("{name} cannot be run")))
            }
        }
    }

    fn give(&self, told: &Waiting) -> rusqlite::Result<()> {
        let seq = told.seq.to_string();
        let values = [
            (":seq", Some(seq.as_str())),
            (":received", Some(&told.received)),
            (":table", Some(&told.table)),
            (":mailbox", Some(&told.mailbox)),
            (":changeType", told.change.as_deref()),
            (":id", told.id.as_deref()),
            (":resource", told.resource.as_deref()),
            (":subscriptionId", Some(&told.subscription)),
            (":tenantId", told.tenant.as_deref()),
            (":notification", Some(&told.json)),
        ];
        values
            .iter()
            .try_for_each(|(name, value)| dot::give(&self.session.db, name, *value))
    }
}

/// The copy beside the live tables: in the main database its tables would hide them.
fn attach(db: &rusqlite::Connection, file: &Path) -> Result<()> {
    let uri = read_only_uri(file).to_string_lossy().into_owned();
    db.execute("ATTACH ?1 AS copy", [uri])
        .map(drop)
        .map_err(|error| {
            Error::usage(format!("{}: {error}", file.display()))
                .next("Name a database file that you may read")
        })
}

/// What the user is told.
struct Told {
    quiet: bool,
    watched: usize,
    refused: Option<Error>,
}

impl Told {
    fn new(quiet: bool) -> Self {
        Self {
            quiet,
            watched: 0,
            refused: None,
        }
    }

    fn note(&self, text: &str) {
        if !self.quiet {
            eprintln!("office365: {text}");
        }
    }

    fn tell(&mut self, event: Event) {
        match event {
            Event::Subscribed(resource, until) => {
                self.watched += 1;
                self.note(&format!("{resource} is watched until {until}"));
            }
            Event::Renewed(resource, until) => {
                self.watched += 1;
                self.note(&format!("{resource} is watched until {until} (renewed)"));
            }
            Event::Refused(resource, error) => {
                let next = error.next.clone();
                let error = Error {
                    next: None,
                    ..error
                };
                let text = format!("{resource} is not watched: {error}");
                report::sentence(&text, next.as_deref());
                self.refused = Some(error);
            }
            Event::Copied(table, mailbox, done) if !self.quiet => {
                super::sync::say(
                    table,
                    Some(&mailbox)
                        .filter(|name| !name.is_empty())
                        .map(String::as_str),
                    &done,
                );
            }
            Event::Copied(..) => {}
            Event::Stale(table, mailbox, error) => {
                let of = if mailbox.is_empty() { "" } else { " of " };
                let text = format!(
                    "the copy of {}{of}{mailbox} stays as it was: {error}",
                    table.name
                );
                report::sentence(&text, None);
            }
            Event::Strange(refused) => self.note(&strange(refused)),
            Event::GivenUp(count) => report::sentence(
                &format!(
                    "{count} notifications were being acted on when the listener before was ended"
                ),
                Some(
                    "They are not acted on again: see SELECT * FROM Notifications WHERE state = 'failed'",
                ),
            ),
        }
    }

    /// How it ends, where the service has refused everything at the start.
    fn nothing_is_watched(&mut self) -> Option<Exit> {
        let refused = self.refused.take().filter(|_| self.watched == 0)?;
        Some(Exit::of_kind(refused.kind.name()))
    }
}

fn strange(refused: Refused) -> String {
    format!(
        "refused: {} notifications of no subscription of ours, {} with a wrong secret, {} unreadable requests",
        refused.strange, refused.forged, refused.unreadable
    )
}

#[cfg(test)]
mod tests {
    use super::{check_url, resource};

    #[test]
    fn resources_with_and_without_changes() {
        let read = |text: &str| {
            let (resource, changes) = resource(text);
            format!("{resource} {changes}")
        };
        assert_eq!(read("me/events=created"), "me/events created");
        assert_eq!(
            read("me/events=created,deleted"),
            "me/events created,deleted"
        );
        assert_eq!(read("me/events"), "me/events created,updated,deleted");
        let filtered = "me/messages?$filter=isRead eq false&x=y";
        assert_eq!(
            read(filtered),
            format!("{filtered} created,updated,deleted")
        );
    }

    #[test]
    fn only_this_machine_needs_no_https() {
        for fine in [
            "https://example.com/hook",
            "http://127.0.0.1:8365/",
            "http://[::1]/",
            "http://localhost:1/x",
        ] {
            assert!(check_url(fine).is_ok(), "{fine}");
        }
        for wrong in [
            "http://example.com/",
            "example.com",
            "",
            "ftp://127.0.0.1/",
            "http://127.0.0.1.example.com/",
        ] {
            assert!(check_url(wrong).is_err(), "{wrong}");
        }
    }
}
