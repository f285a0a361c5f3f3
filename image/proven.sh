#!/bin/sh
# Whether the image that these files make was proven already: `make image-check` writes down what it proved, in
# image/proven. A boot of the emulator takes minutes, so CI repeats the check only when what the image is made
# of has changed: its recipe, the packages' recipe, the units, the locked dependencies, the check itself.
#
#   image/proven.sh           0: no need to prove it, and says why; 1: there is, and says what changed
#   image/proven.sh --write   what is here now is proven
set -eu
cd "$(dirname "$0")/.."

inputs() {
    git ls-files -- image device/appliance tests/image requirements.lock ':!image/pbx' ':!image/proven' |
        while read -r file; do [ ! -f "$file" ] || sha256sum "$file"; done
}

case ${1:-} in
    --write) inputs >image/proven ;;
    *)
        # The first green run is by hand: until there is one, there is nothing that a change could have broken.
        [ -f image/proven ] || { echo "not run: the image was not yet proven as a whole; make image-check does that"; exit 0; }
        changed=$(inputs | diff image/proven - | sed -n 's/^[<>] [0-9a-f]*  //p' | sort -u)
        [ -z "$changed" ] || { echo "changed since the image was last proven:"; echo "$changed"; exit 1; }
        echo "not run: nothing the image is made of has changed since commit $(git log -1 --format=%h -- image/proven), where it was proven"
        ;;
esac
