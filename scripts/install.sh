#!/bin/sh
# Installs Debian packages, as root, for the tests. Starts no service, makes no database cluster, and leaves the
# machine's rule about starting services as it was.
set -eu

if [ "$(id -u)" -ne 0 ]; then
    echo "Only root can install packages: sudo $0 $*" >&2
    exit 1
fi
echo "Installing $* (no services are started)"

# Packages ask this file whether they may start their service; 101 means no.
policy=/usr/sbin/policy-rc.d
kept=''
restore() {
    rm -f "$policy"
    if [ -n "$kept" ]; then mv "$kept" "$policy"; fi
}
if [ -e "$policy" ]; then
    kept=$policy.before-convo
    mv "$policy" "$kept"
fi
trap restore EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

# Where PostgreSQL was never set up, its package would make a cluster that nobody asked for.
cluster=/etc/postgresql-common/createcluster.conf
if [ ! -e "$cluster" ]; then
    mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' >"$cluster"
fi

export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
apt-get update -q
apt-get install -q -y --no-install-recommends -o Dpkg::Options::=--force-confold "$@"
