//! Rows of reports about users: who has which licence, did what and when. A user who holds no plan of a service did nothing in it.

use super::csv::Report;
use super::span::{Span, refreshed};
use crate::demo::Tenant;
use crate::demo::query::row::Row;
use crate::demo::random::{mix, mix_text};
use crate::demo::time::{self, DAY};
use crate::demo::world::licences::{self, SKUS};
use crate::demo::world::people::User;

/// Services as reports name them, and the service of the plans that they are served by.
const SERVICES: &[(&str, &str)] = &[
    ("Exchange", "exchange"),
    ("OneDrive", "SharePoint"),
    ("SharePoint", "SharePoint"),
    ("Skype For Business", "MicrosoftCommunicationsOnline"),
    ("Yammer", "YammerEnterprise"),
    ("Teams", "TeamspaceAPI"),
];
const APPS: [&str; 6] = ["Outlook", "Word", "Excel", "PowerPoint", "OneNote", "Teams"];
const PLATFORMS: [&str; 4] = ["Windows", "Mac", "Mobile", "Web"];

/// One cell's circumstances.
struct Cell<'t> {
    user: &'t User,
    service: &'static str,
    span: Span,
}

/// All rows: everybody and a few of the deleted; for a date only those who did something on that day.
pub fn rows(
    tenant: &Tenant,
    report: &Report,
    service: &'static str,
    span: Span,
) -> Vec<Vec<String>> {
    let people = tenant.users.iter().chain(tenant.deleted.iter().take(3));
    let cells = people.map(|user| Cell {
        user,
        service,
        span,
    });
    cells
        .filter(|cell| matches!(span, Span::Days(_)) || cell.active())
        .map(|cell| {
            report
                .columns()
                .iter()
                .map(|column| cell.show(column))
                .collect()
        })
        .collect()
}

/// Mailboxes: those of the users who have one, of the rooms, and one of a deleted user.
pub fn mailboxes(tenant: &Tenant, report: &Report, span: Span) -> Vec<Vec<String>> {
    let living = tenant
        .users
        .iter()
        .filter(|user| user.mailbox.is_some() || user.upn.starts_with("room"));
    let cells = living
        .chain(tenant.deleted.iter().skip(1).take(1))
        .map(|user| Cell {
            user,
            service: "Exchange",
            span,
        });
    cells
        .map(|cell| {
            let columns = report.columns();
            let shown = columns.iter().map(|column| {
                cell.mailbox(tenant, column)
                    .unwrap_or_else(|| cell.show(column))
            });
            shown.collect()
        })
        .collect()
}

impl Cell<'_> {
    fn show(&self, column: &str) -> String {
        let deleted = self.user.property("deletedDateTime");
        match column {
            "Report Refresh Date" => time::show_date(refreshed()),
            "Report Period" => self.span.days().to_string(),
            "User Principal Name" => self.user.upn.clone(),
            "User Id" => self.user.id.clone(),
            "Display Name" => self.user.name.clone(),
            "Tenant Display Name" => "Contoso".into(),
            // Only who shares a channel with others has any.
            "Shared Channel Tenant Display Names" if self.user.index == 1 => {
                "Adatum; Fabrikam, Inc.".into()
            }
            "Shared Channel Tenant Display Names" => String::new(),
            "Is Deleted" => truth(!deleted.is_null()),
            "Deleted Date" => day_of(deleted.as_str()),
            "Created Date" => day_of(self.user.property("createdDateTime").as_str()),
            "Assigned Products" => self.products(),
            "Last Activity Date" => self.last_shown(self.service),
            "Last Activation Date" => self.activated(),
            "Has Other Action" => yes(self.active() && self.lot(column).is_multiple_of(4)),
            "Is Licensed" => yes(self.licensed(self.service)),
            _ => self.derived(column),
        }
    }

    /// Columns whose names say by themselves what they hold.
    fn derived(&self, column: &str) -> String {
        let served = |end: &str| column.strip_suffix(end);
        if let Some(service) = served(" Last Activity Date") {
            return self.last_shown(service);
        }
        if let Some(service) = served(" License Assign Date") {
            return if self.licensed(service) {
                "2025-01-15".into()
            } else {
                String::new()
            };
        }
        if let Some(service) = served(" License").and_then(|rest| rest.strip_prefix("Has ")) {
            return truth(self.licensed(service));
        }
        if let Some(what) = column.strip_suffix(" In Seconds") {
            return self.seconds(what).to_string();
        }
        if column.ends_with(" Duration") {
            let seconds = self.seconds(column);
            return format!(
                "PT{}H{}M{}S",
                seconds / 3_600,
                seconds / 60 % 60,
                seconds % 60
            );
        }
        if let Some((app, platform)) = column.split_once(" (") {
            return yes(self.used(app, platform.trim_end_matches(')')));
        }
        if self.service.is_empty() && APPS.contains(&column) {
            return yes(PLATFORMS.iter().any(|platform| self.used(column, platform)));
        }
        if PLATFORMS.contains(&column) {
            return yes(APPS.iter().any(|app| self.used(app, column)));
        }
        self.count(column).to_string()
    }

    /// Columns of a mailbox that are not of its owner.
    fn mailbox(&self, tenant: &Tenant, column: &str) -> Option<String> {
        const GIB: u64 = 1_073_741_824;
        let mailbox = self.user.mailbox.map(|place| &tenant.mailboxes[place]);
        let items = mailbox.map_or(0, |mailbox| mailbox.length() as u64);
        // Jürgen's is nearly full.
        let used = if self.user.index == 4 {
            98 * GIB + 123_456_789
        } else {
            items * 75_000 + items % 1_000
        };
        Some(match column {
            "Item Count" => items.to_string(),
            "Storage Used (Byte)" => used.to_string(),
            "Issue Warning Quota (Byte)" => (98 * GIB).to_string(),
            "Prohibit Send Quota (Byte)" => (99 * GIB).to_string(),
            "Prohibit Send/Receive Quota (Byte)" => (100 * GIB).to_string(),
            "Deleted Item Count" => (items / 20).to_string(),
            "Deleted Item Size (Byte)" => (items / 20 * 40_000).to_string(),
            "Deleted Item Quota (Byte)" => (30 * GIB).to_string(),
            "Has Archive" => truth(self.user.mailbox.is_some_and(|place| place % 4 == 0)),
            // Nothing ever happened in an empty one.
            "Last Activity Date" if items == 0 => String::new(),
            _ => return None,
        })
    }

    fn licensed(&self, service: &str) -> bool {
        let plan = SERVICES.iter().find(|(name, _)| *name == service);
        plan.is_some_and(|(_, plan)| licences::serves(self.user.index, plan))
    }

    fn products(&self) -> String {
        let held = licences::held(self.user.index).iter();
        let names: Vec<&str> = held.map(|sku| SKUS[*sku].product).collect();
        names.join("+")
    }

    /// The last day of activity in a service, or in any when none is named: shortly before the last sign-in.
    fn last(&self, service: &str) -> Option<i64> {
        if service.is_empty() {
            let all = SERVICES.iter().filter_map(|(name, _)| self.last(name));
            return all.max();
        }
        if !self.licensed(service) {
            return None;
        }
        let activity = self.user.property("signInActivity");
        let signed_in = time::parse(activity["lastSignInDateTime"].as_str()?)?;
        let before = mix(&[181, self.user.index as u64, mix_text(service)]) % 4;
        let day = signed_in.div_euclid(DAY) - before as i64;
        Some((day * DAY).min(refreshed()))
    }

    fn last_shown(&self, service: &str) -> String {
        let shown = self.last(service).map(|last| match self.span {
            Span::Date(day) if self.active() => day.min(last),
            _ => last,
        });
        shown.map_or_else(String::new, time::show_date)
    }

    /// Did the user do anything in the time asked for?
    fn active(&self) -> bool {
        let Some(last) = self.last(self.service) else {
            return false;
        };
        match self.span {
            Span::Days(_) => self.span.holds(last),
            Span::Date(day) => {
                let lot = mix(&[182, self.user.index as u64, (day / DAY) as u64]);
                last == day || (day < last && !lot.is_multiple_of(3) && last - day < 60 * DAY)
            }
        }
    }

    fn activated(&self) -> String {
        if licences::serves(self.user.index, "MicrosoftOffice") {
            "2026-09-14".into()
        } else {
            String::new()
        }
    }

    fn lot(&self, column: &str) -> u64 {
        mix(&[183, self.user.index as u64, mix_text(column)])
    }

    /// How often; longer times have more of it. What is a sum of other columns is one.
    fn count(&self, column: &str) -> u64 {
        if !self.active() {
            return 0;
        }
        if let Some(rest) = column.strip_prefix("Meetings ") {
            let kinds = ["Ad Hoc", "Scheduled One-time", "Scheduled Recurring"];
            let parts = kinds.map(|kind| self.count(&format!("{kind} Meetings {rest}")));
            return parts.iter().sum();
        }
        let days = self.span.days() as u64;
        self.lot(column) % 40 * days / 7 + self.lot(column) % 3
    }

    fn seconds(&self, column: &str) -> u64 {
        self.count(column) * 613
    }

    fn used(&self, app: &str, platform: &str) -> bool {
        self.active() && self.lot(&format!("{app} on {platform}")).is_multiple_of(3)
    }
}

fn truth(is: bool) -> String {
    if is { "True".into() } else { "False".into() }
}

fn yes(is: bool) -> String {
    if is { "Yes".into() } else { "No".into() }
}

fn day_of(instant: Option<&str>) -> String {
    let day = instant.and_then(|instant| instant.get(..10));
    day.unwrap_or_default().to_string()
}
