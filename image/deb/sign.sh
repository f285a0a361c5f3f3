#!/bin/sh
# Signs a package as an update: FILE.sig beside it. Panels take updates from those whose keys the image was
# built with.
#
#   image/deb/sign.sh FILE
#
# IMAGE_SIGNING_KEY names the key to sign with, IMAGE_SIGNERS the file of the keys to trust (ssh-keygen(1),
# ALLOWED SIGNERS). Without, a pair is made once in .image/keys: keep it, or later updates are not taken.
set -eu

checkout=$(cd "$(dirname "$0")/../.." && pwd)
keys=$checkout/.image/keys
key=${IMAGE_SIGNING_KEY:-$keys/update}
signers=${IMAGE_SIGNERS:-$keys/allowed_signers}

make_pair() {
    ssh-keygen -q -t ed25519 -N '' -C deskpanel-update -f "$key"
}

trust_own() { echo "deskpanel-update namespaces=\"deskpanel-update\" $(cut -d' ' -f1,2 "$key.pub")" >"$signers"; }

command -v ssh-keygen >/dev/null || { echo "sign: ssh-keygen is missing: apt install openssh-client" >&2; exit 1; }
mkdir -p "$keys"
chmod 700 "$keys"
[ -n "${IMAGE_SIGNING_KEY:-}" ] || [ -e "$key" ] || make_pair
[ -n "${IMAGE_SIGNERS:-}" ] || [ -e "$signers" ] || trust_own
rm -f "$1.sig"
ssh-keygen -q -Y sign -n deskpanel-update -f "$key" "$1"
# As a panel will look at it: a key that is not among those it trusts is found out here, not there.
ssh-keygen -Y find-principals -f "$signers" -s "$1.sig" >/dev/null || {
    rm -f "$1.sig"
    echo "sign: $key is not among the keys of $signers" >&2
    exit 1
}
