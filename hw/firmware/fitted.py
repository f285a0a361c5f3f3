"""What is fitted on this board, and on which pin (GP number). Change it to match your wiring.

A button joins its pin to ground. A lamp is one pin, or red, green and blue; all lamps are dimmed by
PWM, of which the RP2040 has sixteen, so pins 16 apart (GP0 and GP16) cannot both be lamps.
"""

BUTTONS = {
    "available": 12,
    "dnd": 13,
    "absent": 14,
    "diverted": 15,
    "logged_out": 16,
    "missed": 17,
    "message": 18,
    "voicemail": 19,
}

LAMPS: dict[str, int | tuple[int, int, int]] = {
    "available": 0,
    "dnd": 1,
    "absent": 2,
    "diverted": 3,
    "logged_out": 4,
    "missed": 5,
    "message": 6,
    "voicemail": 7,
    "status": (8, 9, 10),
}

BUZZER = 11
"An active one, which sounds by itself when its pin is high. None: there is none."

PROMPT = "available"
"The button that, held while the board gets power, leaves MicroPython's prompt to you."
