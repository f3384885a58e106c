"""A worker of the queue that cannot say how a job ended ends itself, so that another does the job again."""

import asyncio
from typing import Any

from procrastinate.job_context import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker


async def end_if_unsaid(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Do a job; stop the worker where the database does not take the word of how it ended.

    Else the job would be "doing" for ever under a worker that lives, and nobody would take it up: the
    database was gone at that very moment, or had no room left.
    """

    def look(job: "asyncio.Task[Any]") -> None:
        if not job.cancelled() and job.exception():  # of the word: what the task itself raised is caught
            worker.stop()  # type: ignore[no-untyped-call]

    if job := asyncio.current_task():
        job.add_done_callback(look)
    return await call_next()
