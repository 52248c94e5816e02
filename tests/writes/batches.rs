//! Many rows: twenty to a request, and each row told apart when something goes wrong.

use std::time::Duration;

use serde_json::json;

use crate::support::server::{Act, Scripted};
use crate::support::{failure, one};
use crate::{batch, done, execute, parts, requests, sent, states, taken, willing, writer};

const SIXTY: &str = "UPDATE Messages SET isRead = 1
    WHERE id IN (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 60)";

#[test]
fn sixty_rows_are_three_requests() {
    let server = willing();
    let connection = writer(&server, "");
    execute(&connection, SIXTY);
    assert_eq!((requests(&server), sent(&server).len()), (3, 60));
    assert_eq!(states(&connection), [("done".to_owned(), 60)]);
}

/// Of twenty, three are throttled and two refused: the three are sent again, alone.
#[test]
fn throttled_parts_of_a_batch_are_sent_again_alone() {
    let server = Scripted::start(|seen, _| match seen.target.ends_with("/$batch") {
        false => taken(seen),
        true => {
            let parts = parts(seen);
            let is_first = parts.len() == 20;
            batch(&parts, |n, part| match n {
                3..=5 if is_first => (
                    429,
                    json!({"error": {"code": "TooManyRequests", "message": "wait"}}),
                ),
                8 | 9 if is_first => (
                    403,
                    json!({"error": {"code": "ErrorAccessDenied", "message": "no"}}),
                ),
                _ => done(&part["method"]),
            })
        }
    });
    let connection = writer(&server, "");
    let error = failure(
        &connection,
        "UPDATE Messages SET isRead = 1
         WHERE id IN (SELECT id FROM Messages ORDER BY receivedDateTime DESC LIMIT 20)",
    );
    assert!(error.contains("of 20 writes 18 done, 2 refused"), "{error}");
    assert!(error.contains("not safe"), "{error}");
    assert_eq!((requests(&server), sent(&server).len()), (2, 23));
    assert_eq!(
        states(&connection),
        [("done".to_owned(), 18), ("failed".to_owned(), 2)]
    );
    let codes = "SELECT group_concat(DISTINCT code) FROM o365_writes WHERE state = 'failed'";
    assert_eq!(one::<String>(&connection, codes), "ErrorAccessDenied");
}

/// The second of three batches is cut: its twenty are unknown, none is sent again, the third is not sent.
#[test]
fn after_a_cut_nothing_is_sent_again_and_nothing_more() {
    let server = Scripted::start(|seen, number| {
        let is_batch = seen.target.ends_with("/$batch");
        match (is_batch, number) {
            (true, n) if seen.body.contains(r#""id":"0""#) && n > 3 => Act::Cut,
            _ => taken(seen),
        }
    });
    let connection = writer(&server, "");
    let error = failure(&connection, SIXTY);
    let batches = requests(&server);
    let states = states(&connection);
    let of = |state: &str| {
        states
            .iter()
            .find(|(name, _)| name == state)
            .map_or(0, |(_, n)| *n)
    };
    assert_eq!(
        of("done") + of("unknown") + of("not sent"),
        60,
        "{states:?}"
    );
    assert_eq!(of("unknown"), 20, "{states:?}");
    assert_eq!(batches as i64, of("done") / 20 + 1, "{states:?} {error}");
    assert!(
        error.contains("unknown, because the answer was lost"),
        "{error}"
    );
}

#[test]
fn a_part_that_the_answer_does_not_mention_is_unknown() {
    let server = Scripted::start(|seen, _| match seen.target.ends_with("/$batch") {
        false => taken(seen),
        true => batch(&parts(seen)[1..], |_, part| done(&part["method"])),
    });
    let connection = writer(&server, "");
    let error = failure(
        &connection,
        "DELETE FROM Messages WHERE id IN (SELECT id FROM Messages LIMIT 3)",
    );
    assert!(error.contains("of 3 writes 2 done, 1 unknown"), "{error}");
}

#[test]
fn a_statement_writes_no_more_than_was_allowed_and_then_nothing() {
    let server = willing();
    let connection = writer(&server, "MaxWrites=59");
    let error = failure(&connection, SIXTY);
    assert!(error.contains("more than 59 rows"), "{error}");
    assert_eq!(requests(&server), 0);
}

/// Interrupted while a batch is under way: that one is waited for, the rest is not sent.
#[test]
fn an_interrupt_ends_a_commit_between_requests() {
    let server = Scripted::start(|seen, _| match seen.target.ends_with("/$batch") {
        true => {
            std::thread::sleep(Duration::from_millis(600));
            taken(seen)
        }
        false => taken(seen),
    });
    let connection = writer(&server, "");
    execute(&connection, &format!("BEGIN; {SIXTY}"));
    let handle = connection.get_interrupt_handle();
    let interrupter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        handle.interrupt();
    });
    let error = failure(&connection, "COMMIT");
    interrupter.join().expect("no panic");
    assert_eq!(requests(&server), 1, "{error}");
    assert_eq!(
        states(&connection),
        [("done".to_owned(), 20), ("not sent".to_owned(), 40)]
    );
}
