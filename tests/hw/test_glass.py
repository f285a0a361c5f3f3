"""The mock OLED modules, spoken to in bytes as the data sheets have them."""

import pytest
from PIL import Image

from hw.mocks.glass import Glass, NotInTheSheet, Sh1106Glass, Ssd1306Glass

ON = (0xAF,)
PUMP = (0x8D, 0x14)
SUPPLY: dict[type[Glass], tuple[int, ...]] = {Ssd1306Glass: PUMP, Sh1106Glass: ()}
UPRIGHT = (0xA1, 0xC8)
HORIZONTAL = (0x20, 0x00)
WHOLE = (0x21, 0, 127, 0x22, 0, 7)


def tell(glass: Glass, *commands: int) -> None:
    glass.write_i2c_block_data(0x3C, 0x00, commands)


def write(glass: Glass, *data: int) -> None:
    glass.write_i2c_block_data(0x3C, 0x40, data)


def lit(glass: Glass) -> set[tuple[int, int]]:
    picture = glass.pixels()
    width, height = picture.size
    return {(x, y) for y in range(height) for x in range(width) if picture.getpixel((x, y))}


def blank(glass: Glass) -> None:
    """All of the RAM zero, addresses home."""
    for page in range(8):
        tell(glass, 0xB0 | page, 0x00, 0x10)
        write(glass, *bytes(glass.WIDTH))
    tell(glass, 0xB0, 0x00, 0x10)


@pytest.fixture
def ssd() -> Ssd1306Glass:
    """Upright, switched on, all dark, in horizontal mode."""
    glass = Ssd1306Glass()
    tell(glass, *PUMP, *UPRIGHT)
    blank(glass)
    tell(glass, *HORIZONTAL, *WHOLE, *ON)
    return glass


@pytest.fixture
def sh() -> Sh1106Glass:
    """Upright, switched on, all dark."""
    glass = Sh1106Glass()
    blank(glass)
    tell(glass, *UPRIGHT, *ON)
    return glass


@pytest.mark.parametrize("make", [Ssd1306Glass, Sh1106Glass])
def test_power_alone_shows_nothing(make: type[Glass]) -> None:
    assert lit(make()) == set()


@pytest.mark.parametrize("make", [Ssd1306Glass, Sh1106Glass])
def test_switched_on_before_anything_is_written_it_shows_noise(make: type[Glass]) -> None:
    glass = make()
    tell(glass, *SUPPLY[make], *ON)
    assert 2000 < len(lit(glass)) < 6000


def test_without_its_charge_pump_an_ssd1306_stays_dark(ssd: Ssd1306Glass) -> None:
    write(ssd, 0xFF)
    tell(ssd, 0x8D, 0x10)
    assert lit(ssd) == set()


def test_a_module_with_a_supply_of_its_own_needs_no_pump() -> None:
    glass = Ssd1306Glass(external_supply=True)
    tell(glass, *ON)
    assert lit(glass)


def test_an_sh1106_is_dark_when_its_converter_is_off(sh: Sh1106Glass) -> None:
    write(sh, 0, 0, 0xFF)
    assert lit(sh)
    tell(sh, 0xAE, 0xAD, 0x8A, 0xAF)
    assert lit(sh) == set()


def test_the_lowest_bit_is_the_uppermost_pixel(ssd: Ssd1306Glass) -> None:
    write(ssd, 0x01)
    assert lit(ssd) == {(0, 0)}


def test_without_remapping_the_picture_is_upside_down() -> None:
    glass = Ssd1306Glass()
    tell(glass, *PUMP)
    blank(glass)
    tell(glass, *ON)
    write(glass, 0x01)
    assert lit(glass) == {(127, 63)}


def test_horizontal_mode_goes_on_in_the_next_page(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0x21, 10, 11, 0x22, 2, 3)
    write(ssd, *[0x01] * 5)
    assert lit(ssd) == {(10, 16), (11, 16), (10, 24), (11, 24)}


def test_vertical_mode_goes_on_in_the_next_column(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0x20, 0x01, 0x21, 10, 11, 0x22, 2, 3)
    write(ssd, 0x01, 0x01, 0x01)
    assert lit(ssd) == {(10, 16), (10, 24), (11, 16)}


def test_page_mode_begins_the_same_page_anew(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0x20, 0x02, 0xB1, 0x0F, 0x17)
    write(ssd, 0x01, 0x02)
    assert lit(ssd) == {(127, 8), (0, 9)}


def test_remapping_an_ssd1306_leaves_what_is_written(ssd: Ssd1306Glass) -> None:
    write(ssd, 0x01)
    tell(ssd, 0xA0)
    assert lit(ssd) == {(0, 0)}
    write(ssd, 0x01)
    assert lit(ssd) == {(0, 0), (126, 0)}


def test_remapping_an_sh1106_turns_what_is_written(sh: Sh1106Glass) -> None:
    tell(sh, 0x02)
    write(sh, 0x01)
    assert lit(sh) == {(0, 0)}
    tell(sh, 0xA0)
    assert lit(sh) == {(127, 0)}


def test_two_columns_of_an_sh1106_are_off_the_glass_on_either_side(sh: Sh1106Glass) -> None:
    write(sh, *[0x01] * 132)
    assert lit(sh) == {(x, 0) for x in range(128)}
    blank(sh)
    write(sh, 0x01, 0x01)
    tell(sh, 0x02, 0x18)
    write(sh, 0x01, 0x01)
    assert lit(sh) == set()


def test_an_sh1106_stops_at_its_last_column(sh: Sh1106Glass) -> None:
    sh.strict = False
    tell(sh, 0x01, 0x18)
    write(sh, 0x01, 0x02, 0x04, 0x08)
    assert lit(sh) == {(127, 0)}


def test_an_sh1106_knows_no_windows(sh: Sh1106Glass) -> None:
    sh.strict = False
    tell(sh, 0x20, 0x00, 0x02)  # 20 is reserved; 00 and 02 set the column
    write(sh, 0x01)
    assert lit(sh) == {(0, 0)}


def test_inverse_lights_what_was_dark(ssd: Ssd1306Glass) -> None:
    write(ssd, 0xFF)
    tell(ssd, 0xA7)
    assert len(lit(ssd)) == 128 * 64 - 8


def test_all_on_does_not_ask_the_ram(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0xA5)
    assert len(lit(ssd)) == 128 * 64
    tell(ssd, 0xA4)
    assert lit(ssd) == set()


def test_switched_off_is_dark_even_inverted(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0xA7, 0xAE)
    assert lit(ssd) == set()


def test_the_start_line_moves_the_picture_up(ssd: Ssd1306Glass) -> None:
    write(ssd, 0x80)
    tell(ssd, 0x40 | 5)
    assert lit(ssd) == {(0, 2)}


def test_the_offset_moves_lines_round_the_glass(ssd: Ssd1306Glass) -> None:
    write(ssd, 0x01)
    tell(ssd, 0xD3, 8)
    assert lit(ssd) == {(0, 56)}


def test_lines_beyond_the_multiplex_ratio_stay_dark(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0xA5, 0xA8, 31)
    assert {y for _, y in lit(ssd)} == set(range(32, 64))


def test_wrong_com_pins_interleave_the_lines(ssd: Ssd1306Glass) -> None:
    write(ssd, 0xFF)
    assert {y for _, y in lit(ssd)} == set(range(8))
    tell(ssd, 0xDA, 0x02)
    assert {y for _, y in lit(ssd)} != set(range(8))
    assert len(lit(ssd)) == 8


def test_left_and_right_com_pins_exchanged_exchange_neighbouring_lines(ssd: Ssd1306Glass) -> None:
    write(ssd, 0x01)
    tell(ssd, 0xDA, 0x32)
    assert lit(ssd) == {(0, 1)}


def test_contrast_is_kept_and_does_not_darken(ssd: Ssd1306Glass) -> None:
    write(ssd, 0x01)
    tell(ssd, 0x81, 0x00)
    assert ssd.registers.contrast == 0
    assert lit(ssd) == {(0, 0)}


def test_a_command_may_be_cut_between_transfers(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0x81)
    tell(ssd, 0x42)
    assert ssd.registers.contrast == 0x42


def test_a_control_byte_may_stand_before_every_byte(ssd: Ssd1306Glass) -> None:
    ssd.write_i2c_block_data(0x3C, 0x80, [0x81, 0x80, 0x42, 0xC0, 0x01, 0x40, 0x02])
    assert ssd.registers.contrast == 0x42
    assert lit(ssd) == {(0, 0), (1, 1)}


@pytest.mark.parametrize(
    "scroll", [(0x26, *bytes(6)), (0x29, *bytes(5)), (0xA3, 0, 64), (0x2E,), (0xD5, 0x80), (0xE3,)]
)
def test_what_is_ignored_does_not_shift_what_follows(
    ssd: Ssd1306Glass, scroll: tuple[int, ...]
) -> None:
    before = ssd.registers
    tell(ssd, *scroll)
    assert ssd.registers == before
    tell(ssd, 0x81, 0x11)
    assert ssd.registers.contrast == 0x11


def test_nobody_answers_at_another_address(ssd: Ssd1306Glass) -> None:
    with pytest.raises(OSError, match="Remote I/O error") as raised:
        ssd.write_i2c_block_data(0x3D, 0x00, [0xE3])
    assert raised.value.errno == 121


def test_the_chosen_transfer_fails_and_the_next_does_not(ssd: Ssd1306Glass) -> None:
    ssd.fail_at(2)
    tell(ssd, 0xE3)
    with pytest.raises(OSError, match="121"):
        tell(ssd, 0xE3)
    tell(ssd, 0xE3)


def test_a_transfer_that_breaks_off_leaves_what_got_through(ssd: Ssd1306Glass) -> None:
    ssd.fail_at(1, after=3)
    with pytest.raises(OSError, match="121"):
        write(ssd, 0x01, 0x01, 0x01)
    assert lit(ssd) == {(0, 0), (1, 0)}


def test_a_torn_command_takes_what_comes_next_for_its_parameter(ssd: Ssd1306Glass) -> None:
    ssd.fail_at(1, after=2)
    with pytest.raises(OSError, match="121"):
        tell(ssd, 0x21, 0, 127)
    tell(ssd, 0xE3, 0xE3, 0xAE)
    assert not ssd.registers.on


@pytest.mark.parametrize("make", [Ssd1306Glass, Sh1106Glass])
def test_its_status_tells_whether_it_is_on(make: type[Glass]) -> None:
    glass = make()
    assert glass.read_byte(0x3C) & 0x40
    tell(glass, *ON)
    assert not glass.read_byte(0x3C) & 0x40


def test_some_modules_cannot_be_read() -> None:
    with pytest.raises(OSError, match="121"):
        Ssd1306Glass(readable=False).read_byte(0x3C)


def test_every_byte_on_the_bus_is_counted(ssd: Ssd1306Glass) -> None:
    before = ssd.on_bus
    tell(ssd, 0xE3)  # an address, a control byte, a command
    write(ssd, 1, 2, 3)  # an address, a control byte, data
    ssd.read_byte(0x3C)  # an address, a status
    ssd.unplug()
    with pytest.raises(OSError, match="121"):
        tell(ssd, 0xE3)  # an address
    assert ssd.on_bus - before == 3 + 5 + 2 + 1


@pytest.mark.parametrize(
    "wrong",
    [
        (0xB0,),  # a page, while there are windows
        (0x00,),
        (0x10,),
        (0x21, 5, 4),  # from right to left
        (0x21, 0, 128),
        (0x22, 0, 8),
        (0x22, 3, 2),
        (0x20, 3),
        (0xA8, 14),  # 15 lines
        (0xA8, 64),
        (0xD3, 64),
        (0xD9, 0x0F),  # no time for the second phase
        (0xDA, 0x03),
        (0x8D, 0x04),
        (0xAD, 0x8B),  # another controller's
        (0xFF,),
    ],
)
def test_an_ssd1306_is_told_nothing_that_its_sheet_does_not_have(
    ssd: Ssd1306Glass, wrong: tuple[int, ...]
) -> None:
    with pytest.raises(NotInTheSheet):
        tell(ssd, *wrong)


@pytest.mark.parametrize("wrong", [(0x21, 0, 127), (0x22, 0, 7)])
def test_an_ssd1306_has_no_windows_in_page_mode(wrong: tuple[int, ...]) -> None:
    with pytest.raises(NotInTheSheet):
        tell(Ssd1306Glass(), *wrong)


@pytest.mark.parametrize("wrong", [(0x20, 0), (0x21, 0, 127), (0x8D, 0x14), (0xAD, 0x8B), (0x2E,)])
def test_an_sh1106_is_told_nothing_that_its_sheet_does_not_have(
    sh: Sh1106Glass, wrong: tuple[int, ...]
) -> None:
    with pytest.raises(NotInTheSheet):
        tell(sh, *wrong)


def test_nothing_is_written_beyond_the_last_column_of_an_sh1106(sh: Sh1106Glass) -> None:
    tell(sh, 0x03, 0x18)
    write(sh, 0x01)
    with pytest.raises(NotInTheSheet):
        write(sh, 0x01)


def test_no_data_comes_within_a_command(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0x81)
    with pytest.raises(NotInTheSheet):
        write(ssd, 0x01)


def test_a_control_byte_ends_in_zeros(ssd: Ssd1306Glass) -> None:
    with pytest.raises(NotInTheSheet):
        ssd.write_i2c_block_data(0x3C, 0x41, [0x01])


def test_after_a_power_cut_all_is_forgotten(ssd: Ssd1306Glass) -> None:
    tell(ssd, 0xA5)
    ssd.unplug()
    assert lit(ssd) == set()
    with pytest.raises(OSError, match="121"):
        tell(ssd, *ON)
    ssd.plug()
    assert lit(ssd) == set()
    tell(ssd, *PUMP, *ON)
    assert 2000 < len(lit(ssd)) < 6000


def test_the_picture_has_the_size_of_the_glass() -> None:
    picture = Ssd1306Glass((96, 16)).pixels()
    assert (picture.mode, picture.size) == ("1", (96, 16))
    assert isinstance(picture, Image.Image)
