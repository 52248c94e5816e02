//! Rows of reports about personal drives and sites: counted from the drives that the tenant has, invented for the others.

use super::csv::{Report, Subject};
use super::span::{Span, refreshed};
use crate::demo::Tenant;
use crate::demo::query::row::Row;
use crate::demo::random::{guid, mix};
use crate::demo::time::{self, DAY};
use crate::demo::world::drives::{Drive, Kind, Owner};
use crate::demo::world::groups::is_team;

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

/// The root site, and one for each team. The root belongs to nobody in particular.
fn sites(tenant: &Tenant, span: Span) -> Vec<Site> {
    let shared: Vec<&Drive> = tenant
        .drives
        .iter()
        .filter(|drive| drive.owner == Owner::Site)
        .collect();
    let root = Site {
        id: guid(&[111]),
        template: "Communication Site",
        views: 40 * span.days() as u64,
        ..empty("https://contoso.sharepoint.com".into())
    };
    let mut sites = vec![root.counted(&shared, span)];
    let teams = tenant.groups.iter().enumerate();
    for (place, group) in teams.filter(|(place, _)| is_team(*place)) {
        let text = |name: &str| {
            let value = group.property(name);
            value.as_str().unwrap_or_default().to_string()
        };
        let lot = mix(&[190, place as u64]);
        // Every sixth team never used its site; others have not for long.
        let last = (!place.is_multiple_of(24)).then(|| refreshed() - (lot % 200) as i64 * DAY);
        let active = last.is_some_and(|last| span.holds(last));
        sites.push(Site {
            id: guid(&[191, place as u64]),
            owner: format!("{} Owners", text("displayName")),
            principal: text("mail"),
            template: "Group",
            files: lot % 300,
            active: if active { 1 + lot % 9 } else { 0 },
            views: if active { lot % 90 } else { 0 },
            used: lot % 300 * 51_234,
            last,
            ..empty(format!("https://contoso.sharepoint.com/sites/group{place}"))
        });
    }
    sites
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
