#!/bin/bash
# Runs the library in every host and prints the table host × check. What no Debian package has is fetched
# and built first, once; a host that is missing is skipped with a sentence, or a failure with
# OFFICE365_HOSTS=required.
set -euo pipefail
cd "$(dirname "$0")/../.."

export OFFICE365_HOSTS_DIR=${OFFICE365_HOSTS_DIR:-$PWD/target/tmp/hosts}
tests/hosts/prepare.sh "$OFFICE365_HOSTS_DIR"

table=$(mktemp)
trap 'rm -f "$table"' EXIT
status=0
OFFICE365_HOSTS_TABLE=$table cargo test --locked --test hosts || status=$?
echo
cat "$table"
exit "$status"
