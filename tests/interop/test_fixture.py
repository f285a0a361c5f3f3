"""The PBX of these tests does what the other tests rely on, without any panel."""

import pytest

from tests.interop.asterisk import Asterisk
from tests.interop.conftest import DeskMaker
from tests.interop.until import until

pytestmark = pytest.mark.interop


def test_two_phones_of_one_user_are_two_contacts(pbx: Asterisk, desk: DeskMaker) -> None:
    desk("100")
    second = desk("100")
    assert len(pbx.contacts("100")) == 2
    second.close()
    assert len(pbx.contacts("100")) == 1


def test_the_phone_that_did_not_answer_hears_that_another_did(desk: DeskMaker) -> None:
    first, second, caller = desk("100"), desk("100"), desk("101")
    call = caller.call("100")
    first.answer(first.ringing()["call"])
    caller.expect(event="call", call=call, state="confirmed")
    assert second.ended(second.ringing()["call"]) == 487
    caller.hang_up(call)


def test_do_not_disturb_makes_the_user_busy(pbx: Asterisk, desk: DeskMaker) -> None:
    phone, caller = desk("100"), desk("101")
    phone.dial_code("*78")
    assert (pbx.database("DND/100"), pbx.device("Custom:DEVDND100")) == ("YES", "BUSY")
    assert caller.ended(caller.call("100")) == 486
    phone.dial_code("*79")
    assert (pbx.database("DND/100"), pbx.device("Custom:DEVDND100")) == ("", "UNAVAILABLE")


def test_a_diverted_call_names_who_diverted_it(pbx: Asterisk, desk: DeskMaker) -> None:
    phone, caller, target = desk("100"), desk("101"), desk("102")
    phone.dial_code("*72102")
    assert pbx.database("CF/100") == "102"
    call = caller.call("100")
    assert "sip:100@" in target.ringing()["headers"]["diversion"][0]
    caller.hang_up(call)
    phone.dial_code("*73")
    assert pbx.database("CF/100") == ""


def test_a_user_whose_only_phone_is_busy_is_busy(desk: DeskMaker) -> None:
    phone, caller = desk("100"), desk("101")
    call = caller.call("100")
    phone.answer(phone.ringing()["call"], code=486)
    assert caller.ended(call) == 486


def test_a_text_reaches_every_phone_of_a_user(desk: DeskMaker) -> None:
    first, second, sender = desk("100"), desk("100"), desk("101")
    assert sender.text("100", "Lunch?") == 202
    for phone in (first, second):
        news = phone.expect(event="text")
        assert news["text"] == "Lunch?"
        assert "sip:101@" in news["sender"]


def test_dropped_voicemail_is_counted(pbx: Asterisk) -> None:
    def counted() -> str:
        """What the PBX says is new in the box."""
        return pbx.cli("voicemail show users").partition("Anna")[2].split()[0]

    pbx.drop_voicemail("100")
    pbx.drop_voicemail("100")
    until(lambda: counted() == "2", 5)
    pbx.hear_voicemail("100")
    until(lambda: counted() == "0", 5)


def test_a_killed_pbx_starts_again_on_its_ports(pbx: Asterisk, desk: DeskMaker) -> None:
    pbx.kill()
    pbx.start()
    caller = desk("101")
    assert caller.ended(caller.call("*79")) == 200
