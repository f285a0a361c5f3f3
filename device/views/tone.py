"""What the buzzer says."""

from device.core.state import State
from device.core.words import Status


def ringing(state: State) -> bool:
    """A call waits here, and the user wants to be disturbed."""
    return bool(state.calls) and state.mirror.choice.status is Status.AVAILABLE
