"""Who is transferred, and by whom: an absent user's phone sends nobody past the lock."""

from collections.abc import Iterator

import pytest

from device.core.events import OwnLifted
from device.sip.digest import Login
from tests.interop.conftest import DeskMaker
from tests.interop.own import told
from tests.interop.until import until
from tests.kit.office import Office
from tests.kit.phones import ABSENT, AVAILABLE
from tests.kit.stranger import Mover
from tests.sip.handset import Handset

pytestmark = pytest.mark.interop


@pytest.fixture(params=["101", "101-dect"])
def phone(pbx: Office, request: pytest.FixtureRequest) -> Iterator[Mover]:
    """A phone of user 101; the second one is not called as its user."""
    with Mover(pbx.server, Login(request.param, pbx.password)) as mover:
        yield mover


@pytest.mark.parametrize("number", ["0333", "102", "700", "*97"])
def test_an_absent_users_phone_transfers_nobody_to_what_it_could_not_call(
    pbx: Office, desk: DeskMaker, phone: Mover, number: str
) -> None:
    outside, colleague, other = desk("800"), desk("102"), desk("101")
    call = outside.call("101")
    talk = phone.answers()
    outside.expect(event="call", call=call, state="confirmed")
    other.dial_code(ABSENT)
    phone.transfers(talk, f"sip:{number}@{pbx.server}")
    outside.ended(call)
    assert (outside.rang, colleague.rang) == (0, 0)


def test_an_absent_users_phone_transfers_to_help(
    pbx: Office, desk: DeskMaker, phone: Mover
) -> None:
    outside, other = desk("800"), desk("101")
    outside.call("101")
    talk = phone.answers()
    other.dial_code(ABSENT)
    before = pbx.log().count(HELP)
    phone.transfers(talk, f"sip:112@{pbx.server}")
    until(lambda: pbx.log().count(HELP) == before + 1, 5)


HELP = "Executing [112@deskpanel-onward:1] Answer"


@pytest.mark.parametrize("code", ["*511", AVAILABLE])
def test_all_others_transfer_as_they_call(
    pbx: Office, desk: DeskMaker, phone: Mover, code: str
) -> None:
    outside, colleague, other = desk("800"), desk("102"), desk("101")
    call = outside.call("101")
    talk = phone.answers()
    other.dial_code(code)
    phone.transfers(talk, f"sip:102@{pbx.server}")
    colleague.answer(colleague.ringing()["call"])
    colleague.expect(event="call", state="confirmed")
    outside.hang_up(call)


def test_an_absent_user_does_not_transfer_whom_they_called_before(
    handset: Handset, desk: DeskMaker
) -> None:
    outside, phone = desk("800"), desk("100")
    handset.phone.ring_own(1, "0333")
    outside.answer(outside.ringing()["call"])
    handset.hears(OwnLifted, job=1)
    phone.dial_code(ABSENT)
    handset.phone.refer(1, "0444")
    until(lambda: [c for c in told(handset) if c >= 300], 5, lambda: told(handset))
    assert outside.rang == 1


def test_nor_by_a_phone_that_is_no_terminal_of_theirs(wide: Handset, desk: DeskMaker) -> None:
    outside, phone = desk("800"), desk("100")
    wide.phone.ring_own(1, "+39333")
    outside.answer(outside.ringing()["call"])
    wide.hears(OwnLifted, job=1)
    phone.dial_code(ABSENT)
    wide.phone.refer(1, "+39444")
    until(lambda: [c for c in told(wide) if c >= 300], 5, lambda: told(wide))
    assert outside.rang == 1
