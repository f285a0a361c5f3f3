"""Calls: one that rings, one that is made for the user, and those that did not reach them."""

from device.core.words import CallingStage, CallKind, Notice
from device.views.font import LARGE, SMALL
from device.views.layout import Block, Brief, Face, Form, Pile
from device.views.pieces import (
    MARGIN,
    NOTHING,
    Offer,
    ends,
    gap,
    keys,
    many,
    named_title,
    numbered,
    offers,
    title,
    who,
    written,
)
from device.views.screens import WITHHELD, CallingPage, CallsPage, Ringing
from device.views.when import UNKNOWN_CLOCK

STAGES = {
    CallingStage.LIFT: "Call",
    CallingStage.CONNECTING: "Connecting…",
    CallingStage.CONNECTED: "Connected",
    CallingStage.FAILED: "No connection",
}

KINDS = {
    CallKind.MISSED: "",
    CallKind.DND: "do not disturb",
    CallKind.ABSENT: "absent",
    CallKind.DIVERTED: "diverted",
}
"What to say of a listed call; that it was missed, the title says."


def ringing(face: Face, screen: Ringing) -> Pile:
    """All of the glass is light: this one is meant to be seen from the door."""
    name, number = who(screen.number, screen.name, face.say(WITHHELD))
    more = f"+{many(screen.waiting)}" if screen.waiting else ""
    via = _via(face, screen)
    blocks = (
        title(face, "bell", [face.say("Incoming call"), face.say("Call")], "", 70),
        _person(face, name, x=MARGIN),
        _number(face, number, more),
        gap(),
        Block((*_via_line(face, via[-1:], 1, 82), *_via_line(face, via[:1], 2, 76))),
    )
    return Pile(blocks, Brief((name,), right=more), light=True)


def _via_line(face: Face, told: list[str], lines: int, worth: int) -> tuple[Form, ...]:
    text, offer = "".join(told), Offer(SMALL, lines, worth)
    return written(face, text, offer, x=MARGIN, end=MARGIN, right=True, whole=lines > 1).forms


def _via(face: Face, screen: Ringing) -> list[str]:
    """For whom and by whom, the fullest first, down to what fits a line."""
    told = []
    if screen.meant and screen.via:
        told.append(face.say(f"for {screen.meant} via {screen.via}"))
    if screen.meant:
        told.append(face.say(f"for {screen.meant}"))
    elif screen.via:
        told.append(face.say(f"via {screen.via}"))
    room = face.width - 2 * MARGIN
    fits = next((n for n, text in enumerate(told) if SMALL.width(text) <= room), len(told))
    return told[: fits + 1]


def _person(face: Face, name: str, x: int = 0) -> Block:
    """One large line or two, three where a name is that long; else small, but whole."""
    if face.width - 2 * x < SMALL.width(name) and _is_number(name):
        name = f"{name[: -(-len(name) // 2)]} {name[-(-len(name) // 2) :]}"  # in two like parts
    given = (
        Offer(SMALL, 1, 100),
        Offer(SMALL, 2, 97),
        Offer(LARGE, 1, 95),
        Offer(SMALL, 3, 94),
        Offer(LARGE, 2, 75),
        Offer(LARGE, 3, 65),
    )
    return written(face, name, *offers(face, *given), x=x, end=x)


def _is_number(text: str) -> bool:
    return text.removeprefix("+").isdecimal()


def _number(face: Face, number: str, more: str) -> Block:
    if more or not number:
        return numbered(face, number, more, 90, x=MARGIN)
    if SMALL.width(number) > face.width - 2 * MARGIN:
        return numbered(face, number, "", 90, x=MARGIN)
    given = (Offer(SMALL, 1, 90), Offer(SMALL, 2, 60), Offer(LARGE, 1, 40))
    return written(face, number, *given, x=MARGIN, end=MARGIN, whole=True)


def calling(face: Face, screen: CallingPage) -> Pile:
    match screen.stage:
        case CallingStage.LIFT:
            return _lift(face, screen)
        case CallingStage.FAILED:
            return _failed(face, screen)
        case _:
            return _on_the_way(face, screen)


def _lift(face: Face, screen: CallingPage) -> Pile:
    """All of the glass is light, for the user is to do something now."""
    name, _ = who(screen.number, screen.name)
    told = face.say(f"to talk to {name}")
    lift = face.say("Lift your phone")
    number = screen.number if screen.name else ""
    blocks = (
        named_title(face, face.say("Call"), [number, ""], 60, "busy"),
        written(face, lift, *_large_sentence(100), x=MARGIN, end=MARGIN),
        written(face, told, Offer(SMALL, 1, 90), Offer(SMALL, 2, 80), x=MARGIN, end=MARGIN),
        keys(face, "press: cancel", 70),
    )
    return Pile(blocks, Brief((lift, name), "busy"), light=True)


def _on_the_way(face: Face, screen: CallingPage) -> Pile:
    name, number = who(screen.number, screen.name)
    stage = face.say(STAGES[screen.stage])
    under_way = screen.stage is CallingStage.CONNECTING
    blocks = (
        title(face, "busy", [stage], "", 92),
        _person(face, name),
        written(face, number, Offer(SMALL, 1, 80), whole=True),
        keys(face, "press: cancel" if under_way else "", 60),
    )
    return Pile(blocks, Brief((name,), "busy"))


def _failed(face: Face, screen: CallingPage) -> Pile:
    """The reason large where all of it can be shown, else small, as far as it goes."""
    stage, reason = face.say(STAGES[screen.stage]), face.say(screen.reason)
    blocks = (
        title(face, "warning", [stage], "", 60),
        written(face, reason, *_large_sentence(100)),
    )
    texts = tuple(filter(None, (reason, face.say.briefly(screen.reason), stage)))
    return Pile(blocks, Brief(texts, "warning"))


def _large_sentence(worth: int) -> tuple[Offer, ...]:
    """As large as it goes; of two ways to show all of it the larger one."""
    small = [Offer(SMALL, n, worth - n) for n in range(1, 6)]
    return (*small, *(Offer(LARGE, n, 50 - n) for n in range(1, 4)))


def missed(face: Face, screen: CallsPage) -> Pile:
    name, number = who(screen.number, screen.name, face.say(WITHHELD))
    count = f"×{many(screen.count)}" if screen.count > 1 else ""
    when, kind = face.say.moment(screen.when), face.say(KINDS[screen.kind])
    if SMALL.width(when) > face.width:
        when = UNKNOWN_CLOCK
    both = SMALL.width(kind) + 6 + SMALL.width(when) <= face.width
    blocks = (
        title(face, Notice.MISSED, [face.say("Missed calls")], screen.place, 70),
        _person(face, name),
        numbered(face, number, count, 85),
        gap(),
        NOTHING if both else written(face, kind, Offer(SMALL, 1, 84), whole=True),
        ends(face, kind if both else "", when, 88),
    )
    return Pile(blocks, Brief((name,), Notice.MISSED, count))
