//! What each table is asked with in tests over all tables: values for the inputs it needs, several
//! parents wherever there are some.

use office365::catalog::{self, Owner, Role, Table};
use rusqlite::Connection;

/// Where the values of an input come from.
enum Given {
    /// One value, as SQL.
    Text(&'static str),
    /// The values that a statement finds; `{Name}` in it is the first value of an earlier input.
    From(&'static str),
}

use Given::{From, Text};

/// The inputs of tables that need some.
const SCOPES: &[(&str, &[(&str, Given)])] = &[
    (
        "CalendarView",
        &[
            ("windowStart", Text("'2026-02-01'")),
            ("windowEnd", Text("'2026-03-01'")),
        ],
    ),
    (
        "MessageAttachments",
        &[(
            "MessageId",
            From(
                "SELECT id FROM Messages WHERE UserId = {UserId} AND hasAttachments ORDER BY id LIMIT 5",
            ),
        )],
    ),
    (
        "EventAttachments",
        &[(
            "EventId",
            From(
                "SELECT id FROM Events WHERE UserId = {UserId} AND hasAttachments ORDER BY id LIMIT 5",
            ),
        )],
    ),
    (
        "EventOccurrences",
        &[
            ("windowStart", Text("'2025-06-01'")),
            ("windowEnd", Text("'2026-12-01'")),
            (
                "EventId",
                From(
                    "SELECT id FROM Events WHERE UserId = {UserId} AND type = 'seriesMaster' ORDER BY location_address_city IS NULL, isOnlineMeeting = 0, id LIMIT 4",
                ),
            ),
        ],
    ),
    (
        "ScheduleAvailability",
        &[
            (
                "addresses",
                Text("'adele@contoso.com; alex@contoso.com; nobody@contoso.com'"),
            ),
            ("windowStart", Text("'2026-03-02 08:00'")),
            ("windowEnd", Text("'2026-03-02 18:00'")),
        ],
    ),
    (
        "GroupMembers",
        &[("GroupId", From("SELECT id FROM Groups ORDER BY id LIMIT 4"))],
    ),
    (
        // A group with groups within it comes first.
        "GroupTransitiveMembers",
        &[(
            "GroupId",
            From("SELECT id FROM Groups ORDER BY displayName <> 'Sales', id LIMIT 4"),
        )],
    ),
    (
        "GroupOwners",
        &[("GroupId", From("SELECT id FROM Groups ORDER BY id LIMIT 6"))],
    ),
    (
        "DirectoryRoleMembers",
        &[("RoleId", From("SELECT id FROM DirectoryRoles ORDER BY id"))],
    ),
    (
        "FileVersions",
        &[(
            "FileId",
            From(
                "SELECT id FROM Files WHERE UserId = {UserId} AND file_mimeType IS NOT NULL ORDER BY id LIMIT 6",
            ),
        )],
    ),
    (
        "FilePermissions",
        &[(
            "FileId",
            From(
                "SELECT id FROM Files WHERE UserId = {UserId} AND shared_scope IS NOT NULL ORDER BY shared_scope = 'organization', id LIMIT 12",
            ),
        )],
    ),
    (
        "Lists",
        &[("SiteId", From("SELECT id FROM Sites ORDER BY id LIMIT 4"))],
    ),
    (
        "ListItems",
        &[
            ("SiteId", Text("'root'")),
            (
                "ListId",
                From("SELECT id FROM Lists WHERE SiteId = 'root' ORDER BY id LIMIT 4"),
            ),
        ],
    ),
    (
        "Conversations",
        &[(
            "GroupId",
            From("SELECT id FROM Groups WHERE groupTypes LIKE '%Unified%' ORDER BY id LIMIT 4"),
        )],
    ),
    (
        "Threads",
        &[(
            "GroupId",
            From("SELECT id FROM Groups WHERE groupTypes LIKE '%Unified%' ORDER BY id LIMIT 4"),
        )],
    ),
    (
        "Posts",
        &[
            (
                "GroupId",
                From("SELECT id FROM Groups WHERE displayName = 'All Company'"),
            ),
            (
                "ThreadId",
                From("SELECT id FROM Threads WHERE GroupId = {GroupId} ORDER BY id LIMIT 4"),
            ),
        ],
    ),
    (
        "Buckets",
        &[(
            "PlanId",
            From("SELECT id FROM Plans WHERE UserId = {UserId} ORDER BY id LIMIT 4"),
        )],
    ),
    (
        "TodoTasks",
        &[(
            "TodoListId",
            From(
                "SELECT id FROM TodoLists WHERE UserId = {UserId} ORDER BY displayName <> 'Tasks', id LIMIT 4",
            ),
        )],
    ),
    (
        "Channels",
        &[("TeamId", From("SELECT id FROM Teams ORDER BY id LIMIT 4"))],
    ),
    (
        "TeamMembers",
        &[("TeamId", From("SELECT id FROM Teams ORDER BY id LIMIT 4"))],
    ),
    (
        "ChannelMessages",
        &[
            (
                "TeamId",
                // The team whose channels have something of everything.
                From("SELECT id FROM Teams ORDER BY displayName <> 'Team 008', id LIMIT 1"),
            ),
            (
                "ChannelId",
                From("SELECT id FROM Channels WHERE TeamId = {TeamId} ORDER BY id LIMIT 4"),
            ),
        ],
    ),
    ("MailboxUsageDetail", &[("period", Text("'D7'"))]),
    ("OneDriveUsageAccountDetail", &[("period", Text("'D7'"))]),
    ("SharePointSiteUsageDetail", &[("period", Text("'D7'"))]),
    ("TeamsUserActivityUserDetail", &[("period", Text("'D7'"))]),
    ("Office365ActiveUserDetail", &[("period", Text("'D7'"))]),
    ("EmailActivityUserDetail", &[("period", Text("'D7'"))]),
    ("M365AppUserDetail", &[("period", Text("'D7'"))]),
];

/// Whose mailboxes and drives are read: with everything, with much, and with little in them.
fn owners(table: &Table) -> [&'static str; 3] {
    match table.owner {
        // Not everybody's drive was ever opened.
        Owner::Drive => [
            "'adele@contoso.com'",
            "'isaiah@contoso.com'",
            "'diego@contoso.com'",
        ],
        _ => [
            "'adele@contoso.com'",
            "'alex@contoso.com'",
            "'miriam@contoso.com'",
        ],
    }
}

/// The terms that give a table its inputs, `{a}` standing for its alias: with one parent, then with
/// several where there are. One empty text for a table that needs none.
///
/// # Errors
/// When a parent cannot be found.
pub fn scopes(connection: &Connection, table: &Table) -> Result<Vec<String>, String> {
    let inputs: &[(&str, Given)] = SCOPES
        .iter()
        .find(|(name, _)| *name == table.name)
        .map_or(&[], |(_, inputs)| inputs);
    for column in catalog::required(table) {
        let name = table.columns[column].name();
        let given = inputs.iter().any(|(given, _)| *given == name);
        assert!(
            given,
            "{0} cannot be read without {name}: add {0} with its {name} to SCOPES in tests/support/scopes.rs",
            table.name
        );
    }
    let mut first: Vec<(&str, String)> = Vec::new();
    let mut several = None;
    let owned = table.input(Role::Mailbox).is_some() && table.routes[0].has_owner();
    let owners = owners(table);
    first.push(("UserId", owners[0].to_owned()));
    // What others shared is for their own eyes.
    if owned && table.name != "SharedWithMe" {
        several = Some((
            Vec::new(),
            format!("{{a}}.UserId IN ({})", owners.join(", ")),
        ));
    }
    for (name, given) in inputs {
        let values = match given {
            Text(text) => vec![(*text).to_owned()],
            From(sql) => found(connection, table, &filled(sql, &first))?,
        };
        let is_constant = matches!(given, Text(_));
        match (&mut several, values.len()) {
            // The parents of one owner are not another one's.
            (several, 2..) => {
                let before = terms(&first, owned);
                *several = Some((before, format!("{{a}}.{name} IN ({})", values.join(", "))));
            }
            (Some((before, _)), _) if is_constant => before.push(equal(&(name, values[0].clone()))),
            (several, _) if !is_constant => *several = None,
            _ => {}
        }
        first.push((name, values[0].clone()));
    }
    let mut all = vec![terms(&first, owned).join(" AND ")];
    if let Some((mut terms, list)) = several {
        terms.push(list);
        all.push(terms.join(" AND "));
    }
    Ok(all)
}

/// The terms of inputs with one value each.
fn terms(first: &[(&str, String)], owned: bool) -> Vec<String> {
    first
        .iter()
        .filter(|(name, _)| owned || *name != "UserId")
        .map(equal)
        .collect()
}

fn equal((name, value): &(&str, String)) -> String {
    format!("{{a}}.{name} = {value}")
}

fn filled(sql: &str, first: &[(&str, String)]) -> String {
    first.iter().fold(sql.to_owned(), |sql, (name, value)| {
        sql.replace(&format!("{{{name}}}"), value)
    })
}

/// The values of a statement, quoted.
fn found(connection: &Connection, table: &Table, sql: &str) -> Result<Vec<String>, String> {
    let failed = |error: rusqlite::Error| format!("{}: {error}: {sql}", table.name);
    let mut statement = connection.prepare(sql).map_err(failed)?;
    let values: Vec<String> = statement
        .query_map([], |row| row.get::<_, String>(0))
        .and_then(Iterator::collect)
        .map_err(failed)?;
    if values.is_empty() {
        return Err(format!("{}: nothing found: {sql}", table.name));
    }
    Ok(values
        .iter()
        .map(|value| format!("'{}'", value.replace('\'', "''")))
        .collect())
}
