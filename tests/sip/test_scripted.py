"""The phone without SIP."""

from device.core.events import Event, Tick
from device.sip.phone import Phone, Presence
from device.sip.scripted import ScriptedPhone


def test_it_remembers_what_it_was_asked() -> None:
    phone = ScriptedPhone()
    as_used: Phone = phone
    as_used.be(Presence(True, frozenset({"101"})))
    as_used.answer(1, 302, "101")
    as_used.dial(2, "*78")
    as_used.hang_up(2)
    as_used.send_text(3, "101", "hello")
    assert phone.presence == Presence(True, frozenset({"101"}))
    assert phone.asked == [
        ("answer", 1, 302, "101"),
        ("dial", 2, "*78"),
        ("hang_up", 2),
        ("send_text", 3, "101", "hello"),
    ]


def test_it_is_heard_while_it_is_open() -> None:
    phone, heard = ScriptedPhone(), list[Event]()
    phone.say(Tick(1.0))
    phone.open(heard.append)
    phone.say(Tick(2.0))
    phone.close()
    phone.close()
    phone.say(Tick(3.0))
    assert heard == [Tick(2.0)]
