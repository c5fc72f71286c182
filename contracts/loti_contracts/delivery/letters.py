"""A batch as letters, and what became of each: which still wait, and how many were set aside in a row. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from loti_contracts.delivery.parking import Received
from loti_contracts.events import Envelope, Erasure, NotReadable

Became = Literal["open", "handled", "parked", "parked before"]


@dataclass(slots=True, eq=False)
class Letter:
    """A message with its reading: an envelope, or the reason why there is none. `error`: why it failed alone."""

    message: Received
    envelope: Envelope[Any] | None = None
    unreadable: NotReadable | None = None
    became: Became = "open"
    tries: int = 0
    error: Exception | None = None

    @property
    def key(self) -> tuple[str, bytes | None]:
        """What must stay in order with it."""
        return self.message.topic, self.message.key

    @property
    def erases(self) -> bool:
        """Whether it is an erasure."""
        return self.envelope is not None and isinstance(self.envelope.event, Erasure)


def thread_of(message: Received) -> dict[str, str]:
    """By what log lines about a message are followed from its posting to its email, as far as its headers can be read."""
    told = {name: text.decode(errors="replace")[:100] for name, text in message.headers if text}
    names = {"correlation_id": "ce_correlationid", "event_id": "ce_id"}
    return {as_: told[name] for as_, name in names.items() if name in told}


def open_parts(letters: Sequence[Letter], *, most: int) -> list[Sequence[Letter]]:
    """Those of which nothing became yet, in order, in as many as are handled at once.

    Where something unreadable is among them, an erasure stands alone: what was set aside before it goes with it, what
    comes after stays.
    """
    rest = [letter for letter in letters if letter.became == "open"]
    cuts = {0, len(rest)}
    if any(letter.unreadable for letter in rest):
        for place, letter in enumerate(rest):
            if letter.erases:
                cuts |= {place, place + 1}
    places = sorted(cuts)
    return [rest[n : min(n + most, end)] for begin, end in pairwise(places) for n in range(begin, end, most)]


def parked_in_a_row(letters: Sequence[Letter], *, before: int) -> int:
    """How many at the end were set aside without one that was handled in between; `before`: at the end of the last
    batch. One that was set aside earlier and came again is no new one."""
    row = 0
    for letter in reversed(letters):
        if letter.became == "parked":
            row += 1
        elif letter.became != "parked before":
            return row
    return row + before


def up_to_the_breaker(
    part: Sequence[Letter], *, row: int, limit: int
) -> tuple[Sequence[Letter], Sequence[Letter]]:
    """Cut a part behind the letter whose parking may open the breaker, if all that can be read in it is handled."""
    for number, letter in enumerate(part, start=1):
        row = row + 1 if letter.unreadable else 0
        if row >= limit:
            return part[:number], part[number:]
    return part, ()


def divided(part: Sequence[Letter], culprit: Letter | None) -> list[Sequence[Letter]]:
    """A part that failed, in smaller ones, in order: around its culprit where that is known, else in halves."""
    if culprit is None:
        middle = len(part) // 2
        return [part[:middle], part[middle:]]
    place = part.index(culprit)
    return [some for some in (part[:place], [culprit], part[place + 1 :]) if some]


class Waiting:
    """Letters that failed unexpectedly and are tried again after all others, each with those behind it of its key."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, bytes | None], list[Letter]] = {}

    def __len__(self) -> int:
        return len(self._by_key)

    def add(self, letter: Letter) -> None:
        """At the end of its key."""
        self._by_key.setdefault(letter.key, []).append(letter)

    def without(self, part: Sequence[Letter]) -> list[Letter]:
        """The part without letters behind one that waits; those wait from now on as well."""
        go_on = []
        for letter in part:
            if letter.key in self._by_key:
                self.add(letter)
            else:
                go_on.append(letter)
        return go_on

    def first_ones(self) -> list[Letter]:
        """The first of each key, in the order in which the keys began to wait."""
        return [letters[0] for letters in self._by_key.values()]

    def done(self, letter: Letter) -> Letter | None:
        """The first of its key is dealt with; the one behind it, or None."""
        behind = self._by_key[letter.key]
        behind.pop(0)
        if not behind:
            del self._by_key[letter.key]
            return None
        return behind[0]
