"""A batch in which something fails: the others go on at once and in order, the bad one ends alone."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.letters import Letter, Waiting, divided, open_parts, up_to_the_breaker
from loti_contracts.delivery.waiting import Backoff

Failure = tuple[Exception, Letter | None]


class Attempts(Protocol):
    """What isolating needs of whoever handles the letters."""

    bug_attempts: int
    stopping: asyncio.Event

    @property
    def at_once(self) -> int:
        """How many letters one transaction should take."""

    @property
    def limit(self) -> int:
        """How many that are set aside in a row open the breaker."""

    def row(self, letters: Sequence[Letter]) -> int:
        """How many at the end of these were set aside in a row."""

    async def attempt(self, part: Sequence[Letter]) -> Failure | None:
        """Handle the part in one transaction, with what cannot be read set aside. None: it is done. Else why not, and at
        which letter if that is known. Raises what may pass."""

    async def set_aside(self, letter: Letter) -> None:
        """Park a letter that fails with its `error`."""

    async def look_at_breaker(self, letters: Sequence[Letter]) -> None:
        """Raise Held, and open the breaker, if at the end of these too many were set aside in a row."""


async def isolate(handling: Attempts, letters: Sequence[Letter]) -> None:
    """Have every open letter handled or set aside. Raises what `handling` raises; called again, it goes on."""
    waiting = Waiting()
    parts = open_parts(letters, most=handling.at_once)[::-1]
    while parts:
        going = waiting.without(parts.pop())
        if not going:
            continue
        if len(going) > handling.at_once:  # fewer than when the parts were made
            parts.append(going[handling.at_once :])
            going = going[: handling.at_once]
        before = handling.row(letters[: letters.index(going[0])])
        part, rest = up_to_the_breaker(going, row=before, limit=handling.limit)
        if rest:
            parts.append(rest)
        letter = part[0]
        if len(part) > 1 or letter.error is None:
            failure = await handling.attempt(part)
            if failure is None:
                await handling.look_at_breaker(_up_to(letters, part[-1]))
                continue
            error, culprit = failure
            if culprit is not None:
                culprit.error = error
            if len(part) > 1:
                parts.extend(divided(part, culprit)[::-1])
                continue
            letter.error = error
        if isinstance(letter.error, Park):
            await _set_aside(handling, letters, letter)
        else:
            letter.tries = max(1, letter.tries)
            waiting.add(letter)
            if len(waiting) >= handling.limit:  # something is wrong with more than the messages
                await _try_again(handling, letters, waiting)
    await _try_again(handling, letters, waiting)


async def _try_again(handling: Attempts, letters: Sequence[Letter], waiting: Waiting) -> None:
    """In rounds: each that waits gets its next try, then all pause."""
    backoff = Backoff(first=0.02, most=0.1)
    while waiting:
        await backoff.wait(handling.stopping)
        for first in waiting.first_ones():
            letter: Letter | None = first
            while letter is not None and await _decided(handling, letters, letter):
                letter = waiting.done(letter)


async def _decided(handling: Attempts, letters: Sequence[Letter], letter: Letter) -> bool:
    """Whether the letter was handled or set aside."""
    if not isinstance(letter.error, Park) and letter.tries < handling.bug_attempts:
        failure = await handling.attempt([letter])
        if failure is None:
            await handling.look_at_breaker(_up_to(letters, letter))
            return True
        letter.error, letter.tries = failure[0], letter.tries + 1
    if isinstance(letter.error, Park) or letter.tries >= handling.bug_attempts:
        await _set_aside(handling, letters, letter)
        return True
    return False


async def _set_aside(handling: Attempts, letters: Sequence[Letter], letter: Letter) -> None:
    await handling.set_aside(letter)
    await handling.look_at_breaker(_up_to(letters, letter))


def _up_to(letters: Sequence[Letter], last: Letter) -> Sequence[Letter]:
    """With those behind it that were set aside already: it may have been what was missing between them."""
    end = letters.index(last) + 1
    while end < len(letters) and letters[end].became == "parked":
        end += 1
    return letters[:end]
