//! The languages and time zones that a mailbox supports: whole lists of complex values, without any option (FACTS 1.2).

use serde_json::{Value, json};

use crate::demo::call::Call;
use crate::demo::directory::json_row;
use crate::demo::error::{Answer, Fault};
use crate::demo::outlook::{self, Rules};
use crate::demo::reply::Reply;
use crate::demo::world::languages::LANGUAGES;
use crate::demo::world::zones;

/// `outlook/supportedLanguages` and `outlook/supportedTimeZones`, also spelled as the functions that they are.
pub fn respond(call: &Call, function: &str) -> Answer<Reply> {
    let bare = function
        .strip_prefix("microsoft.graph.")
        .unwrap_or(function);
    let (name, arguments) = bare.split_once('(').unwrap_or((bare, ")"));
    match (name, arguments) {
        ("supportedLanguages", ")") => languages(call),
        ("supportedTimeZones", ")") => time_zones(call, false),
        ("supportedTimeZones", arguments) => time_zones(call, is_iana(function, arguments)?),
        _ => Err(Fault::unknown_segment(function)),
    }
}

/// The standard in `TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')`: the metadata spells its members small, the documentation large.
fn is_iana(function: &str, arguments: &str) -> Answer<bool> {
    let standard = arguments
        .strip_prefix("TimeZoneStandard=microsoft.graph.timeZoneStandard'")
        .and_then(|rest| rest.strip_suffix("')"));
    match standard {
        Some("Iana" | "iana") => Ok(true),
        Some("Windows" | "windows") => Ok(false),
        Some(other) => Err(Fault::bad_request(format!(
            "The value '{other}' is not a member of the enumeration 'microsoft.graph.timeZoneStandard'."
        ))),
        None => Err(Fault::unknown_segment(function)),
    }
}

fn languages(call: &Call) -> Answer<Reply> {
    let rows = LANGUAGES
        .iter()
        .map(|(locale, name)| json!({"locale": locale, "displayName": name}));
    list(call, "localeInfo", rows.collect())
}

fn time_zones(call: &Call, iana: bool) -> Answer<Reply> {
    // An IANA zone has no other name than its own.
    let rows = zones::all().map(|zone| match iana {
        true => json!({"alias": zone.iana, "displayName": zone.iana}),
        false => json!({"alias": zone.windows, "displayName": zone.shown}),
    });
    list(call, "timeZoneInformation", rows.collect())
}

fn list(call: &Call, type_name: &'static str, rows: Vec<Value>) -> Answer<Reply> {
    let rules = Rules {
        type_name,
        ..Rules::BARE
    };
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| json_row(type_name, row))
        .collect();
    let resource = format!("Collection(microsoft.graph.{type_name})");
    outlook::whole(call, &rules, &resource, &rows)
}
