#!/bin/sh
# In the workshop: Debian as packages.txt lists it, with its initramfs, as a tar. Nothing of the panel is in it, and
# it is kept as long as what it is made of stays the same (image/build.sh).
#
#   image/root/base.sh OUT.tar SOURCES      SOURCES: a sources.list
set -eu
out=$(realpath "$1")
sources=$(realpath "$2")
cd "$(dirname "$0")"
# mmdebstrap opens some more and writes their numbers into lines of sh, which knows those of one digit only.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-

# shellcheck source=image/host.sh
. ../host.sh

# shellcheck disable=SC2016  # "$1" is for the hooks
INITRD=No mmdebstrap --architectures=arm64 --variant=apt --format=tar --include="$(packages_of packages.txt)" \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --aptopt='Acquire::Languages "none"' \
    --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt=dpkg.cfg \
    --setup-hook='./before.sh "$1"' \
    --customize-hook='./after.sh "$1"' \
    trixie "$out" "$sources"
