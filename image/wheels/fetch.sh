#!/bin/sh
# Brings pjproject's source, that of pjsua2, out of Debian's source of asterisk to .image/sources, and says where it
# lies. apt checks the signature of the suite's index, and by it every file; what it brings must then be
# the very file of sources.lock.
#
# When Debian has moved on, the build stops and names the new file: look at what changed in it, put its hash
# into sources.lock, and run the tests marked `interop` with the new wheel (`make pjsua2`).
#
# DEBIAN_MIRROR names a mirror where apt here knows none.
set -eu

suites="forky sid" # Debian 13 has no asterisk
checkout=$(cd "$(dirname "$0")/../.." && pwd)
state=$checkout/.image
sources=$state/sources
lock=$checkout/image/wheels/sources.lock
archive=$(sed -n 's/.*  \(.*Xpjproject.*\)/\1/p' "$lock")

say() { echo "wheels: $*" >&2; }
fail() { say "$*"; exit 1; }

# shellcheck source=image/host.sh
. "$checkout/image/host.sh"

right() { (cd "$sources" && grep -F "$archive" "$lock" | sha256sum --quiet --check -) >/dev/null 2>&1; }

private_apt() { # SUITE MIRROR: an apt that knows nothing but the sources of one suite, and leaves the machine's own alone
    rm -rf apt
    mkdir -p apt/etc/apt.conf.d apt/state/lists/partial apt/cache/archives/partial
    : >apt/status
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $2 $1 main" >apt/etc/sources.list
    cat >apt/apt.conf <<CONF
Dir::Etc "$PWD/apt/etc";
Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "$PWD/apt/etc/apt.conf.d";
Dir::State "$PWD/apt/state";
Dir::State::Status "$PWD/apt/status";
Dir::Cache "$PWD/apt/cache";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONF
}

bring() { # SUITE
    mirror=$(mirror_with "$1") &&
        private_apt "$1" "$mirror" &&
        apt-get --config-file apt/apt.conf --quiet update >&2 &&
        apt-get --config-file apt/apt.conf --quiet source --download-only asterisk >&2
}

mkdir -p "$sources"
exec 9>"$sources/lock"
flock 9 # of two builders the second finds it fetched
cd "$sources"
if ! right; then
    need_tools apt-get:apt
    for suite in $suites; do
        bring "$suite" || say "nothing from $suite"
        if right; then break; fi
    done
    rm -rf apt
fi
right || fail "Debian's asterisk has moved on: $archive is not there, but $(ls ./*Xpjproject* 2>/dev/null || echo none); see $0"
echo "$sources/$archive"
