"""Where the buttons lead on the OLED: lists, menus, and the news that pops up."""

from dataclasses import dataclass, replace

from device.core.events import For
from device.core.notices import CallEntry, Text
from device.core.room import parts
from device.core.state import Balloon, State, View
from device.core.words import Notice, Page, Status

VIEW_SECONDS = 30.0
"A page nobody touches goes back to idle."

BALLOON_SECONDS = 5.0

WITHHELD = "Unknown caller"
"Whom a call or a text is from when nobody says."

NOT_POSSIBLE = "Not possible"
"The title of every refusal."

PAGES = {
    Notice.MISSED: Page.MISSED,
    Notice.MESSAGE: Page.MESSAGE,
    Notice.VOICEMAIL: Page.VOICEMAIL,
}


@dataclass(frozen=True, slots=True)
class Time:
    """A line of the menu that asks how long a status should last."""

    label: str
    seconds: float | None

    @property
    def limit(self) -> For | None:
        return None if self.seconds is None else For(self.seconds)


CALL_BACK = "Call back"
"The first line of what can be done about a text; the others are replies to it."

OTHER = "Other number…"
"The line below the divert targets, where a number may be entered."

TIMES = (
    Time("15 minutes", 15 * 60),
    Time("30 minutes", 30 * 60),
    Time("1 hour", 3600),
    Time("2 hours", 2 * 3600),
    Time("4 hours", 4 * 3600),
    Time("8 hours", 8 * 3600),
    Time("no limit", None),
)


def page(state: State) -> Page:
    """What the OLED is about; a call covers everything."""
    if state.calls:
        return Page.RINGING
    return Page.CALLING if state.calling else state.view.page


def covered(state: State) -> bool:
    """A call is on the glass, so that nobody sees what else a button would do."""
    return bool(state.calls or state.calling)


def deadline(state: State) -> float | None:
    """When a page goes home, or a balloon pops."""
    times = [b.until for b in state.balloons[:1]]
    if state.view.page is not Page.IDLE and not state.calls:
        times.append(state.view.since + VIEW_SECONDS)
    return min(times, default=None)


def pass_time(state: State) -> State:
    """Send home what nobody looks at."""
    left = tuple(b for b in state.balloons if b.until > state.now)
    view = state.view
    if view.page is not Page.IDLE and state.calls:
        view = replace(view, since=state.now)  # covered, and still there when the ringing ends
    elif view.page is not Page.IDLE and state.now >= view.since + VIEW_SECONDS:
        view = View()
    return replace(state, balloons=left, view=view)


def open_page(state: State, notice: Notice) -> State:
    """Show the newest, and count all of it as seen."""
    view = View(PAGES[notice], since=state.now)
    return replace(look(state, notice), view=view, balloons=())


def look(state: State, notice: Notice) -> State:
    """The user has seen what this notice tells of."""
    match notice:
        case Notice.MISSED:
            return replace(state, missed=state.missed.seen())
        case Notice.MESSAGE:
            return replace(state, texts=state.texts.seen())
        case Notice.VOICEMAIL:
            return replace(state, voicemail=state.voicemail.look())


def step_on(state: State) -> State:
    """The next screenful of a long text, else the next entry, and after the last one, home."""
    view = replace(state.view, since=state.now)
    if view.page is Page.MESSAGE and view.part + 1 < _parts_here(state):
        return replace(state, view=replace(view, part=view.part + 1))
    if view.index + 1 < _entries(state):
        return replace(state, view=replace(view, index=view.index + 1, part=0))
    return replace(state, view=View())


def open_menu(state: State, page: Page, status: Status) -> State:
    """Ask for a target, or for a time."""
    return replace(state, view=View(page, status=status, since=state.now), balloons=())


def open_reply(state: State) -> State:
    """What can be done about the text that is shown."""
    at = min(state.view.index, len(state.texts.entries) - 1)
    view = View(Page.REPLY, since=state.now, text=state.texts.entries[at])
    return replace(state, view=view, balloons=())


def next_reply(state: State, steps: int = 1) -> State:
    """The next line of that, round and round."""
    index = (state.view.index + steps) % (1 + len(state.grants.manners.replies))
    return replace(state, view=replace(state.view, index=index, since=state.now))


def open_about(state: State) -> State:
    """What the panel is, and how it stands."""
    return replace(state, view=View(Page.ABOUT, since=state.now), balloons=())


def open_colleague(state: State, index: int) -> State:
    """Show what a colleague is doing."""
    view = View(Page.COLLEAGUES, index=index, since=state.now)
    return replace(state, view=view, balloons=())


def next_line(state: State) -> State:
    """The next line of a menu, round and round."""
    return turn(state, 1)


def turn(state: State, steps: int) -> State:
    """So many lines on in a menu, round and round."""
    index = (state.view.index + steps) % max(lines(state), 1)
    return replace(state, view=replace(state.view, index=index, since=state.now))


def leaf(state: State, steps: int) -> State:
    """So many entries on in a list, from end to end."""
    last = _entries(state) - 1
    index = max(min(state.view.index + steps, last), 0)
    return replace(state, view=replace(state.view, index=index, part=0, since=state.now))


def lines(state: State) -> int:
    """How many lines the menu has."""
    if state.view.page is Page.TARGETS:
        return len(state.grants.targets) + state.grants.manners.other_target
    return len(TIMES)


def on_other(state: State) -> bool:
    """The line of the menu is the one that leads to entering a number."""
    return state.view.index >= len(state.grants.targets)


def home(state: State) -> State:
    return replace(state, view=View())


def keep_place(before: State, after: State, page: Page) -> State:
    """News came into this list: stay at the entry that is being read."""
    old, new, index = _list(before, page), _list(after, page), before.view.index
    if before.view.page is not page or index >= len(old):
        return after
    place = next((i for i, e in enumerate(new) if _same(e, old[index])), len(new) - 1)
    return replace(after, view=replace(after.view, index=place))


def pop_up(state: State, notice: Notice | None, title: str, text: str) -> State:
    """Tell news in a balloon, each in its turn; the answer to a wish is told at once."""
    waits = tuple(b for b in state.balloons if b.notice is not notice)[-2:]
    if notice is None:
        later = tuple(replace(b, until=b.until + BALLOON_SECONDS) for b in waits)
        first = Balloon(None, title, text, state.now + BALLOON_SECONDS)
        return replace(state, balloons=(first, *later))
    begins = max([state.now, *(b.until for b in waits)])
    balloon = Balloon(notice, title, text, begins + BALLOON_SECONDS)
    return replace(state, balloons=(*waits, balloon))


def refuse(state: State, reason: str) -> State:
    """Say at once why a wish is not granted, in one sentence."""
    return pop_up(state, None, NOT_POSSIBLE, reason)


def _list(state: State, page: Page) -> tuple[CallEntry | Text, ...]:
    return state.missed.entries if page is Page.MISSED else state.texts.entries


def _same(one: CallEntry | Text, other: CallEntry | Text) -> bool:
    """The same line of the list, more calls of that number folded into it perhaps."""
    if isinstance(one, CallEntry) and isinstance(other, CallEntry):
        return one == other or one.folds(other)
    return one == other


def _entries(state: State) -> int:
    match state.view.page:
        case Page.MISSED | Page.MESSAGE as page:
            return len(_list(state, page))
        case Page.VOICEMAIL:
            return max(len(state.voicemail.boxes), 1)
        case Page.COLLEAGUES:
            return len(state.grants.colleagues)
        case Page.ABOUT:
            return _facts(state)
        case _:
            return 0


def _facts(state: State) -> int:
    """Lines of the page about the panel: user, profile and means there are always."""
    told = (state.address, state.agent, *state.lost)
    return len(state.grants.manners.facts) + 3 + sum(map(bool, told))


def _parts_here(state: State) -> int:
    entries = state.texts.entries
    return len(parts(entries[state.view.index].text, state.grants.room)) if entries else 1
