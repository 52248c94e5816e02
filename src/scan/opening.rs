//! Opening a target: the first page, and what is asked instead where a service refuses.

use std::sync::Arc;

use super::fetch::Waiter;
use super::reading::{Reading, Tier};
use super::{Interrupted, Scan, Step, needed, place, row};
use crate::catalog::{Answer, Route};
use crate::error::Result;
use crate::graph::fault;
use crate::odata::Filter;
use crate::plan::Counting;
use crate::plan::bind::{Place, Target};

impl Scan {
    /// Opens a target; `None` when it has no rows.
    pub(super) fn start(
        &mut self,
        step: Step,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Reading>> {
        let top = Arc::clone(&step.target);
        let outcome = match self.flat(&step) {
            Some(flat) => match self.open(flat, interrupted) {
                // A service without this way: walk. Somebody without a drive teaches nothing.
                Err(error) if fault::is_unknown_way(&error) => {
                    let walk = self.open(step, interrupted);
                    if walk.is_ok() {
                        self.environment.client.refused(self.table.name);
                    }
                    walk
                }
                other => other,
            },
            None => self.open(step, interrupted),
        };
        match outcome {
            Err(error) if self.may_skip(&top) && fault::is_mailbox(&error) => {
                self.environment.skipped.push(self.table, &top, &error);
                Ok(None)
            }
            other => other,
        }
    }

    /// True when what is read belongs to somebody whom the statement named, and can be left out.
    fn may_skip(&self, target: &Target) -> bool {
        self.environment.settings.skip_mailbox_errors
            && !target.absent_is_empty
            && (!target.owner.is_empty() || !target.echo.is_empty())
    }

    /// The same items by way of one collection, where the table has one that has what is needed.
    fn flat(&self, step: &Step) -> Option<Step> {
        let flat = self.table.tree.as_ref()?.flat.as_ref()?;
        let is_whole_tree = step.target.answer == Answer::TopLevel
            && step.above.is_empty()
            && matches!(&step.target.place, Place::Path(path) if self.is_plain(path, &step.target.owner));
        let lacking = needed(self.table, &self.bound, Tier::Unfiltered)
            .iter()
            .any(|column| flat.lacks.contains(&self.table.columns[*column].path));
        if !is_whole_tree || lacking || self.environment.client.is_refusing(self.table.name) {
            return None;
        }
        let mut target = (*step.target).clone();
        target.place = Place::Path(flat.path.replace("{owner}", &target.owner));
        target.answer = Answer::Collection;
        Some(Step {
            target: Arc::new(target),
            above: Arc::clone(&step.above),
        })
    }

    /// True for the path of the table's plain route.
    fn is_plain(&self, path: &str, owner: &str) -> bool {
        self.table.routes.iter().any(|route| {
            self.table.keys(route).next().is_none() && route.path.replace("{owner}", owner) == path
        })
    }

    fn open(&mut self, step: Step, interrupted: Interrupted<'_>) -> Result<Option<Reading>> {
        let waiter = Waiter::new(
            self.table,
            &self.environment,
            &step.target.owner,
            interrupted,
        );
        let Some((path, above)) = place::resolve(&waiter, self.table, &step, &self.bound)? else {
            return Ok(None);
        };
        let step = Step { above, ..step };
        let mut tier = Tier::Asked;
        while self.is_refused(&step, tier)
            && let Some(simpler) = self.simplify(&step, tier)
        {
            tier = simpler;
        }
        self.read_first(&waiter, step, &path, tier, interrupted)
    }

    /// Reads the first page at a path, asking for less where the service refuses.
    fn read_first(
        &mut self,
        waiter: &Waiter<'_>,
        step: Step,
        path: &str,
        mut tier: Tier,
        interrupted: Interrupted<'_>,
    ) -> Result<Option<Reading>> {
        loop {
            let mut reading = match self.ahead.take(&step).filter(|_| tier == Tier::Asked) {
                Some(reading) => reading,
                None => Reading::open(
                    waiter,
                    self.table,
                    &self.bound,
                    step.clone(),
                    path,
                    tier,
                    false,
                ),
            };
            self.bound.sort |= reading.must_sort(&self.bound);
            match reading.turn(waiter, self.table, &self.bound) {
                Ok(_) if reading.lacks_count(&self.bound) => self.bound.counting = Counting::No,
                Ok(_) if !self.bound.sort && reading.is_out_of_order(self.table, &self.bound) => {
                    self.bound.sort = true;
                    tier = Tier::Unordered;
                }
                Ok(_) => {
                    self.asked |= !reading.is_from_cache();
                    self.enqueue(reading.children(self.table));
                    self.read_ahead(interrupted);
                    return Ok(Some(reading));
                }
                // What a drive refuses as a path is the path of no item.
                Err(error)
                    if step.target.absent_is_empty
                        && (fault::is_absent(&error)
                            || (path.contains("/root:/") && fault::is_query(&error))) =>
                {
                    reading.close();
                    return Ok(None);
                }
                // Counting is to blame, unless the service says it is the filter.
                Err(error)
                    if fault::is_query(&error)
                        && self.bound.counting != Counting::No
                        && !fault::is_filter(&error) =>
                {
                    self.bound.counting = Counting::No;
                }
                Err(error) if fault::is_query(&error) => {
                    self.environment.client.refused(&self.form(&step, tier));
                    match (self.simplify(&step, tier), self.without_key(&step)) {
                        (Some(simpler), _) => tier = simpler,
                        (None, Some((step, path))) => {
                            tier = Tier::Unfiltered;
                            return self.read_first(waiter, step, &path, tier, interrupted);
                        }
                        (None, None) => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// What a service takes or refuses of a request: everything but values.
    fn form(&self, step: &Step, tier: Tier) -> String {
        let order = match (tier, self.bound.sort, self.bound.order.first()) {
            (Tier::Asked, false, Some(term)) => self.table.columns[term.column].path,
            _ => "",
        };
        // What the user filters may be refused for its own sake.
        let raw = step.target.raw.as_deref().unwrap_or_default();
        let filter = match tier {
            Tier::Asked | Tier::Unordered => step.target.filter.shape(),
            Tier::Unfiltered | Tier::Unsized | Tier::Bare => String::new(),
        };
        format!("{} {filter} {order} {raw}", self.table.name)
    }

    fn is_refused(&self, step: &Step, tier: Tier) -> bool {
        let form = self.form(step, tier);
        !matches!(tier, Tier::Unsized | Tier::Bare) && self.environment.client.is_refusing(&form)
    }

    /// The next simpler request, with what is then done here.
    fn simplify(&mut self, step: &Step, tier: Tier) -> Option<Tier> {
        let simpler = tier.simpler(&step.target, &self.bound)?;
        self.bound.sort |= !self.bound.order.is_empty();
        // A count of what is not filtered counts too much.
        self.bound.counting = Counting::No;
        Some(simpler)
    }

    /// The whole collection in place of what a key leads to: a service may take the key for a word of
    /// its own (`delta`), and the key is compared again by SQLite.
    pub(super) fn without_key(&self, step: &Step) -> Option<(Step, String)> {
        // An item that belongs to nobody in particular does not say whose collection to read.
        let is_owned = |route: &Route| !(route.has_owner() && step.target.owner.is_empty());
        if !step.target.absent_is_empty {
            return None;
        }
        let (plain, path) = self
            .table
            .routes
            .iter()
            .filter(|route| self.table.keys(route).next().is_none() && is_owned(route))
            .filter_map(|route| Some((route, row::path(self.table, route, &step.target, None)?)))
            // The narrowest: an input that was given must not be passed over.
            .max_by_key(|(route, _)| self.table.needs(route).count())?;
        let target = Target {
            place: Place::Path(path.clone()),
            answer: plain.answer,
            absent_is_empty: false,
            filter: Filter::And(Vec::new()),
            ..(*step.target).clone()
        };
        let step = Step {
            target: Arc::new(target),
            ..step.clone()
        };
        Some((step, path))
    }

    /// Starts the first pages of the next targets, once it is known that there are several: as many at
    /// once as the connection allows, and as one mailbox allows.
    fn read_ahead(&mut self, interrupted: Interrupted<'_>) {
        if self.bound.page_hint.is_some() {
            return;
        }
        let most = self.environment.settings.max_concurrency;
        let next: Vec<Step> = self.waiting.iter().take(most).cloned().collect();
        for step in next {
            let Place::Path(path) = &step.target.place else {
                continue;
            };
            if !self.ahead.has_room(&step, most) || self.is_refused(&step, Tier::Asked) {
                continue;
            }
            let waiter = Waiter::new(
                self.table,
                &self.environment,
                &step.target.owner,
                interrupted,
            );
            let reading = Reading::open(
                &waiter,
                self.table,
                &self.bound,
                step.clone(),
                path,
                Tier::Asked,
                false,
            );
            self.ahead.put(step, reading, &waiter);
        }
    }
}
