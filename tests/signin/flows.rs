//! Somebody signs in: by a browser, by a code, by hand; and out again.

use std::io::Write;
use std::process::Stdio;

use crate::command::finished;
use crate::world::{Home, Server, get, login};

const TRY: &str = "SELECT count(*) > 0 FROM MailFolders";

#[test]
fn a_browser_signs_in_and_only_its_own_answer_counts() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let waiting = login(&home, &["--connection", &server.connection("")]);
    let (status, location, _) = get(&waiting.url);
    let location = location.expect("a redirect");
    assert_eq!(status, 302);
    assert!(location.starts_with("http://localhost:"), "{location}");
    // Somebody else's page sends a browser here too.
    let (base, _) = location.split_once('?').expect("a query");
    let (status, _, text) = get(&format!("{base}?code=forged&state=guessed"));
    assert_eq!(status, 404, "{text}");
    assert!(!text.contains("forged"), "{text}");
    let (status, _, text) = get(&location);
    assert_eq!(status, 200);
    assert!(text.contains("This page can be closed"), "{text}");
    let run = waiting.end();
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.out
            .starts_with("Signed in as adele@contoso.com, profile default.\n"),
        "{}",
        run.out
    );
    assert!(
        run.err.contains("Microsoft Graph Command Line Tools"),
        "{}",
        run.err
    );
    assert_eq!(home.run(&["-o", "csv", "--no-header", TRY]).out, "1\n");
}

#[test]
fn another_port_is_used_where_the_callbacks_is_taken() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("bound").port();
    let connection = server.connection(&format!("CallbackURL=http://localhost:{port}"));
    let waiting = login(&home, &["--connection", &connection]);
    let (_, location, _) = get(&waiting.url);
    let location = location.expect("a redirect");
    assert!(!location.contains(&format!(":{port}")), "{location}");
    get(&location);
    let run = waiting.end();
    assert_eq!(run.code, Some(0), "{}", run.err);
}

#[test]
fn who_declines_is_not_signed_in() {
    let (home, server) = (Home::new(), Server::start(&["--decline"]));
    let waiting = login(&home, &["--connection", &server.connection("")]);
    let (_, location, _) = get(&waiting.url);
    get(&location.expect("a redirect"));
    let run = waiting.end();
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.err.contains("AADSTS65004"), "{}", run.err);
    let run = home.sign_in(&server, &[]);
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.err.contains("declined"), "{}", run.err);
    assert_eq!(home.run(&["status"]).code, Some(3));
}

#[test]
fn where_an_administrator_must_consent_it_is_said() {
    let (home, server) = (Home::new(), Server::start(&["--consent-required"]));
    let waiting = login(&home, &["--connection", &server.connection("")]);
    let (_, location, _) = get(&waiting.url);
    get(&location.expect("a redirect"));
    let run = waiting.end();
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(run.err.contains("administrator"), "{}", run.err);
}

#[test]
fn a_code_signs_in_once_it_is_typed_in() {
    let (home, server) = (Home::new(), Server::start(&["--device-manual"]));
    let connection = server.connection("");
    let mut child = home
        .command(&["login", "--device", "--connection", &connection])
        .spawn()
        .expect("starts");
    let mut told = String::new();
    let err = child.stderr.take().expect("piped");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(err));
    while !told.contains("devicelogin") {
        told = lines.next().expect("an instruction").expect("UTF-8");
    }
    let code = told
        .split("the code ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .expect("a code");
    let (status, _, text) = get(&format!("{}/devicelogin?otc={code}", server.origin));
    assert_eq!(status, 200, "{text}");
    let run = finished(child.wait_with_output().expect("ends"));
    assert_eq!(run.code, Some(0), "{}", run.out);
    assert!(
        run.out.contains("Signed in as adele@contoso.com"),
        "{}",
        run.out
    );
}

#[test]
fn a_code_that_nobody_types_in_ends() {
    let (home, server) = (
        Home::new(),
        Server::start(&["--device-manual", "--device-lifetime", "2"]),
    );
    let run = home.sign_in(&server, &[]);
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(
        run.err.contains("expired") || run.err.contains("in time"),
        "{}",
        run.err
    );
}

#[test]
fn the_answer_can_be_given_by_hand() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let connection = server.connection("");
    let mut child = home
        .command(&["login", "--no-browser", "--connection", &connection])
        .stdin(Stdio::piped())
        .spawn()
        .expect("starts");
    let err = child.stderr.take().expect("piped");
    // Open to the end: what is said to nobody ends a program.
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(err)).map_while(Result::ok);
    let url = lines
        .find_map(|line| Some(line.trim().to_owned()).filter(|line| line.starts_with("http")))
        .expect("an address");
    let (_, location, _) = get(&url);
    let mut stdin = child.stdin.take().expect("piped");
    writeln!(stdin, "{}", location.expect("a redirect")).expect("taken");
    drop(stdin);
    let run = finished(child.wait_with_output().expect("ends"));
    assert_eq!(run.code, Some(0), "{}", run.out);
    drop(lines);
    assert_eq!(home.run(&["-o", "csv", "--no-header", TRY]).out, "1\n");
}

#[test]
fn several_users_share_a_profile_and_one_is_chosen() {
    let (home, server) = (Home::new(), Server::start(&[]));
    for user in ["adele@contoso.com", "alex@contoso.com"] {
        let (connection, user) = (server.connection(""), user);
        let waiting = login(&home, &["--connection", &connection, "--user", user]);
        let (_, location, _) = get(&waiting.url);
        get(&location.expect("a redirect"));
        assert!(waiting.end().out.contains(&format!("Signed in as {user}")));
        std::fs::remove_file(home.file("url")).expect("removed");
    }
    let who = |user: &str| {
        home.sql(
            &format!("Profile=default;{user}"),
            "SELECT json_extract(value, '$.userPrincipalName') FROM o365_get('me')",
        )
        .out
    };
    assert_eq!(who("User=adele@contoso.com"), "adele@contoso.com\n");
    assert_eq!(who("User=alex@contoso.com"), "alex@contoso.com\n");
    // The newest, where nobody is named.
    assert_eq!(who(""), "alex@contoso.com\n");
    let nobody = home.sql("Profile=default;User=megan@contoso.com", TRY);
    assert!(
        nobody.err.contains("megan@contoso.com has not signed in"),
        "{}",
        nobody.err
    );
    let status = home.run(&["status"]);
    assert!(
        status.out.contains("signed in   alex@contoso.com")
            && status.out.contains("signed in   adele@contoso.com"),
        "{}",
        status.out
    );
    assert_eq!(
        home.run(&["logout", "--user", "alex@contoso.com"]).code,
        Some(0)
    );
    assert_eq!(who(""), "adele@contoso.com\n");
    assert_eq!(home.run(&["logout"]).code, Some(0));
    let out = home.run(&["-o", "csv", TRY]);
    assert_eq!(out.code, Some(3));
    assert!(
        out.err.contains("nobody has signed in") && out.err.contains("Run office365 login"),
        "{}",
        out.err
    );
}

/// Continuous access evaluation: Graph refuses a good token until it was renewed with certain claims.
#[test]
fn a_claims_challenge_is_answered() {
    let (home, server) = (Home::new(), Server::start(&["--claims-challenge"]));
    assert_eq!(home.sign_in(&server, &[]).code, Some(0));
    let run = home.run(&["-o", "csv", "--no-header", TRY]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (Some(0), "1\n"),
        "{}",
        run.err
    );
}

#[test]
fn a_newcomer_is_told_where_they_stand() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let status = home.run(&["status"]);
    assert_eq!(status.code, Some(3));
    assert!(
        status.out.contains("nothing is set up") && status.out.contains("Next: office365 login"),
        "{}",
        status.out
    );
    let test = home.run(&["test"]);
    assert_eq!(test.code, Some(3));
    assert!(
        test.err
            .contains("no connection to Microsoft 365 is set up"),
        "{}",
        test.err
    );
    assert_eq!(home.sign_in(&server, &[]).code, Some(0));
    let status = home.run(&["status"]);
    assert_eq!(status.code, Some(0), "{}", status.out);
    assert!(
        status.out.contains("signed in   adele@contoso.com")
            && status.out.ends_with("Next: office365 test\n"),
        "{}",
        status.out
    );
    let test = home.run(&["test"]);
    assert_eq!(test.code, Some(0), "{}", test.out);
    assert!(
        test.out.contains("ok  mail") && test.out.contains("All of it works"),
        "{}",
        test.out
    );
    drop(server);
    let test = home.run(&["test"]);
    assert_eq!(test.code, Some(1), "{}", test.out);
    assert!(
        test.out.contains("no  tenant") && test.out.contains("got no answer"),
        "{}",
        test.out
    );
}

#[test]
fn a_sign_in_asks_for_what_a_script_needs_and_no_more() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let script = home.write("unread.sql", "SELECT count(*) FROM Messages WHERE isRead = 0;\nEXEC SendMail ToRecipients = 'adele@contoso.com', Subject = 'x';\n");
    let needed = home.run(&["permissions", "-f", &script]);
    assert!(
        needed
            .out
            .contains("For somebody who signs in: Mail.Read Mail.Send\n"),
        "{} {}",
        needed.out,
        needed.err
    );
    let run = home.sign_in(&server, &["--for", &script]);
    assert!(
        run.out
            .contains("May: Mail.Read Mail.Send offline_access openid profile\n"),
        "{}",
        run.out
    );
    let denied = home.run(&["SELECT count(*) FROM Events"]);
    assert_eq!(denied.code, Some(4), "{}", denied.err);
    assert!(denied.err.contains("Calendars.Read"), "{}", denied.err);
    let wrong = home.run(&["permissions", "Mesages"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.err.contains("did you mean Messages?"),
        "{}",
        wrong.err
    );
}

#[test]
fn an_application_of_ones_own_is_registered_and_used() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let run = home.sign_in(&server, &["--register"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.out.contains("is registered as"), "{}", run.out);
    let status = home.run(&["status"]);
    assert_eq!(
        status.code,
        Some(3),
        "the new application has no tokens yet: {}",
        status.out
    );
    assert!(!status.out.contains("Microsoft's own"), "{}", status.out);
    let run = home.run(&["login", "--device"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(home.run(&["-o", "csv", "--no-header", TRY]).out, "1\n");
    let again = home.run(&["login", "--device", "--register"]);
    assert!(
        again.err.contains("has an application of its own already"),
        "{} {}",
        again.out,
        again.err
    );
}
