"""Hypothesis strategies: any event, at any time, however unlikely."""

from dataclasses import replace

from hypothesis import strategies as st

from device.codec import EVENTS
from device.core.events import Event, For, Until
from device.core.profile import Publication
from device.core.words import BUTTONS, KEYS, KNOB, Link

at = st.floats(0, 1e6)
few = st.integers(0, 6)
buttons = st.sampled_from([*BUTTONS, "colleague-1", "colleague-2", KNOB, "doorbell"])
numbers = st.sampled_from(
    ["", "100", "101", "201", "600", "*76100", "*76101", "*53100", "*53101", "+390612345678"]
)
notes = st.sampled_from(["", "Ready", "On the phone", "On hold", "Busy", "Lunch"])
limits = st.none() | st.builds(For, st.floats(0, 1e5)) | st.builds(Until, st.integers(0, 1439))
fields = {
    "button": buttons,
    "call": few,
    "job": few,
    "number": numbers,
    "target": numbers,
    "to": numbers,
    "part": st.sampled_from(["board", "oled"]),
    "limit": limits,
    "link": st.sampled_from([*Link, Link.ONLINE, Link.ONLINE]),
    "wall": st.none() | st.floats(0, 4e9),
    "zone": st.integers(-12 * 3600, 14 * 3600),
    "note": notes,
    "code": st.sampled_from([0, 100, 180, 200, 302, 486, 600]),
    "publication": st.builds(Publication, st.booleans(), st.sampled_from(["", "busy"]), notes),
    "seconds": st.none() | st.floats(-1, 1e5),
    "steps": st.integers(-20, 20),
    "key": st.sampled_from(KEYS),
    "digits": few,
    "at": at,
}


def _event(kind: type[Event]) -> st.SearchStrategy[Event]:
    known = {n: s for n, s in fields.items() if n in kind.__dataclass_fields__}
    return st.builds(kind, **known)


events = st.one_of(*map(_event, EVENTS))


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Events in order of time, often close together, sometimes long apart."""
    now, story = 0.0, []
    for event in draw(st.lists(events, max_size=40)):
        now += draw(st.sampled_from([0.0, 0.004, 0.05, 0.9, 5.0, 40.0, 4000.0]))
        story.append(replace(event, at=now))
    return story
