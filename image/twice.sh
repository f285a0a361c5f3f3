#!/bin/sh
# Makes the image twice from the same inputs and names every file that differs, and how. Ends with 1 where one does.
#
#   image/twice.sh            out of the same Debian, which `make image` keeps: 3 minutes
#   image/twice.sh --base     Debian's part twice as well: 8 minutes more
set -eu
cd "$(dirname "$0")/.."
twice=.image/twice
rm -rf $twice
mkdir -p $twice
export IMAGE_KEEP=yes
# Somebody may commit meanwhile, or make the package anew.
export IMAGE_PACKAGE="$twice/package.deb"
# shellcheck disable=SC2012  # by time, and with names that are ours
cp "$(ls -t .image/deb/deskpanel_*_arm64.deb | head -n 1)" "$IMAGE_PACKAGE"
checkout=$PWD
. image/host.sh
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(moment)}"

say() { echo "twice: $*"; }
differs() { python3 image/root/differs.py "$@"; }

IMAGE_OUT=$twice/1 image/build.sh
IMAGE_OUT=$twice/2 image/build.sh
status=0
if [ "${1:-}" = --base ]; then
    image/build.sh --base $twice/base.tar
    say "Debian's part:"
    differs .image/cache/base-*.tar $twice/base.tar || status=1
fi
for name in root data; do
    say "$name:"
    differs $twice/1/$name.tar $twice/2/$name.tar || status=1
done
say "what comes out:"
diff --recursive --brief $twice/1 $twice/2 || status=1
[ $status = 1 ] || say "the same, byte for byte"
exit $status
