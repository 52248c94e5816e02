//! Procedures of users and licences.

pub mod assign_license;
pub mod create_user;
pub mod delete_user;
pub mod fetch_additional_user_fields;
pub mod get_available_license_count;
pub mod is_license_available;
pub mod revoke_sign_in_sessions;

use serde_json::Value as Json;

use super::{Arguments, Parameter, Runner, text};
use crate::error::{Error, Kind};
use crate::graph::change::{Failed, Sent};

/// Who, by the name.
const USER_PRINCIPAL_NAME: Parameter = text(
    "UserPrincipalName",
    "The user, by name, where UserId is not given.",
);
/// Which licence.
const SERVICE_ID: Parameter = text(
    "ServiceId",
    "The licence, as a SKU id or a part number such as ENTERPRISEPACK.",
);

/// The path of the user that must be named.
fn user(arguments: &Arguments) -> Sent<String> {
    if arguments
        .text("UserId")
        .or(arguments.text("UserPrincipalName"))
        .is_none()
    {
        return Err(arguments
            .wrong("UserId or UserPrincipalName is missing")
            .into());
    }
    Ok(arguments.user(None)?)
}

/// The licences that the tenant has.
struct Licences(Vec<Json>);

impl Licences {
    fn read(runner: &Runner<'_>) -> Sent<Self> {
        match runner.read("subscribedSkus")?["value"].take() {
            Json::Array(skus) => Ok(Self(skus)),
            _ => Ok(Self(Vec::new())),
        }
    }

    /// The licence of an id or part number.
    fn find(&self, named: &str) -> Sent<&Json> {
        let is_it = |sku: &&Json| {
            ["skuId", "skuPartNumber"].iter().any(|name| {
                sku[*name]
                    .as_str()
                    .is_some_and(|value| value.eq_ignore_ascii_case(named))
            })
        };
        self.0.iter().find(is_it).ok_or_else(|| {
            Failed::not_done(
                Error::new(
                    Kind::NotFound,
                    format!("the tenant has no subscription to `{named}`"),
                )
                .next("SELECT skuId, skuPartNumber FROM SubscribedSkus lists those it has"),
            )
        })
    }
}

/// How many licences are left.
fn left(sku: &Json) -> i64 {
    let enabled = sku["prepaidUnits"]["enabled"].as_i64().unwrap_or(0);
    enabled - sku["consumedUnits"].as_i64().unwrap_or(0)
}

/// Whether a text is a GUID, and so no part number.
fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
