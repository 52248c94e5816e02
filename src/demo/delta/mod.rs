//! Rounds of delta queries (FACTS 6): what a request belongs to, the links onwards, and what a lost token is told.
//!
//! A round compares two moments of the [ledger](crate::demo::write::ledger): the one of its token and the one in which it began. What is written while it is read comes in the next. The links carry nothing but a token: the options of the first request are within it, and none may be sent beside it. What the rows are is for the services, some of which have them compared by [`rows`].

pub mod outlook;
pub mod rows;
mod token;

use std::sync::Arc;

use serde_json::{Map, Value};

use self::token::Token;
use super::call::Call;
use super::directory;
use super::error::{Answer, Fault};
use super::query::options::Query;
use super::write::ledger::Ledger;

/// Whose words and habits a round has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Outlook and To Do.
    Outlook,
    /// Users and groups.
    Directory,
}

/// One request of a round.
pub struct Round {
    /// The request that began it, on the ledger of that moment.
    pub call: Call,
    /// The write after which it begins; none for everything.
    pub since: Option<u64>,
    /// Where its page begins.
    pub start: usize,
}

/// Does a path segment call the function?
pub fn is_delta(segment: &str) -> bool {
    ["delta", "delta()", "microsoft.graph.delta()"].contains(&segment)
}

impl Round {
    /// The round of a request, which may begin with these `$` options.
    pub fn of(call: &Call, service: Service, options: &[&str]) -> Answer<Round> {
        match (&call.query.skiptoken, &call.query.deltatoken) {
            (None, None) => Round::begun(call, service, options, None),
            (None, Some(token)) if service == Service::Directory && token == "latest" => {
                Round::begun(call, service, options, Some(call.ledger.writes()))
            }
            (Some(token), _) => Round::goes_on(call, service, ("$skiptoken", token)),
            (None, Some(token)) => Round::goes_on(call, service, ("$deltatoken", token)),
        }
    }

    fn begun(call: &Call, service: Service, options: &[&str], since: Option<u64>) -> Answer<Round> {
        service.only(&call.query, &[options, &["$deltatoken"]].concat())?;
        Ok(Round {
            call: call.clone(),
            since,
            start: 0,
        })
    }

    fn goes_on(call: &Call, service: Service, (name, token): (&str, &str)) -> Answer<Round> {
        // FACTS has options in the first request only; what others beside a token would do is not said.
        service.only(&call.query, &[name])?;
        if !call.query.plain.is_empty() {
            return Err(service.refusal("The token holds all options of a delta query."));
        }
        let written = call.ledger.writes();
        let known = Token::read(name, &call.path, token)
            .filter(|token| token.upto.max(token.since.unwrap_or(0)) <= written);
        let Some(token) = known else {
            return Err(service.lost(call, ""));
        };
        let is_round = name == "$deltatoken";
        if is_round && call.is_expired(token.since.unwrap_or(0)) {
            return Err(service.lost(call, &token.query));
        }
        let upto = if is_round { written } else { token.upto };
        let mut call = call.clone();
        call.query = Query::parse(&token.query)?;
        call.ledger = Arc::new(call.ledger.at(upto));
        Ok(Round {
            call,
            since: token.since,
            start: token.start,
        })
    }

    /// The ledger of the moment after which the round begins; none for everything.
    pub fn before(&self) -> Option<Ledger> {
        self.since.map(|since| self.call.ledger.at(since))
    }

    /// The link onwards while there is more, then the one to the next round.
    pub fn link(&self, next: Option<usize>) -> (&'static str, String) {
        let upto = self.call.ledger.writes();
        let (link, name, since) = match next {
            Some(_) => ("@odata.nextLink", "$skiptoken", self.since),
            None => ("@odata.deltaLink", "$deltatoken", Some(upto)),
        };
        let token = Token {
            since,
            upto,
            start: next.unwrap_or(0),
            query: self.call.options(),
        };
        let token = token.written(name, &self.call.path);
        let mut bare = self.call.clone();
        bare.query = Query::default();
        (link, bare.next_link((name, &token)))
    }

    /// The page of the round, out of all its lines. A line that is none was not asked for: it leaves its page shorter, perhaps empty.
    pub fn page(
        &self,
        resource: &str,
        lines: Vec<Option<Value>>,
        take: usize,
    ) -> Map<String, Value> {
        let end = self.start + take;
        let next = (end < lines.len()).then_some(end);
        let shown = lines.into_iter().skip(self.start).take(take).flatten();
        self.call
            .page(resource, shown.collect(), Some(self.link(next)))
    }
}

impl Service {
    fn only(self, query: &Query, allowed: &[&str]) -> Answer<()> {
        match self {
            Service::Outlook => super::outlook::only(query, allowed),
            Service::Directory => directory::only(query, allowed),
        }
    }

    fn refusal(self, message: &str) -> Fault {
        match self {
            Service::Outlook => Fault::new(400, "ErrorInvalidUrlQuery", message),
            Service::Directory => directory::list::bad_request(message),
        }
    }

    /// A token that is forged, of another resource, of another world or too old. FACTS has no code of the directory's own, and a `Location` for all; that Outlook sends one is nowhere seen, so that nobody may count on it there.
    fn lost(self, call: &Call, options: &str) -> Fault {
        let fault = Fault::new(
            410,
            "syncStateNotFound",
            "The sync state generation is not found.",
        );
        match self {
            Service::Outlook => fault,
            Service::Directory => fault.header("Location", call.address(options)),
        }
    }
}
