//! Where the rows are: every owner with every key, as paths whose segments nothing can leave.

use super::{Context, Given, Place, as_text};
use crate::catalog::{Answer, Owner, Placeholder, Role, Route, Search, Source, Table};
use crate::error::Error;
use crate::odata::path_segment;
use crate::plan::{Plan, Purpose};
use crate::value::Value;

/// The plan's route, or the one without a property's key where pushdown was turned off after planning:
/// the key is compared again by SQLite, so the wider collection is right too.
pub(super) fn route(table: &'static Table, plan: &Plan, context: Context<'_>) -> &'static Route {
    let planned = &table.routes[plan.route.min(table.routes.len() - 1)];
    if context.pushdown || table.keys(planned).next().is_none() {
        return planned;
    }
    wider(table, planned).unwrap_or(planned)
}

/// The way that needs the same inputs but no property's key.
fn wider(table: &'static Table, route: &Route) -> Option<&'static Route> {
    table.routes.iter().find(|other| {
        table.keys(other).next().is_none()
            && (other.has_owner() == route.has_owner() || route.anywhere)
            && table.needs(other).eq(table.needs(route))
    })
}

/// The error of a statement that does not say which parent's rows it wants.
pub(super) fn lacking(table: &Table, route: &Route, given: &[Given<'_>]) -> Option<Error> {
    let is_given = |role: Role| given.iter().any(|given| is_input(table, given, role));
    let missing = |route: &Route| -> Vec<usize> {
        table
            .needs(route)
            .filter(|role| !is_given(*role))
            .filter_map(|role| table.input(role))
            .collect()
    };
    if missing(route).is_empty() {
        return contradicting(table, route, given);
    }
    let fewest = table
        .routes
        .iter()
        .map(missing)
        .filter(|missing| !missing.is_empty())
        .min_by_key(Vec::len)?;
    let names: Vec<String> = fewest.iter().map(|n| table.columns[*n].name()).collect();
    let next: Vec<String> = fewest
        .iter()
        .map(|n| {
            let column = &table.columns[*n];
            let name = column.name();
            match column.references {
                Some(from) => {
                    format!("{name} = '…' (or {name} IN (SELECT id FROM {from} WHERE …))")
                }
                None => format!("{name} = '…'"),
            }
        })
        .collect();
    // What no table lists, its own sentence tells.
    let told: Vec<&str> = fewest
        .iter()
        .map(|n| &table.columns[*n])
        .filter(|column| column.references.is_none())
        .map(|column| column.doc)
        .collect();
    Some(
        Error::usage(format!(
            "the table needs {} to know where to read",
            names.join(" and ")
        ))
        .next(match told.is_empty() {
            true => format!("Add to WHERE: {}", next.join(" AND ")),
            false => format!("Add to WHERE: {} ({})", next.join(" AND "), told.join(" ")),
        }),
    )
}

/// The error of a statement that gives two inputs which no way takes together.
fn contradicting(table: &Table, route: &Route, given: &[Given<'_>]) -> Option<Error> {
    let name = |role: Role| table.input(role).map(|n| table.columns[n].name());
    let passed_over = table
        .routes
        .iter()
        .flat_map(|other| table.needs(other))
        .find(|role| {
            given.iter().any(|given| is_input(table, given, *role))
                && !table.needs(route).any(|needed| needed == *role)
        })?;
    let taken = table.needs(route).find_map(name);
    let names = [taken, name(passed_over)].into_iter().flatten();
    Some(
        Error::usage(format!(
            "no request takes {} together",
            names.collect::<Vec<_>>().join(" and ")
        ))
        .next("Give one of them, and compare the other one's values in the rows"),
    )
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
    for (owner, owner_echo) in owners(table, route, given, context) {
        for (filling, filling_echo) in fillings(table, route, given) {
            let Some((place, answer)) = place(table, route, &owner, &filling, search.as_deref())
            else {
                continue;
            };
            let mut echo = owner_echo.clone();
            echo.extend(filling_echo);
            echo.extend(plain_echo(table, route, given));
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
fn owners(
    table: &Table,
    route: &Route,
    given: &[Given<'_>],
    context: Context<'_>,
) -> Vec<(String, Echo)> {
    if !route.has_owner() {
        return vec![(String::new(), Vec::new())];
    }
    let default = context.user_id.unwrap_or("me");
    let drives = values_of(table, given, Role::Drive);
    if !drives.is_empty() {
        return drives
            .into_iter()
            .filter_map(|id| {
                let path = owner_path(table, Some(&id), None)?;
                Some((path, echo(table, Role::Drive, &id)))
            })
            .collect();
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
    mailboxes
        .into_iter()
        .filter_map(|user| {
            let path = owner_path(table, None, Some(&user))?;
            Some((path, echo(table, Role::Mailbox, &user)))
        })
        .collect()
}

/// What stands for `{owner}`: a drive, or a user's mailbox or drive, one's own where nobody is named.
/// `None` where no object can have such a name.
pub fn owner_path(table: &Table, drive: Option<&str>, mailbox: Option<&str>) -> Option<String> {
    if let Some(id) = drive {
        return Some(format!("drives/{}", key_segment(id)?));
    }
    let user = user_path(mailbox.unwrap_or("me"))?;
    Some(match table.owner {
        Owner::Drive => format!("{user}/drive"),
        _ => user,
    })
}

/// `me`, or `users/{id or name}`; a name that starts with `$` needs the key form (FACTS §1.4).
pub fn user_path(user: &str) -> Option<String> {
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
pub fn key_segment(text: &str) -> Option<String> {
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

/// Echoes of the inputs that are in no path.
fn plain_echo(table: &Table, route: &Route, given: &[Given<'_>]) -> Echo {
    let in_path: Vec<Role> = route
        .placeholders()
        .filter_map(|name| match table.placeholder(name) {
            Placeholder::Input(role) => Some(role),
            _ => None,
        })
        .collect();
    let mut echoed = Vec::new();
    for given in given {
        let Source::Input(role) = table.columns[given.argument.column].source else {
            continue;
        };
        let is_plain = !matches!(role, Role::Mailbox | Role::Drive) && !in_path.contains(&role);
        if let (true, Some(text)) = (is_plain, given.known().find_map(as_text)) {
            echoed.extend(echo(table, role, &text));
        }
    }
    echoed
}

/// What fills the placeholders of a route, each value with each other, and the inputs that are echoed.
type Filling = Vec<(&'static str, String)>;

fn fillings(table: &Table, route: &Route, given: &[Given<'_>]) -> Vec<(Filling, Echo)> {
    let mut fillings = vec![(Vec::new(), Vec::new())];
    for name in route.placeholders() {
        let values: Vec<(String, Echo)> = match table.placeholder(name) {
            Placeholder::Owner => continue,
            Placeholder::Input(role) => values_of(table, given, role)
                .into_iter()
                .map(|text| {
                    let echo = echo(table, role, &text);
                    (text, echo)
                })
                .collect(),
            Placeholder::Property(_) => given
                .iter()
                .filter(|given| given.argument.role == Purpose::Key)
                .flat_map(Given::known)
                .filter_map(as_text)
                .map(|text| (text, Vec::new()))
                .collect(),
        };
        fillings = fillings
            .iter()
            .flat_map(|(filling, echo): &(Filling, Echo)| {
                values.iter().map(move |(text, more)| {
                    let (mut filling, mut echo) = (filling.clone(), echo.clone());
                    filling.push((name, text.clone()));
                    echo.extend(more.iter().cloned());
                    (filling, echo)
                })
            })
            .collect();
    }
    fillings
}

/// The place of one owner and filling; `None` when no object can have such a key.
fn place(
    table: &Table,
    route: &'static Route,
    owner: &str,
    filling: &Filling,
    search: Option<&str>,
) -> Option<(Place, Answer)> {
    let folder = filling.iter().find_map(|(name, text)| {
        (table.placeholder(name) == Placeholder::Input(Role::Folder)).then_some(text)
    });
    if let (Some(Search::DriveFunction), Some(text)) = (table.search, search) {
        let below = match folder {
            Some(folder) => format!("items/{}", key_segment(folder)?),
            None => "root".to_owned(),
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
    if let Some(name) = folder {
        let place = Place::Folder {
            path: route.path,
            name: name.clone(),
        };
        return Some((place, answer));
    }
    let mut path = route.path.replace("{owner}", owner);
    for (name, text) in filling {
        let quoted = format!("'{{{name}}}'");
        let segment = match table.placeholder(name) {
            _ if path.contains(&quoted) => key_segment(&text.replace('\'', "''"))?,
            Placeholder::Property("path") => drive_path(text)?,
            Placeholder::Input(Role::Site) => site_segment(text)?,
            _ => key_segment(text)?,
        };
        path = path.replace(&format!("{{{name}}}"), &segment);
    }
    Some((Place::Path(path), answer))
}

/// A site by its id, or `host:/path` (FACTS §1.7), closed so that more can follow.
pub fn site_segment(text: &str) -> Option<String> {
    let Some((host, path)) = text.split_once(":/") else {
        return key_segment(text);
    };
    let path = drive_path(&format!("/{}", path.trim_end_matches('/')))?;
    Some(format!("{}:{path}:", key_segment(host)?))
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
