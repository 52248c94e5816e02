//! The sites of contoso.sharepoint.com: the root, one of each Microsoft 365 group, some without a group, and sites below sites.

use super::groups::{Group, is_unified};
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY, SECOND};

/// Where the sites are.
pub const HOST: &str = "contoso.sharepoint.com";

/// One site.
pub struct Site {
    /// Its place among all sites; the root is the first.
    pub number: usize,
    /// `host,site collection,web`
    pub id: String,
    /// Path below the host: empty for the root, otherwise with a leading slash.
    pub path: String,
    /// Display name.
    pub title: String,
    /// Description.
    pub description: Option<String>,
    /// The site above it.
    pub parent: Option<usize>,
    /// Place of the group that it belongs to.
    pub group: Option<usize>,
    /// When it was made.
    pub created: i64,
    /// When something in it was changed.
    pub modified: i64,
}

/// Path, display name, description of sites without a group.
const FREE: &[(&str, &str, Option<&str>)] = &[
    (
        "/sites/hr",
        "HR & Payroll 100%",
        Some("Salaries: do not share"),
    ),
    ("/sites/obrien", "O'Brien's \"site\"", None),
    ("/sites/münchen", "München 🎉", Some("Büro & Umzug")),
    ("/teams/Old_Stuff", "Old_Stuff", Some("")),
    ("/sites/group2/offers", "Offers", Some("Below SALES")),
    ("/sites/group2/offers/2026", "Offers 2026", None),
    ("/sites/group2/archive", "Archive", None),
];

/// All sites.
pub fn all(groups: &[Group]) -> Vec<Site> {
    let mut sites = vec![Site {
        number: 0,
        // The same collection that the ids of drive items name.
        id: format!("{HOST},{},{}", guid(&[111]), guid(&[113])),
        path: String::new(),
        title: "Contoso Team".into(),
        description: Some(String::new()),
        parent: None,
        group: Some(0),
        created: time::date(2024, 12, 1),
        modified: time::date(2026, 11, 29),
    }];
    for (place, group) in groups.iter().enumerate().skip(1) {
        if is_unified(place) {
            let group = &group;
            let text = |name: &str| group.property(name).as_str().map(String::from);
            let path = format!("/sites/group{place}");
            let title = text("displayName").unwrap_or_default();
            let mut site = site(&sites, path, title, text("description"));
            site.group = Some(place);
            sites.push(site);
        }
    }
    for (path, title, description) in FREE {
        let description = description.map(String::from);
        let next = site(&sites, path.to_string(), title.to_string(), description);
        sites.push(next);
    }
    sites
}

/// The next site; a path within another's makes it a part of that one's collection.
fn site(sites: &[Site], path: String, title: String, description: Option<String>) -> Site {
    let number = sites.len();
    let above = path.rsplit_once('/').map_or("", |(above, _)| above);
    let parent = sites
        .iter()
        .find(|site| !above.is_empty() && site.path == above);
    let collection = match parent.and_then(|parent| parent.id.split(',').nth(1)) {
        Some(collection) => collection.to_string(),
        None => guid(&[240, number as u64]),
    };
    let lot = mix(&[242, number as u64]);
    // Two sites were made in the same second: a sort by that time has ties.
    let days = (if number == 7 { 6 } else { number }) as i64 * 9;
    let created = time::date(2024, 12, 2) + days * DAY + 3_600 * SECOND;
    Site {
        number,
        id: format!("{HOST},{collection},{}", guid(&[241, number as u64])),
        path,
        title,
        description,
        parent: parent.map(|parent| parent.number),
        group: None,
        created,
        modified: created + (lot % 40) as i64 * DAY,
    }
}

impl Site {
    /// The last part of the path; the root has none.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::world::groups;

    #[test]
    fn sites_below_a_site_share_its_collection() {
        let sites = all(&groups::all());
        let find = |path: &str| sites.iter().find(|site| site.path == path).expect(path);
        let (top, deep) = (find("/sites/group2"), find("/sites/group2/offers/2026"));
        assert_eq!(top.id.split(',').nth(1), deep.id.split(',').nth(1));
        assert_ne!(top.id, deep.id);
        assert_eq!(deep.parent, Some(find("/sites/group2/offers").number));
        assert_eq!(find("/sites/hr").parent, None);
    }
}
