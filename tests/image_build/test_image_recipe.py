"""What the recipe of the card image promises, without making one."""

import importlib.util
import io
import os
import re
import subprocess
import tarfile
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType

import pytest

IMAGE = Path(__file__).parents[2] / "image"
RECIPE = IMAGE / "root"
OVERLAY = RECIPE / "overlay"
INITRAMFS = RECIPE / "base/etc/initramfs-tools"

MODULES = "/usr/lib/modules/6.12.1+deb13-arm64/kernel"


# What is left out


def left_out(path: str) -> bool:
    """As dpkg reads its filters: the last that fits decides."""
    verdict = False
    for line in (RECIPE / "dpkg.cfg").read_text().splitlines():
        what, _, pattern = line.partition("=")
        if what in ("path-exclude", "path-include") and fnmatchcase(path, pattern):
            verdict = what == "path-exclude"
    return verdict


@pytest.mark.parametrize(
    "path",
    [
        # the card, the network and the header of a Pi 3, 4 and Zero 2 W
        f"{MODULES}/drivers/mmc/host/sdhci-iproc.ko.xz",
        f"{MODULES}/drivers/mmc/host/bcm2835.ko.xz",
        f"{MODULES}/drivers/net/usb/smsc95xx.ko.xz",
        f"{MODULES}/drivers/net/usb/lan78xx.ko.xz",
        f"{MODULES}/drivers/net/ethernet/broadcom/genet/genet.ko.xz",
        f"{MODULES}/drivers/net/phy/broadcom.ko.xz",
        f"{MODULES}/drivers/net/wireless/broadcom/brcm80211/brcmfmac/brcmfmac.ko.xz",
        f"{MODULES}/drivers/i2c/busses/i2c-bcm2835.ko.xz",
        f"{MODULES}/drivers/spi/spi-bcm2835.ko.xz",
        f"{MODULES}/drivers/watchdog/bcm2835_wdt.ko.xz",
        f"{MODULES}/drivers/char/hw_random/bcm2835-rng.ko.xz",
        # boards and lights on USB, a USB disk
        f"{MODULES}/drivers/usb/class/cdc-acm.ko.xz",
        f"{MODULES}/drivers/usb/serial/ftdi_sio.ko.xz",
        f"{MODULES}/drivers/usb/storage/usb-storage.ko.xz",
        f"{MODULES}/drivers/scsi/sd_mod.ko.xz",
        # the tests' machines, and a network that is made bad
        f"{MODULES}/drivers/block/virtio_blk.ko.xz",
        f"{MODULES}/drivers/net/virtio_net.ko.xz",
        f"{MODULES}/drivers/net/usb/cdc_ether.ko.xz",
        f"{MODULES}/net/sched/sch_netem.ko.xz",
        f"{MODULES}/fs/ext4/ext4.ko.xz",
        f"{MODULES}/fs/fat/vfat.ko.xz",
        "/usr/lib/linux-image-6.12.1+deb13-arm64/broadcom/bcm2837-rpi-zero-2-w.dtb",
        "/usr/lib/linux-image-6.12.1+deb13-arm64/broadcom/bcm2711-rpi-4-b.dtb",
        "/usr/lib/raspi-firmware/start.elf",
        "/usr/lib/raspi-firmware/start4.elf",
        "/usr/lib/raspi-firmware/fixup4.dat",
        "/usr/lib/firmware/brcm/brcmfmac43455-sdio.raspberrypi,4-model-b.txt",
        "/usr/lib/firmware/cypress/cyfmac43430-sdio.bin",
        "/usr/share/fonts/opentype/unifont/unifont.otf",
        "/usr/share/fonts/opentype/unifont/unifont_upper.otf",
        "/usr/share/doc/bash/copyright",
        "/usr/share/doc/deskpanel/README.md",
    ],
)
def test_what_a_panel_needs_is_not_trimmed_away(path: str) -> None:
    assert not left_out(path)


@pytest.mark.parametrize(
    "path",
    [
        f"{MODULES}/drivers/gpu/drm/amd/amdgpu/amdgpu.ko.xz",
        f"{MODULES}/drivers/net/ethernet/intel/e1000/e1000.ko.xz",
        "/usr/lib/linux-image-6.12.1+deb13-arm64/rockchip/rk3399-rock960.dtb",
        "/usr/share/man/man1/bash.1.gz",
        "/usr/share/doc/bash/README",
    ],
)
def test_what_no_panel_has_is_left_out(path: str) -> None:
    assert left_out(path)


# Partitions


def test_root_is_the_last_partition_for_it_grows() -> None:
    names = re.findall(r"^ +partition (\w+)", (RECIPE / "genimage.cfg").read_text(), re.MULTILINE)
    assert names == ["firmware", "data", "root"]


def test_the_labels_that_are_mounted_are_those_that_are_made() -> None:
    recipe = (RECIPE / "image.sh").read_text()
    made = set(re.findall(r"-[Ln] (\w+) -", recipe))
    mounted = (INITRAMFS / "scripts/local-bottom/deskpanel").read_text()
    firmware = (OVERLAY / "etc/default/raspi-firmware").read_text()
    asked = set(re.findall(r"device (\w+)\)", mounted)) | set(re.findall(r"LABEL=(\w+)", firmware))
    assert asked == made == {"FIRMWARE", "data", "root"}


def test_root_is_mounted_read_only_and_last_said_wins() -> None:
    # Debian's hook writes `rw`, and ours come after it.
    extra = (OVERLAY / "etc/default/raspi-extra-cmdline").read_text().split()
    fstab = (RECIPE / "base/etc/fstab").read_text()
    assert "ro" in extra
    assert "rw" not in extra
    assert re.search(r"^LABEL=root +/ +ext4 +ro,", fstab, re.MULTILINE)


# The first boot


def first_boot(tmp_path: Path, cut_at: int | None = None) -> list[str]:
    """Its commands in their order, the power gone at one of them."""
    commands = tmp_path / "commands"
    tools = tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    for name in (
        "sfdisk",
        "partx",
        "mount",
        "resize2fs",
        "systemd-machine-id-setup",
        "touch",
        "sync",
    ):
        last = 'touch "$1"' if name == "touch" else ":"
        stub(
            tools / name,
            f'echo "{name} $*" >>{commands}\n'
            f"[ $(wc -l <{commands}) != {cut_at} ] || kill -9 $PPID\n"
            f"PATH=/usr/bin:/bin\n{last}",
        )
    stub(tools / "findmnt", "echo /dev/mmcblk0p3")
    partition = tmp_path / "devices/mmcblk0/mmcblk0p3"
    partition.mkdir(parents=True, exist_ok=True)
    (partition / "partition").write_text("3\n")
    listed = tmp_path / "block/mmcblk0p3"
    listed.parent.mkdir(exist_ok=True)
    if not listed.exists():
        listed.symlink_to(partition)
    commands.write_text("")
    script = OVERLAY / "usr/lib/deskpanel/first-boot"
    environment = {"PATH": f"{tools}:{os.environ['PATH']}"}
    subprocess.run(["sh", script, tmp_path / "marker", listed.parent], env=environment, check=False)
    return commands.read_text().splitlines()


def stub(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_the_first_boot_grows_root_to_the_card(tmp_path: Path) -> None:
    assert first_boot(tmp_path) == [
        "sfdisk --quiet --no-reread --no-tell-kernel --force -N 3 /dev/mmcblk0",
        "partx --update --nr 3 /dev/mmcblk0",
        "mount -o remount,rw /",
        "resize2fs /dev/mmcblk0p3",
        "systemd-machine-id-setup --commit",
        "sync -f /",
        "mount -o remount,ro /",
        f"touch {tmp_path / 'marker'}",
        f"sync -f {tmp_path / 'marker'}",
    ]


@pytest.mark.parametrize("line", range(1, 8))
def test_a_first_boot_that_was_cut_off_is_done_again(tmp_path: Path, line: int) -> None:
    assert len(first_boot(tmp_path, cut_at=line)) == line
    assert not (tmp_path / "marker").exists()
    first_boot(tmp_path)
    assert (tmp_path / "marker").exists()


# Scripts


def scripts() -> list[Path]:
    found = [*IMAGE.glob("*.sh"), *(path for path in RECIPE.rglob("*") if path.is_file())]
    return sorted(path for path in found if path.read_bytes().startswith(b"#!/bin/sh"))


@pytest.mark.parametrize("script", scripts(), ids=lambda path: str(path.relative_to(IMAGE)))
def test_a_script_is_sh_and_says_what_it_is_for(script: Path) -> None:
    subprocess.run(["sh", "-n", script], check=True)
    assert script.read_text().splitlines()[1].startswith("# ")


def test_what_is_run_may_be_run() -> None:
    run = [*RECIPE.glob("hooks/*"), *INITRAMFS.glob("*/*/*"), *INITRAMFS.glob("hooks/*")]
    run += [*OVERLAY.glob("usr/lib/deskpanel/*"), *OVERLAY.glob("usr/sbin/*")]
    run += [IMAGE / "build.sh", IMAGE / "twice.sh", *RECIPE.glob("*.sh")]
    assert [path for path in run if not os.access(path, os.X_OK)] == []


def test_each_package_is_listed_once() -> None:
    lines = (RECIPE / "packages.txt").read_text().splitlines()
    names = [line.split("#")[0].strip() for line in lines]
    listed = [name for name in names if name]
    assert len(listed) == len(set(listed))


# SSH


def test_ssh_is_for_keys_only_and_off_without_one() -> None:
    server = (OVERLAY / "etc/ssh/sshd_config.d/deskpanel.conf").read_text()
    unit = (OVERLAY / "etc/systemd/system/ssh.service.d/deskpanel.conf").read_text()
    assert {"PasswordAuthentication no", "PermitRootLogin no", "AllowUsers panel"} <= set(
        server.splitlines()
    )
    keys = re.search(r"^AuthorizedKeysFile (\S+)$", server, re.MULTILINE)
    assert keys
    assert f"ConditionPathExists={keys[1]}\n" in unit


# Twice the same


@pytest.fixture(scope="module")
def differs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("differs", RECIPE / "differs.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tar(path: Path, files: dict[str, bytes], moment: int = 0) -> Path:
    with tarfile.open(path, "w") as made:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), moment
            made.addfile(info, io.BytesIO(content))
    return path


def test_two_tars_of_the_same_files_do_not_differ(differs: ModuleType, tmp_path: Path) -> None:
    one = tar(tmp_path / "1.tar", {"a": b"x", "b": b"y"})
    other = tar(tmp_path / "2.tar", {"b": b"y", "a": b"x"})
    assert differs.differences(one, other) == []


def test_each_file_that_differs_is_named_with_how(differs: ModuleType, tmp_path: Path) -> None:
    one = tar(tmp_path / "1.tar", {"here": b"", "same size": b"x", "longer": b"x"}, 1)
    other = tar(tmp_path / "2.tar", {"there": b"", "same size": b"y", "longer": b"xy"}, 1)
    assert differs.differences(one, other) == [
        "here: only in the first",
        "longer: size, content",
        "same size: content",
        "there: only in the other",
    ]
    later = tar(tmp_path / "3.tar", {"here": b"", "same size": b"x", "longer": b"x"}, 2)
    assert differs.differences(one, later) == ["here: time", "longer: time", "same size: time"]
