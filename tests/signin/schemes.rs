//! Every scheme signs in, over TLS with a private authority; and each says what is wrong where something is.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::world::{CLIENT, Home, Server, data};

/// A token of somebody else's, as the demo server is told to take it.
const FEDERATED: &str =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoieCJ9.c2ln";

/// The server of these tests, which ends with the last one that holds it: a process must not stay behind.
fn server() -> Arc<Server> {
    static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut kept = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = kept.upgrade() {
        return server;
    }
    let certificate = data("application.pem");
    let server = Arc::new(Server::secure(&[
        "--certificate",
        &certificate,
        "--federated-token",
        FEDERATED,
    ]));
    *kept = Arc::downgrade(&server);
    server
}

fn application(more: &str) -> String {
    server().connection(&format!("OAuthClientId={CLIENT};{more}"))
}

fn base64(name: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(std::fs::read(data(name)).expect("read"))
}

#[test]
fn each_scheme_signs_in() {
    let _server = server();
    let home = Home::new();
    let token = home.write("federated", FEDERATED);
    let pem = std::fs::read_to_string(data("application.pem")).expect("read");
    let (file, pfx, old) = (
        data("application.pem"),
        data("application.pfx"),
        data("legacy.pfx"),
    );
    for connection in [
        application("OAuthClientSecret=demo-secret"),
        application("AuthScheme=AzureServicePrincipal;OAuthClientSecret=demo-secret"),
        application(&format!("OAuthJWTCert={file}")),
        application(&format!(
            "AuthScheme=AzureServicePrincipalCert;OAuthJWTCertType=PEMKEY_FILE;OAuthJWTCert={file}"
        )),
        application(&format!(
            "OAuthJWTCertType=PEMKEY_BLOB;OAuthJWTCert={{{pem}}}"
        )),
        application(&format!(
            "OAuthJWTCert={pfx};OAuthJWTCertPassword=pfx-password"
        )),
        application(&format!(
            "OAuthJWTCert={pfx};OAuthJWTCertPassword=pfx-password;OAuthJWTCertSubject=main"
        )),
        application(&format!(
            "OAuthJWTCertType=PFXFILE;OAuthJWTCert={old};OAuthJWTCertPassword=pfx-password"
        )),
        application(&format!(
            "OAuthJWTCertType=PFXBLOB;OAuthJWTCert={};OAuthJWTCertPassword=pfx-password",
            base64("application.pfx")
        )),
        application(&format!("FederatedTokenFile={token}")),
        server().connection("User=adele@contoso.com;Password=demo-password"),
        server().connection("OAuthTokenCommand=echo demo-delegated-token-of-adele-vance"),
        server().connection("OAuthAccessToken=demo-delegated-token-of-adele-vance"),
    ] {
        let run = home.sql(&connection, "SELECT count(*) FROM Users");
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(0), "60\n"),
            "{connection}: {}",
            run.err
        );
    }
}

/// Azure's own variables fill what is not said.
#[test]
fn the_variables_of_the_azure_sdk_count() {
    let _server = server();
    let home = Home::new();
    let connection = format!(
        "GraphUrl={0};SSLServerCert={1}",
        server().origin,
        data("ca.pem")
    );
    let run = |variables: &[(&str, String)]| {
        let mut command = home.command(&[
            "-o",
            "csv",
            "--no-header",
            "--connection",
            &connection,
            "SELECT count(*) FROM Users",
        ]);
        command
            .env("AZURE_AUTHORITY_HOST", &server().origin)
            .env("AZURE_TENANT_ID", "contoso.com")
            .env("AZURE_CLIENT_ID", CLIENT)
            .envs(
                variables
                    .iter()
                    .map(|(name, value)| (*name, value.as_str())),
            );
        crate::command::finished(command.output().expect("starts"))
    };
    let token = home.write("federated", FEDERATED);
    for variables in [
        vec![("AZURE_CLIENT_SECRET", "demo-secret".to_owned())],
        vec![
            ("AZURE_CLIENT_CERTIFICATE_PATH", data("application.pfx")),
            (
                "AZURE_CLIENT_CERTIFICATE_PASSWORD",
                "pfx-password".to_owned(),
            ),
        ],
        vec![("AZURE_FEDERATED_TOKEN_FILE", token)],
    ] {
        let run = run(&variables);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(0), "60\n"),
            "{variables:?}: {}",
            run.err
        );
    }
}

#[test]
fn the_machine_signs_in() {
    let _server = server();
    let home = Home::new();
    let connection = server().connection("AuthScheme=AzureMSI");
    let run = |variables: &[(&str, &str)]| {
        let mut command = home.command(&[
            "-o",
            "csv",
            "--no-header",
            "--connection",
            &connection,
            "SELECT count(*) FROM Users",
        ]);
        crate::command::finished(
            command
                .envs(variables.iter().copied())
                .output()
                .expect("starts"),
        )
    };
    let app_service = format!("{}/msi/token", server().origin);
    for variables in [
        vec![(
            "AZURE_POD_IDENTITY_AUTHORITY_HOST",
            server().origin.as_str(),
        )],
        vec![
            ("IDENTITY_ENDPOINT", app_service.as_str()),
            ("IDENTITY_HEADER", "demo-identity-header"),
        ],
    ] {
        let run = run(&variables);
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(0), "60\n"),
            "{variables:?}: {}",
            run.err
        );
    }
    let wrong = run(&[
        ("IDENTITY_ENDPOINT", app_service.as_str()),
        ("IDENTITY_HEADER", "guessed"),
    ]);
    assert_eq!(wrong.code, Some(3), "{}", wrong.err);
    assert!(
        wrong.err.contains("the machine's identity gave no token"),
        "{}",
        wrong.err
    );
    let elsewhere = run(&[
        ("IDENTITY_ENDPOINT", "http://192.0.2.1/msi/token"),
        ("IDENTITY_HEADER", "x"),
    ]);
    assert!(
        elsewhere.err.contains("no address of this machine"),
        "{}",
        elsewhere.err
    );
}

/// `az` as it is on a machine where somebody signed in with it, and where nobody did.
#[cfg(unix)]
#[test]
fn the_azure_cli_signs_in() {
    let _server = server();
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let connection = server().connection("AuthScheme=AzureCLI");
    let run = |script: &str| {
        let az = home.write("az", script);
        std::fs::set_permissions(&az, std::fs::Permissions::from_mode(0o755)).expect("allowed");
        let path = format!("{}:/usr/bin:/bin", home.0.display());
        let mut command = home.command(&[
            "-o",
            "csv",
            "--no-header",
            "--connection",
            &connection,
            "SELECT count(*) FROM Users",
        ]);
        crate::command::finished(command.env("PATH", path).output().expect("starts"))
    };
    let signed_in = run(
        "#!/bin/sh\ncase \"$*\" in *'--resource https://localhost:'*' --tenant contoso.com') echo '{\"accessToken\":\"demo-delegated-token-of-adele-vance\",\"expires_on\":4102444800}' ;; *) exit 2 ;; esac\n",
    );
    assert_eq!(
        (signed_in.code, signed_in.out.as_str()),
        (Some(0), "60\n"),
        "{}",
        signed_in.err
    );
    let nobody =
        run("#!/bin/sh\necho \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n");
    assert_eq!(nobody.code, Some(3));
    assert!(
        nobody.err.contains("Please run 'az login'") && nobody.err.contains("Run az login"),
        "{}",
        nobody.err
    );
}

#[test]
fn what_is_wrong_is_said_with_what_to_do() {
    let _server = server();
    let home = Home::new();
    let (foreign, encrypted, pfx, key) = (
        data("foreign.pem"),
        data("encrypted.pem"),
        data("application.pfx"),
        data("server.key"),
    );
    for (connection, code, parts) in [
        (
            application("OAuthClientSecret=wrong"),
            3,
            vec!["AADSTS7000215", "the secret's value, not its id"],
        ),
        (
            application(&format!("OAuthJWTCert={foreign}")),
            3,
            vec!["AADSTS700027", "Upload this certificate"],
        ),
        (
            application(&format!("OAuthJWTCert={encrypted}")),
            3,
            vec!["its private key is encrypted", "openssl pkey"],
        ),
        (
            application(&format!("OAuthJWTCert={pfx};OAuthJWTCertPassword=wrong")),
            3,
            vec!["OAuthJWTCertPassword is wrong"],
        ),
        (
            application(&format!(
                "OAuthJWTCert={pfx};OAuthJWTCertPassword=pfx-password;OAuthJWTCertSubject=nobody"
            )),
            3,
            vec!["it holds no such key"],
        ),
        (
            application(&format!("OAuthJWTCert={key}")),
            3,
            vec!["it holds no certificate", "cat key.pem cert.pem"],
        ),
        (
            application("OAuthJWTCert=/nowhere.pem"),
            3,
            vec!["/nowhere.pem cannot be read"],
        ),
        (
            application("OAuthJWTCert=x;OAuthJWTCertType=JKSFILE"),
            2,
            vec!["JKSFILE", "keytool -importkeystore"],
        ),
        (
            application("FederatedTokenFile=/nowhere"),
            3,
            vec!["FederatedTokenFile /nowhere cannot be read"],
        ),
        (
            server().connection("User=adele@contoso.com;Password=wrong"),
            3,
            vec![
                "AADSTS50126",
                "password is wrong",
                "Microsoft is switching it off",
            ],
        ),
        (
            server().connection("User=nobody@contoso.com;Password=demo-password"),
            3,
            vec!["AADSTS50034", "not in this tenant"],
        ),
        (
            server().connection("OAuthRefreshToken=never"),
            3,
            vec!["AADSTS70000", "office365 login"],
        ),
        (
            server().connection("OAuthTokenCommand={echo hush >&2; exit 3}"),
            3,
            vec!["OAuthTokenCommand gave no token", "by hand"],
        ),
        (
            server().connection("OAuthTokenCommand=echo"),
            3,
            vec!["printed no token"],
        ),
        (
            server().connection("OAuthTokenCommand=sleep 30;Timeout=1"),
            3,
            vec!["longer than 1 s"],
        ),
        (
            application("OAuthClientSecret=demo-secret;Scope=Mail.Read"),
            3,
            vec!["AADSTS70011", "Check Scope"],
        ),
        (
            server().connection("OAuthClientId=not-an-application;OAuthClientSecret=demo-secret"),
            3,
            vec!["AADSTS700016", "not an application of this tenant"],
        ),
    ] {
        let run = home.sql(&connection, "SELECT count(*) FROM Users");
        assert_eq!(run.code, Some(code), "{connection}: {}", run.err);
        for part in parts {
            assert!(run.err.contains(part), "{part} in {}", run.err);
        }
        assert!(!run.err.contains("hush"), "{}", run.err);
    }
    let elsewhere =
        application("OAuthClientSecret=demo-secret").replace("contoso.com", "nowhere.example");
    let run = home.sql(&elsewhere, "SELECT count(*) FROM Users");
    assert!(
        run.err.contains("AADSTS90002") && run.err.contains("Check AzureTenant"),
        "{}",
        run.err
    );
}

#[test]
fn an_application_has_no_mailbox_of_its_own() {
    let _server = server();
    let home = Home::new();
    let connection = application("OAuthClientSecret=demo-secret");
    let run = home.sql(&connection, "SELECT subject FROM Messages LIMIT 1");
    assert!(
        run.err.contains("has no mailbox") && run.err.contains("UserId"),
        "{}",
        run.err
    );
    let run = home.sql(
        &format!("{connection};UserId=adele@contoso.com"),
        "SELECT count(*) > 0 FROM MailFolders",
    );
    assert_eq!(run.out, "1\n", "{}", run.err);
}
