"""The machines that QEMU can be, and what of the image it starts them with."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.image import workshop

OUT = Path(os.environ.get("DESKPANEL_IMAGE") or workshop.CHECKOUT / ".image" / "out")
"What `make image` made."

BOOT = OUT / "boot"


@dataclass(frozen=True, slots=True)
class Kind:
    """A machine, and what QEMU is told of it."""

    name: str
    console: str
    hardware: tuple[str, ...]
    drive: str
    network: str
    edits: tuple[tuple[str, ...], ...]
    "For fdtput: what a real machine's firmware would write into the device tree, or does not have."
    own_tree: str = ""
    "The image's device tree for it; empty: QEMU makes one."
    cpus: int = 0
    "It has so many, always; 0: as many as are wanted."
    words: str = ""
    "More for the kernel's command line."

    def device_tree(self, file: Path, cpus: int) -> None:
        """Write the one it is started with."""
        if self.own_tree:
            shutil.copyfile(BOOT / self.own_tree, file)
        else:
            machine = ("-M", f"{self.name},dumpdtb={file}", "-smp", str(cpus), *self.hardware)
            nothing = ("-drive", f"{self.drive},driver=null-co", "-display", "none")
            workshop.call("qemu-system-aarch64", "-L", workshop.FIRMWARE, *machine, *nothing)
        for kind, path, *what in self.edits:
            workshop.call("fdtput", *kind.split(), file, path, *what)


VIRT = Kind(
    name="virt",
    console="ttyAMA0",
    # As much memory as a Zero 2 W has.
    hardware=(
        *("-cpu", "cortex-a53", "-m", "512", "-device", "virtio-rng-device"),
        # Merged, a request may have more pieces than the system takes, of which `blklogwrites` adds
        # two: the guest would see its card fail.
        *("-device", "virtio-blk-device,drive=card,request-merging=off"),
    ),
    drive="if=none,id=card",
    network="virtio-net-device",
    edits=(
        # gpiozero wants a Raspberry Pi; a Compute Module 3 has no pull-up on GPIO 3.
        ("-p -t x", "/system", "linux,revision", "a020a0"),
        # Line 3 of the PL061 is a power button there, and shall be the panel's.
        ("-r", "/gpio-keys"),
        # No Raspberry Pi has a clock that runs without power.
        ("-r", "/pl031@9010000"),
    ),
)

RASPI = Kind(
    name="raspi3b",
    console="ttyS1",
    # In place of the display, a memory chip that acknowledges what is written to it. The first
    # serial port belongs to Bluetooth.
    hardware=(
        "-device",
        "at24c-eeprom,bus=i2c-bus.1,address=0x3c,rom-size=4096",
        "-serial",
        "null",
    ),
    drive="if=sd",
    network="usb-net",
    edits=(("-p -t x", "/system", "linux,revision", "a02082"),),
    own_tree="bcm2837-rpi-3-b.dtb",
    cpus=4,
    # QEMU's model of the Pi's watchdog has no clock: to start it is to reset the machine.
    words="systemd.watchdog_sec=off",
)


def kernel() -> Path:
    return BOOT / "vmlinuz"


def initrd() -> Path:
    return BOOT / "initrd.img"


def command_line(console: str, own: str | None = None) -> str:
    """The image's own, but for the console."""
    words = ((BOOT / "cmdline.txt").read_text() if own is None else own).split()
    kept = [word for word in words if not word.startswith("console=")]
    return " ".join([*kept, f"console={console},115200"])


def image() -> Path:
    """The image that was built last."""
    found = sorted(OUT.glob("*.img"), key=lambda file: file.stat().st_mtime)
    if not found:
        raise RuntimeError(f"no image in {OUT}: `make image`")
    return found[-1]
