#!/bin/sh
# Makes sure that the tests can run: the tools, a PostgreSQL server, Redis and Chromium.
# Installs what is missing only as root, or through sudo when CONVO_INSTALL=1; else says how, and stops.
set -eu
cd "$(dirname "$0")/.."

scripts/tools.sh

has_postgres() {
    for initdb in "$(command -v initdb 2>/dev/null || true)" /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$initdb" ] || continue
        bin=$(dirname "$initdb")
        [ -x "$bin/postgres" ] && [ -x "$bin/pg_ctl" ] || continue
        # "initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        major=$("$initdb" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        [ "$major" -ge 14 ] && return 0
    done
    return 1
}

has_chromium() {
    if [ -n "${CONVO_CHROMIUM:-}" ]; then
        [ -x "$CONVO_CHROMIUM" ] && return 0
        echo "CONVO_CHROMIUM is $CONVO_CHROMIUM, which is not a program. Correct it or unset it." >&2
        exit 1
    fi
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1
}

look() {
    packages=''
    has_postgres || packages="$packages postgresql"
    command -v redis-server >/dev/null 2>&1 || packages="$packages redis-server"
    has_chromium || packages="$packages chromium"
    command -v setpriv >/dev/null 2>&1 || packages="$packages util-linux"
    packages=${packages# }
}

look
[ -z "$packages" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests need: $packages. Install them with your system's package manager," >&2
    echo "so that initdb, redis-server and chromium are in the PATH (or set CONVO_CHROMIUM), and run this again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    scripts/install.sh $packages
elif [ "${CONVO_INSTALL:-}" = 1 ] && command -v sudo >/dev/null 2>&1; then
    sudo scripts/install.sh $packages
else
    echo "The tests need: $packages. This installs them, without starting any service:" >&2
    echo "    sudo scripts/install.sh $packages" >&2
    echo "Or run the same command again with CONVO_INSTALL=1, which does that for you." >&2
    exit 1
fi

look
if [ -n "$packages" ]; then
    echo "Still missing after the installation: $packages. Look at what apt-get said above." >&2
    exit 1
fi
