//! What is asked and what is planned, as a table: the readable line of the plan, then for each
//! constraint whether SQLite compares again (`again`), need not (`omit`), or has it alone (`own`).

mod bind;
mod collab;
mod directory;
mod outlook;

use super::explain::{decode, describe, encode};
use super::{Ask, Collation, Constraint, Counting, Op, Purpose, Term, plan};
use crate::catalog::{self, Table, Type};

/// A constraint on a column, compared as the column's type is.
fn on(table: &Table, name: &str, op: Op) -> Constraint {
    let column = position(table, name);
    let instant = matches!(table.columns[column].ty, Type::Instant | Type::Zoned);
    Constraint {
        column: Some(column),
        op,
        usable: true,
        list: false,
        collation: if instant {
            Collation::Instant
        } else {
            Collation::Binary
        },
    }
}

fn position(table: &Table, name: &str) -> usize {
    let found = (0..table.columns.len()).find(|n| table.columns[*n].name() == name);
    found.unwrap_or_else(|| panic!("{} has no {name}", table.name))
}

/// The ask of `terms`: `column op`, then perhaps `list`, `nocase`, `binary` or `unusable`; `limit` and
/// `offset` alone; and of `order`: `column`, perhaps ` desc`.
fn ask(table: &Table, terms: &[&str], order: &[&str], used: &[&str]) -> Ask {
    let mut ask = Ask::default();
    for term in terms {
        let words: Vec<&str> = term.split(' ').collect();
        let mut constraint = match words[0] {
            "limit" | "offset" => Constraint {
                column: None,
                op: if words[0] == "limit" {
                    Op::Limit
                } else {
                    Op::Offset
                },
                usable: true,
                list: false,
                collation: Collation::Binary,
            },
            name => on(table, name, op(words[1])),
        };
        for word in words.iter().skip(2) {
            match *word {
                "list" => constraint.list = true,
                "nocase" => constraint.collation = Collation::NoCase,
                "binary" => constraint.collation = Collation::Binary,
                "unusable" => constraint.usable = false,
                other => panic!("{other}"),
            }
        }
        if let Some(column) = constraint.column {
            ask.used |= 1 << column.min(63);
        }
        ask.constraints.push(constraint);
    }
    for term in order {
        let column = position(table, term.split(' ').next().unwrap_or_default());
        ask.used |= 1 << column.min(63);
        ask.order.push(Term {
            column,
            descending: term.ends_with(" desc"),
        });
    }
    for name in used {
        ask.used |= 1 << position(table, name).min(63);
    }
    ask
}

fn op(word: &str) -> Op {
    match word {
        "=" => Op::Eq,
        "<>" => Op::Ne,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "<" => Op::Lt,
        "<=" => Op::Le,
        "null" => Op::IsNull,
        "like" => Op::Like,
        "match" => Op::Match,
        "is" => Op::Other,
        other => panic!("{other}"),
    }
}

/// The plan of an ask, as text.
fn planned(name: &str, terms: &[&str], order: &[&str], used: &[&str]) -> String {
    let table = catalog::table(name).expect("a table");
    let decision = plan(table, &ask(table, terms, order, used), true);
    let claims: Vec<&str> = decision
        .claims
        .iter()
        .map(|claim| match claim {
            None => "own",
            Some(claim) if claim.omit => "omit",
            Some(_) => "again",
        })
        .collect();
    let ordered = if decision.ordered { " ordered" } else { "" };
    let counting = match decision.plan.counting {
        Counting::No => "",
        Counting::Surely => " counted",
        Counting::Perhaps => " perhaps counted",
    };
    format!(
        "{} [{}]{ordered}{counting}",
        describe(table, &decision.plan),
        claims.join(" ")
    )
}

/// Table, constraints, order, further columns; the plan.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

/// Mail: booleans, enumerations and lower bounds of instants are the service's alone, text is compared again, the order needs a filter it goes with, keys compare by bytes.
#[rustfmt::skip]
const MESSAGES: &[Case] = &[
    ("Messages", &[], &[], &["subject"], "GET /{owner}/messages $select=id,subject []"),
    ("Messages", &["isRead ="], &[], &[], "GET /{owner}/messages $select=id,isRead $filter=isRead eq ? $count=true [omit] counted"),
    ("Messages", &["isRead = list"], &[], &[], "GET /{owner}/messages $select=id,isRead $filter=isRead eq ?… $count=true [omit] perhaps counted"),
    ("Messages", &["isRead <>"], &[], &["subject"], "GET /{owner}/messages $select=id,subject,isRead $filter=isRead ne ? [omit]"),
    ("Messages", &["subject ="], &[], &[], "GET /{owner}/messages $select=id,subject $filter=subject eq ?; SQLite checks subject eq ? again [again]"),
    ("Messages", &["subject = nocase"], &[], &[], "GET /{owner}/messages $select=id,subject $filter=subject eq ?; SQLite checks subject eq ? again [again]"),
    ("Messages", &["subject <>"], &[], &[], "GET /{owner}/messages $select=id,subject [own]"),
    ("Messages", &["subject like"], &[], &[], "GET /{owner}/messages $select=id,subject $filter=subject like ?; SQLite checks subject like ? again [again]"),
    ("Messages", &["bodyPreview like"], &[], &[], "GET /{owner}/messages $select=id,bodyPreview [own]"),
    ("Messages", &["importance ="], &[], &[], "GET /{owner}/messages $select=id,importance $filter=importance eq ? $count=true [omit] counted"),
    ("Messages", &["importance = nocase"], &[], &[], "GET /{owner}/messages $select=id,importance [own]"),
    ("Messages", &["receivedDateTime >="], &[], &[], "GET /{owner}/messages $select=id,receivedDateTime $filter=receivedDateTime ge ? $count=true [omit] perhaps counted"),
    ("Messages", &["receivedDateTime >= binary"], &[], &[], "GET /{owner}/messages $select=id,receivedDateTime [own]"),
    ("Messages", &["receivedDateTime >"], &[], &[], "GET /{owner}/messages $select=id,receivedDateTime $filter=receivedDateTime gt ?; SQLite checks receivedDateTime gt ? again [again]"),
    ("Messages", &["receivedDateTime = list"], &[], &[], "GET /{owner}/messages $select=id,receivedDateTime [own]"),
    ("Messages", &[], &["receivedDateTime desc"], &["subject"], "GET /{owner}/messages $select=id,subject,receivedDateTime $orderby=receivedDateTime desc [] ordered"),
    ("Messages", &[], &["subject"], &[], "GET /{owner}/messages $select=id,subject []"),
    ("Messages", &[], &["receivedDateTime", "id"], &[], "GET /{owner}/messages $select=id,receivedDateTime []"),
    ("Messages", &["isRead =", "limit"], &["receivedDateTime desc"], &["subject"], "GET /{owner}/messages $select=id,subject,receivedDateTime,isRead $filter=isRead eq ? $orderby=receivedDateTime desc $top=? [omit again] ordered"),
    ("Messages", &["hasAttachments =", "limit"], &["receivedDateTime desc"], &["subject"], "GET /{owner}/messages $select=id,subject,receivedDateTime,hasAttachments $filter=hasAttachments eq ? [omit own]"),
    ("Messages", &["subject is", "limit"], &[], &["subject"], "GET /{owner}/messages $select=id,subject [own own]"),
    ("Messages", &["id ="], &[], &["subject"], "GET /{owner}/messages/{id} $select=id,subject; SQLite checks id eq ? again [again]"),
    ("Messages", &["id = nocase"], &[], &["subject"], "GET /{owner}/messages $select=id,subject [own]"),
    ("Messages", &["id = list"], &[], &["subject"], "GET /{owner}/messages/{id} $select=id,subject; SQLite checks id eq ?… again [again]"),
    ("Messages", &["parentFolderId =", "isRead ="], &[], &[], "GET /{owner}/mailFolders/{parentFolderId}/messages $select=id,isRead,parentFolderId $filter=isRead eq ?; SQLite checks parentFolderId eq ? again [again omit]"),
    ("Messages", &["folder =", "UserId =", "mailbox ="], &[], &[], "GET /{owner}/mailFolders/{folder}/messages $select=id; given folder eq ?, UserId eq ? [omit omit own]"),
    ("Messages", &["folder = unusable"], &[], &[], "GET /{owner}/messages $select=id [own]"),
    ("Messages", &["Messages match", "isRead ="], &["receivedDateTime"], &[], "GET /{owner}/messages $select=id,receivedDateTime,isRead; given Messages match ? [omit own]"),
    ("Messages", &["filter = list", "UserId = list"], &[], &[], "GET /{owner}/messages $select=id $count=true; given filter eq ?, UserId eq ?… [omit omit] counted"),
];

/// A tree is walked without filters; one level of it takes them, unless the path is wanted.
#[rustfmt::skip]
const FOLDERS: &[Case] = &[
    ("MailFolders", &["displayName ="], &[], &[], "GET /{owner}/mailFolders?includeHiddenFolders=true $select=id,childFolderCount,isHidden,displayName and each level below [own]"),
    ("MailFolders", &["parentFolderId =", "displayName ="], &[], &[], "GET /{owner}/mailFolders/{parentFolderId}/childFolders?includeHiddenFolders=true $select=id,displayName,parentFolderId $filter=displayName eq ?; SQLite checks parentFolderId eq ?, displayName eq ? again [again again]"),
    ("MailFolders", &["parentFolderId =", "path like"], &[], &[], "GET /{owner}/mailFolders?includeHiddenFolders=true $select=id,childFolderCount,isHidden,parentFolderId and each level below [own own]"),
];

/// The directory: text by eq, lists by or, orders and counts in the advanced mode.
#[rustfmt::skip]
const USERS: &[Case] = &[
    ("Users", &["department ="], &[], &[], "GET /users $select=id,department $filter=department eq ?; SQLite checks department eq ? again [again]"),
    ("Users", &["department = list"], &[], &[], "GET /users $select=id,department $filter=department eq ?…; SQLite checks department eq ?… again [again]"),
    ("Users", &["id = list"], &[], &[], "GET /users $select=id $filter=id eq ?…; SQLite checks id eq ?… again [again]"),
    ("Users", &["id ="], &[], &[], "GET /users/{id} $select=id; SQLite checks id eq ? again [again]"),
    ("Users", &["department null"], &[], &[], "GET /users $select=id,department $filter=department eq null; SQLite checks department eq null again [again]"),
    ("Users", &["createdDateTime <"], &["createdDateTime"], &[], "GET /users $select=id,createdDateTime $filter=createdDateTime lt ? $orderby=createdDateTime; SQLite checks createdDateTime lt ? again [again] ordered"),
    ("Users", &["accountEnabled ="], &[], &[], "GET /users $select=id,accountEnabled $filter=accountEnabled eq ? $count=true [omit] counted"),
    ("Users", &["Users match", "accountEnabled ="], &[], &["displayName"], "GET /users $select=id,displayName,accountEnabled $filter=accountEnabled eq ?; given Users match ? [omit omit]"),
];

/// Events filter a day wider; a view has nothing but its window.
#[rustfmt::skip]
const CALENDAR: &[Case] = &[
    ("Events", &["start_dateTime >=", "isAllDay ="], &[], &[], "GET /{owner}/events $select=id,start,isAllDay $filter=start/dateTime ge ? and isAllDay eq ?; SQLite checks start/dateTime ge ? again [again omit]"),
    ("CalendarView", &["start_dateTime >=", "start_dateTime <", "isCancelled ="], &[], &["subject"], "GET /{owner}/calendarView $select=id,subject,start,isCancelled; SQLite checks start/dateTime ge ?, start/dateTime lt ? again [again again own]"),
    ("CalendarView", &["windowStart =", "windowEnd =", "id ="], &[], &["subject"], "GET /{owner}/calendarView $select=id,subject; given windowStart eq ?, windowEnd eq ? [omit omit own]"),
];

/// Drives have places and no filters.
#[rustfmt::skip]
const FILES: &[Case] = &[
    ("Files", &["id ="], &[], &["name"], "GET /{owner}/items/{id} $select=id,name; SQLite checks id eq ? again [again]"),
    ("Files", &["path ="], &[], &["name"], "GET /{owner}/root:{path} $select=id,name; SQLite checks path eq ? again [again]"),
    ("Files", &["parentReference_id =", "size >"], &[], &["name"], "GET /{owner}/items/{parentReference/id}/children $select=id,name,size,parentReference; SQLite checks parentReference/id eq ? again [again own]"),
    ("Files", &["DriveId =", "name ="], &[], &[], "GET /{owner}/root/children $select=id,folder,name and each level below; given DriveId eq ? [omit own]"),
    ("Drives", &["id ="], &[], &["name"], "GET /{owner}/drives $select=id,name [own]"),
];

#[test]
fn each_ask_has_its_plan() {
    for cases in [MESSAGES, FOLDERS, USERS, CALENDAR, FILES] {
        for (table, terms, order, used, expected) in cases {
            let got = planned(table, terms, order, used);
            assert_eq!(got, *expected, "{table} {terms:?} {order:?} {used:?}");
        }
    }
}

#[test]
fn without_pushdown_only_inputs_are_taken() {
    for (name, terms, order, used, _) in MESSAGES.iter().chain(USERS) {
        let table = catalog::table(name).expect("a table");
        let decision = plan(table, &ask(table, terms, order, used), false);
        assert!(!decision.ordered, "{terms:?}");
        assert_eq!(decision.plan.counting, Counting::No, "{terms:?}");
        for argument in &decision.plan.arguments {
            assert!(
                matches!(argument.role, Purpose::Input | Purpose::Page),
                "{terms:?}: {argument:?}"
            );
        }
    }
}

#[test]
fn a_plan_survives_its_text() {
    for (name, terms, order, used, _) in MESSAGES.iter().chain(CALENDAR) {
        let table = catalog::table(name).expect("a table");
        let plan = plan(table, &ask(table, terms, order, used), true).plan;
        assert_eq!(decode(&encode(table, &plan)), Some(plan), "{terms:?}");
    }
}

/// A search must not lose to the branches of an OR: nothing else can say MATCH.
#[test]
fn a_search_costs_less_than_two() {
    let table = catalog::table("Users").expect("a table");
    let cost = |terms: &[&str]| {
        let decision = plan(table, &ask(table, terms, &[], &[]), true);
        (decision.cost, decision.rows)
    };
    assert_eq!(cost(&["Users match"]), (5.0, 2));
    assert_eq!(cost(&["Users match", "faxNumber ="]), (5.0, 2));
}
