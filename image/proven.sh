#!/bin/sh
# Whether the image that these files make was proven already. A boot of the emulator takes minutes, so CI repeats
# `make image-check` only when its recipe, the packages' recipe, the units and what they start first, the locked
# dependencies or the check itself have changed since it was green. The rest of the program changes with every commit,
# and is what `make test` is for.
#
#   image/proven.sh           0: no need to prove it, and says why; 1: there is, and says what changed
#   image/proven.sh --inputs  these files, as they are now: mode, hash, name
#
# image/check.sh writes image/proven, when a whole run is green.
set -eu
cd "$(dirname "$0")/.."

inputs() {
    git ls-files --stage -- image device/appliance tests/image requirements.lock ':!image/pbx' ':!image/proven' |
        while read -r mode _ _ file; do [ ! -f "$file" ] || echo "$mode $(sha256sum "$file")"; done
}

case ${1:-} in
    --inputs) inputs ;;
    *)
        [ -f image/proven ] || { echo "never proven"; exit 1; }
        changed=$(inputs | diff image/proven - | sed -n 's/^[<>] [0-7]* [0-9a-f]*  //p' | sort -u)
        [ -z "$changed" ] || { echo "changed since the image was last proven:"; echo "$changed"; exit 1; }
        echo "not run: nothing the image is made of has changed since commit $(git log -1 --format=%h -- image/proven), where it was proven"
        ;;
esac
