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

tests=tests/image/booted
if [ $# -gt 0 ]; then
    alone "$python" -m pytest "$@"
    exit
fi
rm -f "$DESKPANEL_IMAGE/figures.json"
# Two machines at a time, of one core each; the longest stories first, or one would be alone at the end.
DESKPANEL_IMAGE_CPUS=1 alone "$python" -m pytest -n 2 --dist loadfile --no-loadscope-reorder \
    $tests/test_cuts.py $tests/test_desk.py $tests/test_update.py $tests/test_glass.py $tests/test_start.py \
    $tests/test_first_light.py
