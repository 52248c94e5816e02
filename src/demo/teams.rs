//! Teams: teams, channels, members and what is said in channels (FACTS 1.9). A team is a group; names and people are the group's.

use serde_json::{Value, json};

use super::Tenant;
use super::call::Call;
use super::collection::{self, Beyond, Nulls, Pages, Rules};
use super::directory::json_row;
use super::encoding::{base64, percent_encode};
use super::error::{Answer, Fault};
use super::query::check::Action;
use super::query::row::{JsonRow, Row};
use super::random::guid;
use super::reply::Reply;
use super::time;
use super::world::channels::{self, Channel, Kind, Message};
use super::world::groups::{Group, is_team};
use super::world::people::{TENANT_ID, User};

/// FACTS has no code for what Teams refuses: the one for options and names that fit nowhere.
const CODE: &str = "BadRequest";

/// `joinedTeams`: no option at all; `teams/{id}`: S X, but M lets nothing be expanded that this tenant has.
const TEAM: Rules = Rules {
    type_name: "team",
    code: CODE,
    options: &[],
    options_on_one: &["$select", "$expand"],
    filters: &[],
    sorts: &[],
    hidden: &[],
    pages: None,
    nulls: Nulls::Sent,
};

/// F S X, by what FACTS does not say: the two properties that people ask for, compared for equality.
const CHANNEL: Rules = Rules {
    type_name: "channel",
    options: &["$filter", "$select", "$expand"],
    filters: &[
        ("displayName", &[Action::Eq]),
        ("membershipType", &[Action::Eq]),
    ],
    ..TEAM
};

/// A `$filter` by role is refused (FACTS 1.9), and so is every other.
const MEMBER: Rules = Rules {
    type_name: "aadUserConversationMember",
    options: &["$top", "$skiptoken", "$filter"],
    options_on_one: &[],
    pages: Some(Pages {
        default: 100,
        max: 999,
        beyond: Beyond::Refused,
    }),
    ..TEAM
};

/// Only `$top`, at most 50 (FACTS 1.9). Pages without it are 20 long, which FACTS does not say.
const MESSAGE: Rules = Rules {
    type_name: "chatMessage",
    options: &["$top", "$skiptoken"],
    options_on_one: &[],
    pages: Some(Pages {
        default: 20,
        max: 50,
        beyond: Beyond::Refused,
    }),
    ..TEAM
};

/// A team and where it lives.
#[derive(Clone, Copy)]
struct Team<'t> {
    place: usize,
    group: &'t Group,
    users: &'t [User],
}

/// Answers below `teams`. The collection itself is not served (FACTS 1.9).
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    let [key, below @ ..] = rest else {
        return Err(Fault::bad_request("GET /teams is not supported."));
    };
    let team = find(tenant, key)?;
    match below {
        [] => collection::single(call, &TEAM, "teams", &team.row()),
        ["channels", below @ ..] => below_channels(call, team, below),
        ["primaryChannel"] => {
            let general = &channels::channels(team.place)[0];
            collection::single(
                call,
                &CHANNEL,
                &team.resource("primaryChannel"),
                &team.channel(general),
            )
        }
        ["members"] => {
            let rows = team.people().iter().map(|user| team.member(user)).collect();
            collection::list(call, &MEMBER, &team.resource("members"), rows)
        }
        ["members", key] => {
            let rows = team.people().into_iter().map(|user| team.member(user));
            let row = by_id(rows, key)?;
            collection::single(call, &MEMBER, &team.resource("members"), &row)
        }
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// `me/joinedTeams`, `users/{id}/joinedTeams`: teams in the group of which the user is. Only a few properties have values there (A/user-list-joinedteams).
pub fn joined(call: &Call, tenant: &Tenant, user: &User) -> Answer<Reply> {
    const FILLED: [&str; 5] = ["id", "displayName", "description", "isArchived", "tenantId"];
    let mut rows = Vec::new();
    for place in (0..tenant.groups.len()).filter(|place| is_team(*place)) {
        let team = Team::new(tenant, place);
        if !team
            .people()
            .iter()
            .any(|member| member.index == user.index)
        {
            continue;
        }
        let mut row = team.row();
        row.map.retain(|name, _| FILLED.contains(&name.as_str()));
        rows.push(row);
    }
    collection::list(call, &TEAM, "teams", rows)
}

fn find<'t>(tenant: &'t Tenant, key: &str) -> Answer<Team<'t>> {
    if key.len() != 36 || key.split('-').map(str::len).ne([8, 4, 4, 4, 12]) {
        return Err(Fault::bad_request("teamId needs to be a valid GUID."));
    }
    let mut groups = tenant.groups.iter();
    groups
        .position(|group| group.id.eq_ignore_ascii_case(key))
        .filter(|place| is_team(*place))
        .map(|place| Team::new(tenant, place))
        .ok_or_else(|| not_found("No team found with that id."))
}

fn not_found(message: &str) -> Fault {
    Fault::new(404, "NotFound", message)
}

fn by_id(mut rows: impl Iterator<Item = JsonRow>, key: &str) -> Answer<JsonRow> {
    rows.find(|row| row.property("id") == key)
        .ok_or_else(|| not_found("The requested item was not found."))
}

fn below_channels(call: &Call, team: Team, rest: &[&str]) -> Answer<Reply> {
    let all = channels::channels(team.place);
    let [key, below @ ..] = rest else {
        let rows = all.iter().map(|channel| team.channel(channel)).collect();
        return collection::list(call, &CHANNEL, &team.resource("channels"), rows);
    };
    if !key.starts_with("19:") {
        return Err(Fault::bad_request(
            "channelId needs to be in the form of '19:...@thread.tacv2'.",
        ));
    }
    let channel = all.iter().find(|channel| channel.id == *key);
    let channel = channel.ok_or_else(|| not_found("The channel was not found."))?;
    match below {
        [] => collection::single(
            call,
            &CHANNEL,
            &team.resource("channels"),
            &team.channel(channel),
        ),
        ["messages", below @ ..] => below_messages(call, team, channel, below),
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

fn below_messages(call: &Call, team: Team, channel: &Channel, rest: &[&str]) -> Answer<Reply> {
    let resource = team.resource(&format!("channels('{}')/messages", channel.id));
    let members = &team.group.members;
    let posts = (0..channel.messages).map(|number| channels::post(channel, members, number));
    let row = |message: Message| team.message(call, channel, &message);
    let [key, below @ ..] = rest else {
        return collection::list(call, &MESSAGE, &resource, posts.map(row).collect());
    };
    let number = posts.map(|post| post.id).position(|id| id == *key);
    let number = number.ok_or_else(|| not_found("The message was not found."))?;
    // Newest first, as the posts are.
    let replies = (0..channels::replies(channel, number))
        .rev()
        .map(|reply| row(channels::reply(channel, members, number, reply)));
    let resource = match below {
        [] => {
            let post = row(channels::post(channel, members, number));
            return collection::single(call, &MESSAGE, &resource, &post);
        }
        _ => format!("{resource}('{key}')/replies"),
    };
    match below {
        ["replies"] => collection::list(call, &MESSAGE, &resource, replies.collect()),
        ["replies", key] => collection::single(call, &MESSAGE, &resource, &by_id(replies, key)?),
        [other, ..] => Err(Fault::unknown_segment(other)),
        [] => Err(Fault::unknown_segment("")),
    }
}

impl<'t> Team<'t> {
    fn new(tenant: &'t Tenant, place: usize) -> Team<'t> {
        Team {
            place,
            group: &tenant.groups[place],
            users: &tenant.users,
        }
    }

    fn resource(&self, below: &str) -> String {
        format!("teams('{}')/{below}", self.group.id)
    }

    /// Members and owners: who owns a team is in it.
    fn people(&self) -> Vec<&'t User> {
        let inside = |user: &&User| {
            self.group.members.contains(&user.index) || self.group.owners.contains(&user.index)
        };
        self.users.iter().filter(inside).collect()
    }

    fn row(&self) -> JsonRow {
        let (id, place) = (&self.group.id, self.place);
        let people = self.people();
        let with = |role: &str| {
            let roles = people
                .iter()
                .map(|user| channels::roles(&self.group.owners, user));
            roles.filter(|roles| roles.contains(&role)).count()
        };
        let (owners, guests) = (with("owner"), with("guest"));
        let visibility = self.group.property("visibility");
        let value = json!({
            "id": id,
            "displayName": self.group.property("displayName"),
            "description": self.group.property("description"),
            "createdDateTime": self.group.property("createdDateTime"),
            "internalId": channels::thread(place, 0),
            "classification": self.group.property("classification"),
            "specialization": "none",
            "visibility": visibility.as_str().map(str::to_lowercase),
            "webUrl": format!("https://teams.microsoft.com/l/team/{}/conversations?groupId={id}&tenantId={TENANT_ID}", percent_encode(&channels::thread(place, 0))),
            "isArchived": place == 12,
            "tenantId": TENANT_ID,
            "summary": {"ownersCount": owners, "guestsCount": guests, "membersCount": people.len() - owners - guests},
            "memberSettings": {"allowCreateUpdateChannels": true, "allowCreatePrivateChannels": place != 8, "allowDeleteChannels": true, "allowAddRemoveApps": true, "allowCreateUpdateRemoveTabs": true, "allowCreateUpdateRemoveConnectors": true},
            "guestSettings": {"allowCreateUpdateChannels": false, "allowDeleteChannels": place == 20},
            "messagingSettings": {"allowUserEditMessages": true, "allowUserDeleteMessages": true, "allowOwnerDeleteMessages": true, "allowTeamMentions": true, "allowChannelMentions": true},
            "funSettings": {"allowGiphy": true, "giphyContentRating": "moderate", "allowStickersAndMemes": true, "allowCustomMemes": place != 8},
        });
        json_row("team", value)
    }

    fn channel(&self, channel: &Channel) -> JsonRow {
        let created = time::date(2025, 1, 2) + channel.number as i64 * 20 * time::DAY + 1_230_000;
        let value = json!({
            "id": channel.id,
            "createdDateTime": time::show(created),
            "displayName": channel.name,
            "description": (channel.number % 3 != 1).then(|| format!("{}: people & plans", channel.name)),
            "isFavoriteByDefault": (channel.number != 0).then_some(channel.number % 2 == 1),
            "email": if channel.number == 0 { "general@contoso.onmicrosoft.com" } else { "" },
            "tenantId": TENANT_ID,
            "webUrl": format!("https://teams.microsoft.com/l/channel/{}/{}?groupId={}", percent_encode(&channel.id), percent_encode(channel.name), self.group.id),
            "membershipType": channel.membership,
            "isArchived": self.place == 12,
            "layoutType": "post",
            // A channel that came with its messages from another system.
            "migrationMode": (channel.number == 2).then_some("completed"),
            "originalCreatedDateTime": (channel.number == 2).then(|| time::show(created - 400 * time::DAY)),
            "summary": null,
        });
        json_row("channel", value)
    }

    fn member(&self, user: &User) -> JsonRow {
        let id = format!("MCMjMSMj##{TENANT_ID}##{}##{}", self.group.id, user.id);
        let value = json!({
            "id": base64(id.as_bytes()),
            "roles": channels::roles(&self.group.owners, user),
            "displayName": user.name,
            "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
            "userId": user.id,
            "email": user.mail,
            "tenantId": TENANT_ID,
        });
        let mut row = json_row("aadUserConversationMember", value);
        row.annotations.push((
            "@odata.type",
            json!("#microsoft.graph.aadUserConversationMember"),
        ));
        row
    }

    fn message(&self, call: &Call, channel: &Channel, message: &Message) -> JsonRow {
        let modified = message.edited.unwrap_or(message.created);
        let deleted = message.kind == Kind::Deleted;
        let (content_type, content) = &message.body;
        let anchor = message.reply_to.as_ref().unwrap_or(&message.id);
        let value = json!({
            "id": message.id,
            "replyToId": message.reply_to,
            "etag": (modified / (time::SECOND / 1_000)).to_string(),
            "messageType": message_type(call, message),
            "createdDateTime": time::show(message.created),
            "lastModifiedDateTime": time::show(modified),
            "lastEditedDateTime": message.edited.map(time::show),
            "deletedDateTime": deleted.then(|| time::show(message.created + 600 * time::SECOND)),
            "subject": message.subject.filter(|_| !deleted),
            "summary": null,
            "chatId": null,
            "importance": message.importance,
            "locale": "en-us",
            "webUrl": format!("https://teams.microsoft.com/l/message/{}/{}?groupId={}&tenantId={TENANT_ID}&parentMessageId={anchor}", percent_encode(&channel.id), message.id, self.group.id),
            "policyViolation": message.violation.then(|| json!({"dlpAction": "notifySender", "justificationText": null, "userAction": "none", "verdictDetails": "allowFalsePositiveOverride", "policyTip": {"generalText": "This message may contain a password.", "complianceUrl": null, "matchedConditionDescriptions": ["General password"]}})),
            "eventDetail": self.event_detail(message),
            "from": self.from(message),
            "body": {"contentType": content_type, "content": content},
            "channelIdentity": {"teamId": self.group.id, "channelId": channel.id},
            "attachments": attachments(message),
            "mentions": self.mentions(message),
            "reactions": self.reactions(message),
            "messageHistory": [],
        });
        json_row("chatMessage", value)
    }

    fn from(&self, message: &Message) -> Value {
        match message.kind {
            Kind::Event => Value::Null,
            Kind::Bot => {
                json!({"application": {"@odata.type": "#microsoft.graph.teamworkApplicationIdentity", "id": guid(&[215]), "displayName": "Power Automate", "applicationIdentityType": "bot"}, "device": null, "user": null})
            }
            Kind::Said | Kind::Deleted => {
                json!({"application": null, "device": null, "user": self.person(message.author)})
            }
        }
    }

    fn person(&self, place: usize) -> Value {
        let user = &self.users[place];
        json!({"@odata.type": "#microsoft.graph.teamworkUserIdentity", "id": user.id, "displayName": user.name, "userIdentityType": "aadUser", "tenantId": TENANT_ID})
    }

    fn event_detail(&self, message: &Message) -> Value {
        if message.kind != Kind::Event {
            return Value::Null;
        }
        json!({
            "@odata.type": "#microsoft.graph.membersAddedEventMessageDetail",
            "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
            "members": [{"id": self.users[message.author].id, "displayName": null, "userIdentityType": "aadUser"}],
            "initiator": {"application": null, "device": null, "user": self.person(0)},
        })
    }

    fn mentions(&self, message: &Message) -> Vec<Value> {
        let mention = |(number, place): (usize, &usize)| json!({"id": number, "mentionText": self.users[*place].name, "mentioned": {"application": null, "device": null, "conversation": null, "user": self.person(*place)}});
        message.mentions.iter().enumerate().map(mention).collect()
    }

    fn reactions(&self, message: &Message) -> Vec<Value> {
        let reaction = |(place, kind): &(usize, &str)| json!({"reactionType": kind, "displayName": null, "reactionContentUrl": null, "createdDateTime": time::show(message.created + 30 * time::SECOND), "user": {"application": null, "device": null, "user": self.person(*place)}});
        message.reactions.iter().map(reaction).collect()
    }
}

/// A member that came to the enumeration later is hidden unless it is asked for (FACTS 2.8).
fn message_type(call: &Call, message: &Message) -> &'static str {
    match message.kind {
        Kind::Event if call.prefer("include-unknown-enum-members").is_some() => {
            "systemEventMessage"
        }
        Kind::Event => "unknownFutureValue",
        _ => "message",
    }
}

fn attachments(message: &Message) -> Value {
    if !message.file {
        return json!([]);
    }
    let id = guid(&[216, message.created as u64]);
    json!([{"id": id, "contentType": "reference", "contentUrl": "https://contoso.sharepoint.com/Documents/100%25%20plan.xlsx", "content": null, "name": "100% plan.xlsx", "thumbnailUrl": null, "teamsAppId": null}])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::collection::survey;

    #[test]
    fn names_exist_and_what_may_be_null_is_null_somewhere() {
        let tenant = Tenant::standard();
        let teams: Vec<Team> = (0..tenant.groups.len())
            .filter(|place| is_team(*place))
            .map(|place| Team::new(&tenant, place))
            .collect();
        let rows: Vec<JsonRow> = teams.iter().map(Team::row).collect();
        let (strange, full) = survey(&rows);
        assert_eq!(strange, [""; 0]);
        assert!(!full.contains(&"classification") && full.contains(&"displayName"));
        let channels = |team: &Team| {
            let rows = channels::channels(team.place);
            rows.iter()
                .map(|channel| team.channel(channel))
                .collect::<Vec<_>>()
        };
        let (strange, full) = survey(&teams.iter().flat_map(channels).collect::<Vec<_>>());
        assert_eq!(strange, [""; 0]);
        assert!(!full.contains(&"description") && !full.contains(&"isFavoriteByDefault"));
        let members: Vec<JsonRow> = teams[0]
            .people()
            .iter()
            .map(|user| teams[0].member(user))
            .collect();
        let (strange, full) = survey(&members);
        assert_eq!(strange, [""; 0]);
        assert!(!full.contains(&"email") && full.contains(&"userId"));
    }
}
