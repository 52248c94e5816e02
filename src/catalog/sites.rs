//! The SharePoint tables: Sites, Lists and ListItems, over `site`, `list` and `listItem`.
//!
//! Nothing filters: what the service takes depends on a list's indexes (FACTS §1.7), which a statement
//! cannot know. The values of an item's own columns are one open object, `fields`, which comes only
//! when asked for.

use super::{
    Column, Mode, OrderRule, Role, Service, Table, boolean, collection, enumeration, input,
    instant, item, json, parent, text, written,
};

/// siteArchiveStatus
const ARCHIVE_STATUS: &[&str] = &["recentlyArchived", "fullyArchived", "reactivating"];

/// The sites of the tenant.
pub static SITES: Table = Table {
    name: "Sites",
    doc: "A SharePoint site that a search for everything finds.",
    question: "Which sites are there, and where?",
    example: "SELECT displayName, webUrl FROM Sites ORDER BY displayName, webUrl LIMIT 10",
    service: Service::Drive,
    columns: SITE_COLUMNS,
    routes: &[collection("sites?search=*"), item("sites/{id}")],
    // FACTS §1.7: only createdDateTime sorts.
    order: OrderRule::Alone,
    permission: "Sites.Read.All",
    app_permission: "Sites.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SITE_COLUMNS: &[Column] = &[
    text("id", "The site's id, which is its host and two GUIDs with commas between them."),
    // What a list of sites shows.
    text("displayName",                                                         "The title of the site."),
    text("name",                                                                "The name of the site in its address."),
    text("webUrl",                                                              "The address of the site."),
    text("description",                                                         "What the site is for."),
    instant("createdDateTime",                                                  "When the site was created, in UTC.").sorts(Mode::Default),
    instant("lastModifiedDateTime",                                             "When the site was last changed, in UTC."),
    text("siteCollection/hostname",                                             "The host of the site collection."),
    text("siteCollection/dataLocationCode",                                     "The geography that holds the site collection, in tenants with several."),
    enumeration("siteCollection/archivalDetails/archiveStatus", ARCHIVE_STATUS, "How far the site collection is archived, NULL where it is in use."),
    boolean("isPersonalSite",                                                   "Whether the site is somebody's OneDrive."),
    // Who.
    text("createdBy/user/displayName",      "The name of the person who created the site, where the service gives it."),
    text("lastModifiedBy/user/displayName", "The name of the person who last changed the site, where the service gives it."),
    json("createdBy",                       "The person, program and device that created the site, as an object."),
    json("lastModifiedBy",                  "The person, program and device that last changed the site, as an object."),
    text("eTag",                            "The version of the site."),
    // SharePoint's own names for the site.
    json("root",                   "An empty object for the top site of a collection, NULL for others."),
    json("siteCollection/root",    "An empty object for the top collection of its host, NULL for others."),
    text("sharepointIds/siteUrl",  "The address of the site."),
    text("sharepointIds/siteId",   "The GUID of the site collection."),
    text("sharepointIds/webId",    "The GUID of the site in its collection."),
    text("sharepointIds/tenantId", "The GUID of the tenant."),
    text("parentReference/siteId", "The id of the site above, NULL for most sites."),
    // What the base type has but sites do not fill, and what went wrong where a site is only partly read.
    text("sharepointIds/listId",                           "The GUID of a list, always NULL for sites.").hidden(),
    text("sharepointIds/listItemId",                       "The number of an item in its list, always NULL for sites.").hidden(),
    text("sharepointIds/listItemUniqueId",                 "The GUID of an item in its list, always NULL for sites.").hidden(),
    text("parentReference/id",                             "The id of the parent, NULL for most sites.").hidden(),
    text("parentReference/name",                           "The name of the parent, NULL for most sites.").hidden(),
    text("parentReference/path",                           "The path of the parent, NULL for most sites.").hidden(),
    text("parentReference/driveId",                        "The id of the parent's drive, NULL for most sites.").hidden(),
    text("parentReference/driveType",                      "The kind of the parent's drive, NULL for most sites.").hidden(),
    text("parentReference/shareId",                        "The id for reading the parent by way of a sharing link, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/siteUrl",          "The address of the parent's site, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/siteId",           "The GUID of the parent's site collection, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/webId",            "The GUID of the parent's site in its collection, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/listId",           "The GUID of the parent's list, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/listItemId",       "The number of the parent in its list, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/listItemUniqueId", "The GUID of the parent in its list, NULL for most sites.").hidden(),
    text("parentReference/sharepointIds/tenantId",         "The GUID of the parent's tenant, NULL for most sites.").hidden(),
    text("error/code",                                     "The code of what went wrong, NULL where nothing did.").hidden(),
    text("error/message",                                  "What went wrong, as a sentence.").hidden(),
    text("error/target",                                   "What it went wrong with.").hidden(),
    json("error/details",                                  "What else went wrong, as an array of {code, message, target}.").hidden(),
    json("error/innerError",                               "What lies behind it, as an object.").hidden(),
];

/// The lists of a site.
pub static LISTS: Table = Table {
    name: "Lists",
    doc: "A list or document library of a SharePoint site.",
    question: "Which lists and libraries does a site have?",
    example: "SELECT displayName, list_template FROM Lists WHERE SiteId = 'root' ORDER BY displayName LIMIT 10",
    service: Service::Drive,
    columns: LIST_COLUMNS,
    routes: &[
        collection("sites/{SiteId}/lists"),
        item("sites/{SiteId}/lists/{id}"),
    ],
    permission: "Sites.Read.All",
    app_permission: "Sites.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const LIST_COLUMNS: &[Column] = &[
    text("id", "The list's id."),
    // What a site's contents show.
    text("displayName",                 "The title of the list."),
    text("name",                        "The name of the list in its address."),
    text("list/template",               "What the list was made from, such as documentLibrary, genericList or events."),
    boolean("list/hidden",              "Whether the list is kept out of sight."),
    boolean("list/contentTypesEnabled", "Whether items may have different content types."),
    text("description",                 "What the list is for."),
    text("webUrl",                      "The address of the list."),
    instant("createdDateTime",          "When the list was created, in UTC."),
    instant("lastModifiedDateTime",     "When the list or an item was last changed, in UTC."),
    // Who.
    text("createdBy/user/displayName",      "The name of the person who created the list."),
    text("createdBy/user/email",            "The mail address of the person who created the list, where the service gives it."),
    text("createdBy/user/id",               "The object id of the person who created the list."),
    text("lastModifiedBy/user/displayName", "The name of the person who last changed the list."),
    text("lastModifiedBy/user/email",       "The mail address of the person who last changed the list, where the service gives it."),
    text("lastModifiedBy/user/id",          "The object id of the person who last changed the list."),
    json("createdBy",                       "The person, program and device that created the list, as an object."),
    json("lastModifiedBy",                  "The person, program and device that last changed the list, as an object."),
    text("eTag",                            "The version of the list."),
    // SharePoint's own names for the list.
    text("sharepointIds/siteUrl",  "The address of the site."),
    text("sharepointIds/siteId",   "The GUID of the site collection."),
    text("sharepointIds/webId",    "The GUID of the site in its collection."),
    text("sharepointIds/listId",   "The GUID of the list."),
    text("sharepointIds/tenantId", "The GUID of the tenant."),
    text("parentReference/siteId", "The id of the site, NULL where the service leaves it out."),
    // Inputs.
    input("SiteId", Role::Site,   "Which site's lists, as an id, root, or host:/path, echoed from the query.").references("Sites"),
    input("filter", Role::Filter, "An OData filter that is added to what the driver asks.").hidden(),
    // Naming it in the $select of the collection adds system lists to the rows (FACTS §1.7).
    json("system", "An empty object for a list that the service made for itself, NULL for others.").item_only(),
    // What the base type has but lists do not fill.
    text("sharepointIds/listItemId",                       "The number of an item in its list, always NULL for lists.").hidden(),
    text("sharepointIds/listItemUniqueId",                 "The GUID of an item in its list, always NULL for lists.").hidden(),
    text("parentReference/id",                             "The id of the parent, NULL for most lists.").hidden(),
    text("parentReference/name",                           "The name of the parent, NULL for most lists.").hidden(),
    text("parentReference/path",                           "The path of the parent, NULL for most lists.").hidden(),
    text("parentReference/driveId",                        "The id of the parent's drive, NULL for most lists.").hidden(),
    text("parentReference/driveType",                      "The kind of the parent's drive, NULL for most lists.").hidden(),
    text("parentReference/shareId",                        "The id for reading the parent by way of a sharing link, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/siteUrl",          "The address of the parent's site, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/siteId",           "The GUID of the parent's site collection, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/webId",            "The GUID of the parent's site in its collection, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/listId",           "The GUID of the parent's list, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/listItemId",       "The number of the parent in its list, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/listItemUniqueId", "The GUID of the parent in its list, NULL for most lists.").hidden(),
    text("parentReference/sharepointIds/tenantId",         "The GUID of the parent's tenant, NULL for most lists.").hidden(),
];

/// The items of a list.
pub static LIST_ITEMS: Table = Table {
    name: "ListItems",
    doc: "An item of a SharePoint list, or a file or folder of a library.",
    question: "What is in a list?",
    example: "SELECT id, json_extract(fields, '$.Title') AS title FROM ListItems WHERE SiteId = 'root' AND ListId = (SELECT id FROM Lists WHERE SiteId = 'root' AND list_template = 'genericList' ORDER BY displayName LIMIT 1) ORDER BY CAST(id AS INTEGER) LIMIT 10",
    service: Service::Drive,
    columns: LIST_ITEM_COLUMNS,
    routes: &[
        collection("sites/{SiteId}/lists/{ListId}/items"),
        item("sites/{SiteId}/lists/{ListId}/items/{id}"),
    ],
    // FACTS §1.7 names $filter, $orderby, $expand and $top for items, but no $select.
    select: false,
    page: 200,
    heavy_page: 200,
    writes: Some(&written::LIST_ITEMS),
    permission: "Sites.Read.All",
    app_permission: "Sites.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const LIST_ITEM_COLUMNS: &[Column] = &[
    text("id", "The number of the item in its list, as text."),
    // What a list shows.
    json("fields",                  "The values of the list's columns, as an object with a member for each.").expanded(),
    text("contentType/name",        "The name of the item's content type, such as Item or Document."),
    text("contentType/id",          "The id of the item's content type."),
    text("webUrl",                  "The address of the item."),
    instant("createdDateTime",      "When the item was created, in UTC."),
    instant("lastModifiedDateTime", "When the item was last changed, in UTC."),
    // Who.
    text("createdBy/user/displayName",      "The name of the person who created the item."),
    text("createdBy/user/email",            "The mail address of the person who created the item, where the service gives it."),
    text("createdBy/user/id",               "The object id of the person who created the item."),
    text("lastModifiedBy/user/displayName", "The name of the person who last changed the item."),
    text("lastModifiedBy/user/email",       "The mail address of the person who last changed the item, where the service gives it."),
    text("lastModifiedBy/user/id",          "The object id of the person who last changed the item."),
    json("createdBy",                       "The person, program and device that created the item, as an object."),
    json("lastModifiedBy",                  "The person, program and device that last changed the item, as an object."),
    text("eTag",                            "The version of the item."),
    text("parentReference/id",              "The id of the folder that holds the item, NULL where the service leaves it out."),
    text("parentReference/siteId",          "The id of the site, NULL where the service leaves it out."),
    // Inputs.
    input("SiteId", Role::Site,   "Which site, as an id, root, or host:/path, echoed from the query.").references("Sites"),
    parent("ListId", "Lists",     "Which list's items, as its id or title, echoed from the query."),
    input("filter", Role::Filter, "An OData filter that is added to what the driver asks, on indexed columns as fields/Name.").hidden(),
    // SharePoint's own names for the item, which come when selected.
    text("sharepointIds/siteUrl",          "The address of the site.").item_only(),
    text("sharepointIds/siteId",           "The GUID of the site collection.").item_only(),
    text("sharepointIds/webId",            "The GUID of the site in its collection.").item_only(),
    text("sharepointIds/listId",           "The GUID of the list.").item_only(),
    text("sharepointIds/listItemId",       "The number of the item in its list, as text.").item_only(),
    text("sharepointIds/listItemUniqueId", "The GUID of the item in its list.").item_only(),
    text("sharepointIds/tenantId",         "The GUID of the tenant.").item_only(),
    // What the base type has but items rarely fill.
    text("name",                                           "The name of the item, NULL for most items.").hidden(),
    text("description",                                    "What the item is for, NULL for most items.").hidden(),
    text("deleted/state",                                  "The state of an item that has been deleted, NULL for others.").hidden(),
    text("parentReference/name",                           "The name of the parent, NULL for most items.").hidden(),
    text("parentReference/path",                           "The path of the parent, NULL for most items.").hidden(),
    text("parentReference/driveId",                        "The id of the parent's drive, NULL for most items.").hidden(),
    text("parentReference/driveType",                      "The kind of the parent's drive, NULL for most items.").hidden(),
    text("parentReference/shareId",                        "The id for reading the parent by way of a sharing link, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/siteUrl",          "The address of the parent's site, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/siteId",           "The GUID of the parent's site collection, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/webId",            "The GUID of the parent's site in its collection, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/listId",           "The GUID of the parent's list, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/listItemId",       "The number of the parent in its list, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/listItemUniqueId", "The GUID of the parent in its list, NULL for most items.").hidden(),
    text("parentReference/sharepointIds/tenantId",         "The GUID of the parent's tenant, NULL for most items.").hidden(),
];
