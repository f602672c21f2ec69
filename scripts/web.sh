#!/bin/sh
# Installs the packages of web/ (or of the folder named second), and builds the client, each only if something changed.
# usage: scripts/web.sh install [folder] | build
set -eu
cd "$(dirname "$0")/../${2:-web}"

installed=node_modules/.convo-installed
built=node_modules/.convo-built

install() {
    if [ -e "$installed" ] && [ ! package-lock.json -nt "$installed" ] && [ ! package.json -nt "$installed" ]; then
        return
    fi
    # The browser comes from the system; Playwright must not fetch one.
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund
    touch "$installed"
}

# Folders count too: a deleted file changes only the time of its folder.
stale() {
    [ -e "$built" ] && [ -e dist/index.html ] && [ ! "$installed" -nt "$built" ] || return 0
    [ -n "$(find . \( -name node_modules -o -path ./dist -o -path ./test-results -o -path ./openapi \) -prune \
        -o ! -path . -newer "$built" -print | head -n 1)" ]
}

build() {
    install
    if stale; then
        # The time from before the build: what is edited meanwhile is built next time.
        touch "$built.new"
        npm run --silent build
        mv "$built.new" "$built"
    fi
}

case "${1:-}" in
install) install ;;
build) build ;;
*)
    echo "usage: scripts/web.sh install [folder] | build" >&2
    exit 2
    ;;
esac
