//! The people tables: Users and Me, over `user`; DirectReports and DeletedUsers.
//!
//! The operators are the table of FACTS §1.4, row by row. Where the service takes only one direction
//! of a range, the range is marked as absent; ranges over text are never sent anyway. Me is the same
//! list without inputs and filters: its address answers one row.

use super::groups::object_columns;
use super::{
    Column, Count, Mode, OrderRule, Owner, Role, Search, Service, Source, Table, boolean,
    collection, enumeration, input, instant, integer, item, json, text, time, written, zoned,
};

/// automaticRepliesStatus
pub(super) const REPLIES_STATUS: &[&str] = &["disabled", "alwaysEnabled", "scheduled"];
/// externalAudienceScope
pub(super) const AUDIENCE: &[&str] = &["none", "contactsOnly", "all"];
/// delegateMeetingMessageDeliveryOptions
pub(super) const DELEGATE_DELIVERY: &[&str] = &[
    "sendToDelegateAndInformationToPrincipal",
    "sendToDelegateAndPrincipal",
    "sendToDelegateOnly",
];
/// userPurpose
pub(super) const PURPOSE: &[&str] = &["user", "linked", "shared", "room", "equipment", "others"];

/// The users of the tenant.
pub static USERS: Table = Table {
    name: "Users",
    doc: "A user account of the tenant, guests included.",
    question: "Who is in the organization, where and in which role?",
    example: "SELECT displayName, jobTitle, department FROM Users WHERE department = 'Sales' ORDER BY displayName",
    service: Service::Directory,
    owner: Owner::Tenant,
    columns: &USER_COLUMNS,
    routes: &[collection("users"), item("users/{id}")],
    page: 999,
    // 500 is the most when signInActivity is selected (FACTS §1.4).
    heavy_page: 500,
    count: Count::Advanced,
    search: Some(Search::Properties {
        default: "displayName",
    }),
    order: OrderRule::Advanced,
    writes: Some(&written::USERS),
    permission: "User.Read.All",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
static USER_COLUMNS: [Column; 123] = [
    text("id", "The user's object id.").ops("d - a - - - -"),
    // Who it is.
    text("displayName",         "The full name as shown in the address book.").ops("d d a - d a -"),
    text("userPrincipalName",   "The name to sign in with, written like an e-mail address.").ops("d d a - d - a"),
    text("mail",                "The primary SMTP address.").ops("d d a d d - a"),
    text("givenName",           "The first name.").ops("d d a d d a -"),
    text("surname",             "The family name.").ops("d d a d d a -"),
    text("jobTitle",            "The job title.").ops("d d a d - a -"),
    text("department",          "The department the user works in.").ops("d d a d d a -"),
    text("companyName",         "The company the user works for.").ops("a a a a a a -"),
    text("officeLocation",      "Where in the building the user works.").ops("a a a a a a -"),
    json("businessPhones",      "The business telephone number, as an array of at most one text."),
    text("mobilePhone",         "The mobile telephone number.").ops("a a a a a a -"),
    boolean("accountEnabled",   "Whether the user may sign in.").ops("d d a a - - -"),
    text("userType",            "Member or Guest.").ops("d d a - - a -"),
    instant("createdDateTime",  "When the account was created, in UTC.").ops("d a a d - - -").sorts(Mode::Advanced),
    text("employeeId",          "The number the organization gave the employee.").ops("d - a - d a -"),
    text("employeeType",        "The kind of worker, such as Employee or Contractor.").ops("a a a a a - -"),
    instant("employeeHireDate", "When the employee was or will be hired, in UTC.").ops("a a a a - - -"),
    // Where.
    text("streetAddress",     "The street and number of the place of work.").ops("a a a a a a -"),
    text("city",              "The city of the place of work.").ops("d d a - d a -"),
    text("state",             "The state or province of the place of work.").ops("d d a d d a -"),
    text("postalCode",        "The postal code of the place of work.").ops("a a a a a a -"),
    text("country",           "The country or region of the place of work.").ops("d d a d d a -"),
    text("usageLocation",     "The two-letter code of the country that decides which services are lawful.").ops("d d a d d - -"),
    text("preferredLanguage", "The language the user prefers, as an ISO code such as en-US.").ops("a a a a a a -"),
    // Addresses and licences.
    text("mailNickname",                       "The mail alias.").ops("d d a d d a -"),
    json("proxyAddresses",                     "All mail addresses with their kind, SMTP: in capitals for the primary one, as an array of texts."),
    json("otherMails",                         "Further mail addresses, as an array of texts."),
    json("imAddresses",                        "The addresses for instant messages, as an array of texts."),
    json("assignedLicenses",                   "The licences given, as an array of {skuId, disabledPlans}."),
    json("assignedPlans",                      "The service plans given, as an array of {servicePlanId, service, capabilityStatus, assignedDateTime}."),
    json("licenseAssignmentStates",            "How each licence was given and whether it works, as an array of objects."),
    instant("lastPasswordChangeDateTime",      "When the password was last set, in UTC."),
    text("passwordPolicies",                   "The exceptions to the password rules, with a comma between them.").ops("a - a - - a -"),
    json("identities",                         "The identities that can sign in, as an array of {signInType, issuer, issuerAssignedId}."),
    text("creationType",                       "How the account came to be, NULL for an ordinary one.").ops("d d a - - - -"),
    text("externalUserState",                  "How far an invited guest is, PendingAcceptance or Accepted, NULL for members."),
    instant("externalUserStateChangeDateTime", "When externalUserState last changed, in UTC."),
    text("faxNumber",                          "The fax number."),
    text("employeeOrgData/costCenter",         "The cost centre of the employee."),
    text("employeeOrgData/division",           "The division of the employee."),
    boolean("showInAddressList",               "Whether address lists are to show the user, NULL where not known.").ops("a a a a - - -"),
    // From Active Directory.
    boolean("onPremisesSyncEnabled",      "Whether the account is synchronized from Active Directory, NULL if it never was.").ops("d d a a - - -"),
    instant("onPremisesLastSyncDateTime", "When the account was last synchronized, in UTC.").ops("a a a a - - -"),
    text("onPremisesSamAccountName",      "The sAMAccountName in Active Directory.").ops("a a a a a - -"),
    text("onPremisesUserPrincipalName",   "The userPrincipalName in Active Directory.").ops("d d a d d - -"),
    text("onPremisesDistinguishedName",   "The distinguished name in Active Directory."),
    text("onPremisesDomainName",          "The DNS name of the Active Directory domain."),
    text("onPremisesImmutableId",         "The value that ties the account to its Active Directory account.").ops("a a a a - - -"),
    text("onPremisesSecurityIdentifier",  "The security identifier (SID) in Active Directory.").ops("d d a - - a -"),
    text("ageGroup",                      "The age group, Minor, NotAdult or Adult, NULL where not set.").ops("d d a - - - -"),
    // Inputs, then what needs a permission or a licence of its own: read only when surely used.
    input("filter", Role::Filter,                              "An OData filter that is added to what the driver asks.").hidden(),
    input("Users", Role::Match,                                "The left side of MATCH, which takes a text for displayName or property:text terms.").hidden(),
    instant("signInActivity/lastSignInDateTime",               "When the user last tried to sign in in person, in UTC, with or without success.").ops("d - a d - - -").alone().asked().heavy(),
    text("signInActivity/lastSignInRequestId",                 "The request id of that sign-in.").asked().heavy(),
    instant("signInActivity/lastNonInteractiveSignInDateTime", "When a program last tried to sign in for the user, in UTC.").ops("d - a d - - -").alone().asked().heavy(),
    text("signInActivity/lastNonInteractiveSignInRequestId",   "The request id of that sign-in.").asked().heavy(),
    instant("signInActivity/lastSuccessfulSignInDateTime",     "When a sign-in of either kind last succeeded, in UTC.").ops("d - a d - - -").alone().asked().heavy(),
    text("signInActivity/lastSuccessfulSignInRequestId",       "The request id of that sign-in.").asked().heavy(),
    json("customSecurityAttributes",                           "The custom security attributes, as an object of attribute sets.").asked(),
    instant("employeeLeaveDateTime",                           "When the employee left or will leave, in UTC.").asked(),
    json("authorizationInfo/certificateUserIds",               "The certificate identities that can sign in, as an array of texts.").asked(),
    // The rest of the account.
    instant("deletedDateTime",                                 "When the account was deleted, in UTC, NULL for accounts in use.").ops("d a a d - - -"),
    text("consentProvidedForMinor",                            "Whether consent for a minor was given, Granted, Denied or NotRequired, NULL where not set.").ops("d d a - - - -"),
    text("legalAgeGroupClassification",                        "The age group by law, which follows from ageGroup and consentProvidedForMinor."),
    instant("signInSessionsValidFromDateTime",                 "From when on sessions count, in UTC, since earlier ones were revoked."),
    text("securityIdentifier",                                 "The security identifier (SID) of the account in the cloud."),
    text("preferredDataLocation",                              "The geography that holds the user's data, in tenants with several."),
    boolean("isResourceAccount",                               "Reserved by Microsoft."),
    boolean("isManagementRestricted",                          "Whether a restricted administrative unit protects the account."),
    json("provisionedPlans",                                   "The service plans set up, as an array of {service, capabilityStatus, provisioningStatus}."),
    json("serviceProvisioningErrors",                          "What services reported as wrong with the account, as an array of objects."),
    json("onPremisesProvisioningErrors",                       "What went wrong while synchronizing from Active Directory, as an array of objects."),
    text("onPremisesExtensionAttributes/extensionAttribute1",  "Extension attribute 1 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute2",  "Extension attribute 2 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute3",  "Extension attribute 3 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute4",  "Extension attribute 4 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute5",  "Extension attribute 5 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute6",  "Extension attribute 6 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute7",  "Extension attribute 7 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute8",  "Extension attribute 8 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute9",  "Extension attribute 9 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute10", "Extension attribute 10 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute11", "Extension attribute 11 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute12", "Extension attribute 12 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute13", "Extension attribute 13 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute14", "Extension attribute 14 of Active Directory or Exchange.").ops("a a a a - - -"),
    text("onPremisesExtensionAttributes/extensionAttribute15", "Extension attribute 15 of Active Directory or Exchange.").ops("a a a a - - -"),
    // Rarely wanted.
    text("identityParentId", "The object id of the identity that an agent's account belongs to, NULL for people.").hidden(),
    // A collection answers 501 to these (FACTS §1.4): they are read user by user.
    text("aboutMe",                                                 "What the user wrote about himself.").item_only(),
    instant("birthday",                                             "The birthday, as midnight UTC.").item_only(),
    instant("hireDate",                                             "The day of hire in the SharePoint profile, in UTC.").item_only(),
    json("interests",                                               "The interests in the profile, as an array of texts.").item_only(),
    text("mySite",                                                  "The address of the user's site.").item_only(),
    json("pastProjects",                                            "The past projects in the profile, as an array of texts.").item_only(),
    text("preferredName",                                           "The preferred name in the profile.").item_only(),
    json("responsibilities",                                        "The responsibilities in the profile, as an array of texts.").item_only(),
    json("schools",                                                 "The schools in the profile, as an array of texts.").item_only(),
    json("skills",                                                  "The skills in the profile, as an array of texts.").item_only(),
    integer("deviceEnrollmentLimit",                                "How many devices the user may enroll.").item_only(),
    boolean("passwordProfile/forceChangePasswordNextSignIn",        "Whether the user must set a new password at the next sign-in.").item_only(),
    boolean("passwordProfile/forceChangePasswordNextSignInWithMfa", "Whether the user must pass multi-factor authentication before setting a new password.").item_only(),
    text("passwordProfile/password",                                "The password to set, always NULL when read.").item_only(),
    // The settings of the user's mailbox, read user by user with MailboxSettings.Read.
    text("mailboxSettings/timeZone",                                               "The zone of the mailbox, as a Windows or IANA name.").item_only(),
    text("mailboxSettings/language/locale",                                        "The language of the mailbox, as a code such as en-US.").item_only(),
    text("mailboxSettings/language/displayName",                                   "The name of the language of the mailbox.").item_only(),
    text("mailboxSettings/dateFormat",                                             "The pattern that dates are shown in.").item_only(),
    text("mailboxSettings/timeFormat",                                             "The pattern that times of day are shown in.").item_only(),
    enumeration("mailboxSettings/userPurpose", PURPOSE,                            "What the mailbox serves, such as a person or a room.").item_only(),
    text("mailboxSettings/archiveFolder",                                          "The id of the folder that Archive moves mail to.").item_only(),
    enumeration("mailboxSettings/delegateMeetingMessageDeliveryOptions", DELEGATE_DELIVERY, "Who receives meeting messages when there is a delegate.").item_only(),
    json("mailboxSettings/workingHours/daysOfWeek",                                "The days the user works, as an array of names.").item_only(),
    time("mailboxSettings/workingHours/startTime",                                 "The time of day work begins, in the zone of the working hours.").item_only(),
    time("mailboxSettings/workingHours/endTime",                                   "The time of day work ends, in the zone of the working hours.").item_only(),
    text("mailboxSettings/workingHours/timeZone/name",                             "The zone of the working hours.").item_only(),
    enumeration("mailboxSettings/automaticRepliesSetting/status", REPLIES_STATUS,  "Whether automatic replies are sent.").item_only(),
    enumeration("mailboxSettings/automaticRepliesSetting/externalAudience", AUDIENCE, "Who outside the organization receives automatic replies.").item_only(),
    text("mailboxSettings/automaticRepliesSetting/internalReplyMessage",           "The automatic reply to people of the organization, in HTML.").item_only(),
    text("mailboxSettings/automaticRepliesSetting/externalReplyMessage",           "The automatic reply to people outside the organization, in HTML.").item_only(),
    zoned("mailboxSettings/automaticRepliesSetting/scheduledStartDateTime/dateTime", "When scheduled automatic replies begin, in UTC.").item_only(),
    text("mailboxSettings/automaticRepliesSetting/scheduledStartDateTime/timeZone", "The zone that Graph gave that start in.").item_only(),
    zoned("mailboxSettings/automaticRepliesSetting/scheduledEndDateTime/dateTime", "When scheduled automatic replies end, in UTC.").item_only(),
    text("mailboxSettings/automaticRepliesSetting/scheduledEndDateTime/timeZone",  "The zone that Graph gave that end in.").item_only(),
];

/// The signed-in user, or the one that the connection's UserId names.
pub static ME: Table = Table {
    name: "Me",
    doc: "The signed-in user, or the user that the connection names, as the only row.",
    question: "Who is signed in?",
    example: "SELECT displayName, userPrincipalName, department FROM Me",
    service: Service::Directory,
    owner: Owner::Mailbox,
    columns: &ME_COLUMNS,
    routes: &[item("{owner}")],
    page: 1,
    heavy_page: 1,
    permission: "User.Read",
    ..Table::PLAIN
};

static ME_COLUMNS: [Column; USER_COLUMNS.len() - 2] = me_columns();

/// The columns of Users, without inputs, filters and sorting.
const fn me_columns() -> [Column; USER_COLUMNS.len() - 2] {
    let mut me = [USER_COLUMNS[0]; USER_COLUMNS.len() - 2];
    let (mut from, mut to) = (0, 0);
    while from < USER_COLUMNS.len() {
        let column = USER_COLUMNS[from];
        if matches!(column.source, Source::Property) {
            me[to] = column.local();
            to += 1;
        }
        from += 1;
    }
    me
}

/// Who reports to a user.
pub static DIRECT_REPORTS: Table = Table {
    name: "DirectReports",
    doc: "A person whose manager is one user.",
    question: "Who reports to whom?",
    example: "SELECT displayName, userPrincipalName, jobTitle FROM DirectReports ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    owner: Owner::Mailbox,
    columns: &REPORT_COLUMNS,
    routes: &[collection("{owner}/directReports")],
    page: 100,
    heavy_page: 100,
    permission: "User.Read.All",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

const REPORT_COLUMNS: [Column; 14] = object_columns(&[
    input(
        "UserId",
        Role::Mailbox,
        "Whose reports, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given.",
    ),
    input(
        "mailbox",
        Role::Mailbox,
        "The same as UserId, as the first argument of the table-valued form.",
    )
    .hidden(),
]);

/// Accounts that can still be restored. That `$filter` works on them as on users is documented but not
/// in FACTS: they are few, and SQLite compares.
pub static DELETED_USERS: Table = Table {
    name: "DeletedUsers",
    doc: "A user account that was deleted in the last 30 days and can be restored.",
    question: "Whose account was deleted, and when?",
    example: "SELECT displayName, mail, deletedDateTime FROM DeletedUsers ORDER BY deletedDateTime DESC, id LIMIT 10",
    service: Service::Directory,
    columns: DELETED_USER_COLUMNS,
    routes: &[collection("directory/deletedItems/microsoft.graph.user")],
    page: 999,
    heavy_page: 999,
    permission: "User.Read.All",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const DELETED_USER_COLUMNS: &[Column] = &[
    text("id",                 "The user's object id, which Users no longer has."),
    text("displayName",        "The full name as shown in the address book."),
    text("userPrincipalName",  "The name to sign in with, before which the service may have put the object id."),
    instant("deletedDateTime", "When the account was deleted, in UTC."),
    text("mail",               "The primary SMTP address."),
    text("givenName",          "The first name."),
    text("surname",            "The family name."),
    text("jobTitle",           "The job title."),
    text("officeLocation",     "Where in the building the user worked."),
    json("businessPhones",     "The business telephone number, as an array of at most one text."),
    text("mobilePhone",        "The mobile telephone number."),
    text("preferredLanguage",  "The language the user prefers, as an ISO code such as en-US."),
];
