"""What MicroPython runs when the board gets power; stands in its root directory."""

from hw.firmware.run import main

main()
