//! Trouble on demand: which answers the demo server spoils, and how. What a network and a busy service do is data here, so that a test can order it.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The rules in force; the first that applies to a request spoils it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// The rules, most important first.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// To which requests.
    pub when: When,
    /// What happens to them.
    pub what: Fault,
}

/// Which requests a rule spoils. Requests are counted per rule, and only those whose path and query contain the text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct When {
    /// Path and query contain this; empty for all.
    pub contains: String,
    /// Only the n-th of them, counted from 1.
    pub nth: Option<u64>,
    /// Only every n-th of them.
    pub every: Option<u64>,
    /// Only the first n of them.
    pub first: Option<u64>,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// 429 with a Retry-After.
    Throttle(RetryAfter),
    /// 503, with a Retry-After.
    Unavailable(RetryAfter),
    /// 504 without a body that helps.
    GatewayTimeout,
    /// 500.
    Internal,
    /// 401 as for an expired token.
    ExpiredToken,
    /// The connection ends in the middle of the body.
    CutBody,
    /// A body that ends too early, with a length that says it is whole.
    TruncatedJson,
    /// A proxy's page, with this status.
    HtmlPage(u16),
    /// The body arrives in ten pieces, so far apart.
    SlowBody(Duration),
    /// Nothing ever comes.
    Hang,
    /// This much later.
    Late(Duration),
    /// Every page of a collection is preceded by an empty one.
    EmptyPages,
    /// The last row of a page is the first of the next one, too.
    DuplicateRows,
    /// The nextLink leads to the same page again.
    LoopingNextLink,
    /// The nextLink leads to another host.
    ForeignNextLink,
    /// `$top` has no effect.
    IgnoreTop,
}

/// The forms of Retry-After (FACTS 4.2).
#[derive(Debug, Clone, PartialEq)]
pub enum RetryAfter {
    /// Seconds as written: `1`, or fractional as `2.128`.
    Seconds(String),
    /// An HTTP date so many seconds from now.
    Date(u64),
    /// No header.
    Absent,
}

impl When {
    /// All requests.
    pub fn always() -> When {
        When::default()
    }

    /// Requests whose path and query contain the text.
    pub fn path(text: &str) -> When {
        When {
            contains: text.to_string(),
            ..When::default()
        }
    }

    /// Only the first so many of them.
    pub fn first(self, count: u64) -> When {
        When {
            first: Some(count),
            ..self
        }
    }

    /// Only this one of them, counted from 1.
    pub fn nth(self, number: u64) -> When {
        When {
            nth: Some(number),
            ..self
        }
    }

    /// Only every so many.
    pub fn every(self, number: u64) -> When {
        When {
            every: Some(number),
            ..self
        }
    }

    fn applies(&self, count: u64) -> bool {
        self.nth.is_none_or(|nth| count == nth)
            && self.first.is_none_or(|first| count <= first)
            && self
                .every
                .is_none_or(|every| every > 0 && count.is_multiple_of(every))
    }
}

impl Faults {
    /// No trouble.
    pub fn none() -> Faults {
        Faults::default()
    }

    /// One rule.
    pub fn one(when: When, what: Fault) -> Faults {
        Faults {
            rules: vec![Rule { when, what }],
        }
    }
}

/// Rules with their counters.
#[derive(Debug, Default)]
pub struct Armed {
    rules: Vec<(Rule, AtomicU64)>,
}

impl Armed {
    /// The rules, nothing counted yet.
    pub fn new(faults: Faults) -> Armed {
        Armed {
            rules: faults
                .rules
                .into_iter()
                .map(|rule| (rule, AtomicU64::new(0)))
                .collect(),
        }
    }

    /// What is to happen to this request. Every rule counts it, whichever one strikes.
    pub fn strike(&self, path_and_query: &str) -> Option<Fault> {
        let mut struck = None;
        for (rule, seen) in &self.rules {
            if path_and_query.contains(&rule.when.contains) {
                let count = seen.fetch_add(1, Ordering::Relaxed) + 1;
                if rule.when.applies(count) && struck.is_none() {
                    struck = Some(rule.what.clone());
                }
            }
        }
        struck
    }
}

/// `FAULT[=VALUE][@path=TEXT][@nth=N][@every=N][@first=N]`, as on the command line: `throttle=2.128@every=5`.
impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Rule, String> {
        let mut parts = text.split('@');
        let what = fault(parts.next().unwrap_or_default())?;
        let mut when = When::always();
        for part in parts {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| format!("'{part}' is not of the form NAME=VALUE"))?;
            let number = || {
                value
                    .parse::<u64>()
                    .map_err(|_| format!("'{value}' is not a number"))
            };
            match name {
                "path" => when.contains = value.to_string(),
                "nth" => when.nth = Some(number()?),
                "every" => when.every = Some(number()?),
                "first" => when.first = Some(number()?),
                _ => return Err(format!("'{name}' is none of path, nth, every, first")),
            }
        }
        Ok(Rule { when, what })
    }
}

const KNOWN: &str = "one of throttle, unavailable, gateway-timeout, internal, expired-token, cut-body, truncated-json, html-page, slow-body, hang, late, empty-pages, duplicate-rows, looping-next-link, foreign-next-link, ignore-top";

fn fault(text: &str) -> Result<Fault, String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let millis = || {
        value
            .parse()
            .map(Duration::from_millis)
            .map_err(|_| format!("'{name}' needs milliseconds: {name}=100"))
    };
    Ok(match name {
        "throttle" => Fault::Throttle(retry_after(value)),
        "unavailable" => Fault::Unavailable(retry_after(value)),
        "gateway-timeout" => Fault::GatewayTimeout,
        "internal" => Fault::Internal,
        "expired-token" => Fault::ExpiredToken,
        "cut-body" => Fault::CutBody,
        "truncated-json" => Fault::TruncatedJson,
        "html-page" => Fault::HtmlPage(if value.is_empty() {
            502
        } else {
            value
                .parse()
                .map_err(|_| format!("'{value}' is not a status"))?
        }),
        "slow-body" => Fault::SlowBody(millis()?),
        "hang" => Fault::Hang,
        "late" => Fault::Late(millis()?),
        "empty-pages" => Fault::EmptyPages,
        "duplicate-rows" => Fault::DuplicateRows,
        "looping-next-link" => Fault::LoopingNextLink,
        "foreign-next-link" => Fault::ForeignNextLink,
        "ignore-top" => Fault::IgnoreTop,
        _ => return Err(format!("unknown fault '{name}': {KNOWN}")),
    })
}

/// Nothing: no header; `date:3`: an HTTP date in three seconds; else as written.
fn retry_after(value: &str) -> RetryAfter {
    match value.strip_prefix("date:").map(str::parse) {
        Some(Ok(seconds)) => RetryAfter::Date(seconds),
        _ if value.is_empty() => RetryAfter::Absent,
        _ => RetryAfter::Seconds(value.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_count_what_they_match() {
        let armed = Armed::new(Faults::one(When::path("/messages").every(2), Fault::Hang));
        let struck: Vec<bool> = [
            "/messages",
            "/users",
            "/messages",
            "/messages",
            "/messages?x",
        ]
        .iter()
        .map(|path| armed.strike(path).is_some())
        .collect();
        assert_eq!(struck, [false, false, true, false, true]);
        let armed = Armed::new(Faults::one(When::always().first(1), Fault::ExpiredToken));
        assert_eq!(
            (armed.strike("/a"), armed.strike("/a")),
            (Some(Fault::ExpiredToken), None)
        );
    }

    #[test]
    fn rules_can_be_written() {
        let rule: Rule = "throttle=2.128@path=/messages@every=5"
            .parse()
            .expect("valid");
        assert_eq!(
            rule,
            Rule {
                when: When::path("/messages").every(5),
                what: Fault::Throttle(RetryAfter::Seconds("2.128".into()))
            }
        );
        assert_eq!(
            "unavailable=date:3".parse::<Rule>().map(|rule| rule.what),
            Ok(Fault::Unavailable(RetryAfter::Date(3)))
        );
        for name in KNOWN.trim_start_matches("one of ").split(", ") {
            let needs_time = ["slow-body", "late"].contains(&name);
            let text = if needs_time {
                format!("{name}=10")
            } else {
                name.to_string()
            };
            assert!(text.parse::<Rule>().is_ok(), "{text}");
        }
        for text in [
            "nonsense",
            "hang@every=x",
            "hang@often",
            "slow-body",
            "hang@color=red",
        ] {
            assert!(text.parse::<Rule>().is_err(), "{text}");
        }
    }
}
