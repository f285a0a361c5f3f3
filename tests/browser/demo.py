"""The real demo as a process, as `make demo` starts it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def demo() -> Iterator[str]:
    """The address of the page of a demo that runs."""
    command = [sys.executable, "-m", "device", "demo", "--no-browser", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        try:
            words = process.stdout.readline().split()
            assert words, f"the demo ended with {process.wait()}"
            yield next(word for word in words if word.startswith("http://"))
        finally:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()


def lamp(button: str) -> str:
    """What a lamp of the page shows, as JavaScript finds it."""
    return f"document.querySelector('[data-lamp=\"{button}\"]').dataset"
