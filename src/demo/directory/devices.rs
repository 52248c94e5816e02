//! Devices registered in the directory, and whose they are.
//!
//! FACTS knows no devices; what a filter can do with which property is from the documentation of the resource, as for users and groups.

use serde_json::Value;

use super::expand::show;
use super::objects::{Object, related};
use super::rules::{Rules, USER};
use super::{Lines, list, not_found, single};
use crate::demo::Tenant;
use crate::demo::call::Call;
use crate::demo::error::{Answer, Fault};
use crate::demo::query::row::Row;
use crate::demo::reply::Reply;
use crate::demo::world::devices::Device;

/// Devices. Every sort is an advanced query (N/concepts/aad-advanced-queries.md).
pub const DEVICE: Rules = Rules {
    type_name: "device",
    filters: &[
        ("id", "dda----"),
        ("accountEnabled", "dda----"),
        ("approximateLastSignInDateTime", "d-ad-a-"),
        ("deviceId", "d-a-d--"),
        ("displayName", "ddadda-"),
        ("isCompliant", "d-a----"),
        ("isManaged", "d-a----"),
        ("mdmAppId", "d-a-d--"),
        ("onPremisesLastSyncDateTime", "ddad---"),
        ("onPremisesSecurityIdentifier", "d------"),
        ("onPremisesSyncEnabled", "dda--a-"),
        ("operatingSystem", "d-adda-"),
        ("operatingSystemVersion", "d-adda-"),
        ("physicalIds", "d-tdda-"),
        ("systemLabels", "-----a-"),
        ("trustType", "dda----"),
    ],
    sorts: &[],
    sorts_advanced: &[
        "approximateLastSignInDateTime",
        "deletedDateTime",
        "displayName",
    ],
    // isManagementRestricted and onPremisesSecurityIdentifier come only when selected.
    defaults: &[
        "id",
        "deletedDateTime",
        "accountEnabled",
        "alternativeSecurityIds",
        "approximateLastSignInDateTime",
        "complianceExpirationDateTime",
        "deviceCategory",
        "deviceId",
        "deviceMetadata",
        "deviceOwnership",
        "deviceVersion",
        "displayName",
        "enrollmentProfileName",
        "enrollmentType",
        "isCompliant",
        "isManaged",
        "isRooted",
        "managementType",
        "manufacturer",
        "mdmAppId",
        "model",
        "onPremisesLastSyncDateTime",
        "onPremisesSyncEnabled",
        "operatingSystem",
        "operatingSystemVersion",
        "physicalIds",
        "profileType",
        "registrationDateTime",
        "systemLabels",
        "trustType",
    ],
    single_only: &[],
    expands: &["registeredOwners", "registeredUsers"],
    searches: &["displayName"],
};

/// Answers below `devices`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    let rows = Lines(tenant.devices.iter().map(|device| &device.row).collect());
    let expand = |row: &dyn Row, text: &str| expand(tenant, row, text);
    match rest {
        [] => list::list(call, &DEVICE, "devices", &rows, &expand),
        ["$count"] => list::count_segment(call, &DEVICE, &rows),
        [key] => single(call, &DEVICE, "devices", &find(tenant, key)?.row, &expand),
        // Registered users are set to the registered owner at the time of registration.
        [key, "registeredOwners" | "registeredUsers", rest @ ..] => {
            let owner = find(tenant, key)?.owner;
            let owner = owner.filter(|place| !tenant.now.all[*place].gone);
            let owner = owner.map(Object::User);
            related(call, tenant, &USER, owner.into_iter().collect(), rest)
        }
        [_, other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// `users/{id}/ownedDevices` and `registeredDevices`.
pub fn of_user(call: &Call, tenant: &Tenant, user: usize, rest: &[&str]) -> Answer<Reply> {
    let owned =
        (0..tenant.devices.len()).filter(|place| tenant.devices[*place].owner == Some(user));
    related(
        call,
        tenant,
        &DEVICE,
        owned.map(Object::Device).collect(),
        rest,
    )
}

/// By object id, or by the id that the device registered itself with, which has a syntax of its own.
fn find<'t>(tenant: &'t Tenant, key: &str) -> Answer<&'t Device> {
    let mut devices = tenant.devices.iter();
    match super::alternate_key(key, "deviceId") {
        Some(id) => devices.find(|device| device.device_id.eq_ignore_ascii_case(id)),
        None => devices.find(|device| device.id.eq_ignore_ascii_case(key)),
    }
    .ok_or_else(|| not_found(key))
}

fn expand(tenant: &Tenant, row: &dyn Row, text: &str) -> Answer<Vec<(String, Value)>> {
    let (name, inner) = text.split_once('(').unwrap_or((text, ""));
    let mut devices = tenant.devices.iter();
    let device = devices.find(|device| row.property("id") == device.id.as_str());
    let owners = device.and_then(|device| device.owner).into_iter();
    let shown = owners
        .filter(|place| !tenant.now.all[*place].gone)
        .map(|place| show(&&tenant.now.all[place], inner));
    Ok(vec![(
        name.to_string(),
        shown.collect::<Answer<Vec<Value>>>()?.into(),
    )])
}
