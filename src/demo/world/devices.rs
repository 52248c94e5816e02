//! The devices registered in the directory: 130 desktops, phones and stranger things.

use serde_json::{Value, json};

use super::people::User;
use crate::demo::query::row::JsonRow;
use crate::demo::random::{SplitMix, guid};
use crate::demo::time::{self, DAY, SECOND};

/// How many: more than one page.
pub const DEVICES: usize = 130;

/// One device.
pub struct Device {
    /// Object id.
    pub id: String,
    /// The id that it registered itself with, another key.
    pub device_id: String,
    /// Place of the registered owner, if anybody is.
    pub owner: Option<usize>,
    /// The resource.
    pub row: JsonRow,
}

/// Operating system, version, maker, model, trust, management.
type Make = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    &'static str,
    Option<&'static str>,
);

const MAKES: &[Make] = &[
    (
        "Windows",
        Some("10.0.26100.2314"),
        Some("Contoso"),
        Some("Book 7"),
        "AzureAd",
        Some("mdm"),
    ),
    (
        "Windows",
        Some("10.0.19045.5131"),
        Some("Fabrikam \"Pro\""),
        Some("14' slim"),
        "ServerAd",
        None,
    ),
    (
        "IPhone",
        Some("18.1.1"),
        Some("Apple"),
        Some("iPhone 15"),
        "Workplace",
        Some("mdm"),
    ),
    (
        "Android",
        Some("15"),
        Some("Adatum"),
        None,
        "Workplace",
        Some("mdm"),
    ),
    (
        "MacMDM",
        Some("15.1"),
        Some("Apple"),
        Some("MacBookPro18,3"),
        "AzureAd",
        Some("jamf"),
    ),
    ("Linux", None, None, None, "AzureAd", None),
];

/// All devices.
pub fn all(users: &[User]) -> Vec<Device> {
    (0..DEVICES).map(|place| device(place, users)).collect()
}

fn device(place: usize, users: &[User]) -> Device {
    let (id, device_id) = (guid(&[150, place as u64]), guid(&[151, place as u64]));
    // The last ones are kiosks and printers that belong to nobody.
    let owner = (place < 110).then_some(place * 5 % 42);
    let row = JsonRow::of(
        "device",
        properties(place, &id, &device_id, owner.map(|owner| &users[owner])),
    );
    Device {
        id,
        device_id,
        owner,
        row,
    }
}

fn name(place: usize, owner: Option<&User>) -> String {
    match (place, owner) {
        (111, _) => "Kiosk 100%_free".to_string(),
        (112, _) => "🎮 Break room".to_string(),
        (113, _) => format!("{}-end", "long".repeat(63)),
        (114, _) => "Druck/Kopie \"EG\"".to_string(),
        (_, Some(owner)) if place.is_multiple_of(3) => {
            format!("{}'s {}", owner.name, MAKES[place % MAKES.len()].0)
        }
        _ => format!("DESKTOP-{place:04X}"),
    }
}

/// When it was last seen: null for what never was, long ago for what lies in a drawer.
fn last_seen(place: usize, random: &mut SplitMix) -> Option<i64> {
    let recent = time::date(2026, 11, 1) + random.below(29 * 86_400) as i64 * SECOND;
    match place % 13 {
        11 => None,
        5 => Some(recent - (100 + place as i64) * DAY),
        _ => Some(recent),
    }
}

fn properties(place: usize, id: &str, device_id: &str, owner: Option<&User>) -> Value {
    let mut random = SplitMix::of(&[152, place as u64]);
    let (system, version, maker, model, trust, management) = MAKES[place % MAKES.len()];
    let registered =
        time::date(2025, 1, 7) + place as i64 * 5 * DAY + random.below(86_400) as i64 * SECOND;
    let (managed, synced) = (management.is_some(), trust == "ServerAd");
    let compliant = managed.then_some(!place.is_multiple_of(9));
    let rooted = (system == "Android").then_some(place.is_multiple_of(5));
    let enabled = !place.is_multiple_of(10) || place == 0;
    let physical: Vec<String> = owner
        .iter()
        .map(|owner| format!("[USER-GID]:{}:6755", owner.id))
        .chain([format!("[GID]:g:{}", 6_755_000 + place)])
        .collect();
    json!({
        "id": id, "deletedDateTime": null, "accountEnabled": enabled, "deviceId": device_id, "displayName": name(place, owner),
        "alternativeSecurityIds": [{"type": 2, "identityProvider": null, "key": "WAA1ADAAOQA="}],
        "approximateLastSignInDateTime": last_seen(place, &mut random).map(time::show),
        "complianceExpirationDateTime": compliant.map(|_| time::show(time::date(2026, 12, 20))),
        "deviceCategory": (place % 8 == 2).then_some("Sales & field"), "deviceMetadata": null,
        "deviceOwnership": management.map(|_| if trust == "Workplace" { "personal" } else { "company" }),
        "deviceVersion": (place % 6 != 5).then_some(2),
        "enrollmentProfileName": (place % 6 == 4).then_some("Apple Device Enrollment Profile"),
        "enrollmentType": management.map(|_| if trust == "Workplace" { "userEnrollment" } else { "windowsAzureADJoin" }),
        "isCompliant": compliant, "isManaged": (place % 6 != 5).then_some(managed), "isManagementRestricted": null, "isRooted": rooted,
        "managementType": management, "manufacturer": maker, "model": model,
        "mdmAppId": management.map(|_| "0000000a-0000-0000-c000-000000000000"),
        "onPremisesLastSyncDateTime": synced.then_some("2026-11-20T00:00:00Z"), "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesSecurityIdentifier": synced.then(|| format!("S-1-5-21-100-200-300-{}", 5_000 + place)),
        "operatingSystem": system, "operatingSystemVersion": version, "physicalIds": physical,
        "profileType": if place == 114 { "Printer" } else if owner.is_none() { "Shared" } else { "RegisteredDevice" },
        "registrationDateTime": (place % 6 != 5).then(|| time::show(registered)),
        "systemLabels": if place.is_multiple_of(20) { vec!["M365Managed"] } else { Vec::new() }, "trustType": trust,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::schema;
    use crate::demo::world::people;

    #[test]
    fn every_declared_property_is_there() {
        let devices = all(&people::all());
        for (name, _) in schema::properties("device") {
            assert!(devices[0].row.map.contains_key(name), "{name}");
        }
        assert_eq!(devices[0].row.map.len(), schema::properties("device").len());
    }
}
