//! Where the changes to a list are, for those who subscribe to it.

use super::{Place, find, items, lists, standing};
use crate::demo::Tenant;
use crate::demo::error::Answer;
use crate::demo::files::now::shelf;
use crate::demo::world::lists::lists as all_lists;
use crate::demo::world::sites as world;
use crate::demo::write::ledger::Ledger;

/// The shelves of a list: that of its items and, of a library, that of its drive.
pub fn shelves(tenant: &Tenant, ledger: &Ledger, site: &str, list: &str) -> Answer<Vec<String>> {
    let sites = world::all(&tenant.groups);
    let (site, _) = find(&sites, &[site])?;
    let place = Place {
        site,
        tenant,
        ledger,
    };
    let all = all_lists(site);
    let list = lists::find(&all, list)?;
    let drive = items::library(place, list).map(|drive| shelf(drive.number));
    Ok([standing::shelf(list)].into_iter().chain(drive).collect())
}

/// The site of a key is the root, which alone has drives here.
pub fn is_root(tenant: &Tenant, key: &str) -> Answer<bool> {
    let sites = world::all(&tenant.groups);
    let (site, _) = find(&sites, &[key])?;
    Ok(site.number == 0)
}
