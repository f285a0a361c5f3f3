"""The plug is pulled, at any moment, and the panel is there again with all it had acknowledged.

QEMU is killed, and of what the guest wrote after its last flush the card keeps a random part: see
`tests/image/written.py`. The seed is printed; DESKPANEL_CUTS and DESKPANEL_SEED say how often, and
which.
"""

import os
import random
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.image import card as cards
from tests.image.booted.configs import PL061, config
from tests.image.booted.conftest import DeskMaker, MachineMaker
from tests.image.figures import note
from tests.image.machine import Json, Machine
from tests.interop.asterisk import Asterisk
from tests.interop.desk import Desk
from tests.interop.until import until

pytestmark = pytest.mark.image

CUTS = int(os.environ.get("DESKPANEL_CUTS", "10"))
SEED = os.environ.get("DESKPANEL_SEED") or secrets.token_hex(4)

STATUSES = ("available", "dnd")
"""In the panel's own answers, by the profile `generic`. What a PBX keeps it may also refuse, after
the wish was acknowledged: that is no card's loss."""


@dataclass
class Story:
    """What may be there after a cut: what the panel said is safe, and what it was about to say."""

    status: str = "available"
    wished: str = ""
    "A status that was asked for, with no answer yet."
    missed: int = 0
    "So many at least: the last answer to a wish told of them."
    calls: int = 0
    "So many at most."
    boots: int = 0

    def answered(self, shown: Json) -> None:
        """The panel answers a wish only when all before it is safe."""
        self._safe(shown)

    def check(self, shown: Json) -> None:
        assert shown["status"] in (self.status, self.wished), (self, shown)
        assert self.missed <= shown["notices"]["missed"]["total"] <= self.calls, (self, shown)
        self._safe(shown)  # it was read from the card
        self.boots += 1

    def _safe(self, shown: Json) -> None:
        self.status, self.wished = shown["status"], ""
        self.missed = shown["notices"]["missed"]["total"]


def test_power_cuts_at_random_moments_lose_nothing_acknowledged(
    computer: MachineMaker, pbx: Asterisk, desk: DeskMaker
) -> None:
    print(f"DESKPANEL_SEED={SEED} DESKPANEL_CUTS={CUTS}")  # noqa: T201 - to do it again
    chance, story = random.Random(SEED), Story()
    machine, caller = computer(), desk("101")
    machine.card.put("deskpanel.toml", config(pbx, PL061, profile="generic"))
    usual = 60.0
    for number in range(CUTS):
        begun = time.monotonic()
        machine.start()
        if number % 2 == 0:  # in the middle of the start, the first of all for one
            _wait(machine, chance.uniform(0, usual))
            machine.power_cut(chance)
        else:
            machine.online()
            usual = time.monotonic() - begun
            story.check(machine.shown())
            _work(machine, story, caller, chance, chance.uniform(0, 30))
            _cut_amid_a_wish(machine, story, chance)
        for partition in (cards.DATA, cards.ROOT):
            machine.card.preened(partition)
    machine.start()
    machine.online()
    story.check(machine.shown())
    note({"power_cuts": CUTS, "power_cuts_seed": SEED, "power_cuts_full_starts": story.boots})


def _wait(machine: Machine, seconds: float) -> None:
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end or not machine.on, seconds + 60)
    assert machine.on, machine.last_words()


def _work(
    machine: Machine, story: Story, caller: Desk, chance: random.Random, seconds: float
) -> None:
    """Calls and statuses for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if story.status == "available" and chance.random() < 0.5:
            machine.settled("available")
            _call(machine, caller)
            story.calls += 1
        else:
            story.wished = chance.choice(STATUSES)
            story.answered(_wish(machine, story.wished))


def _call(machine: Machine, caller: Desk) -> None:
    """It rings, or is turned away, as where a code is being dialled still; it is listed anyway."""
    before = machine.shown()["notices"]["missed"]["total"]
    call = caller.call("100")
    came = machine.until(lambda now: now["ringing"] or now["notices"]["missed"]["total"] > before)
    if came["ringing"]:
        caller.hang_up(call)


def _wish(machine: Machine, status: str) -> Json:
    return machine.client.post("/api/status", {"status": status})


def _cut_amid_a_wish(machine: Machine, story: Story, chance: random.Random) -> None:
    """Before, while or after the panel stores it; what counts is whether it was answered."""
    story.wished = chance.choice(STATUSES)
    with ThreadPoolExecutor(1) as hand:
        answer = hand.submit(_wish, machine, story.wished)
        _wait(machine, chance.uniform(0, 0.5))
        machine.power_cut(chance)
    if answer.exception() is None:
        story.answered(answer.result())
