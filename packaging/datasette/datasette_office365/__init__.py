"""Microsoft 365 in Datasette: a database ``office365`` in which the tables can be asked, read-only.

Its tables stand in no schema, so Datasette's index has none to count: nothing is read from the tenant
until somebody asks. Whose tenant it is says ``OFFICE365_CONNECTION`` or a profile of ``office365 login``.
"""

import office365
from datasette import hookimpl

#: Tables alone: no writes, no procedures, no o365_connect.
READ_ONLY = "office365_readonly_init"


@hookimpl
def prepare_connection(conn):
    conn.enable_load_extension(True)
    try:
        # The module's own load_extension takes no entry point before Python 3.12.
        conn.execute("SELECT load_extension(?, ?)", (office365.loadable_path(), READ_ONLY))
    finally:
        conn.enable_load_extension(False)


@hookimpl
def startup(datasette):
    datasette.add_memory_database("office365")


@hookimpl
def canned_queries(database):
    if database != "office365":
        return {}
    return {
        "tables": {
            "title": "What can be asked",
            "sql": "SELECT TableName, Description, Permission FROM sys_tables WHERE TableType = 'TABLE' ORDER BY 1",
        },
        "columns": {
            "title": "The columns of a table",
            "sql": "SELECT ColumnName, DataTypeName, Description FROM sys_tablecolumns WHERE TableName = :table",
        },
        "unread": {
            "title": "Unread mail",
            "sql": "SELECT receivedDateTime, from_emailAddress_address, subject FROM Messages "
            "WHERE isRead = 0 ORDER BY receivedDateTime DESC LIMIT 20",
        },
    }
