"""`python -m device` is `deskpanel`."""

import sys

from device.cli import main

sys.exit(main())
