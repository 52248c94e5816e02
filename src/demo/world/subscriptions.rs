//! Subscriptions to change notifications, and who made them.

use serde_json::json;

use super::people::{TENANT_ID, User};
use crate::demo::query::row::JsonRow;
use crate::demo::random::guid;
use crate::demo::time::{self, DAY};

/// One subscription.
pub struct Subscription {
    /// Place of the user for whom it was made; none: an application made it for itself.
    pub creator: Option<usize>,
    /// What it watches: a path, and so its permission too.
    pub resource: String,
    /// The resource itself.
    pub row: JsonRow,
}

/// Creator, resource, kinds of change, where notifications go, days left, resource data included.
type Plan = (
    Option<usize>,
    &'static str,
    &'static str,
    &'static str,
    i64,
    bool,
);

/// The third one of Adele sends mail out of the house; her fourth ends today; another user has one, most have none.
const PLANS: &[Plan] = &[
    (
        Some(0),
        "me/mailFolders/inbox/messages",
        "created,updated",
        "https://hooks.contoso.com/graph?source=mail&v=2",
        2,
        false,
    ),
    (
        Some(0),
        "me/events",
        "created,updated,deleted",
        "https://hooks.contoso.com/graph?source=calendar",
        6,
        false,
    ),
    (
        Some(0),
        "me/messages",
        "created",
        "https://collector.wingtiptoys.com/in",
        1,
        true,
    ),
    (
        Some(0),
        "me/drive/root",
        "updated",
        "https://hooks.contoso.com/files",
        0,
        false,
    ),
    (
        Some(0),
        "groups",
        "updated,deleted",
        "EventHub:https://contoso.vault.azure.net/secrets/hub?tenantId=contoso.com",
        20,
        false,
    ),
    (
        Some(1),
        "me/events",
        "updated",
        "https://hooks.contoso.com/alex",
        3,
        false,
    ),
    (
        None,
        "users",
        "updated,deleted",
        "https://hooks.contoso.com/directory",
        25,
        false,
    ),
    (
        None,
        "users/87d349ed-44d7-43e1-9a83-5f2406dee5bd/messages",
        "created",
        "https://hooks.contoso.com/archive",
        5,
        true,
    ),
];

/// An event hub has no say in it.
fn tls(place: usize) -> Option<&'static str> {
    match place {
        3 => Some("v1_0"),
        4 => None,
        _ => Some("v1_2"),
    }
}

/// All subscriptions, made of the users' ids.
pub fn all(users: &[User]) -> impl Iterator<Item = Subscription> {
    PLANS.iter().enumerate().map(|(place, plan)| {
        let (creator, resource, changes, url, days, data) = *plan;
        let application = guid(&[171, u64::from(creator.is_none())]);
        let own = creator.map_or(&application, |user| &users[user].id);
        let map = json!({
            "id": guid(&[170, place as u64]), "resource": resource, "applicationId": application, "changeType": changes,
            // Never shown to anybody (A/subscription-list).
            "clientState": null,
            "notificationUrl": url, "notificationQueryOptions": null,
            "lifecycleNotificationUrl": data.then_some("https://hooks.contoso.com/lifecycle"),
            "expirationDateTime": time::show(time::today() + days * DAY + 43_200 * time::SECOND + place as i64),
            "creatorId": own,
            "latestSupportedTlsVersion": tls(place),
            // Empty where there is nothing to encrypt (subscription-update); never shown where there is.
            "encryptionCertificate": (!data).then_some(""), "encryptionCertificateId": data.then_some("cert-2026"),
            // Null where it was not said when the subscription was made.
            "includeResourceData": (place != 1).then_some(data), "notificationUrlAppId": (place == 4).then_some(TENANT_ID),
        });
        Subscription {
            creator,
            resource: resource.to_string(),
            row: JsonRow::of("subscription", map),
        }
    })
}
