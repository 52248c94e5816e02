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

wheel apsw-3.39.4 apsw==3.39.4.0
wheel apsw-3.46.1 apsw==3.46.1.0
wheel apsw-3.54.1 apsw==3.54.1.0
wheel pysqlite3-3.51.1 pysqlite3-binary==0.5.4.post2
wheel pyodbc-5.2.0 pyodbc==5.2.0
# Not a host of the library: a client of the demo tenant's sign-in service, with all it needs.
wheel msal-1.39.0 msal==1.39.0 PyJWT==2.15.1 cryptography==50.0.2 cffi==2.1.1 pycparser==3.12 \
    requests==2.34.2 urllib3==2.8.0 certifi==2026.10.19.post1 idna==3.20 charset-normalizer==3.5.3
sqlite 3.37.0 0.23.2
sqlite 3.38.2 0.24.2
