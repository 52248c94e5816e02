//! `office365 demo-server`: the demo tenant behind a real socket, for other Graph clients and tests.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::exit::Exit;
use crate::cli::report;
use crate::demo::faults::{Faults, Rule};
use crate::demo::notify::Notifications;
use crate::demo::server::{self, ServerOptions};
use crate::demo::tls::Tls;
use crate::demo::{Certificate, Options, SignInOptions};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port; 0 takes any free one and prints it.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Milliseconds to wait before each answer.
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,
    /// Messages to add to the first mailbox's inbox.
    #[arg(long, value_name = "N")]
    messages: Option<u64>,
    /// Spoils answers: `FAULT[=VALUE][@path=TEXT][@nth=N][@every=N][@first=N]`, for example `throttle=2@every=5`. May be repeated.
    #[arg(long, value_name = "RULE")]
    fault: Vec<Rule>,
    /// Throttles a mailbox that is asked more than this at once; Graph's limit is 4.
    #[arg(long, value_name = "N")]
    mailbox_limit: Option<usize>,
    /// Serves https with this certificate, as PEM; it should be one of 127.0.0.1 and localhost.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The certificate's key, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Writes after which the token of a delta round is too old; 0 makes every one too old.
    #[arg(long, value_name = "N")]
    delta_lifetime: Option<u64>,
    /// Sends notifications of changes to any address, not only to those of this machine.
    #[arg(long)]
    notify_anywhere: bool,
    /// Sends each notification of a change twice, as Graph sometimes does.
    #[arg(long)]
    notify_twice: bool,
    #[command(flatten)]
    sign_in: SignIn,
}

/// How its sign-in service behaves.
#[derive(Debug, clap::Args)]
struct SignIn {
    /// A certificate, as PEM, with whose key applications may sign their assertions. May be repeated.
    #[arg(long, value_name = "FILE", value_parser = certificate)]
    certificate: Vec<Certificate>,
    /// Somebody else's token that is accepted as an assertion (workload identity). May be repeated.
    #[arg(long, value_name = "TEXT")]
    federated_token: Vec<String>,
    /// Refuses a refresh token that was used before.
    #[arg(long)]
    refresh_strict: bool,
    /// Seconds that an access token lives.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    token_lifetime: u32,
    /// Refuses each sign-in's first token and names the claims to ask for (continuous access evaluation).
    #[arg(long)]
    claims_challenge: bool,
    /// Who sits before the browser; otherwise whom the application hints at, or adele@contoso.com.
    #[arg(long, value_name = "UPN")]
    sign_in_as: Option<String>,
    /// Whoever is asked declines.
    #[arg(long)]
    decline: bool,
    /// Nobody consented to the application.
    #[arg(long)]
    consent_required: bool,
    /// Device codes wait for somebody at `/devicelogin`; otherwise they are typed after two seconds.
    #[arg(long)]
    device_manual: bool,
    /// Seconds that a device code lives.
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    device_lifetime: u32,
}

impl SignIn {
    fn options(&self) -> SignInOptions {
        SignInOptions {
            certificates: self.certificate.clone(),
            federated_tokens: self.federated_token.clone(),
            refresh_strict: self.refresh_strict,
            token_lifetime: Some(self.token_lifetime),
            claims_challenge: self.claims_challenge,
            sign_in_as: self.sign_in_as.clone(),
            decline: self.decline,
            consent_required: self.consent_required,
            device_manual: self.device_manual,
            device_lifetime: Some(self.device_lifetime),
        }
    }
}

fn certificate(file: &str) -> Result<Certificate, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    Certificate::from_pem(&text)
}

/// Serves until the process is ended.
pub fn run(args: &Args) -> Exit {
    match options(args).and_then(server::run) {
        Ok(()) => Exit::Fine,
        Err(error) => {
            report::sentence(&format!("the demo server cannot run: {error}"), None);
            Exit::Failed
        }
    }
}

fn options(args: &Args) -> io::Result<ServerOptions> {
    let tls = match args.tls_cert.as_deref().zip(args.tls_key.as_deref()) {
        Some((certificate, key)) => Some(Tls {
            certificate: read(certificate)?,
            key: read(key)?,
        }),
        None => None,
    };
    Ok(ServerOptions {
        port: args.port,
        tenant: Options {
            messages: args.messages,
            delta_lifetime: args.delta_lifetime,
            sign_in: args.sign_in.options(),
        },
        tls,
        latency_ms: args.latency_ms,
        faults: Faults {
            rules: args.fault.clone(),
        },
        mailbox_limit: args.mailbox_limit,
        notifications: Notifications {
            anywhere: args.notify_anywhere,
            twice: args.notify_twice,
            ..Notifications::default()
        },
    })
}

fn read(file: &Path) -> io::Result<String> {
    std::fs::read_to_string(file)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
}
