//! Plans of groups, licences, the tenant's own tables, presence and usage reports.

use super::bind::bound;
use super::{Case, planned};
use crate::value::Value;

/// Groups filter as FACTS §1.4 says: text by eq, booleans and lower bounds exactly, nothing where it is silent.
#[rustfmt::skip]
const GROUPS: &[Case] = &[
    ("Groups", &["displayName ="], &[], &["mail"], "GET /groups $select=id,displayName,mail $filter=displayName eq ?; SQLite checks displayName eq ? again [again]"),
    ("Groups", &["displayName like"], &[], &[], "GET /groups $select=id,displayName $filter=displayName like ?; SQLite checks displayName like ? again [again]"),
    ("Groups", &["id ="], &[], &["displayName"], "GET /groups/{id} $select=id,displayName; SQLite checks id eq ? again [again]"),
    ("Groups", &["id = list"], &[], &[], "GET /groups $select=id $filter=id eq ?…; SQLite checks id eq ?… again [again]"),
    ("Groups", &["mail null"], &[], &[], "GET /groups $select=id,mail $filter=mail eq null; SQLite checks mail eq null again [again]"),
    ("Groups", &["description null"], &[], &[], "GET /groups $select=id,description [own]"),
    ("Groups", &["securityEnabled <>"], &[], &[], "GET /groups $select=id,securityEnabled $filter=securityEnabled ne ? $count=true [omit] perhaps counted"),
    ("Groups", &["createdDateTime >="], &["displayName"], &[], "GET /groups $select=id,displayName,createdDateTime $filter=createdDateTime ge ? [omit]"),
    ("Groups", &["visibility ="], &[], &[], "GET /groups $select=id,visibility [own]"),
    ("Groups", &["unseenCount >"], &[], &["displayName"], "GET /groups $select=id,displayName [own]"),
    ("Groups", &["Groups match", "filter ="], &[], &["displayName"], "GET /groups $select=id,displayName; given Groups match ?, filter eq ? [omit omit]"),
    ("Groups", &["limit"], &["deletedDateTime desc"], &["displayName"], "GET /groups $select=id,displayName,deletedDateTime [own]"),
];

/// Lists of directory objects need their parent and push nothing but a search.
#[rustfmt::skip]
const OBJECTS: &[Case] = &[
    ("GroupMembers", &["GroupId ="], &[], &["odataType", "displayName"], "GET /groups/{GroupId}/members $select=id,displayName; given GroupId eq ? [omit]"),
    ("GroupMembers", &["GroupId = list", "displayName ="], &[], &[], "GET /groups/{GroupId}/members $select=id,displayName; given GroupId eq ?… [omit own]"),
    ("GroupMembers", &["GroupId =", "GroupMembers match"], &[], &["displayName"], "GET /groups/{GroupId}/members $select=id,displayName; given GroupId eq ?, GroupMembers match ? [omit omit]"),
    ("GroupMembers", &["displayName ="], &[], &[], "GET /groups/{GroupId}/members $select=id,displayName [own]"),
    ("GroupOwners", &["GroupId =", "id ="], &[], &["mail"], "GET /groups/{GroupId}/owners $select=id,mail; given GroupId eq ? [omit own]"),
    ("UserGroups", &[], &[], &["displayName", "odataType"], "GET /{owner}/memberOf $select=id,displayName []"),
    ("UserGroups", &["UserId =", "securityEnabled ="], &[], &["displayName"], "GET /{owner}/memberOf $select=id,displayName,securityEnabled; given UserId eq ? [omit own]"),
    ("DirectReports", &["mailbox = list"], &[], &["displayName"], "GET /{owner}/directReports $select=id,displayName; given mailbox eq ?… [omit]"),
    ("DirectoryRoleMembers", &["RoleId ="], &[], &["displayName"], "GET /directoryRoles/{RoleId}/members $select=id,displayName; given RoleId eq ? [omit]"),
    ("DeletedUsers", &["id =", "deletedDateTime >="], &["deletedDateTime"], &["displayName"], "GET /directory/deletedItems/microsoft.graph.user $select=id,displayName,deletedDateTime [own own]"),
];

/// Licences: no option for products, those of users for their plans.
#[rustfmt::skip]
const LICENCES: &[Case] = &[
    ("SubscribedSkus", &["skuPartNumber =", "limit"], &[], &["available"], "GET /subscribedSkus [own own]"),
    ("SubscribedSkus", &["id ="], &[], &["available"], "GET /subscribedSkus/{id}; SQLite checks id eq ? again [again]"),
    ("SubscribedSkus", &["available >"], &[], &["skuPartNumber"], "GET /subscribedSkus [own]"),
    ("ServicePlans", &["servicePlanName ="], &[], &["skuPartNumber"], "GET /subscribedSkus [own]"),
    ("ServicePlans", &["SubscribedSkuId ="], &[], &["servicePlanName"], "GET /subscribedSkus/{id}; SQLite checks id eq ? again [again]"),
    ("UserLicenses", &["UserId =", "skuId ="], &[], &["skuPartNumber"], "GET /{owner}/licenseDetails $select=id,skuPartNumber,skuId; given UserId eq ? [omit own]"),
    ("UserServicePlans", &["department =", "service ="], &[], &["userPrincipalName"], "GET /users $select=id,assignedPlans,userPrincipalName,department $filter=department eq ?; SQLite checks department eq ? again [again own]"),
    ("UserServicePlans", &["UserId ="], &[], &["service"], "GET /users/{id} $select=id,assignedPlans; SQLite checks id eq ? again [again]"),
    ("UserServicePlans", &["UserId = list"], &[], &["service"], "GET /users $select=id,assignedPlans $filter=id eq ?…; SQLite checks id eq ?… again [again]"),
    ("UserServicePlans", &["accountEnabled =", "limit"], &[], &["service"], "GET /users $select=id,assignedPlans,accountEnabled $filter=accountEnabled eq ? $top=? [omit again]"),
    ("UserProvisionedPlans", &["filter =", "provisioningStatus ="], &[], &["UserId"], "GET /users $select=id,provisionedPlans; given filter eq ? [omit own]"),
];

/// The tenant, subscriptions and presence.
#[rustfmt::skip]
const TENANT: &[Case] = &[
    ("Organization", &["id ="], &[], &["displayName"], "GET /organization $select=id,displayName [own]"),
    ("Domains", &["isVerified =", "limit"], &[], &["id"], "GET /domains [own own]"),
    ("Domains", &["id ="], &[], &["isDefault"], "GET /domains/{id}; SQLite checks id eq ? again [again]"),
    ("Devices", &[], &[], &[], "GET /devices $select=id $count=true [] counted"),
    ("Devices", &["operatingSystem =", "isCompliant ="], &[], &["displayName"], "GET /devices $select=id,displayName,operatingSystem,isCompliant [own own]"),
    ("Devices", &["Devices match"], &[], &["displayName"], "GET /devices $select=id,displayName; given Devices match ? [omit]"),
    ("Devices", &["id ="], &[], &["displayName"], "GET /devices/{id} $select=id,displayName; SQLite checks id eq ? again [again]"),
    ("DirectoryRoles", &["displayName ="], &[], &["id"], "GET /directoryRoles [own]"),
    ("DirectoryRoles", &["id ="], &[], &["displayName"], "GET /directoryRoles/{id}; SQLite checks id eq ? again [again]"),
    ("Subscriptions", &["resource ="], &[], &["expirationDateTime"], "GET /subscriptions [own]"),
    ("Subscriptions", &["id ="], &[], &["resource"], "GET /subscriptions/{id}; SQLite checks id eq ? again [again]"),
    ("Presence", &["UserId = list"], &[], &["availability"], "GET /{owner}/presence; given UserId eq ?… [omit]"),
    ("Presence", &["id ="], &[], &["availability"], "GET /{owner}/presence [own]"),
];

/// A report is one file, by period or by day.
#[rustfmt::skip]
const REPORTS: &[Case] = &[
    ("MailboxUsageDetail", &["period =", "StorageUsedByte >", "limit"], &["StorageUsedByte desc"], &["UserPrincipalName"], "GET /reports/getMailboxUsageDetail(period='{period}'); given period eq ? [omit own own]"),
    ("MailboxUsageDetail", &["period = list"], &[], &["UserPrincipalName"], "GET /reports/getMailboxUsageDetail(period='{period}'); given period eq ?… [omit]"),
    ("OneDriveUsageAccountDetail", &["date ="], &[], &["OwnerPrincipalName"], "GET /reports/getOneDriveUsageAccountDetail(date={date}); given date eq ? [omit]"),
    ("SharePointSiteUsageDetail", &["period ="], &[], &["SiteId"], "GET /reports/getSharePointSiteUsageDetail(period='{period}'); given period eq ? [omit]"),
    ("SharePointSiteUsageDetail", &["date ="], &[], &["SiteId"], "GET /reports/getSharePointSiteUsageDetail(date={date}); given date eq ? [omit]"),
    ("TeamsUserActivityUserDetail", &["date =", "UserPrincipalName ="], &[], &["MeetingCount"], "GET /reports/getTeamsUserActivityUserDetail(date={date}); given date eq ? [omit own]"),
    ("Office365ActiveUserDetail", &["period =", "TeamsLastActivityDate ="], &[], &["UserPrincipalName"], "GET /reports/getOffice365ActiveUserDetail(period='{period}'); given period eq ? [omit own]"),
    ("EmailActivityUserDetail", &["period ="], &[], &["SendCount"], "GET /reports/getEmailActivityUserDetail(period='{period}'); given period eq ? [omit]"),
    ("M365AppUserDetail", &["date ="], &[], &["OutlookWindows"], "GET /reports/getM365AppUserDetail(date={date}); given date eq ? [omit]"),
];

#[test]
fn each_ask_has_its_plan() {
    for cases in [GROUPS, OBJECTS, LICENCES, TENANT, REPORTS] {
        for (table, terms, order, used, expected) in cases {
            let got = planned(table, terms, order, used);
            assert_eq!(got, *expected, "{table} {terms:?} {order:?} {used:?}");
        }
    }
}

/// What values become: parents and periods stand in the path, and are asked for where they lack.
#[test]
fn parents_and_periods_are_in_the_path() {
    #[rustfmt::skip]
    let cases: &[(&str, &[&str], &[&str], &str)] = &[
        ("GroupMembers", &["GroupId ="], &["g/1"], "[groups/g%2F1/members ]"),
        ("GroupMembers", &[], &[], "error: the table needs GroupId to know where to read"),
        ("GroupMembers", &["GroupId =", "GroupMembers match"], &["g", "Adele"], "[groups/g/members  advanced]"),
        ("DirectoryRoleMembers", &[], &[], "error: the table needs RoleId to know where to read"),
        ("UserGroups", &["UserId ="], &["adele@contoso.com"], "[users/adele@contoso.com/memberOf ]"),
        ("DirectReports", &[], &[], "[me/directReports ]"),
        ("MailboxUsageDetail", &["period ="], &["D7"], "[reports/getMailboxUsageDetail(period='D7') ]"),
        ("MailboxUsageDetail", &[], &[], "error: the table needs period to know where to read"),
        ("M365AppUserDetail", &["date ="], &["2026-03-01"], "[reports/getM365AppUserDetail(date=2026-03-01) ]"),
        ("UserServicePlans", &["UserId ="], &["u1"], "[users/u1 ]"),
        ("Groups", &["securityEnabled ="], &["1"], "[groups securityEnabled eq true]"),
        ("Groups", &["mail null"], &[""], "[groups mail eq null advanced]"),
    ];
    for (name, terms, values, expected) in cases {
        let values: Vec<[Value; 1]> = values.iter().map(|value| [Value::text(*value)]).collect();
        let values: Vec<&[Value]> = values.iter().map(<[Value; 1]>::as_slice).collect();
        assert_eq!(bound(name, terms, &values), *expected, "{name} {terms:?}");
    }
}
