"""What a guest wrote to its card, in order, and what of it is there after a power cut.

QEMU's `blklogwrites` notes every write and every flush, in the form of the kernel's dm-log-writes
(Documentation/admin-guide/device-mapper/log-writes.rst). The card itself stays as it was until
`put` puts there what would be on it.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO

SECTOR = 512
FLUSH, DISCARD = 1, 4
_SUPER = struct.Struct("<QQQL")
_ENTRY = struct.Struct("<QQQQ")
_MAGIC = 0x6A736677736872


@dataclass(frozen=True, slots=True)
class Write:
    """One of the guest's writes; of a flush or a discard, there is no data."""

    sector: int
    data: bytes
    flags: int = 0

    @property
    def flushes(self) -> bool:
        """All that was written before is on the card for good."""
        return bool(self.flags & FLUSH)


def read(log: Path) -> list[Write]:
    """Everything noted so far, also by a QEMU that runs, or was killed."""
    with log.open("rb") as file:
        magic, version, flushed, sector = _SUPER.unpack(file.read(_SUPER.size))
        # All zeros before the first flush, of which an SD card gets none.
        if (magic, version, sector) not in ((_MAGIC, 1, SECTOR), (0, 0, 0)):
            raise ValueError(f"{log}: not a log of writes in sectors of {SECTOR}")
        file.seek(SECTOR)
        entries = list(_entries(file))
    # Entries are written side by side. One that a kill kept from being written hides those behind
    # it; that a flush is among them is next to impossible, and would be told as a loss of data.
    if len(entries) < flushed:
        raise ValueError(f"{log}: entry {len(entries)} is missing, {flushed} were flushed")
    return entries


def _entries(file: BinaryIO) -> Iterator[Write]:
    # The first sector counts them as well, but is behind while QEMU runs.
    # Only zeros where nothing was noted yet.
    while any(head := file.read(SECTOR)):
        sector, sectors, flags, _ = _ENTRY.unpack_from(head)
        length = 0 if flags & DISCARD else sectors * SECTOR
        data = file.read(length)
        if len(data) < length:
            return
        yield Write(sector, data, flags)


def volume(writes: Iterable[Write], first: int = 0, behind: int = 1 << 62) -> int:
    """Bytes written to the sectors from `first` up to `behind`."""
    return sum(len(w.data) for w in writes if first <= w.sector < behind)


def kept(writes: list[Write], chance: Random) -> list[Write]:
    """What is on a card whose power was cut after the last of these.

    Everything before the last flush. Of what came after, any part in any company, since a card may
    hold back what it likes; and one write may be torn.
    """
    flushed = max((n + 1 for n, write in enumerate(writes) if write.flushes), default=0)
    safe, doubtful = writes[:flushed], writes[flushed:]
    lucky = [write for write in doubtful if chance.random() < 0.5]
    if lucky and (last := lucky[-1]).data:
        sectors = chance.randint(0, len(last.data) // SECTOR)
        lucky[-1] = Write(last.sector, last.data[: sectors * SECTOR])
    return safe + lucky


def put(writes: Iterable[Write], card: Path) -> None:
    """Put them on the card; a discard changes nothing there, which is one of its rights."""
    with card.open("r+b") as file:
        for write in writes:
            file.seek(write.sector * SECTOR)
            file.write(write.data)
