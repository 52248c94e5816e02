#!/bin/bash
# Packs what `cargo build --release` made: an archive, a wheel for Python, the packages for npm, the plugin for
# Datasette, and their checksums. The version is that of Cargo.toml.
#
#   packaging/package.sh [FOLDER of the release build] [FOLDER to write to]
set -euo pipefail
cd "$(dirname "$0")/.."

built=$(cd "${1:-target/release}" && pwd)
mkdir -p "${2:-target/dist}"
dist=$(cd "${2:-target/dist}" && pwd)
python=${PYTHON:-/usr/bin/python3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

OFFICE365_VERSION=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -1)
export OFFICE365_VERSION
case "$(uname -s)" in
    Linux) system=linux node_system=linux library=liboffice365.so ;;
    Darwin) system=macos node_system=darwin library=liboffice365.dylib ;;
    *) system=windows node_system=win32 library=office365.dll ;;
esac
machine=$(uname -m)
case "$machine" in
    arm64) machine=aarch64 ;;
esac
case "$machine" in
    aarch64) node_machine=arm64 ;;
    *) node_machine=x64 ;;
esac

# What the wheel's tag promises: this C library or a newer one.
platform() {
    case "$system" in
        linux) echo "manylinux_$(ldd --version | sed -n '1s/.* \([0-9]*\)\.\([0-9]*\)$/\1_\2/p')_$machine" ;;
        macos) echo "macosx_11_0_$([ "$machine" = aarch64 ] && echo arm64 || echo x86_64)" ;;
        windows) echo win_amd64 ;;
    esac
}

archive() {
    local folder="$scratch/office365-$system-$machine"
    mkdir -p "$folder/completions"
    cp "$built/office365" "$built/$library" README.md "$folder/"
    "$built/office365" generate man >"$folder/office365.1"
    "$built/office365" generate completions bash >"$folder/completions/office365.bash"
    "$built/office365" generate completions zsh >"$folder/completions/_office365"
    "$built/office365" generate completions fish >"$folder/completions/office365.fish"
    tar -C "$scratch" -czf "$dist/office365-$system-$machine.tar.gz" "office365-$system-$machine"
}

# pip builds in a folder of its own, so that nothing is left beside the sources.
wheel() {
    cp -r "packaging/$1" "$scratch/$1"
    [ "$1" != python ] || cp "$built/$library" "$scratch/python/office365/"
    OFFICE365_PLATFORM=$(platform) "$scratch/venv/bin/pip" wheel --quiet --disable-pip-version-check \
        --no-deps --wheel-dir "$dist" "$scratch/$1"
}

# npm_package FOLDER NAME: with the fields of standard input.
npm_package() {
    local folder="$scratch/npm/$2"
    mkdir -p "$folder"
    [ ! -d "packaging/npm/$1" ] || cp "packaging/npm/$1"/* "$folder/"
    cat >"$folder/package.json"
    [ "$1" != platform ] || cp "$built/$library" "$folder/"
    (cd "$folder" && npm pack --silent --pack-destination "$dist" >/dev/null)
}

rm -f "$dist"/*
archive
"$python" -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check setuptools==80.9.0 wheel==0.45.1
wheel python
wheel datasette
own="office365-sql-$node_system-$node_machine"
optional=$(for other in linux-x64 linux-arm64 darwin-x64 darwin-arm64 win32-x64; do
    printf '"office365-sql-%s": "%s", ' "$other" "$OFFICE365_VERSION"
done)
npm_package office365 office365-sql <<JSON
{"name": "office365-sql", "version": "$OFFICE365_VERSION", "description": "Microsoft 365 as SQL tables for SQLite",
 "main": "index.js", "types": "index.d.ts", "optionalDependencies": {${optional%, }}}
JSON
npm_package platform "$own" <<JSON
{"name": "$own", "version": "$OFFICE365_VERSION", "description": "The library of office365-sql for this platform",
 "os": ["$node_system"], "cpu": ["$node_machine"]}
JSON
if command -v sha256sum >/dev/null; then sums=(sha256sum); else sums=(shasum -a 256); fi
(cd "$dist" && "${sums[@]}" -- * >SHA256SUMS)
cat "$dist/SHA256SUMS"
