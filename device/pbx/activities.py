"""The activities of a presence document, and what each says of the person's phone."""

from device.core.words import Hint

CALL = "on-the-phone"
"FreeSWITCH has it for every call, also for one that rings only."

ACTIVITIES = {
    "appointment": Hint.BUSY,
    "away": Hint.AWAY,
    "breakfast": Hint.AWAY,
    "busy": Hint.BUSY,
    "dinner": Hint.AWAY,
    "holiday": Hint.AWAY,
    "in-transit": Hint.AWAY,
    "looking-for-work": Hint.UNKNOWN,
    "lunch": Hint.AWAY,
    "meal": Hint.AWAY,
    "meeting": Hint.BUSY,
    CALL: Hint.BUSY,
    "other": Hint.UNKNOWN,
    "performance": Hint.BUSY,
    "permanent-absence": Hint.AWAY,
    "playing": Hint.UNKNOWN,
    "presentation": Hint.BUSY,
    "shopping": Hint.AWAY,
    "sleeping": Hint.AWAY,
    "spectator": Hint.AWAY,
    "steering": Hint.BUSY,
    "travel": Hint.AWAY,
    "tv": Hint.AWAY,
    "unknown": Hint.UNKNOWN,
    "vacation": Hint.AWAY,
    "working": Hint.UNKNOWN,
    "worship": Hint.AWAY,
}
"All of RFC 4480 section 3.2. `UNKNOWN`: it says nothing of the phone."
