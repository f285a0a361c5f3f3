"""The page of rest: what the status is, what is wrong if anything, and what waits."""

from device.core.words import Line, Link, MirrorState
from device.views.canvas import BAR_HEIGHT, Canvas
from device.views.font import LARGE, SMALL, Font, Glyph
from device.views.icons import ICONS
from device.views.screens import Badge, Bar, Idle, Trouble

DISC = 17
INDENT = DISC + 4
"Where the large word begins, right of its disc."
BADGE_HEIGHT = 13
BADGE_WIDTH = 43

Told = tuple[Font, int, str]
"A line below the status: its font, its left edge, its words."


def idle(canvas: Canvas, screen: Idle) -> None:
    unsure = screen.standing is MirrorState.UNKNOWN
    sign = ICONS["unknown" if unsure else screen.status]
    lines = _idle_lines(screen, canvas.width)
    sure = screen.standing is MirrorState.CONFIRMED
    _rest_bar(canvas, screen.bar)
    top = _badges_below(canvas, screen.badges, lines)
    _headline(canvas, top, sign, sure, screen.word)
    _lines(canvas, top + DISC + 2, lines)


def trouble(canvas: Canvas, screen: Trouble) -> None:
    chosen = [f"Chosen: {screen.chosen}"] if screen.chosen else []
    told = [*_wrapped(screen.reason, canvas.width, 3 - len(chosen)), *chosen]
    left = INDENT + LARGE.width(screen.title) + LARGE.space
    beside = left + SMALL.width(screen.since) <= canvas.width
    lines = _small(canvas.width, told if beside else [screen.since, *told][:3])
    _rest_bar(canvas, screen.bar)
    top = _badges_below(canvas, screen.badges, lines)
    _headline(canvas, top, ICONS.get(screen.bar.link, ICONS["unknown"]), False, screen.title)
    if beside:
        canvas.text(SMALL, left, top + 3 + LARGE.height - SMALL.height, screen.since)
    _lines(canvas, top + DISC + 2, lines)


def _idle_lines(screen: Idle, width: int) -> list[Told]:
    """What goes below the status. The divert target is large where nothing else needs the room."""
    target = f"→ {screen.target}" if screen.target else ""
    alone = not (screen.badges and (screen.until or screen.news))
    if target and alone and LARGE.width(target) <= width - INDENT and not screen.news:
        return [(LARGE, INDENT, target), *_small(width, [screen.until])]
    about = [target, screen.until]
    news = _wrapped(screen.news, width, 2 if any(about) else 3)
    if len(news) > 1:
        about = [", ".join(filter(None, about))]
    return _small(width, about + news)


def _wrapped(text: str, width: int, most: int = 2) -> list[str]:
    """As few lines as will do; below the large word where that is room enough."""
    narrow, wide = SMALL.wrap(text, width - INDENT, most), SMALL.wrap(text, width, most)
    return narrow if SMALL.shows(text, narrow) and len(narrow) <= len(wide) else wide


def _small(width: int, texts: list[str]) -> list[Told]:
    """Small lines, all from the same left edge."""
    told = [text for text in texts if text]
    x = INDENT if all(SMALL.width(text) <= width - INDENT for text in told) else 0
    return [(SMALL, x, text) for text in told]


def _rest_bar(canvas: Canvas, bar: Bar) -> None:
    right = canvas.text_left_of(LARGE, canvas.width, 0, bar.clock)
    left = canvas.icon(ICONS["bars" if bar.link is Link.ONLINE else "no_bars"], 0, 2) + 4
    left = canvas.text(SMALL, left, 2, SMALL.fit(bar.extension, right - left - 24))
    if bar.line is Line.BUSY:
        canvas.icon(ICONS["busy"], left + 6, 2)


def _badges_below(canvas: Canvas, badges: tuple[Badge, ...], lines: list[Told]) -> int:
    """Draw the badges where the lines leave them room; returns the top of what goes above."""
    height = DISC + 2 + sum(font.pitch for font, _, _ in lines)
    room = canvas.height - BAR_HEIGHT - 1
    if badges and height + BADGE_HEIGHT <= room:
        room -= BADGE_HEIGHT
        _badges(canvas, badges)
    return BAR_HEIGHT + 1 + max(room - height, 0) // 2


def _headline(canvas: Canvas, top: int, sign: Glyph, sure: bool, word: str) -> None:
    """The status in a disc, or in a ring while the PBX has not confirmed it, and the large word."""
    canvas.icon(ICONS["disc" if sure else "ring"], 0, top)
    canvas.icon(sign, (DISC + 1 - sign.width) // 2, top + 4, ink=not sure)
    canvas.text(LARGE, INDENT, top + 3, LARGE.fit(word, canvas.width - INDENT))


def _lines(canvas: Canvas, y: int, lines: list[Told]) -> None:
    for font, x, text in lines:
        canvas.text(font, x, y, font.fit(text, canvas.width - x))
        y += font.pitch


def _badges(canvas: Canvas, badges: tuple[Badge, ...]) -> None:
    for slot, badge in enumerate(badges):
        _badge(canvas, slot * BADGE_WIDTH, canvas.height - BADGE_HEIGHT, badge)


def _badge(canvas: Canvas, x: int, y: int, badge: Badge) -> None:
    icon, text = ICONS[badge.notice], _count(badge)
    if badge.fresh:
        canvas.pill(x, y, icon.width + 9 + SMALL.width(text) - (0 if text else 3), BADGE_HEIGHT)
    ink = int(not badge.fresh)
    right = canvas.icon(icon, x + 3, y + 2, ink)
    canvas.text(SMALL, right + 3, y + 3, text, ink)


def _count(badge: Badge) -> str:
    if not badge.known:
        return "?"
    number = "99+" if badge.count > 99 else str(badge.count or "")
    return f"{number}!" if badge.urgent else number
