//! What statements are made over: each table with the inputs it is asked with, the rows it has then,
//! and the connections that answer: Graph with and without pushdown, and ordinary tables with the
//! same rows.

use std::sync::OnceLock;

use office365::catalog::{self, Column, Fetch, Role, Source, Table};
use office365::sqlite::{Access, host, table::declaration};
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::scopes::scopes;

/// The connection's own mailbox: small, so that whole scans are cheap.
pub const OWN: &str = "miriam@contoso.com";

/// A table as it is asked with certain inputs. Inputs are parameters, so each such way to ask has rows
/// of its own, and a native table of its own.
pub struct Variant {
    /// The catalogue's entry.
    pub table: &'static Table,
    /// Arguments of the table-valued form.
    call: &'static str,
    /// Terms that give the inputs, `{a}` standing for the alias; they hold for every native row too.
    pub given: String,
    /// The terms the native table is filled with, where they differ.
    fill: Option<String>,
    /// The columns that statements may use: positions in the catalogue.
    pub columns: Vec<usize>,
    /// For each of these columns, values that occur.
    pub samples: Vec<Vec<Value>>,
    /// All rows.
    rows: Vec<Vec<Value>>,
}

impl Variant {
    /// The name of the native table.
    fn native(number: usize) -> String {
        format!("native_{number}")
    }

    /// A column's name, quoted.
    pub fn name(&self, n: usize) -> String {
        format!("\"{}\"", self.column(n).name())
    }

    /// A column's entry.
    pub fn column(&self, n: usize) -> &'static Column {
        &self.table.columns[self.columns[n]]
    }

    /// The position among [`Variant::columns`] of a column.
    pub fn find(&self, name: &str) -> Option<usize> {
        (0..self.columns.len()).find(|n| self.column(*n).name() == name)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}

/// All that statements are made over.
pub struct World {
    /// Every way to ask.
    pub variants: Vec<Variant>,
}

impl World {
    /// True when a statement reads a table that a filter defines (Teams): it cannot be done without.
    pub fn is_defined_by_a_filter(&self, sql: &str) -> bool {
        self.variants.iter().enumerate().any(|(number, variant)| {
            let filtered = variant
                .table
                .routes
                .iter()
                .any(|route| !route.filter.is_empty());
            filtered && sql.contains(&format!("⟦{number}⟧"))
        })
    }
}

/// The world, filled once.
pub fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let filler = graph("Pushdown=off");
        let variants = described(&filler)
            .into_iter()
            .map(|variant| filled(&filler, variant))
            .collect();
        World { variants }
    })
}

/// A connection to the demo tenant.
pub fn graph(more: &str) -> Connection {
    graph_at("Demo=true", more)
}

/// A connection to a tenant elsewhere.
pub fn graph_at(tenant: &str, more: &str) -> Connection {
    let connection = host::open(None, Access::Full).expect("memory can be opened");
    let text = format!("{tenant};UserId={OWN};{more}");
    connection
        .query_row("SELECT o365_connect(?1)", [&text], |_| Ok(()))
        .expect("the demo tenant can be connected to");
    create_local(&connection);
    connection
}

/// A connection with ordinary tables of the same rows.
pub fn native(world: &World) -> Connection {
    let connection = host::open(None, Access::Full).expect("memory can be opened");
    create_local(&connection);
    connection.execute_batch("BEGIN").expect("a transaction");
    for (number, variant) in world.variants.iter().enumerate() {
        let name = Variant::native(number);
        let declared = declaration(variant.table, variant.table.name).replacen(
            "CREATE TABLE x",
            &format!("CREATE TABLE {name}"),
            1,
        );
        connection.execute_batch(&declared).expect("a native table");
        let names: Vec<String> = (0..variant.columns.len())
            .map(|n| variant.name(n))
            .collect();
        let marks = vec!["?"; names.len()].join(",");
        let insert = format!("INSERT INTO {name}({}) VALUES({marks})", names.join(","));
        let mut insert = connection.prepare(&insert).expect("an insert");
        for row in &variant.rows {
            insert
                .execute(rusqlite::params_from_iter(row))
                .expect("a native row");
        }
    }
    connection.execute_batch("COMMIT").expect("a commit");
    connection
}

/// A table of the host's own, the same on every connection: what Graph's tables are joined with.
fn create_local(connection: &Connection) {
    connection
        .execute_batch(
            "CREATE TABLE local(t TEXT, n INTEGER, d, b BLOB);
             INSERT INTO local VALUES
               ('inbox', 1, '2026-01-01', x'00'), ('Sales', 0, '2025-06-30T12:00:00+02:00', NULL),
               ('SALES', 7, 1767225600000, 'low'), ('high', 2, 'high', 'Inbox'),
               (NULL, NULL, NULL, NULL), ('', 10, '', ''), ('2026-01-15', 20260115, 5.0, 3),
               ('true', -1, 'O''Brien', 'de'), ('100', 100, '007', '100%');",
        )
        .expect("a local table");
}

/// FROM names a variant as `⟦number⟧`: this writes the table of one side.
pub fn render(sql: &str, world: &World, side: Side) -> String {
    let mut text = String::new();
    let mut rest = sql;
    while let Some((before, after)) = rest.split_once('⟦') {
        let (number, behind) = after.split_once('⟧').expect("brackets are paired");
        let number: usize = number.parse().expect("brackets hold a number");
        text.push_str(before);
        match side {
            Side::Graph => {
                let variant = &world.variants[number];
                text.push_str(&format!("{}{}", variant.table.name, variant.call));
            }
            Side::Native => text.push_str(&Variant::native(number)),
        }
        rest = behind;
    }
    text.push_str(rest);
    match side {
        Side::Graph => text,
        // The echo of a search is its text; ordinary tables know no MATCH.
        Side::Native => text.replace(" MATCH ", " = "),
    }
}

/// Which tables a statement reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Microsoft Graph's.
    Graph,
    /// Ordinary ones.
    Native,
}

/// The ways to ask, still without rows.
fn described(filler: &Connection) -> Vec<Variant> {
    let mut all = Vec::new();
    let mut add = |table: &str, call: &'static str, given: &str, fill: Option<&str>| {
        let table = catalog::table(table).expect("a table of the catalogue");
        all.push(variant(table, call, given, fill));
    };
    add("Messages", "", "", None);
    add("Messages", "", "{a}.UserId = 'lidia@contoso.com'", None);
    add("Messages", "('Miriam@contoso.com')", "", None);
    add(
        "Messages",
        "",
        "{a}.UserId IN ('miriam@contoso.com', 'lidia@contoso.com', NULL, 'nestor@contoso.com')",
        None,
    );
    add("Messages", "", "{a}.folder = 'Inbox'", None);
    add(
        "Messages",
        "",
        "{a}.UserId = 'adele@contoso.com' AND {a}.folder = 'inbox/Müller & Söhne'",
        None,
    );
    add("Messages", "", "{a}.folder IN ('inbox', 'sentitems')", None);
    add(
        "Messages",
        "",
        "{a}.filter = 'isRead eq false or importance eq ''high'''",
        None,
    );
    add(
        "Messages",
        "",
        "{a}.UserId = 'lidia@contoso.com' AND {a}.Messages MATCH 'subject:budget'",
        None,
    );
    add("MailFolders", "", "", None);
    add("MailFolders", "", "{a}.mailbox = 'adele@contoso.com'", None);
    add(
        "MailFolders",
        "",
        "{a}.UserId = 'adele@contoso.com' AND {a}.folder = 'inbox'",
        None,
    );
    add(
        "MailFolders",
        "",
        "{a}.UserId IN ('adele@contoso.com', 'miriam@contoso.com')",
        None,
    );
    add("Users", "", "", None);
    add("Users", "", "{a}.filter = 'accountEnabled eq true'", None);
    add("Users", "", "{a}.Users MATCH 'a'", None);
    add("Me", "", "", None);
    add("Calendars", "", "", None);
    add(
        "Calendars",
        "",
        "{a}.UserId IN ('adele@contoso.com', 'miriam@contoso.com')",
        None,
    );
    add("Events", "", "", None);
    add("Events", "", "{a}.UserId = 'adele@contoso.com'", None);
    // The default one: an id finds an event in whichever calendar it lies.
    let calendars = texts(
        filler,
        "SELECT id FROM Calendars ORDER BY isDefaultCalendar DESC",
    );
    if let Some(id) = calendars.first() {
        add("Events", "", &format!("{{a}}.CalendarId = '{id}'"), None);
    }
    let window = "{a}.windowStart = '2026-01-01' AND {a}.windowEnd = '2026-03-01T12:00:00+01:00'";
    add("CalendarView", "", window, None);
    add(
        "CalendarView",
        "",
        "{a}.start_dateTime >= '2026-01-10' AND {a}.end_dateTime < '2026-02-20 10:00:00'",
        Some("{a}.windowStart = '2025-12-01' AND {a}.windowEnd = '2026-04-01'"),
    );
    add("Drives", "", "", None);
    add(
        "Drives",
        "",
        "{a}.UserId IN ('adele@contoso.com', 'isaiah@contoso.com')",
        None,
    );
    add("Files", "('isaiah@contoso.com')", "", None);
    add("Files", "", "{a}.UserId = 'diego@contoso.com'", None);
    add(
        "Files",
        "",
        "{a}.UserId IN ('isaiah@contoso.com', 'diego@contoso.com')",
        None,
    );
    add(
        "Files",
        "",
        "{a}.UserId = 'adele@contoso.com' AND {a}.folder = 'root'",
        None,
    );
    let drives = "SELECT id FROM Drives WHERE UserId = 'isaiah@contoso.com'";
    if let Some(id) = texts(filler, drives).first() {
        add("Files", "", &format!("{{a}}.DriveId = '{id}'"), None);
    }
    // The tables that are not here yet, as every test over all tables asks them.
    for table in catalog::ALL {
        if !all
            .iter()
            .any(|variant| std::ptr::eq(variant.table, *table))
        {
            for given in scopes(filler, table).expect("parents") {
                all.push(variant(table, "", &given, None));
            }
        }
    }
    all
}

fn variant(table: &'static Table, call: &'static str, given: &str, fill: Option<&str>) -> Variant {
    Variant {
        table,
        call,
        given: given.to_owned(),
        fill: fill.map(str::to_owned),
        columns: usable(table),
        samples: Vec::new(),
        rows: Vec::new(),
    }
}

/// The texts of a query; none where the tenant does not answer it.
fn texts(connection: &Connection, sql: &str) -> Vec<String> {
    let rows = |sql: &str| -> rusqlite::Result<Vec<String>> {
        connection
            .prepare(sql)?
            .query_map([], |row| row.get(0))?
            .collect()
    };
    rows(sql).unwrap_or_default()
}

/// All columns, but of those that cost a request for each row only a few.
fn usable(table: &Table) -> Vec<usize> {
    let affordable = |column: &Column| match column.fetch {
        Fetch::Item => table.name == "Me" || ["aboutMe", "skills"].contains(&column.path),
        // FACTS §1.4: signInActivity is refused where the user is named by his name, as here.
        Fetch::Asked => table.name != "Me" || !column.path.starts_with("signInActivity"),
        Fetch::List => true,
    };
    (0..table.columns.len())
        .filter(|position| affordable(&table.columns[*position]))
        .collect()
}

/// Reads the rows, all work left to SQLite, and picks samples.
fn filled(filler: &Connection, mut variant: Variant) -> Variant {
    let names: Vec<String> = (0..variant.columns.len())
        .map(|n| format!("v.{}", variant.name(n)))
        .collect();
    let terms = variant.fill.as_ref().unwrap_or(&variant.given);
    let terms = if terms.is_empty() { "1" } else { terms };
    let sql = format!(
        "SELECT {} FROM {}{} AS v WHERE {}",
        names.join(","),
        variant.table.name,
        variant.call,
        terms.replace("{a}", "v")
    );
    let mut statement = filler
        .prepare(&sql)
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
    let width = names.len();
    let mut rows: Vec<Vec<Value>> = statement
        .query_map([], |row| (0..width).map(|n| row.get(n)).collect())
        .and_then(Iterator::collect)
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
    if variant.fill.is_some() {
        // The window that the native table was filled with is no input of the statements.
        for n in 0..width {
            let source = variant.column(n).source;
            if matches!(source, Source::Input(Role::WindowStart | Role::WindowEnd)) {
                rows.iter_mut().for_each(|row| row[n] = Value::Null);
            }
        }
    }
    variant.samples = (0..width).map(|n| samples(&rows, n)).collect();
    variant.rows = rows;
    variant
}

/// Up to forty values of a column, spread over the rows.
fn samples(rows: &[Vec<Value>], n: usize) -> Vec<Value> {
    let step = (rows.len() / 40).max(1);
    let mut values: Vec<Value> = Vec::new();
    for row in rows.iter().step_by(step) {
        if !values.contains(&row[n]) {
            values.push(row[n].clone());
        }
    }
    values
}

/// Connections that should agree.
pub struct Sides {
    /// Pushdown, nothing cached.
    pub pushed: Connection,
    /// Pushdown over the cache that all threads fill.
    pub cached: Connection,
    /// No pushdown.
    pub plain: Connection,
    /// Three rows a page, nothing cached.
    pub paged: Connection,
    /// Ordinary tables.
    pub native: Connection,
}

impl Sides {
    /// Opens them.
    pub fn open(world: &World) -> Self {
        let watched = |mut connection: Connection| {
            crate::compare::watch(&mut connection).expect("a handler can be set");
            connection
        };
        Self {
            pushed: watched(graph("CacheTTL=0")),
            cached: watched(graph("")),
            plain: watched(graph("Pushdown=off")),
            paged: watched(graph("CacheTTL=0;Pagesize=3")),
            native: watched(native(world)),
        }
    }
}
