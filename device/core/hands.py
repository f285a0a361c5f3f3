"""What fingers do at the panel, or as if there: buttons, the knob, the keypad.

A press on a status button sets it, one on a notice opens its page, one on a colleague shows them;
where a menu is open, or a number is entered, the same buttons lead through that. While a call
rings, two of them are about the call.
"""

from dataclasses import replace

from device.core import calling, calls, colleagues, entry, inbox, lock, pages, quiet, status
from device.core.effects import Effect
from device.core.events import (
    Chosen,
    Edge,
    Event,
    Keyed,
    PinLeft,
    PinTried,
    PinTyped,
    Pressed,
    TextWanted,
    Turned,
)
from device.core.gestures import Chord, Double, Gesture, Press
from device.core.state import Outcome, State
from device.core.words import (
    COLLEAGUE_BUTTONS,
    KNOB,
    STATUS_BUTTONS,
    By,
    Notice,
    Page,
    Purpose,
    Status,
)

STUCK = "button"
"What a stuck button is called among the parts that are lost, before its name."

ABOUT_BUTTONS = (Status.AVAILABLE, Status.LOGGED_OUT)
"The outer two of the five, which held down together open the page about the panel."

MENUS = (Page.TIMES, Page.TARGETS, Page.MUTE)
"Pages of lines, of which one is chosen."


def take(state: State, event: Event) -> Outcome:
    """What is done at the panel itself, or as if there."""
    touched = replace(state, touched=state.now)
    match event:
        case Edge():
            return _edge(touched if event.down else state, event)
        case Pressed():
            return _press(touched, Press(event.button, event.held), event.by)
        case Turned(steps=steps):
            return _turn(touched, steps), ()
        case Keyed(key=key):
            return (touched, ()) if pages.covered(state) else entry.key(touched, key)
        case PinTyped(digits=digits):
            return lock.typed(touched, digits), ()
        case PinTried(right=right):
            return _tried(touched, right)
        case PinLeft():
            return lock.left(touched), ()
        case _:
            return state, ()


def _edge(state: State, event: Edge) -> Outcome:
    gestures, meant = state.gestures.edge(event.button, event.down, event.at, event.board)
    return told(replace(state, gestures=gestures), meant)


def hands_off(state: State, part: str) -> State:
    """Of a board that is gone nobody hears that its buttons came up."""
    return replace(state, gestures=state.gestures.without(part))


def told(state: State, gestures: tuple[Gesture, ...]) -> Outcome:
    """The fingers have told what they mean."""
    effects: tuple[Effect, ...] = ()
    for gesture in gestures:
        state, more = _gesture(state, gesture)
        effects += more
    return state, effects


def _gesture(state: State, gesture: Gesture) -> Outcome:
    match gesture:
        case Press():
            return _press(state, gesture, By.BUTTON)
        case Double(button=button):
            return _double(state, Status(button))
        case Chord(buttons=buttons):
            return _chord(state, buttons)


def _chord(state: State, buttons: tuple[str, str]) -> Outcome:
    """Two notices are done with. Where the buttons mean something else, they are two presses."""
    if pages.covered(state):
        return state, ()
    if state.view.page in (Page.NUMBER, Page.REPLY):
        return told(state, tuple(Press(button) for button in buttons))
    for button in buttons:
        state = inbox.clear(state, Notice(button))
    return pages.home(state), ()


def _press(state: State, press: Press, by: By) -> Outcome:
    if entry.uses(state, press.button) and not state.calls:
        return entry.press(state, press.button, press.held, by)
    if press.button == KNOB:
        return _push(state, press.held, by)
    if press.button in STATUS_BUTTONS:
        return _press_status(state, Status(press.button), press.held, by)
    if press.button in tuple(Notice):
        return _press_notice(state, Notice(press.button), press.held)
    if press.button in COLLEAGUE_BUTTONS:
        return _press_colleague(state, COLLEAGUE_BUTTONS.index(press.button), press.held)
    return state, ()


def _press_status(state: State, chosen: Status, held: bool, by: By) -> Outcome:
    """While a call rings, two of the buttons are about the call; else they set the status."""
    if state.calls and chosen is Status.DND:
        return calls.turn_away(state, state.calls[0])
    if state.calls and chosen is Status.DIVERTED:
        return _divert_call(state)
    if held and set(ABOUT_BUTTONS) <= set(state.gestures.down):
        return pages.open_about(state), ()
    if state.view.page is Page.ABOUT and chosen in ABOUT_BUTTONS:
        return (pages.home(state) if held else pages.leaf(state, 1)), ()
    # With a time limit absent would leave itself.
    if lock.asks(state) and (held or chosen is not Status.ABSENT):
        return lock.ask(state, chosen, held), ()
    if state.view.status is chosen and state.view.page in MENUS:
        return (_pick(state, by) if held else pages.next_line(state)), ()
    if held:
        return pages.open_menu(state, Page.TIMES, chosen), ()
    if chosen is Status.DIVERTED and len(state.grants.targets) > 1:
        return pages.open_menu(state, Page.TARGETS, chosen), ()
    if chosen is Status.DIVERTED and _must_enter(state):
        return entry.begin(state, Purpose.DIVERT), ()
    return pages.home(status.choose(state, Chosen(state.now, chosen, by))), ()


def _must_enter(state: State) -> bool:
    """There is nowhere to divert to but a number that is entered."""
    grants = state.grants
    return grants.divert_allowed and grants.manners.other_target and not grants.targets


def _choosable(state: State) -> bool:
    """There is something in the list of divert targets."""
    return bool(state.grants.targets) or state.grants.manners.other_target


def _double(state: State, chosen: Status) -> Outcome:
    """The second of two quick presses, the first of which has set this status, or opened a menu."""
    done = state.mirror.choice.status is chosen and state.view.page is Page.IDLE
    if not done or state.calls or lock.asks(state):
        return _press(state, Press(chosen), By.BUTTON)
    if chosen is Status.DIVERTED:
        return (pages.open_menu(state, Page.TARGETS, chosen) if _choosable(state) else state), ()
    if quiet.muted(state):
        return quiet.mute(state, 0.0), ()
    return pages.open_menu(state, Page.MUTE, chosen), ()


def _turn(state: State, steps: int) -> State:
    """The knob goes through whatever is open."""
    if pages.covered(state):
        return state
    page = state.view.page
    if page is Page.NUMBER:
        return entry.turn(state, steps)
    if page in MENUS:
        return pages.turn(state, steps)
    if page is Page.REPLY:
        return pages.next_reply(state, steps)
    return state if page in (Page.IDLE, Page.PIN) else pages.leaf(state, steps)


def _push(state: State, held: bool, by: By) -> Outcome:
    """The knob, pushed: it takes the line of a menu, calls back from a list, begins a number."""
    if state.calls:
        return state, ()
    if state.calling:
        return calling.stop(state)
    page = state.view.page
    if page in MENUS:
        return _pick(state, by), ()
    if page is Page.REPLY:
        return _reply(state)
    notices = [n for n, p in pages.PAGES.items() if p is page]
    if notices:
        return calling.call_back(state, notices[0]) if held else (pages.step_on(state), ())
    return (entry.begin(state, Purpose.DIAL) if page is Page.IDLE else state), ()


def _tried(state: State, right: bool) -> Outcome:
    """Who gave the right PIN gets what they pressed before."""
    wanted, held, asked = state.view.status, state.view.held, lock.asking(state)
    state = lock.tried(state, right)
    if not (asked and right) or wanted is None or state.calls:
        return state, ()
    return _press_status(state, wanted, held, By.BUTTON)


def _press_notice(state: State, notice: Notice, held: bool) -> Outcome:
    if state.calls:
        return state, ()  # the caller covers the page, so nothing would be seen
    if state.calling:
        return calling.stop(state)
    if notice is Notice.MESSAGE and state.view.page is Page.REPLY:
        return _reply(state) if held else (pages.next_reply(state), ())
    if notice is Notice.MESSAGE and held and _shows_a_text(state):
        return pages.open_reply(state), ()
    if held:
        return calling.call_back(state, notice)
    if state.view.page is pages.PAGES[notice]:
        return pages.step_on(state), ()
    return pages.open_page(state, notice), ()


def _shows_a_text(state: State) -> bool:
    return state.view.page is Page.MESSAGE and bool(state.texts.entries)


def _reply(state: State) -> Outcome:
    """The line that is shown is done: its writer is called, or answered."""
    text, line = state.view.text, state.view.index
    if text is None:
        return pages.home(state), ()
    if line == 0:
        return calling.call(pages.home(state), text)
    if not text.number:
        return pages.refuse(state, "The sender's number is not known"), ()
    words = state.grants.manners.replies[line - 1]
    return inbox.send(pages.home(state), TextWanted(state.now, text.number, words))


def _press_colleague(state: State, index: int, held: bool) -> Outcome:
    if state.calls or index >= len(state.grants.colleagues):
        return state, ()
    if state.calling:
        return calling.stop(state)
    if held:
        colleague = state.grants.colleagues[index]
        return calling.dial(state, colleague.number, colleague.name)
    return colleagues.press(state, index), ()


def _pick(state: State, by: By) -> State:
    """The line of the menu that is shown is what the user wants."""
    view, chosen = state.view, state.view.status or Status.AVAILABLE
    if view.page is Page.MUTE:
        return pages.home(quiet.mute(state, pages.TIMES[view.index].seconds))
    if view.page is Page.TARGETS and pages.on_other(state):
        return entry.begin(state, Purpose.DIVERT)
    if view.page is Page.TIMES:
        wish = Chosen(state.now, chosen, by, limit=pages.TIMES[view.index].limit)
    else:
        wish = Chosen(state.now, chosen, by, target=state.grants.targets[view.index].number)
    return pages.home(status.choose(state, wish))


def _divert_call(state: State) -> Outcome:
    """This one call goes to the first target, if calls may go there."""
    target = state.grants.target("")
    number = target.number if target else ""
    reason = state.grants.refusal(target)
    if state.calls[0].hops:
        reason = reason or "This call was diverted already"
    if number == state.calls[0].number:
        reason = reason or "A call cannot be diverted to its caller"
    if reason:
        return status.refuse(state, Status.DIVERTED, reason), ()
    return calls.divert(state, state.calls[0], number)


def tell_stuck(state: State) -> State:
    """A button that does not come up again is a part that is missing."""
    stuck = {f"{STUCK} {b}": f"Button {_spoken(b)} is stuck" for b in state.gestures.stuck}
    lost = {part: why for part, why in state.lost.items() if not part.startswith(STUCK)} | stuck
    return state if lost == state.lost else replace(state, lost=lost)


def _spoken(button: str) -> str:
    return button.replace("_", " ").replace("-", " ")
