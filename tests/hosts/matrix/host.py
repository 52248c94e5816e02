"""The checks of tests/hosts/matrix.rs in Python: host.py DRIVER LIBRARY FILE ADDRESS.

Each driver is a class with the same few methods; what they return is printed in one spelling, so that the
expected lines are the same for all hosts. ADDRESS is a connection string of a service that never answers.
"""

import datetime
import importlib
import os
import sys
import threading
import time

DRIVER, LIBRARY, FILE, SILENT = sys.argv[1:]
CONNECT = "SELECT o365_connect(?)"
DEMO = "Demo=true;Readonly=false"
FIRST = (
    "SELECT subject, isRead, receivedDateTime, conversationIndex, flag_completedDateTime_dateTime"
    " FROM Messages ORDER BY receivedDateTime LIMIT 1"
)
NAMES = "subject", "isRead", "receivedDateTime", "conversationIndex"


class Sqlite3:
    """Python's own module and the packages that copy it."""

    def __init__(self):
        module = importlib.import_module(DRIVER)
        self.db = module.connect(
            FILE, detect_types=module.PARSE_DECLTYPES, check_same_thread=False
        )
        self.db.enable_load_extension(True)
        self.db.load_extension(LIBRARY)
        self.db.enable_load_extension(False)

    def rows(self, sql, *parameters):
        return self.db.execute(sql, parameters).fetchall()

    def tables(self):
        return [name for (name,) in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]

    def columns(self):
        return {row[1]: row[2] for row in self.rows("PRAGMA table_info(Messages)")}

    def write(self, sql):
        self.db.execute(sql)

    def commit(self):
        self.db.commit()

    def cancel(self):
        self.db.interrupt()


class Apsw(Sqlite3):
    def __init__(self):
        import apsw

        self.db = apsw.Connection(FILE)
        self.db.enable_load_extension(True)
        self.db.load_extension(LIBRARY)

    def write(self, sql):
        self.db.execute("BEGIN")
        self.db.execute(sql)

    def commit(self):
        self.db.execute("COMMIT")


class Pandas(Sqlite3):
    """Frames over Python's own module."""

    def __init__(self):
        global DRIVER
        DRIVER = "sqlite3"
        super().__init__()

    def frame(self, sql, *parameters):
        import pandas

        dtype = {"isRead": "boolean"} if sql == FIRST else None
        return pandas.read_sql(sql, self.db, params=parameters, dtype=dtype)

    def rows(self, sql, *parameters):
        frame = self.frame(sql, *parameters)
        return list(frame.itertuples(index=False, name=None))

    def columns(self):
        frame = self.frame(FIRST)
        kinds = {"boolean": "BOOLEAN", "datetime64[us]": "TIMESTAMP", "str": "TEXT"}
        types = {name: kinds.get(str(frame[name].dtype)) for name in frame}
        if isinstance(frame["conversationIndex"][0], bytes):
            types["conversationIndex"] = "BLOB"
        return types


class SqlAlchemy:
    def __init__(self):
        import sqlalchemy

        self.alchemy = sqlalchemy
        self.engine = sqlalchemy.create_engine("sqlite:///" + FILE)

        @sqlalchemy.event.listens_for(self.engine, "connect")
        def load(connection, _):
            connection.enable_load_extension(True)
            connection.load_extension(LIBRARY)
            connection.enable_load_extension(False)

        self.db = self.engine.connect()

    def rows(self, sql, *parameters):
        # The types of the columns are those that reflection found, as a program's own tables would say.
        text = sql
        for n, _ in enumerate(parameters):
            text = text.replace("?", f":p{n}", 1)
        statement = self.alchemy.text(text)
        if sql == FIRST:
            statement = statement.columns(*(self.table().c[name] for name in NAMES))
        values = {f"p{n}": value for n, value in enumerate(parameters)}
        return list(self.db.execute(statement, values))

    def table(self):
        return self.alchemy.Table("Messages", self.alchemy.MetaData(), autoload_with=self.engine)

    def tables(self):
        return self.alchemy.inspect(self.engine).get_table_names()

    def columns(self):
        return {
            column["name"]: str(column["type"])
            for column in self.alchemy.inspect(self.engine).get_columns("Messages")
        }

    def write(self, sql):
        self.db.commit()
        self.db.execute(self.alchemy.text(sql))

    def commit(self):
        self.db.commit()

    def cancel(self):
        self.db.connection.dbapi_connection.interrupt()


class Pyodbc:
    """The data source `office365` of odbc.ini, which matrix.rs writes: nothing here names the library."""

    def __init__(self):
        import pyodbc

        self.db = pyodbc.connect("DSN=office365")
        self.running = None

    def rows(self, sql, *parameters):
        self.running = self.db.cursor()
        return [tuple(row) for row in self.running.execute(sql, *parameters).fetchall()]

    def tables(self):
        return [row.table_name for row in self.db.cursor().tables(tableType="TABLE")]

    def columns(self):
        return {row.column_name: row.type_name for row in self.db.cursor().columns(table="Messages")}

    def write(self, sql):
        self.db.execute(sql)

    def commit(self):
        self.db.commit()

    def cancel(self):
        self.running.cancel()


DRIVERS = {"apsw": Apsw, "pandas": Pandas, "sqlalchemy": SqlAlchemy, "pyodbc": Pyodbc}


def spelled(value):
    """One spelling of a value for all hosts."""
    if value is None or value != value:
        return "NULL"
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if type(value).__name__ == "bool":  # NumPy has its own
        return str(int(value))
    return str(value)


def line(*values):
    print(" | ".join(map(spelled, values)))


def lines(rows):
    for row in rows:
        line(*row)


def version(host):
    lines(host.rows("SELECT sqlite_version()"))


def tables(host):
    line(*sorted(host.tables()))


def columns(host):
    types = host.columns()
    line(*(types[name].split("(")[0].lower() for name in NAMES))


def values(host):
    lines(host.rows(FIRST))


def parameters(host):
    sql = "SELECT count(*) FROM Users WHERE accountEnabled = ?"
    line(host.rows(sql, True)[0][0], host.rows(sql, None)[0][0])
    lines(host.rows("SELECT displayName, ? FROM Users WHERE mail = ?", "O'Brien", "adele@contoso.com"))


def instants(host):
    moment = datetime.datetime(2025, 6, 1, 12, 0, 0)
    # apsw binds no datetime: it leaves the spelling to the program.
    value = moment.isoformat() if DRIVER == "apsw" else moment
    for operator in ">=", "<":
        lines(host.rows(f"SELECT count(*) FROM Users WHERE createdDateTime {operator} ?", value))


def join(host):
    lines(
        host.rows(
            "SELECT t.role, u.displayName FROM team t"
            " LEFT JOIN Users u ON u.userPrincipalName = t.upn ORDER BY t.role"
        )
    )


def commit(host):
    count = "SELECT count(*) FROM Messages WHERE subject = 'from a host'"
    host.write("INSERT INTO Messages(subject) VALUES ('from a host')")
    lines(host.rows(count))
    host.commit()
    lines(host.rows(count))


def failure(host):
    lines(refused(host, "SELECT subject FROM CalendarView"))


def refused(host, sql):
    try:
        return host.rows(sql) or [("no error",)]
    except Exception as error:
        # What SQLite said; SQLAlchemy and pandas put the statement beside it.
        said = getattr(error, "orig", None) or error.__cause__ or error
        return [(str(said),)]


def cancel(host):
    """Another thread cancels when standard input says that the request has gone out."""
    host.rows(CONNECT, SILENT)
    asked = []

    def ask():
        sys.stdin.readline()
        asked.append(time.monotonic())
        host.cancel()

    thread = threading.Thread(target=ask)
    thread.start()
    ((sentence, *_),) = refused(host, "SELECT count(*) FROM Users WHERE displayName LIKE 'A%'")
    soon = bool(asked) and time.monotonic() - asked[0] < 2
    thread.join()
    line("interrupted" if "interrupt" in sentence else sentence, "soon" if soon else "late")
    host.rows(CONNECT, DEMO)
    lines(host.rows("SELECT count(*) FROM Users"))


def main():
    host = DRIVERS.get(DRIVER, Sqlite3)()
    host.rows(CONNECT, DEMO)
    for check in version, tables, columns, values, parameters, instants, join, commit, failure, cancel:
        print(f"[{check.__name__}]")
        try:
            check(host)
        except Exception as error:
            line(repr(error))
        sys.stdout.flush()


main()
# Statements that a driver left open need not be closed one by one.
os._exit(0)
