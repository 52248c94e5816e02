//! Tokens are kept safely, renewed once however many wait, and lost by nobody.

use crate::command::finished;
use crate::world::{CLIENT, Home, Server};

const TRY: &str = "SELECT count(*) > 0 FROM MailFolders";

#[cfg(unix)]
#[test]
fn the_owner_alone_can_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let (home, server) = (Home::new(), Server::start(&[]));
    assert_eq!(home.sign_in(&server, &[]).code, Some(0));
    let mode = |name: &str| {
        std::fs::metadata(home.file(name))
            .expect("there")
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("tokens"), 0o700);
    assert_eq!(mode("tokens/default.json"), 0o600);
    assert_eq!(mode("config.toml"), 0o600);
    std::fs::set_permissions(
        home.file("tokens/default.json"),
        std::fs::Permissions::from_mode(0o644),
    )
    .expect("allowed");
    let status = home.run(&["status"]);
    assert!(
        status.out.contains("others can read it: chmod 600"),
        "{}",
        status.out
    );
}

/// With refresh tokens that are good once only, a second renewal of the same one ends the sign-in.
#[test]
fn ten_processes_renew_once() {
    let (home, server) = (
        Home::new(),
        Server::start(&["--refresh-strict", "--token-lifetime", "2"]),
    );
    assert_eq!(home.sign_in(&server, &[]).code, Some(0));
    for _ in 0..2 {
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        let children: Vec<_> = (0..10)
            .map(|_| {
                home.command(&["-o", "csv", "--no-header", TRY])
                    .spawn()
                    .expect("starts")
            })
            .collect();
        for child in children {
            let run = finished(child.wait_with_output().expect("ends"));
            assert_eq!(
                (run.code, run.out.as_str()),
                (Some(0), "1\n"),
                "{}",
                run.err
            );
        }
    }
    let left: Vec<_> = std::fs::read_dir(home.file("tokens"))
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn what_cannot_be_kept_is_told() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let file = home.write("a-file", "");
    let connection = server.connection(&format!("OAuthSettingsLocation={file}/tokens.json"));
    let run = home.run(&["login", "--device", "--connection", &connection]);
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(
        run.err.contains("the token store") && run.err.contains("OAuthSettingsLocation"),
        "{}",
        run.err
    );
    let spoilt = home.write("spoilt.json", "{\"version\": 1, \"tok");
    let run = home.sql(
        &server.connection(&format!(
            "AuthScheme=AzureAD;OAuthSettingsLocation={spoilt}"
        )),
        TRY,
    );
    assert_eq!(run.code, Some(3), "{}", run.out);
    assert!(
        run.err.contains("is not what office365 wrote"),
        "{}",
        run.err
    );
}

#[test]
fn an_applications_token_is_shared_where_a_store_is_named() {
    let (home, server) = (Home::new(), Server::start(&[]));
    let store = home.file("shared.json");
    let kept = format!(
        "OAuthClientId={CLIENT};OAuthClientSecret=demo-secret;OAuthSettingsLocation={}",
        store.display()
    );
    let first = home.sql(&server.connection(&kept), "SELECT count(*) FROM Users");
    assert_eq!(first.out, "60\n", "{}", first.err);
    let text = std::fs::read_to_string(&store).expect("kept");
    assert!(!text.contains("demo-secret"), "{text}");
    // The second run asks for no token: where they come from does not exist.
    let elsewhere = format!(
        "{};OAuthAccessTokenURL=http://localhost:9/none",
        server.connection(&kept)
    );
    let second = home.sql(&elsewhere, "SELECT count(*) FROM Users");
    assert_eq!(second.out, "60\n", "{}", second.err);
    let unkept = home.sql(
        &elsewhere.replace(store.to_str().expect("UTF-8"), "memory://"),
        "SELECT count(*) FROM Users",
    );
    assert_eq!(unkept.code, Some(1), "{}", unkept.out);
}

/// A network that ends in the middle of a renewal costs the statement, and not the sign-in.
#[test]
fn a_cut_connection_loses_no_sign_in() {
    let (home, server) = (Home::new(), Server::start(&["--token-lifetime", "1"]));
    assert_eq!(home.sign_in(&server, &[]).code, Some(0));
    let before = std::fs::read_to_string(home.file("tokens/default.json")).expect("kept");
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    let cut = home.sql(
        "Profile=default;MaxRetries=0;OAuthAccessTokenURL=http://localhost:9/none",
        TRY,
    );
    assert_eq!(cut.code, Some(1), "{}", cut.out);
    assert!(
        cut.err.contains("the identity platform did not answer"),
        "{}",
        cut.err
    );
    assert_eq!(
        std::fs::read_to_string(home.file("tokens/default.json")).expect("kept"),
        before
    );
    assert_eq!(home.run(&["-o", "csv", "--no-header", TRY]).out, "1\n");
}

#[test]
fn switched_off_nothing_is_renewed() {
    let (home, server) = (Home::new(), Server::start(&["--token-lifetime", "1"]));
    assert_eq!(home.sign_in(&server, &[]).code, Some(0));
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    let off = home.sql("Profile=default;InitiateOAuth=OFF", TRY);
    assert_eq!(off.code, Some(3), "{}", off.out);
    assert!(off.err.contains("office365 login"), "{}", off.err);
}
