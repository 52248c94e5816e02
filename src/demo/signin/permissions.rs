//! Which scopes of a delegated token open which resource (the D columns of FACTS 1), and the refusals of the rest.

use super::Caller;
use crate::demo::error::{Answer, Fault};

/// What a path is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Area {
    Mail,
    Calendar,
    Contacts,
    Settings,
    Relevant,
    Places,
    Files,
    Me,
    People,
    Groups,
    Tenant,
    Domains,
    Devices,
    Roles,
    Deleted,
    Presence,
    Presences,
    Reports,
    Planner,
    Todo,
    Team,
    Channel,
    TeamMember,
    ChannelMessage,
    Sites,
    GroupMail,
    Applications,
}

/// The scopes that open an area, the least privileged first.
fn scopes(area: Area) -> &'static str {
    match area {
        Area::Mail => {
            "Mail.ReadBasic Mail.Read Mail.ReadWrite Mail.ReadBasic.Shared Mail.Read.Shared Mail.ReadWrite.Shared"
        }
        Area::Calendar => {
            "Calendars.Read Calendars.ReadWrite Calendars.Read.Shared Calendars.ReadWrite.Shared"
        }
        Area::Contacts => {
            "Contacts.Read Contacts.ReadWrite Contacts.Read.Shared Contacts.ReadWrite.Shared"
        }
        Area::Settings => "MailboxSettings.Read MailboxSettings.ReadWrite",
        Area::Relevant => "People.Read People.Read.All",
        Area::Places => "Place.Read.All Place.ReadWrite.All",
        Area::Files => {
            "Files.Read Files.Read.All Files.ReadWrite Files.ReadWrite.All Sites.Read.All Sites.ReadWrite.All"
        }
        Area::Me => {
            "User.Read User.ReadWrite User.ReadBasic.All User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
        }
        Area::People => {
            "User.ReadBasic.All User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
        }
        Area::Groups => {
            "GroupMember.Read.All Group.Read.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
        }
        Area::Tenant => {
            "User.Read Organization.Read.All Directory.Read.All Directory.ReadWrite.All"
        }
        Area::Devices => "Device.Read.All Directory.Read.All Directory.ReadWrite.All",
        Area::Roles => {
            "RoleManagement.Read.Directory Directory.Read.All RoleManagement.ReadWrite.Directory Directory.ReadWrite.All"
        }
        Area::Deleted => {
            "User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
        }
        Area::Presence => {
            "Presence.Read Presence.Read.All Presence.ReadWrite Presence.ReadWrite.All"
        }
        Area::Presences => "Presence.Read.All Presence.ReadWrite.All",
        Area::Reports => "Reports.Read.All",
        Area::Domains => {
            "Directory.Read.All Domain.Read.All Domain.ReadWrite.All Directory.ReadWrite.All"
        }
        Area::Planner => "Tasks.Read Tasks.ReadWrite Group.Read.All Group.ReadWrite.All",
        Area::Todo => "Tasks.Read Tasks.ReadWrite Tasks.Read.Shared Tasks.ReadWrite.Shared",
        Area::Team => {
            "Team.ReadBasic.All TeamSettings.Read.All TeamSettings.ReadWrite.All Group.Read.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
        }
        Area::Channel => {
            "Channel.ReadBasic.All ChannelSettings.Read.All ChannelSettings.ReadWrite.All Group.Read.All Group.ReadWrite.All"
        }
        Area::TeamMember => {
            "TeamMember.Read.All TeamMember.ReadWrite.All Group.Read.All Group.ReadWrite.All"
        }
        Area::ChannelMessage => "ChannelMessage.Read.All Group.Read.All Group.ReadWrite.All",
        Area::Sites => "Sites.Read.All Sites.ReadWrite.All",
        Area::GroupMail => "Group.Read.All Group.ReadWrite.All",
        Area::Applications => {
            "Application.Read.All Application.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
        }
    }
}

/// 403 unless the caller may read the path. Applications have been consented everything.
pub fn check(caller: &Caller, segments: &[&str]) -> Answer<()> {
    check_for(caller, segments, &|area| scopes(area).split(' ').collect())
}

/// 403 unless the caller may write there. Who may write is who has one of the area's scopes that say so; exceptions stand in [`own_scopes`].
pub fn check_write(caller: &Caller, segments: &[&str]) -> Answer<()> {
    check_for(caller, segments, &|area| match own_scopes(segments) {
        Some(own) => own.split(' ').collect(),
        None => {
            let all = scopes(area).split(' ');
            all.filter(|scope| scope.contains("ReadWrite")).collect()
        }
    })
}

/// The scopes of the actions that need others than their area's (FACTS 3.1): sending is no writing.
fn own_scopes(segments: &[&str]) -> Option<&'static str> {
    let action = segments.last()?.trim_start_matches("microsoft.graph.");
    match segments {
        ["me", "sendMail" | "microsoft.graph.sendMail"]
        | ["users", _, "sendMail" | "microsoft.graph.sendMail"] => {
            Some("Mail.Send Mail.Send.Shared")
        }
        ["me", "messages" | "mailFolders", ..] | ["users", _, "messages" | "mailFolders", ..]
            if ["send", "reply", "replyAll", "forward"].contains(&action) =>
        {
            Some("Mail.Send Mail.Send.Shared")
        }
        ["groups", _, "members", ..] => {
            Some("GroupMember.ReadWrite.All Group.ReadWrite.All Directory.ReadWrite.All")
        }
        ["users", _, "assignLicense"] => {
            Some("LicenseAssignment.ReadWrite.All User.ReadWrite.All Directory.ReadWrite.All")
        }
        _ => None,
    }
}

/// May the token send in somebody else's name? Applications may (FACTS 3.1).
pub fn sends_for_others(caller: &Caller) -> bool {
    holds_any(caller, "Mail.Send.Shared")
}

fn check_for(
    caller: &Caller,
    segments: &[&str],
    wanted: &dyn Fn(Area) -> Vec<&'static str>,
) -> Answer<()> {
    let Caller::Delegated {
        id,
        upn,
        scopes: Some(granted),
    } = caller
    else {
        return Ok(());
    };
    let Some((area, owner)) = area(segments) else {
        return Ok(());
    };
    let foreign =
        owner.is_some_and(|owner| ![id, upn].iter().any(|own| own.eq_ignore_ascii_case(owner)));
    let opens = |scope: &str| {
        granted.iter().any(|have| have.eq_ignore_ascii_case(scope))
            && (!foreign || reaches_others(area, scope))
    };
    if wanted(area).into_iter().any(opens) {
        return Ok(());
    }
    Err(refusal(area))
}

/// The words in which the service of an area refuses.
fn refusal(area: Area) -> Fault {
    match area {
        Area::Mail
        | Area::Todo
        | Area::GroupMail
        | Area::Calendar
        | Area::Contacts
        | Area::Settings
        | Area::Relevant
        | Area::Places => denied(),
        Area::Files | Area::Sites => Fault::new(403, "accessDenied", "Access denied"),
        Area::Reports => no_report(),
        Area::Presence | Area::Presences => Fault::new(403, "Forbidden", "Insufficient scopes."),
        // Planner's codes are empty (FACTS 4.4); FACTS has none for Teams.
        Area::Planner => Fault::new(
            403,
            "",
            "You do not have the required permissions to access this item.",
        ),
        Area::Team | Area::Channel | Area::TeamMember | Area::ChannelMessage => Fault::new(
            403,
            "Forbidden",
            "Missing scope permissions on the request.",
        ),
        _ => Fault::new(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        ),
    }
}

/// Somebody else's mailbox needs a scope for shared ones, and somebody else's settings no delegated scope opens (I microsoft-graph-docs-contrib#6354: MailboxSettings.Read is for one's own).
fn reaches_others(area: Area, scope: &str) -> bool {
    match area {
        Area::Mail | Area::Calendar | Area::Contacts | Area::Todo => scope.ends_with(".Shared"),
        Area::Relevant | Area::Presence => scope.ends_with(".All"),
        Area::Settings => false,
        _ => true,
    }
}

/// True when all the mail scopes of the caller are basic ones: no bodies, no attachments, no search (FACTS 1.1).
pub fn basic_mail(caller: &Caller) -> bool {
    let Caller::Delegated {
        scopes: Some(granted),
        ..
    } = caller
    else {
        return false;
    };
    let mail = || {
        granted
            .iter()
            .filter(|scope| scope.to_ascii_lowercase().starts_with("mail.read"))
    };
    mail().count() > 0
        && mail().all(|scope| scope.to_ascii_lowercase().starts_with("mail.readbasic"))
}

/// Does the token read all of the organization? `User.Read` opens only its name and domains (FACTS 1.4).
pub fn reads_organization(caller: &Caller) -> bool {
    holds_any(
        caller,
        "Organization.Read.All Directory.Read.All Directory.ReadWrite.All",
    )
}

/// May the token read the subscriptions of other applications too?
pub fn reads_subscriptions(caller: &Caller) -> bool {
    holds_any(caller, "Subscription.Read.All")
}

/// Does the token hold one of these scopes? One without a list holds all.
fn holds_any(caller: &Caller, scopes: &str) -> bool {
    let Caller::Delegated {
        scopes: Some(granted),
        ..
    } = caller
    else {
        return true;
    };
    let mut wanted = scopes.split(' ');
    wanted.any(|scope| granted.iter().any(|have| have.eq_ignore_ascii_case(scope)))
}

/// May the token set passwords (FACTS 3.3)?
pub fn sets_passwords(caller: &Caller) -> bool {
    holds_any(
        caller,
        "Directory.AccessAsUser.All User-PasswordProfile.ReadWrite.All",
    )
}

/// 403 of the reports service (I microsoft-graph-docs#8547).
pub fn no_report() -> Fault {
    Fault::new(403, "S2SUnauthorized", "Invalid permission.")
}

/// 403 of Outlook.
pub fn denied() -> Fault {
    Fault::new(
        403,
        "ErrorAccessDenied",
        "Access is denied. Check credentials and try again.",
    )
}

/// The area of a path and whose it is, when it names a user.
fn area<'s>(segments: &[&'s str]) -> Option<(Area, Option<&'s str>)> {
    let (owner, rest) = match segments {
        ["me", rest @ ..] => (None, rest),
        ["users", owner, rest @ ..] if *owner != "$count" => (Some(*owner), rest),
        ["users", ..] => return Some((Area::People, None)),
        ["groups", _, "drive" | "drives", ..] | ["drives", ..] => {
            return Some((Area::Files, None));
        }
        ["sites", rest @ ..] => {
            let files = rest.iter().any(|part| ["drive", "drives"].contains(part));
            return Some((if files { Area::Files } else { Area::Sites }, None));
        }
        ["groups", _, "sites", ..] => return Some((Area::Sites, None)),
        ["groups", _, "planner", ..] | ["planner", ..] => return Some((Area::Planner, None)),
        ["groups", _, "conversations" | "threads", ..] => {
            return Some((Area::GroupMail, None));
        }
        ["teams", _, "channels", _, "messages", ..] => return Some((Area::ChannelMessage, None)),
        ["teams", _, "channels", ..] => return Some((Area::Channel, None)),
        ["teams", _, "members", ..] => return Some((Area::TeamMember, None)),
        ["teams", ..] => return Some((Area::Team, None)),
        ["groups", ..] => return Some((Area::Groups, None)),
        ["places", ..] => return Some((Area::Places, None)),
        ["subscribedSkus" | "organization", ..] => return Some((Area::Tenant, None)),
        ["directory", ..] => return Some((Area::Deleted, None)),
        ["devices", ..] => return Some((Area::Devices, None)),
        ["directoryRoles", ..] => return Some((Area::Roles, None)),
        ["communications", ..] => return Some((Area::Presences, None)),
        ["reports", ..] => return Some((Area::Reports, None)),
        ["domains", ..] => return Some((Area::Domains, None)),
        ["applications" | "servicePrincipals", ..] => return Some((Area::Applications, None)),
        _ => return None,
    };
    let area = match rest {
        ["mailFolders", _, "messageRules", ..] => Area::Settings,
        ["mailboxSettings", ..] | ["outlook", "masterCategories", ..] => Area::Settings,
        ["contacts" | "contactFolders", ..] => Area::Contacts,
        ["people", ..] => Area::Relevant,
        [
            "messages" | "mailFolders" | "sendMail" | "microsoft.graph.sendMail",
            ..,
        ] => Area::Mail,
        [
            "calendar" | "calendars" | "calendarGroups" | "events" | "calendarView",
            ..,
        ] => Area::Calendar,
        ["drive" | "drives", ..] => Area::Files,
        ["presence", ..] => Area::Presence,
        ["planner", ..] => Area::Planner,
        ["todo", ..] => Area::Todo,
        ["joinedTeams", ..] => Area::Team,
        _ if owner.is_none() => Area::Me,
        _ => Area::People,
    };
    Some((area, owner))
}

/// The Graph scopes of a token's text: host prefixes gone; none when `.default` or an unknown host stands for all that was consented.
pub fn granted(scope: &str) -> Option<Vec<String>> {
    let words: Vec<&str> = scope
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .collect();
    if words.contains(&".default") {
        return None;
    }
    Some(words.into_iter().map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(scope: &str, path: &[&str]) -> Option<&'static str> {
        let caller = Caller::Delegated {
            id: "me-id".into(),
            upn: "me@contoso.com".into(),
            scopes: granted(scope),
        };
        check(&caller, path).err().map(|fault| fault.code)
    }

    #[test]
    fn scopes_open_their_own_area() {
        assert_eq!(
            code(
                "https://graph.microsoft.com/Mail.Read offline_access",
                &["me", "messages"]
            ),
            None
        );
        assert_eq!(
            code("Mail.Read", &["users"]),
            Some("Authorization_RequestDenied")
        );
        assert_eq!(
            code("Mail.Read", &["users", "ME@contoso.com", "messages"]),
            None
        );
        assert_eq!(code("User.Read", &["me"]), None);
        assert_eq!(
            code("User.Read", &["me", "messages"]),
            Some("ErrorAccessDenied")
        );
        assert_eq!(code("User.Read", &["me", "drive"]), Some("accessDenied"));
        assert_eq!(
            code("Mail.Read", &["users", "other", "messages"]),
            Some("ErrorAccessDenied")
        );
        assert_eq!(
            code("Mail.Read.Shared", &["users", "other", "messages"]),
            None
        );
        assert_eq!(
            code("https://graph.microsoft.com/.default", &["groups"]),
            None
        );
    }
}
