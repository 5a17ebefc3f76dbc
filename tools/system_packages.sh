#!/bin/sh
# Other people's programs that tests compare with or run on: a PostgreSQL server, hledger, ledger, Go with its sumdb,
# a browser.
# Installed when this is Debian and we are root; otherwise says what is missing, and the tests that need it are skipped.
set -eu

missing=
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$missing postgresql"
command -v hledger >/dev/null || missing="$missing hledger"
command -v ledger >/dev/null || missing="$missing ledger"
command -v go >/dev/null || missing="$missing golang-go"
command -v chromium >/dev/null || missing="$missing chromium"
ls /usr/share/gocode/src/golang.org/x/mod/sumdb >/dev/null 2>&1 || missing="$missing golang-golang-x-mod-dev"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing from Debian:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "Not here, and not ours to install:$missing. Tests that need them are skipped." >&2
fi
