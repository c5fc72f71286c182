"""The watchdog: a process that makes no progress writes down where it stands and ends, so that its supervisor starts it
again. Nothing is lost by that: what was in hand comes again.

There are three ways to stand still, and an eye for each:

* The event loop does not turn, because something computes or waits in it without end. A thread counts the seconds in
  which it ran itself and the loop did nothing; then it writes every stack to the log and ends the process.
* The thread cannot run either, because something holds the interpreter (a regular expression that never ends). A timer of
  processor time, which the thread sets back every second, lets the interpreter write every stack and end with SIGPROF.
* A handler waits for ever. Its batch stands at one and the same `await` all that time; then the log has its stack, and the
  process ends in good order.

Hard work is none of these: a batch that computes for an hour goes from one `await` to the next, a statement of the database
is given up after a minute by itself, and a process that was stopped or got no processor has let no second of its own
pass. Whoever is paused from outside (SIGSTOP) cannot watch itself: that is for its supervisor, who asks `/alive`.
"""

import asyncio
import contextlib
import faulthandler
import os
import signal
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from types import FrameType
from typing import Any

import structlog

from loti_contracts.delivery import metrics
from loti_contracts.delivery.waiting import wait_for_any

_log = structlog.get_logger("watchdog")

STUCK = 70
"""The exit status of a process that was ended with its event loop standing still (EX_SOFTWARE of sysexits.h)."""

_LOOK = 1.0
_LONGEST_STACK = 20_000

Task = asyncio.Task[Any]


class Stuck(RuntimeError):
    """A handler stands still, and the process must be started again; its stack is in the log."""


class Watchdog:
    """One process's. Times are in seconds."""

    def __init__(self, *, frozen_after: float, hung_after: float, drain: float) -> None:
        self._frozen_after = frozen_after
        self._hung_after = hung_after
        self._drain = drain
        self._turns = 0
        self._over = threading.Event()
        self._ending = False

    @contextlib.asynccontextmanager
    async def over_the_loop(self) -> AsyncIterator[None]:
        """Watch over the running event loop until the block ends. For the main thread of a process of its own."""
        faulthandler.enable()  # who sends SIGABRT gets every stack
        if hasattr(signal, "SIGPROF"):
            faulthandler.register(signal.SIGPROF, all_threads=True, chain=True)
        thread = threading.Thread(
            target=self._count, args=(threading.get_ident(),), name="watchdog", daemon=True
        )
        thread.start()
        turning = asyncio.create_task(self._turn())
        try:
            yield
        finally:
            turning.cancel()
            self._over.set()
            thread.join()

    async def look_after(self, work: Callable[[], Task | None], stopping: asyncio.Event) -> None:
        """Watch over `work()`, what is being done at the moment, until `stopping`. Raises Stuck."""
        place: object = None
        stood = 0.0
        while not await wait_for_any(stopping, timeout=_LOOK):
            task = work()
            now_at = place_of(task) if task is not None else None
            stood = stood + _LOOK if now_at is not None and now_at is place else 0.0
            place = now_at
            metrics.batch_stands.set(stood)
            if task is not None and stood >= self._hung_after:
                _log.critical("handler_stuck", seconds=round(stood), stack=stack_of(task))
                self._ending = True
                task.cancel()
                raise Stuck(f"a batch stands at the same place since {stood:g} s; the log has its stack")

    async def _turn(self) -> None:
        while True:
            self._turns += 1
            await asyncio.sleep(_LOOK / 2)

    def _count(self, main: int) -> None:
        """The thread: count own seconds without a turn of the loop. One in which this thread was not run is no second,
        however long it was."""
        seen, silent, ending = -1, 0.0, 0.0
        while True:
            _set_back(self._frozen_after)
            if self._over.wait(_LOOK):
                _set_back(0)
                return
            silent = silent + _LOOK if self._turns == seen else 0.0
            seen = self._turns
            ending += _LOOK if self._ending else 0.0
            if silent >= self._frozen_after:
                self._end("event_loop_stuck", silent, main)
            if ending >= 2 * self._drain:
                self._end("stop_stuck", ending, main)

    def _end(self, what: str, seconds: float, main: int) -> None:
        frame = sys._current_frames().get(main)
        _log.critical(what, seconds=round(seconds), stack=_cut("".join(traceback.format_stack(frame))))
        sys.stderr.flush()
        os._exit(STUCK)


def place_of(task: Task) -> object:
    """Where a task stands: the innermost thing that it waits for, the same object for as long as it waits."""
    *_, last = _steps(task)
    return last


def stack_of(task: Task) -> str:
    """The stack of a task that waits, outermost first, as a traceback shows it; without any values."""
    frames = [frame for step in _steps(task) if (frame := _frame_of(step)) is not None]
    stack = traceback.StackSummary.extract((frame, frame.f_lineno) for frame in frames)
    return _cut("".join(stack.format()))


def _steps(task: Task) -> Iterator[object]:
    step: object = task.get_coro()
    while step is not None:
        yield step
        step = next(
            (
                inner
                for name in ("cr_await", "gi_yieldfrom", "ag_await")
                if (inner := getattr(step, name, None)) is not None
            ),
            None,
        )


def _frame_of(step: object) -> FrameType | None:
    for name in ("cr_frame", "gi_frame", "ag_frame"):
        if isinstance(frame := getattr(step, name, None), FrameType):
            return frame
    return None


def _set_back(seconds: float) -> None:
    if hasattr(signal, "ITIMER_PROF"):
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _cut(stack: str) -> str:
    """Its end, which is where it stands."""
    return stack[-_LONGEST_STACK:]
