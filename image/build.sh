#!/bin/sh
# Makes the card image: .image/out/deskpanel-VERSION.img.zst, and beside it what it holds and what QEMU starts it with.
#
#   image/build.sh                 from .image/deb/deskpanel_VERSION_arm64.deb, which `make deb` makes
#   image/build.sh --base FILE     only Debian's part, anew (image/twice.sh)
#
# Debian's part takes 7 minutes and is kept in .image/cache as long as its packages and our list of them stay the same;
# the rest takes one. As said in the environment:
#   DEBIAN_MIRROR              where packages come from, if not from where apt here gets them
#   IMAGE_MIRROR, IMAGE_SECURITY_MIRROR
#                              where the panel gets its updates from, if not from there as well
#   IMAGE_PACKAGE, IMAGE_OUT   another package, another place
#   IMAGE_KEEP=yes             the contents of its file systems as tars, too
#   SOURCE_DATE_EPOCH          the time of all that is made, if not that of the last commit
set -eu

suite=trixie
checkout=$(cd "$(dirname "$0")/.." && pwd)
state=$checkout/.image
cd "$checkout"
list=.image/sources.list
out=${IMAGE_OUT:-.image/out}
base_inputs="image/root/packages.txt image/root/dpkg.cfg image/root/base image/root/base.sh image/root/before.sh image/root/after.sh"

say() { echo "image: $*" >&2; }
fail() { say "$*"; exit 1; }

. image/host.sh

sources() { # as apt reads them
    main=$(mirror_with $suite)
    security=$(mirror_with $suite-security) || security=
    [ -n "$security" ] || say "so Debian's part is made without security updates, until the panel gets them itself"
    echo "deb $main $suite main non-free-firmware"
    echo "deb $main $suite-updates main non-free-firmware"
    [ -z "$security" ] || echo "deb $security $suite-security main non-free-firmware"
}

releases() { # what the archives hold at this moment
    sed 's/^deb //; s/ main.*//' $list | while read -r mirror of; do
        /usr/lib/apt/apt-helper download-file "$mirror/dists/$of/Release" "$state/Release.base" >/dev/null 2>&1 ||
            fail "$mirror stopped answering"
        cat "$state/Release.base"
    done
}

base_hash() {
    releases >.image/releases || exit 1
    # shellcheck disable=SC2086  # a list of paths
    { cat .image/releases; find $base_inputs -type f | LC_ALL=C sort | xargs sha256sum; } | sha256sum | cut -c1-16
}

# Its own time, so that it stays the same base when something else is committed.
base_epoch() {
    # shellcheck disable=SC2086  # a list of paths
    committed=$(git log -1 --format=%ct -- $base_inputs 2>/dev/null) || true
    echo "${committed:-$SOURCE_DATE_EPOCH}"
}

emulating() { image/workshop.sh image/root/emulated.sh "$@"; }

make_base() { # OUT
    say "making Debian's part"
    for _ in first "once more, as a mirror may stumble"; do
        SOURCE_DATE_EPOCH=$(base_epoch) emulating image/root/base.sh "$1.part" $list >&2 && mv "$1.part" "$1" && return
    done
    fail "Debian's part could not be made"
}

base() { # prints the path of the tar
    tar=.image/cache/base-$(base_hash).tar
    if [ ! -e "$tar" ]; then
        mkdir -p .image/cache
        make_base "$tar"
        find .image/cache -name 'base-*' ! -path "$tar" -delete
    fi
    echo "$tar"
}

newest_package() {
    # shellcheck disable=SC2012  # by time, and with names that are ours
    ls -t .image/deb/deskpanel_*_arm64.deb 2>/dev/null | head -n 1
}

# The workshop sees nothing but the checkout.
within() { case $2 in /*) fail "$1: a path in the checkout, not $2" ;; esac; }
within IMAGE_OUT "$out"
within IMAGE_PACKAGE "${IMAGE_PACKAGE:-}"

mkdir -p .image "$out"
exec 9>.image/image.lock
flock 9
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(moment)}
export SOURCE_DATE_EPOCH
sources >$list

if [ "${1:-}" = --base ]; then
    within --base "$2"
    make_base "$2"
    exit
fi

package=${IMAGE_PACKAGE:-$(newest_package)}
[ -n "$package" ] || fail "no .image/deb/deskpanel_*_arm64.deb: make deb"
signers=${IMAGE_SIGNERS:-.image/keys/allowed_signers}
[ -e "$signers" ] || fail "nobody to take updates from: make deb makes a key and $signers"
cp "$signers" .image/signers
inputs=$(image/proven.sh --inputs)
tar=$(base)
rm -rf "$out.part"
emulating image/root/image.sh "$tar" "$package" "$out.part"
echo "$inputs" >"$out.part/inputs"
# In one moment: somebody may be starting the one before.
image/workshop.sh mv --exchange --no-copy -T "$out.part" "$out"
rm -rf "$out.part"
cat "$out/sizes.txt" >&2
