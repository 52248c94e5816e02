//! The properties of a user: what the directory would have collected about each of them.

use serde_json::{Map, Value, json};

use super::names::{DEPARTMENTS, JOBS, PLACES};
use super::people::{Kind, SKUS, User};
use crate::demo::encoding::base64;
use crate::demo::random::{SplitMix, guid, mix};
use crate::demo::time::{self, DAY, SECOND};

/// Everything known about the user.
pub fn properties(
    user: &User,
    kind: &Kind,
    given: Option<&str>,
    surname: Option<&str>,
) -> Map<String, Value> {
    let mut random = SplitMix::of(&[2, user.index as u64]);
    let staff = matches!(kind, Kind::Staff);
    let place = if staff {
        random.pick(PLACES)
    } else {
        [None; 7]
    };
    let mut map = Map::new();
    let mut set = |name: &str, value: Value| {
        map.insert(name.to_string(), value);
    };
    set("id", json!(user.id));
    set("displayName", json!(user.name));
    set("givenName", json!(given));
    set("surname", json!(surname));
    set("userPrincipalName", json!(user.upn));
    set("mail", json!(user.mail));
    set("mailNickname", json!(user.upn.split('@').next()));
    set("accountEnabled", json!(user.enabled));
    set(
        "userType",
        if matches!(kind, Kind::Guest) {
            json!("Guest")
        } else if matches!(kind, Kind::Service) {
            Value::Null
        } else {
            json!("Member")
        },
    );
    for (name, value) in [
        "city",
        "country",
        "state",
        "postalCode",
        "streetAddress",
        "usageLocation",
        "preferredLanguage",
    ]
    .iter()
    .zip(place)
    {
        set(name, json!(value));
    }
    set(
        "usageLocation",
        json!(place[5].or(user.mailbox.map(|_| "US"))),
    );
    set(
        "department",
        json!(if staff {
            DEPARTMENTS[user.index % DEPARTMENTS.len()]
        } else {
            None
        }),
    );
    set(
        "jobTitle",
        json!(if staff {
            JOBS[user.index % JOBS.len()]
        } else {
            None
        }),
    );
    set(
        "companyName",
        json!(if staff {
            random.pick(&[Some("Contoso"), Some("CONTOSO"), None])
        } else {
            None
        }),
    );
    set(
        "officeLocation",
        json!(
            staff
                .then(|| format!("{}/{}", 10 + random.below(9), 1_000 + random.below(2_000)))
                .filter(|_| user.index % 3 != 1)
        ),
    );
    let phone = format!("+1 425 555 0{}", 100 + user.index);
    set(
        "mobilePhone",
        json!((user.index.is_multiple_of(3)).then_some(&phone)),
    );
    set(
        "businessPhones",
        json!(if user.index.is_multiple_of(2) {
            vec![phone.as_str()]
        } else {
            Vec::new()
        }),
    );
    set(
        "employeeId",
        json!((staff && user.index % 5 != 2).then(|| format!("{:05}", user.index * 7))),
    );
    set(
        "employeeType",
        json!(if staff {
            random.pick(&[Some("Employee"), Some("Contractor"), None])
        } else {
            None
        }),
    );
    map.extend(dates_and_codes(user, kind, &mut random));
    map.extend(licences_and_lists(user, kind));
    map
}

fn dates_and_codes(user: &User, kind: &Kind, random: &mut SplitMix) -> Map<String, Value> {
    let staff = matches!(kind, Kind::Staff);
    let guest = matches!(kind, Kind::Guest);
    let synced = staff && user.index % 6 == 5;
    let created = time::date(2024, 12, 1)
        + (user.index as i64 / 2) * 11 * DAY
        + random.below(86_400) as i64 * SECOND;
    // Directory instants have up to seven fraction digits (FACTS 2.8); some have none.
    let fraction = if user.index.is_multiple_of(5) {
        1_234_567
    } else {
        0
    };
    let signed_in = time::date(2026, 11, 1) + random.below(29 * 86_400) as i64 * SECOND;
    let value = json!({
        "createdDateTime": time::show(created + fraction),
        "creationType": guest.then_some("Invitation"),
        "externalUserState": guest.then_some(if user.index.is_multiple_of(2) { "Accepted" } else { "PendingAcceptance" }),
        "externalUserStateChangeDateTime": guest.then(|| time::show(created + DAY)),
        "employeeHireDate": (staff && user.index.is_multiple_of(4)).then(|| time::show(time::date(2015 + user.index as i64 % 10, 3, 1))),
        "employeeOrgData": (user.index.is_multiple_of(8)).then(|| json!({"costCenter": format!("CC-{}", user.index), "division": null})),
        "ageGroup": (user.index % 20 == 7).then_some("Minor"),
        "consentProvidedForMinor": (user.index % 20 == 7).then_some("Granted"),
        "legalAgeGroupClassification": (user.index % 20 == 7).then_some("MinorWithParentalConsent"),
        "lastPasswordChangeDateTime": time::show(created + 2 * DAY),
        "signInSessionsValidFromDateTime": time::show(created + 2 * DAY),
        "passwordPolicies": (!staff).then_some("DisablePasswordExpiration"),
        "showInAddressList": (user.index % 7 != 3).then_some(user.index % 7 != 4),
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesLastSyncDateTime": synced.then(|| time::show(time::date(2026, 11, 20) + 1)),
        "onPremisesSamAccountName": synced.then(|| user.upn.split('@').next().unwrap_or("").to_string()),
        "onPremisesDomainName": synced.then_some("corp.contoso.com"),
        "onPremisesUserPrincipalName": synced.then(|| user.upn.clone()),
        "onPremisesImmutableId": synced.then(|| base64(&mix(&[3, user.index as u64]).to_be_bytes())),
        "onPremisesSecurityIdentifier": synced.then(|| format!("S-1-5-21-100-200-300-{}", 1_000 + user.index)),
        "onPremisesDistinguishedName": synced.then(|| format!("CN={},OU=Staff,DC=corp,DC=contoso,DC=com", user.name)),
        "onPremisesExtensionAttributes": attributes((user.index % 9 == 1).then(|| format!("team-{}", user.index % 3))),
        "securityIdentifier": format!("S-1-12-1-{}", mix(&[4, user.index as u64]) >> 32),
        "signInActivity": user.enabled.then(|| json!({
            "lastSignInDateTime": time::show(signed_in), "lastSignInRequestId": guid(&[5, user.index as u64]),
            "lastNonInteractiveSignInDateTime": time::show(signed_in + 3_600 * SECOND), "lastNonInteractiveSignInRequestId": "",
            "lastSuccessfulSignInDateTime": (!user.index.is_multiple_of(3)).then(|| time::show(signed_in)), "lastSuccessfulSignInRequestId": null,
        })),
        "isResourceAccount": (user.index.is_multiple_of(4)).then_some(false),
        "deviceEnrollmentLimit": 5,
        "aboutMe": (user.index.is_multiple_of(4)).then(|| format!("About {}", user.name)),
        "birthday": "0001-01-01T08:00:00Z",
        "hireDate": "0001-01-01T08:00:00Z",
        "preferredName": (user.index.is_multiple_of(5)).then_some(&user.name),
        "skills": if user.index.is_multiple_of(4) { json!(["Excel", "C#"]) } else { json!([]) },
        "mailboxSettings": user.mailbox.map(|_| json!({"timeZone": "UTC", "dateFormat": "yyyy-MM-dd", "timeFormat": "HH:mm", "archiveFolder": null, "userPurpose": "user"})),
    });
    if let Value::Object(map) = value {
        map
    } else {
        Map::new()
    }
}

/// All fifteen attributes, the first perhaps set.
fn attributes(first: Option<String>) -> Value {
    let mut map: Map<String, Value> = (1..=15)
        .map(|i| (format!("extensionAttribute{i}"), Value::Null))
        .collect();
    map.insert("extensionAttribute1".into(), json!(first));
    Value::Object(map)
}

fn licences_and_lists(user: &User, kind: &Kind) -> Map<String, Value> {
    let assigned = "2025-01-15T09:00:00Z";
    let held = user.licenses();
    let licences: Vec<Value> = held
        .iter()
        .map(|i| json!({"disabledPlans": [], "skuId": SKUS[*i].0}))
        .collect();
    let plans = held.iter().flat_map(|i| SKUS[*i].2);
    let plans: Vec<Value> = plans
        .map(|(id, _, service)| json!({"assignedDateTime": assigned, "capabilityStatus": "Enabled", "service": service, "servicePlanId": id}))
        .collect();
    let provisioned: Vec<Value> = plans
        .iter()
        .map(|plan| json!({"capabilityStatus": "Enabled", "provisioningStatus": "Success", "service": plan["service"]}))
        .collect();
    let states: Vec<Value> = held
        .iter()
        .map(|i| json!({"skuId": SKUS[*i].0, "state": "Active", "error": "None", "disabledPlans": [], "assignedByGroup": null, "lastUpdatedDateTime": assigned}))
        .collect();
    let addresses: Vec<String> = user
        .mail
        .iter()
        .map(|mail| format!("SMTP:{mail}"))
        .chain(user.mailbox.map(|i| format!("smtp:alias{i}@contoso.com")))
        .collect();
    let identities = json!([{"signInType": "userPrincipalName", "issuer": "contoso.onmicrosoft.com", "issuerAssignedId": user.upn}]);
    let other = if matches!(kind, Kind::Guest) {
        user.mail.iter().collect()
    } else {
        Vec::new()
    };
    let value = json!({
        "assignedLicenses": licences, "assignedPlans": plans, "provisionedPlans": provisioned, "licenseAssignmentStates": states,
        "proxyAddresses": addresses, "identities": identities, "otherMails": other,
        "imAddresses": user.mailbox.map(|_| vec![user.upn.clone()]).unwrap_or_default(),
        "authorizationInfo": {"certificateUserIds": []},
    });
    if let Value::Object(map) = value {
        map
    } else {
        Map::new()
    }
}
