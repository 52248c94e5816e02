//! The directory roles that were activated, and who has them.

use serde_json::json;

use super::people::COUNT;
use crate::demo::query::row::JsonRow;
use crate::demo::random::guid;

/// One activated role.
pub struct Role {
    /// Object id, different in each tenant.
    pub id: String,
    /// The id of its template, the same in all tenants.
    pub template: &'static str,
    /// Places of the users who have it.
    pub members: &'static [usize],
    /// The resource.
    pub row: JsonRow,
}

/// Name, template, members. Christie Cline (25) is switched off and still an administrator; Dana Swope (42) is a guest; nobody reads reports only.
const ROLES: &[(&str, &str, &[usize])] = &[
    (
        GLOBAL_ADMINISTRATOR,
        "62e90394-69f5-4237-9190-012177145e10",
        &[0, 2, 25],
    ),
    (
        "Global Reader",
        "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
        &[3],
    ),
    (
        "User Administrator",
        "fe930be7-5e62-47db-91af-98c3a49a38b1",
        &[1, 42],
    ),
    (
        "Exchange Administrator",
        "29232cdf-9323-42fd-ade2-1d097af3e4de",
        &[4],
    ),
    (
        "SharePoint Administrator",
        "f28a1f50-f6e7-4571-818b-6a12f2af6b6c",
        &[4, 5],
    ),
    (
        "Teams Administrator",
        "69091246-20e8-4a56-aa4d-066075b2a7a8",
        &[4],
    ),
    (
        "License Administrator",
        "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
        &[13],
    ),
    (
        "Helpdesk Administrator",
        "729827e3-9c14-49f7-bb1b-9608f156bbb8",
        &[14, 16, 17, 19],
    ),
    (
        "Directory Synchronization Accounts",
        "d29b2b05-8046-44ba-8758-1e26182fcf32",
        &[COUNT - 2],
    ),
    (
        "Reports Reader",
        "4a5d8f65-41da-4de4-8968-e035b65339cf",
        &[],
    ),
];

const GLOBAL_ADMINISTRATOR: &str = "Global Administrator";

/// The roles whose members may read usage reports with a delegated token (concepts/reportroot-authorization).
const REPORT_READERS: [&str; 7] = [
    GLOBAL_ADMINISTRATOR,
    "Global Reader",
    "Exchange Administrator",
    "SharePoint Administrator",
    "Teams Administrator",
    "Skype for Business Administrator",
    "Reports Reader",
];

/// All activated roles.
pub fn all() -> Vec<Role> {
    ROLES
        .iter()
        .map(|(name, template, members)| {
            let id = guid(&[140, crate::demo::random::mix_text(template)]);
            let map = json!({
                "id": id, "deletedDateTime": null, "displayName": name, "roleTemplateId": template,
                // A role that somebody else described is described by nothing here.
                "description": (*name != "Directory Synchronization Accounts").then(|| format!("Has the rights of the {name} in this directory.")),
            });
            Role {
                id,
                template,
                members,
                row: JsonRow::of("directoryRole", map),
            }
        })
        .collect()
}

/// May the user at this place read usage reports?
pub fn reads_reports(user: usize) -> bool {
    ROLES
        .iter()
        .any(|(name, _, members)| REPORT_READERS.contains(name) && members.contains(&user))
}
