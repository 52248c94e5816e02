//! Usage reports: functions that answer with the address of a CSV file (A/reportroot-get…).
//!
//! Here names are not concealed; a tenant may have set that they are.

mod csv;
mod people;
mod sites;
mod span;

use http::HeaderMap;

use self::csv::{REPORTS, Report, Subject};
use self::span::Span;
use super::Tenant;
use super::call::Call;
use super::download;
use super::error::{Answer, Fault};
use super::presence::no_option;
use super::reply::Reply;
use super::sha256::seal;
use super::signin::{Caller, permissions};
use super::world::roles;

/// Answers at `reports/{function}`: 302, with the address in `Location`.
pub fn respond(call: &Call, tenant: &Tenant, rest: &[&str]) -> Answer<Reply> {
    let [function] = rest else {
        return Err(Fault::unknown_segment(rest.last().unwrap_or(&"reports")));
    };
    let (name, argument) = function
        .strip_suffix(')')
        .and_then(|function| function.split_once('('))
        .ok_or_else(|| Fault::unknown_segment(function))?;
    let name = name.strip_prefix("microsoft.graph.").unwrap_or(name);
    let report = find(name).ok_or_else(|| Fault::unknown_segment(name))?;
    administrator(call, tenant)?;
    // One report's page has $format and $top for an answer in JSON; nothing but CSV is given here.
    no_option(&call.query)?;
    let span = Span::parse(argument, report.dated)?;
    let key = format!("{name}/{}", span.key());
    let tag = format!("\"{}\"", seal("report tag", &key));
    let known = call.headers.get("If-None-Match");
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok(Reply::empty(304).header("ETag", tag));
    }
    let sealed = download::sealed("token", "report", &key);
    Ok(Reply::empty(302)
        .header("Content-Type", "text/plain")
        .header("ETag", tag)
        .header(
            "Location",
            format!("{}/download/report/{key}?{sealed}", call.origin),
        ))
}

/// `/download/report/{function}/{time}?token=…`: the file.
pub fn file(path: &str, query: &str, headers: &HeaderMap, tenant: &Tenant) -> Answer<Reply> {
    let key = path.trim_start_matches("/download/report/");
    download::check(headers, query, &download::sealed("token", "report", key))?;
    let asked = key
        .split_once('/')
        .and_then(|(name, span)| find(name).zip(Span::read(span)));
    let (report, span) =
        asked.ok_or_else(|| Fault::new(404, "itemNotFound", "There is no such report."))?;
    let rows = match report.subject {
        Subject::People(service) => people::rows(tenant, report, service, span),
        Subject::Mailboxes => people::mailboxes(tenant, report, span),
        Subject::OneDrives | Subject::Sites => sites::rows(tenant, report, span),
    };
    let body = csv::write(report.header, &rows);
    Ok(Reply::bytes("application/octet-stream", body))
}

fn find(name: &str) -> Option<&'static Report> {
    REPORTS.iter().find(|report| report.name == name)
}

/// A delegated token needs more than its scope: its user must have one of a few directory roles (C/reportroot-authorization).
fn administrator(call: &Call, tenant: &Tenant) -> Answer<()> {
    let Caller::Delegated { id, .. } = &call.caller else {
        return Ok(());
    };
    let mut users = tenant.users.iter();
    match users.find(|user| user.id == *id) {
        Some(user) if roles::reads_reports(user.index) => Ok(()),
        _ => Err(permissions::no_report()),
    }
}
