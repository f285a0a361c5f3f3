"""Putting a number together at the panel: by keypad, by knob, or with the notice buttons alone.

keypad   digits; * takes one back, # is done, A is +
knob     turns the wheel; a push takes what it shows, a long push is done
buttons  missed and message turn the wheel, voicemail takes what it shows, its hold is done;
         hold missed takes one back; the button that led here does both as well: press, hold
"""

from dataclasses import replace

from device.core import calling, pages, status
from device.core.events import Chosen
from device.core.state import Entry, Outcome, State, View
from device.core.words import KNOB, By, Notice, Page, Purpose, Status

WHEEL = "0123456789+"
LONGEST = 33
"A plus and 32 digits, which is what `profile.NUMBER` takes."

BACK, DONE = "*", "#"
KEYPAD = {**{digit: digit for digit in "0123456789"}, "A": "+"}
"What a key of the keypad types."

# Which button does it, and whether by being held.
DONE_BY: set[tuple[str, bool]] = {(Notice.VOICEMAIL, True), (KNOB, True), (Status.DIVERTED, True)}
TAKE_BY: set[tuple[str, bool]] = {(Notice.VOICEMAIL, False), (KNOB, False)}
BACK_BY: set[tuple[str, bool]] = {(Notice.MISSED, True), (Status.DIVERTED, False)}
TURN_BY: dict[tuple[str, bool], int] = {(Notice.MESSAGE, False): 1, (Notice.MISSED, False): -1}


def begin(state: State, purpose: Purpose) -> State:
    """An empty page for a number."""
    about = Status.DIVERTED if purpose is Purpose.DIVERT else None
    view = View(Page.NUMBER, status=about, since=state.now, entry=Entry(purpose))
    return replace(state, view=view, balloons=())


def key(state: State, pressed: str) -> Outcome:
    """A key of the keypad. At rest, the first digit begins a number to call."""
    if state.view.page is Page.IDLE and pressed in KEYPAD:
        state = begin(state, Purpose.DIAL)
    if state.view.page is not Page.NUMBER:
        return state, ()
    if pressed == DONE:
        return done(state, By.BUTTON)
    return back(state) if pressed == BACK else _type(state, KEYPAD.get(pressed, "")), ()


def turn(state: State, steps: int) -> State:
    """The wheel moves on, round and round."""
    entry = _entry(state)
    return _with(state, replace(entry, wheel=(entry.wheel + steps) % len(WHEEL)))


def take(state: State) -> State:
    """What the wheel shows is the next digit."""
    return _type(state, WHEEL[_entry(state).wheel])


def back(state: State) -> State:
    """The last digit goes; where there is none, back to where this was begun."""
    entry = _entry(state)
    if entry.typed:
        return _with(state, replace(entry, typed=entry.typed[:-1]))
    if entry.purpose is Purpose.DIVERT and state.grants.targets:
        return pages.open_menu(state, Page.TARGETS, Status.DIVERTED)
    return pages.home(state)


def uses(state: State, button: str) -> bool:
    """A button has its own meaning on this page: the notices', the knob, the one that led here."""
    if state.view.page is not Page.NUMBER:
        return False
    return button in (*Notice, KNOB) or button == state.view.status


def press(state: State, button: str, held: bool, by: By) -> Outcome:
    """What a button does here that `uses` names."""
    gesture = (button, held)
    if gesture in DONE_BY:
        return done(state, by)
    if gesture in TAKE_BY:
        return take(state), ()
    if gesture in BACK_BY:
        return back(state), ()
    return turn(state, TURN_BY.get(gesture, 0)), ()


def done(state: State, by: By) -> Outcome:
    """Do with the number what it is for. One that is refused stays, to be put right."""
    entry = _entry(state)
    if not entry.typed:
        return state, ()
    if entry.purpose is Purpose.DIAL:
        return _dial(state, entry.typed)
    after = status.choose(state, Chosen(state.now, Status.DIVERTED, by, target=entry.typed))
    refused = after.mirror.refusal is not state.mirror.refusal
    return after if refused else pages.home(after), ()


def _dial(state: State, number: str) -> Outcome:
    after, effects = calling.dial(state, number)
    return pages.home(after) if after.calling else after, effects


def _type(state: State, digit: str) -> State:
    """A plus can only be the first."""
    entry = _entry(state)
    fits = digit and len(entry.typed) < LONGEST and (digit != "+" or not entry.typed)
    return _with(state, replace(entry, typed=entry.typed + digit)) if fits else state


def _entry(state: State) -> Entry:
    return state.view.entry or Entry(Purpose.DIAL)


def _with(state: State, entry: Entry) -> State:
    return replace(state, view=replace(state.view, entry=entry, since=state.now))
