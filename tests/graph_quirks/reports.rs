//! Usage reports: a redirect to a file of comma-separated values that takes no token.

use std::collections::HashSet;

use office365::demo::DELEGATED_TOKEN;

use crate::http::{self, APP, ask, get, get_with};
use crate::permissions::{as_adele_with, as_user_with};
use crate::refused;

/// Path and query of the file that the function's answer points to.
fn address(function: &str) -> String {
    let answer = get(&format!("/v1.0/reports/{function}"));
    assert_eq!(answer.status, 302, "{}", answer.text());
    let location = answer.header("location").expect("an address");
    http::below_server(location)
}

/// The lines of the file, header row first.
fn lines(function: &str) -> Vec<String> {
    let file = ask("GET", &address(function), &[], "");
    assert_eq!(
        (file.status, file.header("content-type")),
        (200, Some("application/octet-stream"))
    );
    let text = file.text();
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let text = text.strip_suffix("\r\n").expect("the last line ends too");
    text.split("\r\n").map(String::from).collect()
}

#[test]
fn the_address_proves_itself_and_takes_no_token() {
    let path = address("getMailboxUsageDetail(period='D7')");
    let bearer = format!("Bearer {DELEGATED_TOKEN}");
    let with_token = ask("GET", &path, &[("Authorization", &bearer)], "");
    refused(&with_token, 401, "unauthenticated");
    let (plain, _) = path.split_once('?').expect("a seal");
    refused(&ask("GET", plain, &[], ""), 401, "unauthenticated");
    // The seal of one report opens no other.
    for other in [
        path.replace("/D7?", "/D30?"),
        path.replace("Mailbox", "Other"),
    ] {
        refused(&ask("GET", &other, &[], ""), 401, "unauthenticated");
    }
}

#[test]
fn periods_and_dates() {
    for function in [
        "getMailboxUsageDetail(period='D8')",
        "getMailboxUsageDetail(period=D7)",
        "getMailboxUsageDetail(date=2026-11-20)",
        "getMailboxUsageDetail()",
        "getMailboxUsageDetail",
        "getEmailActivityUserDetail(date=2026-10-30)",
        "getEmailActivityUserDetail(date=2026-12-01)",
        "getEmailActivityUserDetail(date=yesterday)",
        "getEmailActivityUserDetail(day=2026-11-20)",
        "getEverything(period='D7')",
        "getMailboxUsageDetail(period='D7')?$top=1",
        "getMailboxUsageDetail(period='D7')?$format=text/csv",
    ] {
        refused(
            &get(&format!("/v1.0/reports/{function}")),
            400,
            "BadRequest",
        );
    }
    for function in [
        "getMailboxUsageDetail(period='D180')",
        "getEmailActivityUserDetail(date=2026-10-31)",
        "getM365AppUserDetail(date='2026-11-20')",
        "microsoft.graph.getEmailActivityUserDetail(period='D90')",
    ] {
        assert_eq!(get(&format!("/v1.0/reports/{function}")).status, 302);
    }
}

#[test]
fn the_columns_are_the_documented_ones() {
    let expected = [
        ("getMailboxUsageDetail", 17, "Has Archive,Report Period"),
        (
            "getOneDriveUsageAccountDetail",
            11,
            "Owner Principal Name,Report Period",
        ),
        (
            "getSharePointSiteUsageDetail",
            15,
            "Owner Principal Name,Report Period",
        ),
        (
            "getTeamsUserActivityUserDetail",
            33,
            "Is Licensed,Report Period",
        ),
        (
            "getOffice365ActiveUserDetail",
            24,
            "Teams License Assign Date,Assigned Products",
        ),
        (
            "getEmailActivityUserDetail",
            13,
            "Assigned Products,Report Period",
        ),
        ("getM365AppUserDetail", 39, "OneNote (Web),Teams (Web)"),
    ];
    for (name, columns, end) in expected {
        let lines = lines(&format!("{name}(period='D30')"));
        assert_eq!(lines[0].split(',').count(), columns, "{name}");
        assert!(
            lines[0].starts_with("Report Refresh Date,") && lines[0].ends_with(end),
            "{}",
            lines[0]
        );
        assert!(
            lines[1..]
                .iter()
                .all(|line| line.starts_with("2026-11-28,")),
            "two days behind"
        );
    }
}

#[test]
fn mailboxes_are_counted_as_they_are() {
    let lines = lines("getMailboxUsageDetail(period='D7')");
    assert_eq!(lines.len(), 1 + 17);
    assert_eq!(
        lines[1],
        "2026-11-28,adele@contoso.com,Adele Vance,False,,2024-12-01,2026-11-21,1200,90000200,105226698752,106300440576,107374182400,60,2400000,32212254720,True,7"
    );
    // Over the first quota; empty and therefore never active; deleted, with a name that needs quotes.
    assert!(
        lines[5].contains("Jürgen Müller") && lines[5].contains(",450,105350155541,105226698752,")
    );
    assert!(
        lines[12].starts_with("2026-11-28,nestor@contoso.com,Nestor Wilke,False,,2025-01-25,,0,0,")
    );
    assert!(lines[17].contains(",\"Temp, Summer \"\"Intern\"\"\",True,2026-11-29,"));
}

#[test]
fn people_are_there_whether_they_did_anything_or_not() {
    let lines = lines("getOffice365ActiveUserDetail(period='D7')");
    assert_eq!(lines.len(), 1 + 63);
    assert_eq!(
        lines[11],
        "2026-11-28,miriam@contoso.com,Miriam Graham,False,,True,False,False,False,False,False,2026-11-26,,,,,,2025-01-15,,,,,,OFFICE 365 E3+POWER BI PRO"
    );
    assert_eq!(
        lines[18],
        "2026-11-28,PattiFernandez17@contoso.com,Patti Fernandez,False,,False,False,False,False,False,False,,,,,,,,,,,,,"
    );
    assert!(lines[49].contains(",\"Newsletter \"\"Daily\"\"\",False,"));
}

#[test]
fn a_date_shows_only_who_was_active_on_it() {
    let count = |function: &str| lines(function).len() - 1;
    assert_eq!(count("getEmailActivityUserDetail(period='D7')"), 63);
    let day = lines("getEmailActivityUserDetail(date=2026-11-10)");
    assert_eq!(day.len(), 1 + 6);
    assert!(
        day[1..]
            .iter()
            .all(|line| line.contains(",False,,2026-11-10,") && line.ends_with(",1"))
    );
    // Not refreshed yet.
    assert_eq!(count("getEmailActivityUserDetail(date=2026-11-30)"), 0);
}

#[test]
fn what_is_a_sum_is_one() {
    let lines = lines("getTeamsUserActivityUserDetail(period='D30')");
    let names: Vec<&str> = lines[0].split(',').collect();
    let place = |name: &str| names.iter().position(|known| *known == name).expect(name);
    let cells: Vec<&str> = lines[1].split(',').collect();
    let number = |name: &str| cells[place(name)].parse::<u64>().expect("a number");
    assert_eq!(
        number("Meetings Organized Count"),
        number("Ad Hoc Meetings Organized Count")
            + number("Scheduled One-time Meetings Organized Count")
            + number("Scheduled Recurring Meetings Organized Count")
    );
    let seconds = number("Audio Duration In Seconds");
    assert_eq!(
        cells[place("Audio Duration")],
        format!(
            "PT{}H{}M{}S",
            seconds / 3_600,
            seconds / 60 % 60,
            seconds % 60
        )
    );
    assert!(seconds > 0 && lines[2].contains(",\"Adatum; Fabrikam, Inc.\","));
}

#[test]
fn sites_and_drives() {
    let drives = lines("getOneDriveUsageAccountDetail(period='D30')");
    assert_eq!(drives.len(), 1 + 8);
    assert_eq!(
        drives[7],
        "2026-11-28,https://contoso-my.sharepoint.com/personal/isaiah_contoso_com,Isaiah Langer,False,2026-10-15,10,0,15199,1099511627776,isaiah@contoso.com,30"
    );
    assert!(drives[8].contains("\",True,,3,0,4096,"));
}

#[test]
fn site_collections_are_those_of_the_sites() {
    let lines = lines("getSharePointSiteUsageDetail(period='D7')");
    let sites = http::all("/v1.0/sites?search=*", &[]);
    let collections: HashSet<&str> = sites
        .iter()
        .filter_map(|row| row["id"].as_str()?.split(',').nth(1))
        .collect();
    let reported: HashSet<&str> = lines[1..]
        .iter()
        .filter_map(|line| line.split(',').nth(1))
        .collect();
    assert_eq!(
        (reported.len(), lines.len() - 1),
        (collections.len(), collections.len())
    );
    assert_eq!(reported, collections);
    let of = |url: &str| {
        let found = lines
            .iter()
            .find(|line| line.contains(&format!(",https://contoso.sharepoint.com{url},")));
        found.unwrap_or_else(|| panic!("no {url}")).clone()
    };
    assert!(of("").contains(",All Company Owners,False,"));
    assert!(
        of("/sites/hr").contains("/sites/hr,,False,"),
        "owned by nobody"
    );
    let unused = |line: &&String| line.split(',').nth(5) == Some("");
    assert_eq!(lines.iter().filter(unused).count(), 9);
}

#[test]
fn a_known_tag_is_304() {
    let path = "/v1.0/reports/getMailboxUsageDetail(period='D7')";
    let tag = get(path).header("etag").map(String::from).expect("a tag");
    assert_eq!(get_with(path, &[("If-None-Match", &tag)]).status, 304);
    let other = "/v1.0/reports/getMailboxUsageDetail(period='D30')";
    assert_eq!(get_with(other, &[("If-None-Match", &tag)]).status, 302);
}

#[test]
fn a_scope_and_a_role_are_needed() {
    let path = "/v1.0/reports/getMailboxUsageDetail(period='D7')";
    refused(
        &as_adele_with("User.Read.All", path),
        403,
        "S2SUnauthorized",
    );
    assert_eq!(as_adele_with("Reports.Read.All", path).status, 302);
    refused(
        &as_user_with("johanna@contoso.com", "Reports.Read.All", path),
        403,
        "S2SUnauthorized",
    );
    let app = ask("GET", path, &[("Authorization", APP.as_str())], "");
    assert_eq!(app.status, 302);
}
