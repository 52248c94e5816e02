//! What the tenant bought and who has it: SubscribedSkus and ServicePlans, UserLicenses,
//! UserServicePlans and UserProvisionedPlans.
//!
//! subscribedSkus knows no option at all, licenseDetails `$select` only (FACTS §1.4). The plans of users
//! are collections within `user`, so what Graph filters is the user: the operators are those of Users.

use super::{
    Column, Elements, Owner, Role, Rows, Service, Table, boolean, collection, difference, input,
    instant, integer, item, json, ordinal, text, written,
};

/// What the tenant bought.
pub static SUBSCRIBED_SKUS: Table = Table {
    name: "SubscribedSkus",
    doc: "A product that the tenant has subscribed to, with how many licences there are and are used.",
    question: "Which licences do we have, and how many are left?",
    example: "SELECT skuPartNumber, prepaidUnits_enabled, consumedUnits, available FROM SubscribedSkus ORDER BY skuPartNumber",
    service: Service::Directory,
    columns: SKU_COLUMNS,
    routes: &[collection("subscribedSkus"), item("subscribedSkus/{id}")],
    select: false,
    permission: "Organization.Read.All",
    app_permission: "Organization.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SKU_COLUMNS: &[Column] = &[
    text("id",                        "The id of the subscription, the tenant's id and skuId with _ between them."),
    text("skuPartNumber",             "The name of the product, such as ENTERPRISEPREMIUM."),
    text("skuId",                     "The id of the product, the one that licences are given by."),
    integer("consumedUnits",          "How many licences have been given to users or devices."),
    integer("prepaidUnits/enabled",   "How many licences there are to give."),
    difference("available", "prepaidUnits/enabled", "consumedUnits", "How many licences are left, prepaidUnits_enabled less consumedUnits, below zero where too many were given."),
    text("capabilityStatus",          "The state of the subscription, such as Enabled, Warning or Suspended."),
    text("appliesTo",                 "Who can be given a licence, User or Company."),
    integer("prepaidUnits/warning",   "How many licences are in their last days of grace."),
    integer("prepaidUnits/suspended", "How many licences have been taken back because they were not paid."),
    integer("prepaidUnits/lockedOut", "How many licences are locked because the subscription was cancelled."),
    json("servicePlans",              "The service plans of the product, as an array of {servicePlanId, servicePlanName, provisioningStatus, appliesTo}."),
    json("subscriptionIds",           "The ids of the purchases that make up the subscription, as an array of texts."),
    text("accountName",               "The name of the account that bought it."),
    text("accountId",                 "The id of the account that bought it."),
];

/// The service plans of the products.
pub static SERVICE_PLANS: Table = Table {
    name: "ServicePlans",
    doc: "A service plan of a product that the tenant has subscribed to.",
    question: "Which services does a product contain?",
    example: "SELECT skuPartNumber, servicePlanName, provisioningStatus FROM ServicePlans ORDER BY skuPartNumber, servicePlanName LIMIT 10",
    service: Service::Directory,
    columns: SERVICE_PLAN_COLUMNS,
    routes: &[collection("subscribedSkus"), item("subscribedSkus/{id}")],
    rows: Rows::Elements(&[Elements {
        path: "servicePlans",
        kind: "servicePlan",
    }]),
    select: false,
    permission: "Organization.Read.All",
    app_permission: "Organization.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SERVICE_PLAN_COLUMNS: &[Column] = &[
    text("id",                 "The id of the subscription that contains the plan.").named("SubscribedSkuId").references("SubscribedSkus"),
    text("skuPartNumber",      "The name of the product, such as ENTERPRISEPREMIUM."),
    text("skuId",              "The id of the product."),
    text("servicePlanName",    "The name of the service plan, such as EXCHANGE_S_ENTERPRISE.").of_element(),
    text("servicePlanId",      "The id of the service plan.").of_element(),
    text("provisioningStatus", "How far the plan is set up, such as Success, PendingActivation or Disabled.").of_element(),
    text("appliesTo",          "Who the plan can be given to, User or Company.").of_element(),
    ordinal("n", "The place of the plan in its product, from 1."),
];

/// The licences of a user.
pub static USER_LICENSES: Table = Table {
    name: "UserLicenses",
    doc: "A product that one user has a licence for.",
    question: "Which licences does somebody have?",
    example: "SELECT skuPartNumber, skuId FROM UserLicenses ORDER BY skuPartNumber",
    service: Service::Directory,
    owner: Owner::Mailbox,
    columns: USER_LICENSE_COLUMNS,
    routes: &[collection("{owner}/licenseDetails")],
    writes: Some(&written::USER_LICENSES),
    permission: "User.Read",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const USER_LICENSE_COLUMNS: &[Column] = &[
    text("id",            "The id of the licence of this user."),
    text("skuPartNumber", "The name of the product, such as ENTERPRISEPREMIUM."),
    text("skuId",         "The id of the product, that of SubscribedSkus."),
    json("servicePlans",  "The service plans of the product, as an array of {servicePlanId, servicePlanName, provisioningStatus, appliesTo}."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Which user, as an id or a user principal name, echoed from the query; `me`, or the connection's UserId, where none was given."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
];

/// The service plans that users have.
pub static USER_SERVICE_PLANS: Table = Table {
    name: "UserServicePlans",
    doc: "A service plan that a user has been given, for every user of the tenant.",
    question: "Which services may somebody use?",
    example: "SELECT userPrincipalName, service, capabilityStatus FROM UserServicePlans WHERE userPrincipalName = 'adele@contoso.com' ORDER BY service, servicePlanId LIMIT 10",
    service: Service::Directory,
    columns: &USER_SERVICE_PLAN_COLUMNS,
    routes: &[collection("users"), item("users/{id}")],
    rows: Rows::Elements(&[Elements {
        path: "assignedPlans",
        kind: "assigned",
    }]),
    page: 999,
    heavy_page: 999,
    permission: "User.Read.All",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

const USER_SERVICE_PLAN_COLUMNS: [Column; 12] = plan_columns(&[
    text(
        "service",
        "The service that the plan belongs to, such as exchange or SharePoint.",
    )
    .of_element(),
    text("servicePlanId", "The id of the service plan.").of_element(),
    text(
        "capabilityStatus",
        "Whether the user may use the plan, such as Enabled, Warning, Suspended or Deleted.",
    )
    .of_element(),
    instant("assignedDateTime", "When the plan was given, in UTC.").of_element(),
]);

/// The service plans that are set up for users.
pub static USER_PROVISIONED_PLANS: Table = Table {
    name: "UserProvisionedPlans",
    doc: "A service plan that has been set up for a user, for every user of the tenant.",
    question: "For whom has a service been set up, and did it work?",
    example: "SELECT userPrincipalName, service, provisioningStatus FROM UserProvisionedPlans WHERE userPrincipalName = 'adele@contoso.com' ORDER BY service, n LIMIT 10",
    service: Service::Directory,
    columns: &USER_PROVISIONED_PLAN_COLUMNS,
    routes: &[collection("users"), item("users/{id}")],
    rows: Rows::Elements(&[Elements {
        path: "provisionedPlans",
        kind: "provisioned",
    }]),
    page: 999,
    heavy_page: 999,
    permission: "User.Read.All",
    app_permission: "User.Read.All",
    ..Table::PLAIN
};

const USER_PROVISIONED_PLAN_COLUMNS: [Column; 11] = plan_columns(&[
    text(
        "service",
        "The service that the plan belongs to, such as exchange or SharePoint.",
    )
    .of_element(),
    text(
        "capabilityStatus",
        "Whether the user may use the plan, such as Enabled, Warning, Suspended or Deleted.",
    )
    .of_element(),
    text(
        "provisioningStatus",
        "How far the plan is set up, such as Success, PendingActivation or Disabled.",
    )
    .of_element(),
]);

/// The user a plan belongs to.
#[rustfmt::skip]
const PLAN_USER: [Column; 6] = [
    text("id",                "The object id of the user who has the plan.").ops("d - a - - - -").named("UserId").references("Users"),
    text("displayName",       "The full name of the user.").ops("d d a - d a -"),
    text("userPrincipalName", "The name the user signs in with.").ops("d d a - d - a"),
    boolean("accountEnabled", "Whether the user may sign in.").ops("d d a a - - -"),
    text("department",        "The department the user works in.").ops("d d a d d a -"),
    text("usageLocation",     "The two-letter code of the country that decides which services are lawful.").ops("d d a d d - -"),
];

/// Behind the plan.
#[rustfmt::skip]
const PLAN_REST: [Column; 2] = [
    ordinal("n", "The place of the plan among those of the user, from 1."),
    input("filter", Role::Filter,  "An OData filter on users that is added to what the driver asks.").hidden(),
];

/// The user, the plan, its place.
const fn plan_columns<const N: usize>(plan: &[Column]) -> [Column; N] {
    let lists: [&[Column]; 3] = [&PLAN_USER, plan, &PLAN_REST];
    let mut columns = [PLAN_USER[0]; N];
    let (mut list, mut from, mut to) = (0, 0, 0);
    while list < lists.len() {
        if from == lists[list].len() {
            (list, from) = (list + 1, 0);
        } else {
            columns[to] = lists[list][from];
            (from, to) = (from + 1, to + 1);
        }
    }
    assert!(to == N, "all and no more");
    columns
}
