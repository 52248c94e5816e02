//! Scopes: what a delegated token opens and what Mail.ReadBasic hides (FACTS 1, 1.1, 4.4).

use crate::http::{Answer, FORM, ask};
use crate::refused;

/// GET as Adele with just these scopes.
pub fn as_adele_with(scope: &str, path: &str) -> Answer {
    as_user_with("adele@contoso.com", scope, path)
}

/// GET as a user with just these scopes.
pub fn as_user_with(user: &str, scope: &str, path: &str) -> Answer {
    let form = format!(
        "grant_type=password&client_id=app&username={user}&password=demo-password&scope={}",
        scope.replace(' ', "%20")
    );
    let token = ask("POST", "/contoso.com/oauth2/v2.0/token", FORM, &form).json();
    let bearer = format!(
        "Bearer {}",
        token["access_token"].as_str().expect("a token")
    );
    ask("GET", path, &[("Authorization", &bearer)], "")
}

#[test]
fn a_missing_scope_is_403() {
    refused(
        &as_adele_with("User.Read", "/v1.0/me/messages"),
        403,
        "ErrorAccessDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/me/calendarView"),
        403,
        "ErrorAccessDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/me/drive"),
        403,
        "accessDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/users"),
        403,
        "Authorization_RequestDenied",
    );
    refused(
        &as_adele_with("User.Read", "/v1.0/groups"),
        403,
        "Authorization_RequestDenied",
    );
    assert_eq!(as_adele_with("User.Read", "/v1.0/me").status, 200);
    assert_eq!(
        as_adele_with("https://graph.microsoft.com/.default", "/v1.0/groups").status,
        200
    );
}

#[test]
fn foreign_mailboxes_need_shared_scopes() {
    let path = "/v1.0/users/alex@contoso.com/messages?$top=1";
    refused(&as_adele_with("Mail.Read", path), 403, "ErrorAccessDenied");
    assert_eq!(as_adele_with("Mail.Read.Shared", path).status, 200);
}

/// Least privileged scopes (the D columns of FACTS 1), and that no other opens the door.
#[test]
fn each_area_has_its_scope() {
    for (path, scope) in [
        ("me/contacts", "Contacts.Read"),
        ("me/contactFolders", "Contacts.ReadWrite"),
        ("me/people", "People.Read"),
        ("me/mailboxSettings", "MailboxSettings.Read"),
        ("me/mailboxSettings/timeZone", "MailboxSettings.Read"),
        ("me/outlook/masterCategories", "MailboxSettings.ReadWrite"),
        ("me/mailFolders/inbox/messageRules", "MailboxSettings.Read"),
        ("me/calendarGroups", "Calendars.Read"),
        ("me/events?$top=1", "Calendars.Read"),
        ("places/microsoft.graph.room", "Place.Read.All"),
    ] {
        let path = format!("/v1.0/{path}");
        assert_eq!(as_adele_with(scope, &path).status, 200, "{path}");
        let others = "Mail.ReadWrite User.Read Calendars.ReadBasic Files.Read";
        refused(&as_adele_with(others, &path), 403, "ErrorAccessDenied");
    }
    for function in ["supportedLanguages", "supportedTimeZones"] {
        let path = format!("/v1.0/me/outlook/{function}");
        assert_eq!(as_adele_with("User.Read", &path).status, 200, "{path}");
        refused(
            &as_adele_with("MailboxSettings.Read", &path),
            403,
            "Authorization_RequestDenied",
        );
    }
}

#[test]
fn what_is_somebody_elses() {
    let alex = |scope: &str, rest: &str| {
        as_adele_with(scope, &format!("/v1.0/users/alex@contoso.com/{rest}"))
    };
    refused(&alex("Contacts.Read", "contacts"), 403, "ErrorAccessDenied");
    assert_eq!(alex("Contacts.Read.Shared", "contacts").status, 200);
    refused(&alex("People.Read", "people"), 403, "ErrorAccessDenied");
    assert_eq!(alex("People.Read.All", "people").status, 200);
    // No delegated scope is for the settings of others.
    for rest in ["mailboxSettings", "mailFolders/inbox/messageRules"] {
        refused(
            &alex("MailboxSettings.ReadWrite Mail.Read.Shared", rest),
            403,
            "ErrorAccessDenied",
        );
    }
    let own = as_adele_with(
        "MailboxSettings.Read",
        "/v1.0/users/ADELE@contoso.com/mailboxSettings",
    );
    assert_eq!(own.status, 200);
}

#[test]
fn basic_mail_hides_bodies() {
    let rows = as_adele_with("Mail.ReadBasic", "/v1.0/me/messages?$top=3").rows();
    assert!(rows.iter().all(|row| row["body"].is_null()
        && row["bodyPreview"].is_null()
        && row["isRead"].is_boolean()));
    for path in [
        "?$select=body",
        "?$search=\"budget\"",
        "?$expand=attachments",
    ] {
        refused(
            &as_adele_with("Mail.ReadBasic", &format!("/v1.0/me/messages{path}")),
            403,
            "ErrorAccessDenied",
        );
    }
}

#[test]
fn each_collaboration_service_has_scopes_of_its_own() {
    let groups = as_adele_with("GroupMember.Read.All", "/v1.0/groups?$select=id").rows();
    let group = format!("/v1.0/groups/{}", groups[0]["id"].as_str().expect("an id"));
    let team = group.replace("groups", "teams");
    let channels = as_adele_with("Channel.ReadBasic.All", &format!("{team}/channels")).rows();
    let channel = format!(
        "{team}/channels/{}",
        channels[0]["id"].as_str().expect("an id")
    );
    for (path, scope, code) in [
        ("/v1.0/me/planner/tasks", "Tasks.Read", ""),
        (&format!("{group}/planner/plans"), "Tasks.Read", ""),
        ("/v1.0/me/todo/lists", "Tasks.Read", "ErrorAccessDenied"),
        ("/v1.0/me/joinedTeams", "Team.ReadBasic.All", "Forbidden"),
        (&team, "Team.ReadBasic.All", "Forbidden"),
        (
            &format!("{team}/channels"),
            "Channel.ReadBasic.All",
            "Forbidden",
        ),
        (
            &format!("{team}/members"),
            "TeamMember.Read.All",
            "Forbidden",
        ),
        (
            &format!("{channel}/messages"),
            "ChannelMessage.Read.All",
            "Forbidden",
        ),
        ("/v1.0/sites?search=*", "Sites.Read.All", "accessDenied"),
        ("/v1.0/sites/root/lists", "Sites.Read.All", "accessDenied"),
        (
            &format!("{group}/sites/root"),
            "Sites.Read.All",
            "accessDenied",
        ),
        ("/v1.0/sites/root/drives", "Files.Read", "accessDenied"),
        ("/v1.0/me/drive/sharedWithMe", "Files.Read", "accessDenied"),
        (
            &format!("{group}/threads"),
            "Group.Read.All",
            "ErrorAccessDenied",
        ),
    ] {
        assert_eq!(as_adele_with(scope, path).status, 200, "{path}");
        refused(&as_adele_with("User.Read", path), 403, code);
    }
    // Somebody else's tasks need a scope for shared ones.
    let alex = "/v1.0/users/alex@contoso.com/todo/lists";
    refused(&as_adele_with("Tasks.Read", alex), 403, "ErrorAccessDenied");
    assert_eq!(as_adele_with("Tasks.Read.Shared", alex).status, 200);
}
