"""The processes a command starts: watched, started again where they run for ever, ended in order."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

from django.core.management import CommandError

from fourdoors.store.home import end_with_parent

Child = subprocess.Popen[bytes]
PAUSE_SECONDS = 1.0  # before a queue that ended is started again: its database may still be coming up


def start(*words: str) -> Child:
    """Start ``python -m ...`` in a group of its own; a killed parent takes it with it."""
    tied = partial(end_with_parent, signal.SIGTERM)
    line = [sys.executable, "-m", *words]
    return subprocess.Popen(line, start_new_session=True, preexec_fn=tied)  # noqa: PLW1509


def start_queue(concurrency: int) -> Child:
    """Start the queue's own worker."""
    return start("django", "procrastinate", "worker", "--concurrency", str(concurrency))


def must_run(children: Sequence[Child]) -> None:
    """Refuse to go on without the site or the queue; what ended has said why above.

    Raises:
        CommandError: one of them has ended by itself.
    """
    codes = [code for child in children if (code := child.poll()) is not None]
    if codes:
        message = f"the site or the queue ended by itself (exit code {codes[0]}) / 网站或后台任务已自行退出"
        raise CommandError(message)


def still_running(child: Child, begin: Callable[[], Child]) -> Child:
    """Return the child, or another one where it has died: its database was gone, or somebody killed it."""
    if child.poll() is None:
        return child
    sys.stderr.write("the queue ended and is started again / 后台任务已退出，正在重新启动\n")
    time.sleep(PAUSE_SECONDS)
    return begin()


def stop(children: Sequence[Child], *, seconds: float) -> None:
    """Ask the children to end; what has not ended by then, or at a second Ctrl-C, is ended with its group.

    A site that is still coming up does not hear the first signal. Jobs that are cut off go back to the queue.
    """
    for child in children:
        child.terminate()
    until = time.monotonic() + seconds
    try:
        for child in children:
            child.wait(max(0.0, until - time.monotonic()))
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        pass
    finally:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
