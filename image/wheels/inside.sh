#!/bin/sh
# The part of build.sh that runs in the workshop: compiles the wheels of one machine.
#
#   image/wheels/inside.sh ARCH PJPROJECT OUT
set -eu
arch=$1 archive=$2 out=$3
# setuptools takes what it has to know of the other machine from that one's libpython3-dev.
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
