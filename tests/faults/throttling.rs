//! 429, 503, 504 and their Retry-After (FACTS 4.2).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::support::server::{Act, Scripted};
use crate::support::{failure, kind, one, signed_in};

/// Refuses the first Graph request and then answers honestly; gives back how long the second one was
/// in coming, and checks that it was the same.
fn again_after(
    status: u16,
    retry_after: impl Fn() -> Option<String> + Send + Sync + 'static,
) -> Duration {
    let server = Scripted::start(move |_, number| match number {
        0 => {
            let headers = retry_after().map(|text| ("Retry-After", text));
            Act::refusal(status, "TooManyRequests", headers.into_iter().collect())
        }
        _ => Act::Pass,
    });
    let connection = signed_in(&server, "");
    let count: i64 = one(&connection, "SELECT count(displayName) FROM Users");
    assert_eq!(count, 60);
    let seen = server.graph();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[0].target, seen[1].target);
    let (attempts, waited): (i64, i64) = connection
        .query_row("SELECT attempts, wait_ms FROM o365_requests", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("one request");
    assert_eq!(attempts, 2);
    let pause = seen[1].at - seen[0].at;
    assert!(
        (waited - i64::try_from(pause.as_millis()).expect("small")).abs() < 500,
        "wait_ms {waited}, measured {pause:?}"
    );
    pause
}

fn between(pause: Duration, least: u64, most: u64) {
    let millis = pause.as_millis();
    assert!(
        (u128::from(least)..u128::from(most)).contains(&millis),
        "{millis} ms"
    );
}

#[test]
fn retry_after_in_whole_seconds() {
    between(again_after(429, || Some("1".to_owned())), 1_000, 1_900);
}

#[test]
fn retry_after_with_a_fraction() {
    between(again_after(429, || Some("0.35".to_owned())), 350, 990);
}

#[test]
fn retry_after_as_a_date() {
    let pause = again_after(429, || {
        let then = SystemTime::now() + Duration::from_secs(2);
        let then: chrono::DateTime<chrono::Utc> = then.into();
        Some(then.format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    });
    // A date has no fraction: between one and two seconds.
    between(pause, 900, 2_600);
}

#[test]
fn no_retry_after_backs_off_by_itself() {
    between(again_after(429, || None), 250, 1_200);
}

#[test]
fn service_unavailable_waits_as_told() {
    between(again_after(503, || Some("0.3".to_owned())), 300, 990);
}

#[test]
fn gateway_timeout_backs_off() {
    between(again_after(504, || None), 250, 1_200);
}

#[test]
fn a_failing_service_is_tried_again() {
    between(again_after(500, || None), 250, 1_200);
    between(again_after(502, || None), 250, 1_200);
}

#[test]
fn throttled_for_ever_is_an_error_after_all_retries() {
    let server = Scripted::start(|_, _| {
        Act::refusal(429, "TooManyRequests", vec![("Retry-After", "0.05".into())])
    });
    let connection = signed_in(&server, "MaxRetries=3");
    let error = failure(&connection, "SELECT displayName FROM Users");
    assert!(error.contains("HTTP 429 TooManyRequests"), "{error}");
    assert!(error.contains("MaxRetries"), "{error}");
    assert_eq!(kind(&connection), "throttled");
    assert_eq!(server.graph().len(), 4);
}

#[test]
fn a_wait_of_an_hour_is_reported_instead_of_waited() {
    let server = Scripted::start(|_, _| {
        Act::refusal(429, "TooManyRequests", vec![("Retry-After", "3600".into())])
    });
    let connection = signed_in(&server, "");
    failure(&connection, "SELECT displayName FROM Users");
    assert_eq!(kind(&connection), "throttled");
    assert_eq!(server.graph().len(), 1);
}

#[test]
fn nobody_asks_a_mailbox_before_its_pause_is_over() {
    // Whoever asked meanwhile would be throttled too (peers 3.3: RetryAfterPlugin).
    let server = Arc::new(Scripted::start(|_, number| match number {
        0 => Act::refusal(
            429,
            "ApplicationThrottled",
            vec![("Retry-After", "1.2".into())],
        ),
        _ => Act::Pass,
    }));
    let first = Arc::clone(&server);
    let first = std::thread::spawn(move || {
        let connection = signed_in(&first, "");
        one::<i64>(
            &connection,
            "SELECT count(*) FROM Messages WHERE isRead = 0",
        )
    });
    while server.graph().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    // Long enough for the refusal to arrive on a busy machine.
    std::thread::sleep(Duration::from_millis(500));
    let connection = signed_in(&server, "");
    let drafts: i64 = one(
        &connection,
        "SELECT count(*) FROM Messages WHERE isDraft = 1",
    );
    assert!(drafts > 0);
    assert_eq!(first.join().expect("no panic"), 343);
    let seen = server.graph();
    assert_eq!(seen.len(), 3);
    for later in &seen[1..] {
        between(later.at - seen[0].at, 1_190, 5_000);
    }
}
