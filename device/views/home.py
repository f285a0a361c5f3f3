"""The page of rest: what the status is, what is wrong if anything, and what waits."""

from functools import partial
from itertools import pairwise

from device.core.words import Line, Link, MirrorState, Notice, Status
from device.views.canvas import Canvas
from device.views.font import LARGE, SMALL
from device.views.headline import INDENT, headline
from device.views.icons import ICONS
from device.views.layout import Block, Brief, Draw, Face, Pile
from device.views.pieces import (
    LINE_HEIGHT,
    NOTHING,
    Offer,
    gap,
    rule,
    written,
)
from device.views.screens import Badge, Bar, Idle, Trouble

BADGE_HEIGHT = 13
BADGE_WIDTH = 43
ABOVE = 3
"Rows above the badges: for the tails of the last line, and a dark one."

NARROW = 100
"A glass of fewer columns has none to spare for an indent."


def idle(face: Face, screen: Idle) -> Pile:
    unsure = screen.standing is MirrorState.UNKNOWN
    sign = "unknown" if unsure else str(screen.status)
    head = headline(face, sign, screen.standing is MirrorState.CONFIRMED, face.say(screen.word))
    lines = _idle_lines(face, screen)
    return _pile(face, screen.bar, head, lines, screen.badges, _idle_brief(face, screen, sign))


def trouble(face: Face, screen: Trouble) -> Pile:
    say = face.say
    title, since = say(screen.title), say(screen.since)
    sign = str(screen.bar.link) if screen.bar.link in ICONS else "unknown"
    left = INDENT + LARGE.width(title) + LARGE.space
    beside = since and face.height >= 64 and left + SMALL.width(since) <= face.width
    head = headline(face, sign, False, title, since if beside else "")
    lines = _trouble_lines(face, screen, "" if beside else since)
    return _pile(face, screen.bar, head, lines, screen.badges, Brief((title,), sign))


def _pile(
    face: Face, bar: Bar, head: Block, lines: list[Block], badges: tuple[Badge, ...], brief: Brief
) -> Pile:
    """A low glass has its badges in the bar."""
    if face.low:
        return Pile((_strip(bar, badges), gap(), head, *lines, gap()), brief)
    return Pile((_bar(face, bar), gap(), head, *lines, gap(), _badges(face, badges)), brief)


# In words


def _idle_lines(face: Face, screen: Idle) -> list[Block]:
    """What goes below the status. The divert target is large where nothing else needs the room."""
    say = face.say
    target = f"→ {screen.target}" if screen.target else ""
    until, news = say(screen.until), say(screen.news)
    large = () if news else (Offer(LARGE, 1, 60),)
    about = [text for text in (target, until) if text]
    if len(about) > 1 and news:
        about, target, until = [", ".join(about)], ", ".join(about), ""
    x = _indent(face, about, news)
    return [
        written(face, target, _line(95), *large, x=x),
        written(face, until, _line(86), _line(86, 2), _line(78, 3), x=x, whole=True),
        _news(face, news, x),
    ]


def _trouble_lines(face: Face, screen: Trouble, since: str) -> list[Block]:
    say = face.say
    reason = say(screen.reason)
    chosen = _chosen(face, screen.chosen)
    address = say(f"This panel: {screen.address}") if screen.address else ""
    x = _indent(face, [t for t in (since, chosen, address) if t], reason)
    return [
        written(face, since, _line(83), x=x, whole=True),
        _news(face, reason, x),
        written(face, chosen, _line(80), x=x),
        _address(face, screen.address, x),
    ]


def _address(face: Face, address: str, x: int) -> Block:
    """A narrow glass has the address alone."""
    told = face.say(f"This panel: {address}") if address else ""
    fits = SMALL.width(told) <= face.width - x or SMALL.width(address) > face.width - x
    worth = 84 if face.width > NARROW else 89
    return written(face, told if fits else address, _line(worth), _line(81, 2), x=x, whole=True)


def _chosen(face: Face, chosen: str) -> str:
    """All of it, or the status alone."""
    texts = [face.say(f"Chosen: {chosen}"), face.say(chosen)] if chosen else [""]
    return next((text for text in texts if SMALL.width(text) <= face.width), texts[-1])


def _news(face: Face, text: str, x: int) -> Block:
    worths = (90, 85, 84, 70)
    return written(face, text, *(_line(w, n) for n, w in enumerate(worths, 1)), x=x)


def _line(worth: int, lines: int = 1) -> Offer:
    return Offer(SMALL, lines, worth, close=True)


def _indent(face: Face, told: list[str], news: str) -> int:
    """Below the large word where that is room enough; all lines from the same left edge."""
    room = face.width - INDENT
    fits = all(SMALL.width(text) <= room for text in told)
    lines = len(SMALL.wrap(news, room, 9)) == len(SMALL.wrap(news, face.width, 9))
    return INDENT if fits and lines and face.width >= NARROW else 0


def _idle_brief(face: Face, screen: Idle, sign: str) -> Brief:
    word, until = face.say(screen.word), face.say(screen.until)
    where = (f"{word} → {screen.target}", screen.target) if screen.target else ()
    texts = where or ((f"{word} {until}", word) if until else (word,))
    if screen.standing is MirrorState.PENDING:
        return Brief(texts, sign, "…")
    wrong = ("warning",) if screen.news and screen.status is not Status.LOGGED_OUT else ()
    return Brief(texts, sign, _unseen(screen.badges), (*wrong, *_signs(screen.bar)))


def _unseen(badges: tuple[Badge, ...]) -> str:
    fresh = [badge for badge in badges if badge.fresh]
    return f"+{min(sum(badge.count or 1 for badge in fresh), 99)}" if fresh else ""


# What stands above and below it


def _bar(face: Face, bar: Bar) -> Block:
    """Dear where the glass is high, for the clock is what a desk looks at all day."""
    return rule(13, partial(_draw_bar, bar=bar), 87 if face.height >= 64 else 50)


def _draw_bar(canvas: Canvas, y: int, *, bar: Bar) -> None:
    right = canvas.text_left_of(LARGE, canvas.width, y, bar.clock)
    left = canvas.icon(ICONS["bars" if bar.link is Link.ONLINE else "no_bars"], 0, y + 2) + 4
    room = right - left - 24
    if SMALL.width(bar.extension) <= room or canvas.width >= NARROW:
        left = canvas.text(SMALL, left, y + 2, SMALL.fit(bar.extension, room)) + 6
    for sign in _signs(bar):
        if left + ICONS[sign].width + 4 <= right:
            left = canvas.icon(ICONS[sign], left, y + 2) + 5


def _signs(bar: Bar) -> list[str]:
    found = {"busy": bar.line is Line.BUSY, "muted": bar.muted}
    return [sign for sign, shown in found.items() if shown]


def _strip(bar: Bar, badges: tuple[Badge, ...]) -> Block:
    """A low bar: what waits, and the time where both have room."""
    icons = sum(ICONS[badge.notice].width + 10 for badge in badges)

    def drawn(canvas: Canvas, y: int) -> None:
        clock = bar.clock if icons + SMALL.width(bar.clock) <= canvas.width else ""
        right = canvas.text_left_of(SMALL, canvas.width, y + 2, clock)
        for sign in _signs(bar):
            if icons + ICONS[sign].width + 6 <= right:
                right -= ICONS[sign].width + 6
                canvas.icon(ICONS[sign], right, y + 2)
        counts = [_count(badge) for badge in badges]
        counted = sum(ICONS[b.notice].width + 10 for b in badges) + sum(map(SMALL.width, counts))
        x = 0
        for badge, count in zip(badges, counts, strict=True):
            x = canvas.icon(ICONS[badge.notice], x, y + 1) + 3
            x = canvas.text(SMALL, x, y + 2, count if counted <= right + 3 else "") + 7

    return rule(LINE_HEIGHT + 1, drawn, 84 if badges else 40)


def _badges(face: Face, badges: tuple[Badge, ...]) -> Block:
    if not badges:
        return NOTHING
    worth = 80 if face.height >= 64 else 84
    return rule(BADGE_HEIGHT + ABOVE, _pills(_slots(face, badges), badges), worth)


def _pills(slots: list[int], badges: tuple[Badge, ...]) -> Draw:
    def drawn(canvas: Canvas, y: int) -> None:
        for x, badge in zip(slots, badges, strict=True):
            bare = x + _width(badge) > canvas.width or _crowded(slots)
            _badge(canvas, x, y + ABOVE, badge, bare=bare)

    return drawn


def _slots(face: Face, badges: tuple[Badge, ...]) -> list[int]:
    """Where each badge begins: at its own place, else one after the other, else icons alone."""
    wide = [index * BADGE_WIDTH for index in range(len(badges))]
    if wide[-1] + _width(badges[-1]) <= face.width:
        return wide
    close = [0]
    for badge in badges[:-1]:
        close.append(close[-1] + _width(badge) + 2)
    if close[-1] + _width(badges[-1]) <= face.width:
        return close
    return [index * CROWD for index in range(len(badges))]


CROWD = ICONS[Notice.MESSAGE].width + 8
"From icon to icon where there is no room for counts."


def _crowded(slots: list[int]) -> bool:
    return any(after - before == CROWD for before, after in pairwise(slots))


def _badge(canvas: Canvas, x: int, y: int, badge: Badge, *, bare: bool) -> None:
    icon, text = ICONS[badge.notice], "" if bare else _count(badge)
    if badge.fresh:
        canvas.pill(x, y, icon.width + 9 + SMALL.width(text) - (0 if text else 3), BADGE_HEIGHT)
    ink = int(not badge.fresh)
    right = canvas.icon(icon, x + 3, y + 2, ink)
    canvas.text(SMALL, right + 3, y + 3, text, ink)


def _width(badge: Badge) -> int:
    return ICONS[badge.notice].width + 9 + SMALL.width(_count(badge))


def _count(badge: Badge) -> str:
    if not badge.known:
        return "?"
    number = "99+" if badge.count > 99 else str(badge.count or "")
    return f"{number}!" if badge.urgent else number
