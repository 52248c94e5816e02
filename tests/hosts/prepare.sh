#!/bin/bash
# Puts the hosts that no Debian package has into one directory: newer SQLites inside Python wheels, two old
# ones compiled from the sources that libsqlite3-sys shipped with, and a module of Node's. Run again it does
# nothing.
#
#   tests/hosts/prepare.sh DIRECTORY
set -euo pipefail

directory=${1:?usage: tests/hosts/prepare.sh DIRECTORY}
python=/usr/bin/python3
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)

# wheel NAME REQUIREMENT...: Python packages in a folder of their own, so that versions stand side by side.
wheel() {
    local name=$1
    shift
    [ -e "$directory/$name/.complete" ] && return
    echo "hosts: $*"
    [ -x "$directory/venv/bin/pip" ] || "$python" -m venv "$directory/venv"
    rm -rf "${directory:?}/${name:?}"
    "$directory/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --only-binary=:all: --target "$directory/$name" "$@"
    touch "$directory/$name/.complete"
}

# sqlite VERSION CRATE: libsqlite3.so.0 of that version, for /usr/bin/python3 under LD_LIBRARY_PATH.
sqlite() {
    local folder="$directory/sqlite-$1" source
    [ -e "$folder/.complete" ] && return
    echo "hosts: SQLite $1"
    rm -rf "$folder"
    mkdir -p "$folder/package/src"
    : >"$folder/package/src/lib.rs"
    printf '[package]\nname = "old"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n[dependencies]\nlibsqlite3-sys = "=%s"\n' \
        "$2" >"$folder/package/Cargo.toml"
    source=$(cargo metadata --quiet --format-version 1 --manifest-path "$folder/package/Cargo.toml" |
        "$python" -c 'import json, os, sys
for package in json.load(sys.stdin)["packages"]:
    if package["name"] == "libsqlite3-sys":
        print(os.path.join(os.path.dirname(package["manifest_path"]), "sqlite3", "sqlite3.c"))')
    grep -q "SQLITE_VERSION  *\"$1\"" "$source" || {
        echo "hosts: libsqlite3-sys $2 does not hold SQLite $1" >&2
        return 1
    }
    # What the module of Debian's Python expects to be there.
    gcc -O1 -w -fPIC -shared -Wl,-soname,libsqlite3.so.0 -DSQLITE_THREADSAFE=1 \
        -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_DESERIALIZE \
        -o "$folder/libsqlite3.so.0" "$source" -lm -lpthread -ldl
    touch "$folder/.complete"
}

# better_sqlite3 VERSION: the module for Node, compiled here. What is asked for has exact versions: its
# installer of ready binaries would fetch from elsewhere, is not needed, and gives its place to `bindings`.
better_sqlite3() {
    local folder="$directory/better-sqlite3-$1" prefix
    [ -e "$folder/.complete" ] && return
    echo "hosts: better-sqlite3 $1"
    rm -rf "$folder"
    mkdir -p "$folder"
    printf '{"private": true, "overrides": {"prebuild-install": "npm:bindings@1.5.0", "file-uri-to-path": "1.0.0"}}' \
        >"$folder/package.json"
    (cd "$folder" && npm install --silent --no-audit --no-fund --ignore-scripts \
        "better-sqlite3@$1" bindings@1.5.0)
    # The headers that came with this Node, where they lie beside it; else node-gyp has to find them.
    prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    [ ! -e "$prefix/include/node/node.h" ] || export npm_config_nodedir="$prefix"
    # Later flags win: SQLite at -O3, which is not what is tested, takes a minute.
    (cd "$folder/node_modules/better-sqlite3" &&
        JOBS=max CFLAGS=-O1 npm run --silent build-release >"$folder/build.log" 2>&1) || {
        tail -n 30 "$folder/build.log" >&2
        return 1
    }
    rm -rf "$folder"/node_modules/better-sqlite3/{deps,build/Release/obj,build/Release/obj.target}
    touch "$folder/.complete"
}

wheel apsw-3.39.4 apsw==3.39.4.0
wheel apsw-3.46.1 apsw==3.46.1.0
wheel apsw-3.54.1 apsw==3.54.1.0
wheel pysqlite3-3.51.1 pysqlite3-binary==0.5.4.post2
wheel pyodbc-5.2.0 pyodbc==5.2.0
wheel pandas-3.1.1 pandas==3.1.1 numpy==2.4.6 python-dateutil==4.0.0 tzdata==2026.6
wheel sqlalchemy-2.1.9 SQLAlchemy==2.1.9 typing_extensions==4.16.0
# Not a host of the library: a client of the demo tenant's sign-in service, with all it needs.
wheel msal-1.39.0 msal==1.39.0 PyJWT==2.15.1 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 \
    requests==2.34.2 urllib3==2.8.0 certifi==2026.10.19.post1 idna==3.20 charset-normalizer==3.5.3
# Not hosts either: DuckDB, with its scanner of SQLite files, reads copies; it and the others read what
# `office365 export` writes.
wheel duckdb-1.5.5 duckdb==1.5.5 duckdb-extension-sqlite-scanner==1.5.5
wheel pyarrow-26.0.1 pyarrow==26.0.1
# Spark comes as a source package that compiles nothing: it holds the programs for Java.
# pip says at length that it will do so otherwise one day.
wheel pyspark-4.3.0 --quiet --no-binary=pyspark pyspark==4.3.0 py4j==0.10.9.9
sqlite 3.37.0 0.23.2
sqlite 3.38.2 0.24.2
better_sqlite3 12.11.1
