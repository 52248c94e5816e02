//! Values and what is sent for them, as a table: for each request its path and filter, then what the
//! scan checks itself.

use super::{ask, catalog};
use crate::plan::bind::{Context, Place, bind};
use crate::plan::plan;
use crate::value::Value;

/// What binding `values` to one constraint each gives.
pub(super) fn bound(name: &str, terms: &[&str], values: &[&[Value]]) -> String {
    let table = catalog::table(name).expect("a table");
    let decision = plan(table, &ask(table, terms, &[], &["id"]), true);
    let values: Vec<Vec<Value>> = values.iter().map(|values| values.to_vec()).collect();
    let context = Context {
        user_id: None,
        pushdown: true,
    };
    let bound = match bind(table, &decision.plan, &values, context) {
        Ok(bound) => bound,
        Err(error) => return format!("error: {}", error.sentence),
    };
    let requests: Vec<String> = bound
        .targets
        .iter()
        .map(|target| {
            let place = match &target.place {
                Place::Path(path) => path.clone(),
                Place::Folder { name, .. } => format!("folder {name}"),
            };
            let mode = if target.advanced { " advanced" } else { "" };
            format!("{place} {}{mode}", target.filter)
        })
        .collect();
    let checked = match bound.enforced.len() {
        0 => String::new(),
        count => format!("; {count} checked here"),
    };
    format!("[{}]{checked}", requests.join(", "))
}

fn text(text: &str) -> Value {
    Value::text(text)
}

/// Table, constraints, a list of values for each; requests.
type Case = (
    &'static str,
    &'static [&'static str],
    Vec<Vec<Value>>,
    &'static str,
);

#[test]
fn each_value_has_its_request() {
    let many =
        |count: usize| -> Vec<Value> { (0..count).map(|n| text(&format!("d{n}"))).collect() };
    #[rustfmt::skip]
    let cases: Vec<Case> = vec![
        ("Messages", &["receivedDateTime >="], vec![vec![text("2026-01-01")]], "[me/messages receivedDateTime ge 2026-01-01T00:00:00Z]"),
        ("Messages", &["receivedDateTime >="], vec![vec![text("2026-01-01 01:00:00.5+01:00")]], "[me/messages receivedDateTime ge 2026-01-01T00:00:00Z]; 1 checked here"),
        ("Messages", &["receivedDateTime >="], vec![vec![Value::Integer(1_767_225_600_000)]], "[me/messages receivedDateTime ge 2026-01-01T00:00:00Z]"),
        ("Messages", &["receivedDateTime >="], vec![vec![text("soon")]], "[me/messages ]; 1 checked here"),
        ("Messages", &["receivedDateTime >="], vec![vec![Value::Null]], "[]"),
        ("Messages", &["receivedDateTime >"], vec![vec![text("2026-01-01")]], "[me/messages receivedDateTime gt 2026-01-01T00:00:00Z]"),
        ("Messages", &["receivedDateTime <"], vec![vec![text("2026-01-01T00:00:00.001Z")]], "[me/messages receivedDateTime lt 2026-01-01T00:00:01Z]; 1 checked here"),
        ("Messages", &["receivedDateTime <="], vec![vec![text("2026-01-01")]], "[me/messages receivedDateTime lt 2026-01-01T00:00:01Z]"),
        ("Messages", &["receivedDateTime ="], vec![vec![text("2026-01-01")]], "[me/messages receivedDateTime ge 2026-01-01T00:00:00Z and receivedDateTime lt 2026-01-01T00:00:01Z]"),
        ("Users", &["createdDateTime <"], vec![vec![text("2026-01-01")]], "[users createdDateTime le 2026-01-01T00:00:00Z]"),
        ("Users", &["createdDateTime ="], vec![vec![text("2026-01-01")]], "[users createdDateTime ge 2026-01-01T00:00:00Z and createdDateTime le 2026-01-01T00:00:01Z]"),
        ("Events", &["start_dateTime >="], vec![vec![text("2026-01-10")]], "[me/events start/dateTime ge '2026-01-09T00:00:00']"),
        ("Messages", &["isRead ="], vec![vec![Value::Integer(1)]], "[me/messages isRead eq true]"),
        ("Messages", &["isRead ="], vec![vec![text("0")]], "[me/messages isRead eq false]"),
        ("Messages", &["isRead ="], vec![vec![text("true")]], "[]"),
        ("Messages", &["isRead <>"], vec![vec![Value::Integer(1)]], "[me/messages isRead eq false]"),
        ("Messages", &["isRead <>"], vec![vec![Value::Integer(2)]], "[me/messages ]; 1 checked here"),
        ("Messages", &["isRead = list"], vec![vec![Value::Integer(0), Value::Integer(1)]], "[me/messages ]; 1 checked here"),
        ("Messages", &["importance ="], vec![vec![text("high")]], "[me/messages importance eq 'high']"),
        ("Messages", &["importance ="], vec![vec![text("HIGH")]], "[me/messages ]; 1 checked here"),
        ("Messages", &["importance = list"], vec![vec![text("high"), Value::Null, text("low")]], "[me/messages (importance eq 'high' or importance eq 'low')]"),
        ("Messages", &["subject ="], vec![vec![text("O'Brien")]], "[me/messages startswith(subject,'O''Brien')]"),
        ("Messages", &["subject ="], vec![vec![text("")]], "[me/messages ]"),
        ("Messages", &["subject ="], vec![vec![Value::Integer(7)]], "[me/messages ]"),
        ("Messages", &["subject ="], vec![vec![text("a\0b")]], "[me/messages startswith(subject,'a')]"),
        ("Messages", &["subject like"], vec![vec![text("a'b_c%")]], "[me/messages startswith(subject,'a''b')]"),
        ("Messages", &["subject like"], vec![vec![text("%a")]], "[me/messages ]"),
        ("Messages", &["subject like"], vec![vec![Value::Null]], "[]"),
        ("Users", &["mail like"], vec![vec![text("%@x.com")]], "[users endswith(mail,'@x.com') advanced]"),
        ("Users", &["department ="], vec![vec![text("Sales")]], "[users department eq 'Sales']"),
        ("Users", &["department ="], vec![vec![text(&"x".repeat(121))]], "[users ]"),
        ("Users", &["department null"], vec![vec![]], "[users department eq null advanced]"),
        ("Users", &["companyName ="], vec![vec![text("Contoso")]], "[users companyName eq 'Contoso' advanced]"),
        ("Users", &["department = list"], vec![many(3)], "[users department in ('d0','d1','d2')]"),
        ("Users", &["department = list"], vec![many(301)], "[users ]"),
        ("Users", &["id = list"], vec![vec![text("a"), Value::Null]], "[users id eq 'a']"),
        ("Users", &["id ="], vec![vec![text("a/b?c")]], "[users/a%2Fb%3Fc ]"),
        ("Users", &["id ="], vec![vec![text("..")]], "[]"),
        ("Users", &["id ="], vec![vec![text("$count")]], "[]"),
        ("Users", &["id ="], vec![vec![Value::Blob(Box::new([97]))]], "[]"),
        ("Users", &["Users match", "accountEnabled ="], vec![vec![text("adele")], vec![Value::Integer(1)]], "[users accountEnabled eq true advanced]"),
        ("Messages", &["UserId ="], vec![vec![text("a@b.c")]], "[users/a@b.c/messages ]"),
        ("Messages", &["UserId ="], vec![vec![Value::Null]], "[]"),
        ("Messages", &["UserId ="], vec![vec![text("../me")]], "[users/..%2Fme/messages ]"),
        ("Messages", &["UserId = list"], vec![vec![text("a@b.c"), Value::Null, text("ME")]], "[users/a@b.c/messages , me/messages ]"),
        ("Messages", &["folder =", "isRead ="], vec![vec![text("Inbox/x")], vec![Value::Integer(1)]], "[folder Inbox/x isRead eq true]"),
        ("Messages", &["parentFolderId =", "isRead ="], vec![vec![text("f=")], vec![Value::Integer(1)]], "[me/mailFolders/f%3D/messages isRead eq true]"),
        ("Files", &["DriveId ="], vec![vec![text("b!1")]], "[drives/b!1/root/children ]"),
        ("Files", &["DriveId ="], vec![vec![Value::Blob(Box::new([97]))]], "[]"),
        ("Files", &["path ="], vec![vec![text("/a b/c#.txt")]], "[me/drive/root:/a%20b/c%23.txt ]"),
        ("Files", &["path ="], vec![vec![text("a")]], "[]"),
        ("Files", &["path ="], vec![vec![text("/a/../b")]], "[]"),
        ("CalendarView", &["windowStart =", "windowEnd ="], vec![vec![text("2026-01-01")], vec![text("2026-02-01")]], "[me/calendarView?startDateTime=2026-01-01T00:00:00Z&endDateTime=2026-02-01T00:00:00Z ]"),
        ("CalendarView", &["windowStart =", "windowEnd ="], vec![vec![text("2026-02-01")], vec![text("2026-01-01")]], "[]"),
        ("CalendarView", &["windowStart =", "windowEnd ="], vec![vec![text("soon")], vec![text("2026-01-01")]], "error: windowStart is not a point in time"),
        ("CalendarView", &["start_dateTime >=", "end_dateTime <"], vec![vec![text("2026-01-10")], vec![text("2026-01-20 10:00:00.5")]], "[me/calendarView?startDateTime=2026-01-09T00:00:00Z&endDateTime=2026-01-21T10:00:01Z ]"),
        ("CalendarView", &["end_dateTime >", "start_dateTime <"], vec![vec![text("2026-01-20")], vec![text("2026-01-10")]], "[me/calendarView?startDateTime=2026-01-10T00:00:00Z&endDateTime=2026-01-20T00:00:00Z ]"),
        ("CalendarView", &["windowStart =", "end_dateTime <"], vec![vec![text("2026-01-20")], vec![text("2026-01-10")]], "[me/calendarView?startDateTime=2026-01-20T00:00:00Z&endDateTime=2026-01-21T00:00:00Z ]"),
        ("CalendarView", &["start_dateTime >="], vec![vec![text("2026-01-10")]], "error: recurring events are expanded, which needs the end of the time range"),
        ("CalendarView", &["start_dateTime ="], vec![vec![text("2026-01-10")]], "[me/calendarView?startDateTime=2026-01-09T00:00:00Z&endDateTime=2026-01-11T00:00:00Z ]"),
    ];
    for (table, terms, values, expected) in &cases {
        let slices: Vec<&[Value]> = values.iter().map(Vec::as_slice).collect();
        assert_eq!(
            bound(table, terms, &slices),
            *expected,
            "{table} {terms:?} {values:?}"
        );
    }
}
