//! The properties of a user: what the directory would have collected about each of them.

use serde_json::{Map, Value, json};

use super::licences;
use super::names::{DEPARTMENTS, JOBS, PLACES};
use super::people::{COUNT, Kind, User};
use super::settings::settings;
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
    let mut map = Map::new();
    map.extend(names(user, kind, given, surname));
    map.extend(work(user, kind, &mut random));
    map.extend(dates(user, kind, &mut random));
    map.extend(codes(user, kind));
    map.extend(lists(user, kind));
    map.extend(object(licences::properties(user.index)));
    map
}

fn names(
    user: &User,
    kind: &Kind,
    given: Option<&str>,
    surname: Option<&str>,
) -> Map<String, Value> {
    let user_type = match kind {
        Kind::Guest => Some("Guest"),
        Kind::Service => None,
        Kind::Staff | Kind::Room => Some("Member"),
    };
    let phone = format!("+1 425 555 0{}", 100 + user.index);
    object(json!({
        "id": user.id,
        "displayName": user.name,
        "givenName": given,
        "surname": surname,
        "userPrincipalName": user.upn,
        "mail": user.mail,
        "mailNickname": user.upn.split('@').next(),
        "accountEnabled": user.enabled,
        "userType": user_type,
        "mobilePhone": user.index.is_multiple_of(3).then_some(&phone),
        "businessPhones": if user.index.is_multiple_of(2) { vec![&phone] } else { Vec::new() },
    }))
}

fn work(user: &User, kind: &Kind, random: &mut SplitMix) -> Map<String, Value> {
    if !matches!(kind, Kind::Staff) {
        return Map::new();
    }
    let [city, country, state, postal_code, street, usage, language] = random.pick(PLACES);
    let company = random.pick(&[Some("Contoso"), Some("CONTOSO"), None]);
    let office = format!("{}/{}", 10 + random.below(9), 1_000 + random.below(2_000));
    object(json!({
        "city": city,
        "country": country,
        "state": state,
        "postalCode": postal_code,
        "streetAddress": street,
        // A licence needs a usage location (FACTS 3.3).
        "usageLocation": usage.or((!licences::held(user.index).is_empty()).then_some("US")),
        "preferredLanguage": language,
        "companyName": company,
        "officeLocation": (user.index % 3 != 1).then_some(office),
        "department": DEPARTMENTS[user.index % DEPARTMENTS.len()],
        "jobTitle": JOBS[user.index % JOBS.len()],
        "employeeId": (user.index % 5 != 2).then(|| format!("{:05}", user.index * 7)),
        "employeeType": random.pick(&[Some("Employee"), Some("Contractor"), None]),
    }))
}

fn dates(user: &User, kind: &Kind, random: &mut SplitMix) -> Map<String, Value> {
    let (staff, guest) = (matches!(kind, Kind::Staff), matches!(kind, Kind::Guest));
    let created = time::date(2024, 12, 1)
        + (user.index as i64 % COUNT as i64 / 2) * 11 * DAY
        + random.below(86_400) as i64 * SECOND;
    // Directory instants have up to seven fraction digits (FACTS 2.8); some have none.
    let fraction = if user.index.is_multiple_of(5) {
        1_234_567
    } else {
        0
    };
    let signed_in = last_sign_in(user, guest, random);
    object(json!({
        "createdDateTime": time::show(created + fraction),
        "externalUserStateChangeDateTime": guest.then(|| time::show(created + DAY)),
        "employeeHireDate": (staff && user.index.is_multiple_of(4)).then(|| time::show(time::date(2015 + user.index as i64 % 10, 3, 1))),
        "lastPasswordChangeDateTime": time::show(created + 2 * DAY),
        "signInSessionsValidFromDateTime": time::show(created + 2 * DAY),
        "signInActivity": signed_in.map(|signed_in| json!({
            "lastSignInDateTime": time::show(signed_in), "lastSignInRequestId": guid(&[5, user.index as u64]),
            "lastNonInteractiveSignInDateTime": time::show(signed_in + 3_600 * SECOND), "lastNonInteractiveSignInRequestId": "",
            "lastSuccessfulSignInDateTime": (!user.index.is_multiple_of(3)).then(|| time::show(signed_in)), "lastSuccessfulSignInRequestId": null,
        })),
        "birthday": "0001-01-01T08:00:00Z",
        "hireDate": "0001-01-01T08:00:00Z",
    }))
}

/// Most signed in this month; some long ago, and who was invited and never came not at all.
fn last_sign_in(user: &User, guest: bool, random: &mut SplitMix) -> Option<i64> {
    let recent = time::date(2026, 11, 1) + random.below(29 * 86_400) as i64 * SECOND;
    let pending = guest && !user.index.is_multiple_of(2);
    if !user.enabled || pending {
        return None;
    }
    Some(match user.index {
        // Holds E3 and Power BI and has not been seen for 168 days.
        9 => time::date(2026, 6, 15) + 9 * 3_600 * SECOND,
        // Stale guests.
        44 => time::date(2025, 12, 1) + 1_234_567,
        46 => time::date(2026, 3, 3),
        _ => recent,
    })
}

fn codes(user: &User, kind: &Kind) -> Map<String, Value> {
    let (staff, guest) = (matches!(kind, Kind::Staff), matches!(kind, Kind::Guest));
    let synced = staff && user.index % 6 == 5;
    let minor = user.index % 20 == 7;
    let seed = |purpose: u64| mix(&[purpose, user.index as u64]);
    object(json!({
        "creationType": guest.then_some("Invitation"),
        "externalUserState": guest.then_some(if user.index.is_multiple_of(2) { "Accepted" } else { "PendingAcceptance" }),
        "employeeOrgData": user.index.is_multiple_of(8).then(|| json!({"costCenter": format!("CC-{}", user.index), "division": (user.index % 3 == 1).then_some("Field")})),
        "ageGroup": minor.then_some("Minor"),
        "consentProvidedForMinor": minor.then_some("Granted"),
        "legalAgeGroupClassification": minor.then_some("MinorWithParentalConsent"),
        "passwordPolicies": (!staff).then_some("DisablePasswordExpiration"),
        "showInAddressList": (user.index % 7 != 3).then_some(user.index % 7 != 4),
        "onPremisesSyncEnabled": synced.then_some(true),
        "onPremisesLastSyncDateTime": synced.then(|| time::show(time::date(2026, 11, 20) + 1)),
        "onPremisesSamAccountName": synced.then(|| user.upn.split('@').next()),
        "onPremisesDomainName": synced.then_some("corp.contoso.com"),
        "onPremisesUserPrincipalName": synced.then_some(&user.upn),
        "onPremisesImmutableId": synced.then(|| base64(&seed(3).to_be_bytes())),
        "onPremisesSecurityIdentifier": synced.then(|| format!("S-1-5-21-100-200-300-{}", 1_000 + user.index)),
        "onPremisesDistinguishedName": synced.then(|| format!("CN={},OU=Staff,DC=corp,DC=contoso,DC=com", user.name)),
        "onPremisesExtensionAttributes": attributes((user.index % 9 == 1).then(|| format!("team-{}", user.index % 3)), user.index == 11),
        "faxNumber": (user.index % 10 == 3).then_some("+1 425 555 0198"),
        "preferredDataLocation": (user.index % 12 == 5).then_some("EUR"),
        "isManagementRestricted": (user.index % 20 == 6).then_some(true),
        "securityIdentifier": format!("S-1-12-1-{}", seed(4) >> 32),
        "isResourceAccount": user.index.is_multiple_of(4).then_some(false),
        "deviceEnrollmentLimit": 5,
        "aboutMe": user.index.is_multiple_of(4).then(|| format!("About {}", user.name)),
        "preferredName": user.index.is_multiple_of(5).then_some(&user.name),
        "skills": if user.index.is_multiple_of(4) { json!(["Excel", "C#"]) } else { json!([]) },
        "mailboxSettings": user.mailbox.map(settings),
    }))
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(map) = value {
        map
    } else {
        Map::new()
    }
}

/// All fifteen attributes: none set, or the first, or with `whole` every one.
pub(super) fn attributes(first: Option<String>, whole: bool) -> Value {
    let mut map: Map<String, Value> = (1..=15)
        .map(|i| {
            let value = whole.then(|| format!("attribute {i}"));
            (format!("extensionAttribute{i}"), json!(value))
        })
        .collect();
    if !whole {
        map.insert("extensionAttribute1".into(), json!(first));
    }
    Value::Object(map)
}

fn lists(user: &User, kind: &Kind) -> Map<String, Value> {
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
        "proxyAddresses": addresses, "identities": identities, "otherMails": other,
        "imAddresses": user.mailbox.map(|_| vec![user.upn.clone()]).unwrap_or_default(),
        "authorizationInfo": {"certificateUserIds": []},
    });
    object(value)
}
