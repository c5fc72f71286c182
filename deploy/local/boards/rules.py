"""Which requests a fault meets: all of them, a share, so many, or those whose address has something in it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.local.boards.faults import FAULTS, Fault

_WORDS = {"fault", "body", "status", "retry_after", "path", "share", "times", "seed"}


@dataclass(slots=True)
class Rule:
    """One wish of `answer`.

    `status` other than 200 answers with that status, and with `retry_after` as its Retry-After; else `fault` names what
    goes wrong. Of the requests whose path and query contain `path`, it meets the first `times` (None: no end), each
    with the likelihood `share`, drawn from `seed`.
    """

    fault: str | None = None
    status: int = 200
    retry_after: str | None = None
    path: str = ""
    share: float = 1.0
    times: int | None = None
    seed: int = 0
    drawn: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.drawn = random.Random(self.seed)  # noqa: S311 - chance that can be repeated is wanted

    def meets(self, address: str) -> bool:
        """Whether this request goes wrong; counts it if so."""
        if self.path not in address or self.times == 0 or self.drawn.random() >= self.share:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    @property
    def wrong(self) -> Fault | None:
        """The fault that it names."""
        return FAULTS[self.fault] if self.fault else None


def rules_from(wish: object) -> list[Rule]:
    """The rules of an `answer`: null, an object or a list of them, of which the first that meets a request counts.

    Raises:
        ValueError: it makes no sense; the message says what would.
    """
    if wish is None:
        return []
    rows: Sequence[object] = wish if isinstance(wish, list) else [wish]
    if len(rows) > 20:
        raise ValueError("at most 20 answers at once")
    return [_rule(row) for row in rows]


def _rule(wish: object) -> Rule:
    if not isinstance(wish, dict) or set(wish) - _WORDS:
        raise ValueError(f"answer must be null or an object with some of {', '.join(sorted(_WORDS))}")
    fault = wish.get("fault") or wish.get("body")  # `body` is the short word for a page emptied or cut
    if fault is not None and fault not in FAULTS:
        raise ValueError(f"no such fault; there are {', '.join(FAULTS)}")
    pause = wish.get("retry_after")
    return Rule(
        fault=fault,
        status=_number(wish, "status", 200, 200, 599),
        retry_after=None if pause is None else str(pause)[:100],
        path=str(wish.get("path") or ""),
        share=_share(wish),
        times=None if wish.get("times") is None else _number(wish, "times", 0, 0, 1_000_000),
        seed=_number(wish, "seed", 0, 0, 2**31),
    )


def _number(wish: Mapping[str, Any], name: str, otherwise: int, least: int, most: int) -> int:
    value = wish.get(name, otherwise)
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{name} must be a whole number from {least} to {most}")
    return value


def _share(wish: Mapping[str, Any]) -> float:
    value = wish.get("share", 1)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("share must be a number from 0 to 1")
    return float(value)
