"""What the panel is told to show of the card and of updates, until the next boot."""

from device.appliance.places import Places

UPDATE = "Update "


def tell(places: Places, complaints: list[str]) -> None:
    """Of what was put on the card, all of it."""
    places.complaints.parent.mkdir(parents=True, exist_ok=True)
    places.complaints.write_text("".join(f"{c}\n" for c in complaints), encoding="utf-8")
    places.complaints.chmod(0o644)  # the panel is another user


def tell_update(places: Places, news: str = "") -> None:
    """Of the last update, beside what is wrong with the card; empty: nothing any more."""
    try:
        before = places.complaints.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        before = []
    kept = [line for line in before if not line.startswith(UPDATE)]
    after = [*kept, f"{UPDATE}{news}"] if news else kept
    if after != before:
        tell(places, after)
