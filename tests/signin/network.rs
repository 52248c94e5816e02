//! Ways out: authorities, proxies and what is not trusted.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};

use crate::world::{CLIENT, Home, Server};

const USERS: &str = "SELECT count(*) FROM Users";

fn application(server: &Server, more: &str) -> String {
    server.connection(&format!(
        "OAuthClientId={CLIENT};OAuthClientSecret=demo-secret;MaxRetries=0;{more}"
    ))
}

#[test]
fn an_unknown_authority_is_refused_unless_it_is_named_or_anyone_is_trusted() {
    let (home, server) = (Home::new(), Server::secure(&[]));
    let named = application(&server, "");
    assert_eq!(home.sql(&named, USERS).out, "60\n");
    // The file as somebody's name, which no directory asks for.
    let unnamed = named.replace("SSLServerCert=", "UserId=");
    let run = home.sql(&unnamed, USERS);
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(
        run.err.contains("certificate") && run.err.contains("SSLServerCert"),
        "{}",
        run.err
    );
    let run = home.sql(&format!("{unnamed};TrustSelfSigned=true"), USERS);
    assert_eq!(run.out, "60\n", "{}", run.err);
    assert!(
        run.err.contains("no server's certificate is checked"),
        "{}",
        run.err
    );
    let run = home.sql(&named.replace("ca.pem", "README.md"), USERS);
    assert!(run.err.contains("SSLServerCert"), "{}", run.err);
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let home = Home::new();
    for property in [
        "GraphUrl",
        "LoginUrl",
        "OAuthAccessTokenURL",
        "OAuthAuthorizationURL",
    ] {
        let run = home.sql(
            &format!("OAuthAccessToken=t;{property}=http://example.org"),
            USERS,
        );
        assert_eq!(run.code, Some(2), "{property}: {}", run.out);
        assert!(
            run.err.contains(property) && run.err.contains("loopback"),
            "{}",
            run.err
        );
    }
}

/// A proxy that passes on what it is asked for, and the head of each request that it saw.
fn proxy(handle: fn(TcpStream) -> Option<String>) -> (u16, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let (sender, heads) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok).take(64) {
            let sender = sender.clone();
            std::thread::spawn(move || {
                if let Some(head) = handle(stream) {
                    // A test that is over wants no more.
                    let _ = sender.send(head);
                }
            });
        }
    });
    (port, heads)
}

/// Both ways until one side ends.
fn join(client: TcpStream, server: TcpStream) {
    let (mut from, mut to) = (
        client.try_clone().expect("a socket"),
        server.try_clone().expect("a socket"),
    );
    std::thread::spawn(move || {
        let _ended = std::io::copy(&mut from, &mut to);
        let _closed = to.shutdown(std::net::Shutdown::Both);
    });
    let (mut from, mut to) = (server, client);
    std::thread::spawn(move || {
        let _ended = std::io::copy(&mut from, &mut to);
        let _closed = to.shutdown(std::net::Shutdown::Both);
    });
}

/// CONNECT, as for https.
fn http_proxy(mut client: TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.split(' ').nth(1)?.replace("localhost", "127.0.0.1");
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .ok()?;
    join(client, TcpStream::connect(target).ok()?);
    Some(head)
}

/// SOCKS5 without a login (RFC 1928).
fn socks_proxy(mut client: TcpStream) -> Option<String> {
    let mut greeting = [0; 2];
    client.read_exact(&mut greeting).ok()?;
    let mut methods = vec![0; usize::from(greeting[1])];
    client.read_exact(&mut methods).ok()?;
    client.write_all(&[5, 0]).ok()?;
    let mut request = [0; 4];
    client.read_exact(&mut request).ok()?;
    let host = match request[3] {
        1 => {
            let mut address = [0; 4];
            client.read_exact(&mut address).ok()?;
            std::net::Ipv4Addr::from(address).to_string()
        }
        4 => {
            let mut address = [0; 16];
            client.read_exact(&mut address).ok()?;
            std::net::Ipv6Addr::from(address).to_string()
        }
        _ => {
            let mut length = [0];
            client.read_exact(&mut length).ok()?;
            let mut name = vec![0; usize::from(length[0])];
            client.read_exact(&mut name).ok()?;
            String::from_utf8(name).ok()?
        }
    };
    let mut port = [0; 2];
    client.read_exact(&mut port).ok()?;
    client.write_all(&[5, 0, 0, 1, 127, 0, 0, 1, 0, 0]).ok()?;
    join(
        client,
        TcpStream::connect(("127.0.0.1", u16::from_be_bytes(port))).ok()?,
    );
    Some(host)
}

#[test]
fn requests_go_by_the_proxy_that_is_named() {
    let (home, server) = (Home::new(), Server::secure(&[]));
    let (port, heads) = proxy(http_proxy);
    let through =
        format!("ProxyServer=127.0.0.1;ProxyPort={port};ProxyUser=me;ProxyPassword=proxy-password");
    let run = home.sql(&application(&server, &through), USERS);
    assert_eq!(run.out, "60\n", "{}", run.err);
    let head = heads.recv().expect("a request");
    assert!(head.starts_with("CONNECT localhost:"), "{head}");
    assert!(
        head.to_ascii_lowercase()
            .contains("proxy-authorization: basic bwu6chjvehktcgfzc3dvcmq="),
        "{head}"
    );
    // Signing in and reading are one host here, and so one tunnel.
    while heads.try_recv().is_ok() {}
    let run = home.sql(
        &application(&server, &format!("{through};ProxyExceptions=localhost")),
        USERS,
    );
    assert_eq!(run.out, "60\n", "{}", run.err);
    assert!(heads.try_recv().is_err(), "the exception goes directly");
    let run = home.sql(
        &application(&server, "ProxyServer=127.0.0.1;ProxyPort=9"),
        USERS,
    );
    assert_eq!(run.code, Some(1), "{}", run.out);
    assert!(run.err.contains("ProxyServer"), "{}", run.err);
}

#[test]
fn requests_go_by_socks() {
    let (home, server) = (Home::new(), Server::secure(&[]));
    let (port, heads) = proxy(socks_proxy);
    let run = home.sql(
        &application(&server, &format!("ProxyServer=socks5://127.0.0.1:{port}")),
        USERS,
    );
    assert_eq!(run.out, "60\n", "{}", run.err);
    assert!(heads.recv().is_ok());
}

#[test]
fn the_environments_proxy_counts_until_none_is_said() {
    let (home, server) = (Home::new(), Server::secure(&[]));
    let (port, heads) = proxy(http_proxy);
    let run = |more: &str| {
        let connection = application(&server, more);
        let mut command = home.command(&[
            "-o",
            "csv",
            "--no-header",
            "--connection",
            &connection,
            USERS,
        ]);
        command
            .env("HTTPS_PROXY", format!("http://127.0.0.1:{port}"))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        crate::command::finished(command.output().expect("starts"))
    };
    assert_eq!(run("").out, "60\n");
    assert!(heads.recv().is_ok());
    while heads.try_recv().is_ok() {}
    assert_eq!(run("ProxyServer=none").out, "60\n");
    assert!(heads.try_recv().is_err());
}
