"""What the buzzer says."""

from device.core.quiet import hushed
from device.core.state import State
from device.core.words import Status


def ringing(state: State) -> bool:
    """A call waits here, and the user wants to be disturbed."""
    here = state.mirror.choice.status is Status.AVAILABLE
    return bool(state.calls) and here and not hushed(state)
