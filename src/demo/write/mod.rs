//! Writes. The world stays generated; a [ledger](ledger::Ledger) of changes lies over it, behind the tenant's [lock](state::State). A read sees the ledger as it is when it begins (`call.ledger`); a write works on a draft that counts only if the write succeeds.
//!
//! To make a resource writable:
//!
//! 1. *Reading.* Choose a shelf, such as `"contacts/{mailbox}"`, and a key that never changes (a number, an id without the form that ids take); let what builds the rows look there. Rows made whole, with their `id` as key: [`laid_over`](ledger::Shelf::laid_over). Rows by position, with numbers as keys: [`Overlay`](overlay::Overlay). Look an item up where the list finds it, so that both say the same. `@odata.etag` and `changeKey` change by themselves. Bytes may be kept as a property that no type declares: it is never shown; large ones by the ledger's `keep`, which gives a number for them.
//! 2. *Fields.* State what may be set when as [`Fields`](body::Fields); `create` and `update` check a body against the declared types and give back what to store. Parameters of actions: [`parameters`](body::parameters).
//! 3. *Handlers.* A function of a [`Write`](route::Write): check `If-Match` with [`etag::if_match`] (items of Outlook: [`etag::as_seen`]), change `write.ledger` (`create`, `set`, `relocate`, `delete`; ids from its `number` and `guid`, instants from its `now`), and answer by the reading handler with a place on `write.ledger`, which shows the state after the write. An error undoes everything by itself.
//! 4. *Route.* One arm in [`route`], by path and verb; every other verb is 405 there. Who may read an area with a scope that says `ReadWrite` may write to it: exceptions go into `permissions::own_scopes`. Addresses beside `/v1.0`, such as those of uploads, come from `Tenant::respond` and take `Tenant::state` themselves; [`upload`] has those of upload sessions.
//! 5. *Delta.* The ledger keeps its past: [`Ledger::at`](ledger::Ledger::at) is what it was after a write, so that a delta round shows the rows of two moments and what is between them (see [`delta`](super::delta)).
//! 6. *News.* If one can subscribe to it: a `news` beside the `delta`, which says how a subscription sees a thing at one time (see [`notify`](super::notify)), and an arm in `subscriptions::watched`.
//! 7. *Tests.* `client::Client` has a tenant of its own; never write to `Tenant::standard()`.
//!
//! [`mail::write`](super::mail::write) is the example: `fields` has the data, `update` the three plain verbs, `standing` (in `mail`) the order of the list.

pub mod body;
#[cfg(test)]
pub mod client;
pub mod etag;
pub mod ledger;
pub mod overlay;
pub mod route;
pub mod state;
pub mod upload;

use serde_json::Value;

use super::call::Call;
use super::error::{Answer, Fault};

/// The largest JSON body of the Outlook services (FACTS 3.1, K).
const LARGEST: usize = 4 << 20;

/// 400 for query options: FACTS has none on a write, so that none is taken.
pub fn no_options(call: &Call) -> Answer<()> {
    super::outlook::only(&call.query, &[])
}

/// 413 for a body that is too large.
pub fn fits(call: &Call) -> Answer<()> {
    if call.body.len() > LARGEST {
        // FACTS has no code for it.
        return Err(Fault::new(
            413,
            "BadRequest",
            "Maximum request length exceeded.",
        ));
    }
    Ok(())
}

/// 400 if there is a body where none belongs.
pub fn no_body(call: &Call) -> Answer<()> {
    if call.body.is_empty() {
        return Ok(());
    }
    Err(Fault::bad_request("This request takes no body."))
}

/// The JSON body of an action whose parameters are all optional: an empty object when there is none.
pub fn optional_body(call: &Call) -> Answer<Value> {
    if call.body.is_empty() {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    call.json_body()
}
