#!/bin/sh
# Makes the wheels that no registry has, for the Python of the image: pjsua2, lgpio and spidev, in
# .image/wheels/arm64 and .image/wheels/amd64. Compiled in the workshop, for arm64 by a cross compiler; not
# compiled again before something they are made of has changed.
#
#   image/wheels/build.sh [arm64|amd64]..
#   image/wheels/build.sh --here [PYTHON]     pjsua2 for a Python of this PC; see native.sh
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
state=$checkout/.image
wheels=$state/wheels
here=$checkout/image/wheels

say() { echo "wheels: $*" >&2; }

# shellcheck source=image/host.sh
. "$checkout/image/host.sh"

recipe() { # what a wheel is made of, the compilers' versions among it
    cat "$here/sources.lock" "$here/sdists.txt" "$here/inside.sh" "$here/pjsua2.sh" "$here/setup.py"
    dpkg-query --admindir="$state/workshop/var/lib/dpkg" --show 'gcc*' 'g++*' 'swig*' 'python3*' '*-dev'
}
named() { { echo "$1"; recipe; } | sha256sum | cut -c1-16; }

inside() { "$checkout/image/workshop.sh" "$@" >&2; } # where the checkout is the working directory

build() { # ARCH NAME
    archive=$("$here/fetch.sh")
    part=$wheels/$1.part
    rm -rf "$part"
    mkdir -p "$part"
    trust
    say "compiling for $1, some minutes"
    inside image/wheels/inside.sh "$1" "${archive#"$checkout/"}" "${part#"$checkout/"}"
    inside image/wheels/try.sh "$1" "${part#"$checkout/"}"
    rm -rf "${wheels:?}/$1-"* # of earlier days
    mv "$part" "$wheels/$2"
}

if [ "${1:-}" = --here ]; then PYTHON=${2:-python3} exec "$here/native.sh"; fi
[ $# -gt 0 ] || set -- arm64 amd64
for arch; do
    "$checkout/image/workshop.sh"
    mkdir -p "$wheels"
    exec 9>"$wheels/$arch.lock"
    flock 9 # of two builders the second finds it done
    name=$arch-$(named "$arch")
    [ -d "$wheels/$name" ] || build "$arch" "$name"
    ln -sfn "$name" "$wheels/$arch"
    say "$arch: $(cd "$wheels/$name" && echo *.whl)"
done
