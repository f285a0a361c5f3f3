#!/bin/sh
# The part of build.sh that runs in the workshop: builds the package of one machine and says its name.
#
#   image/deb/inside.sh ARCH OUT
set -eu

arch=$1 out=$2
here=image/deb
wheels=.image/wheels/$arch
work=$(mktemp -d)
root=$work/root
app=$root/opt/deskpanel
lib=$app/lib
doc=$root/usr/share/doc/deskpanel
trap 'rm -rf "$work"' EXIT
umask 022
[ ! -e .image/ca-certificates.crt ] || mount --bind .image/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt

case $arch in
arm64) machine=aarch64 strip=aarch64-linux-gnu-strip ;;
amd64) machine=x86_64 strip=strip ;;
esac

version=$(python3 "$here/version.py")

pip_to_lib() {
    python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action ignore \
        --no-compile --no-deps --target "$lib" --cache-dir .image/pip "$@" >&2
}

# Wheels for any glibc up to that of Debian 13.
platforms() {
    for glibc in 2_17 2_24 2_26 2_27 2_28 2_31 2_34 2_35 2_36 2_38 2_39 2_40 2_41; do
        echo "--platform manylinux_${glibc}_$machine"
    done
    echo "--platform manylinux2014_$machine --platform linux_$machine"
}

libraries() {
    # hidapi and colorzero ask for setuptools and run without.
    # shellcheck disable=SC2046  # a list of names
    python3 "$here/needed.py" "$machine" setuptools $(find "$wheels/" -name '*.whl' -printf '%f\n' | cut -d- -f1) >"$work/needed.txt"
    # shellcheck disable=SC2046  # a list of options
    pip_to_lib --only-binary :all: --implementation cp --python-version 3.13 --abi cp313 --abi abi3 --abi none \
        $(platforms) --require-hashes --requirement "$work/needed.txt" --report "$work/report.json"
    # shellcheck disable=SC2046  # a list of options
    pip_to_lib --only-binary :all: --implementation cp --python-version 3.13 --abi cp313 $(platforms) --no-index "$wheels"/*.whl
}

# Which wheels went in. For the SBOM.
account() {
    python3 -c 'import json, sys
for one in json.load(sys.stdin)["install"]:
    info = one["download_info"]
    print(info["archive_info"]["hashes"]["sha256"], info["url"].rpartition("/")[2], sep="  ")' <"$work/report.json"
    (cd "$wheels" && sha256sum -- *.whl)
}

program() { # from a copy: setuptools leaves things beside what it builds
    mkdir "$work/source"
    cp -r pyproject.toml README.md LICENSE device hw "$work/source"
    python3 -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index \
        --wheel-dir "$work" "$work/source" >&2
    rm -rf "${lib:?}/bin"
    pip_to_lib --no-index "$work"/deskpanel-*.whl
    install -D "$here/launcher.py" "$app/bin/deskpanel"
    echo "$version" >"$app/VERSION"
}

# What only builders and testers of the libraries want. METADATA and licences stay, and the entry points, by which
# gpiozero finds lgpio.
trim() {
    rm -rf "${lib:?}/bin" "$lib/share" "$lib"/*.data
    find "$lib" -depth -type d \( -name tests -o -name test -o -name __pycache__ \) -exec rm -rf {} +
    find "$lib" -type f \( -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' -o -name '*.c' -o -name '*.h' \
        -o -name py.typed -o -name '*.pth' -o -name '*.po' \) -delete
    find "$lib"/*.dist-info -maxdepth 1 -type f ! -name METADATA ! -name entry_points.txt \
        ! -iname '*licen[sc]e*' ! -iname '*copying*' -delete
}

# Debug symbols are a quarter of all there is.
lighten() {
    find "$lib" -type f -name '*.so*' -exec "$strip" --strip-unneeded {} + -exec chmod 644 {} +
}

compile() { # the target never asks whether the source is newer, and need not write beside it
    python3 -m compileall -q --invalidation-mode unchecked-hash -s "$root" "$lib" >&2
}

# Every compiled file finds what it names, and the program starts, wherever its tree lies.
try() {
    find "$lib" -name '*.so*' -type f -exec \
        image/wheels/python.sh "$arch" -c 'import ctypes, sys; [ctypes.CDLL(each) for each in sys.argv[1:]]' {} + >&2
    image/wheels/python.sh "$arch" "$app/bin/deskpanel" profiles >/dev/null
}

documents() {
    mkdir -p "$doc"
    cp "$here/copyright" "$doc/copyright"
    cp README.md "$doc"
    cp CHANGELOG.md "$doc/NEWS.md"
    mkdir "$doc/docs"
    cp docs/*.md docs/deskpanel.toml "$doc/docs"
    {
        printf 'deskpanel (%s) stable; urgency=medium\n\n  * What is new is in NEWS.md.\n\n' "$version"
        printf ' -- %s  %s\n' "$(sed -n 's/^Maintainer: //p' "$here/control.in")" "$(date --utc --rfc-email --date "@$SOURCE_DATE_EPOCH")"
    } | gzip -9n >"$doc/changelog.gz"
    install -D -m 644 "$here/lintian-overrides" "$root/usr/share/lintian/overrides/deskpanel"
}

# On Debian's packages, found through what the compiled files name. Wheels bring some libraries along, in *.libs;
# and that of C++ is here, for arm64, as part of the cross compiler.
depends() {
    mkdir "$work/debian"
    printf 'Source: deskpanel\n\nPackage: deskpanel\nArchitecture: any\n' >"$work/debian/control"
    compiled=$(find "$lib" -name '*.so*' -type f)
    brought=$(find "$lib" -maxdepth 1 -name '*.libs' -printf '-l%p ')
    # shellcheck disable=SC2086  # lists of files
    (cd "$work" && DEB_HOST_ARCH=$arch dpkg-shlibdeps -O --warnings=0 $brought "-l/usr/$machine-linux-gnu/lib" $compiled) \
        >"$work/depends" 2>"$work/depends.log" || { cat "$work/depends.log" >&2; exit 1; }
    sed "s/^shlibs:Depends=//; s/-$arch-cross//g; s/:$arch//g" "$work/depends"
}

control() {
    mkdir "$root/DEBIAN"
    for script in postinst prerm postrm; do install "$here/$script" "$root/DEBIAN/$script"; done
    (cd "$root" && find . -path ./DEBIAN -prune -o -type f -print | sed 's,^\./,,' | sort | xargs -d '\n' md5sum) >"$work/md5sums"
    mv "$work/md5sums" "$root/DEBIAN/md5sums"
    [ ! -d "$root/etc" ] || (cd "$root" && find etc -type f | sed 's,^,/,' | sort) >"$root/DEBIAN/conffiles"
    libraries=$(depends)
    sed "s/@VERSION@/$version/; s/@ARCH@/$arch/; s/@SIZE@/$(du -sk --apparent-size "$root" | cut -f1)/; s/@LIBRARIES@/$libraries/" \
        "$here/control.in" >"$root/DEBIAN/control"
}

mkdir -p "$lib"
libraries
account >"$app/WHEELS"
program
trim
lighten
compile
try
documents
install -D "$here/wrapper.sh" "$root/usr/bin/deskpanel"
[ ! -d "$here/files" ] || cp -r "$here/files/." "$root/"
control
deb=$out/deskpanel_${version}_$arch.deb
chmod -R u=rwX,go=rX "$root" # whatever umask the checkout was made with
find "$root" -print0 | xargs -0 touch --no-dereference --date "@$SOURCE_DATE_EPOCH"
# One thread: where the compressor cuts depends on how many there are.
dpkg-deb --root-owner-group --threads-max=1 -Zxz --build "$root" "$work/new.deb" >/dev/null
mv "$work/new.deb" "$deb"
echo "$deb"
