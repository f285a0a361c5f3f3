"""`make table`: measure everything, and write the table and its page.

python -m tests.table          measure all, which takes a minute and root
python -m tests.table page     only write the page anew, of what was measured last
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from device.core.words import Status
from tests.table.page import MEASURED, PAGE, Measured, Table, dump, load, render
from tests.table.setups import SETUPS, Setup


def measure(setup: Setup) -> Measured:
    say(setup.title)
    with TemporaryDirectory() as home, setup.open(Path(home)) as stage:
        return Measured(stage.pbx, {status: stage.measure(status) for status in Status})


def measured() -> Table:
    """The whole table, or the end of the program where a part of it cannot be had."""
    if reasons := {why for setup in SETUPS if (why := setup.missing())}:
        sys.exit("\n".join(sorted(reasons)))
    return {setup.profile: measure(setup) for setup in SETUPS}


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    table = load() if sys.argv[1:] == ["page"] else measured()
    MEASURED.write_text(dump(table))
    PAGE.write_text(render(table))


if __name__ == "__main__":
    main()
