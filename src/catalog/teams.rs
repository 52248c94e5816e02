//! The Teams tables: Teams, Channels, TeamMembers and ChannelMessages, over `team`, `channel`,
//! `aadUserConversationMember` and `chatMessage`.
//!
//! There is no collection of teams: all of a tenant's are groups with a mark, and a person's are a list
//! of its own that takes no options (FACTS §1.9). What both tell of a team is its id and two names;
//! everything else is read team by team.

use super::mail::BODY_TYPE;
use super::{
    Column, Owner, Role, Route, Table, boolean, collection, enumeration, input, instant, integer,
    item, json, parent, text,
};

/// giphyRatingType
const GIPHY_RATING: &[&str] = &["strict", "moderate"];
/// teamSpecialization
const SPECIALIZATION: &[&str] = &[
    "none",
    "educationStandard",
    "educationClass",
    "educationProfessionalLearningCommunity",
    "educationStaff",
    "healthcareStandard",
    "healthcareCareCoordination",
];
/// teamVisibilityType
const VISIBILITY: &[&str] = &["private", "public", "hiddenMembership"];
/// channelLayoutType
const LAYOUT: &[&str] = &["post", "chat"];
/// channelMembershipType
const MEMBERSHIP: &[&str] = &["standard", "private", "shared"];
/// migrationMode
const MIGRATION: &[&str] = &["inProgress", "completed"];
/// chatMessageImportance
const MESSAGE_IMPORTANCE: &[&str] = &["normal", "high", "urgent"];
/// chatMessageType
const MESSAGE_TYPE: &[&str] = &["message", "chatEvent", "typing", "systemEventMessage"];
/// chatMessagePolicyViolationDlpActionTypes
const DLP_ACTION: &[&str] = &["none", "notifySender", "blockAccess", "blockAccessExternal"];
/// chatMessagePolicyViolationUserActionTypes
const DLP_USER_ACTION: &[&str] = &["none", "override", "reportFalsePositive"];
/// chatMessagePolicyViolationVerdictDetailsTypes
const DLP_VERDICT: &[&str] = &[
    "none",
    "allowFalsePositiveOverride",
    "allowOverrideWithoutJustification",
    "allowOverrideWithJustification",
];

/// The teams of the tenant, or of a person.
pub static TEAMS: Table = Table {
    name: "Teams",
    doc: "A team in Microsoft Teams, of the whole tenant, or of one person where UserId is given.",
    question: "Which teams are there, and who is in which?",
    example: "SELECT displayName, description FROM Teams ORDER BY displayName LIMIT 10",
    owner: Owner::Mailbox,
    columns: TEAM_COLUMNS,
    routes: &[
        Route {
            filter: "resourceProvisioningOptions/Any(x:x eq 'Team')",
            ..collection("groups")
        },
        collection("{owner}/joinedTeams"),
        // For the properties that only a team has, never in place of the collection: who is no member
        // may see a team among the groups and still be refused its own address.
        item("teams/{id}"),
    ],
    // Neither `$select` nor `$top` is for a person's list, and groups alone would take them.
    select: false,
    permission: "GroupMember.Read.All",
    app_permission: "GroupMember.Read.All",
    ..Table::PLAIN
};

// One request for a team without `$select` brings all that only it tells; a summary comes only when
// selected, so it has a request of its own.
#[rustfmt::skip]
const TEAM_COLUMNS: &[Column] = &[
    text("id",          "The team's id, which is the object id of its group."),
    text("displayName", "The name of the team."),
    text("description", "What the team says it is for, NULL where it says nothing."),
    // Inputs.
    input("UserId", Role::Mailbox,  "Whose teams, as an id or a user principal name or `me`, echoed from the query and NULL for the teams of the tenant."),
    input("mailbox", Role::Mailbox, "The same as UserId, as the first argument of the table-valued form.").hidden(),
    // What only the team itself tells.
    enumeration("visibility", VISIBILITY,                       "Who can see and join the team.").item_only().unselectable(),
    boolean("isArchived",                                       "Whether the team is archived and cannot be changed.").item_only().unselectable(),
    instant("createdDateTime",                                  "When the team was created, in UTC.").item_only().unselectable(),
    text("webUrl",                                              "The address that opens the team in Microsoft Teams.").item_only().unselectable(),
    text("classification",                                      "The classification of the team's data, such as low or high, NULL where none was given.").item_only().unselectable(),
    enumeration("specialization", SPECIALIZATION,               "What the team is made for, none for an ordinary one.").item_only().unselectable(),
    text("internalId",                                          "The id of the team in audit logs.").item_only().unselectable(),
    text("tenantId",                                            "The GUID of the tenant.").item_only().unselectable(),
    text("firstChannelName",                                    "The name of the first channel in a new team, always NULL when read.").item_only().unselectable(),
    integer("summary/membersCount",                             "How many members the team has, without owners and guests.").item_only(),
    integer("summary/ownersCount",                              "How many owners the team has.").item_only(),
    integer("summary/guestsCount",                              "How many guests the team has.").item_only(),
    boolean("memberSettings/allowCreateUpdateChannels",         "Whether members may add and change channels.").item_only().unselectable(),
    boolean("memberSettings/allowCreatePrivateChannels",        "Whether members may add private channels.").item_only().unselectable(),
    boolean("memberSettings/allowDeleteChannels",               "Whether members may delete channels.").item_only().unselectable(),
    boolean("memberSettings/allowAddRemoveApps",                "Whether members may add and remove apps.").item_only().unselectable(),
    boolean("memberSettings/allowCreateUpdateRemoveTabs",       "Whether members may add, change and remove tabs.").item_only().unselectable(),
    boolean("memberSettings/allowCreateUpdateRemoveConnectors", "Whether members may add, change and remove connectors.").item_only().unselectable(),
    boolean("guestSettings/allowCreateUpdateChannels",          "Whether guests may add and change channels.").item_only().unselectable(),
    boolean("guestSettings/allowDeleteChannels",                "Whether guests may delete channels.").item_only().unselectable(),
    boolean("messagingSettings/allowUserEditMessages",          "Whether people may edit their messages.").item_only().unselectable(),
    boolean("messagingSettings/allowUserDeleteMessages",        "Whether people may delete their messages.").item_only().unselectable(),
    boolean("messagingSettings/allowOwnerDeleteMessages",       "Whether owners may delete any message.").item_only().unselectable(),
    boolean("messagingSettings/allowTeamMentions",              "Whether messages may mention the whole team.").item_only().unselectable(),
    boolean("messagingSettings/allowChannelMentions",           "Whether messages may mention a whole channel.").item_only().unselectable(),
    boolean("funSettings/allowGiphy",                           "Whether animated pictures of Giphy may be used.").item_only().unselectable(),
    enumeration("funSettings/giphyContentRating", GIPHY_RATING, "How strictly pictures of Giphy are sifted.").item_only().unselectable(),
    boolean("funSettings/allowStickersAndMemes",                "Whether stickers and memes may be used.").item_only().unselectable(),
    boolean("funSettings/allowCustomMemes",                     "Whether memes of people's own may be used.").item_only().unselectable(),
];

/// The channels of a team.
pub static CHANNELS: Table = Table {
    name: "Channels",
    doc: "A channel of a team.",
    question: "Which channels does a team have?",
    example: "SELECT displayName, membershipType FROM Channels WHERE TeamId = (SELECT id FROM Teams WHERE displayName = 'All Company') ORDER BY displayName LIMIT 10",
    columns: CHANNEL_COLUMNS,
    routes: &[
        collection("teams/{TeamId}/channels"),
        item("teams/{TeamId}/channels/{id}"),
    ],
    permission: "Channel.ReadBasic.All",
    app_permission: "Channel.ReadBasic.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const CHANNEL_COLUMNS: &[Column] = &[
    text("id",                                "The channel's id."),
    text("displayName",                       "The name of the channel."),
    text("description",                       "What the channel is for, NULL where it does not say."),
    enumeration("membershipType", MEMBERSHIP, "Whose channel it is: standard for the whole team, private or shared for some."),
    text("webUrl",                            "The address that opens the channel in Microsoft Teams."),
    text("email",                             "The address that takes mail for the channel, which is slow to find out."),
    instant("createdDateTime",                "When the channel was created, in UTC."),
    boolean("isArchived",                     "Whether the channel is archived, NULL where not known."),
    boolean("isFavoriteByDefault",            "Whether the channel is shown to all members, NULL where not known."),
    enumeration("layoutType", LAYOUT,         "Whether the channel shows posts with replies or a chat."),
    enumeration("migrationMode", MIGRATION,   "How far messages are brought in from elsewhere, NULL where none are."),
    instant("originalCreatedDateTime",        "When the channel was created before it was brought in from elsewhere, in UTC."),
    text("tenantId",                          "The GUID of the tenant."),
    // Inputs.
    parent("TeamId", "Teams",     "Which team's channels, echoed from the query."),
    input("filter", Role::Filter, "An OData filter that is added to what the driver asks.").hidden(),
    // Returned only when selected of a single channel.
    integer("summary/membersCount",               "How many members the channel has, without owners and guests.").item_only(),
    integer("summary/ownersCount",                "How many owners the channel has.").item_only(),
    integer("summary/guestsCount",                "How many guests the channel has.").item_only(),
    boolean("summary/hasMembersFromOtherTenants", "Whether people of other tenants are in the channel.").item_only(),
];

/// The members of a team.
pub static TEAM_MEMBERS: Table = Table {
    name: "TeamMembers",
    doc: "A person in a team, owners and guests included.",
    question: "Who is in a team, and who owns it?",
    example: "SELECT displayName, email, roles FROM TeamMembers WHERE TeamId = (SELECT id FROM Teams WHERE displayName = 'All Company') ORDER BY displayName LIMIT 10",
    columns: MEMBER_COLUMNS,
    routes: &[collection("teams/{TeamId}/members")],
    // The collection's type is conversationMember, which knows neither userId nor email: naming them
    // would be refused, and rows are small.
    select: false,
    page: 999,
    heavy_page: 999,
    permission: "TeamMember.Read.All",
    app_permission: "TeamMember.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const MEMBER_COLUMNS: &[Column] = &[
    text("id",                             "The id of the membership."),
    text("displayName",                    "The name of the person."),
    text("email",                          "The mail address of the person."),
    text("userId",                         "The object id of the person.").references("Users"),
    json("roles",                          "What the person is in the team, as an array of texts: owner, guest, or empty for a member."),
    text("tenantId",                       "The GUID of the person's tenant."),
    instant("visibleHistoryStartDateTime", "From when on the person sees messages, in UTC."),
    // Inputs.
    parent("TeamId", "Teams", "Which team's members, echoed from the query."),
];

/// The messages of a channel.
pub static CHANNEL_MESSAGES: Table = Table {
    name: "ChannelMessages",
    doc: "A message that begins a conversation in a channel, replies not included.",
    question: "What is talked about in a channel?",
    example: "SELECT m.createdDateTime, m.from_user_displayName, m.subject FROM Channels c JOIN ChannelMessages m ON m.TeamId = c.TeamId AND m.ChannelId = c.id WHERE c.TeamId = (SELECT id FROM Teams WHERE displayName = 'All Company') AND c.displayName = 'General' ORDER BY m.createdDateTime DESC, m.id LIMIT 10",
    columns: MESSAGE_COLUMNS,
    routes: &[collection("teams/{TeamId}/channels/{ChannelId}/messages")],
    // FACTS §1.9: nothing but `$top`.
    select: false,
    page: 50,
    heavy_page: 50,
    permission: "ChannelMessage.Read.All",
    app_permission: "ChannelMessage.Read.All",
    ..Table::PLAIN
};

#[rustfmt::skip]
const MESSAGE_COLUMNS: &[Column] = &[
    text("id", "The message's id, which is unique in its channel only."),
    // What a channel shows.
    instant("createdDateTime",                    "When the message was sent, in UTC."),
    text("from/user/displayName",                 "The name of the person who sent the message, NULL for programs."),
    text("from/user/id",                          "The object id of the person who sent the message, NULL for programs.").references("Users"),
    text("subject",                               "The subject, NULL where there is none."),
    text("body/content",                          "The message, in the format that body_contentType names."),
    enumeration("body/contentType", BODY_TYPE,    "The format of body_content."),
    enumeration("messageType", MESSAGE_TYPE,      "Whether it is a message or a note of the system."),
    enumeration("importance", MESSAGE_IMPORTANCE, "The importance the sender gave the message."),
    text("summary",                               "The summary for notifications, NULL where there is none."),
    text("webUrl",                                "The address that opens the message in Microsoft Teams."),
    // What belongs to it.
    json("attachments",    "The attachments, as an array of {id, contentType, contentUrl, content, name, thumbnailUrl}."),
    json("mentions",       "Who is mentioned, as an array of {id, mentionText, mentioned}."),
    json("reactions",      "The reactions, as an array of {reactionType, createdDateTime, user}."),
    json("from",           "The person, program or device that sent the message, as an object."),
    json("eventDetail",    "What happened, as an object, for notes of the system only."),
    json("messageHistory", "What was done to the message, as an array of {actions, modifiedDateTime, reaction}."),
    // Changes.
    instant("lastModifiedDateTime",   "When the message last changed, reactions included, in UTC."),
    instant("lastEditedDateTime",     "When the sender last edited the message, in UTC, NULL if never."),
    instant("deletedDateTime",        "When the message was deleted, in UTC, NULL for what is there."),
    text("etag",                      "The version of the message."),
    text("locale",                    "The language of the message as a code such as en-us."),
    text("replyToId",                 "The id of the message that this one replies to, NULL for the first of a conversation."),
    text("chatId",                    "The id of the chat that holds the message, NULL in channels."),
    text("channelIdentity/teamId",    "The id of the team, as the message has it."),
    text("channelIdentity/channelId", "The id of the channel, as the message has it."),
    // Data loss prevention.
    enumeration("policyViolation/dlpAction", DLP_ACTION,           "What was done about a message that breaks a policy, NULL for others.").hidden(),
    enumeration("policyViolation/userAction", DLP_USER_ACTION,     "What the sender did about it.").hidden(),
    enumeration("policyViolation/verdictDetails", DLP_VERDICT,     "What the sender may do about it.").hidden(),
    text("policyViolation/justificationText",                      "Why the sender sends it nevertheless.").hidden(),
    text("policyViolation/policyTip/generalText",                  "What the sender is told.").hidden(),
    text("policyViolation/policyTip/complianceUrl",                "The address where the policy is explained.").hidden(),
    json("policyViolation/policyTip/matchedConditionDescriptions", "The parts of the policy that are broken, as an array of texts.").hidden(),
    // Inputs.
    parent("TeamId", "Teams",       "Which team, echoed from the query."),
    parent("ChannelId", "Channels", "Which channel's messages, echoed from the query."),
];
