"""A task that only the tests of the queue know: it waits for a word, so that its worker can be killed."""

import time
from pathlib import Path

from procrastinate.contrib.django import app


@app.task(name="tests.wait_for")
def wait_for(file: str) -> None:
    """Be at work until a file is there."""
    while not Path(file).exists():
        time.sleep(0.02)
