//! Reads that are not a GET of JSON: reports behind a redirect, and what is posted to be read.

use crate::support::server::{Act, Scripted};
use crate::support::{column, failure, kind, one, signed_in};

const REPORT: &str = "SELECT UserPrincipalName FROM MailboxUsageDetail WHERE period = 'D7'";

/// A server that redirects reports to a file, which a second script answers.
fn redirecting(
    to: impl Fn(&str) -> String + Send + Sync + 'static,
    file: &'static str,
) -> Scripted {
    Scripted::start(move |seen, _| {
        let host = seen.header("host").unwrap_or_default().to_owned();
        if seen.target.contains("/reports/") {
            return Act::Answer(302, vec![("Location", to(&host))], String::new());
        }
        Act::Answer(
            200,
            vec![("Content-Type", "text/csv".into())],
            file.to_owned(),
        )
    })
}

#[test]
fn the_file_behind_a_redirect_is_read_without_the_token() {
    let file = "\u{feff}Report Refresh Date,User Principal Name,Is Deleted,Item Count\r\n\
                2026-11-28,a@contoso.com,False,7\r\n2026-11-28,\"O'Brien, \"\"x\"\"\",True,\r\n";
    let server = redirecting(|host| format!("http://{host}/files/1?sig=abc"), file);
    let connection = signed_in(&server, "");
    let rows: Vec<String> = column(
        &connection,
        "SELECT format('%s|%d|%s', UserPrincipalName, IsDeleted, ItemCount) FROM MailboxUsageDetail('D7')",
    );
    assert_eq!(rows, ["a@contoso.com|0|7", "O'Brien, \"x\"|1|"]);
    let seen = server.graph();
    assert_eq!(seen.len(), 2);
    assert!(seen[0].header("authorization").is_some());
    assert_eq!(seen[1].header("authorization"), None);
    let logged: i64 = one(&connection, "SELECT count(*) FROM o365_requests");
    assert_eq!(logged, 1, "a read is one read, its redirect included");
    let secret: i64 = one(
        &connection,
        "SELECT count(*) FROM o365_requests WHERE url LIKE '%sig=%'",
    );
    assert_eq!(secret, 0, "the address of the file lets in whoever has it");
}

#[test]
fn a_redirect_to_an_address_in_the_clear_is_not_followed() {
    let server = redirecting(|_| "http://example.org/files/1".to_owned(), "");
    let connection = signed_in(&server, "");
    let error = failure(&connection, REPORT);
    assert!(error.contains("redirects to no address"), "{error}");
    assert_eq!(kind(&connection), "malformed");
    assert_eq!(server.graph().len(), 1);
}

#[test]
fn a_file_that_is_gone_is_an_error_that_does_not_ask_for_another_token() {
    let server = Scripted::start(|seen, _| match seen.target.contains("/reports/") {
        true => {
            let host = seen.header("host").unwrap_or_default();
            let location = format!("http://{host}/files/gone");
            Act::Answer(302, vec![("Location", location)], String::new())
        }
        false => Act::refusal(401, "unauthenticated", vec![]),
    });
    let connection = signed_in(&server, "");
    failure(&connection, REPORT);
    assert_eq!(server.graph().len(), 2);
    assert_eq!(server.tokens().len(), 0);
}

#[test]
fn a_report_in_another_form_is_refused_and_not_read_as_empty() {
    let server = redirecting(
        |host| format!("http://{host}/files/1"),
        "<html>sign in</html>\r\n",
    );
    let connection = signed_in(&server, "");
    let error = failure(&connection, REPORT);
    assert!(error.contains("none of the columns"), "{error}");
}

#[test]
fn a_schedule_is_posted_once_and_kept_like_any_answer() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "");
    let sql = "SELECT count(*) FROM ScheduleAvailability('adele@contoso.com; alex@contoso.com', \
               '2026-03-02 08:00', '2026-03-02 10:00', 30, 'Europe/Berlin')";
    assert_eq!(one::<i64>(&connection, sql), 8);
    assert_eq!(one::<i64>(&connection, sql), 8);
    let methods: Vec<String> = column(
        &connection,
        "SELECT method || ' ' || cache FROM o365_requests ORDER BY seq",
    );
    assert_eq!(methods, ["POST miss", "GET hit"]);
    let start: String = one(
        &connection,
        "SELECT min(slotStart) FROM ScheduleAvailability WHERE addresses = 'adele@contoso.com' \
         AND windowStart = '2026-03-02 08:00' AND windowEnd = '2026-03-02 10:00' AND timeZone = 'Europe/Berlin'",
    );
    assert_eq!(
        start, "2026-03-02 07:00:00",
        "wall-clock time of the zone named"
    );
    let both: i64 = one(
        &connection,
        "SELECT count(*) FROM ScheduleAvailability WHERE addresses IN ('adele@contoso.com', 'alex@contoso.com') \
         AND windowStart = '2026-03-02 08:00' AND windowEnd = '2026-03-02 10:00'",
    );
    assert_eq!(both, 8);
}
