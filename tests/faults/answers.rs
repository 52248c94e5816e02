//! Bodies that are not what was asked for: cut, truncated, HTML, compressed; refused options.

use crate::support::server::{Act, Scripted};
use crate::support::{column, failure, kind, one, signed_in};

/// A script that spoils the first Graph request.
fn first(act: impl Fn() -> Act + Send + Sync + 'static) -> Scripted {
    Scripted::start(move |_, number| match number {
        0 => act(),
        _ => Act::Pass,
    })
}

#[test]
fn a_connection_cut_in_the_middle_of_a_body_is_tried_again() {
    let server = first(|| Act::Cut);
    let connection = signed_in(&server, "");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
    assert_eq!(server.graph().len(), 2);
}

#[test]
fn a_connection_that_is_always_cut_is_an_error() {
    let server = Scripted::start(|_, _| Act::Cut);
    let connection = signed_in(&server, "MaxRetries=1");
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("got no answer in 2 tries"), "{error}");
    assert_eq!(kind(&connection), "unavailable");
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let server = Scripted::honest();
    let url = server.url();
    drop(server);
    let connection =
        crate::support::connect(&format!("GraphUrl={url};OAuthAccessToken=x;MaxRetries=0"));
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("got no answer"), "{error}");
    assert_eq!(kind(&connection), "unavailable");
}

#[test]
fn truncated_json_is_an_error_and_is_not_kept() {
    let server = first(|| Act::json(r#"{"value":[{"id":"1","displayName":"A"},{"id":"2","disp"#));
    let connection = signed_in(&server, "");
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("no row of this answer was used"), "{error}");
    assert_eq!(kind(&connection), "malformed");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
}

#[test]
fn json_that_goes_on_behind_its_end_is_an_error() {
    let server = first(|| Act::json(r#"{"value":[]}{"value":[]}"#));
    let connection = signed_in(&server, "");
    failure(&connection, "SELECT displayName FROM Users");
    assert_eq!(kind(&connection), "malformed");
}

#[test]
fn json_without_rows_is_an_error() {
    for body in [
        r#"{}"#,
        r#"{"value":null}"#,
        r#"{"value":{}}"#,
        r#"[]"#,
        r#"{"value":[1]}"#,
        "",
    ] {
        let server = first(move || Act::json(body));
        let connection = signed_in(&server, "");
        failure(&connection, "SELECT displayName FROM Users");
        assert_eq!(kind(&connection), "malformed", "{body}");
    }
}

#[test]
fn html_with_200_is_an_error() {
    let server = first(|| {
        Act::Answer(
            200,
            vec![("Content-Type", "text/html".into())],
            "<html><body>Sign in to the network</body></html>".into(),
        )
    });
    let connection = signed_in(&server, "");
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("Check GraphUrl and any proxy"), "{error}");
    assert_eq!(kind(&connection), "malformed");
}

#[test]
fn html_with_502_is_tried_again() {
    let server = first(|| Act::Answer(502, Vec::new(), "<html>Bad Gateway</html>".into()));
    let connection = signed_in(&server, "");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let other = Scripted::honest();
    let elsewhere = format!("{}/v1.0/users", other.url());
    let server = Scripted::start(move |_, _| {
        Act::Answer(302, vec![("Location", elsewhere.clone())], String::new())
    });
    let connection = signed_in(&server, "");
    failure(&connection, "SELECT displayName FROM Users");
    assert_eq!(
        other.graph().len(),
        0,
        "the token must not go to another host"
    );
}

#[test]
fn gzip_is_asked_for_and_understood() {
    let server = Scripted::start(|_, _| Act::Gzip);
    let connection = signed_in(&server, "");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
    let seen = server.graph();
    let accepted = seen[0].header("accept-encoding").unwrap_or_default();
    assert!(accepted.contains("gzip"), "{accepted}");
}

#[test]
fn a_refused_order_is_made_here() {
    // FACTS 2.2: on InefficientFilter once without $orderby.
    let server = Scripted::start(|seen, _| match seen.target.contains("orderby") {
        true => Act::refusal(400, "InefficientFilter", Vec::new()),
        false => Act::Pass,
    });
    let connection = signed_in(&server, "");
    let sql = "SELECT receivedDateTime FROM Messages WHERE isRead = 0 ORDER BY receivedDateTime DESC LIMIT 3";
    let times: Vec<String> = column(&connection, sql);
    assert_eq!(
        times,
        [
            "2026-11-29 13:27:14",
            "2026-11-27 00:55:36",
            "2026-11-23 13:43:52"
        ]
    );
    let refused = server
        .graph()
        .iter()
        .filter(|seen| seen.target.contains("orderby"))
        .count();
    assert_eq!(refused, 1);
}

#[test]
fn a_refused_filter_is_checked_here() {
    let server = Scripted::start(|seen, _| match seen.target.contains("filter") {
        true => Act::refusal(400, "ErrorInvalidUrlQueryFilter", Vec::new()),
        false => Act::Pass,
    });
    let connection = signed_in(&server, "");
    assert_eq!(
        one::<i64>(
            &connection,
            "SELECT count(*) FROM Messages WHERE isRead = 0"
        ),
        343
    );
}

#[test]
fn a_filter_that_is_ignored_costs_requests_but_no_row() {
    // FACTS 2.1: options may be ignored silently. What is not proven exact is checked again.
    let server = Scripted::start(|seen, _| match seen.target.contains("filter") {
        true => Act::json(
            r#"{"value":[{"id":"1","displayName":"Ada","department":"X"},{"id":"2","displayName":"Bob","department":"Sales"}]}"#,
        ),
        false => Act::Pass,
    });
    let connection = signed_in(&server, "");
    let names: Vec<String> = column(
        &connection,
        "SELECT displayName FROM Users WHERE department = 'Sales'",
    );
    assert_eq!(names, ["Bob"]);
}

#[test]
fn a_count_that_does_not_come_is_made_by_reading() {
    let server = Scripted::start(|seen, _| match seen.target.contains("count=true") {
        true => {
            Act::json(r#"{"value":[{"id":"1"}],"@odata.nextLink":"http://127.0.0.1:1/v1.0/x"}"#)
        }
        false => Act::Pass,
    });
    let connection = signed_in(&server, "");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(*) FROM Messages"),
        1_200
    );
}
