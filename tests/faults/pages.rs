//! nextLink: followed byte for byte, on the same host, through empty pages and never in a circle.

use crate::support::server::{Act, Scripted};
use crate::support::{column, failure, kind, one, signed_in};

/// A page of users whose display names are their ids.
fn page(ids: &[&str], next: Option<&str>) -> Act {
    let rows: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"id":"{id}","displayName":"{id}"}}"#))
        .collect();
    let next = next.map_or_else(String::new, |next| {
        format!(r#","@odata.nextLink":"{next}""#)
    });
    Act::json(format!(r#"{{"value":[{}]{next}}}"#, rows.join(",")))
}

/// A server whose page `n` is what `pages` makes of `n` and of its own address.
fn serving(pages: impl Fn(usize, &str) -> Act + Send + Sync + 'static) -> Scripted {
    Scripted::start(move |seen, number| {
        let host = seen.header("host").unwrap_or_default();
        pages(number, &format!("http://{host}/v1.0"))
    })
}

const NAMES: &str = "SELECT displayName FROM Users";

#[test]
fn an_empty_page_with_a_next_link_is_followed() {
    let server = serving(|number, base| match number {
        0 => page(&[], Some(&format!("{base}/users?$skiptoken=1"))),
        1 => page(&["a"], Some(&format!("{base}/users?$skiptoken=2"))),
        2 => page(&[], Some(&format!("{base}/users?$skiptoken=3"))),
        _ => page(&["b"], None),
    });
    let connection = signed_in(&server, "");
    assert_eq!(column::<String>(&connection, NAMES), ["a", "b"]);
    assert_eq!(server.graph().len(), 4);
}

#[test]
fn a_next_link_is_followed_byte_for_byte() {
    // An apostrophe alone would come as %27, which is how URL libraries write it in a query.
    let link = "/users?$skiptoken=aB%2bc%2FD%3d%3D&x=%20y+z&%24top=7&q=(a,b);c:d@e!f*g~h";
    let server = serving(move |number, base| match number {
        0 => page(&["a"], Some(&format!("{base}{link}"))),
        _ => page(&["b"], None),
    });
    let connection = signed_in(&server, "");
    assert_eq!(column::<String>(&connection, NAMES), ["a", "b"]);
    assert_eq!(server.graph()[1].target, format!("/v1.0{link}"));
}

#[test]
fn a_next_link_with_letters_that_no_request_can_hold_is_followed() {
    // Blanks and umlauts as a careless service writes them.
    let server = serving(|number, base| match number {
        0 => page(
            &["a"],
            Some(&format!("{base}/users?$filter=city eq München&$skip=1")),
        ),
        _ => page(&["b"], None),
    });
    let connection = signed_in(&server, "");
    assert_eq!(column::<String>(&connection, NAMES), ["a", "b"]);
    assert_eq!(
        server.graph()[1].target,
        "/v1.0/users?$filter=city%20eq%20M%C3%BCnchen&$skip=1"
    );
}

#[test]
fn a_row_on_two_pages_is_one_row() {
    let server = serving(|number, base| match number {
        0 => page(&["a", "b"], Some(&format!("{base}/users?$skiptoken=1"))),
        1 => page(&["b", "c"], Some(&format!("{base}/users?$skiptoken=2"))),
        _ => page(&["c", "a", "d"], None),
    });
    let connection = signed_in(&server, "");
    assert_eq!(column::<String>(&connection, NAMES), ["a", "b", "c", "d"]);
}

#[test]
fn a_next_link_that_repeats_is_an_error() {
    let server = serving(|_, base| page(&["a"], Some(&format!("{base}/users?$skiptoken=1"))));
    let connection = signed_in(&server, "");
    let error = failure(&connection, NAMES);
    assert!(error.contains("circle"), "{error}");
    assert_eq!(kind(&connection), "malformed");
    assert!(server.graph().len() <= 3);
}

#[test]
fn next_links_that_go_round_are_an_error() {
    let server = serving(|number, base| {
        page(
            &["a"],
            Some(&format!("{base}/users?$skiptoken={}", number % 3)),
        )
    });
    let connection = signed_in(&server, "");
    assert!(failure(&connection, NAMES).contains("circle"));
    assert!(server.graph().len() <= 5);
}

#[test]
fn a_next_link_to_another_host_never_gets_the_token() {
    let other = Scripted::honest();
    let elsewhere = format!("{}/v1.0/users", other.url());
    let server = serving(move |_, _| page(&["a"], Some(&elsewhere)));
    let connection = signed_in(&server, "");
    let error = failure(&connection, NAMES);
    assert!(error.contains("not the Graph host"), "{error}");
    assert_eq!(kind(&connection), "malformed");
    assert_eq!(other.connections(), 0);
}

#[test]
fn next_links_that_only_look_like_the_host_are_refused() {
    for elsewhere in [
        "http://127.0.0.1@evil.localhost/v1.0/users",
        "https://127.0.0.1/v1.0/users",
        "//127.0.0.1/users",
        "file:///etc/passwd",
        "",
    ] {
        let server = serving(move |_, _| page(&["a"], Some(elsewhere)));
        let connection = signed_in(&server, "");
        failure(&connection, NAMES);
        assert_eq!(kind(&connection), "malformed", "{elsewhere}");
        assert_eq!(server.graph().len(), 1);
    }
}

#[test]
fn a_scan_that_fails_on_its_third_page_is_an_error_and_is_not_kept_as_whole() {
    let server = Scripted::start(|_, number| match number {
        2 => Act::refusal(400, "Request_BadRequest", Vec::new()),
        _ => Act::Pass,
    });
    let connection = signed_in(&server, "Pagesize=10");
    let mut statement = connection.prepare(NAMES).expect("prepared");
    let mut rows = statement.query([]).expect("started");
    let mut read = 0;
    let outcome = loop {
        match rows.next() {
            Ok(Some(_)) => read += 1,
            other => break other.map(|_| ()),
        }
    };
    assert!(outcome.is_err());
    assert_eq!(read, 20);
    let whole: i64 = one(
        &connection,
        &format!(
            "SELECT count(*) FROM o365_cache WHERE url LIKE '{}%' AND \"whole\"",
            server.url()
        ),
    );
    assert_eq!(whole, 0);
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
    // The two pages that came were kept; the third one was asked again.
    assert_eq!(server.graph().len(), 7);
}

#[test]
fn an_abandoned_scan_is_continued_not_taken_for_whole() {
    let server = Scripted::honest();
    let connection = signed_in(&server, "Pagesize=10");
    let first: String = one(&connection, NAMES);
    assert_eq!(first, "Adele Vance");
    assert_eq!(
        one::<i64>(&connection, "SELECT count(displayName) FROM Users"),
        60
    );
    assert_eq!(server.graph().len(), 6);
}
