//! Microsoft's own sign-in library (MSAL for Python) signs in to the demo tenant in all its ways.

use std::path::{Path, PathBuf};

use office365::demo::server::{Server, ServerOptions};
use office365::demo::tls::Tls;
use office365::demo::{Certificate, Options, SignInOptions};

use crate::host::{PYTHON, command, folder, missing, prepared, program, run};

const PACKAGE: &str = "msal-1.39.0";

/// A key and a certificate that openssl makes for it.
fn certificate(openssl: &Path, folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let key = folder.join(format!("{name}-key.pem"));
    let own = folder.join(format!("{name}.pem"));
    let mut openssl = command(openssl);
    openssl
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", &format!("/CN={name}")])
        .args(["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&own);
    run(&mut openssl).output();
    (key, own)
}

fn text(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a text that openssl wrote")
}

#[test]
fn msal_signs_in_in_all_its_ways() {
    let package = prepared().join(PACKAGE);
    if !package.join(".complete").is_file() || !Path::new(PYTHON).is_file() {
        missing(PACKAGE);
        return;
    }
    let Some(openssl) = program("openssl") else {
        return;
    };
    let folder = folder("msal");
    let (tls_key, tls) = certificate(&openssl, &folder, "service");
    let (key, own) = certificate(&openssl, &folder, "application");
    let sign_in = SignInOptions {
        certificates: vec![Certificate::from_pem(&text(&own)).expect("a certificate")],
        refresh_strict: true,
        device_manual: true,
        ..SignInOptions::default()
    };
    let server = Server::start(ServerOptions {
        tenant: Options {
            sign_in,
            ..Options::default()
        },
        tls: Some(Tls {
            certificate: text(&tls),
            key: text(&tls_key),
        }),
        ..ServerOptions::default()
    })
    .expect("a free port");
    let url = server.url().replace("127.0.0.1", "localhost");
    let mut python = command(Path::new(PYTHON));
    python
        .env("PYTHONPATH", &package)
        .arg("-B")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/msal_signin.py"))
        .arg(url)
        .args([&tls, &key, &own]);
    let finished = run(&mut python);
    assert_eq!(
        finished.output(),
        "client secret 200\n\
         wrong secret refused: invalid_client 7000215\n\
         certificate, SHA-256 200\n\
         certificate, SHA-1 200\n\
         wrong certificate refused: invalid_client 700027\n\
         password 200\n\
         refresh 200\n\
         refresh again 200\n\
         wrong password refused: invalid_grant 50126\n\
         device code 200\n\
         declined refused: authorization_declined 65004\n\
         code 200\n\
         code of a server 200\n\
         identity of a machine 200\n\
         identity that was assigned 200\n\
         identity of a service 200\n"
    );
}
