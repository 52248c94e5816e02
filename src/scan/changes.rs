//! What changed in a collection since a token: `…/delta`, page by page, in the order that Graph tells it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::fetch::logged;
use super::{Interrupted, Scan};
use crate::catalog::Service;
use crate::catalog::changes::{Changes, Gone, Page as PageSize};
use crate::decode::{Page, Shape};
use crate::error::{Error, Kind, Result};
use crate::graph::client::{Call, LONGEST_URL};
use crate::graph::fault;
use crate::instant::Instant;
use crate::odata::{Literal, Options, path_segment};
use crate::plan::bind::{Context, bind};
use crate::plan::{Ask, plan};
use crate::runtime;
use crate::session::Environment;
use crate::value::Value;

/// As [`super::fetch::OUTLOOK`], with the size of a page: ten without it (FACTS §6).
const OUTLOOK: (&str, &str) = (
    "Prefer",
    "IdType=\"ImmutableId\", outlook.timezone=\"UTC\", odata.maxpagesize=200",
);

/// What was asked for.
#[derive(Clone, Debug, Default)]
pub struct Since {
    /// What the round before ended with; none for everything.
    pub token: Option<String>,
    /// Whose children; none for all of them.
    pub parent: Option<String>,
    /// Whose mailbox or drive.
    pub user: String,
    /// The path of that owner, such as `me`.
    pub owner: String,
    /// The two ends of a window of time, as they were given.
    pub window: [Option<String>; 2],
}

/// One line of the answer.
#[derive(Debug)]
pub enum Line {
    /// An item is new, or these of its properties changed.
    Changed {
        /// Its page.
        page: Arc<Page>,
        /// Its place there.
        index: usize,
        /// Whose child it is.
        parent: Option<String>,
    },
    /// An item is gone from its parent; without an id all of the parent's are.
    Removed {
        /// Which.
        id: Value,
        /// `deleted`, or `changed` when it left what was asked for.
        reason: String,
        /// Whose child it was.
        parent: Option<String>,
    },
    /// Nothing follows; with this token the next round begins.
    End(String),
}

/// One round.
pub struct ChangesScan {
    changes: &'static Changes,
    environment: Environment,
    shape: Arc<Shape>,
    user: String,
    owner: String,
    window: [Option<String>; 2],
    /// What is still to be asked: of which parent, at which URL, and whether it goes on from a token.
    steps: VecDeque<Step>,
    /// What the next round goes on from, by parent.
    tokens: BTreeMap<String, String>,
    lines: VecDeque<Line>,
    /// All parents are read, so that the token holds one for each.
    is_whole: bool,
    is_open: bool,
}

struct Step {
    parent: Option<String>,
    url: String,
    goes_on: bool,
}

impl ChangesScan {
    /// A round of what was asked for; asks for the parents where none was named.
    ///
    /// # Errors
    /// A token that is none, a parent that was not named, or Graph's refusal.
    pub fn new(
        changes: &'static Changes,
        environment: Environment,
        since: Since,
        interrupted: Interrupted<'_>,
    ) -> Result<Self> {
        let gone = match changes.gone {
            Gone::Removed => "@removed/reason",
            Gone::Facet(facet) => facet,
        };
        let mut extra = vec![gone];
        extra.extend(changes.further.iter().map(|(_, path)| *path));
        extra.extend(Some(changes.no_row).filter(|path| !path.is_empty()));
        let mut scan = Self {
            changes,
            shape: Arc::new(Shape::of_changes(changes.table, &changes.columns(), &extra)),
            environment,
            user: since.user,
            owner: since.owner,
            window: since.window,
            steps: VecDeque::new(),
            tokens: BTreeMap::new(),
            lines: VecDeque::new(),
            is_whole: changes.parent.is_some() && since.parent.is_none(),
            is_open: true,
        };
        match (scan.is_whole, since.token) {
            (true, token) => scan.plan_all(token.as_deref(), interrupted)?,
            (false, token) => scan.plan(since.parent, token)?,
        }
        Ok(scan)
    }

    /// The shape of the pages.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// The next line; none behind the end.
    ///
    /// # Errors
    /// Graph's refusal, or an interrupt.
    pub fn next_line(&mut self, interrupted: Interrupted<'_>) -> Result<Option<Line>> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Ok(Some(line));
            }
            if let Some(step) = self.steps.pop_front() {
                self.read(step, interrupted)?;
                continue;
            }
            if !std::mem::take(&mut self.is_open) {
                return Ok(None);
            }
            return self.token().map(|token| Some(Line::End(token)));
        }
    }

    fn plan(&mut self, parent: Option<String>, token: Option<String>) -> Result<()> {
        if let Some(token) = &token
            && !self.environment.client.is_own(token)
        {
            return Err(self.not_a_token());
        }
        let goes_on = token.is_some();
        let url = match token {
            Some(token) => token,
            None => self.first_url(parent.as_deref())?,
        };
        self.steps.push_back(Step {
            parent,
            url,
            goes_on,
        });
        Ok(())
    }

    /// A step for each parent that there is now, and the end of those that there were.
    fn plan_all(&mut self, token: Option<&str>, interrupted: Interrupted<'_>) -> Result<()> {
        let mut known: BTreeMap<String, String> = match token {
            Some(token) => serde_json::from_str(token).map_err(|_| self.not_a_token())?,
            None => BTreeMap::new(),
        };
        let parents = self.parents(interrupted)?;
        for parent in parents {
            let token = known.remove(&parent);
            self.plan(Some(parent), token)?;
        }
        for parent in known.into_keys() {
            self.lines.push_back(gone_with(parent));
        }
        Ok(())
    }

    /// The ids of all parents.
    fn parents(&self, interrupted: Interrupted<'_>) -> Result<Vec<String>> {
        let Some(table) = self.changes.parent.and_then(|parent| parent.all) else {
            return Err(self.no_parent());
        };
        let Some(key) = table.property(table.key) else {
            return Err(self.no_parent());
        };
        let ask = Ask {
            constraints: Vec::new(),
            order: Vec::new(),
            used: 1 << key,
        };
        let context = Context {
            user_id: Some(&self.user),
            pushdown: true,
        };
        let bound = bind(table, &plan(table, &ask, true).plan, &[], context)?;
        let mut scan = Scan::new(table, self.environment.clone(), bound);
        let mut ids = Vec::new();
        while scan.advance(interrupted)? {
            let id = scan.value(key, interrupted)?;
            ids.extend(id.as_text().map(str::to_owned));
        }
        Ok(ids)
    }

    fn no_parent(&self) -> Error {
        let (table, name) = (
            self.changes.name,
            self.changes.parent.map_or("", |parent| parent.name),
        );
        Error::usage(format!("{table} needs to know {name}"))
            .next(format!("Write SELECT … FROM {table} WHERE {name} = '…'"))
    }

    /// Reads one page, and puts what follows it first in line.
    fn read(&mut self, step: Step, interrupted: Interrupted<'_>) -> Result<()> {
        let page = match self.ask(step.url, interrupted) {
            Ok(page) => Arc::new(page),
            // The parent went away between two rounds, or while this one was read.
            Err(error) if self.is_whole && fault::is_absent(&error) => {
                self.lines.extend(step.parent.map(gone_with));
                return Ok(());
            }
            Err(error) if step.goes_on && is_expired(&error) => return Err(expired(error)),
            Err(error) => return Err(error),
        };
        for index in 0..page.len() {
            if self.is_no_row(&page, index)
                || self.is_shown_only(&page, index, step.parent.as_deref())
            {
                continue;
            }
            let line = self.line(&page, index, step.parent.clone());
            self.lines.push_back(line);
        }
        if let Some(url) = page.next.clone() {
            self.steps.push_front(Step { url, ..step });
        } else if let Some(token) = page.delta.clone() {
            self.tokens.insert(step.parent.unwrap_or_default(), token);
        } else {
            return Err(Error::new(
                Kind::Malformed,
                "the answer ends without a token for the next round",
            )
            .next("Check GraphUrl and any proxy in between"));
        }
        Ok(())
    }

    /// Whether it is a drive's root.
    fn is_no_row(&self, page: &Page, index: usize) -> bool {
        let extra = 1 + self.changes.further.len();
        !self.changes.no_row.is_empty() && !page.cell(index, self.shape.extra(extra)).is_null()
    }

    /// Whether a row is another parent's: a search folder shows it.
    fn is_shown_only(&self, page: &Page, index: usize, parent: Option<&str>) -> bool {
        let property = self.changes.parent.and_then(|parent| parent.property);
        let cell = property
            .and_then(|path| self.changes.table.property(path))
            .and_then(|column| self.shape.cell(column));
        // A parent that the user named may have a well-known name.
        let (Some(cell), Some(parent), true) = (cell, parent, self.is_whole) else {
            return false;
        };
        page.cell(index, cell)
            .as_text()
            .is_some_and(|own| own != parent)
    }

    fn line(&self, page: &Arc<Page>, index: usize, parent: Option<String>) -> Line {
        let gone = page.cell(index, self.shape.extra(0));
        match gone.as_text() {
            None => Line::Changed {
                page: Arc::clone(page),
                index,
                parent,
            },
            Some(reason) => Line::Removed {
                id: page.cell(index, crate::decode::ID).clone(),
                reason: match self.changes.gone {
                    Gone::Removed => reason.trim_matches('"').to_owned(),
                    Gone::Facet(_) => "deleted".to_owned(),
                },
                parent,
            },
        }
    }

    fn ask(&self, url: String, interrupted: Interrupted<'_>) -> Result<Page> {
        let call = Call {
            url,
            headers: match self.changes.table.service {
                Service::Outlook => vec![OUTLOOK],
                _ => Vec::new(),
            },
            owner: self.owner.clone(),
            permission: self.changes.table.permission,
            body: None,
            redirects: false,
            longest: LONGEST_URL,
        };
        let (environment, shape) = (self.environment.clone(), Arc::clone(&self.shape));
        runtime::wait(
            async move { logged(&environment, &call, |body| shape.page(body)).await },
            interrupted,
        )?
    }

    /// Where a first round begins. All properties are asked for, used or not: Graph tells later of those alone
    /// that were.
    fn first_url(&self, parent: Option<&str>) -> Result<String> {
        let table = self.changes.table;
        let mut path = self.changes.path.replace("{owner}", &self.owner);
        if let (Some(known), Some(parent)) = (&self.changes.parent, parent) {
            path = path.replace(&format!("{{{}}}", known.name), &path_segment(parent));
        }
        let mut options = Options::default();
        if self.changes.window {
            let [start, end] = self.window()?;
            options.push("startDateTime", start);
            options.push("endDateTime", end);
        } else if table.select {
            let mut names = vec![table.key];
            for column in self.changes.columns() {
                let name = table.columns[column].selected();
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            let relations = self.changes.further.iter().map(|(name, _)| *name);
            names.extend(relations);
            if let Gone::Facet(facet) = self.changes.gone {
                names.push(facet);
            }
            names.extend(Some(self.changes.no_row).filter(|name| !name.is_empty()));
            options.push("$select", names.join(","));
        }
        if let PageSize::Top(most) = self.changes.page {
            options.push("$top", most.to_string());
        }
        Ok(self.environment.client.url(&options.on(&path)))
    }

    /// The two ends of the window, as Graph writes them.
    fn window(&self) -> Result<[String; 2]> {
        let end = |place: usize, name: &str| {
            let given = self.window[place].as_deref();
            let instant = given.and_then(Instant::parse).ok_or_else(|| {
                let table = self.changes.name;
                Error::usage(format!("{table} needs {name} as a point in time")).next(format!(
                    "Write SELECT … FROM {table}(NULL, '2026-12-01', '2027-01-01')"
                ))
            })?;
            Ok::<_, Error>(Literal::Instant(instant).to_string())
        };
        Ok([end(0, "windowStart")?, end(1, "windowEnd")?])
    }

    fn token(&self) -> Result<String> {
        let all = || {
            serde_json::to_string(&self.tokens)
                .map_err(|error| Error::new(Kind::Malformed, error.to_string()))
        };
        match self.is_whole {
            true => all(),
            false => Ok(self.tokens.values().next().cloned().unwrap_or_default()),
        }
    }

    fn not_a_token(&self) -> Error {
        let form = match (self.changes.parent, self.is_whole) {
            (Some(parent), true) => format!(" gave without {}", parent.name),
            (Some(parent), false) => format!(" gave with {}", parent.name),
            (None, _) => " gave".to_owned(),
        };
        Error::usage(format!("this is no token that {}{form}", self.changes.name))
            .next("Give the token of the row whose change is 'end', or NULL to begin anew")
    }
}

/// Everything of a parent that is not there any more.
fn gone_with(parent: String) -> Line {
    Line::Removed {
        id: Value::Null,
        reason: "deleted".to_owned(),
        parent: Some(parent),
    }
}

/// FACTS §4.4, §6: what the services say of a token that they have forgotten.
pub fn is_expired(error: &Error) -> bool {
    let codes = ["syncStateNotFound", "SyncStateInvalid", "SyncStateNotFound"];
    error.status() == Some(410) || codes.contains(&error.code())
}

fn expired(error: Error) -> Error {
    error.next("The token has expired: begin anew with NULL; what was read before is told again")
}
