#!/bin/sh
# Runs a command where programs of arm64 run: with the workshop's emulator, unless the kernel has one already. What is
# registered here is gone again at the end.
#
#   image/root/emulated.sh COMMAND..
set -eu

name=deskpanel-aarch64
kernel=/proc/sys/fs/binfmt_misc

[ -e $kernel/register ] || mount -t binfmt_misc binfmt_misc $kernel
if ! arch-test arm64 >/dev/null 2>&1; then
    # Magic and mask of an ELF file of aarch64. F: the kernel opens the emulator now, so no chroot needs a copy.
    printf '%s' ":$name:M::\\x7f\\x45\\x4c\\x46\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/usr/bin/qemu-aarch64:OCPF" >$kernel/register
    trap 'echo -1 >$kernel/$name' EXIT
    trap 'exit 1' INT TERM
fi
"$@"
