# What the computer that builds gives to it: Debian's mirrors, its tools, its authorities, the time. For scripts that have
# `say`, `fail`, and $checkout and $state for their places. Read, not run.

# The same tree makes the same bytes, whenever they are made; without git, another moment that stays.
moment() { git -C "$checkout" log -1 --format=%ct 2>/dev/null || echo 1767225600; }

# Behind a proxy a PC may trust one authority more than Debian does.
trust() {
    [ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$state/ca-certificates.crt"
}

# The names in a list of packages, with commas between.
packages_of() { sed 's/[[:space:]]*#.*//; /^$/d' "$1" | paste -sd,; }

# apt itself reads its sources, be they deb822 or one-line, and says what it would fetch.
mirrors() {
    [ -z "${DEBIAN_MIRROR:-}" ] || { echo "${DEBIAN_MIRROR%/}"; return; }
    apt-get update --print-uris | sed -n "s,^'\(.*\)/dists/.*/InRelease'.*,\1,p" | awk '!seen[$0]++'
}

mirror_with() { # SUITE: the first of apt's mirrors here that has it
    for mirror in $(mirrors); do
        if /usr/lib/apt/apt-helper download-file "$mirror/dists/$1/Release" "$state/Release" >/dev/null 2>&1; then
            rm -f "$state/Release"
            echo "$mirror"
            return 0
        fi
    done
    fail "none of apt's mirrors here has Debian $1: name one in DEBIAN_MIRROR"
}

need_tools() { # COMMAND:PACKAGE..: installs what is missing
    missing=
    for tool; do command -v "${tool%:*}" >/dev/null || missing="$missing ${tool#*:}"; done
    [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing="$missing debian-archive-keyring"
    [ -n "$missing" ] || return 0
    say "installing$missing"
    apt-get update -q >&2 || say "apt-get update complained; going on"
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2 ||
        fail "needed, and could not be installed:$missing"
}
