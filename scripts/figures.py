"""What was measured on the booted image, for the docs: `python scripts/figures.py`.

Writes the table between the markers of docs/image-inside.md, and docs/boot.svg, from what `make
image` and `make image-check` left in .image/out.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / ".image" / "out"
PAGE = ROOT / "docs" / "image-inside.md"
CHART = ROOT / "docs" / "boot.svg"
BEGIN, END = "<!-- figures: made by make figures -->", "<!-- end -->"

SAID = {
    "first_picture_seconds": "from the kernel's start to the first picture, s",
    "first_picture_ours_seconds": "of that ours, s (at most 12)",
    "raspi3b_first_picture_seconds": "to the first picture on the emulated Raspberry Pi 3, s",
    "card_mb_a_day_idle": "written to the card in a day in which nothing happens, MB",
    "card_mb_a_day_busy": "in a busy day, MB (at most 5)",
    "card_bytes_of_a_call": "for a missed call, bytes",
    "card_bytes_of_a_text": "for a text, bytes",
    "card_bytes_of_a_status": "for a change of status, bytes",
    "power_cuts": "power cuts survived",
    "hung_panel_back_seconds": "a panel that hangs is back after, s",
    "update_that_does_not_start_rolled_back_seconds": (
        "an update that does not start is undone after, s"
    ),
    "memory_peak_mb": "memory of the panel at most, MB",
    "exposure": "exposure by `systemd-analyze security` (0 best, 10 worst)",
}


def main() -> None:
    """Fill the page, and fetch the chart."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(filled(page, "\n".join(rows(sizes(), measured())) + "\n"), encoding="utf-8")
    if (OUT / "boot.svg").exists():
        shutil.copy(OUT / "boot.svg", CHART)


def sizes() -> str:
    """What the image weighs, as its recipe told."""
    return (OUT / "sizes.txt").read_text(encoding="utf-8")


def measured() -> dict[str, float | int | str]:
    """By the tests of the booted image, as far as they ran."""
    file = OUT / "figures.json"
    found: dict[str, float | int | str] = json.loads(file.read_text()) if file.exists() else {}
    return found


def rows(told: str, figures: dict[str, float | int | str]) -> Iterator[str]:
    """A table in Markdown."""
    yield "| what | measured |"
    yield "| --- | --- |"
    for line in told.splitlines():
        name, _, size = line.partition(" ")
        yield f"| {name} | {size.strip()} |"
    yield from (f"| {words} | {figures[name]} |" for name, words in SAID.items() if name in figures)


def filled(page: str, made: str) -> str:
    """The page with this between its markers."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n\n{made}\n{end}{after}"


if __name__ == "__main__":
    main()
