"""Microsoft 365 as SQL tables, for SQLite connections that may load extensions.

    import office365
    db = office365.connect(connection="Demo=true")
    db.execute("SELECT displayName FROM Users LIMIT 5").fetchall()

``load`` takes a connection of ``sqlite3``, ``pysqlite3`` or ``apsw``. Whose tenant it is says
``OFFICE365_CONNECTION``, a profile of ``office365 login``, or ``SELECT o365_connect('…')``.
"""

import pathlib
import sys

__all__ = ["connect", "load", "loadable_path"]


def loadable_path():
    """The path of the library, without its ending: SQLite adds the platform's own."""
    return str(pathlib.Path(__file__).with_name("liboffice365" if sys.platform != "win32" else "office365"))


def load(connection):
    """Registers the tables on a connection; extensions are allowed for this one library only."""
    allow = getattr(connection, "enable_load_extension", None)
    if allow is None:
        raise RuntimeError(
            "this Python's sqlite3 cannot load extensions: use apsw or pysqlite3-binary, "
            "or the Python of your distribution"
        )
    allow(True)
    try:
        connection.load_extension(loadable_path())
    finally:
        allow(False)


def connect(database=":memory:", connection=None, **options):
    """Opens a database with ``sqlite3`` and registers the tables on it.

    ``connection`` is a connection string such as ``"Profile=work"``; the other options are those of
    ``sqlite3.connect``.
    """
    import sqlite3

    db = sqlite3.connect(database, **options)
    try:
        load(db)
        if connection is not None:
            db.execute("SELECT o365_connect(?)", (connection,)).fetchall()
    except BaseException:
        db.close()
        raise
    return db
