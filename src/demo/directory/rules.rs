//! What the directory lets a filter do with which property, and in which mode: the tables of FACTS 1.4 as data.

use super::applications::{APPLICATION, SERVICE_PRINCIPAL};
use super::devices::DEVICE;
use super::roles::ROLE;
use crate::demo::query::check::{Action, Use};

/// Where an operator works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everywhere.
    Default,
    /// Only with `ConsistencyLevel: eventual` and `$count=true`.
    Advanced,
    /// Nowhere.
    Never,
}

/// The directory's rules for one type.
pub struct Rules {
    /// The type.
    pub type_name: &'static str,
    /// Path; then one letter each for eq, in, ne/not, ge/le, startswith, null, endswith: `d`efault, `a`dvanced, `-` never.
    /// In the third place `n` allows only ne and `t` only not; in the fourth `g` allows only ge and `l` only le in default mode, `L` only le in advanced mode.
    pub filters: &'static [(&'static str, &'static str)],
    /// Properties that sort in default mode, alone.
    pub sorts: &'static [&'static str],
    /// Properties that sort in advanced mode besides.
    pub sorts_advanced: &'static [&'static str],
    /// Sent without `$select`.
    pub defaults: &'static [&'static str],
    /// Served for one item only (FACTS 1.4): 501 in a collection.
    pub single_only: &'static [&'static str],
    /// Relationships that can be expanded.
    pub expands: &'static [&'static str],
    /// Properties that `$search` takes.
    pub searches: &'static [&'static str],
}

/// Users (FACTS 1.4, "User filter support").
pub const USER: Rules = Rules {
    type_name: "user",
    filters: &[
        ("accountEnabled", "ddaa---"),
        ("ageGroup", "dda----"),
        ("consentProvidedForMinor", "dda----"),
        ("creationType", "dda----"),
        ("assignedLicenses", "--t--a-"),
        ("assignedLicenses/skuId", "d-t----"),
        ("assignedPlans", "--t--a-"),
        ("assignedPlans/servicePlanId", "d-t----"),
        ("assignedPlans/capabilityStatus", "d-t----"),
        ("businessPhones", "d-t-a--"),
        ("city", "ddagda-"),
        ("country", "ddadda-"),
        ("department", "ddadda-"),
        ("state", "ddadda-"),
        ("companyName", "aaaaaa-"),
        ("mobilePhone", "aaaaaa-"),
        ("officeLocation", "aaaaaa-"),
        ("postalCode", "aaaaaa-"),
        ("preferredLanguage", "aaaaaa-"),
        ("streetAddress", "aaaaaa-"),
        ("createdDateTime", "daad---"),
        ("deletedDateTime", "daad---"),
        ("displayName", "dda-da-"),
        ("employeeId", "d-nLda-"),
        ("employeeHireDate", "aaaa---"),
        ("showInAddressList", "aaaa---"),
        ("onPremisesImmutableId", "aaaa---"),
        ("onPremisesLastSyncDateTime", "aaaa---"),
        (
            "onPremisesExtensionAttributes/extensionAttribute1",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute2",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute3",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute4",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute5",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute6",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute7",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute8",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute9",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute10",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute11",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute12",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute13",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute14",
            "aaaa---",
        ),
        (
            "onPremisesExtensionAttributes/extensionAttribute15",
            "aaaa---",
        ),
        ("employeeType", "aaaaa--"),
        ("onPremisesSamAccountName", "aaaaa--"),
        ("givenName", "ddndda-"),
        ("surname", "ddndda-"),
        ("mailNickname", "ddndda-"),
        ("jobTitle", "ddnd-a-"),
        ("id", "d-a----"),
        ("identities/issuer", "d------"),
        ("identities/issuerAssignedId", "d------"),
        ("imAddresses", "d-add--"),
        ("mail", "ddndd-a"),
        ("onPremisesSecurityIdentifier", "dda--a-"),
        ("onPremisesSyncEnabled", "ddna---"),
        ("onPremisesUserPrincipalName", "ddndd--"),
        ("usageLocation", "ddndd--"),
        ("otherMails", "ddadd-a"),
        ("proxyAddresses", "d-addaa"),
        ("passwordPolicies", "a-a--a-"),
        ("signInActivity/lastSignInDateTime", "d-ad---"),
        ("signInActivity/lastNonInteractiveSignInDateTime", "d-ad---"),
        ("userPrincipalName", "ddnld-a"),
        ("userType", "dda--a-"),
    ],
    sorts: &["displayName", "userPrincipalName"],
    sorts_advanced: &["createdDateTime", "deletedDateTime"],
    defaults: &[
        "businessPhones",
        "displayName",
        "givenName",
        "id",
        "jobTitle",
        "mail",
        "mobilePhone",
        "officeLocation",
        "preferredLanguage",
        "surname",
        "userPrincipalName",
    ],
    single_only: &[
        "aboutMe",
        "birthday",
        "hireDate",
        "interests",
        "mySite",
        "pastProjects",
        "preferredName",
        "responsibilities",
        "schools",
        "skills",
        "mailboxSettings",
    ],
    expands: &["manager", "directReports", "memberOf", "transitiveMemberOf"],
    searches: &[
        "displayName",
        "mail",
        "userPrincipalName",
        "givenName",
        "surname",
        "mailNickname",
        "proxyAddresses",
        "otherMails",
        "jobTitle",
        "department",
        "companyName",
    ],
};

/// Groups (FACTS 1.4, "Group filter").
pub const GROUP: Rules = Rules {
    type_name: "group",
    filters: &[
        ("classification", "d-add--"),
        ("description", "d-add--"),
        ("membershipRule", "d-add--"),
        ("createdDateTime", "ddad---"),
        ("expirationDateTime", "ddad---"),
        ("renewedDateTime", "ddad---"),
        ("onPremisesLastSyncDateTime", "ddad---"),
        ("displayName", "ddadda-"),
        ("mail", "ddadda-"),
        ("mailNickname", "ddadda-"),
        ("preferredLanguage", "ddadda-"),
        ("groupTypes", "d-t----"),
        ("id", "dda----"),
        ("isAssignableToRole", "d-a----"),
        ("mailEnabled", "d-a----"),
        ("membershipRuleProcessingState", "dda----"),
        ("onPremisesSyncEnabled", "dda----"),
        ("securityEnabled", "dda----"),
        ("proxyAddresses", "d-t----"),
        ("assignedLicenses/skuId", "d------"),
        ("hasMembersWithLicenseErrors", "d------"),
        ("resourceProvisioningOptions", "d-t----"),
    ],
    sorts: &["displayName"],
    sorts_advanced: &["deletedDateTime"],
    defaults: &[
        "id",
        "deletedDateTime",
        "classification",
        "createdDateTime",
        "description",
        "displayName",
        "expirationDateTime",
        "groupTypes",
        "isAssignableToRole",
        "mail",
        "mailEnabled",
        "mailNickname",
        "membershipRule",
        "membershipRuleProcessingState",
        "onPremisesDomainName",
        "onPremisesLastSyncDateTime",
        "onPremisesNetBiosName",
        "onPremisesSamAccountName",
        "onPremisesSecurityIdentifier",
        "onPremisesSyncEnabled",
        "onPremisesProvisioningErrors",
        "preferredDataLocation",
        "preferredLanguage",
        "proxyAddresses",
        "renewedDateTime",
        "resourceBehaviorOptions",
        "resourceProvisioningOptions",
        "securityEnabled",
        "securityIdentifier",
        "serviceProvisioningErrors",
        "theme",
        "uniqueName",
        "visibility",
    ],
    single_only: &[
        "allowExternalSenders",
        "autoSubscribeNewMembers",
        "hideFromAddressLists",
        "hideFromOutlookClients",
        "isSubscribedByMail",
        "unseenCount",
    ],
    expands: &["members", "owners", "memberOf"],
    searches: &["displayName", "description", "mail", "mailNickname"],
};

/// What a row of this type shows when nothing is selected.
pub fn defaults(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "group" => GROUP.defaults,
        "device" => DEVICE.defaults,
        "directoryRole" => ROLE.defaults,
        "application" => APPLICATION.defaults,
        "servicePrincipal" => SERVICE_PRINCIPAL.defaults,
        _ => USER.defaults,
    }
}

impl Rules {
    /// Where this use of a property works.
    pub fn mode(&self, one: &Use) -> Mode {
        let Some((_, letters)) = self.filters.iter().find(|(path, _)| *path == one.path) else {
            return Mode::Never;
        };
        let letter = |place: usize| letters.as_bytes().get(place).copied().unwrap_or(b'-');
        let base = match one.action {
            Action::Eq => plain(letter(0)),
            Action::In => plain(letter(1)),
            Action::Ne => allowed(letter(2), b'n'),
            Action::Ge => range(letter(3), b'g'),
            Action::Le if letter(3) == b'L' => Mode::Advanced,
            Action::Le => range(letter(3), b'l'),
            Action::StartsWith => plain(letter(4)),
            // `eq null` and `ne null` are advanced at best (FACTS 2.6).
            Action::IsNull | Action::NotNull => plain(letter(5)),
            Action::Count => plain(letter(5)),
            Action::EndsWith => plain(letter(6)),
            // gt, lt: not documented; contains: refused outright; a bare boolean and a bare any(): undocumented, so refused.
            Action::Gt | Action::Lt | Action::Contains | Action::NotEmpty | Action::Truth => {
                Mode::Never
            }
        };
        if !one.negated || base == Mode::Never {
            return base;
        }
        allowed(letter(2), b't')
    }
}

fn plain(letter: u8) -> Mode {
    match letter {
        b'd' => Mode::Default,
        b'a' => Mode::Advanced,
        _ => Mode::Never,
    }
}

/// ne and not: `a` allows both, the given letter only this one; always advanced.
fn allowed(letter: u8, own: u8) -> Mode {
    if letter == b'a' || letter == own {
        Mode::Advanced
    } else {
        Mode::Never
    }
}

fn range(letter: u8, own: u8) -> Mode {
    if letter == own {
        Mode::Default
    } else {
        plain(letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::query::schema;

    #[test]
    fn every_rule_names_a_property_and_has_seven_letters() {
        for rules in [USER, GROUP, DEVICE, ROLE, APPLICATION, SERVICE_PRINCIPAL] {
            for (path, letters) in rules.filters {
                let first = path.split('/').next().unwrap_or("");
                assert!(schema::member(rules.type_name, first).is_some(), "{path}");
                assert_eq!(letters.len(), 7, "{path}");
            }
            let names = [
                rules.defaults,
                rules.single_only,
                rules.expands,
                rules.searches,
                rules.sorts,
                rules.sorts_advanced,
            ];
            for name in names.concat() {
                assert!(schema::member(rules.type_name, name).is_some(), "{name}");
            }
        }
    }
}
