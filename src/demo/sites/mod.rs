//! Sites: found by search, by id, by path, by group; and what is below them (FACTS 1.7). SharePoint refuses with `invalidRequest` and leaves out what has no value.

mod items;
mod lists;
pub mod news;
mod standing;
pub mod write;

use serde_json::{Value, json};

use super::Tenant;
use super::call::Call;
use super::collection::{self, Beyond, Nulls, Pages, Rules};
use super::directory::json_row;
use super::encoding::percent_encode;
use super::error::{Answer, Fault};
use super::files::{self, facets, now::Drives};
use super::query::row::JsonRow;
use super::query::search::words;
use super::reply::Reply;
use super::time;
use super::world::drives::Owner;
use super::world::groups::is_unified;
use super::world::sites::{self as world, HOST, Site};
use super::write::ledger::Ledger;

const CODE: &str = "invalidRequest";

/// Only createdDateTime sorts (FACTS 1.7). `$select` is taken everywhere at SharePoint (FACTS 0.1 rule 9); `$top` is nowhere said to be, so it is refused. The page of 50 is a choice.
const SITE: Rules = Rules {
    type_name: "site",
    code: CODE,
    options: &["$select", "$orderby", "$skiptoken"],
    options_on_one: &["$select"],
    filters: &[],
    sorts: &["createdDateTime"],
    hidden: &["sharepointIds", "eTag", "error", "isPersonalSite"],
    pages: Some(Pages {
        default: 50,
        max: 50,
        beyond: Beyond::Refused,
    }),
    nulls: Nulls::LeftOut,
};

/// The same without a sort: sites below a site.
const BELOW: Rules = Rules {
    options: &["$select", "$skiptoken"],
    ..SITE
};

/// A site and the tenant it is in.
#[derive(Clone, Copy)]
struct Place<'t> {
    site: &'t Site,
    tenant: &'t Tenant,
    ledger: &'t Ledger,
}

/// Answers below `sites`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    let sites = world::all(&tenant.groups);
    if rest.is_empty() {
        return search(call, &sites);
    }
    let (site, below) = find(&sites, rest)?;
    let ledger = &call.ledger;
    let place = Place {
        site,
        tenant,
        ledger,
    };
    below_site(call, &sites, place, below)
}

/// Answers below `groups/{id}/sites`. Only a Microsoft 365 group has a site.
pub fn of_group(call: &Call, tenant: &Tenant, group: usize, rest: &[&str]) -> Answer<Reply> {
    let ["root", below @ ..] = rest else {
        return Err(Fault::unknown_segment(rest.first().unwrap_or(&"sites")));
    };
    let sites = world::all(&tenant.groups);
    let own = |site: &&Site| site.group == Some(group) && is_unified(group);
    let site = sites.iter().find(own).ok_or_else(not_found)?;
    let ledger = &call.ledger;
    let place = Place {
        site,
        tenant,
        ledger,
    };
    below_site(call, &sites, place, below)
}

fn not_found() -> Fault {
    Fault::new(404, "itemNotFound", "Requested site could not be found")
}

/// `sites?search=text`: without `$`, and there is no list without it (FACTS 1.7).
fn search(call: &Call, sites: &[Site]) -> Answer<Reply> {
    let text = call.query.plain("search").unwrap_or("").trim();
    let wanted = words(text);
    if text != "*" && wanted.is_empty() {
        return Err(Fault::new(
            400,
            CODE,
            "Provide a search text: sites?search=…",
        ));
    }
    let found = |site: &&Site| {
        let description = site.description.as_deref().unwrap_or("");
        let have = words(&format!("{} {} {description}", site.title, site.path));
        let begins = |word: &String| have.iter().any(|token| token.starts_with(word));
        text == "*" || wanted.iter().all(begins)
    };
    let rows = sites.iter().filter(found).map(|site| row(sites, site));
    collection::list(call, &SITE, "sites", rows.collect())
}

/// `root`, `host`, `host,guid,guid`, `host:`, `host:/path`, `host:/path:` – and what comes after.
fn find<'s, 'r>(sites: &'s [Site], rest: &'r [&'r str]) -> Answer<(&'s Site, &'r [&'r str])> {
    let (key, below) = (rest[0], &rest[1..]);
    if key == "root" || key.eq_ignore_ascii_case(HOST) {
        return Ok((&sites[0], below));
    }
    if let Some(host) = key.strip_suffix(':') {
        return by_path(sites, host, below);
    }
    let host = key.split(',').next().unwrap_or("");
    if key.split(',').count() != 3 || !host.eq_ignore_ascii_case(HOST) {
        return Err(Fault::new(400, CODE, "Invalid hostname for this tenancy"));
    }
    let mut all = sites.iter();
    all.find(|site| site.id.eq_ignore_ascii_case(key))
        .map(|site| (site, below))
        .ok_or_else(not_found)
}

fn by_path<'s, 'r>(
    sites: &'s [Site],
    host: &str,
    rest: &'r [&'r str],
) -> Answer<(&'s Site, &'r [&'r str])> {
    if !host.eq_ignore_ascii_case(HOST) {
        return Err(Fault::new(400, CODE, "Invalid hostname for this tenancy"));
    }
    let end = rest.iter().position(|part| part.ends_with(':'));
    let (parts, below) = end.map_or((rest, &rest[rest.len()..]), |end| {
        (&rest[..=end], &rest[end + 1..])
    });
    let path: String = parts
        .iter()
        .map(|part| format!("/{}", part.trim_end_matches(':').to_lowercase()))
        .collect();
    let mut all = sites.iter();
    all.find(|site| site.path.to_lowercase() == path)
        .map(|site| (site, below))
        .ok_or_else(not_found)
}

fn below_site(call: &Call, sites: &[Site], place: Place, rest: &[&str]) -> Answer<Reply> {
    match rest {
        [] => collection::single(call, &SITE, "sites", &row(sites, place.site)),
        ["sites"] => {
            let inside = |site: &&Site| site.parent == Some(place.site.number);
            let rows = sites.iter().filter(inside).map(|site| row(sites, site));
            collection::list(call, &BELOW, "sites", rows.collect())
        }
        ["lists", below @ ..] => lists::respond(call, place, below),
        ["drive" | "drives", ..] => {
            // Only the root site has drives here; the libraries of the others are empty and have none.
            let tenant = place.tenant;
            let drives = if place.site.number == 0 {
                tenant.drives.as_slice()
            } else {
                &[]
            };
            let drives = Drives::now(drives, place.ledger);
            files::below_owner(call, &drives, &tenant.users, Owner::Site, rest)
        }
        [other, ..] => Err(Fault::unknown_segment(other)),
    }
}

/// `https://host/path`, each part encoded.
pub fn web_url(site: &Site) -> String {
    let parts: Vec<String> = site.path.split('/').map(percent_encode).collect();
    format!("https://{HOST}{}", parts.join("/"))
}

fn row(sites: &[Site], site: &Site) -> JsonRow {
    let mut parts = site.id.split(',').skip(1);
    let (collection, web) = (parts.next(), parts.next());
    let top = site.parent.is_none();
    let mut value = json!({
        "id": site.id,
        "name": (site.number != 0).then(|| site.name()),
        "displayName": site.title,
        "description": site.description,
        "createdDateTime": time::show(site.created),
        "lastModifiedDateTime": time::show(site.modified),
        "webUrl": web_url(site),
        "root": if top { json!({}) } else { Value::Null },
        "siteCollection": top.then(|| json!({"hostname": HOST})),
        "parentReference": site.parent.map(|parent| json!({"siteId": sites[parent].id})),
        "isPersonalSite": false,
        "sharepointIds": {"siteId": collection, "webId": web, "siteUrl": web_url(site), "tenantId": super::world::people::TENANT_ID},
    });
    match site.number % 50 {
        // A site that is about to be closed shows less.
        30 => {
            for name in ["sharepointIds", "isPersonalSite"] {
                value[name] = Value::Null;
            }
        }
        40 => {
            let people = json!({"user": {"displayName": "Adele Vance"}});
            value["createdBy"] = people.clone();
            value["lastModifiedBy"] = people;
            value["eTag"] = json!(format!("\"{},1\"", site.number));
            value["parentReference"] = facets::reference(site.number as u64);
            value["sharepointIds"] = value["parentReference"]["sharepointIds"].clone();
        }
        _ => {}
    }
    if top && site.number == 0 {
        value["siteCollection"]["dataLocationCode"] = json!("NAM");
        value["siteCollection"]["root"] = json!({});
        value["siteCollection"]["archivalDetails"] = json!({"archiveStatus": "reactivating"});
    }
    json_row("site", value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::collection::survey;

    #[test]
    fn names_exist_and_what_may_be_null_is_null_somewhere() {
        let tenant = Tenant::standard();
        let sites = world::all(&tenant.groups);
        let rows: Vec<JsonRow> = sites.iter().map(|site| row(&sites, site)).collect();
        let (strange, full) = survey(&rows);
        assert_eq!(strange, [""; 0]);
        assert!(!full.contains(&"description") && !full.contains(&"name"));
        let place = Place {
            site: &sites[0],
            tenant: &tenant,
            ledger: &Ledger::default(),
        };
        for list in crate::demo::world::lists::lists(&sites[0]) {
            let rows = items::rows(place, &list);
            if !rows.is_empty() {
                assert_eq!(survey(&rows).0, [""; 0], "{}", list.title);
            }
        }
        for (strange, full) in lists::surveys(place) {
            assert_eq!(strange, [""; 0]);
            assert!(!full.contains(&"defaultValue"));
        }
    }
}
