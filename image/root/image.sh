#!/bin/sh
# In the workshop: the card image, out of Debian's part and the panel's package.
#
#   image/root/image.sh BASE.tar PACKAGE.deb OUT/
#
# Everything has a time no later than SOURCE_DATE_EPOCH, a fixed name and a fixed place: the same bytes each time.
set -eu
umask 022
base=$(realpath "$1")
package=$(realpath "$2")
mkdir -p "$3"
out=$(realpath "$3")
version=$(dpkg-deb --field "$package" Version)
sources=$(realpath .image/sources.list)
cd "$(dirname "$0")"
recipe=$PWD

work=/tmp/image
root=$work/root
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C.UTF-8

megabytes() { echo $(($(stat --format=%s "$1") / 1000000)); }
step() { echo "image: $(($(date +%s) - begun)) s: $*" >&2; }

begun=$(date +%s)
step "Debian's part"
rm -rf $work
mkdir -p $root
tar -C $root -xpf "$base" --numeric-owner --xattrs --xattrs-include='*'

step "the panel's package"
# With the modes of a fresh install, whatever umask the checkout was made with.
tar -C overlay --mode=u=rwX,go=rX --owner=0 --group=0 -cf - . | tar -C $root -x --no-overwrite-dir
mount -t proc proc $root/proc
mount --bind /dev $root/dev
cp "$package" $root/deskpanel.deb
chroot $root dpkg --install /deskpanel.deb
rm $root/deskpanel.deb

for hook in hooks/*; do
    step "$hook"
    SOURCES=$sources "$hook" $root
done
umount $root/proc $root/dev

step "file systems"
sorted_tar() { # OUT FROM [OPTION..]
    into=$1 from=$2
    shift 2
    tar -C "$from" -cf "$into" --sort=name --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime \
        --format=posix --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
        --xattrs --xattrs-include='*' "$@" .
}

sorted_tar $work/root.tar $root --exclude='./dev/*' --exclude='./boot/firmware/*' --exclude='./var/lib/deskpanel/*/*'
sorted_tar $work/data.tar $root/var/lib/deskpanel

# The journal of root is for updates; its inodes are for the packages of a Debian, not for letters.
mke2fs -q -t ext4 -L root -U 8c4be5f4-6e1c-4b6a-9f6e-64706e6c0003 -b 4096 -i 32768 -J size=16 -m 1 \
    -E hash_seed=8c4be5f4-6e1c-4b6a-9f6e-64706e6c0013,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0 \
    -d $work/root.tar $work/root.ext4 900M
mke2fs -q -t ext4 -L data -U 8c4be5f4-6e1c-4b6a-9f6e-64706e6c0002 -b 4096 -i 32768 -J size=16 -m 1 \
    -E hash_seed=8c4be5f4-6e1c-4b6a-9f6e-64706e6c0012,lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0 \
    -d $work/data.tar $work/data.ext4 512M

# By hand instead of by genimage: the order of files is that of their names, not that of a directory on this disk.
mkfs.vfat -F 32 -n FIRMWARE -i 64706e01 --invariant -C $work/firmware.vfat $((256 * 1024)) >/dev/null
(
    cd $root/boot/firmware
    find . -newermt "@$SOURCE_DATE_EPOCH" -exec touch --date="@$SOURCE_DATE_EPOCH" {} +
    find . -mindepth 1 -type d | LC_ALL=C sort | while read -r folder; do mmd -i $work/firmware.vfat "::$folder"; done
    find . -type f | LC_ALL=C sort | while read -r file; do mcopy -m -i $work/firmware.vfat "$file" "::$file"; done
)

step "disk"
genimage --config "$recipe/genimage.cfg" --rootpath $work/root/srv --tmppath $work/genimage \
    --inputpath $work --outputpath $work/images
image=deskpanel-$version.img
mv $work/images/deskpanel.img "$out/$image"

step "what QEMU starts it with"
mkdir -p "$out/boot"
cp $root/boot/vmlinuz-* "$out/boot/vmlinuz"
cp $root/boot/initrd.img-* "$out/boot/initrd.img"
cp $root/boot/firmware/cmdline.txt "$out/boot/"
# As the Pi's loader hands them over. That it can is checked by that as well.
for board in bcm2837-rpi-3-b bcm2837-rpi-3-b-plus bcm2837-rpi-zero-2-w bcm2711-rpi-4-b; do
    fdtoverlay -i $root/boot/firmware/$board.dtb -o "$out/boot/$board.dtb" \
        $root/boot/firmware/overlays/deskpanel.dtbo
    fdtoverlay -i $root/boot/firmware/$board.dtb -o /dev/null $root/boot/firmware/overlays/deskpanel-spi.dtbo
done

step "what is in it"
# shellcheck disable=SC2016  # dpkg's own
dpkg-query --admindir=$root/var/lib/dpkg --show --showformat '${Package}\t${Version}\t${Installed-Size}\n' \
    >"$out/deskpanel-$version.packages.txt"
python3 "$recipe/../sbom.py" --deb "$package" --root $root -o "$out/deskpanel-$version.spdx.json"
[ -z "${IMAGE_KEEP:-}" ] || cp $work/root.tar $work/data.tar "$out/"

step "compressed"
# What Raspberry Pi Imager reads as well as xz, and unpacks ten times as fast.
zstd -q -12 -T2 --force "$out/$image" -o "$out/$image.zst"
(cd "$out" && sha256sum "$image" "$image.zst" deskpanel-"$version".* | LC_ALL=C sort -u -k2 >SHA256SUMS)
{
    echo "root      $(megabytes $work/root.tar) MB of 900, unpacked"
    echo "boot      $(du -sm $root/boot/firmware | cut -f1) MB of 256"
    echo "image     $(megabytes "$out/$image") MB, as a card"
    echo "download  $(megabytes "$out/$image.zst") MB"
} >"$out/sizes.txt"
rm -rf $work
step "done"
