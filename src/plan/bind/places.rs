//! Where the rows are: every owner with every key, as paths whose segments nothing can leave.

use super::{Context, Given, Place, as_text};
use crate::catalog::{Answer, Key, Owner, Role, Route, Search, Source, Table};
use crate::odata::path_segment;
use crate::plan::{Plan, Purpose};
use crate::value::Value;

/// The plan's route, or the plain one where pushdown was turned off after planning: the key is
/// compared again by SQLite, so the wider collection is right too.
pub(super) fn route(table: &'static Table, plan: &Plan, context: Context<'_>) -> &'static Route {
    let planned = &table.routes[plan.route.min(table.routes.len() - 1)];
    let plain = table.routes.iter().find(|route| route.key == Key::None);
    match (planned.key, plain) {
        (Key::Property(_), Some(plain)) if !context.pushdown => plain,
        _ => planned,
    }
}

/// Values of input columns.
pub(super) type Echo = Vec<(usize, Value)>;

/// A place, and what depends on how it was reached.
pub(super) struct Reached {
    pub(super) place: Place,
    pub(super) answer: Answer,
    pub(super) owner: String,
    pub(super) search: Option<String>,
    pub(super) echo: Vec<(usize, Value)>,
}

/// Every owner with every key: a list of either is read one after the other.
pub(super) fn places(
    table: &'static Table,
    route: &'static Route,
    given: &[Given<'_>],
    context: Context<'_>,
) -> Vec<Reached> {
    let search = text_of(table, given, Role::Match).and_then(|text| search_text(table, &text));
    let mut reached = Vec::new();
    for (owner, owner_echo) in owners(table, given, context) {
        for (key, key_echo) in keys(table, route, given) {
            let Some((place, answer)) =
                place(table, route, &owner, key.as_deref(), search.as_deref())
            else {
                continue;
            };
            let mut echo = owner_echo.clone();
            echo.extend(key_echo);
            echo.extend(plain_echo(table, given));
            reached.push(Reached {
                place,
                answer,
                owner: owner.clone(),
                search: search
                    .clone()
                    .filter(|_| table.search != Some(Search::DriveFunction)),
                echo,
            });
        }
    }
    reached
}

/// The paths that stand for `{owner}`, with the input columns they echo.
fn owners(table: &Table, given: &[Given<'_>], context: Context<'_>) -> Vec<(String, Echo)> {
    let default = context.user_id.unwrap_or("me");
    let drive = values_of(table, given, Role::Drive);
    if !drive.is_empty() {
        return drive
            .into_iter()
            .filter_map(|id| {
                Some((
                    format!("drives/{}", key_segment(&id)?),
                    echo(table, Role::Drive, &id),
                ))
            })
            .collect();
    }
    if table.owner == Owner::Tenant {
        return vec![(String::new(), Vec::new())];
    }
    let mut mailboxes = values_of(table, given, Role::Mailbox);
    if mailboxes.is_empty() {
        if given
            .iter()
            .any(|given| is_input(table, given, Role::Mailbox))
        {
            return Vec::new();
        }
        mailboxes.push(default.to_owned());
    }
    let suffix = if table.owner == Owner::Drive {
        "/drive"
    } else {
        ""
    };
    mailboxes
        .into_iter()
        .filter_map(|user| {
            Some((
                format!("{}{suffix}", user_path(&user)?),
                echo(table, Role::Mailbox, &user),
            ))
        })
        .collect()
}

/// `me`, or `users/{id or name}`; a name that starts with `$` needs the key form (FACTS §1.4).
fn user_path(user: &str) -> Option<String> {
    if user.eq_ignore_ascii_case("me") {
        return Some("me".to_owned());
    }
    if user.starts_with('$') {
        return Some(format!(
            "users('{}')",
            path_segment(&user.replace('\'', "''"))
        ));
    }
    Some(format!("users/{}", key_segment(user)?))
}

/// A value as the segment of a path, unless no object can have it as its key: such a segment would
/// end the path (`..`), be empty, or name an operation of the service (`$count`, `delta()`).
fn key_segment(text: &str) -> Option<String> {
    let impossible = text.is_empty()
        || text.len() > 2_000
        || text == "."
        || text == ".."
        || text.starts_with('$')
        || text.contains(|letter: char| letter.is_control() || matches!(letter, '(' | ')' | '\\'));
    (!impossible).then(|| path_segment(text))
}

fn is_input(table: &Table, given: &Given<'_>, role: Role) -> bool {
    given.argument.role == Purpose::Input
        && table.columns[given.argument.column].source == Source::Input(role)
}

fn values_of(table: &Table, given: &[Given<'_>], role: Role) -> Vec<String> {
    given
        .iter()
        .filter(|given| is_input(table, given, role))
        .flat_map(Given::known)
        .filter_map(as_text)
        .collect()
}

pub(super) fn text_of(table: &Table, given: &[Given<'_>], role: Role) -> Option<String> {
    values_of(table, given, role).into_iter().next()
}

/// The value in every column of an input: the visible one and its hidden twin.
fn echo(table: &Table, role: Role, text: &str) -> Vec<(usize, Value)> {
    (0..table.columns.len())
        .filter(|position| table.columns[*position].source == Source::Input(role))
        .map(|position| (position, Value::text(text)))
        .collect()
}

/// Echoes of the inputs that are neither owner nor key.
fn plain_echo(table: &Table, given: &[Given<'_>]) -> Vec<(usize, Value)> {
    [
        Role::Filter,
        Role::Match,
        Role::WindowStart,
        Role::WindowEnd,
    ]
    .into_iter()
    .filter_map(|role| Some((role, text_of(table, given, role)?)))
    .flat_map(|(role, text)| echo(table, role, &text))
    .collect()
}

/// The keys of a route with the input columns they echo; one without a key for a plain route.
fn keys(table: &Table, route: &Route, given: &[Given<'_>]) -> Vec<(Option<String>, Echo)> {
    match route.key {
        Key::None => vec![(None, Vec::new())],
        Key::Input(role) => values_of(table, given, role)
            .into_iter()
            .map(|text| {
                let echo = echo(table, role, &text);
                (Some(text), echo)
            })
            .collect(),
        Key::Property(_) => given
            .iter()
            .filter(|given| given.argument.role == Purpose::Key)
            .flat_map(Given::known)
            .filter_map(as_text)
            .map(|text| (Some(text), Vec::new()))
            .collect(),
    }
}

/// The place of one owner and key; `None` when no object can have that key.
fn place(
    table: &Table,
    route: &'static Route,
    owner: &str,
    key: Option<&str>,
    search: Option<&str>,
) -> Option<(Place, Answer)> {
    if let (Some(Search::DriveFunction), Some(text)) = (table.search, search) {
        let below = match (route.key, key) {
            (Key::Input(Role::Folder), Some(folder)) => format!("items/{}", key_segment(folder)?),
            _ => "root".to_owned(),
        };
        return Some((
            Place::Path(format!(
                "{owner}/{below}/search(q='{}')",
                path_segment(&text.replace('\'', "''"))
            )),
            Answer::Collection,
        ));
    }
    let answer = match (route.answer, search) {
        (Answer::TopLevel, Some(_)) => Answer::Collection,
        (answer, _) => answer,
    };
    let path = route.path.replace("{owner}", owner);
    match (route.key, key) {
        (Key::Input(Role::Folder), Some(name)) => Some((
            Place::Folder {
                path: route.path,
                name: name.to_owned(),
            },
            answer,
        )),
        (Key::Property("path"), Some(path_text)) => Some((
            Place::Path(path.replace("{key}", &drive_path(path_text)?)),
            answer,
        )),
        (_, Some(key)) => Some((
            Place::Path(path.replace("{key}", &key_segment(key)?)),
            answer,
        )),
        (_, None) => Some((Place::Path(path), answer)),
    }
}

/// `/a/b` with each segment encoded; `None` when no item can have that path.
pub fn drive_path(text: &str) -> Option<String> {
    let segments = text.strip_prefix('/')?;
    let mut path = String::new();
    for segment in segments.split('/') {
        if segment.is_empty()
            || segment == "."
            || segment == ".."
            || segment.contains(char::is_control)
        {
            return None;
        }
        path.push('/');
        path.push_str(&path_segment(segment));
    }
    Some(path)
}

/// `$search` as it is sent (FACTS §2.3, §1.4); for drives the bare text.
fn search_text(table: &Table, text: &str) -> Option<String> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match table.search? {
        Search::Kql { .. } => Some(quoted(text)),
        Search::DriveFunction => Some(text.to_owned()),
        // Written in the service's own syntax already.
        Search::Properties { .. } if text.contains('"') => Some(text.to_owned()),
        Search::Properties { .. } if text.contains(':') => Some(quoted(text)),
        Search::Properties { default } => Some(quoted(&format!("{default}:{text}"))),
    }
}
