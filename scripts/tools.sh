#!/bin/sh
# Checks the tools that everything needs: a C compiler, make, cargo, Node and npm. Changes nothing.
set -eu

missing=0
need() {
    command -v "$1" >/dev/null 2>&1 && return
    echo "Missing: $1. $2" >&2
    missing=1
}

need cc "Install a C compiler: on Debian and Ubuntu, apt-get install build-essential."
need make "Install make: on Debian and Ubuntu, apt-get install make."
need cargo "Install Rust 1.95 or newer: see https://www.rust-lang.org/tools/install."
need node "Install Node.js 20 or newer: see https://nodejs.org/."
need npm "Install npm; it comes with Node.js."

if command -v node >/dev/null 2>&1; then
    major=$(node -p 'process.versions.node.split(".")[0]')
    if [ "$major" -lt 20 ]; then
        echo "Node.js $(node --version) is too old. Install Node.js 20 or newer: see https://nodejs.org/." >&2
        missing=1
    fi
fi

if [ "$missing" -ne 0 ]; then
    echo "Install what is missing, then run the same command again." >&2
    exit 1
fi
