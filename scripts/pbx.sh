#!/bin/sh
# Builds the PBX of the interop tests: Debian's asterisk in a chroot, in .pbx/root of this checkout.
# Does nothing where it is built already. PBX_MIRROR names a Debian mirror where apt here knows none.
set -eu

suites="forky sid" # neither Debian 12 nor 13 has asterisk
checkout=$(cd "$(dirname "$0")/.." && pwd)
pbx=$checkout/.pbx
root=$pbx/root
part=$pbx/root.part

say() { echo "pbx: $*" >&2; }
fail() { say "$*"; exit 1; }

built() { [ -x "$root/usr/sbin/asterisk" ]; }

install_tools() {
    missing=
    command -v mmdebstrap >/dev/null || missing="mmdebstrap"
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing="$missing debian-archive-keyring"
    [ -n "$missing" ] || return 0
    say "installing $missing"
    apt-get update -q >&2 || say "apt-get update complained; going on"
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
}

# apt itself reads its sources, be they deb822 or one-line, and says what it would fetch.
mirrors() {
    [ -z "${PBX_MIRROR:-}" ] || { echo "${PBX_MIRROR%/}"; return; }
    apt-get update --print-uris | sed -n "s,^'\(.*\)/dists/.*/InRelease'.*,\1,p" | awk '!seen[$0]++'
}

has_suite() { /usr/lib/apt/apt-helper download-file "$1/dists/$2/Release" "$pbx/Release" >/dev/null 2>&1; }

find_source() { # sets $suite and $mirror
    for suite in $suites; do
        for mirror in $(mirrors); do
            has_suite "$mirror" "$suite" && return 0
        done
    done
    return 1
}

throw_away() {
    # A build that was killed may have left its mounts; removing through them would reach the machine.
    awk -v part="$part/" 'index($2, part) == 1 { print $2 }' /proc/self/mounts | sort -r |
        while read -r mounted; do umount "$mounted" || umount --lazy "$mounted"; done
    rm -rf --one-file-system "$part"
}

build() {
    throw_away
    mmdebstrap --quiet --variant=apt \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include=asterisk,openssl \
        "$suite" "$part" "deb $mirror $suite main" >&2
}

if built; then exit 0; fi
[ "$(id -u)" = 0 ] || fail "building a chroot needs root: sudo make pbx (so do the tests that run it)"
[ -x /usr/lib/apt/apt-helper ] || fail "apt is missing: a Debian or Ubuntu machine is needed"

mkdir -p "$pbx"
exec 9>"$pbx/lock"
flock 9 # of two builders the second finds the work done
if built; then exit 0; fi
install_tools || fail "mmdebstrap and debian-archive-keyring are needed and could not be installed"
find_source || fail "none of apt's mirrors here has Debian $suites: name one in PBX_MIRROR"
say "asterisk from $suite"
build || { say "failed; once more"; build; } || { throw_away; fail "could not be built"; }
rm -rf "$root" "$pbx/Release"
mv "$part" "$root"
say "built, $(du -sh "$root" | cut -f1)"
