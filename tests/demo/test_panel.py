"""The real phone of the panel against the built-in PBX."""

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from device.core.events import (
    CallEnded,
    CallOffered,
    CodeAnswered,
    CodeEnded,
    Counts,
    HintHeard,
    LinkChanged,
    TextReceived,
    TextSent,
    VoicemailHeard,
)
from device.core.words import CallEnd, Hint, Link
from device.demo.pbx import DemoPbx
from device.sip.phone import Account, Presence, Transport
from tests.demo.peer import PASSWORD, USER, changed
from tests.demo.phone import FarPhone, far_phone

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pjsua2") is None, reason="there is no pjsua2 for this Python"
)

WATCHED = frozenset({"*76100", "*740100", "100", "101"})

STORY_SECONDS = 30

Story = Callable[[DemoPbx, FarPhone], Awaitable[None]]


def story(test: Story, **differs: Any) -> Callable[[], None]:
    """A test with a phone that has not registered yet; `differs` is how its account does."""

    async def play() -> None:
        async with DemoPbx(USER, PASSWORD) as pbx:
            account = Account(pbx.host, USER, PASSWORD, port=pbx.port, retry=1)
            async with (
                far_phone(replace(account, **differs)) as phone,
                asyncio.timeout(STORY_SECONDS),
            ):
                await test(pbx, phone)

    return lambda: asyncio.run(play())


async def online(phone: FarPhone) -> None:
    """Registered, and all hints have spoken."""
    phone.tell("be", Presence(registered=True, watched=WATCHED))
    await phone.heard(LinkChanged, link=Link.ONLINE)
    for number in WATCHED:
        await phone.heard(HintHeard, number=number)


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_the_panel_registers_and_takes_its_leave(transport: Transport) -> None:
    async def body(pbx: DemoPbx, phone: FarPhone) -> None:
        await online(phone)
        assert pbx.snapshot()["contacts"] == 1
        phone.tell("be", Presence())
        await changed(pbx, lambda seen: seen["contacts"] == 0 and not seen["watching"])

    story(body, transport=transport)()


def test_a_wrong_password_is_refused() -> None:
    async def body(pbx: DemoPbx, phone: FarPhone) -> None:
        phone.tell("be", Presence(registered=True))
        await phone.heard(LinkChanged, link=Link.REFUSED)
        assert pbx.snapshot()["contacts"] == 0

    story(body, password="wrong")()


@story
async def test_a_code_from_the_panel_shows_in_its_hint(pbx: DemoPbx, phone: FarPhone) -> None:
    await online(phone)
    phone.tell("dial", 1, "*78")
    await phone.heard(CodeAnswered, job=1)
    await phone.heard(HintHeard, number="*76100", hint=Hint.BUSY)
    assert (await phone.heard(CodeEnded, job=1)).done
    assert pbx.snapshot()["statuses"] == ["dnd"]

    pbx.dial_on_desk_phone("*79")
    assert (await phone.heard(HintHeard, number="*76100")).hint is not Hint.BUSY


@story
async def test_a_forward_from_the_panel_shows_in_its_hint(pbx: DemoPbx, phone: FarPhone) -> None:
    await online(phone)
    phone.tell("dial", 1, "*72101")
    await phone.heard(HintHeard, number="*740100", hint=Hint.BUSY)
    assert pbx.snapshot()["forward"] == "101"

    phone.tell("dial", 2, "*73")
    await phone.heard(HintHeard, number="*740100", hint=Hint.FREE)


@story
async def test_a_refused_code_says_why(pbx: DemoPbx, phone: FarPhone) -> None:
    await online(phone)
    pbx.refuse_codes()
    phone.tell("dial", 1, "*78")
    ended = await phone.heard(CodeEnded, job=1)

    assert (ended.done, ended.reason) == (False, "403 Forbidden")


@story
async def test_a_caller_who_gives_up_is_known_to_have(pbx: DemoPbx, phone: FarPhone) -> None:
    await online(phone)
    call = pbx.call("0612345678", "Rossi")
    offered = await phone.heard(CallOffered, number="0612345678", name="Rossi")
    phone.tell("answer", offered.call, 180)
    await phone.heard(HintHeard, number="100", hint=Hint.RINGING)
    pbx.hang_up(call)

    await phone.heard(CallEnded, call=offered.call, end=CallEnd.GIVEN_UP)
    await phone.heard(HintHeard, number="100", hint=Hint.FREE)


@story
async def test_a_call_answered_on_the_desk_phone_is_known_to_be(
    pbx: DemoPbx, phone: FarPhone
) -> None:
    await online(phone)
    call = pbx.call("0612345678")
    offered = await phone.heard(CallOffered)
    phone.tell("answer", offered.call, 180)
    pbx.answer(call)

    await phone.heard(CallEnded, call=offered.call, end=CallEnd.ANSWERED_ELSEWHERE)
    await phone.heard(HintHeard, number="100", hint=Hint.BUSY)


@pytest.mark.parametrize(
    ("code", "target", "detail"),
    [
        (486, "", "busy: the panel said 486 Busy Here"),
        (480, "", "unreachable: the panel said 480 Temporarily Unavailable"),
        (302, "101", "diverted to 101"),
    ],
)
def test_the_panels_own_answer_reaches_the_caller(code: int, target: str, detail: str) -> None:
    async def body(pbx: DemoPbx, phone: FarPhone) -> None:
        pbx.register_desk_phone(False)
        await online(phone)
        pbx.call("0612345678")
        phone.tell("answer", (await phone.heard(CallOffered)).call, code, target)
        await changed(pbx, lambda seen: seen["calls"][0]["detail"] == detail)

    story(body)()


@story
async def test_texts_go_both_ways(pbx: DemoPbx, phone: FarPhone) -> None:
    await online(phone)
    phone.tell("send_text", 1, "101", "Torno alle 15, perché piove")
    assert (await phone.heard(TextSent, job=1)).ok
    sent = {"to": "101", "text": "Torno alle 15, perché piove"}
    assert pbx.snapshot()["texts"] == [sent]

    pbx.send_text("101", "Bruno", "Caffè?")
    got = await phone.heard(TextReceived)
    assert (got.number, got.name, got.text) == ("101", "Bruno", "Caffè?")


@story
async def test_voicemail_is_counted_as_it_comes_and_is_heard(pbx: DemoPbx, phone: FarPhone) -> None:
    await online(phone)
    account = f"{USER}@{pbx.host}"
    await phone.heard(VoicemailHeard, boxes=((account, Counts(0, 0, 0)),), waiting=False)
    pbx.leave_voicemail()
    await phone.heard(VoicemailHeard, boxes=((account, Counts(1, 0, 0)),), waiting=True)
    pbx.leave_voicemail(urgent=True)
    await phone.heard(VoicemailHeard, boxes=((account, Counts(2, 0, 1)),), waiting=True)
    pbx.hear_voicemail()
    await phone.heard(VoicemailHeard, boxes=((account, Counts(0, 2, 0)),), waiting=False)


def test_the_panel_is_back_without_help_when_the_pbx_is() -> None:
    async def body(pbx: DemoPbx, phone: FarPhone) -> None:
        await online(phone)
        await pbx.go_away()
        await phone.heard(LinkChanged, link=Link.OFFLINE)
        await pbx.come_back()

        await online(phone)
        call = pbx.call("0612345678")
        offered = await phone.heard(CallOffered, number="0612345678")
        phone.tell("answer", offered.call, 180)
        pbx.hang_up(call)
        await phone.heard(CallEnded, end=CallEnd.GIVEN_UP)

    # Over TCP the panel sees the PBX go at once; over UDP only its next REGISTER would tell.
    story(body, transport=Transport.TCP)()
