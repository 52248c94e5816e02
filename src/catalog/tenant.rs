//! The tenant itself: Organization, Domains, Devices, DirectoryRoles and DirectoryRoleMembers.
//!
//! Few options are proven here. `$search` and `$count` of devices are in the published metadata
//! (csdl-capabilities), filters on them are not in FACTS; directory roles take no option at all
//! (A/directoryrole-list), and what the options of domains do is not known (FACTS §1.4).

use super::groups::object_columns;
use super::{
    Column, Count, Role, Search, Service, Table, boolean, collection, enumeration, input, instant,
    integer, item, json, parent, text,
};

/// mdmAuthority
const MDM_AUTHORITY: &[&str] = &["unknown", "intune", "sccm", "office365"];
/// partnerTenantType
const PARTNER_TYPE: &[&str] = &[
    "microsoftSupport",
    "syndicatePartner",
    "breadthPartner",
    "breadthPartnerDelegatedAdmin",
    "resellerPartnerDelegatedAdmin",
    "valueAddedResellerPartnerDelegatedAdmin",
];

/// The tenant.
pub static ORGANIZATION: Table = Table {
    name: "Organization",
    doc: "The tenant as the only row, which shows no more than id, displayName and verifiedDomains to whoever has User.Read alone.",
    question: "Which tenant is this, and which domains and plans does it have?",
    example: "SELECT displayName, countryLetterCode, createdDateTime FROM Organization",
    service: Service::Directory,
    columns: ORGANIZATION_COLUMNS,
    routes: &[collection("organization")],
    permission: "User.Read",
    app_permission: "Organization.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const ORGANIZATION_COLUMNS: &[Column] = &[
    text("id",                                   "The tenant's id."),
    text("displayName",                          "The name of the tenant."),
    json("verifiedDomains",                      "The domains that were verified, as an array of {name, type, isDefault, isInitial, capabilities}."),
    text("tenantType",                           "What the tenant is for, such as AAD, or AAD B2C for customers."),
    instant("createdDateTime",                   "When the tenant was created, in UTC."),
    text("defaultUsageLocation",                 "The two-letter country of users who have none of their own."),
    text("preferredLanguage",                    "The language of the tenant, as a code such as en."),
    // Where.
    text("street",            "The street and number of the organization."),
    text("city",              "The city of the organization."),
    text("state",             "The state or province of the organization."),
    text("postalCode",        "The postal code of the organization."),
    text("country",           "The country or region of the organization."),
    text("countryLetterCode", "The two-letter code of the country of the organization."),
    json("businessPhones",    "The telephone number of the organization, as an array of at most one text."),
    // Whom to tell.
    json("technicalNotificationMails",           "The addresses for technical notices, as an array of texts."),
    json("marketingNotificationEmails",          "The addresses for marketing, as an array of texts."),
    json("securityComplianceNotificationMails",  "The addresses for notices on security and compliance, as an array of texts."),
    json("securityComplianceNotificationPhones", "The telephone numbers for notices on security and compliance, as an array of texts."),
    text("privacyProfile/contactEmail",          "The address to ask about privacy."),
    text("privacyProfile/statementUrl",          "The address of the privacy statement."),
    // What it has.
    json("assignedPlans",                        "The service plans of the tenant, as an array of {servicePlanId, service, capabilityStatus, assignedDateTime}."),
    json("provisionedPlans",                     "The service plans set up for the tenant, as an array of {service, capabilityStatus, provisioningStatus}."),
    boolean("onPremisesSyncEnabled",             "Whether the tenant is synchronized from Active Directory, NULL if it never was."),
    instant("onPremisesLastSyncDateTime",        "When the tenant was last synchronized, in UTC."),
    enumeration("mobileDeviceManagementAuthority", MDM_AUTHORITY, "Who manages mobile devices."),
    enumeration("partnerTenantType", PARTNER_TYPE, "What kind of partner of Microsoft the tenant is, NULL for most."),
    instant("deletedDateTime",                   "When the tenant was deleted, in UTC, NULL for one in use."),
];

/// The domains of the tenant.
pub static DOMAINS: Table = Table {
    name: "Domains",
    doc: "A domain that was added to the tenant, verified or not.",
    question: "Which domains do we have, and which of them are verified?",
    example: "SELECT id, isDefault, isVerified, authenticationType FROM Domains ORDER BY isDefault DESC, id",
    service: Service::Directory,
    columns: DOMAIN_COLUMNS,
    routes: &[collection("domains"), item("domains/{id}")],
    select: false,
    permission: "Directory.Read.All",
    app_permission: "Domain.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const DOMAIN_COLUMNS: &[Column] = &[
    text("id",                                 "The name of the domain, which is its id."),
    boolean("isDefault",                       "Whether new users are created in the domain unless told otherwise."),
    boolean("isVerified",                      "Whether the tenant proved that the domain is its own."),
    boolean("isInitial",                       "Whether it is the domain that the tenant began with, under onmicrosoft.com."),
    boolean("isRoot",                          "Whether it is not below another domain of the tenant."),
    boolean("isAdminManaged",                  "Whether the domain's records are kept by its administrator, not by Microsoft 365."),
    text("authenticationType",                 "Where users of the domain sign in, Managed or Federated."),
    json("supportedServices",                  "What the domain is used for, such as Email, as an array of texts."),
    integer("passwordValidityPeriodInDays",    "After how many days a password expires, 2147483647 for never and NULL for the service's default."),
    integer("passwordNotificationWindowInDays", "How many days before that users are told, NULL for the service's default."),
    text("availabilityStatus",                 "Whether the domain can be used, NULL but while it is being verified."),
    text("state/status",                       "The state of the last change of the domain, NULL where there was none."),
    text("state/operation",                    "The kind of that change, such as ForceDelete or Verification."),
    instant("state/lastActionDateTime",        "When that change last went on, in UTC."),
    text("manufacturer",                       "Of no documented meaning.").hidden(),
    text("model",                              "Of no documented meaning.").hidden(),
];

/// The devices of the tenant.
pub static DEVICES: Table = Table {
    name: "Devices",
    doc: "A device that is registered in or joined to the tenant.",
    question: "Which devices are there, and when were they last used?",
    example: "SELECT displayName, operatingSystem, isCompliant FROM Devices ORDER BY displayName, id LIMIT 10",
    service: Service::Directory,
    columns: DEVICE_COLUMNS,
    routes: &[collection("devices"), item("devices/{id}")],
    page: 100,
    heavy_page: 100,
    count: Count::Advanced,
    search: Some(Search::Properties {
        default: "displayName",
    }),
    permission: "Device.Read.All",
    app_permission: "Device.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const DEVICE_COLUMNS: &[Column] = &[
    text("id",                               "The object id of the device in the directory."),
    text("displayName",                      "The name of the device."),
    text("deviceId",                         "The id that the device was registered under, which the device itself knows."),
    text("operatingSystem",                  "The operating system, such as Windows."),
    text("operatingSystemVersion",           "The version of the operating system."),
    boolean("accountEnabled",                "Whether the device may sign in."),
    boolean("isCompliant",                   "Whether the device obeys the rules of its management, NULL where it has none."),
    boolean("isManaged",                     "Whether the device is managed, NULL where not known."),
    text("trustType",                        "How it belongs to the tenant, Workplace, AzureAd or ServerAd."),
    instant("approximateLastSignInDateTime", "When the device last signed in, in UTC and to within some days."),
    instant("registrationDateTime",          "When the device was registered, in UTC."),
    text("manufacturer",                     "The maker of the device."),
    text("model",                            "The model of the device."),
    text("deviceOwnership",                  "Whose device it is, such as company or personal."),
    text("managementType",                   "What manages the device, such as mdm."),
    text("profileType",                      "What kind of device it is, such as RegisteredDevice, SecureVM or Shared."),
    text("deviceCategory",                   "The category that Intune put it in."),
    text("enrollmentProfileName",            "The profile that the device was enrolled with."),
    text("enrollmentType",                   "How the device was enrolled in Intune."),
    text("mdmAppId",                         "The id of the application that manages the device."),
    boolean("isRooted",                      "Whether the device's protections were removed, NULL where not known."),
    boolean("isManagementRestricted",        "Whether a restricted administrative unit protects the device."),
    instant("complianceExpirationDateTime",  "When the device stops counting as compliant, in UTC."),
    boolean("onPremisesSyncEnabled",         "Whether the device is synchronized from Active Directory, NULL if it never was."),
    instant("onPremisesLastSyncDateTime",    "When the device was last synchronized, in UTC."),
    text("onPremisesSecurityIdentifier",     "The security identifier (SID) in Active Directory."),
    json("systemLabels",                     "The labels that the system gave the device, as an array of texts."),
    json("physicalIds",                      "Ids for internal use, as an array of texts."),
    instant("deletedDateTime",               "When the device was deleted, in UTC, NULL for devices in use."),
    // Inputs out of sight.
    input("filter", Role::Filter, "An OData filter that is added to what the driver asks.").hidden(),
    input("Devices", Role::Match, "The left side of MATCH, which takes a text for displayName or property:text terms.").hidden(),
    // For internal use.
    json("alternativeSecurityIds", "Keys for internal use, as an array of {type, identityProvider, key}.").hidden(),
    text("deviceMetadata",         "For internal use, NULL.").hidden(),
    integer("deviceVersion",       "For internal use.").hidden(),
];

/// The directory roles in use.
pub static DIRECTORY_ROLES: Table = Table {
    name: "DirectoryRoles",
    doc: "A directory role that has been activated in the tenant, such as Global Administrator.",
    question: "Which administrative roles are in use?",
    example: "SELECT displayName, description FROM DirectoryRoles ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    columns: DIRECTORY_ROLE_COLUMNS,
    routes: &[collection("directoryRoles"), item("directoryRoles/{id}")],
    select: false,
    permission: "RoleManagement.Read.Directory",
    app_permission: "RoleManagement.Read.Directory",
    ..Table::PLAIN
};

#[rustfmt::skip]
const DIRECTORY_ROLE_COLUMNS: &[Column] = &[
    text("id",                 "The object id of the role in this tenant."),
    text("displayName",        "The name of the role."),
    text("description",        "What the role may do."),
    text("roleTemplateId",     "The id of the role that is the same in every tenant."),
    instant("deletedDateTime", "When the role was deleted, in UTC, NULL for roles in use."),
];

/// Who has a directory role.
pub static DIRECTORY_ROLE_MEMBERS: Table = Table {
    name: "DirectoryRoleMembers",
    doc: "A person, group or application that has one directory role.",
    question: "Who is an administrator?",
    example: "SELECT displayName, userPrincipalName FROM DirectoryRoleMembers WHERE RoleId = (SELECT id FROM DirectoryRoles WHERE displayName = 'Global Administrator') ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    columns: &ROLE_MEMBER_COLUMNS,
    routes: &[collection("directoryRoles/{RoleId}/members")],
    permission: "RoleManagement.Read.Directory",
    app_permission: "RoleManagement.Read.Directory",
    ..Table::PLAIN
};

const ROLE_MEMBER_COLUMNS: [Column; 13] = object_columns(&[parent(
    "RoleId",
    "DirectoryRoles",
    "Which role, echoed from the query.",
)]);
