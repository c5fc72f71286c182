"""What may come of a malformed input, and what may not."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Word = Literal["taken", "passed over", "refused", "parked", "unexpected", "crashed"]
WORDS: tuple[Word, ...] = ("taken", "passed over", "refused", "parked", "unexpected", "crashed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`taken`: the damage left it sound, or harmless. `passed over`: of a type that nobody handles. `refused`, `parked`: with
    the reason in `why`. `unexpected`: parked or refused by an error that nobody thought of, kept all the same. `crashed`: an
    error went through, or there was no reason."""

    word: Word
    why: str = ""

    @property
    def bad(self) -> bool:
        """Whether nobody may see that."""
        return self.word in ("unexpected", "crashed")


Send = Callable[[Random], Awaitable[tuple[Outcome, bytes]]]
"""Make one malformed input by chance, send it, and say what came of it; with the input, to be shown."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """One place where input from outside comes in. `share` is its part of all inputs, beside the others' parts."""

    name: str
    share: int
    send: Send


@dataclass(slots=True)
class Tally:
    """What came of the inputs of one boundary."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome, sent: bytes) -> None:
        """Count one; of the bad ones the first few of a sort are kept to be shown."""
        self.counts[outcome.word] += 1
        sort = outcome.why[:60]
        if outcome.bad and len(self.examples) < 12 and not any(sort in one for one in self.examples):
            self.examples.append(f"{outcome.word}: {outcome.why[:400]}\n    {sent[:300]!r}")


def refused(error: BaseException) -> Outcome:
    """By an error that was meant; crashed if it says nothing."""
    return (
        Outcome("refused", str(error))
        if str(error).strip()
        else Outcome("crashed", f"{error!r} says nothing")
    )


def crashed(error: BaseException) -> Outcome:
    """By an error that was not."""
    return Outcome("crashed", f"{type(error).__name__}: {error}")
