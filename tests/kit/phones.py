"""What people do with their phones, in the words of the kit."""

from tests.interop.desk import Desk

BUSY, UNREACHABLE, FORBIDDEN, NOT_FOUND, NO_NUMBER = 486, 480, 403, 404, 484

AVAILABLE, DND, ABSENT, DIVERT, LOGGED_OUT = "*510", "*511", "*512", "*513", "*514"


def met(caller: Desk, number: str) -> int:
    """The code that a call ends with when nobody answers."""
    return caller.ended(caller.call(number))


def connected(caller: Desk, call: int) -> None:
    """The call is answered; it ends with that."""
    caller.expect(event="call", call=call, state="confirmed")
    caller.hang_up(call)
    caller.ended(call)


def taken(caller: Desk, number: str, by: Desk) -> dict[str, list[str]]:
    """A call rings there and is answered; gives the headers it came with."""
    call = caller.call(number)
    ringing = by.ringing()
    by.answer(ringing["call"])
    connected(caller, call)
    headers: dict[str, list[str]] = ringing["headers"]
    return headers


def is_set(phone: Desk, status: str) -> bool:
    """What the code that asks for a status says; `status` is the code that would set it."""
    code = met(phone, status.replace("*51", "*52"))
    assert code in (200, UNREACHABLE), code
    return code == 200


def rang(phone: Desk) -> int:
    """How many calls came in. The call made here is the later one, so none is on its way still."""
    is_set(phone, AVAILABLE)
    return phone.rang
