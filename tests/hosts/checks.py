"""What every Python host does with the library: checks.py DRIVER LIBRARY CHECK [ARGUMENT]...

Each check prints what the host saw; tests/hosts/python.rs says what that has to be, the same for all.
Python's DB-API modules and apsw differ in spelling only, which the first functions here even out.
"""

import datetime
import importlib
import os
import sys
import threading
import time

DRIVER, LIBRARY, CHECK, *ARGUMENTS = sys.argv[1:]


def open_with(driver, **options):
    """A connection of `driver` that may load extensions."""
    module = importlib.import_module(driver)
    if driver == "apsw":
        connection = module.Connection(":memory:")
    else:
        connection = module.connect(":memory:", **options)
    # apsw wrote its methods without underscores before 3.42.
    enable = getattr(connection, "enable_load_extension", None)
    (enable or connection.enableloadextension)(True)
    return connection


def load(connection, entry=None):
    """Loads the library: by the host's own method, or with an entry point, by SQL."""
    if entry is not None:
        rows(connection, "SELECT load_extension(?, ?)", LIBRARY, entry)
        return
    method = getattr(connection, "load_extension", None)
    (method or connection.loadextension)(LIBRARY)


def rows(connection, sql, *parameters):
    return list(connection.cursor().execute(sql, parameters))


def show(connection, sql, *parameters):
    """Prints each row as its values, with the types that Python sees."""
    for row in rows(connection, sql, *parameters):
        print(*(repr(value) for value in row), sep=" | ")


def show_error(connection, sql, *parameters):
    try:
        rows(connection, sql, *parameters)
        print("no error")
    except Exception as error:
        print(sentence(error))


def sentence(error):
    """apsw of some versions puts the exception's name before SQLite's message."""
    return str(error).removeprefix(type(error).__name__ + ": ")


def loaded(**options):
    connection = open_with(DRIVER, **options)
    load(connection)
    return connection


def demo(**options):
    connection = loaded(**options)
    rows(connection, "SELECT o365_connect('Demo=true')")
    return connection


def versions():
    show(loaded(), "SELECT sqlite_version(), o365_version()")


def entries():
    for entry in "sqlite3_extension_init", "sqlite3_office_init", "office365_readonly_init":
        connection = open_with(DRIVER)
        load(connection, entry)
        show(connection, "SELECT ?, count(*) FROM pragma_module_list WHERE name = 'Users'", entry)
        show_error(connection, "SELECT o365_connect('Demo=true')")


def refused():
    connection = open_with(DRIVER)
    for _ in range(2):
        try:
            load(connection)
            print("loaded")
        except Exception as error:
            print(sentence(error))
    show(connection, "SELECT sqlite_version(), 'alive'")


def two_libraries():
    """Python's own sqlite3 first, then the driver's SQLite in the same process."""
    own = open_with("sqlite3")
    load(own)
    other = open_with(DRIVER)
    try:
        load(other)
        print("loaded")
    except Exception as error:
        print(sentence(error))
    show(other, "SELECT 'alive'")
    rows(own, "SELECT o365_connect('Demo=true')")
    show(own, "SELECT count(*) FROM Users")


def values():
    connection = demo()
    show(
        connection,
        "SELECT displayName, accountEnabled, createdDateTime, employeeId, assignedLicenses,"
        " faxNumber"
        " FROM Users WHERE userPrincipalName = ?",
        "adele@contoso.com",
    )
    show(
        connection,
        "SELECT typeof(displayName), typeof(accountEnabled), typeof(createdDateTime),"
        " typeof(employeeId), typeof(assignedLicenses), typeof(faxNumber), json_array_length(assignedLicenses)"
        " FROM Users WHERE userPrincipalName = 'adele@contoso.com'",
    )
    show(connection, "SELECT count(*) FROM Users WHERE accountEnabled")
    show(connection, "SELECT count(*) FROM Users WHERE jobTitle IS NULL")
    # Bytes are equal to no text.
    show(connection, "SELECT count(*) FROM Users WHERE displayName = ?", b"Adele Vance")
    show(connection, "SELECT count(*) FROM Users WHERE displayName = ?", "Adele Vance\0")
    show(connection, "SELECT count(*) FROM Users WHERE displayName = ?", "'; DROP TABLE Users --")


def instants():
    """One point in time, as each kind of parameter a Python program might bind."""
    connection = demo()
    moment = datetime.datetime(2025, 6, 1, 12, 0, 0)
    spellings = [
        moment.isoformat(" "),
        moment.isoformat() + "Z",
        "2025-06-01 14:00:00+02:00",
        int(moment.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000),
    ]
    if DRIVER != "apsw":
        # A DB-API module turns it into text itself.
        spellings.append(moment)
    counts = {
        (
            rows(connection, "SELECT count(*) FROM Users WHERE createdDateTime >= ?", text)[0][0],
            rows(connection, "SELECT count(*) FROM Users WHERE createdDateTime < ?", text)[0][0],
        )
        for text in spellings
    }
    print(counts)


def declared_types():
    """DB-API modules can turn a declared TIMESTAMP into a datetime."""
    module = importlib.import_module(DRIVER)
    connection = demo(detect_types=module.PARSE_DECLTYPES)
    show(
        connection,
        "SELECT createdDateTime FROM Users WHERE userPrincipalName = 'adele@contoso.com'",
    )


def join():
    connection = demo()
    rows(connection, "CREATE TABLE team(upn TEXT, role TEXT)")
    for member in (
        ("adele@contoso.com", "lead"),
        ("megan@contoso.com", "tester"),
        ("nobody@contoso.com", "open"),
    ):
        rows(connection, "INSERT INTO team VALUES (?, ?)", *member)
    show(
        connection,
        "SELECT t.role, u.displayName FROM team t"
        " LEFT JOIN Users u ON u.userPrincipalName = t.upn ORDER BY t.role",
    )


def errors():
    connection = demo()
    show_error(connection, "SELECT nosuch FROM Users")
    show_error(connection, "SELECT subject FROM CalendarView")
    show_error(connection, "SELECT o365_connect('Dmeo=true')")
    show(connection, "SELECT count(*) FROM Users")


def newest():
    connection = demo()
    rows(connection, "SELECT o365_cache_clear()")
    found = rows(
        connection,
        "SELECT subject, from_emailAddress_address, receivedDateTime FROM Messages"
        " WHERE isRead = 0 AND receivedDateTime >= '2026-01-01'"
        " ORDER BY receivedDateTime DESC LIMIT 5",
    )
    received = [row[2] for row in found]
    print(len(found), received == sorted(received, reverse=True))
    show(connection, "SELECT count(*), max(rows), max(url LIKE '%$top=5') FROM o365_requests")


def fork():
    """A server that forks after use: the child must get threads and sockets of its own."""
    connection = loaded()
    rows(connection, "SELECT o365_connect(?)", ARGUMENTS[0])
    show(connection, "SELECT count(*) FROM Users")
    sys.stdout.flush()
    child = os.fork()
    show(connection, "SELECT count(*) FROM Users WHERE accountEnabled = 1")
    if child == 0:
        sys.stdout.flush()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("child", status)
    show(connection, "SELECT count(*) FROM Users WHERE accountEnabled = 0")


def interrupt():
    """Another thread interrupts a statement whose request hangs, when standard input says so."""
    connection = loaded()
    rows(connection, "SELECT o365_connect(?)", ARGUMENTS[0])
    asked = []

    def ask():
        sys.stdin.readline()
        asked.append(time.monotonic())
        connection.interrupt()

    thread = threading.Thread(target=ask)
    thread.start()
    show_error(connection, "SELECT count(*) FROM Users WHERE displayName LIKE 'A%'")
    waited = time.monotonic() - asked[0] if asked else None
    thread.join()
    print("soon" if waited is not None and waited < 2 else f"after {waited}")
    show(connection, "SELECT 'alive'")
    # SQLite refuses to close while a statement of ours is open.
    connection.close()


def threads():
    """Connections of one process in threads of their own, opened and closed over and over."""
    counts = []

    def work():
        for _ in range(5):
            connection = demo()
            counts.append(rows(connection, "SELECT count(*), max(displayName) FROM Users")[0])
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(len(counts), set(counts))


def panic():
    connection = demo()
    show_error(connection, "SELECT rowid, displayName FROM Users")
    show(connection, "SELECT 'alive'")


def writable(**options):
    connection = loaded(**options)
    rows(connection, "SELECT o365_connect(?)", ARGUMENTS[0] + ";Readonly=false")
    return connection


def commits():
    """DB-API modules open a transaction at the first write; apsw leaves that to SQL."""
    connection = writable()
    if DRIVER == "apsw":
        rows(connection, "BEGIN")
    rows(connection, "INSERT INTO MailFolders(displayName) VALUES (?)", "Größe '🎉")
    rows(connection, "UPDATE Messages SET isRead = ? WHERE id IN (SELECT id FROM Messages LIMIT 3)", True)
    show(connection, "SELECT state, count(*) FROM o365_writes GROUP BY state")
    if DRIVER == "apsw":
        rows(connection, "COMMIT")
    else:
        connection.commit()
        connection.commit()
    show(connection, "SELECT state, count(*) FROM o365_writes GROUP BY state")
    if DRIVER == "apsw":
        rows(connection, "BEGIN")
    rows(connection, "DELETE FROM Messages WHERE isRead = 1")
    if DRIVER == "apsw":
        rows(connection, "ROLLBACK")
    else:
        connection.rollback()
    show(connection, "SELECT state, count(*) FROM o365_writes GROUP BY state")


def calls():
    connection = writable()
    show(
        connection,
        "SELECT x, x FROM (SELECT MoveMail(id, 'archive') ->> 'Status' AS x"
        " FROM (SELECT id FROM Messages LIMIT 3)) ORDER BY x LIMIT 1",
    )
    rows(connection, "INSERT INTO SendMail(ToRecipients, Subject) VALUES (?, ?)", "a@x.com", "Hi")
    if DRIVER != "apsw":
        connection.commit()
    show(connection, "SELECT Status FROM SendMail")
    show_error(connection, "SELECT MoveMail('x')")


def refuses():
    connection = loaded()
    rows(connection, "SELECT o365_connect(?)", ARGUMENTS[0])
    show_error(connection, "DELETE FROM Messages")
    show_error(connection, "SELECT MoveMail('x', 'archive')")


globals()[CHECK]()
