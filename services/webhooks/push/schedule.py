"""When an attempt that failed is made again, and when an endpoint is given up. Pure.

The waits are those that Standard Webhooks proposes: ten attempts within three days and a few hours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
ATTEMPTS = len(WAITS) + 1
JITTER = 0.1
"""A wait is longer by up to this part of it, so that what failed together does not come again together."""
LONGEST_HOLD = timedelta(days=1)
GONE = 410


@dataclass(frozen=True, slots=True)
class Rules:
    """`disable_after_days`: how long an endpoint may fail without any success."""

    disable_after_days: float = 3.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt. `status` is None where there was no answer; `retry_after` in seconds, where it was said."""

    status: int | None
    said: str
    seconds: float
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        """Whether the receiver has it now."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done. `due_at` is when to try again; `hold_until` when anything may be sent there again;
    `disable` why the endpoint gets nothing any more."""

    state: Literal["delivered", "waiting", "failed"]
    due_at: datetime | None = None
    hold_until: datetime | None = None
    disable: str | None = None


def after(
    answer: Answer,
    *,
    attempt: int,
    failing_since: datetime | None,
    now: datetime,
    chance: float,
    rules: Rules,
) -> Next:
    """What follows from the answer to the `attempt`-th attempt (from 1). `chance` is from 0 to 1.

    What an endpoint did not take when it is disabled goes on waiting, so that enabling it loses nothing.
    """
    if answer.taken:
        return Next("delivered")
    if answer.status == GONE:
        return Next("waiting", due_at=now, disable="it answered 410 Gone")
    days = rules.disable_after_days
    if failing_since is not None and now - failing_since >= timedelta(days=days):
        last = f"status {answer.status}" if answer.status else answer.said
        why = f"nothing was taken since {failing_since:%Y-%m-%d %H:%M} UTC; the last answer: {last}"
        return Next("waiting", due_at=now, disable=why)
    hold = now + _asked_for(answer) if answer.retry_after is not None and _tells_to_wait(answer) else None
    if attempt >= ATTEMPTS:
        return Next("failed", hold_until=hold)
    again = now + WAITS[attempt - 1] * (1 + JITTER * chance)
    return Next("waiting", due_at=max(again, hold) if hold else again, hold_until=hold)


def _tells_to_wait(answer: Answer) -> bool:
    return answer.status in (429, 503)


def _asked_for(answer: Answer) -> timedelta:
    return min(timedelta(seconds=max(0.0, answer.retry_after or 0.0)), LONGEST_HOLD)
