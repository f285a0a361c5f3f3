#!/bin/sh
# Makes the virtual environment of this checkout, with what requirements.lock pins.
#
# pjsua2, which speaks SIP, has wheels for CPython 3.11 and 3.12 among those we support; for a later one
# `make pjsua2` makes it. So such a Python is looked for first, also where pyenv and uv keep theirs;
# PYTHON=... names one by hand.
set -eu

venv=$1
checkout=$(cd "$(dirname "$0")/.." && pwd)

say() { echo "deskpanel: $*" >&2; }

wheel() { # of pjsua2 for this Python, made by `make pjsua2`
    name=$("$1" -c 'import sys, platform; print("cp%d%d-%s" % (*sys.version_info[:2], platform.machine()))')
    ls "$checkout/.image/wheels/$name"/pjsua2-*.whl 2>/dev/null
}

fits() { # has a wheel of pjsua2, and can make a virtual environment
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 || return 1
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' || newer "$1"
}

newer() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 13))' && wheel "$1" >/dev/null; }

candidates() {
    [ -z "${PYTHON:-}" ] || echo "$PYTHON"
    [ -z "${PYTHON:-}" ] || return 0
    printf '%s\n' python3 python3.12 python3.11
    ls -d "$HOME"/.pyenv/versions/3.1[12].*/bin/python \
        "$HOME"/.local/share/uv/python/cpython-3.1[12].*/bin/python 2>/dev/null || true
}

python=
for candidate in $(candidates); do
    if fits "$candidate"; then python=$candidate; break; fi
done

if [ -z "$python" ]; then
    have=$("${PYTHON:-python3}" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none)
    case $have in
        3.11 | 3.12) say "Python $have cannot make a virtual environment: apt install python3-venv" ;;
        *) say "pjsua2 has wheels for Python 3.11 and 3.12, not for $have: install one of them beside it (for example: uv python install 3.12), or name it with PYTHON=...; or, with 3.13 or later, make one: make pjsua2" ;;
    esac
    exit 1
fi

rm -rf "$venv"
"$python" -m venv "$venv"
# PYPI=1: where lgpio has no wheel either, it is compiled with its C library inside.
PYPI=1 "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
    --requirement "$checkout/requirements.lock"
if ! "$venv/bin/python" -c 'import pjsua2' 2>/dev/null && made=$(wheel "$python"); then
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-index "$made"
fi
# The checkout itself, with the build tool that the lock brought.
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
    --no-build-isolation --editable "$checkout"
