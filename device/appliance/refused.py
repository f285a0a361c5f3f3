"""What was given is not right."""

from device.tables import ConfigError


class RefusedError(ConfigError):
    """Everything that is wrong, a line each, for whoever put it there; no secrets in it."""

    def __init__(self, *complaints: str) -> None:
        super().__init__(complaints)
