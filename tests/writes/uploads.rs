//! Large content through upload sessions, with the network failing in the middle (FACTS 3.1, 3.4).

use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::support::failure;
use crate::support::server::{Act, Scripted, Seen};
use crate::{taken, writer};

/// What goes wrong with a piece.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// It is stored, and the answer is lost.
    AnswerLost,
    /// It is not stored, and there is no answer.
    PieceLost,
    /// The service is overloaded.
    Overloaded,
    /// The session is gone.
    Gone,
}

/// A service with one upload session; `faults` says what goes wrong with which PUT, from 0.
fn service(faults: &'static [(usize, Fault)]) -> (Scripted, Arc<Mutex<Stored>>) {
    let stored = Arc::new(Mutex::new(Stored::default()));
    let own = Arc::clone(&stored);
    let server = Scripted::start(move |seen, _| {
        let mut stored = own.lock().expect("no panic");
        let host = seen.header("host").unwrap_or_default();
        match (seen.method.as_str(), seen.target.as_str()) {
            ("POST", target) if target.ends_with("/createUploadSession") => Act::json(
                json!({"uploadUrl": format!("http://{host}/session/1?secret=s"), "nextExpectedRanges": ["0-"]})
                    .to_string(),
            ),
            ("PUT", "/session/1?secret=s") => stored.put(seen, faults),
            ("GET", "/session/1?secret=s") => Act::json(
                json!({"nextExpectedRanges": [format!("{}-", stored.bytes)]}).to_string(),
            ),
            ("DELETE", "/session/1?secret=s") => {
                stored.ended = true;
                Act::Answer(204, Vec::new(), String::new())
            }
            _ => taken(seen),
        }
    });
    (server, stored)
}

#[derive(Default)]
struct Stored {
    bytes: usize,
    puts: usize,
    ended: bool,
}

impl Stored {
    fn put(&mut self, seen: &Seen, faults: &[(usize, Fault)]) -> Act {
        assert_eq!(
            seen.header("authorization"),
            None,
            "no token for such an address"
        );
        let number = self.puts;
        self.puts += 1;
        let fault = faults
            .iter()
            .find(|(n, _)| *n == number)
            .map(|(_, fault)| *fault);
        match fault {
            Some(Fault::PieceLost) => return Act::Cut,
            Some(Fault::Overloaded) => return Act::refusal(503, "serviceNotAvailable", Vec::new()),
            Some(Fault::Gone) => return Act::refusal(404, "itemNotFound", Vec::new()),
            Some(Fault::AnswerLost) | None => {}
        }
        let range = seen.header("content-range").expect("a range");
        let (span, total) = range
            .trim_start_matches("bytes ")
            .split_once('/')
            .expect("a total");
        let (from, to) = span.split_once('-').expect("two ends");
        let number = |text: &str| text.parse::<usize>().expect("a number");
        let (from, to, total) = (number(from), number(to) + 1, number(total));
        if from != self.bytes {
            return Act::refusal(416, "invalidRange", Vec::new());
        }
        assert_eq!(seen.body.len(), to - from);
        assert!(to == total || (to - from) % 327_680 == 0, "{range}");
        self.bytes = to;
        match (fault, to == total) {
            (Some(Fault::AnswerLost), _) => Act::Cut,
            (_, true) => Act::Answer(
                201,
                vec![("Location", "http://x/attachments('A1')".to_owned())],
                json!({"id": "F1", "name": "big.bin"}).to_string(),
            ),
            _ => Act::Answer(
                202,
                Vec::new(),
                json!({"nextExpectedRanges": [format!("{to}-")]}).to_string(),
            ),
        }
    }
}

fn upload(server: &Scripted, size: usize) -> Result<String, String> {
    let connection = writer(server, "");
    let sql = format!(
        "SELECT UploadFile(json_object('ParentId', 'root', 'FileName', 'big.bin', 'Content',
            replace(hex(zeroblob({})), '00', 'ab')))",
        size / 2
    );
    connection
        .query_row(&sql, [], |row| row.get(0))
        .map_err(|error| error.to_string())
}

#[test]
fn twenty_five_megabytes_arrive_whole_whatever_is_lost_on_the_way() {
    let (server, stored) = service(&[
        (1, Fault::AnswerLost),
        (2, Fault::PieceLost),
        (4, Fault::Overloaded),
    ]);
    let result = upload(&server, 25_000_000).expect("uploaded");
    assert!(result.contains(r#""Id":"F1""#), "{result}");
    let stored = stored.lock().expect("no panic");
    assert_eq!(stored.bytes, 25_000_000);
    // Seven pieces, and the two that did not arrive again.
    assert_eq!(stored.puts, 9);
}

#[test]
fn a_lost_last_answer_is_not_taken_for_success_or_failure() {
    let (server, stored) = service(&[(1, Fault::AnswerLost)]);
    let error = upload(&server, 5_000_000).expect_err("nobody knows");
    assert!(error.contains("may have been done or not"), "{error}");
    assert_eq!(stored.lock().expect("no panic").bytes, 5_000_000);
}

#[test]
fn a_session_that_fails_is_ended_and_the_address_is_in_no_error() {
    let (server, stored) = service(&[(1, Fault::Gone)]);
    let error = upload(&server, 9_000_000).expect_err("gone");
    assert!(!error.contains("secret"), "{error}");
    assert!(stored.lock().expect("no panic").ended);
    let connection = writer(&server, "");
    let sql = "SELECT count(*) FROM o365_requests WHERE url LIKE '%secret%'";
    assert_eq!(crate::support::one::<i64>(&connection, sql), 0);
}

/// A large attachment: a draft, the session, and then the draft is sent.
#[test]
fn a_mail_with_a_large_attachment_goes_by_way_of_a_draft() {
    let (server, stored) = service(&[]);
    let connection = writer(&server, "");
    let result: String = connection
        .query_row(
            "SELECT SendMail(json_object('ToRecipients', 'a@x.com', 'FileName', 'big.txt', 'ContentBytes',
                 replace(hex(zeroblob(3000000)), '00', 'QUFB')))",
            [],
            |row| row.get(0),
        )
        .expect("sent");
    assert!(result.contains("Success"), "{result}");
    assert_eq!(stored.lock().expect("no panic").bytes, 9_000_000);
    let lines = crate::sent(&server);
    let without_pieces: Vec<&String> = lines
        .iter()
        .filter(|line| !line.contains("/session/"))
        .collect();
    assert_eq!(
        without_pieces,
        [
            "POST /me/messages",
            "POST /me/messages/new/attachments/createUploadSession",
            "POST /me/messages/new/send"
        ]
    );
}

#[test]
fn an_attachment_as_a_row_that_is_too_large_names_the_procedure() {
    let (server, _) = service(&[]);
    let connection = writer(&server, "");
    let error = failure(
        &connection,
        "INSERT INTO MessageAttachments(MessageId, name, contentBytes) VALUES ('m', 'a', zeroblob(4000000))",
    );
    assert!(error.contains("AddAttachments"), "{error}");
}
