"""A card with the image on it, as a PC sees it: the FAT drive, and raw sectors."""

import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tests.image import workshop
from tests.image.written import SECTOR

FIRMWARE, DATA, ROOT = range(3)
"The partitions, in their order."

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Partition:
    """Where it lies, in sectors."""

    first: int
    sectors: int

    @property
    def behind(self) -> int:
        """The first sector that is not in it."""
        return self.first + self.sectors


class Card:
    """A copy of the image of its own, as large as a card."""

    def __init__(self, file: Path, image: Path, size: int = 4 << 30) -> None:
        """QEMU's SD card has a power of two of bytes."""
        self.file = file
        self.size = size
        subprocess.run(["cp", "--sparse=always", image, file], check=True)
        with file.open("r+b") as card:
            card.truncate(size)

    def copy(self, file: Path) -> "Card":
        """Another card with the same on it."""
        twin = object.__new__(Card)
        twin.file, twin.size = file, self.size
        subprocess.run(["cp", "--sparse=always", self.file, file], check=True)
        return twin

    def partitions(self) -> list[Partition]:
        """As the MBR has them."""
        with self.file.open("rb") as card:
            table = card.read(512)[446:510]
        entries = (struct.unpack_from("<8xLL", table, n * 16) for n in range(4))
        return [Partition(first, sectors) for first, sectors in entries if sectors]

    # The drive that a PC shows

    def put(self, name: str, content: bytes | str) -> None:
        """A file, as if it were copied there."""
        here = self.file.with_suffix(".put")
        here.write_bytes(content.encode() if isinstance(content, str) else content)
        workshop.call("mcopy", "-o", "-i", self._drive(), here, f"::/{name}")
        here.unlink()

    def get(self, name: str) -> bytes:
        """What is in a file."""
        here = self.file.with_suffix(".get")
        workshop.call("mcopy", "-n", "-i", self._drive(), f"::/{name}", here)
        content = here.read_bytes()
        here.unlink()
        return content

    def names(self) -> set[str]:
        """All files of the drive's root folder."""
        listed = workshop.call("mdir", "-b", "-i", self._drive(), "::/")
        return {line.removeprefix("::/").rstrip("/") for line in listed.splitlines() if line}

    def _drive(self) -> str:
        return f"{self.file}@@{self.partitions()[FIRMWARE].first * SECTOR}"

    # What a thief would read

    def holds(self, text: str, partition: int) -> bool:
        """Whether these bytes are anywhere in the partition, in a file or not."""
        wanted, before = text.encode(), b""
        for piece in self._pieces(self.partitions()[partition]):
            if wanted in before + piece:
                return True
            before = piece[-len(wanted) :]
        return False

    def _pieces(self, where: Partition) -> Iterator[bytes]:
        with self.file.open("rb") as card:
            card.seek(where.first * SECTOR)
            left = where.sectors * SECTOR
            while left and (piece := card.read(min(_PIECE, left))):
                yield piece
                left -= len(piece)

    # Its file systems

    def preened(self, partition: int) -> str:
        """What `e2fsck -p` says of a copy. Raises `RuntimeError` where more than that is needed.

        To replay the journal after a power cut is a part of mounting, and no repair.
        """
        taken = self.taken(partition)
        try:
            return workshop.call("e2fsck", "-p", "-f", taken, fine=(0, 1))
        finally:
            taken.unlink()

    def taken(self, partition: int) -> Path:
        """A copy of the partition alone."""
        copy = self.file.with_suffix(f".part{partition + 1}")
        where = self.partitions()[partition]
        with copy.open("wb") as file:
            _copy_sparsely(self._pieces(where), file)
            file.truncate(where.sectors * SECTOR)
        return copy

    def throw_away(self) -> None:
        self.file.unlink(missing_ok=True)


def _copy_sparsely(pieces: Iterator[bytes], to: BinaryIO) -> None:
    nothing = bytes(_PIECE)
    for piece in pieces:
        if piece == nothing[: len(piece)]:
            to.seek(len(piece), 1)
        else:
            to.write(piece)
