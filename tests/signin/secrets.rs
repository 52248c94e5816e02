//! No secret is printed, whatever is asked, however loudly.

use crate::command::{Run, finished};
use crate::world::{CLIENT, Home, Server, data, get, login};

/// Every text of a file of tokens that is one.
fn tokens(home: &Home) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(home.file("tokens")).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(path).expect("read");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        for entry in json["tokens"].as_array().expect("entries") {
            for name in ["access_token", "refresh_token"] {
                found.extend(entry[name].as_str().map(str::to_owned));
            }
        }
    }
    found
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let certificate = data("application.pem");
    let home = Home::new();
    let server = Server::start(&["--certificate", &certificate, "--token-lifetime", "4"]);
    let mut runs: Vec<Run> = Vec::new();
    let waiting = login(&home, &["--connection", &server.connection("")]);
    let (_, location, _) = get(&waiting.url);
    let location = location.expect("a redirect");
    get(&location);
    runs.push(waiting.end());
    let code = location
        .split("code=")
        .nth(1)
        .and_then(|rest| rest.split('&').next())
        .expect("a code");
    let mut secrets = vec![code.to_owned()];
    secrets.extend(tokens(&home));

    let pem = std::fs::read_to_string(&certificate).expect("read");
    secrets.extend(pem.lines().skip(3).take(3).map(str::to_owned));
    let application = |more: &str| server.connection(&format!("OAuthClientId={CLIENT};{more}"));
    let given = [
        ("demo-secret", application("OAuthClientSecret=demo-secret")),
        (
            "wrong-secret",
            application("OAuthClientSecret=wrong-secret"),
        ),
        (
            "pfx-password",
            application(&format!(
                "OAuthJWTCert={};OAuthJWTCertPassword=pfx-password",
                data("application.pfx")
            )),
        ),
        (
            "pfx-mistaken",
            application(&format!(
                "OAuthJWTCert={};OAuthJWTCertPassword=pfx-mistaken",
                data("application.pfx")
            )),
        ),
        (
            "demo-password",
            server.connection("User=adele@contoso.com;Password=demo-password"),
        ),
        (
            "wrong-password",
            server.connection("User=adele@contoso.com;Password=wrong-password"),
        ),
        (
            "never-a-refresh-token",
            server.connection("OAuthRefreshToken=never-a-refresh-token"),
        ),
        (
            "never-a-token",
            server.connection("OAuthAccessToken=never-a-token"),
        ),
        (
            "proxy-password",
            application(
                "OAuthClientSecret=demo-secret;ProxyServer=127.0.0.1;ProxyPort=9;ProxyUser=u;ProxyPassword=proxy-password;MaxRetries=0",
            ),
        ),
        (
            "",
            application(&format!(
                "OAuthJWTCertType=PEMKEY_BLOB;OAuthJWTCert={{{pem}}}"
            )),
        ),
        ("", "Profile=default".to_owned()),
    ];
    let all = "SELECT displayName FROM Users LIMIT 1; SELECT * FROM o365_requests; SELECT o365_connection(); \
               SELECT o365_last_error(); SELECT * FROM sys_connection_props; SELECT * FROM o365_cache; SELECT * FROM o365_writes; \
               EXPLAIN QUERY PLAN SELECT displayName FROM Users;";
    for (secret, connection) in &given {
        if !secret.is_empty() {
            secrets.push((*secret).to_owned());
        }
        for arguments in [
            vec!["--trace", "-o", "json", "--connection", connection, all],
            vec![
                "--trace",
                "--dry-run",
                "--write",
                "--connection",
                connection,
                "EXEC SendMail ToRecipients = 'a@b.example', Subject = 's'",
            ],
            vec!["status", "--connection", connection],
            vec!["test", "--connection", connection],
            vec![
                "login",
                "--profile",
                "kept",
                "--no-browser",
                "--connection",
                connection,
            ],
        ] {
            runs.push(home.run(&arguments));
        }
    }
    // A renewal in between, and the shell with its own commands.
    std::thread::sleep(std::time::Duration::from_millis(4_200));
    let mut shell = home.command(&["--trace", "-"]);
    let script = home.write("script", "SELECT displayName FROM Users LIMIT 1;\n.status\n.requests\n.show\nSELECT o365_connection();\n");
    shell.stdin(std::fs::File::open(script).expect("a script"));
    runs.push(finished(shell.output().expect("starts")));
    runs.push(home.run(&["profile", "show", "default"]));
    runs.push(home.run(&["logout"]));
    secrets.extend(tokens_of_store(&home));

    assert!(secrets.len() > 12, "{}", secrets.len());
    for run in &runs {
        for secret in &secrets {
            assert!(
                !run.out.contains(secret.as_str()) && !run.err.contains(secret.as_str()),
                "a secret in: {} {}",
                run.out,
                run.err
            );
        }
    }
    let config = std::fs::read_to_string(home.file("config.toml")).expect("there");
    assert!(
        !secrets
            .iter()
            .any(|secret| config.contains(secret.as_str())),
        "{config}"
    );
}

/// What is left after a logout, which is nothing of the profile that signed out.
fn tokens_of_store(home: &Home) -> Vec<String> {
    let left = tokens(home);
    let text = std::fs::read_to_string(home.file("tokens/default.json")).expect("there");
    assert!(!text.contains("refresh_token"), "{text}");
    left
}
