#!/bin/sh
# Real Graph clients against the demo server: each signs in to it and pages through it. Needs node, npm and python3 with venv; installs into a temporary folder.
# Usage: tests/clients/run.sh [path of the office365 program]
set -eu

here=$(cd "$(dirname "$0")" && pwd)
program=${1:-"$here/../../target/debug/office365"}
work=$(mktemp -d)
server=
trap 'test -z "$server" || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

(cd "$work" && npm install --no-audit --no-fund --silent @microsoft/microsoft-graph-client@3.0.7)
python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --disable-pip-version-check msal==1.39.0 O365==2.1.10

"$program" demo-server --port 0 2>"$work/server.log" &
server=$!
url=
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    url=$(sed -n 's|.*\(http://127\.0\.0\.1:[0-9]*\).*|\1|p' "$work/server.log" | head -n 1)
    test -n "$url" && break
    sleep 0.25
done
test -n "$url" || { echo "the demo server did not start:" >&2; cat "$work/server.log" >&2; exit 1; }

cp "$here/graph_client.mjs" "$work/"
(cd "$work" && node graph_client.mjs "$url")
export PYTHONDONTWRITEBYTECODE=1
"$work/python/bin/python" "$here/msal_pages.py" "$url"
"$work/python/bin/python" "$here/o365_pages.py" "$url"
