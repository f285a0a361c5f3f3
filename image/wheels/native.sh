#!/bin/sh
# Makes a wheel of pjsua2 for a Python of this PC, where PyPI has none: 3.13 and later. It lies in
# .image/wheels/cpXYZ-MACHINE then, where scripts/venv.sh finds it. Not compiled again before its source or the
# recipe has changed.
#
#   image/wheels/native.sh      for python3, or the one that PYTHON names
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
here=$checkout/image/wheels
python=${PYTHON:-python3}
packages="gcc g++ make swig pkg-config xz-utils libssl-dev libsrtp2-dev libspeex-dev libspeexdsp-dev libopus-dev libgsm1-dev uuid-dev"

say() { echo "pjsua2: $*" >&2; }
fail() { say "$*"; exit 1; }

asked() { "$python" -c "import sys, sysconfig, os, platform; print($1)"; }

header() { asked 'os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))'; }

lacking() {
    for package in $packages; do
        dpkg-query --show --showformat '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^.i' || echo "$package"
    done
    [ "$(header)" = True ] || asked '"python%d.%d-dev" % sys.version_info[:2]'
}

install_lacking() {
    missing=$(lacking | paste -sd' ')
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "needs what Debian calls $missing"
    [ "$(id -u)" = 0 ] || fail "first: sudo apt-get install $missing"
    say "installing $missing"
    apt-get update -q >&2 || say "apt-get update complained; going on"
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
}

# With the build tool of our lock file, whatever the Python has of its own.
tools() { # sets PYTHON
    "$python" -m venv "$work/venv" || fail "$python cannot make a virtual environment: apt install python3-venv"
    PYTHON=$work/venv/bin/python
    sed -n '/^setuptools==/,/^ *# via/p' "$checkout/requirements.lock" >"$work/tools.txt"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$work/tools.txt" >&2
    export PYTHON
}

[ "$(asked 'sys.version_info >= (3, 11)')" = True ] || fail "$python is older than Python 3.11"
name=$(asked '"cp%d%d-%s" % (*sys.version_info[:2], platform.machine())')
out=$checkout/.image/wheels/$name
recipe=$({ asked sys.version; cat "$here/sources.lock" "$here/pjsua2.sh" "$here/setup.py"; } | sha256sum | cut -c1-16)
if [ "$(cat "$out/built-from" 2>/dev/null)" != "$recipe" ]; then
    install_lacking
    archive=$("$here/fetch.sh")
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    tools
    say "compiling for $(asked 'sys.version.split()[0]'), some minutes"
    "$here/pjsua2.sh" "$archive" "$work/out"
    rm -rf "$out"
    mkdir -p "$out"
    mv "$work"/out/*.whl "$out"
    echo "$recipe" >"$out/built-from"
fi
say "$(ls "$out"/*.whl)"
