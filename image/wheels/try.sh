#!/bin/sh
# In the workshop: runs what was compiled for a machine, without installing it.
#
#   image/wheels/try.sh ARCH FOLDER
set -eu

unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
for wheel in "$2"/*.whl; do python3 -m zipfile --extract "$wheel" "$unpacked"; done
cp image/wheels/smoke.py "$unpacked"
image/wheels/python.sh "$1" "$unpacked/smoke.py"
