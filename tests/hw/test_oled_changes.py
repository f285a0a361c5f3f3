"""Only what changed goes over the bus, and the glass shows the picture whatever happened before."""

import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from hw.controllers import Controller, Sh1106, Ssd1306, controller
from hw.frames import Pages, Prices, inverted, pages_of, plan
from hw.mocks.glass import Glass, Sh1106Glass, Ssd1306Glass
from hw.oled import LumaOled, i2c_on
from hw.ports import HwLost, HwMissing
from hw.specs import OledSpec
from tests.hw.bus import Wire

GLASSES: dict[str, Callable[..., Glass]] = {"ssd1306": Ssd1306Glass, "sh1106": Sh1106Glass}
BLACK = Image.new("1", (128, 64))

# Pictures


def noise(size: tuple[int, int], seed: int) -> Image.Image:
    width, height = size
    return Image.frombytes("1", size, random.Random(seed).randbytes((width + 7) // 8 * height))


@dataclass(frozen=True)
class Box:
    """A change to a picture: a box of noise, of light or of dark."""

    x: int
    y: int
    width: int
    height: int
    fill: int | None
    seed: int

    def on(self, picture: Image.Image) -> Image.Image:
        after = picture.copy()
        if self.fill is None:
            after.paste(noise((self.width, self.height), self.seed), (self.x, self.y))
        else:
            right, bottom = self.x + self.width - 1, self.y + self.height - 1
            ImageDraw.Draw(after).rectangle((self.x, self.y, right, bottom), fill=self.fill)
        return after


@dataclass(frozen=True)
class Turned:
    """A change to a picture: light and dark are exchanged."""

    def on(self, picture: Image.Image) -> Image.Image:
        return ImageChops.invert(picture)


boxes = st.builds(
    Box,
    st.integers(0, 120),
    st.integers(0, 60),
    st.integers(1, 128),
    st.integers(1, 64),
    st.sampled_from([None, 0, 255]),
    st.integers(0, 9),
)
wholes = st.builds(Box, *(st.just(at) for at in (0, 0, 128, 128)), st.none(), st.integers(0, 9))
changes = st.one_of(boxes, boxes, wholes, st.just(Turned()))


# Whatever happens


@dataclass(frozen=True)
class Fault:
    """The n-th transfer from now breaks off with error 121, after some of its bytes."""

    transfer: int
    after: int

    def at(self, glass: Glass) -> None:
        glass.fail_at(self.transfer, self.after)


@dataclass(frozen=True)
class Unplugged:
    """It is gone; it will be back when somebody looks for it."""

    def at(self, glass: Glass) -> None:
        glass.unplug()


faults = st.one_of(st.builds(Fault, st.integers(1, 40), st.integers(0, 33)), st.just(Unplugged()))
Happening = Box | Turned | Fault | Unplugged


def show(oled: LumaOled, glass: Glass, picture: Image.Image) -> None:
    """As the panel does: what is lost is opened until that succeeds."""
    try:
        oled.show(picture)
    except HwLost:
        if not glass.plugged:
            glass.plug()
        while True:
            with contextlib.suppress(HwMissing):
                return oled.open()


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(sorted(GLASSES)),
    st.integers(0, 3),
    st.booleans(),
    st.lists(st.one_of(changes, changes, faults), max_size=12),
)
def test_after_whatever_happened_the_next_picture_shown_is_what_is_seen(
    driver: str, rotate: int, readable: bool, story: Sequence[Happening]
) -> None:
    glass = GLASSES[driver](readable=readable)
    oled = LumaOled(OledSpec(driver, rotate=rotate), i2c_on(glass))
    oled.open()
    picture = Image.new("1", oled.size)
    for happening in story:
        if isinstance(happening, Fault | Unplugged):
            happening.at(glass)
            continue
        picture = happening.on(picture)
        show(oled, glass, picture)
        # One that is gone is not missed before there is something new to show.
        assert same(seen(glass, rotate), picture) or not glass.plugged


def seen(glass: Glass, rotate: int) -> Image.Image:
    """The glass, held as it is mounted."""
    return glass.pixels().rotate(90 * rotate, expand=True)


@pytest.mark.parametrize("driver", sorted(GLASSES))
@pytest.mark.parametrize("arrived", range(32))
def test_a_command_torn_at_any_byte_is_got_over(driver: str, arrived: int) -> None:
    glass, picture = GLASSES[driver](readable=False), noise((128, 64), 1)
    oled = opened(glass, driver)
    for torn in (picture, ImageChops.invert(picture), DIGIT.on(picture), picture):
        glass.fail_at(1, arrived)
        with contextlib.suppress(HwLost):
            oled.show(torn)
        glass.fail_at(1, arrived)
        with contextlib.suppress(HwMissing):
            oled.open()
        oled.open()
        assert same(glass.pixels(), torn)


def test_a_small_glass_that_forgot_is_told_its_place_again() -> None:
    glass = Ssd1306Glass((64, 48))
    oled = opened(glass)
    for seed in range(3):
        glass.unplug()
        glass.plug()
        picture = noise((64, 48), seed)
        oled.show(picture)
        assert same(glass.pixels(), picture)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(GLASSES)), st.lists(st.one_of(boxes, st.just("blip")), max_size=12))
def test_a_power_cut_that_nobody_noticed_is_found_at_the_next_picture(
    driver: str, story: Sequence[Box | str]
) -> None:
    glass, picture = GLASSES[driver](), BLACK
    oled = LumaOled(OledSpec(driver), i2c_on(glass))
    oled.open()
    for happening in story:
        if isinstance(happening, str):
            glass.unplug()
            glass.plug()
        else:
            before, picture = picture, happening.on(picture)
            picture.paste(0, (127, 0, 128, 64))  # a picture as dear as a whole one asks nothing
            oled.show(picture)
            assert same(glass.pixels(), picture) or same(picture, before)


def same(one: Image.Image, other: Image.Image) -> bool:
    return one.tobytes() == other.tobytes()


def test_where_the_status_cannot_be_read_nothing_is_concluded_from_it() -> None:
    class Mumbling(Ssd1306Glass):
        """Sends the same whether it is on or off, as a bus does that nobody drives."""

        def read_byte(self, address: int) -> int:
            super().read_byte(address)
            return 0xFF

    glass = Mumbling()
    oled = opened(glass)
    before = glass.on_bus
    oled.show(Box(0, 0, 8, 8, 255, 0).on(BLACK))
    assert glass.on_bus - before == 2 + 6 + 2 + 8  # a window, and its bytes; no question


# Brightness


@pytest.mark.parametrize(("driver", "full"), [("ssd1306", 0xCF), ("sh1106", 0x7F)])
def test_dimmed_it_stays_so_until_it_is_told_otherwise(driver: str, full: int) -> None:
    glass = GLASSES[driver]()
    oled = opened(glass, driver)
    assert glass.registers.contrast == full
    oled.dim(0.25)
    assert glass.registers.contrast == round(full / 4)
    glass.unplug()
    glass.plug()
    oled.show(DIGIT.on(BLACK))  # which finds that it forgot
    assert glass.registers.contrast == round(full / 4)
    oled.open()
    assert glass.registers.contrast == round(full / 4)
    oled.close()
    oled.open()
    assert glass.registers.contrast == full


def test_a_display_that_is_gone_is_dimmed_when_it_is_back() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    glass.unplug()
    with pytest.raises(HwLost):
        oled.dim(0.5)
    with pytest.raises(HwLost, match="not open"):
        oled.dim(0.25)
    glass.plug()
    oled.open()
    assert glass.registers.contrast == round(0xCF / 4)


def test_dimming_again_to_the_same_costs_nothing() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    oled.dim(0.5)
    before = glass.on_bus
    oled.dim(0.5)
    assert glass.on_bus == before


# What it costs


def opened(glass: Glass, driver: str = "ssd1306") -> LumaOled:
    oled = LumaOled(OledSpec(driver, size=glass.size), lambda: Wire(glass))
    oled.open()
    return oled


WHOLE = {"ssd1306": 8 + 1026, "sh1106": 8 * (5 + 130)}
"What luma sends for a picture: a window and the data; or for each page, its place and its data."


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(GLASSES)), st.lists(changes, max_size=8))
def test_no_picture_is_dearer_than_lumas_and_none_costs_anything_twice(
    driver: str, story: Sequence[Box | Turned]
) -> None:
    glass, picture = GLASSES[driver](), BLACK
    oled = opened(glass, driver)
    for change in story:
        picture = change.on(picture)
        before = glass.on_bus
        oled.show(picture)
        after = glass.on_bus
        assert after - before <= WHOLE[driver]
        oled.show(picture.copy())
        assert glass.on_bus == after


@pytest.mark.parametrize("driver", sorted(GLASSES))
def test_noise_after_noise_is_no_dearer_than_lumas(driver: str) -> None:
    glass = GLASSES[driver]()
    oled = opened(glass, driver)
    for seed in range(20):
        oled.show(Box(0, 0, 8, 8, 255, 0).on(BLACK))
        before = glass.on_bus
        oled.show(noise((128, 64), seed))
        assert glass.on_bus - before <= WHOLE[driver]


def cost(driver: str, *pictures: Image.Image) -> int:
    """Bytes on the bus of the last of them."""
    glass = GLASSES[driver]()
    oled = opened(glass, driver)
    for picture in pictures[:-1]:
        oled.show(picture)
    before = glass.on_bus
    oled.show(pictures[-1])
    return glass.on_bus - before


DIGIT, OTHER = Box(100, 0, 8, 16, None, 1), Box(100, 0, 8, 16, None, 2)
QUESTION = 2


def test_a_digit_costs_its_bytes_and_a_window() -> None:
    assert cost("ssd1306", DIGIT.on(BLACK)) == QUESTION + (2 + 6) + (2 + 16)
    assert cost("sh1106", DIGIT.on(BLACK)) == QUESTION + 2 * ((2 + 3) + (2 + 8))


def test_the_same_digit_again_needs_no_window() -> None:
    assert cost("ssd1306", DIGIT.on(BLACK), OTHER.on(BLACK)) == QUESTION + 2 + 16


def test_light_and_dark_exchanged_is_one_command() -> None:
    picture = noise((128, 64), 1)
    assert cost("ssd1306", picture, ImageChops.invert(picture)) == QUESTION + 3
    assert cost("sh1106", picture, ImageChops.invert(picture)) == QUESTION + 3


def test_after_a_failure_the_controller_is_set_up_anew_and_all_is_sent() -> None:
    glass = Ssd1306Glass()
    oled = opened(glass)
    oled.show(noise((128, 64), 1))
    glass.fail_at(1)
    with pytest.raises(HwLost):
        oled.show(DIGIT.on(noise((128, 64), 1)))
    glass.transfers = glass.on_bus = 0
    oled.open()
    assert glass.on_bus == (2 + len(Ssd1306((128, 64), 2).wake)) + 8 + 1026 + 3 + 2 * QUESTION


def test_no_noise_is_seen_while_it_is_set_up() -> None:
    class Watched(Ssd1306Glass):
        """Looks at itself after every transfer."""

        seen: set[bytes]

        def _take(self, payload: bytes) -> None:
            super()._take(payload)
            self.seen.add(self.pixels().tobytes())

    glass, picture = Watched(), noise((128, 64), 1)
    glass.seen = set()
    oled = LumaOled(OledSpec("ssd1306"), i2c_on(glass))
    with pytest.raises(HwLost):
        oled.show(picture)
    oled.open()
    assert glass.seen == {BLACK.tobytes(), picture.tobytes()}


# The differ by itself


def bits(picture: Image.Image) -> Pages:
    """Pixel by pixel, as the data sheet has it."""
    width, height = picture.size
    lit = {(x, y) for x in range(width) for y in range(height) if picture.getpixel((x, y))}
    return tuple(
        bytes(sum(((x, 8 * page + y) in lit) << y for y in range(8)) for x in range(width))
        for page in range(height // 8)
    )


@pytest.mark.parametrize("size", [(128, 64), (96, 16), (64, 48)])
@pytest.mark.parametrize("rotate", range(4))
def test_pages_are_as_the_data_sheet_has_them(size: tuple[int, int], rotate: int) -> None:
    picture = noise(size, 1)
    turned = picture.rotate(90 * rotate, expand=True)
    assert pages_of(turned, rotate) == bits(picture)


def test_what_is_inverted_twice_is_as_it_was() -> None:
    pages = pages_of(noise((128, 64), 1))
    assert inverted(pages) == pages_of(ImageChops.invert(noise((128, 64), 1)))
    assert inverted(inverted(pages)) == pages


@given(st.lists(st.integers(0, 2), min_size=24, max_size=24), st.integers(0, 9), st.integers(1, 3))
def test_a_plan_covers_every_change_and_costs_what_it_says(
    changed: list[int], overhead: int, tallest: int
) -> None:
    """Three pages of eight columns, of which any bytes differ."""
    new = tuple(bytes(x == 1 for x in changed[8 * page : 8 * page + 8]) for page in range(3))
    old = tuple(bytes(8) for _ in range(3))
    prices = Prices(overhead + 3, overhead, tallest)
    found = plan(old, new, prices)
    sent = [bytearray(page) for page in old]
    for part in found.parts:
        for page in range(part.top, part.bottom + 1):
            sent[page][part.left : part.right + 1] = part.on(page).of(new)
    assert tuple(map(bytes, sent)) == new
    heads = [(part.top, part.bottom) for part in found.parts]
    first = sum(a != b for a, b in zip(heads, [None, *heads], strict=False))
    assert found.price == sum(p.size for p in found.parts) + len(heads) * overhead + first * 3


@given(st.lists(st.booleans(), min_size=24, max_size=24))
def test_no_plan_is_dearer_than_one_window_around_all_or_than_a_window_for_every_byte(
    changed: list[bool],
) -> None:
    new = tuple(bytes(changed[8 * page : 8 * page + 8]) for page in range(3))
    found = plan(tuple(bytes(8) for _ in range(3)), new, Prices(10, 7, 8))
    at = [(i % 8, i // 8) for i, differs in enumerate(changed) if differs]
    columns, pages = [x for x, _ in at] or [0], [y for _, y in at] or [0]
    around = (max(columns) - min(columns) + 1) * (max(pages) - min(pages) + 1)
    assert found.price <= (10 + around if at else 0)
    assert found.price <= 11 * len(at)


# Which controllers


@pytest.mark.parametrize("driver", ["ssd1306", "ssd1309", "ssd1315", "ssd1316"])
def test_what_luma_takes_for_an_ssd1306_is_one(driver: str) -> None:
    assert isinstance(controller(driver, (128, 32), 2), Ssd1306)


def test_an_sh1106_is_known_at_any_column() -> None:
    assert isinstance(controller("sh1106", (128, 64), 2, 4), Sh1106)


@pytest.mark.parametrize(
    ("driver", "size"),
    [
        ("ssd1305", (128, 32)),
        ("sh1107", (64, 128)),
        ("ssd1322", (256, 64)),
        ("sh1106", (128, 32)),
        ("ssd1306", (100, 100)),
    ],
)
def test_all_others_are_left_to_luma(driver: str, size: tuple[int, int]) -> None:
    found: Controller | None = controller(driver, size, 2)
    assert found is None
