//! SendNotification and the texts it sends. The texts lie in the settings of the user who runs the program,
//! so that these tests start the program, with settings of their own.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::command::{Run, command, finished};
use crate::support::by_token;
use crate::support::server::Scripted;
use crate::{requests, willing};

/// A user whose settings are a folder of this test.
struct User {
    folder: PathBuf,
    server: Scripted,
}

impl User {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("office365-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        Self {
            folder,
            server: willing(),
        }
    }

    /// Runs SQL, in a program of its own.
    fn run(&self, more: &[&str], sql: &str) -> Run {
        let connection = by_token(&self.server, "");
        let mut arguments = vec!["--connection", &connection, "-o", "csv"];
        arguments.extend(more);
        arguments.push(sql);
        let output = command(&arguments)
            .env("OFFICE365_CONFIG", self.folder.join("config.toml"))
            .output();
        finished(output.expect("it runs"))
    }

    /// What SQL prints.
    fn prints(&self, sql: &str) -> String {
        let run = self.run(&[], sql);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{sql}");
        run.out
    }

    /// How SQL is refused.
    fn refused(&self, sql: &str, part: &str) {
        let run = self.run(&[], sql);
        assert_ne!(run.code, Some(0), "{sql}");
        assert!(run.err.contains(part), "{sql}: {}", run.err);
    }

    /// The mails that went out.
    fn mails(&self) -> Vec<Value> {
        let seen = self.server.graph();
        let sent = seen
            .iter()
            .filter(|seen| seen.target.ends_with("/sendMail"));
        sent.map(|seen| serde_json::from_str(&seen.body).expect("JSON"))
            .collect()
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

/// Seed 001: each of its notifications, with its inputs.
#[test]
fn the_seven_notifications_go_out_with_their_values() {
    let user = User::new("seven");
    for (template, values, shown) in [
        (
            "created_user",
            "UserEmail = 'jo@contoso.com'",
            "jo@contoso.com",
        ),
        (
            "azure_storage_created",
            "StorageAccount = 'st1', Key1 = 'k1', Key2 = 'k2'",
            "k2",
        ),
        (
            "azure_storage_keys",
            "StorageAccount = 'st1', Key1 = 'k1', Key2 = 'k2'",
            "k1",
        ),
        (
            "azure_storage_keys_regenerated",
            "StorageAccount = 'st1', Key1 = 'k1', Key2 = 'k2'",
            "work no longer",
        ),
        (
            "aws_instance_created",
            "Login = 'ec2-user', ConnectionDetails = 'ssh ec2-user@192.0.2.1', PrivateKey = '-----BEGIN KEY-----'",
            "ssh ec2-user@192.0.2.1",
        ),
        (
            "vm_created",
            "Ip = '192.0.2.7', Login = 'adm', Password = 'a<b>&''\"'",
            "a&lt;b&gt;&amp;&#39;&quot;",
        ),
        (
            "vm_status",
            "Ip = '192.0.2.7', MachineStatus = 'running'",
            "running",
        ),
    ] {
        let call = format!(
            "EXEC SendNotification Template = '{template}', Recipient = 'alex@contoso.com', {values}"
        );
        assert!(user.prints(&call).contains("Success"));
        let mail = user.mails().pop().expect("a mail");
        let content = mail["message"]["body"]["content"].as_str().expect("a body");
        assert!(
            content.contains(shown) && !content.contains("{{"),
            "{content}"
        );
        assert_eq!(mail["message"]["body"]["contentType"], "html");
        let to = json!([{"emailAddress": {"address": "alex@contoso.com"}}]);
        assert_eq!(mail["message"]["toRecipients"], to);
        let files = mail["message"]["attachments"]
            .as_array()
            .map_or(0, Vec::len);
        assert_eq!(files, usize::from(template == "aws_instance_created"));
    }
    assert_eq!(user.mails().len(), 7);
    let file = &user.mails()[4]["message"]["attachments"][0];
    assert_eq!(file["name"], "PrivateKey.pem");
}

#[test]
fn a_template_is_changed_kept_and_taken_back() {
    let user = User::new("changed");
    let own = "SELECT Name, Subject FROM NotificationTemplates WHERE IsOwn";
    assert_eq!(
        user.prints("SELECT count(*) FROM NotificationTemplates"),
        "count(*)\n7\n"
    );
    user.prints("UPDATE NotificationTemplates SET Subject = 'Konto {{UserEmail}}' WHERE Name = 'created_user'");
    user.prints("INSERT INTO NotificationTemplates VALUES ('welcome', 'Hi {{Who}}', '<p>{{Who}} & more</p>', NULL)");
    assert_eq!(
        user.prints(own),
        "Name,Subject\ncreated_user,\"Konto {{UserEmail}}\"\nwelcome,\"Hi {{Who}}\"\n"
    );
    user.prints("EXEC SendNotification Template = 'created_user', Recipient = 'a@x.com', UserEmail = 'j@x.com'");
    user.prints("SELECT SendNotification('welcome', 'a@x.com', '{\"Who\": \"<Jo>\"}')");
    let subjects: Vec<Value> = user
        .mails()
        .iter()
        .map(|mail| mail["message"]["subject"].clone())
        .collect();
    assert_eq!(subjects, ["Konto j@x.com", "Hi <Jo>"]);
    assert_eq!(
        user.mails()[1]["message"]["body"]["content"],
        "<p>&lt;Jo&gt; & more</p>"
    );
    user.prints("DELETE FROM NotificationTemplates WHERE IsOwn");
    assert_eq!(user.prints(own), "");
    assert_eq!(
        user.prints("SELECT count(*) FROM NotificationTemplates"),
        "count(*)\n7\n"
    );
}

#[test]
fn changes_of_templates_are_part_of_the_transaction() {
    let user = User::new("transaction");
    let change = "UPDATE NotificationTemplates SET Subject = 'X' WHERE Name = 'vm_status'";
    let own = "SELECT count(*) FROM NotificationTemplates WHERE IsOwn";
    user.prints(&format!("BEGIN; {change}; ROLLBACK"));
    user.prints(&format!(
        "BEGIN; SAVEPOINT s; {change}; ROLLBACK TO s; COMMIT"
    ));
    user.prints(&format!("SELECT o365_dry_run(1); {change}"));
    assert_eq!(user.prints(own), "count(*)\n0\n");
    let run = user.run(&["--readonly"], change);
    assert!(run.err.contains("read-only"), "{}", run.err);
    user.prints(&format!("BEGIN; {change}; COMMIT"));
    assert_eq!(user.prints(own), "count(*)\n1\n");
    assert_eq!(requests(&user.server), 0);
}

#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    let user = User::new("wrong");
    for (sql, part) in [
        (
            "EXEC SendNotification Template = 'vm_created', Recipient = 'a@x.com', Ip = 'x'",
            "needs Login, Password",
        ),
        (
            "EXEC SendNotification Template = 'none', Recipient = 'a@x.com'",
            "created_user, vm_created, vm_status",
        ),
        (
            "EXEC SendNotification Template = 'vm_status', Recipient = ''",
            "Recipient is empty",
        ),
        (
            "SELECT SendNotification('vm_status', 'a@x.com', '[1]')",
            "Values is no JSON object",
        ),
        (
            "INSERT INTO NotificationTemplates(Name, Subject, Body) VALUES ('../x', 's', 'b')",
            "cannot name a template",
        ),
        (
            "INSERT INTO NotificationTemplates(Name, Subject, Body) VALUES ('vm_status', 's', 'b')",
            "UPDATE changes it",
        ),
        (
            "INSERT INTO NotificationTemplates(Name, Subject) VALUES ('x', 's')",
            "needs a Subject and a Body",
        ),
        (
            "UPDATE NotificationTemplates SET Name = 'y' WHERE Name = 'vm_status'",
            "Name of a template stays",
        ),
        (
            "DELETE FROM NotificationTemplates WHERE Name = 'vm_status'",
            "comes with the driver",
        ),
    ] {
        user.refused(sql, part);
    }
    std::fs::create_dir_all(user.folder.join("templates")).expect("a folder");
    std::fs::write(user.folder.join("templates/bad.html"), "no title").expect("a file");
    user.refused(
        "SELECT * FROM NotificationTemplates",
        "bad does not begin with <title>",
    );
    assert_eq!(requests(&user.server), 0);
}

/// Keys and passwords are in the mail, and nowhere else.
#[test]
fn secrets_are_shown_nowhere() {
    let user = User::new("secret");
    let call = "EXEC SendNotification Template = 'vm_created', Recipient = 'a@x.com', Ip = '192.0.2.7', Login = 'adm', Password = 'hunter2'";
    let look =
        "SELECT * FROM SendNotification; SELECT * FROM o365_writes; SELECT * FROM o365_requests";
    for more in [&["--trace"][..], &["--dry-run"]] {
        let run = user.run(more, &format!("{call}; {look}"));
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(
            !run.out.contains("hunter2") && !run.err.contains("hunter2"),
            "{run:?}"
        );
    }
    assert_eq!(user.mails().len(), 1);
    let run = user.run(&["--dry-run"], call);
    assert!(
        run.out.contains("[redacted]") && run.out.contains("adm"),
        "{}",
        run.out
    );
}
