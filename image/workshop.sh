#!/bin/sh
# Builds the workshop: a chroot of Debian 13 in .image/workshop with every tool that an image, a package or a
# wheel is made with, and QEMU to try them. So a Debian 12 and a Debian 13 PC make the same bytes, and the PC
# itself needs mmdebstrap and nothing else. Does nothing where it is built already from the same list.
#
#   image/workshop.sh            build it
#   image/workshop.sh COMMAND..  run a command in it, this checkout being its /mnt
#
# DEBIAN_MIRROR names a mirror where apt here knows none.
set -eu

suite=trixie
checkout=$(cd "$(dirname "$0")/.." && pwd)
state=$checkout/.image
root=$state/workshop
part=$state/workshop.part
list=$checkout/image/workshop.txt

say() { echo "workshop: $*" >&2; }
fail() { say "$*"; exit 1; }

. "$checkout/image/host.sh"

wanted() { { packages_of "$list"; cat "$0"; } | sha256sum | cut -c1-16; }
built() { [ "$(cat "$root/.built-from" 2>/dev/null)" = "$(wanted)" ]; }

throw_away() { # $1; a build that was killed may have left its mounts; removing through them would reach the machine
    awk -v under="$1/" 'index($2, under) == 1 { print $2 }' /proc/self/mounts | sort -r |
        while read -r mounted; do umount "$mounted" || umount --lazy "$mounted"; done
    rm -rf --one-file-system "$1"
}

build() {
    throw_away "$part"
    mmdebstrap --architectures=amd64,arm64 --variant=apt \
        --aptopt='Acquire::Check-Valid-Until "false"' \
        --aptopt='Acquire::Languages "none"' \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --include="$(packages_of "$list")" \
        "$suite" "$part" "deb $(mirror_with $suite) $suite main" >&2
}

# In a mount namespace of its own, so that nothing stays mounted.
# shellcheck disable=SC2016  # expanded by the shell inside
inside='
root=$1; checkout=$2; shift 2
mount --make-rprivate / &&
mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount --rbind /sys "$root/sys" &&
mount -t tmpfs tmpfs "$root/run" && mount --bind "$checkout" "$root/mnt" || exit 1
# As it is today, not as it was on the day of the building.
[ ! -e /etc/resolv.conf ] || mount --bind "$(realpath /etc/resolv.conf)" "$root/etc/resolv.conf" || exit 1
exec chroot "$root" env --chdir=/mnt PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"
'

[ "$(id -u)" = 0 ] || fail "a chroot needs root: sudo make ..."
mkdir -p "$state"
if ! built; then
    exec 9>"$state/workshop.lock"
    flock 9 # of two builders the second finds the work done
fi
if ! built; then
    need_tools mmdebstrap:mmdebstrap
    say "building from Debian $suite"
    build || { say "failed; once more"; build; } || { throw_away "$part"; fail "could not be built"; }
    : >"$part/etc/resolv.conf"
    throw_away "$root"
    wanted >"$part/.built-from"
    mv "$part" "$root"
    say "built, $(du -sh "$root" | cut -f1)"
fi
[ $# = 0 ] || exec unshare --mount sh -c "$inside" inside "$root" "$checkout" "$@"
