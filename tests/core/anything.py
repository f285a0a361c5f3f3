"""Hypothesis strategies: any event, at any time, however unlikely."""

from dataclasses import replace

from hypothesis import strategies as st

from device.codec import EVENTS
from device.core.events import Event, For, Until
from device.core.words import BUTTONS, Link

at = st.floats(0, 1e6)
few = st.integers(0, 6)
buttons = st.sampled_from([*BUTTONS, "doorbell"])
numbers = st.sampled_from(["", "100", "101", "201", "600", "*76100", "+390612345678"])
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
