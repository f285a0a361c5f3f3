#!/bin/sh
# The version in use: an update on trial or taken, else the one that the package brought.
for tree in /run/deskpanel-app /opt/deskpanel; do
    [ ! -x $tree/bin/deskpanel ] || exec $tree/bin/deskpanel "$@"
done
echo "deskpanel: there is no program in /opt/deskpanel" >&2
exit 1
