//! Named connections: where their secrets come from, which one counts, several at once.

use crate::command::finished;
use crate::world::{CLIENT, Home, Server};

fn config(server: &Server, secret: &str) -> String {
    format!(
        "default = \"app\"\n\n# Kept.\n[profile.app]\nGraphUrl = \"{0}\"\nLoginUrl = \"{0}\"\nAzureTenant = \"contoso.com\"\nOAuthClientId = \"{CLIENT}\"\nMaxConcurrency = 4\n{secret}\n",
        server.origin
    )
}

#[test]
fn secrets_come_from_elsewhere() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let file = home.write("secret", "demo-secret\n");
    let count = |secret: &str| {
        home.write("config.toml", &config(&server, secret));
        let mut command = home.command(&["-o", "csv", "--no-header", "SELECT count(*) FROM Users"]);
        finished(
            command
                .env("CONTOSO_SECRET", "demo-secret")
                .output()
                .expect("starts"),
        )
    };
    for secret in [
        "OAuthClientSecret = \"demo-secret\"".to_owned(),
        "OAuthClientSecret.env = \"CONTOSO_SECRET\"".to_owned(),
        format!("OAuthClientSecret.file = \"{file}\""),
        "OAuthClientSecret = { command = \"echo demo-secret\" }".to_owned(),
    ] {
        let run = count(&secret);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(0), "60\n"),
            "{secret}: {}",
            run.err
        );
    }
    for (secret, part) in [
        (
            "OAuthClientSecret.env = \"NO_SUCH_VARIABLE\"",
            "set NO_SUCH_VARIABLE",
        ),
        ("OAuthClientSecret.file = \"/nowhere\"", "/nowhere"),
        ("OAuthClientSecret.command = \"exit 1\"", "by hand"),
        (
            "OAuthClientSecret.prompt = \"Secret\"",
            "no terminal to ask on",
        ),
        (
            "OAuthClientSecret.vault = \"x\"",
            "use .env, .file, .command or .prompt",
        ),
        ("OAuthClientSecret = [\"demo-secret\"]", "is no text"),
        (
            "OAuthClientSecert = \"demo-secret\"",
            "did you mean OAuthClientSecret?",
        ),
        ("Profile = \"other\"", "cannot name another one"),
        ("OAuthClientSecret = \"demo-secret", "is no TOML"),
    ] {
        let run = count(secret);
        assert_eq!(run.code, Some(1), "{secret}: {}", run.out);
        assert!(
            run.err.contains(part) && !run.err.contains("demo-secret"),
            "{secret}: {}",
            run.err
        );
    }
}

#[test]
fn one_counts_when_none_is_named() {
    let (home, server) = (Home::new(), Server::start(&[]));
    home.write(
        "config.toml",
        &config(&server, "OAuthClientSecret = \"demo-secret\""),
    );
    let set = home.run(&["profile", "set", "demo", "Demo=true"]);
    assert_eq!(set.code, Some(0), "{}", set.err);
    assert!(
        std::fs::read_to_string(home.file("config.toml"))
            .expect("there")
            .contains("# Kept.")
    );
    assert_eq!(home.run(&["profile"]).out, "* app\n  demo\n");
    let url = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut all = vec!["-o", "csv", "--no-header"];
        all.extend_from_slice(arguments);
        all.push("SELECT o365_connection()");
        let mut command = home.command(&all);
        finished(
            command
                .envs(variables.iter().copied())
                .output()
                .expect("starts"),
        )
        .out
    };
    assert!(url(&[], &[]).contains("Profile=app;"));
    assert!(url(&["--profile", "demo"], &[]).contains("Profile=demo;"));
    assert!(url(&[], &[("OFFICE365_PROFILE", "demo")]).contains("Profile=demo;"));
    // A connection of its own stands alone.
    let own = url(&[], &[("OFFICE365_CONNECTION", "OAuthAccessToken=x")]);
    assert!(
        own.contains("OAuthAccessToken=[redacted]") && !own.contains("Profile="),
        "{own}"
    );
    assert!(!url(&["--demo"], &[]).contains("Profile="));
    assert!(!url(&[], &[]).contains("demo-secret"));
    assert_eq!(home.run(&["profile", "use", "demo"]).code, Some(0));
    assert_eq!(home.run(&["profile", "list"]).out, "  app\n* demo\n");
    assert_eq!(home.run(&["profile", "remove", "demo"]).code, Some(0));
    assert_eq!(home.run(&["profile", "list"]).out, "  app\n");
    let shown = home.run(&["profile", "show", "app"]);
    assert!(
        shown.out.contains("OAuthClientSecret = [redacted]\n")
            && !shown.out.contains("demo-secret"),
        "{}",
        shown.out
    );
    for (arguments, part) in [
        (vec!["profile", "show", "none"], "There are app"),
        (vec!["profile", "set", "a/b", "Demo=true"], "no / and no :"),
        (vec!["profile", "set", "a:b", "Demo=true"], "no / and no :"),
        (
            vec!["profile", "set", "x", "OAuthClientSecret=hush"],
            "OAuthClientSecret.env",
        ),
        (
            vec!["--profile", "none", "SELECT 1"],
            "has no profile `none`",
        ),
    ] {
        let run = home.run(&arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {}", run.out);
        assert!(
            run.err.contains(part) && !run.err.contains("hush"),
            "{arguments:?}: {}",
            run.err
        );
    }
}

/// Two identities in one query, and a write that goes to the tenant of its own table.
#[test]
fn several_connections_meet_in_one_session() {
    let (home, server) = (Home::new(), Server::start(&[]));
    home.write(
        "config.toml",
        &config(
            &server,
            "OAuthClientSecret = \"demo-secret\"\nUserId = \"alex@contoso.com\"",
        ),
    );
    assert_eq!(
        home.sign_in(&server, &["--profile", "me", "--write"]).code,
        Some(0)
    );
    let run = home.run(&[
        "-o", "csv", "--no-header", "--demo", "--write",
        "SELECT o365_attach('app', 'Profile=app') > 70, o365_attach('mine', 'Profile=me;UserId=adele@contoso.com') > 70;
         SELECT (SELECT count(*) FROM app.Users), (SELECT count(*) > 0 FROM mine.MailFolders), (SELECT count(*) FROM Users);
         INSERT INTO mine.Messages(subject) VALUES ('from another tenant');
         SELECT (SELECT count(*) FROM mine.Messages WHERE subject = 'from another tenant'), (SELECT count(*) FROM Messages WHERE subject = 'from another tenant');",
    ]);
    assert_eq!(
        (run.code, run.out.as_str()),
        (Some(0), "1,1\n60,1,60\n1,0\n"),
        "{}",
        run.err
    );
    for (connection, part) in [
        ("Profile=none", "has no profile"),
        ("OAuthClientSecret=hush", "takes Profile and UserId only"),
        (
            "GraphUrl=https://example.org",
            "takes Profile and UserId only",
        ),
    ] {
        let run = home.run(&[
            "--demo",
            &format!("SELECT o365_attach('x', '{connection}')"),
        ]);
        assert_eq!(run.code, Some(1), "{}", run.out);
        assert!(
            run.err.contains(part) && !run.err.contains("hush"),
            "{}",
            run.err
        );
    }
}

/// The shell's own commands.
#[test]
fn the_shell_signs_in_and_changes_profiles() {
    let (home, server) = (Home::new(), Server::start(&[]));
    home.write(
        "config.toml",
        &config(&server, "OAuthClientSecret = \"demo-secret\""),
    );
    let connection = server.connection("AuthScheme=DeviceCode");
    assert_eq!(
        home.run(&["profile", "set", "me", &connection]).code,
        Some(0)
    );
    let script = home.write(
        "script",
        ".mode list\n.profile\nSELECT count(*) FROM Users;\n.login me\nSELECT count(*) > 0 FROM MailFolders;\n.profile app\nSELECT count(*) FROM Groups WHERE displayName = 'x';\n.profile none\n",
    );
    let mut shell = home.command(&["-"]);
    shell.stdin(std::fs::File::open(script).expect("a script"));
    let run = finished(shell.output().expect("starts"));
    assert!(
        run.out.starts_with("* app\n  me\n60\n"),
        "{} {}",
        run.out,
        run.err
    );
    assert!(
        run.out
            .contains("Signed in as adele@contoso.com, profile me.\n"),
        "{} {}",
        run.out,
        run.err
    );
    assert!(run.out.ends_with("\n1\n0\n"), "{} {}", run.out, run.err);
    assert!(run.err.contains("has no profile `none`"), "{}", run.err);
}

#[test]
fn requests_are_noted_in_a_file() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let log = home.file("requests.log");
    let connection = server.connection(&format!(
        "OAuthClientId={CLIENT};OAuthClientSecret=demo-secret;Logfile={}",
        log.display()
    ));
    assert_eq!(
        home.sql(&connection, "SELECT count(*) FROM Users").out,
        "60\n"
    );
    assert_eq!(
        home.sql(&connection, "SELECT count(*) FROM Groups").code,
        Some(0)
    );
    let text = std::fs::read_to_string(&log).expect("noted");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(
        lines[0].contains(" GET http")
            && lines[0].contains("/v1.0/users?")
            && lines[0].contains("→ 200"),
        "{text}"
    );
    assert!(
        !text.contains("demo-secret") && !text.contains("Bearer"),
        "{text}"
    );
    let nowhere = connection.replace("requests.log", "no/such/folder.log");
    let run = home.sql(&nowhere, "SELECT count(*) FROM Users");
    assert!(run.err.contains("Logfile"), "{}", run.err);
}
