"""The bytes of a working day in short; in long, `python -m tests.bench.oled_bytes`."""

import pytest

from tests.bench.oled_bytes import MODULES, floor, of_luma, of_ours, pictures
from tests.bench.working_day import working_day

MOST = 0.12
"Of luma's bytes."


@pytest.mark.parametrize("driver", sorted(MODULES))
def test_a_working_day_takes_at_most_12_percent_of_lumas_bytes_and_no_picture_more_than_lumas(
    driver: str,
) -> None:
    shown = pictures(working_day())
    ours = of_ours(driver, shown)
    (whole,) = set(of_luma(driver, shown[:20]))  # of each picture, whatever is in it
    assert sum(ours) <= MOST * whole * len(ours)
    assert max(ours) <= whole
    assert all(least <= sent for least, sent in zip(floor(shown), ours, strict=True))
