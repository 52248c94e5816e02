//! Notifications as they are written, and which of them a write gives occasion to (FACTS 3.5).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::news::{News, Step};
use crate::demo::Tenant;
use crate::demo::subscriptions::live::{self, Live};
use crate::demo::world::people::TENANT_ID;
use crate::demo::write::ledger::Ledger;

/// How many go in one body; FACTS says only that there may be several.
const TOGETHER: usize = 100;

/// One notification.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The subscription's id.
    pub subscription: String,
    /// The write that it tells of; none for a lifecycle event, which is told whatever became of the subscription.
    pub revision: Option<u64>,
    /// What it says.
    pub value: Value,
}

/// What the writes between two states give occasion to, by address. Each write counts by itself, and for the subscriptions that there were before it.
pub fn letters(
    tenant: &Tenant,
    before: &Arc<Ledger>,
    after: &Arc<Ledger>,
) -> BTreeMap<String, Vec<Letter>> {
    let mut all: BTreeMap<String, Vec<Letter>> = BTreeMap::new();
    let nobody = |ledger| live::all(tenant, ledger).is_empty();
    if nobody(before) && nobody(after) {
        return all;
    }
    let mut old = before.clone();
    for revision in before.writes() + 1..=after.writes() {
        let new = match revision == after.writes() {
            true => after.clone(),
            false => Arc::new(after.at(revision)),
        };
        let step = Step {
            tenant,
            before: &old,
            after: &new,
        };
        let subscribed = live::all(tenant, &old).into_iter();
        for live in subscribed.filter(|live| !live.paused) {
            let news = live.news(&step).into_iter();
            let letters = news.map(|news| letter(&live, revision, news));
            all.entry(live.text("notificationUrl"))
                .or_default()
                .extend(letters);
        }
        old = new;
    }
    all.retain(|_, letters| !letters.is_empty());
    all
}

fn letter(live: &Live, revision: u64, news: News) -> Letter {
    Letter {
        subscription: live.id.clone(),
        revision: Some(revision),
        value: json!({
            "subscriptionId": live.id,
            "subscriptionExpirationDateTime": live.text("expirationDateTime"),
            "clientState": live.secret(),
            "changeType": news.change.name(),
            "resource": news.resource,
            "tenantId": TENANT_ID,
            "resourceData": news.data,
        }),
    }
}

/// A lifecycle event (C/webhooks-lifecycle).
pub fn of_lifecycle(live: &Live, event: &str) -> Letter {
    Letter {
        subscription: live.id.clone(),
        revision: None,
        value: json!({
            "subscriptionId": live.id,
            "subscriptionExpirationDateTime": live.text("expirationDateTime"),
            "tenantId": TENANT_ID,
            "clientState": live.secret(),
            "lifecycleEvent": event,
        }),
    }
}

/// The bodies that bring them.
pub fn bodies<'l>(letters: &'l [&'l Letter]) -> impl Iterator<Item = String> + 'l {
    letters.chunks(TOGETHER).map(|some| {
        let values: Vec<&Value> = some.iter().map(|letter| &letter.value).collect();
        json!({"value": values}).to_string()
    })
}
