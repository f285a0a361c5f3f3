"""Knob and keypad, as the names of edges: what turns and what is keyed comes like any button."""

KNOB = "knob"
"A rotary encoder, pushed: a button, with both its edges."

RIGHT, LEFT = "knob-right", "knob-left"
"A detent of it, clockwise and the other way: one edge, down."

KEY = "key-"
"Before the character of a key; down and up, as any button, and free of bounces."

STEPS = {RIGHT: 1, LEFT: -1}
