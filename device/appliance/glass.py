"""What the panel is told to show of the card and of updates, until the next boot."""

from device.appliance.places import Places

UPDATE = "Update "


def tell(places: Places, complaints: list[str]) -> None:
    """Everything there is to complain of."""
    places.complaints.parent.mkdir(parents=True, exist_ok=True)
    places.complaints.write_text("".join(f"{c}\n" for c in complaints), encoding="utf-8")
    places.complaints.chmod(0o644)  # the panel is another user


def tell_update(places: Places, news: str) -> None:
    """Of an update as well."""
    tell(places, [*_told(places), f"{UPDATE}{news}"])


def forget_updates(places: Places) -> None:
    """One came up: what is told of others is of the past."""
    told = _told(places)
    left = [complaint for complaint in told if not complaint.startswith(UPDATE)]
    if left != told:
        tell(places, left)


def _told(places: Places) -> list[str]:
    try:
        return places.complaints.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
