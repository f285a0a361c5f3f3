"""What runs on the button board: MicroPython for a Raspberry Pi Pico, and plain Python alike."""
