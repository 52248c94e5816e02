//! From what SQLite asks to what Graph is asked: pure, synchronous, a function of the catalogue alone.
//!
//! [`plan`] decides for each constraint whether Graph can be told, whether its answer is the same
//! rows or a superset, and whether ORDER BY and COUNT can be left to it. The plan travels as text
//! with the prepared statement; [`bind`] later fills in the values.

pub mod bind;
mod cost;
pub mod explain;
pub mod fit;
mod route;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::catalog::{Answer, Count, Fetch, OrderRule, Role, Search, Source, Table, Type};
use fit::Fit;

/// What SQLite asks of a table in one `xBestIndex` call.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// The terms of WHERE that SQLite could split off.
    pub constraints: Vec<Constraint>,
    /// ORDER BY (or GROUP BY), when it names columns alone.
    pub order: Vec<Term>,
    /// A bit for each column that may be used; bit 63 stands for all from the 64th on.
    pub used: u64,
}

/// One term of WHERE.
#[derive(Clone, Copy, Debug)]
pub struct Constraint {
    /// The column; `None` for the rowid and for LIMIT and OFFSET.
    pub column: Option<usize>,
    /// The comparison.
    pub op: Op,
    /// The value will be known when the scan starts.
    pub usable: bool,
    /// An IN list or subquery, which can be had whole.
    pub list: bool,
    /// How text compares.
    pub collation: Collation,
}

/// SQLite's constraint operators, as far as they matter here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Op {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
    IsNull,
    IsNotNull,
    Like,
    Glob,
    Match,
    Limit,
    Offset,
    Other,
}

/// The collation of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collation {
    /// By bytes.
    Binary,
    /// ASCII letters alike.
    NoCase,
    /// By point in time.
    Instant,
    /// Anything else.
    Other,
}

/// One term of ORDER BY.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The column.
    #[serde(rename = "c")]
    pub column: usize,
    /// DESC.
    #[serde(rename = "d")]
    pub descending: bool,
}

/// What to ask of Graph, values still open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Which way to the rows ([`Table::routes`]).
    #[serde(rename = "r")]
    pub route: usize,
    /// What each value of `xFilter` is for, in their order.
    #[serde(rename = "a")]
    pub arguments: Vec<Argument>,
    /// The columns to fetch.
    #[serde(rename = "s")]
    pub columns: Vec<usize>,
    /// The order the rows will have.
    #[serde(rename = "o")]
    pub order: Vec<Term>,
    /// Whether rows may be counted instead of read.
    #[serde(rename = "n")]
    pub counting: Counting,
}

/// What one value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Argument {
    /// The column it is compared with; 0 for LIMIT and OFFSET.
    #[serde(rename = "c")]
    pub column: usize,
    /// How.
    #[serde(rename = "o")]
    pub op: Op,
    /// A whole IN list.
    #[serde(rename = "l")]
    pub list: bool,
    /// Where it goes.
    #[serde(rename = "u")]
    pub role: Purpose,
}

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// An input column.
    Input,
    /// The key of the route: in the path, compared again by SQLite.
    Key,
    /// `$filter`, the same rows: SQLite does not compare again, so the scan answers for it.
    Exact,
    /// `$filter`, at least these rows: SQLite compares again.
    Superset,
    /// Bounds of a window, compared again by SQLite.
    Window,
    /// LIMIT or OFFSET: a hint for the page size.
    Page,
}

/// Whether rows may be counted instead of read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// No.
    No,
    /// No value can be asked for that is not known already: one row and a count will do.
    Surely,
    /// Only values of compared columns may be asked for (`count(*) WHERE c >= 5` and `SELECT c …
    /// WHERE c >= 5` look alike): the first page carries the count.
    Perhaps,
}

/// A plan and what SQLite is told about it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The plan.
    pub plan: Plan,
    /// For each constraint of the ask: its argument's position, and whether SQLite need not compare.
    pub claims: Vec<Option<Claim>>,
    /// Rows come in the asked order.
    pub ordered: bool,
    /// SQLite's currency: what matters is the ratio between plans.
    pub cost: f64,
    /// Rows expected.
    pub rows: i64,
}

/// How a constraint is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Position among the values of `xFilter`, from 0.
    pub argument: usize,
    /// SQLite need not compare again.
    pub omit: bool,
}

/// Plans one ask. `pushdown` false claims inputs alone, so that SQLite does all the work.
pub fn plan(table: &Table, ask: &Ask, pushdown: bool) -> Decision {
    let chosen = route::choose(table, ask, pushdown);
    let mut arguments = Vec::new();
    let mut claims = vec![None; ask.constraints.len()];
    for (position, constraint) in ask.constraints.iter().enumerate() {
        let Some(role) = purpose(table, ask, &chosen, position, constraint, pushdown) else {
            continue;
        };
        claims[position] = Some(Claim {
            argument: arguments.len(),
            omit: matches!(role, Purpose::Input | Purpose::Exact),
        });
        arguments.push(Argument {
            column: constraint.column.unwrap_or(0),
            op: constraint.op,
            list: constraint.list && takes_list(table, constraint, role),
            role,
        });
    }
    let columns = columns(table, ask);
    let ordered = pushdown && !ask.order.is_empty() && takes_order(table, ask, &chosen, &arguments);
    if !ordered && !ask.order.is_empty() {
        drop_page_hints(&mut arguments, &mut claims);
    }
    let counting = if pushdown {
        counting(table, ask, &chosen, &arguments, &claims)
    } else {
        Counting::No
    };
    let (cost, rows) = cost::cost(table, ask, &chosen, &arguments);
    Decision {
        plan: Plan {
            route: chosen.route,
            arguments,
            columns,
            order: if ordered {
                ask.order.clone()
            } else {
                Vec::new()
            },
            counting,
        },
        claims,
        ordered,
        cost,
        rows,
    }
}

/// Where the value of a constraint goes, if anywhere.
fn purpose(
    table: &Table,
    ask: &Ask,
    chosen: &route::Chosen,
    position: usize,
    constraint: &Constraint,
    pushdown: bool,
) -> Option<Purpose> {
    if !constraint.usable {
        return None;
    }
    if matches!(constraint.op, Op::Limit | Op::Offset) {
        // A small page is right only if nothing is left for SQLite to throw away.
        let rest_is_claimed = ask
            .constraints
            .iter()
            .enumerate()
            .all(|(other, constraint)| {
                matches!(constraint.op, Op::Limit | Op::Offset)
                    || is_range_of_pattern(table, ask, constraint)
                    || purpose(table, ask, chosen, other, constraint, pushdown).is_some()
            });
        return rest_is_claimed.then_some(Purpose::Page);
    }
    let column = constraint.column?;
    if let Source::Input(role) = table.columns[column].source {
        let is_plain = matches!(role, Role::Folder | Role::Site | Role::Parent(_));
        if is_plain
            && route::is_told(table, role)
            && !route::takes(table, &table.routes[chosen.route], role)
        {
            // Data here: SQLite compares what the rows tell.
            return None;
        }
        let first = first_of_role(table, ask, role)? == position;
        return (first && is_input(role, constraint.op)).then_some(Purpose::Input);
    }
    if chosen.key == Some(position) {
        return Some(Purpose::Key);
    }
    if let Some(window) = &table.window
        && (column_is(table, column, window.start) || column_is(table, column, window.end))
        && matches!(constraint.op, Op::Eq | Op::Gt | Op::Ge | Op::Lt | Op::Le)
        && !constraint.list
        && constraint.collation == Collation::Instant
    {
        return Some(Purpose::Window);
    }
    if !pushdown || chosen.answer != Answer::Collection || chosen.search == Some(SearchKind::Alone)
    {
        return None;
    }
    match fit::fit(
        table,
        &table.columns[column],
        constraint.op,
        constraint.list,
        constraint.collation,
    )
    .fit
    {
        Fit::Exact => Some(Purpose::Exact),
        Fit::Superset => Some(Purpose::Superset),
        Fit::Local => None,
    }
}

/// True for the range on text that SQLite derives from LIKE or GLOB: the pattern says more.
fn is_range_of_pattern(table: &Table, ask: &Ask, constraint: &Constraint) -> bool {
    matches!(constraint.op, Op::Ge | Op::Lt)
        && constraint
            .column
            .is_some_and(|column| table.columns[column].ty == Type::Text)
        && ask.constraints.iter().any(|other| {
            other.column == constraint.column
                && other.usable
                && matches!(other.op, Op::Like | Op::Glob)
        })
}

/// Whether an IN is taken whole. A raw filter, a search, a window or a body is one for each request, so
/// SQLite gives their values one after the other.
fn takes_list(table: &Table, constraint: &Constraint, role: Purpose) -> bool {
    let Some(Source::Input(input)) = constraint.column.map(|column| table.columns[column].source)
    else {
        return true;
    };
    role != Purpose::Input
        || match input {
            Role::Filter | Role::Match | Role::WindowStart | Role::WindowEnd => false,
            // What is in no path is in a body.
            Role::Parent(name) => table
                .routes
                .iter()
                .any(|route| route.placeholders().any(|placeholder| placeholder == name)),
            Role::Mailbox | Role::Folder | Role::Drive | Role::Site => true,
        }
}

fn column_is(table: &Table, column: usize, path: &str) -> bool {
    table.columns[column].path == path && table.columns[column].source == Source::Property
}

/// Inputs are compared with `=`; the one named like the table with MATCH too.
fn is_input(role: Role, op: Op) -> bool {
    op == Op::Eq || (role == Role::Match && op == Op::Match)
}

/// The constraint that gives an input its value. Others on the same input are SQLite's: the rows
/// echo the value, so comparing is enough, except that nothing but an index can answer MATCH.
fn first_of_role(table: &Table, ask: &Ask, role: Role) -> Option<usize> {
    let gives = |constraint: &Constraint| {
        constraint.usable
            && is_input(role, constraint.op)
            && constraint
                .column
                .is_some_and(|column| table.columns[column].source == Source::Input(role))
    };
    let matching = ask
        .constraints
        .iter()
        .position(|constraint| constraint.op == Op::Match && gives(constraint));
    matching.or_else(|| ask.constraints.iter().position(gives))
}

/// How a search limits what else can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SearchKind {
    /// Neither filter nor order go with it (mail, drives).
    Alone,
    /// A filter may (directory).
    WithFilter,
}

fn search_kind(table: &Table, ask: &Ask) -> Option<SearchKind> {
    first_of_role(table, ask, Role::Match)?;
    Some(match table.search? {
        Search::Kql { .. } | Search::DriveFunction => SearchKind::Alone,
        Search::Properties { .. } => SearchKind::WithFilter,
    })
}

/// The columns to fetch in a collection. From the 64th on SQLite tells the use only as a whole: then all
/// plain ones are fetched. `SELECT *` does not use them where the visible columns end before.
///
/// An UPDATE says that it uses everything, whatever it reads (sqlite.md §6). What is large or privileged and
/// not compared is left out then: should it be read after all, it is fetched for that row.
fn columns(table: &Table, ask: &Ask) -> Vec<usize> {
    let is_update = ask.used == u64::MAX;
    let is_compared = |position: usize| {
        let mut constraints = ask.constraints.iter();
        constraints.any(|constraint| constraint.column == Some(position))
    };
    let wanted = |position: usize| {
        let column = &table.columns[position];
        // What is selected together is large together.
        let is_plain = table.columns.iter().all(|other| {
            other.selected() != column.selected() || (other.fetch == Fetch::List && !other.heavy)
        });
        match position {
            _ if is_update && !is_plain && !is_compared(position) => false,
            0..63 => ask.used >> position & 1 == 1 && column.fetch != Fetch::Item,
            _ => ask.used >> 63 == 1 && column.fetch == Fetch::List,
        }
    };
    (0..table.columns.len())
        .filter(|position| wanted(*position))
        .collect()
}

/// Whether Graph can be told ORDER BY, and sorts as SQLite would.
///
/// One term only: instants are shown to the second or millisecond but sorted by what lies behind, so
/// a second term would be wrong among rows that look alike. Text sorts by another collation there.
fn takes_order(table: &Table, ask: &Ask, chosen: &route::Chosen, arguments: &[Argument]) -> bool {
    let [term] = ask.order.as_slice() else {
        return false;
    };
    let Some(column) = table.columns.get(term.column) else {
        return false;
    };
    let many = arguments
        .iter()
        .any(|argument| argument.list && matches!(argument.role, Purpose::Input | Purpose::Key));
    let filters: Vec<&Argument> = arguments
        .iter()
        .filter(|argument| matches!(argument.role, Purpose::Exact | Purpose::Superset))
        .collect();
    let allowed = match table.order {
        OrderRule::Never => false,
        OrderRule::Alone => filters.is_empty(),
        OrderRule::FilterFirst => {
            filters
                .iter()
                .all(|argument| table.columns[argument.column].pairs)
                && (filters.is_empty()
                    || column.always
                    || filters
                        .iter()
                        .any(|argument| argument.column == term.column))
        }
        OrderRule::Advanced => true,
    };
    allowed
        && !many
        && column.sort != crate::catalog::Mode::No
        && column.ty == Type::Instant
        && chosen.answer == Answer::Collection
        && chosen.search.is_none()
        // What the user's own filter allows beside an order is not known.
        && first_of_role(table, ask, Role::Filter).is_none()
}

/// A page sized by LIMIT is wrong when SQLite has to see all rows to sort them.
fn drop_page_hints(arguments: &mut Vec<Argument>, claims: &mut [Option<Claim>]) {
    // LIMIT and OFFSET are not always the last constraints, so positions behind them move.
    let kept: Vec<bool> = arguments
        .iter()
        .map(|argument| argument.role != Purpose::Page)
        .collect();
    for claim in claims.iter_mut() {
        if let Some(taken) = claim {
            if kept[taken.argument] {
                taken.argument = kept[..taken.argument].iter().filter(|kept| **kept).count();
            } else {
                *claim = None;
            }
        }
    }
    arguments.retain(|argument| argument.role != Purpose::Page);
}

fn counting(
    table: &Table,
    ask: &Ask,
    chosen: &route::Chosen,
    arguments: &[Argument],
    claims: &[Option<Claim>],
) -> Counting {
    let nothing_left = claims
        .iter()
        .all(|claim| claim.is_some_and(|claim| claim.omit));
    if table.count == Count::Never
        || !ask.order.is_empty()
        || !nothing_left
        || chosen.answer != Answer::Collection
        || chosen.search.is_some()
    {
        return Counting::No;
    }
    let used = (0..64).filter(|bit| ask.used >> bit & 1 == 1);
    let mut counting = Counting::Surely;
    for bit in used {
        // An input that was not given may still be known of each row.
        let is_input = table.columns.get(bit).is_some_and(|column| {
            bit < 63 && matches!(column.source, Source::Input(_)) && column.known.is_none()
        });
        let compared = arguments
            .iter()
            .find(|argument| argument.column == bit && bit < 63);
        match compared {
            _ if is_input => {}
            Some(argument) if argument.op == Op::Eq && !argument.list => {}
            Some(_) => counting = Counting::Perhaps,
            None => return Counting::No,
        }
    }
    counting
}
