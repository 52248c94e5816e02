//! What the driver costs, as ratios within one run: machines are shared and noisy.
//!
//! `cargo bench` prints a table: decoding, scans with and without the cache, paging against the lower
//! bound of one chain (requests × latency), the end of an interrupted statement.

use std::time::{Duration, Instant};

use office365::catalog;
use office365::decode::Shape;
use office365::demo::faults::Faults;
use office365::demo::server::{Server, ServerOptions};
use office365::sqlite::{Access, host};
use rusqlite::Connection;

fn main() {
    decode();
    scan();
    paging();
    interrupt();
}

/// The best of several runs, in milliseconds.
fn best(mut run: impl FnMut()) -> f64 {
    (0..5)
        .map(|_| {
            let clock = Instant::now();
            run();
            clock.elapsed().as_secs_f64() * 1e3
        })
        .fold(f64::INFINITY, f64::min)
}

fn connect(text: &str) -> Connection {
    let connection = host::open(None, Access::Full).expect("memory opens");
    connection
        .query_row("SELECT o365_connect(?1)", [text], |_| Ok(()))
        .expect("a connection string");
    connection
}

fn count(connection: &Connection, sql: &str) -> i64 {
    connection
        .query_row(sql, [], |row| row.get(0))
        .expect("a number")
}

/// A page of a thousand messages: wanted columns against parsing everything.
fn decode() {
    let row = r#"{"@odata.etag":"W/\"x\"","id":"AAMkAGI2TGuLAAA=","subject":"Größe und Maße","isRead":false,"receivedDateTime":"2026-02-13T03:53:55Z","from":{"emailAddress":{"name":"Adele Vance","address":"adele@contoso.com"}},"body":{"contentType":"html","content":"<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit</p>"}}"#;
    let page = format!("{{\"value\":[{}]}}", vec![row; 1000].join(","));
    let table = catalog::table("Messages").expect("a table");
    let columns: Vec<usize> = ["subject", "from/emailAddress/address", "receivedDateTime"]
        .iter()
        .filter_map(|path| table.property(path))
        .collect();
    let shape = Shape::new(table, &columns, &[], None);
    let wanted = best(|| assert_eq!(shape.page(page.as_bytes()).expect("a page").len(), 1000));
    let everything = best(|| {
        serde_json::from_str::<serde_json::Value>(&page).expect("JSON");
    });
    println!(
        "decode 1,000 messages, 3 columns: {wanted:.2} ms ({:.0} MB/s), {:.1} times as fast as serde_json::Value",
        page.len() as f64 / 1e3 / wanted,
        everything / wanted
    );
}

/// 1,200 messages of the demo tenant: from the tenant, from the cache, from a native table.
fn scan() {
    let connection = connect("Demo=true");
    let sql = "SELECT sum(length(subject)) FROM Messages";
    let fresh = best(|| {
        count(&connection, "SELECT o365_cache_clear()");
        count(&connection, sql);
    });
    let kept = best(|| {
        count(&connection, sql);
    });
    connection
        .execute_batch("CREATE TABLE native AS SELECT subject FROM Messages")
        .expect("a copy");
    let native = best(|| {
        count(&connection, "SELECT sum(length(subject)) FROM native");
    });
    println!(
        "scan 1,200 messages: {fresh:.2} ms fresh, {kept:.2} ms from the cache ({:.1} times a native table)",
        kept / native
    );
}

/// A chain of pages behind a latency: T >= requests x latency.
fn paging() {
    let latency = 50;
    let server = Server::start(ServerOptions {
        latency_ms: latency,
        ..ServerOptions::default()
    })
    .expect("a server");
    let url = server.url();
    let connection = connect(&format!(
        "AzureTenant=contoso.com;OAuthClientId=bench;OAuthClientSecret=demo-secret;GraphUrl={url};\
         LoginUrl={url};UserId=adele@contoso.com;Pagesize=100;CacheTTL=0"
    ));
    count(
        &connection,
        "SELECT count(*) FROM (SELECT id FROM Users LIMIT 1)",
    );
    server.clear_requests();
    let clock = Instant::now();
    count(&connection, "SELECT sum(length(subject)) FROM Messages");
    let took = clock.elapsed().as_secs_f64() * 1e3;
    let requests = server.requests().len();
    println!(
        "paging, {latency} ms latency: {requests} requests in {took:.0} ms, {:.2} times the lower bound",
        took / (requests as f64 * latency as f64)
    );
}

/// How long a statement goes on after an interrupt while its request hangs.
fn interrupt() {
    let server = Server::start(ServerOptions {
        faults: Faults {
            rules: vec!["hang@path=/messages".parse().expect("a fault")],
        },
        ..ServerOptions::default()
    })
    .expect("a server");
    let url = server.url();
    let connection = connect(&format!(
        "AzureTenant=contoso.com;OAuthClientId=bench;OAuthClientSecret=demo-secret;GraphUrl={url};\
         LoginUrl={url};UserId=adele@contoso.com"
    ));
    let handle = connection.get_interrupt_handle();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        let _ = sender.send(Instant::now());
        handle.interrupt();
    });
    let ended = connection.query_row("SELECT subject FROM Messages", [], |_| Ok(()));
    let waited = receiver.recv().expect("the interrupt was sent").elapsed();
    assert!(ended.is_err(), "a hanging request has no rows");
    println!(
        "interrupt while a request hangs: ended after {:.0} ms",
        waited.as_secs_f64() * 1e3
    );
}
