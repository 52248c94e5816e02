//! `CountryCodes`: the values of `usageLocation`, built in, so that they are there without a connection.

use super::{List, Origin, text};
use crate::countries::COUNTRIES;
use crate::session::Session;
use crate::value::Value;

#[rustfmt::skip]
pub(super) static COUNTRY_CODES: List = List {
    name: c"CountryCodes",
    doc: "A country or territory of ISO 3166-1, built in.",
    columns: &[
        text("code",   "The two-letter code (alpha-2), which usageLocation takes."),
        text("name",   "The English short name."),
        text("alpha3", "The three-letter code."),
        text("number", "The three-digit code."),
    ],
    rows: Origin::Known(rows),
};

fn rows(_session: &Session) -> Vec<Vec<Value>> {
    COUNTRIES
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [code, alpha3, number, name] = fields.as_slice() else {
                return None;
            };
            Some(
                [code, name, alpha3, number]
                    .map(|field| Value::text(*field))
                    .to_vec(),
            )
        })
        .collect()
}
