#!/bin/bash
# Installs what packaging/package.sh packed, each as its users would, and uses it.
#
#   packaging/test.sh [FOLDER of the packages]
set -euo pipefail
cd "$(dirname "$0")/.."

dist=$(cd "${1:-target/dist}" && pwd)
here=$PWD/packaging
python=${PYTHON:-/usr/bin/python3}
scratch=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$scratch"
}
trap finish EXIT
unset OFFICE365_CONNECTION OFFICE365_PROFILE OFFICE365_READONLY

# holds WHAT EXPECTED FOUND
holds() {
    [ "$2" = "$3" ] || {
        printf 'packages: %s: not %s but %s\n' "$1" "$2" "$3" >&2
        exit 1
    }
    echo "packages: $1 ok"
}

(cd "$dist" && sha256sum --quiet -c SHA256SUMS)
echo "packages: checksums ok"

mkdir "$scratch/archive"
tar -xzf "$dist"/office365-linux-*.tar.gz -C "$scratch/archive" --strip-components=1
people='SELECT count(*) FROM Users'
holds "archive, command" 60 "$("$scratch/archive/office365" -q --demo -o list --no-header "$people")"
holds "archive, library" "60" "$(sqlite3 :memory: ".load $scratch/archive/liboffice365" \
    "SELECT o365_connect('Demo=true') IS NULL" "$people" | tail -1)"
holds "archive, manual" "office365 1" "$(sed -n 's/^\.TH \(office365 1\).*/\1/p' "$scratch/archive/office365.1")"
holds "archive, completions" complete "$(bash -c 'source "$1" && complete -p office365' - \
    "$scratch/archive/completions/office365.bash" | cut -d" " -f1)"

"$python" -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check --find-links "$dist" office365-sql datasette-office365
holds "wheel, and no other library" "60 not authorized" "$("$scratch/venv/bin/python" - <<'PY'
import sqlite3
import office365

db = office365.connect(connection="Demo=true")
(people,) = db.execute("SELECT count(*) FROM Users").fetchone()
try:
    db.execute("SELECT load_extension('nothing')")
except sqlite3.OperationalError as error:
    print(people, error)
PY
)"

mkdir "$scratch/node"
(cd "$scratch/node" && npm init -y >/dev/null &&
    npm install --silent --no-audit --no-fund --omit=optional "$dist"/office365-sql-*.tgz >/dev/null)
holds "npm, path" "liboffice365.so" "$(cd "$scratch/node" && node -e \
    'console.log(require("node:path").basename(require("office365-sql").getLoadablePath()))')"
# The host tests have compiled better-sqlite3 already, where they ran.
hosts=${OFFICE365_HOSTS_DIR:-$PWD/target/tmp/hosts}
better=$(find "$hosts" -type d -path '*/node_modules/better-sqlite3' 2>/dev/null | head -1)
if [ -n "$better" ]; then
    holds "npm, load" 60 "$(cd "$scratch/node" && BETTER=$better node -e '
        const db = new (require(process.env.BETTER))(":memory:");
        require("office365-sql").load(db);
        db.prepare("SELECT o365_connect(?)").get("Demo=true");
        console.log(db.prepare("SELECT count(*) FROM Users").pluck().get());')"
elif [ "${OFFICE365_HOSTS:-}" = required ]; then
    echo "packages: better-sqlite3 is not in $hosts: tests/hosts/prepare.sh makes it" >&2
    exit 1
fi

log=$scratch/requests.log
export OFFICE365_CONNECTION="Demo=true;Logfile=$log"
"$scratch/venv/bin/datasette" serve --port 0 --setting num_sql_threads 1 >"$scratch/out" 2>"$scratch/err" &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/.*running on \(http:[^ ]*\).*/\1/p' "$scratch/err" | head -1)
    [ -z "$address" ] || break
    sleep 0.2
done
"$python" "$here/datasette/ask.py" "$address" "$log"
kill "$server" 2>/dev/null || true
wait "$server" 2>/dev/null || true

# A copy is a plain file: Datasette without any plugin.
unset OFFICE365_CONNECTION
"$scratch/archive/office365" sync "$scratch/copy.db" --demo --quiet
"$scratch/venv/bin/pip" uninstall --quiet --yes datasette-office365
"$scratch/venv/bin/datasette" serve --port 0 "$scratch/copy.db" >"$scratch/out" 2>"$scratch/err" &
server=$!
for _ in $(seq 100); do
    address=$(sed -n 's/.*running on \(http:[^ ]*\).*/\1/p' "$scratch/err" | head -1)
    [ -z "$address" ] || break
    sleep 0.2
done
"$python" "$here/datasette/ask_copy.py" "$address"
