#!/bin/sh
# Boots the image on machines that QEMU makes, beside a real Asterisk, and tries what a user may count on:
# tests/image/booted. All of it in a network namespace that has nothing but a loopback, so that no packet of a guest
# leaves this computer. Wants root, the workshop, the image, and what `make pbx` builds.
#
#   image/check.sh [PYTEST ARGUMENTS]
#
# PYTHON is the Python of the tests; DESKPANEL_IMAGE the directory of the image, if not .image/out;
# DESKPANEL_CUTS how often the power is cut (10).
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
DESKPANEL_IMAGE=${DESKPANEL_IMAGE:-$PWD/.image/out}
export DESKPANEL_IMAGE

fail() { echo "image-check: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || fail "needs root: sudo make image-check"
[ -e "$DESKPANEL_IMAGE/boot" ] || fail "there is no image in $DESKPANEL_IMAGE: make image"
[ -x .pbx/root/usr/sbin/asterisk ] || fail "there is no Asterisk: make pbx"

alone() { # a mount namespace too: what Asterisk's chroot mounts ends with it
    # shellcheck disable=SC2016  # expanded by the shell inside
    unshare --net --mount sh -c 'ip link set lo up && exec "$@"' inside "$@"
}

# Cards are copies of 4 GB, mostly holes: not where memory is the disk.
run() { alone "$python" -m pytest --basetemp .image/tests "$@"; }

# The longest stories first, or one would be alone at the end.
ordered() {
    cd tests/image/booted
    long="test_cuts.py test_desk.py test_update.py test_glass.py test_start.py"
    for file in $long test_*.py; do echo "tests/image/booted/$file"; done | awk '!seen[$0]++'
}

if [ $# -gt 0 ]; then
    run "$@"
    exit
fi
before=$(image/proven.sh --inputs)
rm -f "$DESKPANEL_IMAGE/figures.json"
# Two machines at a time, of one core each.
# shellcheck disable=SC2046  # a list of files
DESKPANEL_IMAGE_CPUS=1 run -n 2 --dist loadfile --no-loadscope-reorder $(ordered)
# What CI need not do again, if it is the image of these files: made from them, and they are still what they were.
if [ "$before" = "$(cat "$DESKPANEL_IMAGE/inputs")" ] && [ "$before" = "$(image/proven.sh --inputs)" ]; then
    echo "$before" >image/proven
else
    echo "image-check: proven, but image/proven stays: this image was made from other files"
fi
