//! Rows of reports about personal drives and sites: counted from the drives that the tenant has, invented for the others.

use super::csv::{Report, Subject};
use super::span::{Span, refreshed};
use crate::demo::Tenant;
use crate::demo::query::row::Row;
use crate::demo::random::mix;
use crate::demo::sites::web_url;
use crate::demo::time::{self, DAY};
use crate::demo::world::drives::{Drive, Kind, Owner};
use crate::demo::world::sites as world;

/// What is known about a site.
struct Site {
    id: String,
    url: String,
    owner: String,
    principal: String,
    template: &'static str,
    deleted: bool,
    files: u64,
    active: u64,
    views: u64,
    used: u64,
    last: Option<i64>,
}

/// The rows of the report; for a date only those with an activity on that day.
pub fn rows(tenant: &Tenant, report: &Report, span: Span) -> Vec<Vec<String>> {
    let sites = if report.subject == Subject::Sites {
        sites(tenant, span)
    } else {
        one_drives(tenant, span)
    };
    let asked = |site: &Site| matches!(span, Span::Days(_)) || site.active > 0;
    let columns = report.columns();
    sites
        .iter()
        .filter(|site| asked(site))
        .map(|site| {
            columns
                .iter()
                .map(|column| site.show(column, span))
                .collect()
        })
        .collect()
}

impl Site {
    fn show(&self, column: &str, span: Span) -> String {
        match column {
            "Report Refresh Date" => time::show_date(refreshed()),
            "Report Period" => span.days().to_string(),
            "Site Id" => self.id.clone(),
            "Site URL" => self.url.clone(),
            "Owner Display Name" => self.owner.clone(),
            "Owner Principal Name" => self.principal.clone(),
            "Is Deleted" => if self.deleted { "True" } else { "False" }.into(),
            "Last Activity Date" => self.last.map_or_else(String::new, time::show_date),
            "File Count" => self.files.to_string(),
            "Active File Count" => self.active.to_string(),
            "Page View Count" => self.views.to_string(),
            "Visited Page Count" => self.views.div_ceil(3).to_string(),
            "Storage Used (Byte)" => self.used.to_string(),
            "Storage Allocated (Byte)" if self.url.contains("-my.") => "1099511627776".into(),
            "Storage Allocated (Byte)" => "27487790694400".into(),
            "Root Web Template" => self.template.into(),
            _ => String::new(),
        }
    }

    /// With what its drives hold.
    fn counted(mut self, drives: &[&Drive], span: Span) -> Site {
        let items = drives.iter().flat_map(|drive| &drive.items);
        let files: Vec<i64> = items
            .filter(|item| item.kind == Kind::File)
            .map(|item| item.modified)
            .collect();
        let seen = files.iter().copied().filter(|at| *at < refreshed() + DAY);
        self.last = seen.max();
        self.files = files.len() as u64;
        self.active = files.iter().filter(|at| span.holds(**at)).count() as u64;
        self.used = drives.iter().map(|drive| drive.items[0].size).sum();
        self
    }
}

/// The first drive of each user who has one; and the drive of somebody who left, which nobody touched.
fn one_drives(tenant: &Tenant, span: Span) -> Vec<Site> {
    let mut sites = Vec::new();
    let personal = |upn: &str| {
        let folder = upn.replace(['@', '.', '\''], "_");
        format!("https://contoso-my.sharepoint.com/personal/{folder}")
    };
    for user in &tenant.users {
        let mut drives = tenant.drives.iter();
        let Some(drive) = drives.find(|drive| drive.owner == Owner::User(user.index)) else {
            continue;
        };
        let site = Site {
            owner: user.name.clone(),
            principal: user.upn.clone(),
            ..empty(personal(&user.upn))
        };
        sites.push(site.counted(&[drive], span));
    }
    if let Some(gone) = tenant.deleted.get(1) {
        sites.push(Site {
            owner: gone.name.clone(),
            deleted: true,
            files: 3,
            used: 4_096,
            ..empty(personal("leaver1@contoso.com"))
        });
    }
    sites
}

/// Every site that is no part of another. The root's files are those of the drives there are; what is counted at the others is invented.
fn sites(tenant: &Tenant, span: Span) -> Vec<Site> {
    let all = world::all(&tenant.groups);
    let collections = all.iter().filter(|site| site.parent.is_none());
    collections
        .map(|site| collection(tenant, site, span))
        .collect()
}

fn collection(tenant: &Tenant, site: &world::Site, span: Span) -> Site {
    let lot = mix(&[190, site.number as u64]);
    // Every eighth was never used.
    let used = !site.number.is_multiple_of(8);
    let last = used.then(|| site.modified.min(refreshed()) / DAY * DAY);
    let active = last.is_some_and(|last| span.holds(last));
    let group = site.group.map(|place| &tenant.groups[place]);
    let text = |name: &str| {
        let value = group.map(|group| group.property(name));
        value.and_then(|value| value.as_str().map(String::from))
    };
    let owner = text("displayName").map(|name| format!("{name} Owners"));
    let shown = Site {
        // The middle of the site's id.
        id: site.id.split(',').nth(1).unwrap_or_default().to_string(),
        // Nobody in particular owns a site without a group.
        owner: owner.unwrap_or_default(),
        principal: text("mail").unwrap_or_default(),
        template: if group.is_some() {
            "Group"
        } else {
            "Team Site"
        },
        files: lot % 300,
        active: if active { 1 + lot % 9 } else { 0 },
        views: if active { lot % 90 } else { 0 },
        used: lot % 300 * 51_234,
        last,
        ..empty(web_url(site))
    };
    if site.number > 0 {
        return shown;
    }
    let drives = tenant.drives.iter();
    let shared: Vec<&Drive> = drives.filter(|drive| drive.owner == Owner::Site).collect();
    Site {
        views: 40 * span.days() as u64,
        ..shown.counted(&shared, span)
    }
}

fn empty(url: String) -> Site {
    Site {
        id: String::new(),
        url,
        owner: String::new(),
        principal: String::new(),
        template: "",
        deleted: false,
        files: 0,
        active: 0,
        views: 0,
        used: 0,
        last: None,
    }
}
