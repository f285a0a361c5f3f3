"""Texts and voicemail."""

from collections.abc import Callable

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker, PanelMaker
from tests.interop.panel import Json

pytestmark = pytest.mark.interop


def test_a_text_comes_in(panel: PanelMaker, desk: DeskMaker) -> None:
    program, sender = panel().online(), desk("101")
    assert sender.text("100", "Così? Lunch at 12:30 ☕") == 202
    program.until(lambda shown: shown["notices"]["message"] == {"unseen": 1, "total": 1})
    (message,) = program.get("/api/messages")
    assert (message["number"], message["text"]) == ("101", "Così? Lunch at 12:30 ☕")


def test_a_text_goes_out(panel: PanelMaker, desk: DeskMaker) -> None:
    program, reader = panel().online(), desk("101")
    program.post("/api/messages", to="101", text="At once ☎")
    news = reader.expect(event="text")
    assert news["text"] == "At once ☎"
    assert "sip:100@" in news["sender"]


@pytest.mark.parametrize("user", ["100", "105"], ids=["subscribed", "unsolicited"])
def test_voicemail_is_counted(pbx: Asterisk, panel: PanelMaker, user: str) -> None:
    program = panel(user=user).online()
    program.until(counts(new=0, old=0, urgent=0))
    pbx.drop_voicemail(user)
    program.until(counts(new=1, old=0, urgent=0))
    pbx.drop_voicemail(user)
    program.until(counts(new=2, old=0, urgent=0))
    pbx.hear_voicemail(user)
    program.until(counts(new=0, old=2, urgent=0))


def test_urgent_voicemail_is_told_apart(pbx: Asterisk, panel: PanelMaker) -> None:
    program = panel(user="105").online()
    program.until(counts(new=0, old=0, urgent=0))
    # Asterisk's own summary always ends in (0/0), whatever is in the box.
    pbx.notify("105", "urgent-voicemail")
    program.until(counts(new=2, old=3, urgent=1))


def counts(**wanted: int) -> Callable[[Json], bool]:
    return lambda shown: wanted.items() <= shown["notices"]["voicemail"].items()
