//! Users, licences, groups and subscriptions (FACTS §3.3, §3.5).

use crate::catalog::{List, Payload, Verb, Way, Writes, delete, patch, post};

/// Profile properties such as skills cannot be set with application permissions (FACTS §3.3).
#[rustfmt::skip]
pub const USERS: Writes = Writes {
    insert: &[post("users")],
    update: Some(patch("users/{id}")),
    delete: Some(delete("users/{id}")),
    settable: &[
        "accountEnabled", "ageGroup", "businessPhones", "city", "companyName",
        "consentProvidedForMinor", "country", "department", "displayName", "employeeHireDate",
        "employeeId", "employeeLeaveDateTime", "employeeOrgData/costCenter",
        "employeeOrgData/division", "employeeType", "faxNumber", "givenName", "jobTitle", "mail",
        "mailNickname", "mobilePhone", "officeLocation", "onPremisesImmutableId", "otherMails",
        "passwordPolicies", "passwordProfile/forceChangePasswordNextSignIn",
        "passwordProfile/forceChangePasswordNextSignInWithMfa", "passwordProfile/password",
        "postalCode", "preferredDataLocation", "preferredLanguage", "showInAddressList", "state",
        "streetAddress", "surname", "usageLocation", "userPrincipalName", "userType",
    ],
    only_old: &[
        "aboutMe", "birthday", "interests", "mySite", "pastProjects", "responsibilities", "schools",
        "skills",
    ],
    required: &[
        "accountEnabled", "displayName", "mailNickname", "userPrincipalName",
        "passwordProfile/password",
    ],
    lists: &[
        ("businessPhones", List::Texts),
        ("otherMails", List::Texts),
        ("interests", List::Texts),
        ("pastProjects", List::Texts),
        ("responsibilities", List::Texts),
        ("schools", List::Texts),
        ("skills", List::Texts),
    ],
    permission: "User.ReadWrite.All",
    example: "UPDATE Users SET department = 'Sales', jobTitle = NULL WHERE userPrincipalName = 'alex@contoso.com'",
    ..Writes::NONE
};

/// Both ways are the same action, whose two lists are always there (FACTS §3.3).
pub const USER_LICENSES: Writes = Writes {
    insert: &[Way {
        verb: Verb::Post,
        path: "{owner}/assignLicense",
        payload: Payload::AddLicense("skuId"),
    }],
    delete: Some(Way {
        verb: Verb::Post,
        path: "{owner}/assignLicense",
        payload: Payload::RemoveLicense("skuId"),
    }),
    required: &["skuId"],
    only_new: &["skuId"],
    told: &["skuId"],
    permission: "LicenseAssignment.ReadWrite.All",
    example: "INSERT INTO UserLicenses(UserId, skuId) SELECT 'alex@contoso.com', skuId FROM SubscribedSkus WHERE skuPartNumber = 'FLOW_FREE'",
    ..Writes::NONE
};

/// Groups; what Exchange keeps of them can only be changed, and alone (FACTS §3.3).
#[rustfmt::skip]
pub const GROUPS: Writes = Writes {
    insert: &[post("groups")],
    update: Some(patch("groups/{id}")),
    delete: Some(delete("groups/{id}")),
    settable: &[
        "displayName", "description", "mailNickname", "groupTypes", "mailEnabled", "securityEnabled",
        "visibility", "classification", "membershipRule", "membershipRuleProcessingState",
        "preferredDataLocation", "preferredLanguage", "theme",
    ],
    only_new: &["isAssignableToRole", "resourceBehaviorOptions", "uniqueName"],
    only_old: &[
        "allowExternalSenders", "autoSubscribeNewMembers", "hideFromAddressLists",
        "hideFromOutlookClients", "isSubscribedByMail",
    ],
    required: &["displayName", "mailEnabled", "mailNickname", "securityEnabled"],
    lists: &[("groupTypes", List::Texts), ("resourceBehaviorOptions", List::Texts)],
    permission: "Group.ReadWrite.All",
    example: "INSERT INTO Groups(displayName, mailNickname, mailEnabled, securityEnabled, groupTypes) VALUES ('Library', 'library', 1, 0, 'Unified')",
    ..Writes::NONE
};

/// Members are references: without `/$ref` a DELETE would remove the object itself (FACTS §3.3).
pub const MEMBERS: Writes = Writes {
    insert: &[Way {
        verb: Verb::Post,
        path: "groups/{GroupId}/members/$ref",
        payload: Payload::Reference("id"),
    }],
    delete: Some(delete("groups/{GroupId}/members/{id}/$ref")),
    only_new: &["id"],
    required: &["id"],
    permission: "GroupMember.ReadWrite.All",
    example: "INSERT INTO GroupMembers(GroupId, id) SELECT g.id, u.id FROM Groups g, Users u WHERE g.displayName = 'Sales' AND u.userPrincipalName = 'alex@contoso.com'",
    ..Writes::NONE
};

/// As [`MEMBERS`].
pub const OWNERS: Writes = Writes {
    insert: &[Way {
        verb: Verb::Post,
        path: "groups/{GroupId}/owners/$ref",
        payload: Payload::Reference("id"),
    }],
    delete: Some(delete("groups/{GroupId}/owners/{id}/$ref")),
    permission: "Group.ReadWrite.All",
    example: "INSERT INTO GroupOwners(GroupId, id) SELECT g.id, u.id FROM Groups g, Users u WHERE g.displayName = 'Sales' AND u.userPrincipalName = 'alex@contoso.com'",
    ..MEMBERS
};

/// The service asks the address for an answer before it makes one (FACTS §3.5).
pub const SUBSCRIPTIONS: Writes = Writes {
    insert: &[post("subscriptions")],
    update: Some(patch("subscriptions/{id}")),
    delete: Some(delete("subscriptions/{id}")),
    settable: &["expirationDateTime", "notificationUrl"],
    only_new: &[
        "resource",
        "changeType",
        "lifecycleNotificationUrl",
        "includeResourceData",
        "latestSupportedTlsVersion",
        "clientState",
        "encryptionCertificate",
        "encryptionCertificateId",
    ],
    required: &[
        "resource",
        "changeType",
        "notificationUrl",
        "expirationDateTime",
    ],
    permission: "the permission that reads the resource",
    example: "INSERT INTO Subscriptions(resource, changeType, notificationUrl, expirationDateTime) VALUES ('me/events', 'created,updated', 'https://example.com/hook', '2026-12-02')",
    ..Writes::NONE
};
