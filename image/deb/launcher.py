#!/usr/bin/python3 -I
"""Starts the panel of the tree that this file lies in, wherever that is."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lib"))

from device.cli import main

sys.exit(main())
