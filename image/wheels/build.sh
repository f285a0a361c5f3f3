#!/bin/sh
# Makes the wheels that no registry has, for the Python of the image: pjsua2, lgpio and spidev, in
# .image/wheels/arm64 and .image/wheels/amd64. Compiled in the workshop, for arm64 by a cross compiler; not
# compiled again before something they are made of has changed.
#
#   image/wheels/build.sh [arm64|amd64]..
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
state=$checkout/.image
wheels=$state/wheels
here=$checkout/image/wheels

say() { echo "wheels: $*" >&2; }

recipe() { # what a wheel is made of, the compilers' versions among it
    cat "$here/sources.lock" "$here/sdists.txt" "$here/build.sh" "$here/pjsua2.sh" "$here/setup.py"
    dpkg-query --admindir="$state/workshop/var/lib/dpkg" --show 'gcc*' 'g++*' 'swig*' 'python3*' '*-dev'
}
named() { { echo "$1"; recipe; } | sha256sum | cut -c1-16; }

# Behind a proxy a PC may trust one authority more than Debian does.
trust() {
    [ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$state/ca-certificates.crt"
}

# Run in the workshop. setuptools takes what it has to know of the other machine from that one's libpython3-dev.
# shellcheck disable=SC2016  # expanded by the shell inside
inside='
set -eu
arch=$1 archive=$2 out=$3
if [ "$arch" = arm64 ]; then
    export HOST=aarch64-linux-gnu
    export _PYTHON_SYSCONFIGDATA_NAME=_sysconfigdata__$HOST _PYTHON_HOST_PLATFORM=linux-aarch64
    export CC=$HOST-gcc CXX=$HOST-g++ AR=$HOST-ar LDSHARED="$HOST-gcc -shared"
fi
export SOURCE_DATE_EPOCH=1767225600
[ ! -e .image/ca-certificates.crt ] || mount --bind .image/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
# PYPI: lgpio with its C library inside, as Debian has none.
PYPI=1 CFLAGS="-g0 -ffile-prefix-map=/tmp=." LDFLAGS=-s \
    pip wheel --quiet --require-hashes --no-deps --no-binary :all: --no-build-isolation \
    --no-cache-dir --wheel-dir "$out" --requirement image/wheels/sdists.txt
image/wheels/pjsua2.sh "$archive" "$out"
'

build() { # ARCH
    archive=$("$here/fetch.sh")
    part=$wheels/$1.part
    rm -rf "$part"
    mkdir -p "$part"
    trust
    say "compiling for $1, some minutes"
    "$checkout/image/workshop.sh" sh -c "$inside" inside "$1" "${archive#"$checkout/"}" "${part#"$checkout/"}" >&2
    rm -rf "${wheels:?}/$2"
    mv "$part" "$wheels/$2"
}

for arch in ${*:-arm64 amd64}; do
    "$checkout/image/workshop.sh"
    mkdir -p "$wheels"
    exec 9>"$wheels/$arch.lock"
    flock 9 # of two builders the second finds it done
    name=$arch-$(named "$arch")
    [ -d "$wheels/$name" ] || build "$arch" "$name"
    ln -sfn "$name" "$wheels/$arch"
    say "$arch: $(cd "$wheels/$name" && echo *.whl)"
done
