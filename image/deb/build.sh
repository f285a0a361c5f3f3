#!/bin/sh
# Makes .image/deb/deskpanel_VERSION_ARCH.deb: the program in /opt/deskpanel with the libraries of
# requirements.lock and our own wheels, its unit, and what an image needs. Beside it a list of what is in it
# (SPDX) and its signature. Made in the workshop, for either machine natively.
#
#   image/deb/build.sh [arm64|amd64]..
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
state=$checkout/.image

say() { echo "deb: $*" >&2; }
fail() { say "$*"; exit 1; }

# shellcheck source=image/host.sh
. "$checkout/image/host.sh"

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(moment)}
export SOURCE_DATE_EPOCH

mkdir -p "$state/deb"
trust
[ $# -gt 0 ] || set -- arm64 amd64
for arch; do
    "$checkout/image/wheels/build.sh" "$arch"
    (
        flock 9 # never two writers
        deb=$("$checkout/image/workshop.sh" image/deb/inside.sh "$arch" .image/deb)
        say "$deb, $(du -h "$checkout/$deb" | cut -f1)"
        "$checkout/image/workshop.sh" lintian --fail-on error "$deb" >&2 ||
            fail "lintian found errors in $deb"
        "$checkout/image/workshop.sh" python3 image/sbom.py --deb "$deb" --output "${deb%.deb}.spdx.json"
        "$checkout/image/deb/sign.sh" "$checkout/$deb"
    ) 9>"$state/deb/$arch.lock"
done
