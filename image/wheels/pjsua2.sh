#!/bin/sh
# Makes a wheel of pjsua2 out of pjproject's source, for one Python.
#
#   image/wheels/pjsua2.sh ARCHIVE OUT
#
# Runs in the workshop, and on a PC for its own Python. Of the environment: PYTHON; and to build for another
# machine HOST (aarch64-linux-gnu), with what makes setuptools believe it (see inside.sh).
set -eu

archive=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}
host=${HOST:-}
tool=${host:+$host-}
work=$(mktemp -d)
tree=$work/pjproject
trap 'rm -rf "$work"' EXIT

export CC="${tool}gcc" CXX="${tool}g++" AR="${tool}ar" RANLIB="${tool}ranlib" LD="${tool}ld"
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-1767225600}" # any moment, but always the same
# No assertions, as in asterisk's own pjproject: what a stranger sends would end the process where the library is
# prepared to refuse it. Instead what Debian hardens its daemons with. And no path of this build in the wheel.
hardened="-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"
flags="-fPIC -DNDEBUG $hardened -g0 -ffile-prefix-map=$tree=."

say() { echo "pjsua2: $*" >&2; }
fail() { say "$*"; exit 1; }

quietly() { # NAME COMMAND..: its output only when it fails
    log=$work/$1.log; shift
    "$@" >"$log" 2>&1 || { tail -40 "$log" >&2; fail "failed: $*"; }
}

unpack() {
    mkdir "$tree"
    tar --extract --strip-components=1 --directory "$tree" --file "$archive"
    cd "$tree"
    # Debian leaves this sound driver out, as it is not free, and patches it away so.
    sed -i 's/ bdimad_dev.o//' pjmedia/build/Makefile
    # What says who is present may lack an id, which the library takes for impossible: it would follow a null pointer.
    sed -i '/pjpidf_tuple_get_id/,/^}/s/return &attr->value/return attr ? \&attr->value : \&EMPTY_STRING/' \
        pjsip/src/pjsip-simple/pidf.c
    find . -name '*.depend' -delete
    cat >pjlib/include/pj/config_site.h <<SITE
#define PJ_HAS_IPV6 1
#define PJMEDIA_HAS_VIDEO 0
SITE
}

# Debian's libsrtp2-dev cannot be had for two machines at once. The library can, and the headers are the same.
srtp() {
    mkdir "$work/lib"
    library=$(find "/usr/lib/$("$CC" -print-multiarch)" -name 'libsrtp2.so*' | head -1)
    ln -s "$library" "$work/lib/libsrtp2.so"
}

# No sound device, as the panel makes no sound of its own on the line, and no video. Cross compiling, TLS and Opus are left out
# without a word unless their place is named.
configure() {
    CFLAGS="-O2 $flags" CXXFLAGS="-O2 $flags" LDFLAGS="-L$work/lib" quietly configure ./aconfigure \
        ${host:+--host=$host} --with-ssl=/usr --with-opus=/usr \
        --disable-sound --disable-video --disable-v4l2 --disable-sdl --disable-ffmpeg --disable-openh264 --disable-vpx \
        --disable-libyuv --disable-libwebrtc --disable-upnp --disable-ilbc-codec --disable-g7221-codec \
        --disable-opencore-amr --disable-silk --disable-bcg729 --disable-lyra \
        --with-external-srtp --with-external-speex --with-external-gsm --enable-speex-resample
    grep -q 'define PJ_HAS_SSL_SOCK 1' pjlib/include/pj/compat/os_auto.h || fail "no TLS: OpenSSL was not found"
    grep -q 'define PJMEDIA_HAS_OPUS_CODEC 1' pjmedia/include/pjmedia-codec/config_auto.h || fail "no Opus"
}

helper() { make --no-print-directory --file helper.mak "$1"; }

# One C++ file of 7 MB, which wants the libraries' headers only. -O1: -O2 takes twice as long, and nobody waits for it.
wrapper() {
    cd "$tree/pjsip-apps/src/swig/python"
    make pjsua2_wrap.cpp
    # shellcheck disable=SC2046  # a list of options
    "$CXX" $(helper cflags) -O1 -fno-var-tracking -w \
        -I"$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')" \
        -c pjsua2_wrap.cpp -o pjsua2_wrap.o
}

libraries() { make -C "$tree" -j2 lib; }

wheel() {
    cd "$tree/pjsip-apps/src/swig/python"
    cp "$here/setup.py" "$tree/COPYING" .
    LINK="$(helper ldflags | tr '\n' ' ') $(helper libs | sed 's/^/-l/' | tr '\n' ' ')" \
        PJ_VERSION="$(sed -n 's/^export PJ_VERSION_M[AI][JN]OR *:= *//p' "$tree/version.mak" | paste -sd.)" \
        LDSHARED="$CXX -shared" LDCXXSHARED="$CXX -shared" \
        quietly wheel "$python" setup.py --quiet bdist_wheel --dist-dir "$out"
}

mkdir -p "$out"
out=$(cd "$out" && pwd)
unpack
srtp
configure
(quietly wrapper wrapper) &
wrapping=$!
quietly libraries libraries
wait "$wrapping"
wheel
