//! What Graph posts: a list of notifications, of changes or of what becomes of a subscription (FACTS §3.5).

use ring::digest::{SHA256, digest};
use serde::Deserialize;
use serde_json::Value as Json;

/// One notification.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// Which subscription tells it.
    pub subscription_id: String,
    /// The secret of that subscription.
    #[serde(default)]
    pub client_state: Option<String>,
    /// `created`, `updated` or `deleted`; none in a lifecycle notification.
    #[serde(default)]
    pub change_type: Option<String>,
    /// The path of what changed.
    #[serde(default)]
    pub resource: Option<String>,
    /// What changed, where it is told.
    #[serde(default)]
    pub resource_data: Option<ResourceData>,
    /// The tenant.
    #[serde(default)]
    pub tenant_id: Option<String>,
    /// What becomes of the subscription: `reauthorizationRequired`, `missed` or `subscriptionRemoved`.
    #[serde(default)]
    pub lifecycle_event: Option<String>,
    /// The notification's own id, which not every service gives.
    #[serde(default)]
    id: Option<String>,
}

/// What is told of the thing that changed.
#[derive(Debug, Deserialize)]
pub struct ResourceData {
    /// Its id.
    #[serde(default)]
    pub id: Option<String>,
    /// Its version.
    #[serde(default, rename = "@odata.etag")]
    pub etag: Option<String>,
}

/// A notification, and the JSON that it came as.
#[derive(Debug)]
pub struct Received {
    /// Understood.
    pub notification: Notification,
    /// As it came, without the secret.
    pub json: String,
}

/// The notifications of a body.
///
/// # Errors
/// What is wrong with it.
pub fn parse(body: &[u8]) -> serde_json::Result<Vec<Received>> {
    #[derive(Deserialize)]
    struct Body {
        value: Vec<Json>,
    }
    let body: Body = serde_json::from_slice(body)?;
    let understand = |mut json: Json| {
        let notification = Notification::deserialize(&json)?;
        if let Some(members) = json.as_object_mut() {
            members.remove("clientState");
        }
        Ok(Received {
            notification,
            json: json.to_string(),
        })
    };
    body.value.into_iter().map(understand).collect()
}

impl Notification {
    /// The id of what changed.
    pub fn item(&self) -> Option<&str> {
        self.resource_data.as_ref()?.id.as_deref()
    }

    /// The version of what changed.
    fn etag(&self) -> Option<&str> {
        self.resource_data.as_ref()?.etag.as_deref()
    }

    /// What a notification that is told twice has in common with itself, and with no other one; none where
    /// nothing tells two changes of one thing apart, as with drives.
    pub fn mark(&self) -> Option<String> {
        let version = match self.change_type.as_deref() {
            // Without a version too: within hours a thing is made or deleted once.
            Some("created" | "deleted") => self.etag().or(self.item().and(Some(""))),
            _ => self.etag(),
        };
        let own = self.id.as_deref().or(version)?;
        let parts = [
            Some(self.subscription_id.as_str()),
            self.change_type.as_deref(),
            self.lifecycle_event.as_deref(),
            self.resource.as_deref(),
            self.item(),
            Some(own),
        ];
        let text: Vec<&str> = parts.iter().map(|part| part.unwrap_or_default()).collect();
        Some(hash(&text.join("\n")))
    }
}

/// Whether two secrets are the same, in a time that does not tell how much of them is.
pub fn same_secret(own: &str, other: &str) -> bool {
    hash(own) == hash(other)
}

fn hash(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD
        .encode(digest(&SHA256, text.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn mark(json: &str) -> Option<String> {
        let body = format!("{{\"value\":[{json}]}}");
        parse(body.as_bytes()).expect("parsed")[0]
            .notification
            .mark()
    }

    #[test]
    fn what_is_told_twice_is_known_by_its_version() {
        let told = |etag: &str, kind: &str| {
            format!(
                r##"{{"subscriptionId":"s","changeType":"{kind}","resource":"Users/a/Messages/m",
                    "resourceData":{{"@odata.type":"#Microsoft.Graph.Message","@odata.etag":"{etag}","id":"m"}}}}"##
            )
        };
        assert_eq!(mark(&told("1", "updated")), mark(&told("1", "updated")));
        assert_ne!(mark(&told("1", "updated")), mark(&told("2", "updated")));
        assert_ne!(mark(&told("1", "updated")), mark(&told("1", "created")));
        let gone = r#"{"subscriptionId":"s","changeType":"deleted","resourceData":{"id":"m"}}"#;
        assert!(mark(gone).is_some());
        // A drive tells of any number of changes in the same words.
        let drive = r#"{"subscriptionId":"s","changeType":"updated","resource":"me/drive/root"}"#;
        assert_eq!(mark(drive), None);
    }

    #[test]
    fn bodies_that_are_none() {
        for wrong in [
            "",
            "{}",
            "[]",
            r#"{"value":[1]}"#,
            r#"{"value":[{}]}"#,
            "{\"value\":[{\"subscriptionId\":1}]}",
        ] {
            assert!(parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        let empty = parse(br#"{"value":[],"validationTokens":["x"]}"#).expect("parsed");
        assert!(empty.is_empty());
    }

    #[test]
    fn the_secret_is_not_kept() {
        let body =
            br#"{"value":[{"subscriptionId":"s","clientState":"hush","changeType":"updated"}]}"#;
        let all = parse(body).expect("parsed");
        assert_eq!(all[0].notification.client_state.as_deref(), Some("hush"));
        assert!(!all[0].json.contains("hush"), "{}", all[0].json);
    }
}
