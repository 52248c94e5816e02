//! Usage reports: who used what in the last days, from the service's own statistics.
//!
//! A report is a file of comma-separated values that the path redirects to; it knows no option, and
//! its columns have the file's headers as paths (N/api/reportroot-get…, "The CSV file has the following
//! headers for columns"). A column that the service leaves out is NULL. There is no key: an account that
//! was deleted and made again stands there twice, and tenants may have names and ids concealed.

use super::{
    Column, Role, Rows, Table, boolean, collection, date, input, integer, long, text, time,
};

const PERIOD: Column = input(
    "period",
    Role::Parent("period"),
    "How many days the report covers, D7, D30, D90 or D180.",
)
.hidden();

const DATE: Column = input(
    "date",
    Role::Parent("date"),
    "The one day of the last 30 that the report covers, in place of period.",
)
.hidden();

/// reportRoot: getMailboxUsageDetail
pub static MAILBOX_USAGE_DETAIL: Table = Table {
    name: "MailboxUsageDetail",
    doc: "A mailbox with its size and limits, from the usage reports.",
    question: "How full are the mailboxes?",
    example: "SELECT UserPrincipalName, ItemCount, StorageUsedByte FROM MailboxUsageDetail WHERE period = 'D7' ORDER BY StorageUsedByte DESC, UserPrincipalName LIMIT 10",
    key: "",
    columns: MAILBOX_USAGE_DETAIL_COLUMNS,
    routes: &[collection(
        "reports/getMailboxUsageDetail(period='{period}')",
    )],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const MAILBOX_USAGE_DETAIL_COLUMNS: &[Column] = &[
    text("User Principal Name",                "The name the user signs in with, concealed where the tenant wants it so."),
    text("Display Name",                       "The full name of the user, concealed where the tenant wants it so."),
    long("Item Count",                         "How many items the mailbox holds."),
    long("Storage Used (Byte)",                "The size of the mailbox in bytes."),
    date("Last Activity Date",                 "The day the mailbox was last used for sending or reading, NULL for never."),
    long("Issue Warning Quota (Byte)",         "The size in bytes at which the user is warned."),
    long("Prohibit Send Quota (Byte)",         "The size in bytes at which the user can no longer send."),
    long("Prohibit Send/Receive Quota (Byte)", "The size in bytes at which the mailbox no longer receives."),
    long("Deleted Item Count",                 "How many deleted items can still be recovered."),
    long("Deleted Item Size (Byte)",           "The size of the recoverable items in bytes."),
    long("Deleted Item Quota (Byte)",          "The limit in bytes of the recoverable items."),
    boolean("Has Archive",                     "Whether the mailbox has an archive."),
    // Not on the documentation's page, but in the files that public programs read.
    text("Recipient Type",                     "What the mailbox serves, such as a user or a room, NULL where the service leaves it out."),
    boolean("Is Deleted",                      "Whether the account has been deleted."),
    date("Deleted Date",                       "The day the account was deleted, NULL for accounts in use."),
    date("Created Date",                       "The day the mailbox was created."),
    integer("Report Period",                   "How many days the report covers."),
    date("Report Refresh Date",                "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
];

/// reportRoot: getOneDriveUsageAccountDetail
pub static ONEDRIVE_USAGE_ACCOUNT_DETAIL: Table = Table {
    name: "OneDriveUsageAccountDetail",
    doc: "A OneDrive with its size and use, from the usage reports.",
    question: "How full are the OneDrives?",
    example: "SELECT OwnerPrincipalName, FileCount, StorageUsedByte FROM OneDriveUsageAccountDetail WHERE period = 'D7' ORDER BY StorageUsedByte DESC, OwnerPrincipalName LIMIT 10",
    key: "",
    columns: ONEDRIVE_USAGE_ACCOUNT_DETAIL_COLUMNS,
    routes: &[
        collection("reports/getOneDriveUsageAccountDetail(period='{period}')"),
        collection("reports/getOneDriveUsageAccountDetail(date={date})"),
    ],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const ONEDRIVE_USAGE_ACCOUNT_DETAIL_COLUMNS: &[Column] = &[
    text("Owner Principal Name",     "The name the owner signs in with, concealed where the tenant wants it so."),
    text("Owner Display Name",       "The full name of the owner, concealed where the tenant wants it so."),
    text("Site URL",                 "The address of the OneDrive, NULL where the service leaves it out."),
    long("File Count",               "How many files there are."),
    long("Active File Count",        "How many files were viewed, changed, shared or synchronized."),
    long("Storage Used (Byte)",      "The size of the OneDrive in bytes."),
    long("Storage Allocated (Byte)", "The limit of the OneDrive in bytes."),
    date("Last Activity Date",       "The day a file was last used, NULL for never."),
    boolean("Is Deleted",            "Whether the OneDrive has been deleted."),
    integer("Report Period",         "How many days the report covers."),
    date("Report Refresh Date",      "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
    DATE,
];

/// reportRoot: getSharePointSiteUsageDetail
pub static SHAREPOINT_SITE_USAGE_DETAIL: Table = Table {
    name: "SharePointSiteUsageDetail",
    doc: "A SharePoint site with its size and use, from the usage reports.",
    question: "Which sites are large, and which are used?",
    example: "SELECT SiteURL, PageViewCount, StorageUsedByte FROM SharePointSiteUsageDetail WHERE period = 'D7' ORDER BY StorageUsedByte DESC, SiteId LIMIT 10",
    key: "",
    columns: SHAREPOINT_SITE_USAGE_DETAIL_COLUMNS,
    routes: &[
        collection("reports/getSharePointSiteUsageDetail(period='{period}')"),
        collection("reports/getSharePointSiteUsageDetail(date={date})"),
    ],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const SHAREPOINT_SITE_USAGE_DETAIL_COLUMNS: &[Column] = &[
    text("Site Id",                  "The id of the site, concealed where the tenant wants it so."),
    text("Site URL",                 "The address of the site, NULL where the service leaves it out."),
    text("Owner Display Name",       "The full name of the site's owner, concealed where the tenant wants it so."),
    text("Owner Principal Name",     "The name the owner signs in with, concealed where the tenant wants it so."),
    long("File Count",               "How many files there are."),
    long("Active File Count",        "How many files were viewed, changed, shared or synchronized."),
    long("Page View Count",          "How many times pages were viewed."),
    long("Visited Page Count",       "How many pages were viewed."),
    long("Storage Used (Byte)",      "The size of the site in bytes."),
    long("Storage Allocated (Byte)", "The limit of the site in bytes."),
    date("Last Activity Date",       "The day the site was last used, NULL for never."),
    text("Root Web Template",        "The template the site was made from, such as Group or Team Site."),
    boolean("Is Deleted",            "Whether the site has been deleted."),
    integer("Report Period",         "How many days the report covers."),
    date("Report Refresh Date",      "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
    DATE,
];

/// reportRoot: getTeamsUserActivityUserDetail
pub static TEAMS_USER_ACTIVITY_USER_DETAIL: Table = Table {
    name: "TeamsUserActivityUserDetail",
    doc: "A user with what the user did in Teams, from the usage reports.",
    question: "Who uses Teams, and for what?",
    example: "SELECT UserPrincipalName, TeamChatMessageCount, MeetingCount FROM TeamsUserActivityUserDetail WHERE period = 'D7' ORDER BY TeamChatMessageCount DESC, UserPrincipalName LIMIT 10",
    key: "",
    columns: TEAMS_USER_ACTIVITY_USER_DETAIL_COLUMNS,
    routes: &[
        collection("reports/getTeamsUserActivityUserDetail(period='{period}')"),
        collection("reports/getTeamsUserActivityUserDetail(date={date})"),
    ],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const TEAMS_USER_ACTIVITY_USER_DETAIL_COLUMNS: &[Column] = &[
    text("User Principal Name",                          "The name the user signs in with, concealed where the tenant wants it so."),
    text("User Id",                                      "The object id of the user, concealed where the tenant wants it so."),
    date("Last Activity Date",                           "The day the user was last active in Teams, NULL for never."),
    long("Team Chat Message Count",                      "How many messages the user wrote in channels."),
    long("Private Chat Message Count",                   "How many messages the user wrote in chats."),
    long("Call Count",                                   "How many calls the user took part in."),
    long("Meeting Count",                                "How many meetings the user took part in."),
    long("Post Messages",                                "How many conversations the user began in channels."),
    long("Reply Messages",                               "How many replies the user wrote in channels."),
    long("Urgent Messages",                              "How many urgent messages the user sent."),
    long("Meetings Organized Count",                     "How many meetings the user organized, those of no known kind included."),
    long("Meetings Attended Count",                      "How many meetings the user attended."),
    long("Ad Hoc Meetings Organized Count",              "How many unscheduled meetings the user organized."),
    long("Ad Hoc Meetings Attended Count",               "How many unscheduled meetings the user attended."),
    long("Scheduled One-time Meetings Organized Count",  "How many single scheduled meetings the user organized."),
    long("Scheduled One-time Meetings Attended Count",   "How many single scheduled meetings the user attended."),
    long("Scheduled Recurring Meetings Organized Count", "How many recurring meetings the user organized."),
    long("Scheduled Recurring Meetings Attended Count",  "How many recurring meetings the user attended."),
    time("Audio Duration",                               "How long the user was heard, as an ISO duration."),
    time("Video Duration",                               "How long the user was seen, as an ISO duration."),
    time("Screen Share Duration",                        "How long the user shared a screen, as an ISO duration."),
    long("Audio Duration In Seconds",                    "How many seconds the user was heard."),
    long("Video Duration In Seconds",                    "How many seconds the user was seen."),
    long("Screen Share Duration In Seconds",             "How many seconds the user shared a screen."),
    boolean("Has Other Action",                          "Whether the user did something else than is counted."),
    boolean("Is Licensed",                               "Whether the user has a licence for Teams."),
    text("Assigned Products",                            "The names of the products the user has licences for, with + between them."),
    text("Tenant Display Name",                          "The name of the user's own tenant."),
    text("Shared Channel Tenant Display Names",          "The names of the tenants whose shared channels the user was active in."),
    boolean("Is Deleted",                                "Whether the account has been deleted."),
    date("Deleted Date",                                 "The day the account was deleted, NULL for accounts in use."),
    integer("Report Period",                             "How many days the report covers."),
    date("Report Refresh Date",                          "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
    DATE,
];

/// reportRoot: getOffice365ActiveUserDetail
pub static OFFICE365_ACTIVE_USER_DETAIL: Table = Table {
    name: "Office365ActiveUserDetail",
    doc: "A user with the last use of each service, from the usage reports.",
    question: "Who uses which service, and who none?",
    example: "SELECT UserPrincipalName, ExchangeLastActivityDate, TeamsLastActivityDate FROM Office365ActiveUserDetail WHERE period = 'D7' ORDER BY UserPrincipalName LIMIT 10",
    key: "",
    columns: OFFICE365_ACTIVE_USER_DETAIL_COLUMNS,
    routes: &[
        collection("reports/getOffice365ActiveUserDetail(period='{period}')"),
        collection("reports/getOffice365ActiveUserDetail(date={date})"),
    ],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const OFFICE365_ACTIVE_USER_DETAIL_COLUMNS: &[Column] = &[
    text("User Principal Name",                    "The name the user signs in with, concealed where the tenant wants it so."),
    text("Display Name",                           "The full name of the user, concealed where the tenant wants it so."),
    date("Exchange Last Activity Date",            "The day the user last used Exchange, NULL for never."),
    date("OneDrive Last Activity Date",            "The day the user last used OneDrive, NULL for never."),
    date("SharePoint Last Activity Date",          "The day the user last used SharePoint, NULL for never."),
    date("Teams Last Activity Date",               "The day the user last used Teams, NULL for never."),
    date("Yammer Last Activity Date",              "The day the user last used Yammer, NULL for never."),
    date("Skype For Business Last Activity Date",  "The day the user last used Skype for Business, NULL for never."),
    boolean("Has Exchange License",                "Whether the user has a licence for Exchange."),
    boolean("Has OneDrive License",                "Whether the user has a licence for OneDrive."),
    boolean("Has SharePoint License",              "Whether the user has a licence for SharePoint."),
    boolean("Has Teams License",                   "Whether the user has a licence for Teams."),
    boolean("Has Yammer License",                  "Whether the user has a licence for Yammer."),
    boolean("Has Skype For Business License",      "Whether the user has a licence for Skype for Business."),
    date("Exchange License Assign Date",           "The day the user was given that licence for Exchange."),
    date("OneDrive License Assign Date",           "The day the user was given that licence for OneDrive."),
    date("SharePoint License Assign Date",         "The day the user was given that licence for SharePoint."),
    date("Teams License Assign Date",              "The day the user was given that licence for Teams."),
    date("Yammer License Assign Date",             "The day the user was given that licence for Yammer."),
    date("Skype For Business License Assign Date", "The day the user was given that licence for Skype for Business."),
    text("Assigned Products",                      "The names of the products the user has licences for, with + between them."),
    boolean("Is Deleted",                          "Whether the account has been deleted."),
    date("Deleted Date",                           "The day the account was deleted, NULL for accounts in use."),
    date("Report Refresh Date",                    "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
    DATE,
];

/// reportRoot: getEmailActivityUserDetail
pub static EMAIL_ACTIVITY_USER_DETAIL: Table = Table {
    name: "EmailActivityUserDetail",
    doc: "A user with how much mail went out and came in, from the usage reports.",
    question: "Who sends and receives how much mail?",
    example: "SELECT UserPrincipalName, SendCount, ReceiveCount FROM EmailActivityUserDetail WHERE period = 'D7' ORDER BY SendCount DESC, UserPrincipalName LIMIT 10",
    key: "",
    columns: EMAIL_ACTIVITY_USER_DETAIL_COLUMNS,
    routes: &[
        collection("reports/getEmailActivityUserDetail(period='{period}')"),
        collection("reports/getEmailActivityUserDetail(date={date})"),
    ],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const EMAIL_ACTIVITY_USER_DETAIL_COLUMNS: &[Column] = &[
    text("User Principal Name",      "The name the user signs in with, concealed where the tenant wants it so."),
    text("Display Name",             "The full name of the user, concealed where the tenant wants it so."),
    long("Send Count",               "How many messages the user sent."),
    long("Receive Count",            "How many messages the user received."),
    long("Read Count",               "How many messages the user read."),
    long("Meeting Created Count",    "How many invitations the user sent."),
    long("Meeting Interacted Count", "How many invitations the user answered or changed."),
    date("Last Activity Date",       "The day the user last sent or read mail, NULL for never."),
    text("Assigned Products",        "The names of the products the user has licences for, with + between them."),
    boolean("Is Deleted",            "Whether the account has been deleted."),
    date("Deleted Date",             "The day the account was deleted, NULL for accounts in use."),
    integer("Report Period",         "How many days the report covers."),
    date("Report Refresh Date",      "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
    DATE,
];

/// reportRoot: getM365AppUserDetail
pub static M365_APP_USER_DETAIL: Table = Table {
    name: "M365AppUserDetail",
    doc: "A user with the apps and platforms used, from the usage reports.",
    question: "Which apps do people use, and on what?",
    example: "SELECT UserPrincipalName, LastActivityDate, Outlook, Teams FROM M365AppUserDetail WHERE period = 'D7' ORDER BY UserPrincipalName LIMIT 10",
    key: "",
    columns: M365_APP_USER_DETAIL_COLUMNS,
    routes: &[
        collection("reports/getM365AppUserDetail(period='{period}')"),
        collection("reports/getM365AppUserDetail(date={date})"),
    ],
    rows: Rows::Csv,
    select: false,
    permission: "Reports.Read.All",
    app_permission: "Reports.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const M365_APP_USER_DETAIL_COLUMNS: &[Column] = &[
    text("User Principal Name",     "The name the user signs in with, concealed where the tenant wants it so."),
    date("Last Activation Date",    "The day the user last activated an app, NULL for never."),
    date("Last Activity Date",      "The day the user last used an app, NULL for never."),
    boolean("Windows",              "Whether the user used an app on Windows."),
    boolean("Mac",                  "Whether the user used an app on a Mac."),
    boolean("Mobile",               "Whether the user used an app on a mobile device."),
    boolean("Web",                  "Whether the user used an app in a browser."),
    boolean("Outlook",              "Whether the user used Outlook."),
    boolean("Word",                 "Whether the user used Word."),
    boolean("Excel",                "Whether the user used Excel."),
    boolean("PowerPoint",           "Whether the user used PowerPoint."),
    boolean("OneNote",              "Whether the user used OneNote."),
    boolean("Teams",                "Whether the user used Teams."),
    boolean("Outlook (Windows)",    "Whether the user used Outlook on Windows."),
    boolean("Word (Windows)",       "Whether the user used Word on Windows."),
    boolean("Excel (Windows)",      "Whether the user used Excel on Windows."),
    boolean("PowerPoint (Windows)", "Whether the user used PowerPoint on Windows."),
    boolean("OneNote (Windows)",    "Whether the user used OneNote on Windows."),
    boolean("Teams (Windows)",      "Whether the user used Teams on Windows."),
    boolean("Outlook (Mac)",        "Whether the user used Outlook on a Mac."),
    boolean("Word (Mac)",           "Whether the user used Word on a Mac."),
    boolean("Excel (Mac)",          "Whether the user used Excel on a Mac."),
    boolean("PowerPoint (Mac)",     "Whether the user used PowerPoint on a Mac."),
    boolean("OneNote (Mac)",        "Whether the user used OneNote on a Mac."),
    boolean("Teams (Mac)",          "Whether the user used Teams on a Mac."),
    boolean("Outlook (Mobile)",     "Whether the user used Outlook on a mobile device."),
    boolean("Word (Mobile)",        "Whether the user used Word on a mobile device."),
    boolean("Excel (Mobile)",       "Whether the user used Excel on a mobile device."),
    boolean("PowerPoint (Mobile)",  "Whether the user used PowerPoint on a mobile device."),
    boolean("OneNote (Mobile)",     "Whether the user used OneNote on a mobile device."),
    boolean("Teams (Mobile)",       "Whether the user used Teams on a mobile device."),
    boolean("Outlook (Web)",        "Whether the user used Outlook in a browser."),
    boolean("Word (Web)",           "Whether the user used Word in a browser."),
    boolean("Excel (Web)",          "Whether the user used Excel in a browser."),
    boolean("PowerPoint (Web)",     "Whether the user used PowerPoint in a browser."),
    boolean("OneNote (Web)",        "Whether the user used OneNote in a browser."),
    boolean("Teams (Web)",          "Whether the user used Teams in a browser."),
    integer("Report Period",        "How many days the report covers."),
    date("Report Refresh Date",     "The day up to which the report has numbers."),
    // Inputs out of sight.
    PERIOD,
    DATE,
];
