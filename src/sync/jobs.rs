//! What a round of several tables and mailboxes consists of, and who does it: several workers side by side, each with
//! its own connections. What is read of one mailbox waits for no other one.

use std::collections::{HashMap, VecDeque};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, PoisonError};

use super::{Done, Sync, copy};
use crate::catalog::changes::CHANGES;
use crate::catalog::{self, Owner, Service, Table};
use crate::error::{Error, Kind};
use crate::graph::fault;

/// Tables of one mailbox, or of the tenant, to be brought up to date one after the other: those in front have the
/// keys that those behind are asked by.
#[derive(Debug)]
pub struct Job {
    /// Whose they are; none for the tenant's.
    pub mailbox: Option<String>,
    /// In their order.
    pub tables: Vec<&'static Table>,
}

/// What became of one table of one mailbox.
#[derive(Debug)]
pub struct Told {
    /// The table.
    pub table: &'static Table,
    /// Whose it is.
    pub mailbox: Option<String>,
    /// What the round did.
    pub outcome: Result<Done, Error>,
}

/// Whether there is nothing to read: a user without a mailbox, or without a drive.
pub fn is_of_nothing(table: Option<&Table>, error: &Error) -> bool {
    match table.is_some_and(|table| table.owner == Owner::Drive) {
        true => error.status() == Some(404) && error.code() == "itemNotFound",
        false => fault::has_no_mailbox(error),
    }
}

/// The jobs that these tables of these mailboxes are.
pub fn jobs(tables: &[&'static Table], mailboxes: &[String]) -> VecDeque<Job> {
    let chains = chains(tables);
    let is_owned = |chain: &&Vec<&'static Table>| copy::user_column(chain[0]).is_some();
    let (owned, others): (Vec<_>, Vec<_>) = chains.iter().partition(is_owned);
    let of_tenant = others.into_iter().map(|chain| Job {
        mailbox: None,
        tables: chain.clone(),
    });
    let of_mailboxes = mailboxes.iter().flat_map(|mailbox| {
        owned.iter().map(|chain| Job {
            mailbox: Some(mailbox.clone()),
            tables: (*chain).clone(),
        })
    });
    of_tenant.chain(of_mailboxes).collect()
}

/// Each table behind the one whose keys it is asked by, where that is among them.
fn chains(tables: &[&'static Table]) -> Vec<Vec<&'static Table>> {
    let mut chains: Vec<Vec<&'static Table>> = Vec::new();
    let mut left: Vec<&'static Table> = tables.to_vec();
    while !left.is_empty() {
        let (ready, waiting): (Vec<_>, Vec<_>) = left.iter().partition(|table| {
            parents(table).all(|name| !left.iter().any(|other| other.name == name))
        });
        // Tables that are each other's parents there are none; if there were, their order would not matter.
        let ready = if ready.is_empty() {
            left.clone()
        } else {
            ready
        };
        for table in &ready {
            let is_its = |chain: &&mut Vec<&'static Table>| {
                let is_same_owner =
                    copy::user_column(chain[0]).is_some() == copy::user_column(table).is_some();
                is_same_owner
                    && parents(table).any(|name| chain.iter().any(|other| other.name == name))
            };
            match chains.iter_mut().find(is_its) {
                Some(chain) => chain.push(table),
                None => chains.push(vec![table]),
            }
        }
        left = if waiting.len() == left.len() {
            Vec::new()
        } else {
            waiting
        };
    }
    chains
}

/// The names of the tables whose keys a table is asked by.
fn parents(table: &'static Table) -> impl Iterator<Item = &'static str> {
    let told = CHANGES
        .iter()
        .filter(|changes| changes.table.name == table.name)
        .filter_map(|changes| Some(changes.parent?.all?.name));
    let required = catalog::required(table)
        .into_iter()
        .filter_map(|position| table.columns[position].references);
    told.chain(required).filter(|name| *name != table.name)
}

/// Does all jobs with as many workers as there are, and tells what became of each table. Gives whether somebody
/// interrupted it: what was not begun then is not.
pub fn run(workers: &mut [Sync], jobs: VecDeque<Job>, say: &mut dyn FnMut(Told)) -> bool {
    let queue = Mutex::new(Queue {
        jobs,
        without: HashMap::new(),
    });
    let (sender, told) = channel();
    let mut is_interrupted = false;
    std::thread::scope(|scope| {
        for worker in workers {
            let (queue, sender) = (&queue, sender.clone());
            scope.spawn(move || work(worker, queue, &sender));
        }
        drop(sender);
        for told in told {
            is_interrupted |= is_interrupt(&told);
            say(told);
        }
    });
    is_interrupted
}

/// What is still to be done.
struct Queue {
    jobs: VecDeque<Job>,
    /// Users that are known to have no mailbox, and what the service said: it need not be asked for each table.
    without: HashMap<String, Error>,
}

fn work(worker: &mut Sync, queue: &Mutex<Queue>, told: &Sender<Told>) {
    let queue = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        let job = queue().jobs.pop_front();
        let Some(job) = job else {
            return;
        };
        worker.begin();
        for table in job.tables {
            let mailbox = job.mailbox.as_deref();
            let without = mailbox
                .filter(|_| table.service == Service::Outlook)
                .and_then(|mailbox| queue().without.get(mailbox).cloned());
            let outcome = match without {
                Some(error) => worker.leave_out(table, mailbox, error),
                None => worker.round(table, mailbox),
            };
            if let (Err(error), Some(mailbox)) = (&outcome, mailbox)
                && fault::has_no_mailbox(error)
            {
                queue().without.insert(mailbox.to_owned(), error.clone());
            }
            let done = Told {
                table,
                mailbox: job.mailbox.clone(),
                outcome,
            };
            let is_interrupted = is_interrupt(&done);
            // Who asked for it hears until the last worker ends.
            let _ = told.send(done);
            if is_interrupted {
                queue().jobs.clear();
                return;
            }
        }
    }
}

fn is_interrupt(told: &Told) -> bool {
    matches!(&told.outcome, Err(error) if error.kind == Kind::Interrupted)
}

#[cfg(test)]
mod tests {
    use super::{chains, jobs};
    use crate::catalog::{Table, table};

    fn tables(names: &str) -> Vec<&'static Table> {
        names
            .split_whitespace()
            .map(|name| table(name).expect("a table"))
            .collect()
    }

    fn shown(names: &str) -> Vec<String> {
        let join = |chain: Vec<&'static Table>| {
            let names: Vec<&str> = chain.iter().map(|table| table.name).collect();
            names.join(" ")
        };
        chains(&tables(names)).into_iter().map(join).collect()
    }

    #[test]
    fn parents_come_first_in_their_chain() {
        assert_eq!(
            shown("Messages Users TodoTasks MailFolders TodoLists Events"),
            [
                "Users",
                "MailFolders Messages",
                "TodoLists TodoTasks",
                "Events"
            ]
        );
        assert_eq!(shown("ListItems Lists Sites"), ["Sites Lists ListItems"]);
        assert_eq!(
            shown("GroupMembers Groups GroupOwners"),
            ["Groups GroupMembers GroupOwners"]
        );
        assert_eq!(shown("Messages"), ["Messages"]);
    }

    #[test]
    fn each_mailbox_has_its_own() {
        let mailboxes = ["a".to_owned(), "b".to_owned()];
        let jobs = jobs(&tables("Users Messages MailFolders Events"), &mailboxes);
        let shown: Vec<String> = jobs
            .iter()
            .map(|job| {
                format!(
                    "{} {}",
                    job.mailbox.as_deref().unwrap_or("-"),
                    job.tables.len()
                )
            })
            .collect();
        assert_eq!(shown, ["- 1", "a 2", "a 1", "b 2", "b 1"]);
    }
}
