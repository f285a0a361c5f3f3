"""What the panel does about everything that happens. Begin reading here.

`update` takes the state and an event, and returns the next state and the effects it asks of the
world: pulses, done once each. Lamps, screen and ringer are no effects but views of the state. It is
total: any event, in any order, at any time, has an answer and raises nothing. `deadline` says when
time alone would change something; a `Tick` is owed by then.
"""

from collections.abc import Callable
from dataclasses import replace

from device.core import calling, calls, colleagues, entry, lock, pages, quiet, rest, status
from device.core.effects import Effect, SendText
from device.core.events import (
    AddressFound,
    CallEnded,
    CallOffered,
    CallTurnedAway,
    Chosen,
    Cleared,
    ClockSet,
    CodeAnswered,
    CodeEnded,
    DialCancelled,
    DialEnded,
    DialWanted,
    Edge,
    Event,
    HintHeard,
    HintLost,
    Keyed,
    Leaving,
    LinkChanged,
    Muted,
    OwnLifted,
    OwnRings,
    PartFound,
    PartLost,
    PbxSeen,
    PinLeft,
    PinTried,
    PinTyped,
    Pressed,
    Published,
    Referred,
    TellWhenFree,
    TextReceived,
    TextSent,
    TextWanted,
    Tick,
    Turned,
    VoicemailHeard,
    VoicemailLost,
)
from device.core.gestures import Chord, Double, Gesture, Gestures, Press
from device.core.mirror import NOT_FOUND
from device.core.notices import LONGEST_TEXT, CallList, Stamp, Text, TextList
from device.core.pages import pop_up
from device.core.state import Clock, Outcome, Sent, State, Word
from device.core.words import (
    COLLEAGUE_BUTTONS,
    KNOB,
    STATUS_BUTTONS,
    By,
    Hint,
    Link,
    Notice,
    Page,
    Purpose,
    Status,
)

Stage = Callable[[State], Outcome]

STUCK = "button"
"What a stuck button is called among the parts that are lost, before its name."

ABOUT_BUTTONS = (Status.AVAILABLE, Status.LOGGED_OUT)
"The outer two of the five, which held down together open the page about the panel."

MENUS = (Page.TIMES, Page.TARGETS, Page.MUTE)
"Pages of lines, of which one is chosen."

NEVER = 1e11
"Unix seconds, in the year 5138: a clock that shows more shows nonsense."

SLACK_SECONDS = 300.0
"A clock that is set back by less was a little fast, and not wrong."

KEPT_SENT = 10
"Texts of ours whose fate is remembered."


def update(state: State, event: Event) -> Outcome:
    """Let time pass up to the event, act on it, and see what the PBX still owes us.

    Time passes once more after the event, for what it made due at once: a limit of no seconds.
    """
    state = replace(state, now=max(state.now, event.at))
    ways = (_pass_time, lambda s: _take(s, event), _pass_time, status.advance, _settle)
    after, effects = _chain(state, *ways)
    return rest.wake(state, after), effects


def deadline(state: State) -> float | None:
    """When the core next wants a Tick, if ever. Monotonic seconds."""
    times = (
        state.gestures.deadline(),
        pages.deadline(state),
        status.deadline(state),
        calling.deadline(state),
        quiet.deadline(state),
        lock.deadline(state),
        state.clock.next_minute(state.now),
        rest.deadline(state),
    )
    return min((t for t in times if t is not None), default=None)


def _take(state: State, event: Event) -> Outcome:
    match event:
        case Tick():
            return state, ()
        case ClockSet():
            return _set_clock(state, event), ()
        case AddressFound(address=address):
            return replace(state, address=address), ()
        case PartLost(part=part, why=why):
            return replace(_hands_off(state, part), lost=state.lost | {part: why}), ()
        case PartFound(part=part):
            return replace(state, lost={p: w for p, w in state.lost.items() if p != part}), ()
        case _:
            return _take_of_hands(state, event)


def _take_of_hands(state: State, event: Event) -> Outcome:
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
            return entry.key(touched, key)
        case PinTyped(digits=digits):
            return lock.typed(touched, digits), ()
        case PinTried(right=right):
            return _tried(touched, right)
        case PinLeft():
            return lock.left(touched), ()
        case _:
            return _take_wish(state, event)


def _take_wish(state: State, event: Event) -> Outcome:
    match event:
        case Chosen():
            return pages.home(status.choose(state, event)), ()
        case Cleared(notice=notice):
            return _clear(state, notice), ()
        case TextWanted():
            return _send(state, event)
        case TextSent():
            return _sent(state, event), ()
        case DialWanted(number=number, name=name):
            return calling.dial(state, number, name)
        case DialCancelled():
            return calling.stop(state)
        case TellWhenFree():
            return _tell_when_free(state, event), ()
        case Muted(wanted=wanted, seconds=seconds):
            return quiet.mute(state, seconds if wanted else 0.0), ()
        case Leaving():
            return status.leave(state), ()
        case _:
            return _take_from_pbx(state, event)


def _take_from_pbx(state: State, event: Event) -> Outcome:
    match event:
        case LinkChanged():
            return _link(state, event), ()
        case CallOffered():
            return calls.offered(state, event)
        case CallEnded():
            return calls.ended(state, event)
        case CallTurnedAway():
            return calls.turned_away(state, event)
        case HintHeard():
            return _hint(state, event), ()
        case HintLost():
            return _no_hint(state, event), ()
        case VoicemailHeard():
            return _voicemail(state, event)
        case VoicemailLost():
            return replace(state, voicemail=replace(state.voicemail, known=False)), ()
        case TextReceived():
            return _text(state, event)
        case PbxSeen(agent=agent):
            mirror = state.mirror.meet(state.grants, agent)
            return replace(state, agent=agent, mirror=mirror), ()
        case _:
            return _take_of_our_calls(state, event)


def _take_of_our_calls(state: State, event: Event) -> Outcome:
    """How it goes with what we asked of the PBX: codes, publications, calls for the user."""
    match event:
        case CodeAnswered(job=job):
            return status.answered(state, job), ()
        case CodeEnded(job=job, done=done, reason=reason):
            return status.ended(state, job, done, reason), ()
        case Published():
            return status.published(state, event), ()
        case OwnRings():
            return calling.rings(state, event), ()
        case OwnLifted():
            return calling.lifted(state, event)
        case Referred():
            return calling.referred(state, event)
        case DialEnded():
            return calling.ended(state, event)
        case _:
            return state, ()


# Buttons


def _edge(state: State, event: Edge) -> Outcome:
    gestures, told = state.gestures.edge(event.button, event.down, event.at)
    return _gestures(replace(state, gestures=gestures), told)


def _hands_off(state: State, part: str) -> State:
    """Of a board that is gone nobody hears that its buttons came up."""
    return replace(state, gestures=Gestures()) if part.startswith("board") else state


def _gestures(state: State, told: tuple[Gesture, ...]) -> Outcome:
    effects: tuple[Effect, ...] = ()
    for gesture in told:
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
            for button in buttons:
                state = _clear(state, Notice(button))
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
        return _press_status(state, chosen, held=False, by=By.BUTTON)
    if chosen is Status.DIVERTED:
        return (pages.open_menu(state, Page.TARGETS, chosen) if _choosable(state) else state), ()
    if quiet.muted(state):
        return quiet.mute(state, 0.0), ()
    return pages.open_menu(state, Page.MUTE, chosen), ()


def _turn(state: State, steps: int) -> State:
    """The knob goes through whatever is open."""
    if state.calls or state.calling:
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
    at, line = state.view.index, state.view.part
    if at >= len(state.texts.entries):
        return pages.home(state), ()
    text = state.texts.entries[at]
    if line == 0:
        state = replace(state, view=replace(state.view, page=Page.MESSAGE, part=0))
        return calling.call_back(state, Notice.MESSAGE)
    if not text.number:
        return pages.refuse(state, "The sender's number is not known"), ()
    words = state.grants.manners.replies[line - 1]
    return _send(pages.home(state), TextWanted(state.now, text.number, words))


def _press_colleague(state: State, index: int, held: bool) -> Outcome:
    if state.calls or index >= len(state.grants.colleagues):
        return state, ()
    if state.calling:
        return calling.stop(state)
    if held:
        colleague = state.grants.colleagues[index]
        return calling.dial(state, colleague.number, colleague.name)
    return colleagues.press(state, index), ()


def _tell_when_free(state: State, event: TellWhenFree) -> State:
    colleague = state.grants.colleague(event.number)
    return colleagues.tell(state, colleague, wanted=event.wanted) if colleague else state


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
    if reason:
        return status.refuse(state, Status.DIVERTED, reason), ()
    return calls.divert(state, state.calls[0], number)


def _clear(state: State, notice: Notice) -> State:
    """Done with all of it. Voicemail stays at the PBX and is only counted as seen."""
    match notice:
        case Notice.MISSED:
            return replace(state, missed=CallList())
        case Notice.MESSAGE:
            return replace(state, texts=TextList())
        case Notice.VOICEMAIL:
            return pages.look(state, notice)


# Texts and voicemail


def _text(state: State, event: TextReceived) -> Outcome:
    stamp = Stamp(state.now, state.clock.wall(state.now))
    text = Text(event.number, event.name, event.text[:LONGEST_TEXT], stamp)
    after = pages.keep_place(state, replace(state, texts=state.texts.add(text)), Page.MESSAGE)
    told = pop_up(after, Notice.MESSAGE, event.name or event.number or pages.WITHHELD, text.text)
    return told, calls.sound(state, Notice.MESSAGE)


def _send(state: State, event: TextWanted) -> Outcome:
    job, online = state.jobs + 1, state.link is Link.ONLINE
    text = Sent(job, event.to, event.text)
    after = replace(state, jobs=job, sent=(text, *state.sent)[:KEPT_SENT])
    if not online:
        return _sent(after, TextSent(event.at, job, ok=False, reason="There is no PBX")), ()
    return after, (SendText(job, event.to, event.text),)


def _sent(state: State, event: TextSent) -> State:
    known = [s for s in state.sent if s.job == event.job]
    if not known:
        return state
    after = replace(known[0], ok=event.ok, reason=event.reason)
    sent = tuple(after if s.job == event.job else s for s in state.sent)
    state = replace(state, sent=sent)
    return state if event.ok else pop_up(state, None, "Text not sent", event.reason)


def _voicemail(state: State, event: VoicemailHeard) -> Outcome:
    """More new ones than before, since we listened, are news."""
    before = state.voicemail
    after = replace(state, voicemail=before.heard(event.boxes, event.waiting))
    if not after.voicemail.unseen or (after.voicemail.new <= before.new and before.lit):
        return after, ()
    title = "Urgent voicemail" if after.voicemail.urgent > before.urgent else "New voicemail"
    told = pop_up(after, Notice.VOICEMAIL, title, f"{after.voicemail.new or 'some'} to hear")
    return told, calls.sound(state, Notice.VOICEMAIL)


# The PBX and the clock


def _link(state: State, event: LinkChanged) -> State:
    same = event.link is state.link
    since = state.link_since if same else state.now
    after = replace(state, link=event.link, link_reason=event.reason, link_since=since)
    if event.link is Link.ONLINE:
        anew = state.mirror.online(state.grants, state.now).meet(state.grants, state.agent)
        mirror = state.mirror if same else anew
        return replace(after, mirror=mirror)
    unheard = replace(state.voicemail, known=False)
    blind = replace(after, line_hint=Hint.UNKNOWN, hints={}, voicemail=unheard)
    return replace(blind, mirror=state.mirror.offline())


def _hint(state: State, event: HintHeard) -> State:
    mirror = state.mirror.heard(state.grants, event.number, event.hint, event.note, state.now)
    own = event.number == state.grants.line
    hints = state.hints | {event.number: Word(event.hint, event.note)}
    line = event.hint if own else state.line_hint
    return colleagues.told(replace(state, mirror=mirror, hints=hints, line_hint=line))


def _no_hint(state: State, event: HintLost) -> State:
    mirror = state.mirror.lost(state.grants, event.number, event.reason)
    own = event.number == state.grants.line
    word = Word(missing=event.reason.startswith(NOT_FOUND))
    hints = state.hints | {event.number: word}
    line = Hint.UNKNOWN if own else state.line_hint
    return replace(state, mirror=mirror, hints=hints, line_hint=line)


def _set_clock(state: State, event: ClockSet) -> State:
    if event.wall is None or not 0 <= event.wall < NEVER:
        return replace(state, clock=Clock(None, event.zone))
    offset = event.wall - event.at
    dated = replace(state, missed=state.missed.dated(offset), texts=state.texts.dated(offset))
    after = status.clock_set(quiet.clock_set(replace(dated, clock=Clock(offset, event.zone))))
    before = state.clock.wall(event.at)
    back = 0.0 if before is None else before - event.wall
    return status.clock_was_wrong(after) if back > SLACK_SECONDS else after


# Time


def _pass_time(state: State) -> Outcome:
    gestures, told = state.gestures.pass_time(state.now)
    state = quiet.pass_time(pages.pass_time(replace(state, gestures=gestures)))
    return _chain(state, lambda s: _gestures(s, told), calling.pass_time, status.pass_time)


def _settle(state: State) -> Outcome:
    """What follows from all the rest."""
    return calling.heed(lock.settle(_tell_stuck(state)))


def _tell_stuck(state: State) -> State:
    """A button that does not come up again is a part that is missing."""
    stuck = {f"{STUCK} {b}": f"Button {_spoken(b)} is stuck" for b in state.gestures.stuck}
    lost = {part: why for part, why in state.lost.items() if not part.startswith(STUCK)} | stuck
    return state if lost == state.lost else replace(state, lost=lost)


def _spoken(button: str) -> str:
    return button.replace("_", " ").replace("-", " ")


def _chain(state: State, *stages: Stage) -> Outcome:
    effects: tuple[Effect, ...] = ()
    for stage in stages:
        state, more = stage(state)
        effects += more
    return state, effects
