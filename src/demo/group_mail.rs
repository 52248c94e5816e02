//! Conversations, threads and posts of Microsoft 365 groups (FACTS 1.5): an Outlook service, for people only.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Tenant;
use super::call::Call;
use super::directory::{json_row, no_mailbox};
use super::encoding::base64;
use super::error::{Answer, Fault};
use super::mail::recipient;
use super::opaque_rows::{find, one, page};
use super::outlook::Rules;
use super::query::row::{JsonRow, Row};
use super::random::mix_text;
use super::reply::Reply;
use super::signin::{Caller, permissions};
use super::time;
use super::world::conversations::{self as world, Post, Thread};
use super::world::groups::is_unified;

/// Filter and sort are unproven and nothing is expanded or searched (FACTS 1.5), so those are refused. Pages of 10, as of all Outlook; the largest is a choice.
const CONVERSATION: Rules = Rules {
    type_name: "conversation",
    max: 100,
    options: &["$select", "$top", "$skip"],
    ..Rules::BARE
};
const THREAD: Rules = Rules {
    type_name: "conversationThread",
    ..CONVERSATION
};
const POST: Rules = Rules {
    type_name: "post",
    ..CONVERSATION
};

/// The group whose mail it is.
#[derive(Clone, Copy)]
struct Place<'t> {
    tenant: &'t Tenant,
    group: usize,
}

/// Answers below `groups/{id}/conversations` (with `service`) and `groups/{id}/threads`.
pub fn respond(
    call: &Call,
    tenant: &Tenant,
    group: usize,
    service: &str,
    rest: &[&str],
) -> Answer<Reply> {
    // Delegated for most, application permissions are contradictory (FACTS 1.5): none is the stricter.
    if call.caller == Caller::Application {
        return Err(permissions::denied());
    }
    // Other groups have no mailbox.
    if !is_unified(group) {
        return Err(no_mailbox());
    }
    let place = Place { tenant, group };
    let resource = format!("groups('{}')/{service}", tenant.groups[group].id);
    let all = world::all(group);
    match (service, rest) {
        ("conversations", []) => {
            let rows = (0..world::conversations(group)).map(|number| place.conversation(number));
            page(call, &CONVERSATION, &resource, rows.collect())
        }
        ("conversations", [key, below @ ..]) => {
            let number = find(world::conversations(group), key, |number| {
                world::conversation_id(group, number)
            })?;
            let resource = format!("{resource}('{key}')/threads");
            let inside = all
                .into_iter()
                .filter(|thread| thread.conversation == number);
            match below {
                [] => {
                    let parent = resource.rsplit_once('(').map_or("", |(parent, _)| parent);
                    one(call, &CONVERSATION, parent, &place.conversation(number))
                }
                ["threads", below @ ..] => {
                    below_threads(call, place, &inside.collect::<Vec<_>>(), &resource, below)
                }
                [other, ..] => Err(Fault::unknown_segment(other)),
            }
        }
        _ => below_threads(call, place, &all, &resource, rest),
    }
}

fn below_threads(
    call: &Call,
    place: Place,
    threads: &[Thread],
    resource: &str,
    rest: &[&str],
) -> Answer<Reply> {
    let [key, below @ ..] = rest else {
        let rows = threads.iter().map(|thread| place.thread(thread)).collect();
        return page(call, &THREAD, resource, rows);
    };
    let number = find(threads.len(), key, |number| threads[number].id())?;
    let thread = &threads[number];
    let posts = format!("{resource}('{key}')/posts");
    match below {
        [] => one(call, &THREAD, resource, &place.thread(thread)),
        ["posts"] => {
            let rows = (0..thread.posts()).map(|number| place.post(call, thread, number));
            page(call, &POST, &posts, rows.collect())
        }
        ["posts", key] => {
            let number = find(thread.posts(), key, |number| thread.post_id(number))?;
            one(call, &POST, &posts, &place.post(call, thread, number))
        }
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

impl Place<'_> {
    fn posts(&self, thread: &Thread) -> Vec<Post> {
        let numbers = 0..thread.posts();
        numbers
            .map(|number| thread.post(&self.tenant.users, number))
            .collect()
    }

    fn conversation(&self, number: usize) -> JsonRow {
        let threads: Vec<Thread> = (0..world::threads(number))
            .map(|thread| Thread {
                group: self.group,
                conversation: number,
                number: thread,
            })
            .collect();
        let posts: Vec<Post> = threads
            .iter()
            .flat_map(|thread| self.posts(thread))
            .collect();
        let mut value = summary(&posts);
        value["id"] = json!(world::conversation_id(self.group, number));
        value["topic"] = json!(threads[0].topic());
        json_row("conversation", value)
    }

    fn thread(&self, thread: &Thread) -> JsonRow {
        let group = &self.tenant.groups[self.group];
        let copy = thread.post(&self.tenant.users, 0).from;
        let mut value = summary(&self.posts(thread));
        value["id"] = json!(thread.id());
        value["topic"] = json!(thread.topic());
        value["isLocked"] = json!(thread.locked());
        value["toRecipients"] = json!([{"emailAddress": {"name": group.property("displayName"), "address": group.property("mail")}}]);
        value["ccRecipients"] = if thread.conversation % 4 == 1 {
            json!([recipient(&copy)])
        } else {
            json!([])
        };
        json_row("conversationThread", value)
    }

    fn post(&self, call: &Call, thread: &Thread, number: usize) -> JsonRow {
        let post = thread.post(&self.tenant.users, number);
        let id = thread.post_id(number);
        let key = base64(&mix_text(&id).to_be_bytes());
        let text = call
            .prefer("outlook.body-content-type")
            .is_some_and(|kind| kind.eq_ignore_ascii_case("text"));
        let body = post.body.as_ref().map(|body| {
            if text {
                json!({"contentType": "text", "content": plain(body)})
            } else {
                json!({"contentType": "html", "content": format!("<html><body><p>{body}</p></body></html>")})
            }
        });
        let at = time::show(post.at);
        let value = json!({
            "id": id,
            "createdDateTime": at,
            "lastModifiedDateTime": at,
            "receivedDateTime": at,
            "changeKey": key,
            "categories": post.categories,
            "hasAttachments": post.attachments,
            "body": body,
            "from": recipient(&post.from),
            "sender": recipient(&post.from),
            "newParticipants": [],
            "conversationId": world::conversation_id(self.group, thread.conversation),
            "conversationThreadId": thread.id(),
        });
        let mut row = json_row("post", value);
        row.annotations
            .push(("@odata.etag", json!(format!("W/\"{key}\""))));
        row
    }
}

/// What conversations and threads say of their posts.
fn summary(posts: &[Post]) -> Value {
    // Who has no name is called by the address.
    let called = |post: &'_ Post| match post.from.0.as_str() {
        "" => post.from.1.clone(),
        name => name.to_string(),
    };
    let senders: BTreeSet<String> = posts.iter().map(called).collect();
    let last = posts.iter().max_by_key(|post| post.at);
    json!({
        "hasAttachments": posts.iter().any(|post| post.attachments),
        "lastDeliveredDateTime": last.map(|post| time::show(post.at)),
        "uniqueSenders": senders,
        "preview": last.map(|post| plain(post.body.as_deref().unwrap_or_default())),
    })
}

/// HTML without a frame as text.
fn plain(html: &str) -> String {
    html.replace("&quot;", "\"").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::collection::survey;

    #[test]
    fn names_exist_and_what_may_be_null_is_null_somewhere() {
        let tenant = Tenant::standard();
        let place = Place {
            tenant: &tenant,
            group: 0,
        };
        let rows = (0..45).map(|number| place.conversation(number));
        let (strange, full) = survey(&rows.collect::<Vec<_>>());
        assert_eq!(strange, [""; 0]);
        assert!(!full.contains(&"topic"));
        let threads = world::all(0);
        let rows: Vec<JsonRow> = threads.iter().map(|thread| place.thread(thread)).collect();
        assert_eq!(survey(&rows).0, [""; 0]);
    }
}
