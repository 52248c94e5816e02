//! The demo tenant: a small, strict, deterministic Microsoft Graph v1.0 with invented data, so that a stranger gets a first row in a minute and a driver that works only against a kind server fails its own tests.
//!
//! It is written from public documentation alone and uses nothing of the driver's modules. It refuses, clamps and silently ignores what Graph does; where the documentation is silent it takes the stricter reading and says so in a comment.

mod batch;
mod calendar;
mod call;
mod collection;
mod contacts;
mod delta;
mod directory;
mod download;
mod encoding;
mod error;
pub mod faults;
mod files;
mod group_mail;
mod mail;
pub mod notify;
mod opaque_rows;
mod outlook;
mod page;
mod places;
mod planner;
mod presence;
mod query;
mod quickxor;
mod random;
mod relevant;
mod reply;
mod reports;
mod route;
pub mod server;
mod settings;
mod sha256;
mod signin;
mod sites;
mod spoil;
mod subscriptions;
mod teams;
mod time;
pub mod tls;
mod todo;
mod world;
mod write;

use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, Uri};

use batch::Step;
use call::Call;
use directory::now::Directory;
use error::{Answer, Fault};
use notify::validation::Validation;
use reply::Reply;
pub use signin::DELEGATED_TOKEN;
pub use signin::certificate::Certificate;
pub use signin::options::SignInOptions;
use signin::service::Service;
use world::deleted;
use world::devices::{self, Device};
use world::drives::{self, Drive};
use world::groups::{self, Group};
use world::mailbox::{self, Mailbox};
use world::people::{self, User};
use world::roles::{self, Role};
use write::ledger::Ledger;
use write::state::State;

/// How the tenant is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Additional messages in the first mailbox's inbox, made from their number when they are asked for.
    pub messages: Option<u64>,
    /// After how many writes the token of a delta round is too old; 0 for from the beginning, none for never.
    pub delta_lifetime: Option<u64>,
    /// Signing in.
    pub sign_in: SignInOptions,
}

/// A world that answers requests: made from seeds, with what was written since laid over it (see [`write`]).
#[derive(Clone)]
pub struct Tenant {
    world: Arc<World>,
    /// Users and groups as this request finds them.
    now: Arc<Directory>,
    state: Arc<State>,
    service: Arc<Service>,
    delta_lifetime: Option<u64>,
    /// Notifications of changes are sent from it.
    sends: bool,
}

/// What was made from seeds and never changes.
pub struct World {
    users: Vec<User>,
    mailboxes: Vec<Mailbox>,
    drives: Vec<Drive>,
    groups: Vec<Group>,
    devices: Vec<Device>,
    roles: Vec<Role>,
    deleted: Vec<User>,
}

impl Deref for Tenant {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl Tenant {
    /// The tenant with default options, made on first use and then shared by the process: what one writes all read. Tests that write make their own.
    pub fn standard() -> Arc<Tenant> {
        static STANDARD: OnceLock<Arc<Tenant>> = OnceLock::new();
        STANDARD
            .get_or_init(|| Arc::new(Tenant::new(Options::default())))
            .clone()
    }

    /// A tenant of its own.
    pub fn new(options: Options) -> Tenant {
        let extra = options.messages.unwrap_or(0).min(u64::from(u32::MAX)) as usize;
        let users = people::all();
        let world = World {
            devices: devices::all(&users),
            roles: roles::all(),
            deleted: deleted::all(),
            users,
            mailboxes: mailbox::all(extra),
            drives: drives::all(),
            groups: groups::all(),
        };
        Tenant {
            now: Arc::new(Directory::at(&world, &Ledger::default())),
            world: Arc::new(world),
            state: Arc::default(),
            service: Arc::new(Service::new(options.sign_in)),
            delta_lifetime: options.delta_lifetime,
            sends: false,
        }
    }

    /// The same with somebody who sends its notifications: addresses are believed only once they were asked, and subscriptions run out by the machine's clock, since their subscribers live by it.
    fn sending(self) -> Tenant {
        Tenant {
            sends: true,
            ..self
        }
    }

    /// Lets time pass for what looks at the machine's clock.
    fn let_pass(&self, time: std::time::Duration) {
        self.service.wait(time.as_secs());
    }

    /// One on which a request can be tried out.
    fn fork(&self) -> Tenant {
        Tenant {
            state: Arc::new(self.state.fork()),
            ..self.clone()
        }
    }

    /// The instant at which subscriptions end: see [`Tenant::sending`].
    fn clock(&self, ledger: &Ledger) -> i64 {
        match self.sends {
            true => (self.service.clock().as_nanos() / 100) as i64,
            false => ledger.now(),
        }
    }

    /// The tenant whose directory is that of a ledger.
    fn at(&self, ledger: &Ledger) -> Tenant {
        let mut tenant = self.clone();
        if Directory::is_changed(ledger) {
            tenant.now = Arc::new(Directory::at(&self.world, ledger));
        }
        tenant
    }

    /// Answers one request: never sleeps, and its data depends on no clock (only token lifetimes do).
    pub fn respond(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        let origin = origin(&parts.uri, &parts.headers);
        let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or(""));
        let ledger = self.state.seen();
        let ask = signin::Ask {
            service: &self.service,
            users: &self.users,
            ledger: &ledger,
            origin: &origin,
            method: &parts.method,
            path,
            query,
            headers: &parts.headers,
            body: &body,
        };
        if let Some(reply) = signin::endpoints::respond(&ask) {
            return finish(Ok(reply), &parts.headers);
        }
        if path.starts_with("/download/report/") {
            return finish(
                reports::file(path, query, &parts.headers, self),
                &parts.headers,
            );
        }
        if path.starts_with("/download/") {
            return finish(
                files::file(path, query, &parts.headers, &self.drives_now()),
                &parts.headers,
            );
        }
        if path.starts_with("/upload/drive/") {
            return finish(
                files::write::upload(self, &origin, &parts, &body),
                &parts.headers,
            );
        }
        if path.starts_with("/monitor/") {
            return finish(
                files::write::monitor(self, &parts.method, path, query, &parts.headers),
                &parts.headers,
            );
        }
        if let Some(answer) = write::upload::respond(self, &origin, &parts, &body) {
            return finish(answer, &parts.headers);
        }
        let answer = match path.strip_prefix("/v1.0") {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                self.graph(&parts, &origin, rest, &body)
            }
            _ => Err(Fault::new(404, "UnknownError", "")),
        };
        finish(answer, &parts.headers)
    }

    fn drives_now(&self) -> files::now::Drives<'_> {
        files::now::Drives::now(&self.drives, &self.state.seen())
    }

    fn graph(
        &self,
        parts: &http::request::Parts,
        origin: &str,
        path: &str,
        body: &Bytes,
    ) -> Answer<Reply> {
        let caller = signin::authenticate(&self.service, &parts.headers, &self.users)?;
        if path.trim_end_matches('/') == "/$batch" && parts.method == Method::POST {
            let authorization = parts.headers.get("Authorization");
            let validation = self.validation(parts);
            return batch::respond(body, authorization, &|step| {
                self.step(origin, step, &validation)
            });
        }
        let mut call = Call::new(
            origin.to_string(),
            path,
            parts.uri.query().unwrap_or(""),
            parts.headers.clone(),
            caller,
        )?;
        call.body = body.clone();
        call.validation = self.validation(parts);
        self.act(&parts.method, call)
    }

    /// What whoever sends has found out about the addresses that a request names.
    fn validation(&self, parts: &http::request::Parts) -> Validation {
        match self.sends {
            true => parts
                .extensions
                .get()
                .cloned()
                .unwrap_or_else(|| Validation::Asked(Arc::default())),
            false => Validation::Believed,
        }
    }

    /// One request, which is one step: a read sees the ledger as it is when it begins, a write has it to itself.
    fn act(&self, method: &Method, mut call: Call) -> Answer<Reply> {
        call.delta_lifetime = self.delta_lifetime;
        if route::is_read(method, &call) {
            call.ledger = self.state.seen();
            return route::respond(&self.at(&call.ledger), &call);
        }
        self.state.write(|before, draft| {
            call.ledger = before.clone();
            write::route::respond(&self.at(before), method, &call, draft)
        })
    }

    /// One request of a batch. Limits on the length of URLs do not apply there (FACTS 2.7).
    fn step(&self, origin: &str, step: &Step, validation: &Validation) -> Response<Bytes> {
        let (path, query) = step.url.split_once('?').unwrap_or((&step.url, ""));
        let answer =
            signin::authenticate(&self.service, &step.headers, &self.users).and_then(|caller| {
                let mut call = Call::new(
                    origin.to_string(),
                    path,
                    query,
                    step.headers.clone(),
                    caller,
                )?;
                call.batched = true;
                call.validation = validation.clone();
                call.body = step.body.clone();
                self.act(&step.method, call)
            });
        finish(answer, &step.headers)
    }
}

/// `scheme://authority` of the request: over a socket the Host header, behind a proxy what the proxy says it was asked for.
fn origin(uri: &Uri, headers: &HeaderMap) -> String {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = uri
        .scheme_str()
        .or(header("X-Forwarded-Proto"))
        .unwrap_or("http");
    let own = uri.authority().map(|authority| authority.as_str());
    let authority = own
        .or(header("X-Forwarded-Host"))
        .or(header("Host"))
        .unwrap_or("demo.localhost");
    format!("{scheme}://{authority}")
}

/// Adds what every answer carries: request ids and the error body.
fn finish(answer: Answer<Reply>, headers: &HeaderMap) -> Response<Bytes> {
    static SERIAL: AtomicU64 = AtomicU64::new(1);
    let request_id = random::guid(&[99, SERIAL.fetch_add(1, Ordering::Relaxed)]);
    let client_id = headers
        .get("client-request-id")
        .and_then(|id| id.to_str().ok())
        .unwrap_or(&request_id)
        .to_string();
    let mut response = match answer {
        Ok(reply) => {
            let mut builder = Response::builder().status(reply.status);
            for (name, value) in &reply.headers {
                builder = builder.header(*name, value);
            }
            builder.body(reply.body).unwrap_or_default()
        }
        Err(fault) => fault.response(&request_id, &client_id).map(Bytes::from),
    };
    for (name, value) in [
        ("request-id", &request_id),
        ("client-request-id", &client_id),
    ] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
