//! Groups and who belongs to them: Groups, GroupMembers, GroupTransitiveMembers, GroupOwners and
//! UserGroups.
//!
//! The operators of Groups are those of FACTS §1.4 "Group filter": `ne` is advanced always, `null`
//! likewise, ranges over text are never sent. Members, owners and memberships are rows of several types,
//! told apart by `@odata.type`; they have the properties that people and groups come with unasked, and no
//! filter but `$search`, which FACTS §1.4 has for members and memberships alone.

use super::{
    Column, Count, Owner, Role, Search, Service, Table, boolean, collection, enumeration, input,
    instant, integer, item, json, parent, text, written,
};

/// groupAccessType
const ACCESS_TYPE: &[&str] = &["none", "private", "secret", "public"];

/// The groups of the tenant.
pub static GROUPS: Table = Table {
    name: "Groups",
    doc: "A group of the tenant, a Microsoft 365 group, a security group or a distribution list.",
    question: "Which groups are there, and what are they for?",
    example: "SELECT displayName, mail, visibility FROM Groups ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    columns: GROUP_COLUMNS,
    routes: &[collection("groups"), item("groups/{id}")],
    page: 999,
    heavy_page: 999,
    count: Count::Advanced,
    search: Some(Search::Properties {
        default: "displayName",
    }),
    // displayName sorts there, but not as it does here; deletedDateTime is NULL in all rows.
    writes: Some(&written::GROUPS),
    permission: "GroupMember.Read.All",
    app_permission: "GroupMember.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const GROUP_COLUMNS: &[Column] = &[
    text("id", "The group's object id.").ops("d d a - - - -"),
    // What it is.
    text("displayName",                   "The name of the group.").ops("d d a d d a -"),
    text("description",                   "What the group is for.").ops("d - a d d - -"),
    text("mail",                          "The SMTP address of the group, NULL where it has none.").ops("d d a d d a -"),
    text("mailNickname",                  "The mail alias of the group.").ops("d d a d d a -"),
    json("groupTypes",                    "Unified for a Microsoft 365 group, DynamicMembership where a rule decides who belongs to it, as an array of texts."),
    boolean("mailEnabled",                "Whether the group receives mail.").ops("d - a - - - -"),
    boolean("securityEnabled",            "Whether the group can be given rights.").ops("d d a - - - -"),
    text("visibility",                    "Who may join and look in, Public, Private or HiddenMembership."),
    instant("createdDateTime",            "When the group was created, in UTC.").ops("d d a d - - -"),
    text("classification",                "How sensitive the group's contents are, as the organization words it.").ops("d - a d d - -"),
    text("membershipRule",                "The rule that decides who belongs to a dynamic group.").ops("d - a d d - -"),
    text("membershipRuleProcessingState", "Whether that rule is applied, On or Paused.").ops("d d a - - - -"),
    boolean("isAssignableToRole",         "Whether the group can be given a directory role, NULL where not known.").ops("d - a - - - -"),
    json("resourceProvisioningOptions",   "Team where the group has a team, as an array of texts."),
    json("resourceBehaviorOptions",       "What was chosen when the group was created, such as WelcomeEmailDisabled, as an array of texts."),
    json("proxyAddresses",                "All mail addresses with their kind, SMTP: in capitals for the primary one, as an array of texts."),
    instant("expirationDateTime",         "When the group expires, in UTC, NULL where it does not.").ops("d d a d - - -"),
    instant("renewedDateTime",            "When the group was last renewed, in UTC.").ops("d d a d - - -"),
    text("preferredLanguage",             "The language of the group, as a code such as en-US.").ops("d d a d d a -"),
    text("preferredDataLocation",         "The geography that holds the group's data, in tenants with several."),
    text("theme",                         "The colour theme of the group, such as Teal."),
    text("securityIdentifier",            "The security identifier (SID) of the group in the cloud."),
    text("uniqueName",                    "A name that the creating program gave the group, NULL for most."),
    // Labels and licences, which come only when selected (FACTS §1.4).
    json("assignedLabels",               "The sensitivity labels, as an array of {labelId, displayName}."),
    json("assignedLicenses",             "The licences that members are given, as an array of {skuId, disabledPlans}."),
    text("licenseProcessingState/state", "How far giving these licences is, QueuedForProcessing, ProcessingInProgress or ProcessingComplete."),
    boolean("isManagementRestricted",    "Whether a restricted administrative unit protects the group."),
    // From Active Directory.
    boolean("onPremisesSyncEnabled",      "Whether the group is synchronized from Active Directory, NULL if it never was.").ops("d d a - - - -"),
    instant("onPremisesLastSyncDateTime", "When the group was last synchronized, in UTC.").ops("d d a d - - -"),
    text("onPremisesDomainName",          "The DNS name of the Active Directory domain."),
    text("onPremisesNetBiosName",         "The NetBIOS name of the Active Directory domain."),
    text("onPremisesSamAccountName",      "The sAMAccountName in Active Directory."),
    text("onPremisesSecurityIdentifier",  "The security identifier (SID) in Active Directory."),
    json("onPremisesProvisioningErrors",  "What went wrong while synchronizing from Active Directory, as an array of objects."),
    json("serviceProvisioningErrors",     "What services reported as wrong with the group, as an array of objects."),
    instant("deletedDateTime",            "When the group was deleted, in UTC, NULL for groups in use."),
    // Inputs out of sight.
    input("filter", Role::Filter, "An OData filter that is added to what the driver asks.").hidden(),
    input("Groups", Role::Match,  "The left side of MATCH, which takes a text for displayName or property:text terms.").hidden(),
    // Only one group's own address returns these (R/group, FACTS §1.4): they live in Exchange. Of those
    // that FACTS does not name, the ones of the same kind are treated alike.
    boolean("allowExternalSenders",       "Whether people outside the organization can send to the group.").item_only(),
    boolean("autoSubscribeNewMembers",    "Whether new members receive the group's conversations by mail.").item_only(),
    boolean("hideFromAddressLists",       "Whether address lists leave the group out.").item_only(),
    boolean("hideFromOutlookClients",     "Whether Outlook leaves the group out.").item_only(),
    boolean("isSubscribedByMail",         "Whether the signed-in user receives the group's conversations by mail.").item_only(),
    integer("unseenCount",                "How many conversations are new to the signed-in user.").item_only(),
    integer("unseenConversationsCount",   "How many conversations the signed-in user has not seen.").item_only(),
    integer("unseenMessagesCount",        "How many messages the signed-in user has not seen.").item_only(),
    boolean("isFavorite",                 "Whether the group is a favourite of the signed-in user.").item_only(),
    enumeration("accessType", ACCESS_TYPE, "How the group is joined and read.").item_only(),
    boolean("welcomeMessageEnabled",      "Whether new members are sent a welcome message.").item_only(),
    // Rarely wanted.
    text("organizationId",                                     "The id of the organization that the group belongs to.").hidden(),
    json("infoCatalogs",                                       "The information segments of the group, as an array of texts.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute1",  "Extension attribute 1 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute2",  "Extension attribute 2 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute3",  "Extension attribute 3 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute4",  "Extension attribute 4 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute5",  "Extension attribute 5 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute6",  "Extension attribute 6 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute7",  "Extension attribute 7 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute8",  "Extension attribute 8 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute9",  "Extension attribute 9 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute10", "Extension attribute 10 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute11", "Extension attribute 11 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute12", "Extension attribute 12 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute13", "Extension attribute 13 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute14", "Extension attribute 14 of Active Directory or Exchange.").hidden(),
    text("onPremisesExtensionAttributes/extensionAttribute15", "Extension attribute 15 of Active Directory or Exchange.").hidden(),
];

/// What a person, group, device or application comes with unasked, as far as it is common: the columns of
/// every list of directory objects in which people are the rule.
#[rustfmt::skip]
const OBJECT_COLUMNS: [Column; 12] = [
    text("id",                               "The object id, which is that of Users where odataType says user."),
    text("@odata.type",                      "What kind of object it is, such as #microsoft.graph.user or #microsoft.graph.group.").named("odataType"),
    text("displayName",                      "The full name as shown in the address book."),
    text("mail",                             "The primary SMTP address, NULL where there is none."),
    text("userPrincipalName",                "The name to sign in with, NULL for what is not a user."),
    text("jobTitle",                         "The job title, NULL for what is not a person."),
    text("givenName",                        "The first name, NULL for what is not a person."),
    text("surname",                          "The family name, NULL for what is not a person."),
    text("mobilePhone",                      "The mobile telephone number, NULL for what is not a user."),
    text("officeLocation",                   "Where in the building a user works, NULL for what is not a user."),
    json("businessPhones",                   "The business telephone number of a user, as an array of at most one text."),
    text("preferredLanguage",                "The language a user or group prefers, as a code such as en-US."),
];

/// The columns of a list of directory objects, with the list's own inputs behind them.
pub(super) const fn object_columns<const N: usize>(inputs: &[Column]) -> [Column; N] {
    assert!(N == OBJECT_COLUMNS.len() + inputs.len(), "all and no more");
    let mut columns = [OBJECT_COLUMNS[0]; N];
    let mut at = 0;
    while at < N {
        columns[at] = if at < OBJECT_COLUMNS.len() {
            OBJECT_COLUMNS[at]
        } else {
            inputs[at - OBJECT_COLUMNS.len()]
        };
        at += 1;
    }
    columns
}

const GROUP_ID: Column = parent("GroupId", "Groups", "Which group, echoed from the query.");

/// The members of a group.
pub static GROUP_MEMBERS: Table = Table {
    name: "GroupMembers",
    doc: "A direct member of one group, a person, another group, a device or an application.",
    question: "Who is in a group?",
    example: "SELECT displayName, userPrincipalName, jobTitle FROM GroupMembers WHERE GroupId = (SELECT id FROM Groups WHERE displayName = 'Sales') ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    columns: &MEMBER_COLUMNS,
    routes: &[collection("groups/{GroupId}/members")],
    page: 999,
    heavy_page: 999,
    search: Some(Search::Properties {
        default: "displayName",
    }),
    writes: Some(&written::MEMBERS),
    permission: "GroupMember.Read.All",
    app_permission: "GroupMember.Read.All",
    ..Table::PLAIN
};

const MEMBER_COLUMNS: [Column; OBJECT_COLUMNS.len() + 2] = object_columns(&[
    GROUP_ID,
    input(
        "GroupMembers",
        Role::Match,
        "The left side of MATCH, which takes a text for displayName.",
    )
    .hidden(),
]);

/// The members of a group and of the groups in it.
pub static GROUP_TRANSITIVE_MEMBERS: Table = Table {
    name: "GroupTransitiveMembers",
    doc: "A member of one group, direct or through groups within it, a person, another group, a device or an application.",
    question: "Who is in a group, counting the groups within it?",
    example: "SELECT displayName, userPrincipalName, jobTitle FROM GroupTransitiveMembers WHERE GroupId = (SELECT id FROM Groups WHERE displayName = 'Sales') ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    columns: &TRANSITIVE_MEMBER_COLUMNS,
    routes: &[collection("groups/{GroupId}/transitiveMembers")],
    page: 999,
    heavy_page: 999,
    search: Some(Search::Properties {
        default: "displayName",
    }),
    permission: "GroupMember.Read.All",
    app_permission: "GroupMember.Read.All",
    ..Table::PLAIN
};

const TRANSITIVE_MEMBER_COLUMNS: [Column; OBJECT_COLUMNS.len() + 2] = object_columns(&[
    GROUP_ID,
    input(
        "GroupTransitiveMembers",
        Role::Match,
        "The left side of MATCH, which takes a text for displayName.",
    )
    .hidden(),
]);

/// The owners of a group.
pub static GROUP_OWNERS: Table = Table {
    name: "GroupOwners",
    doc: "An owner of one group, who may change it.",
    question: "Who is responsible for a group?",
    example: "SELECT displayName, userPrincipalName FROM GroupOwners WHERE GroupId = (SELECT id FROM Groups WHERE displayName = 'Sales') ORDER BY displayName",
    service: Service::Directory,
    columns: &OWNER_COLUMNS,
    routes: &[collection("groups/{GroupId}/owners")],
    page: 999,
    heavy_page: 999,
    writes: Some(&written::OWNERS),
    permission: "GroupMember.Read.All",
    app_permission: "GroupMember.Read.All",
    ..Table::PLAIN
};

const OWNER_COLUMNS: [Column; OBJECT_COLUMNS.len() + 1] = object_columns(&[GROUP_ID]);

/// What a user belongs to.
pub static USER_GROUPS: Table = Table {
    name: "UserGroups",
    doc: "A group, directory role or administrative unit that one user directly belongs to.",
    question: "Which groups and roles does somebody have?",
    example: "SELECT displayName, mail, visibility FROM UserGroups ORDER BY displayName LIMIT 10",
    service: Service::Directory,
    owner: Owner::Mailbox,
    columns: USER_GROUP_COLUMNS,
    routes: &[collection("{owner}/memberOf")],
    page: 999,
    heavy_page: 999,
    search: Some(Search::Properties {
        default: "displayName",
    }),
    permission: "User.Read",
    app_permission: "Directory.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const USER_GROUP_COLUMNS: &[Column] = &[
    text("id",                  "The object id, which is that of Groups where odataType says group."),
    text("@odata.type",         "What kind of object it is, #microsoft.graph.group or #microsoft.graph.directoryRole for most.").named("odataType"),
    text("displayName",         "The name of the group or role."),
    text("description",         "What the group or role is for."),
    text("mail",                "The SMTP address of a group, NULL where it has none."),
    boolean("mailEnabled",      "Whether a group receives mail, NULL for what is not a group."),
    boolean("securityEnabled",  "Whether a group can be given rights, NULL for what is not a group."),
    json("groupTypes",          "Unified for a Microsoft 365 group, DynamicMembership where a rule decides who belongs to it, as an array of texts."),
    text("visibility",          "Who may join and look in, Public, Private or HiddenMembership."),
    // Inputs.
    input("UserId", Role::Mailbox,    "Which user, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox,   "The same as UserId, as the first argument of the table-valued form.").hidden(),
    input("UserGroups", Role::Match,  "The left side of MATCH, which takes a text for displayName.").hidden(),
];
