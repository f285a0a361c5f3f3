#!/bin/sh
# After the last package: what before.sh held back, and the traces of this machine.
set -eu
root=$1
rm "$root"/etc/ssh/ssh_host_*

for tool in /usr/sbin/update-ca-certificates /usr/sbin/depmod; do
    rm "$root$tool"
    chroot "$root" dpkg-divert --local --quiet --rename --remove $tool
done
kernel=$(cd "$root/usr/lib/modules" && ls)
depmod -b "$root" -F "$root/boot/System.map-$kernel" "$kernel"
sh "$root/usr/sbin/update-ca-certificates" --sysroot "$root" --fresh
# --sysroot leaves links that name the path of this build.
find "$root/etc/ssl/certs" -lname "$root/*" | while read -r link; do
    target=$(readlink "$link")
    ln -snf "/${target#"$root"/}" "$link"
done

# Bytecode that is trusted without looking at its source: package files get other times in the image, and a time
# that does not fit would have Python compile its library anew at every start of a root it cannot write to.
find "$root/usr/lib/python3" "$root/usr/lib/python3.13" -name __pycache__ -prune -exec rm -r {} +
python3 -m compileall -q -f -j 0 -s "$root" -p / --invalidation-mode unchecked-hash \
    "$root/usr/lib/python3" "$root/usr/lib/python3.13" || true # lib2to3 holds files that are meant not to compile

printf 'update_initramfs=yes\nbackup_initramfs=no\n' >"$root/etc/initramfs-tools/update-initramfs.conf"
chroot "$root" update-initramfs -c -k all

# Of this build, not of Debian.
: >"$root/etc/machine-id"
find "$root/var/log" -type f -delete
rm -rf "$root/var/lib/dbus/machine-id" "$root"/var/cache/ldconfig/aux-cache "$root"/var/cache/debconf/*-old \
    "$root"/var/lib/dpkg/*-old "$root"/etc/*- "$root/etc/.pwd.lock" "$root"/var/lib/systemd/random-seed
