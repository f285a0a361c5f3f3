#!/bin/sh
# Before the first package: what package scripts read, and stand-ins for what takes minutes under emulation.
set -eu
root=$1
# With the modes of a fresh install, whatever umask the checkout was made with.
tar -C base --mode=u=rwX,go=rX --owner=0 --group=0 -cf - . | tar -C "$root" -x --no-overwrite-dir

# Once, at the end, instead of after each package that asks for it.
printf 'update_initramfs=no\nbackup_initramfs=no\n' >"$root/etc/initramfs-tools/update-initramfs.conf"

# Run natively by after.sh: 8 s instead of 150.
mkdir -p "$root/var/lib/dpkg" "$root/usr/sbin"
for tool in /usr/sbin/update-ca-certificates /usr/sbin/depmod; do
    printf '%s\n%s.real\n:\n' $tool $tool >>"$root/var/lib/dpkg/diversions"
    printf '#!/bin/sh\n' >"$root$tool"
    chmod 755 "$root$tool"
done

# Keys of a host are made on that host; openssh-server makes none where it finds some.
mkdir -p "$root/etc/ssh"
for kind in rsa ecdsa ed25519; do
    (umask 077; echo >"$root/etc/ssh/ssh_host_${kind}_key")
    echo >"$root/etc/ssh/ssh_host_${kind}_key.pub"
done
