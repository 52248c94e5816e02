#!/bin/bash
# Puts the hosts that no Debian package has into one directory: newer SQLites inside Python wheels, and
# two old ones compiled from the sources that libsqlite3-sys shipped with. Run again it does nothing.
#
#   tests/hosts/prepare.sh DIRECTORY
set -euo pipefail

directory=${1:?usage: tests/hosts/prepare.sh DIRECTORY}
python=/usr/bin/python3
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)

# wheel NAME REQUIREMENT: a Python package in a folder of its own, so that versions stand side by side.
wheel() {
    [ -e "$directory/$1/.complete" ] && return
    echo "hosts: $2"
    [ -x "$directory/venv/bin/pip" ] || "$python" -m venv "$directory/venv"
    rm -rf "${directory:?}/$1"
    "$directory/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps \
        --only-binary=:all: --target "$directory/$1" "$2"
    touch "$directory/$1/.complete"
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

wheel apsw-3.39.4 apsw==3.39.4.0
wheel apsw-3.46.1 apsw==3.46.1.0
wheel apsw-3.54.1 apsw==3.54.1.0
wheel pysqlite3-3.51.1 pysqlite3-binary==0.5.4.post2
wheel pyodbc-5.2.0 pyodbc==5.2.0
sqlite 3.37.0 0.23.2
sqlite 3.38.2 0.24.2
