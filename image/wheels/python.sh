#!/bin/sh
# In the workshop: runs the Python of either machine, to try what was made for it.
#
#   image/wheels/python.sh ARCH ARGUMENT..
#
# Two interpreters cannot be installed side by side, but Debian's library of the other one is there for the cross
# compiler: a main() around it will do, under emulation.
set -eu

arch=$1
shift
[ "$arch" = arm64 ] || exec python3 "$@"

here=$(cd "$(dirname "$0")" && pwd)
host=aarch64-linux-gnu
main=/tmp/python-arm64
if [ ! -x $main ]; then
    part=$(mktemp)
    # shellcheck disable=SC2046  # a list of options
    "$host-gcc" "$here/python.c" -o "$part" $($host-pkg-config --cflags --libs python3-embed)
    mv "$part" $main
fi
# The C++ library is part of the cross compiler.
exec qemu-aarch64 -E PYTHONHOME=/usr -E LD_LIBRARY_PATH=/usr/$host/lib $main "$@"
