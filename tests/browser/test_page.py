"""The page, in a real browser, in front of a panel that is not."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import product

import pytest

from device.core.effects import EndDial, RingOwn
from device.core.events import (
    Counts,
    DialCancelled,
    DialWanted,
    Event,
    Muted,
    Pressed,
    TellWhenFree,
    TextSent,
    TextWanted,
)
from device.core.manners import Manners, Span
from device.core.mirror import Refusal
from device.core.notices import CallEntry, CallList, Stamp, Text, TextList, Voicemail
from device.core.profile import Colleague
from device.core.schedule import Change
from device.core.state import Calling, Incoming, State
from device.core.update import update
from device.core.words import BUTTONS, CallingStage, CallKind, Hint, Link, Status
from device.views.paint import paint
from device.views.public import public
from device.views.screen import screen
from hw.patterns import lit, seen
from hw.ports import Colour, Glow, Pattern
from tests.browser import chromium
from tests.browser.chromium import SHIFT, Tab
from tests.control.fakes import FakePanel, FakeWorld, in_loop, serving, until
from tests.views.states import GRANTS, NOW, OFFICE, QUIET, WALL, chosen, office

pytestmark = pytest.mark.skipif(not chromium.FOUND, reason="no Chromium is installed")

HERE = "!document.body.classList.contains('away') && document.querySelector('#facts div')"
MISSED = CallList((CallEntry("061", "Anna", CallKind.MISSED, Stamp(NOW, WALL)),))
BUSY_DESK = replace(
    QUIET,
    missed=MISSED,
    voicemail=Voicemail(waiting=True, known=True),
    mirror=replace(QUIET.mirror, refusal=Refusal(Status.DIVERTED, "600 may not be", NOW)),
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with chromium.chromium(tmp_path_factory.mktemp("chromium")) as port:
        yield port


@dataclass
class Desk:
    """A panel, and somebody who sits in front of its page."""

    tab: Tab
    panel: FakePanel
    url: str
    edges: list[tuple[str, bool]] = field(default_factory=list)

    async def edged(self, *edges: tuple[str, bool]) -> None:
        await until(lambda: len(self.edges) >= len(edges))
        assert self.edges == list(edges)


@asynccontextmanager
async def desk(
    browser: int,
    state: State = QUIET,
    real: bool = False,
    world: FakeWorld | None = None,
    token: str = "",
) -> AsyncIterator[Desk]:
    edges: list[tuple[str, bool]] = []
    on_edge = None if real else lambda button, down: edges.append((button, down))
    panel = FakePanel(state)
    async with (
        serving(panel, on_edge=on_edge, world=world, token=token) as outside,
        chromium.tab(browser) as tab,
    ):
        await tab.open(outside.url)
        if not token:
            await tab.until(HERE)
        yield Desk(tab, panel, outside.url, edges)


COUNT_SENT = (
    "window.sent = 0; const { send } = WebSocket.prototype;"
    " WebSocket.prototype.send = function (told) { sent += 1; send.call(this, told); };"
)
CALL = {"id": 7, "number": "061", "name": "Anna", "answerable": False}

PLACE = "((e) => { const { x, y } = e.getBoundingClientRect(); return [x, y]; })"
KEYS = f"[...document.querySelectorAll('.key')].map({PLACE})"
PLACES = f"[...document.querySelectorAll('.world h2, .world > .row, .key')].map({PLACE})"

STILL = (
    "new Promise((yes) => { let last = '', same = 0; const look = () => {"
    f" const now = JSON.stringify({PLACES}); same = now === last ? same + 1 : 0; last = now;"
    " if (same < 12) requestAnimationFrame(look); else yes(true); }; look(); })"
)
"Nothing has moved for a dozen frames: a new size is fitted by observers, a frame or two later."

FAULT = "document.querySelector('.fault')"
BELL = "document.querySelector('#sound').ariaLabel"
LATCHED = "document.querySelector('.key.latched')?.dataset.button"


def key(button: str) -> str:
    return f'[data-button="{button}"]'


def lamp(button: str) -> str:
    return f"document.querySelector('[data-lamp=\"{button}\"]').dataset"


@in_loop
async def test_the_page_complains_of_nothing(browser: int) -> None:
    async with desk(browser, world=FakeWorld()) as at:
        await at.tab.until("document.querySelector('.world h1')")
        assert at.tab.faults == []


@in_loop
async def test_the_glass_shows_the_oled_pixel_for_pixel(browser: int) -> None:
    async with desk(browser, BUSY_DESK) as at:
        await at.tab.until("oled.width > 128")
        shown = await at.tab.js(
            "(() => { const [w, h] = [128, 64], cell = oled.width / w;"
            " const { data } = oled.getContext('2d').getImageData(0, 0, oled.width, oled.height);"
            " const at = (x, y) => data[((y * cell + 1) * oled.width + x * cell + 1) * 4 + 3];"
            " return [...Array(w * h).keys()].map((i) => Number(at(i % w, Math.floor(i / w)) > 0));"
            " })()"
        )
    rows = paint(screen(BUSY_DESK), (128, 64)).tobytes()
    assert shown == [byte >> bit & 1 for byte in rows for bit in range(7, -1, -1)]


@in_loop
async def test_lamps_glow_as_they_are_told(browser: int) -> None:
    async with desk(browser, BUSY_DESK) as at:
        told = public(at.panel.state)["lamps"]
        assert isinstance(told, dict)
        shown = {b: await at.tab.js(f"({{ ...{lamp(b)} }})") for b in BUTTONS}
    assert {b: (s["pattern"], s["glow"]) for b, s in shown.items()} == {
        b: (glow["pattern"], glow["colour"]) for b, glow in told.items()
    }


@in_loop
async def test_lamps_of_the_page_move_as_lamps_of_the_board_do(browser: int) -> None:
    overlays = (Colour.OFF, Colour.RED)
    hues = (Colour.OFF, Colour.AMBER)
    glows = [Glow(c, p, 0.5, o) for c, p, o in product(hues, Pattern, overlays)]
    times = range(0, 8000, 50)
    sent = [
        {"colour": g.colour, "pattern": g.pattern, "level": g.level, "overlay": g.overlay}
        for g in glows
    ]
    async with desk(browser) as at:
        looks = await at.tab.js(
            f"import('/panel.js').then(({{ look }}) => {json.dumps(sent)}.map((glow) =>"
            f" {json.dumps(list(times))}.map((ms) => look(glow, ms))))"
        )
    for glow, row in zip(glows, looks, strict=True):
        moves = [colour if level else "off" for colour, level in row]
        assert moves == [seen(glow, ms / 1000) for ms in times], glow
        if glow.pattern is not Pattern.PULSE:
            assert [level for _, level in row] == [lit(glow, ms / 1000) for ms in times], glow


@in_loop
async def test_gentle_lamps_never_go_dark_between(browser: int) -> None:
    async with desk(browser, BUSY_DESK) as at:
        gentle = [{"name": "prefers-reduced-motion", "value": "reduce"}]
        await at.tab("Emulation.setEmulatedMedia", features=gentle)
        lows = await at.tab.js(
            "import('/panel.js').then(({ look }) => ['fast', 'slow', 'blip3', 'dash'].map((pattern)"
            " => Math.min(...[...Array(900).keys()].map((i) =>"
            " look({ colour: 'red', overlay: 'off', pattern, level: 1 }, i * 10)[1]))))"
        )
    assert min(lows) > 0.2


@in_loop
async def test_equal_patterns_are_in_phase(browser: int) -> None:
    async with desk(browser, BUSY_DESK) as at:
        pairs = await at.tab.js(
            "new Promise((yes) => { const seen = []; const look = () => {"
            f" seen.push([{lamp('missed')}.lit, {lamp('voicemail')}.lit]);"
            " new Set(seen.map(String)).size > 1 ? yes(seen) : requestAnimationFrame(look); };"
            " look(); })"
        )
    assert all(one == other for one, other in pairs)


@in_loop
async def test_a_click_is_an_edge_down_and_an_edge_up(browser: int) -> None:
    async with desk(browser) as at:
        await at.tab.mouse("mousePressed", key("dnd"))
        await at.edged(("dnd", True))
        await at.tab.mouse("mouseReleased", key("dnd"))
        await at.edged(("dnd", True), ("dnd", False))


@in_loop
async def test_digits_are_the_buttons_in_order(browser: int) -> None:
    async with desk(browser) as at:
        for digit in range(1, 9):
            await at.tab.key("keyDown", f"Digit{digit}", str(digit))
            await at.tab.key("keyUp", f"Digit{digit}", str(digit))
        await at.edged(*(edge for b in BUTTONS for edge in ((b, True), (b, False))))


@in_loop
async def test_a_focused_button_works_with_the_space_bar(browser: int) -> None:
    async with desk(browser) as at:
        await at.tab.key("keyDown", "Tab", "Tab")
        focused = await at.tab.js("document.activeElement.dataset.button")
        assert await at.tab.js("document.activeElement.matches(':focus-visible')")
        await at.tab.key("keyDown", "Space", " ")
        await at.tab.key("keyUp", "Space", " ")
        await at.edged((focused, True), (focused, False))


@pytest.mark.parametrize("second", [0, SHIFT])
def test_a_latched_button_goes_down_together_with_the_next(browser: int, second: int) -> None:
    @in_loop
    async def story() -> None:
        async with desk(browser) as at:
            await at.tab.js(f"{{ {COUNT_SENT} }}")
            await latch(at, "missed")
            assert await at.tab.js("sent") == 0
            await at.tab.mouse("mousePressed", key("message"), second)
            pair = ("missed", True), ("message", True)
            await at.edged(*pair)
            assert not await at.tab.js(LATCHED)
            await at.tab.mouse("mouseReleased", key("message"), second)
            await at.edged(*pair, ("message", False), ("missed", False))

    story()


@pytest.mark.parametrize("by", ["Escape", "Shift-click"])
def test_a_latched_button_can_be_let_go_without_a_word(browser: int, by: str) -> None:
    @in_loop
    async def story() -> None:
        async with desk(browser) as at:
            await latch(at, "missed")
            if by == "Escape":
                await at.tab.key("keyDown", "Escape", "Escape")
            else:
                await at.tab.mouse("mousePressed", key("missed"), SHIFT)
                await at.tab.mouse("mouseReleased", key("missed"), SHIFT)
            assert not await at.tab.js(LATCHED)
            await at.tab.click(key("message"))
            await at.edged(("message", True), ("message", False))

    story()


async def latch(at: Desk, button: str) -> None:
    await at.tab.mouse("mousePressed", key(button), SHIFT)
    await at.tab.mouse("mouseReleased", key(button), SHIFT)
    assert await at.tab.js(LATCHED) == button


@in_loop
async def test_a_real_board_gets_whole_presses_and_holds(browser: int) -> None:
    async with desk(browser, real=True) as at:
        await at.tab.click(key("dnd"))
        await until(lambda: len(at.panel.taken) == 1)
        await at.tab.mouse("mousePressed", key("absent"))
        await until(lambda: len(at.panel.taken) == 2)
        await at.tab.mouse("mouseReleased", key("absent"))
        await at.tab.click(key("dnd"))
        await until(lambda: len(at.panel.taken) == 3)
    assert at.panel.taken == [
        Pressed(NOW, "dnd"),
        Pressed(NOW, "absent", held=True),
        Pressed(NOW, "dnd"),
    ]


@in_loop
async def test_the_panel_is_told_in_plain_words_too(browser: int) -> None:
    async with desk(browser, chosen(Status.DND, until=NOW + 1500)) as at:
        assert await at.tab.text("#status") == "Do not disturb until 14:55"
        card = " ".join((await at.tab.text("#facts")).split())
        assert card.endswith("Set at the PBX Line free Link registered as 100")
        call = Incoming(1, "0612345", "Anna", NOW)
        at.panel.become(replace(at.panel.state, calls=(call,)))
        await at.tab.until("headline.innerText === 'Anna is calling'")


@in_loop
async def test_a_confirmation_is_told_for_what_it_is_worth(browser: int) -> None:
    told = public(chosen(Status.DND))
    means = ["hint", "code", "answers", None]
    mirrors = [{"state": "confirmed", "by": "web", "reason": "", "means": m} for m in means]
    async with desk(browser) as at:
        rows = [(await facts(at, {**told, "mirror": mirror}))[0] for mirror in mirrors]
    assert rows == [
        ["PBX", "confirms it"],
        ["PBX", "accepted it", False, "it cannot be read back"],
        ["The panel", "answers so"],
        ["PBX", "confirms it"],
    ]


@pytest.mark.parametrize(
    ("status", "by", "told"),
    [
        (Status.AVAILABLE, "pbx", []),
        (Status.AVAILABLE, "web", [["Set", "from the page"]]),
        (Status.DND, "pbx", [["Set", "at the PBX"]]),
    ],
)
def test_who_set_a_status_is_told_where_somebody_did(
    browser: int, status: Status, by: str, told: list[list[str]]
) -> None:
    @in_loop
    async def story() -> None:
        mirror = {"state": "confirmed", "by": by, "reason": "", "means": "hint"}
        async with desk(browser) as at:
            rows = await facts(at, {**public(chosen(status)), "mirror": mirror})
            assert [row for row in rows if row[0] == "Set"] == told

    story()


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (CallingStage.LIFT, "Lift your phone to talk to Anna"),
        (CallingStage.CONNECTING, "Connecting to Anna…"),
        (CallingStage.CONNECTED, "Connected to Anna"),
        (CallingStage.FAILED, "Anna is busy"),
    ],
)
@in_loop
async def test_a_call_that_is_made_is_the_headline(
    browser: int, stage: CallingStage, told: str
) -> None:
    reason = told if stage is CallingStage.FAILED else ""
    calling = Calling(1, "102", "Anna", NOW + 9, stage, reason=reason)
    async with desk(browser, replace(QUIET, calling=calling)) as at:
        assert await at.tab.text("#status") == told
        ends = stage in (CallingStage.LIFT, CallingStage.CONNECTING)
        assert await at.tab.js("document.querySelector('#cancel').hidden") is not ends


@in_loop
async def test_what_may_go_wrong_and_what_comes_next_are_on_the_card(browser: int) -> None:
    evening = (Change((2,), 18 * 60, Status.DIVERTED, "Reception"),)
    diverted = office(chosen(Status.DIVERTED, "102"), h74102=Hint.BUSY)
    warned = replace(diverted, grants=replace(OFFICE, schedule=evening))
    misfit = replace(QUIET, mirror=replace(QUIET.mirror, misfit="It does not fit"))
    async with desk(browser) as at:
        rows = await facts(at, public(warned))
        assert rows[-2:] == [
            ["Warning", "Anna diverts calls too: yours would be refused there", True],
            ["Next", "Diverted to Reception, Wed 18:00"],
        ]
        assert (await facts(at, public(misfit)))[-1] == ["Profile", "It does not fit", True]


@in_loop
async def test_a_reason_that_repeats_the_status_is_none(browser: int) -> None:
    out = {**public(chosen(Status.LOGGED_OUT)), "link": "offline"}
    async with desk(browser) as at:
        repeated = await facts(at, {**out, "link_reason": "logged out"})
        told = await facts(at, {**out, "link_reason": "no answer"})
    assert [row for row in repeated if row[0] == "Why"] == []
    assert [row for row in told if row[0] == "Why"] == [["Why", "no answer"]]


async def facts(at: Desk, panel: dict[str, object]) -> list[list[object]]:
    """What the card would tell of such a panel."""
    rows: list[list[object]] = await at.tab.js(
        f"import('/panel.js').then(({{ facts }}) => facts({json.dumps(panel)}))"
    )
    return rows


TEAM = office(h101=Hint.FREE, h74101=Hint.BUSY, h102=Hint.BUSY, h103=Hint.RINGING)
NEWS = replace(
    TEAM,
    missed=CallList((*MISSED.entries, CallEntry("", "", CallKind.DND, Stamp(NOW, WALL)))),
    texts=TextList((Text("101", "Reception", "<b>Lunch?</b>", Stamp(NOW, WALL)),)),
    voicemail=Voicemail((("100", Counts(2, 5, 1)),), waiting=True, known=True),
)
SHEET = "document.querySelector('#sheet')"
INSIDE = (
    "(({ x, y, right, bottom }) => x >= 0 && y >= 0 && right <= innerWidth"
    f" && bottom <= innerHeight)({SHEET}.getBoundingClientRect())"
)


def colleague(place: int) -> str:
    return f"#team li:nth-child({place}) button"


@in_loop
async def test_colleagues_are_told_by_shape_and_word_and_followed(browser: int) -> None:
    async with desk(browser, TEAM) as at:
        names = "[...document.querySelectorAll('#team button')].map((b) => b.ariaLabel)"
        assert await at.tab.js(names) == [
            "Reception, free, diverts calls",
            "Anna, in a call",
            "Bruno, ringing",
        ]
        signs = "[...document.querySelectorAll('#team use')].map((u) => u.href.baseVal)"
        assert await at.tab.js(signs) == ["#free", "#diverts", "#busy", "#ringing"]
        await at.tab.js(f"document.querySelector('{colleague(2)}').focus()")
        at.panel.become(office(h102=Hint.FREE))
        await at.tab.until(f"{names}[1] === 'Anna, free'")
        assert await at.tab.js("document.activeElement.ariaLabel") == "Anna, free"


@in_loop
async def test_a_colleague_is_called_from_the_page_and_not_called_any_more(browser: int) -> None:
    async with desk(browser, TEAM) as at:
        await at.tab.click(colleague(2))
        await at.tab.until(f"{SHEET}.innerText.startsWith('Anna')")
        await at.tab.click("#sheet .main")
        await at.tab.until("headline.innerText === 'Lift your phone to talk to Anna'")
        assert not await at.tab.js(f"{SHEET}.matches(':popover-open')")
        await at.tab.click("#cancel")
        await at.tab.until("headline.innerText === 'Available'")
    assert at.panel.taken == [DialWanted(NOW, "102", "Anna"), DialCancelled(NOW)]
    job = at.panel.state.jobs
    assert at.panel.effects == [RingOwn(job, "100"), EndDial(job)]


@in_loop
async def test_who_is_free_later_can_be_waited_for_and_forgotten(browser: int) -> None:
    tell = "#sheet button[aria-pressed]"
    async with desk(browser, TEAM) as at:
        await at.tab.click(colleague(2))
        await at.tab.until(f"{SHEET}.matches(':popover-open')")
        for pressed in ("true", "false"):
            await at.tab.click(tell)
            await at.tab.until(f"document.querySelector('{tell}').ariaPressed === '{pressed}'")
    assert at.panel.taken == [TellWhenFree(NOW, "102"), TellWhenFree(NOW, "102", wanted=False)]


@in_loop
async def test_who_is_free_now_is_not_waited_for(browser: int) -> None:
    async with desk(browser, TEAM) as at:
        await at.tab.click(colleague(1))
        await at.tab.until(f"{SHEET}.matches(':popover-open')")
        told = " ".join((await at.tab.text("#sheet")).split())
        assert told == "Reception 101 · free, diverts calls Call"


@in_loop
async def test_the_sheet_is_opened_used_and_left_with_the_keyboard(browser: int) -> None:
    enter = {"code": "Enter", "key": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
    async with desk(browser, TEAM) as at:
        await at.tab.js(f"document.querySelector('{colleague(2)}').focus()")
        await at.tab("Input.dispatchKeyEvent", type="keyDown", **enter)
        await at.tab.until("document.activeElement.innerText === 'Call'")
        expanded = f"document.querySelector('{colleague(2)}').ariaExpanded"
        assert await at.tab.js(expanded) == "true"
        await at.tab.key("keyDown", "Escape", "Escape")
        assert await at.tab.js("document.activeElement.dataset.number") == "102"
        assert await at.tab.js(expanded) == "false"


@in_loop
async def test_whoever_called_and_told_the_number_can_be_called_back(browser: int) -> None:
    async with desk(browser, NEWS) as at:
        await at.tab.click("[data-waits=missed]")
        await at.tab.until(f"{SHEET}.matches(':popover-open')")
        entries = "[...document.querySelectorAll('#sheet .entry')].map((e) => e.innerText)"
        assert [" ".join(entry.split()) for entry in await at.tab.js(entries)] == [
            "Anna Wed 14:30 Call back",
            "Unknown caller in do not disturb · Wed 14:30",
        ]
        await at.tab.click("#sheet button")
        await until(lambda: len(at.panel.taken) == 1)
    assert at.panel.taken == [DialWanted(NOW, "061", "Anna")]


@in_loop
async def test_a_text_is_read_as_it_was_written_and_answered_by_a_call(browser: int) -> None:
    async with desk(browser, NEWS) as at:
        await at.tab.click("[data-waits=message]")
        await at.tab.until(f"{SHEET}.innerText.includes('<b>Lunch?</b>')")
        await at.tab.click("#sheet button")
        await until(lambda: len(at.panel.taken) == 1)
    assert at.panel.taken == [DialWanted(NOW, "101", "Reception")]


REPLIES = ("OK", "I am <b>late</b>")
ANSWERABLE = replace(NEWS, grants=replace(OFFICE, manners=Manners(replies=REPLIES)))


@pytest.mark.parametrize(
    ("ok", "reason", "told"),
    [(True, "", "Sent: “I am <b>late</b>”"), (False, "404 Not Found", "Not sent: 404 Not Found")],
)
def test_a_text_is_answered_from_presets_and_what_became_of_it_is_told(
    browser: int, ok: bool, reason: str, told: str
) -> None:
    @in_loop
    async def story() -> None:
        async with desk(browser, ANSWERABLE) as at:
            await at.tab.click("[data-waits=message]")
            await at.tab.until(f"{SHEET}.innerText.includes('Reply')")
            await at.tab.click("#sheet [aria-expanded=false]")
            words = "[...document.querySelectorAll('#sheet > .row button')].map((b) => b.innerText)"
            await at.tab.until(f"{words}.length")
            assert await at.tab.js(words) == list(REPLIES)
            await at.tab.click("#sheet > .row button:nth-child(2)")
            await at.tab.until(f"{SHEET}.innerText.includes('Sending “I am <b>late</b>”…')")
            at.panel.post(TextSent(NOW, at.panel.state.sent[0].job, ok=ok, reason=reason))
            await at.tab.until(f"{SHEET}.innerText.includes('{told}')")
            assert await at.tab.js(f"{words}.length") == 0
        assert at.panel.taken[0] == TextWanted(NOW, "101", REPLIES[1])

    story()


@in_loop
async def test_a_sheet_that_grows_stays_in_the_window_of_a_phone(browser: int) -> None:
    replies = tuple(f"This is an answer of some length, number {n}" for n in range(6))
    manners = Manners(replies=replies)
    async with desk(browser, replace(NEWS, grants=replace(OFFICE, manners=manners))) as at:
        await at.tab.resize(360, 740)
        await at.tab.until("innerWidth === 360 && oled.offsetWidth < 360")
        await at.tab.js(STILL)
        await at.tab.js("document.querySelector('[data-waits=message]').scrollIntoView(false)")
        await at.tab.click("[data-waits=message]")
        await at.tab.until(f"{SHEET}.matches(':popover-open')")
        await at.tab.js("document.querySelector('#sheet [aria-expanded=false]').click()")
        await at.tab.until(f"{SHEET}.innerText.includes('number 5')")
        assert await at.tab.js(INSIDE)


@in_loop
async def test_who_did_not_tell_a_number_cannot_be_answered(browser: int) -> None:
    texts = TextList((Text("", "", "Guess who", Stamp(NOW, WALL)),))
    async with desk(browser, replace(ANSWERABLE, texts=texts)) as at:
        await at.tab.click("[data-waits=message]")
        await at.tab.until(f"{SHEET}.innerText.includes('Guess who')")
        assert await at.tab.js("document.querySelectorAll('#sheet button').length") == 0


@in_loop
async def test_the_panel_is_silenced_from_the_page_and_heard_again(browser: int) -> None:
    async with desk(browser, TEAM) as at:
        assert await at.tab.js(BELL) == "Sound: on"
        await at.tab.click("#sound")
        await at.tab.until(f"{SHEET}.innerText.includes('Now on. Be silent for:')")
        await at.tab.click("#sheet button")
        await at.tab.until(f"{BELL} === 'Sound: silent until 15:00'")
        await at.tab.until("facts.innerText.includes('silent until 15:00')")
        assert await at.tab.js("document.activeElement.id") == "sound"
        await at.tab.click("#sound")
        await at.tab.until(f"{SHEET}.innerText.includes('Sound again')")
        await at.tab.click("#sheet .main")
        await at.tab.until(f"{BELL} === 'Sound: on'")
        assert "silent" not in await at.tab.text("#facts")
    assert at.panel.taken == [Muted(NOW, seconds=1800), Muted(NOW, wanted=False)]


@in_loop
async def test_every_time_to_be_silent_is_understood(browser: int) -> None:
    async with desk(browser) as at:
        for n in range(5):
            await at.tab.click("#sound")
            await at.tab.until(f"{SHEET}.matches(':popover-open')")
            choice = f"document.querySelectorAll('#sheet .row button:not(.main)')[{n}]"
            await at.tab.js(f"{choice}.click()")
            await until(lambda n=n: len(at.panel.taken) == n + 1)  # type: ignore[misc]
        await at.tab.until(f"{BELL} === 'Sound: silent'")
    hour = 3600.0
    spans: list[Event] = [Muted(NOW, seconds=s) for s in (hour / 2, hour, 2 * hour, 8 * hour, None)]
    assert at.panel.taken == spans


@in_loop
async def test_what_keeps_the_panel_silent_is_said(browser: int) -> None:
    quiet_hours = replace(GRANTS, manners=Manners(quiet=(Span(14 * 60, 15 * 60),)))
    muted = update(QUIET, Muted(NOW, seconds=600.0))[0]
    clockless = replace(muted, clock=replace(QUIET.clock, offset=None))
    said = {
        "silent in do not disturb": public(chosen(Status.DND)),
        "silent in quiet hours": public(replace(QUIET, grants=quiet_hours)),
        "silent until 14:40": public(muted),
        "silent for 10 more min": public(clockless),
    }
    async with desk(browser) as at:
        for words, panel in said.items():
            told = f"import('/sound.js').then(({{ heard }}) => heard({json.dumps(panel)}))"
            assert await at.tab.js(told) == words
        assert ["Sound", "silent in quiet hours"] in await facts(at, said["silent in quiet hours"])
        dnd = await facts(at, said["silent in do not disturb"])
        assert not [row for row in dnd if row[0] == "Sound"]


@in_loop
async def test_the_bell_is_used_and_left_with_the_keyboard(browser: int) -> None:
    enter = {"code": "Enter", "key": "Enter", "text": "\r", "windowsVirtualKeyCode": 13}
    async with desk(browser, TEAM) as at:
        await at.tab.js("document.querySelector('#sound').focus()")
        await at.tab("Input.dispatchKeyEvent", type="keyDown", **enter)
        await at.tab.until("document.activeElement.innerText === '30 min'")
        await at.tab.key("keyDown", "Escape", "Escape")
        assert await at.tab.js("document.activeElement.id") == "sound"
    assert at.panel.taken == []


@in_loop
async def test_the_box_is_listened_to_on_the_user_s_own_phone(browser: int) -> None:
    async with desk(browser, NEWS) as at:
        await at.tab.click("[data-waits=voicemail]")
        await at.tab.until(f"{SHEET}.innerText.includes('2 new, 1 urgent, 5 old')")
        await at.tab.click("#sheet button")
        await at.tab.until("headline.innerText === 'Lift your phone to talk to Voicemail'")
    assert at.panel.effects == [RingOwn(at.panel.state.jobs, "100")]


@in_loop
async def test_why_a_call_is_not_made_is_said_where_it_was_asked_for(browser: int) -> None:
    async with desk(browser, office(chosen(Status.ABSENT), h102=Hint.BUSY)) as at:
        await at.tab.click(colleague(2))
        await at.tab.until(f"{SHEET}.matches(':popover-open')")
        await at.tab.click("#sheet .main")
        await at.tab.until("!document.querySelector('#refusal').hidden")
        assert await at.tab.text("#refusal") == "No calls from the panel while absent"


@in_loop
async def test_without_the_panel_nothing_is_claimed_of_colleagues(browser: int) -> None:
    panel = FakePanel(NEWS)
    async with chromium.tab(browser) as tab:
        async with serving(panel) as outside:
            await tab.open(outside.url)
            await tab.until("document.querySelector('#team button')")
            await tab.click(colleague(2))
            await tab.until(f"{SHEET}.matches(':popover-open')")
        await tab.until("document.body.classList.contains('away')")
        words = "[...document.querySelectorAll('#team .word')].map((w) => w.innerText)"
        assert await tab.js(words) == ["unknown"] * 3
        assert not await tab.js(f"{SHEET}.matches(':popover-open')")
        assert await tab.js("[...document.querySelectorAll('.acts button')].every((b) => b.hidden)")
        assert await tab.js("document.querySelector('#sound').hidden")


@pytest.mark.parametrize("size", [(1280, 800), (1366, 768), (1920, 1080), (360, 740)])
@pytest.mark.parametrize("demo", [True, False])
@in_loop
async def test_no_call_moves_the_keys(browser: int, size: tuple[int, int], demo: bool) -> None:
    calling = Calling(1, "102", "Anna", NOW + 9)
    worse = office(chosen(Status.DIVERTED, "101", until=NOW + 60), h74101=Hint.BUSY)
    evening = (Change((2,), 18 * 60, Status.DIVERTED, "Reception"),)
    worse = replace(worse, calling=calling, missed=NEWS.missed, texts=NEWS.texts)
    worse = replace(worse, grants=replace(OFFICE, schedule=evening), voicemail=NEWS.voicemail)
    async with desk(browser, TEAM, world=FakeWorld() if demo else None) as at:
        await at.tab.resize(*size)
        await at.tab.until(f"innerWidth === {size[0]}")
        if demo:
            await at.tab.until("document.querySelector('.calls .none')")
        await at.tab.js(STILL)
        before = await at.tab.js(KEYS)
        at.panel.become(worse)
        await at.tab.until("headline.innerText.startsWith('Lift') && cancel.offsetHeight")
        await at.tab.js(STILL)
        assert await at.tab.js(KEYS) == before


@in_loop
async def test_as_many_colleagues_as_can_be_fit_on_a_phone(browser: int) -> None:
    people = tuple(Colleague(f"Alessandra Pellegrini {n}", str(101 + n)) for n in range(32))
    crowd = replace(TEAM, grants=replace(OFFICE, colleagues=people))
    async with desk(browser, crowd) as at:
        for width in (360, 700, 1280):
            await at.tab.resize(width, 740)
            await at.tab.until(f"innerWidth === {width} && oled.offsetWidth < {width}")
            await at.tab.js(STILL)
            spare = "document.documentElement.clientWidth - document.documentElement.scrollWidth"
            assert await at.tab.js(spare) == 0
        await at.tab.click(colleague(32))
        await at.tab.until(f"{SHEET}.matches(':popover-open')")
        assert await at.tab.js(INSIDE)


@pytest.mark.parametrize("size", [(1280, 800), (1366, 768), (1920, 1080), (360, 740)])
@pytest.mark.parametrize("demo", [True, False])
def test_no_words_move_the_keys(browser: int, size: tuple[int, int], demo: bool) -> None:
    refused = "the PBX turned it down, and this is a longer sentence on why that is so"
    lost = {"oled": "no display answers on this bus", "leds": "no such chip"}
    worse = replace(
        QUIET,
        link=Link.REFUSED,
        link_reason=refused,
        lost=lost,
        clock=replace(QUIET.clock, offset=None),
    )

    @in_loop
    async def story() -> None:
        async with desk(browser, world=FakeWorld() if demo else None) as at:
            await at.tab.resize(*size)
            await at.tab.until(f"innerWidth === {size[0]}")
            if demo:
                await at.tab.until("document.querySelector('.calls .none')")
            await at.tab.js(STILL)
            before = await at.tab.js(KEYS)
            at.panel.become(worse)
            await at.tab.until("document.querySelectorAll('#facts div').length >= 6")
            assert await at.tab.js(KEYS) == before

    story()


@in_loop
async def test_a_name_is_never_taken_for_html(browser: int) -> None:
    call = Incoming(1, "061", "<img src=x onerror=alert(1)>", NOW)
    async with desk(browser, replace(QUIET, calls=(call,))) as at:
        assert await at.tab.text("#status") == "<img src=x onerror=alert(1)> is calling"
        assert at.tab.faults == []


@in_loop
async def test_a_lost_panel_is_seen_and_found_again_without_help(browser: int) -> None:
    panel = FakePanel()
    async with chromium.tab(browser) as tab:
        async with serving(panel) as outside:
            await tab.open(outside.url)
            await tab.until(HERE)
            address = outside.url.removeprefix("http://")
        await tab.until("document.body.classList.contains('away')")
        assert await tab.text("#status") == "No connection to the panel"
        assert await tab.js(f"{lamp('available')}.pattern") == "off"
        async with serving(panel, address):
            await tab.until(HERE)


@in_loop
async def test_without_the_panel_nothing_is_claimed_of_the_world(browser: int) -> None:
    panel, world = FakePanel(), FakeWorld()
    async with chromium.tab(browser) as tab:
        async with serving(panel, world=world) as outside:
            await tab.open(outside.url)
            await tab.until("document.querySelector('.world').innerText.includes('is registered')")
            address = outside.url.removeprefix("http://")
        await tab.until(f"{FAULT}.innerText === 'No connection to the panel'")
        assert "registered" not in await tab.text(".world")
        await tab.click("form[data-do=call] button")
        assert await tab.text(".fault") == "No connection to the panel"
        async with serving(panel, address, world=world):
            await tab.until(f"{HERE} && {FAULT}.hidden")
            await tab.until("document.querySelector('.world').innerText.includes('is registered')")
            await tab.click("[data-do=hear_voicemail]")
            await until(lambda: world.deeds == [("hear_voicemail",)])


@in_loop
async def test_a_token_is_asked_for_once(browser: int) -> None:
    async with desk(browser, token="open sesame") as at:
        await at.tab.until("!document.querySelector('#ask').hidden")
        await at.tab.js("document.querySelector('#token').value = 'open sesame'")
        await at.tab.click("#ask button")
        await at.tab.until(HERE)
        await at.tab("Page.reload")
        await at.tab.until(HERE)


@in_loop
async def test_the_page_fits_a_phone(browser: int) -> None:
    async with desk(browser, world=FakeWorld()) as at:
        await at.tab.until("document.querySelector('.world h1')")
        for width in (360, 700, 1100, 2000):
            await at.tab.resize(width, 740)
            await at.tab.until(f"innerWidth === {width} && oled.offsetWidth < {width}")
            await at.tab.js(STILL)
            spare = "document.documentElement.clientWidth - document.documentElement.scrollWidth"
            assert await at.tab.js(spare) == 0
            small = await at.tab.js(
                "Math.min(...[...document.querySelectorAll('.key')].map((k) => k.offsetHeight))"
            )
            assert small >= 36


@in_loop
async def test_the_world_s_buttons_move_the_world(browser: int) -> None:
    world = FakeWorld()
    async with desk(browser, world=world) as at:
        await at.tab.until("document.querySelector('.calls .none')")
        await at.tab.click("form[data-do=call] button")
        await at.tab.until("document.querySelector('.calls').innerText.includes('hears ringing')")
        await at.tab.click("[data-do=answer]")
        await at.tab.until("document.querySelector('.calls').innerText.includes('is talking')")
        await at.tab.click("[data-do=hang_up]")
        await at.tab.until("document.querySelector('.calls').innerText.includes('gave up')")
        for button in (
            "form[data-do=send_text] button",
            "[data-do=leave_voicemail]",
            "[data-urgent]",
            "[data-do=hear_voicemail]",
            "[data-code='*79']",
        ):
            before = len(world.deeds)
            await at.tab.click(button)
            await until(lambda before=before: len(world.deeds) > before)  # type: ignore[misc]
        await at.tab.click("[data-toggle=away]")
        await at.tab.until("document.querySelector('[data-toggle=away]').innerText === 'Come back'")
        await at.tab.click("[data-toggle=away]")
        await at.tab.until("document.querySelector('[data-toggle=away]').innerText === 'Go away'")
    assert world.deeds == [
        ("call", "0612345", "Anna Rossi"),
        ("answer", 7),
        ("hang_up", 7),
        ("send_text", "0612345", "Anna Rossi", "Lunch at one?"),
        ("leave_voicemail", False),
        ("leave_voicemail", True),
        ("hear_voicemail",),
        ("dial", "*79"),
        ("go_away",),
        ("come_back",),
    ]


@pytest.mark.parametrize(
    ("state", "detail", "told"),
    [
        ("ringing", "ringing", "hears ringing"),
        ("ringing", "ringing at the desk phone; the panel said 486 Busy Here", "hears {detail}"),
        ("busy", "busy: do not disturb", "meets busy: do not disturb"),
        ("unreachable", "unreachable: no phone is here", "cannot get through: no phone is here"),
        ("unreachable", "the PBX is away", "cannot get through: the PBX is away"),
        ("diverted", "diverted to 101", "reached Reception (101)"),
        (
            "diverted",
            "diverted to 101; the desk phone rings too",
            "reached Reception (101); the desk phone rings too",
        ),
        ("talking", "talking to the desk phone", "is talking to the desk phone"),
        ("given up", "given up", "gave up"),
        ("ended", "ended", "has hung up"),
        ("ended", "the PBX went away", "was cut off: the PBX went away"),
    ],
)
def test_what_a_caller_meets_is_one_sentence(
    browser: int, state: str, detail: str, told: str
) -> None:
    world = FakeWorld(calls=[{**CALL, "state": state, "detail": detail}])

    @in_loop
    async def story() -> None:
        async with desk(browser, chosen(Status.DIVERTED, "101"), world=world) as at:
            sentence = f"Anna {told.format(detail=detail)}"
            await at.tab.until(
                f"document.querySelector('.calls .what').innerText === {json.dumps(sentence)}"
            )

    story()


@in_loop
async def test_calls_that_can_be_ended_come_first_and_are_all_there(browser: int) -> None:
    states = ["ringing", "talking", "diverted"] * 4 + ["given up", "busy", "ended"] * 9
    calls = [{**CALL, "id": i, "state": s, "detail": s} for i, s in enumerate(states)]
    async with desk(browser, world=FakeWorld(calls=calls)) as at:
        await at.tab.until("document.querySelector('.calls .acts')")
        shown = await at.tab.js(
            "[...document.querySelectorAll('.calls li')].map((li) =>"
            " Number(li.querySelector('[data-do=hang_up]')?.dataset.call ?? -1))"
        )
    assert shown == [*range(11, -1, -1), -1, -1, -1]


@in_loop
async def test_calls_push_nothing_out_of_its_place(browser: int) -> None:
    world = FakeWorld()
    async with desk(browser, world=world) as at:
        for width in (360, 1280):
            await at.tab.resize(width, 800)
            world.calls.clear()
            await at.tab.until("document.querySelector('.calls .none')")
            assert await at.tab.js(STILL)
            before = await at.tab.js(PLACES)
            calls = [{**CALL, "id": i, "state": "ringing", "detail": "ringing"} for i in range(9)]
            world.calls.extend(calls)
            await at.tab.until("document.querySelectorAll('.calls li').length === 9")
            assert await at.tab.js(STILL)
            assert await at.tab.js(PLACES) == before


@in_loop
async def test_who_withholds_the_number_is_an_unknown_caller_everywhere(browser: int) -> None:
    world = FakeWorld(calls=[{**CALL, "number": "", "state": "ringing", "detail": "ringing"}])
    async with desk(browser, world=world) as at:
        at.panel.become(replace(QUIET, calls=(Incoming(1, "", "", NOW),)))
        await at.tab.until("headline.innerText === 'Unknown caller is calling'")
        told = "document.querySelector('.calls .what')?.innerText"
        await at.tab.until(f"{told} === 'Unknown caller hears ringing'")


@in_loop
async def test_what_the_world_refuses_is_told_where_the_eye_is(browser: int) -> None:
    async with desk(browser, world=FakeWorld(refusing=True)) as at:
        await at.tab.until("document.querySelector('.calls .none')")
        for width in (360, 1280):
            await at.tab.resize(width, 500)
            await at.tab.js(STILL)
            await at.tab.js("document.querySelector('[data-toggle=away]').scrollIntoView()")
            places = await at.tab.js(PLACES)
            await at.tab.click("[data-code='*78']")
            await at.tab.until(f"{FAULT}.innerText === 'The PBX did not take *78'")
            assert await at.tab.js(PLACES) == places
            assert await at.tab.js(f"{FAULT}.getBoundingClientRect().y >= 0")
            assert await at.tab.js(f"{FAULT}.getBoundingClientRect().bottom < innerHeight / 3")
            await at.tab.click("[data-do=hear_voicemail]")
            await at.tab.until(f"{FAULT}.hidden")


@in_loop
async def test_without_the_demo_the_world_is_not_shown(browser: int) -> None:
    async with desk(browser, replace(QUIET, grants=GRANTS)) as at:
        assert await at.tab.js("document.querySelector('#world').hidden")
