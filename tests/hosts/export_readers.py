"""Reads a folder that `office365 export` wrote with one of three readers, and prints of each column its type, how many
values it has and how many different ones:

    export_readers.py duckdb|pyarrow|spark FOLDER TABLE...
"""

import sys

KINDS = {
    "text": ["VARCHAR", "string", "large_string"],
    "instant": ["TIMESTAMP WITH TIME ZONE", "timestamp[us, tz=UTC]", "timestamp"],
    "boolean": ["BOOLEAN", "bool", "boolean"],
    "integer": ["BIGINT", "INTEGER", "int64", "int32", "bigint", "int"],
    "double": ["DOUBLE", "double"],
    "date": ["DATE", "date32[day]", "date"],
    "blob": ["BLOB", "binary"],
}


def kind(name):
    return next((kind for kind, names in KINDS.items() if name in names), name)


def with_duckdb(folder, tables):
    import duckdb

    for table in tables:
        files = f"read_parquet('{folder}/{table}/**/*.parquet', hive_partitioning = true)"
        columns = duckdb.sql(f"DESCRIBE SELECT * FROM {files}").fetchall()
        wanted = ", ".join(f'count("{name}"), count(DISTINCT "{name}")' for name, *_ in columns)
        counts = duckdb.sql(f"SELECT {wanted} FROM {files}").fetchall()[0]
        yield from told(table, [(name, of) for name, of, *_ in columns], counts)


def with_pyarrow(folder, tables):
    import pyarrow.compute as compute
    import pyarrow.dataset as dataset

    for table in tables:
        read = dataset.dataset(f"{folder}/{table}", format="parquet", partitioning="hive").to_table()
        counts = []
        for name in read.schema.names:
            column = read.column(name)
            counts += [len(column) - column.null_count, compute.count_distinct(column, mode="only_valid").as_py()]
        yield from told(table, [(field.name, str(field.type)) for field in read.schema], counts)


def with_spark(folder, tables):
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import collect_set, count, size

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    for table in tables:
        read = spark.read.parquet(f"{folder}/{table}")
        # Forty times DISTINCT in one statement multiplies the rows by forty; a set of the values does not.
        wanted = [count(f"`{name}`") for name in read.columns] + [size(collect_set(f"`{name}`")) for name in read.columns]
        found = read.select(*wanted).first()
        counts = [each for pair in zip(found[: len(read.columns)], found[len(read.columns) :]) for each in pair]
        yield from told(table, read.dtypes, counts)
    spark.stop()


def told(table, columns, counts):
    pairs = zip(counts[::2], counts[1::2])
    for (name, of), (values, different) in sorted(zip(columns, pairs)):
        yield f"{table}.{name} {kind(of)} {values} {different}"


reader, folder, *tables = sys.argv[1:]
for line in {"duckdb": with_duckdb, "pyarrow": with_pyarrow, "spark": with_spark}[reader](folder, tables):
    print(line)
