//! The two workflows of seed 001, as a user runs them: scripts in our own command line, on the demo tenant.

use crate::command::{command, finished};

/// What a workflow prints.
fn prints(name: &str) -> String {
    let file = format!(
        "{}/sql/recipes/workflows/{name}.sql",
        env!("CARGO_MANIFEST_DIR")
    );
    let nowhere = std::env::temp_dir().join("office365-no-settings/config.toml");
    let output = command(&["--demo", "--write", "--bail", "-o", "csv", "-f", &file])
        .env("OFFICE365_CONFIG", nowhere)
        .output();
    let run = finished(output.expect("it runs"));
    assert_eq!(run.code, Some(0), "{name}: {}", run.err);
    run.out
}

#[test]
fn reports_of_licences_go_to_the_dashboard() {
    assert_eq!(
        prints("licence-reports-to-the-dashboard"),
        "Subject,Status,users\n\"Users with licenses\",Success,23\n\"Users without licenses\",Success,37\n"
    );
}

#[test]
fn requests_become_accounts_while_licences_last() {
    assert_eq!(
        prints("accounts-from-requests"),
        "display_name,account,plans\n\"Allen Allbrook\",allen@contoso.com,1\n\"Zoë Quinn\",zoe@contoso.com,13\n\"Bo Berg\",\"waits for a licence\",\n"
    );
}

/// What waits for a COMMIT when the program ends is not lost in silence.
#[test]
fn writes_without_a_commit_are_told() {
    let sql = "BEGIN; INSERT INTO Messages(subject) VALUES ('a'), ('b')";
    let output = command(&["--demo", "--write", sql]).output();
    let run = finished(output.expect("it runs"));
    assert_eq!(run.code, Some(1));
    assert!(
        run.err
            .contains("2 writes were not sent: their transaction has no COMMIT"),
        "{}",
        run.err
    );
}
