//! The library in Python, with SQLites from the oldest served to the newest: the same checks print the
//! same in all of them.

use crate::host::{NEWEST, PYSQLITE3, PYTHONS, Python, REFERENCE, TOO_OLD, run};

/// One check in all hosts that are there.
#[track_caller]
fn everywhere(check: &str, expected: &str) {
    for host in PYTHONS {
        if host.present() {
            same(host, check, expected);
        }
    }
}

#[track_caller]
fn same(host: Python, check: &str, expected: &str) {
    let finished = run(&mut host.check(check, &[]));
    let output = finished.output();
    assert_eq!(output, expected, "{} {}", host.driver, host.sqlite);
}

#[test]
fn it_loads_and_the_host_is_the_one_meant() {
    for host in PYTHONS {
        if host.present() {
            let expected = format!("'{}' | '{}'\n", host.sqlite, env!("CARGO_PKG_VERSION"));
            same(host, "versions", &expected);
        }
    }
}

#[test]
fn each_entry_point_gives_its_own_access() {
    everywhere(
        "entries",
        "'sqlite3_extension_init' | 1\n\
         no error\n\
         'sqlite3_office_init' | 1\n\
         no error\n\
         'office365_readonly_init' | 1\n\
         no such function: o365_connect\n",
    );
}

#[test]
fn an_older_sqlite_is_refused_with_a_sentence() {
    if TOO_OLD.present() {
        let sentence = "error during initialization: office365 needs SQLite 3.38 or newer; this host has 3.37.0. Use a newer sqlite3 \
                        shell, Python's apsw, or the office365 command line\n";
        same(
            TOO_OLD,
            "refused",
            &format!("{sentence}{sentence}'3.37.0' | 'alive'\n"),
        );
    }
}

#[test]
fn a_second_sqlite_in_the_process_is_refused_and_the_first_goes_on() {
    for host in [PYSQLITE3, NEWEST] {
        if host.present() {
            same(
                host,
                "two_libraries",
                "error during initialization: office365: two different SQLite libraries of this process want to load this \
                 extension; load it through one of them only\n\
                 'alive'\n\
                 60\n",
            );
        }
    }
}

#[test]
fn values_arrive_with_their_types() {
    everywhere(
        "values",
        "'Adele Vance' | 1 | '2024-12-01 04:38:37.123' | '00000' | \
         '[{\"disabledPlans\":[],\"skuId\":\"c7df2760-2c81-4ef7-b578-5b5392b571df\"},\
         {\"disabledPlans\":[],\"skuId\":\"f30db892-07e9-47e9-837c-80727f46fd3d\"}]' | None\n\
         'text' | 'integer' | 'text' | 'text' | 'text' | 'null' | 2\n\
         52\n\
         26\n\
         0\n\
         0\n\
         0\n",
    );
}

#[test]
fn one_instant_in_every_spelling() {
    everywhere("instants", "{(26, 34)}\n");
}

#[test]
fn python_reads_a_timestamp_as_a_datetime() {
    for host in [REFERENCE, PYSQLITE3] {
        if host.present() {
            same(
                host,
                "declared_types",
                "datetime.datetime(2024, 12, 1, 4, 38, 37, 123000)\n",
            );
        }
    }
}

#[test]
fn a_join_with_a_local_table() {
    everywhere(
        "join",
        "'lead' | 'Adele Vance'\n'open' | None\n'tester' | 'Megan Bowen'\n",
    );
}

#[test]
fn errors_are_sentences_and_the_connection_goes_on() {
    everywhere(
        "errors",
        "no such column: nosuch\n\
         CalendarView: recurring events are expanded, which needs a time range. Add start_dateTime >= \
         '2026-01-01' AND start_dateTime < '2026-02-01' to WHERE (recurring events without expansion \
         are in Events)\n\
         unknown connection property `Dmeo`. did you mean Demo?\n\
         60\n",
    );
}

#[test]
fn the_newest_five_take_one_request_of_five() {
    everywhere("newest", "5 True\n1 | 5 | 1\n");
}

#[test]
fn connections_come_and_go_in_many_threads() {
    everywhere("threads", "40 {(60, '李伟')}\n");
}

#[test]
fn a_forked_child_asks_for_itself() {
    let server = office365::demo::server::Server::start(Default::default()).expect("a free port");
    let connection = format!(
        "GraphUrl={};OAuthAccessToken={};InitiateOAuth=OFF;CacheTTL=0",
        server.url(),
        office365::demo::DELEGATED_TOKEN
    );
    for host in [REFERENCE, NEWEST] {
        if host.present() {
            server.clear_requests();
            let finished = run(&mut host.check("fork", &[&connection]));
            assert_eq!(
                finished.output(),
                "60\n52\n52\nchild 0\n8\n",
                "{}",
                host.sqlite
            );
            assert_eq!(server.requests().len(), 4, "{}", host.sqlite);
        }
    }
}
