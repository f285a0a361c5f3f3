#!/bin/sh
# Builds the PBXs of the interop tests: Debian's asterisk and kamailio in a chroot, in .pbx/root of this
# checkout; and micropython, which runs a button board's firmware in tests. Does nothing where it is built
# already, and adds what is missing to one of earlier days.
# PBX_MIRROR names a Debian mirror where apt here knows none.
set -eu

suites="forky sid" # neither Debian 12 nor 13 has asterisk
packages="asterisk openssl kamailio kamailio-presence-modules kamailio-sqlite-modules micropython"
checkout=$(cd "$(dirname "$0")/.." && pwd)
pbx=$checkout/.pbx
root=$pbx/root
part=$pbx/root.part

say() { echo "pbx: $*" >&2; }
fail() { say "$*"; exit 1; }

built() { # every package is there and configured
    # shellcheck disable=SC2086  # a list of packages
    states=$(dpkg-query --admindir="$root/var/lib/dpkg" --showformat '${db:Status-Abbrev},' --show $packages 2>/dev/null) &&
        [ -z "$(echo "$states" | tr -d ' ' | sed 's/ii,//g')" ]
}
begun() { [ -x "$root/usr/sbin/asterisk" ]; }

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
        --include="$(echo "$packages" | tr ' ' ,)" \
        "$suite" "$part" "deb $mirror $suite main" >&2
}

# In a mount namespace of its own, so that nothing stays mounted; and no service is started.
# shellcheck disable=SC2016  # expanded by the shell inside
inside='
root=$1; shift
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" || exit 1
refusal=$root/usr/sbin/policy-rc.d
trap "rm -f $refusal" EXIT
printf "#!/bin/sh\nexit 101\n" >"$refusal" && chmod +x "$refusal"
cp /etc/resolv.conf "$root/etc/resolv.conf"
export DEBIAN_FRONTEND=noninteractive
chroot "$root" apt-get update -q && chroot "$root" apt-get install -y -q "$@" || exit 1
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/*.bin "$root"/var/cache/apt/archives/*.deb
'

complete() {
    # shellcheck disable=SC2086  # a list of packages
    unshare --mount sh -c "$inside" inside "$root" $packages >&2
}

if built; then exit 0; fi
[ "$(id -u)" = 0 ] || fail "building a chroot needs root: sudo make pbx (so do the tests that run it)"
[ -x /usr/lib/apt/apt-helper ] || fail "apt is missing: a Debian or Ubuntu machine is needed"

mkdir -p "$pbx"
exec 9>"$pbx/lock"
flock 9 # of two builders the second finds the work done
if built; then exit 0; fi
if begun; then
    say "adding what is missing"
    complete || { say "failed; once more"; complete; } || fail "could not be completed: remove .pbx to start over"
    built || fail "packages are missing still: remove .pbx to start over"
    say "complete, $(du -sh "$root" | cut -f1)"
    exit 0
fi
install_tools || fail "mmdebstrap and debian-archive-keyring are needed and could not be installed"
find_source || fail "none of apt's mirrors here has Debian $suites: name one in PBX_MIRROR"
say "asterisk and kamailio from $suite"
build || { say "failed; once more"; build; } || { throw_away; fail "could not be built"; }
rm -rf "$root" "$pbx/Release"
mv "$part" "$root"
say "built, $(du -sh "$root" | cut -f1)"
