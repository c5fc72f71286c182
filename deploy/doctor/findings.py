"""What was looked at, how it is, and what to do about it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["good", "unknown", "warning", "wrong"]
"""`unknown`: it could not be looked at, and nothing is said of it. `warning`: it works, and will not for ever or not for
everybody. `wrong`: it does not work, or is not safe."""

_ORDER: Final[tuple[Level, ...]] = ("wrong", "warning", "unknown", "good")
_MARKS: Final[dict[Level, str]] = {
    "good": "good   ",
    "unknown": "unknown",
    "warning": "WARNING",
    "wrong": "WRONG  ",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `part` is a service's name, or `broker`, `machine`; `mend` says what to do, where there is
    something to do."""

    level: Level
    part: str
    about: str
    what: str
    mend: str = ""

    def __post_init__(self) -> None:
        """Whoever says that something is wrong says what to do."""
        if self.level in ("wrong", "warning") and not self.mend:
            raise ValueError(f"nothing is said about how to mend {self.about} of {self.part}: {self.what}")


def status(found: Iterable[Finding]) -> int:
    """The exit status: 1 where something is wrong, else 0."""
    return int(any(one.level == "wrong" for one in found))


def in_order(found: Iterable[Finding]) -> Sequence[Finding]:
    """The worst first, and within that as they came."""
    return sorted(found, key=lambda one: _ORDER.index(one.level))


def lines(found: Sequence[Finding], *, all_: bool) -> list[str]:
    """To be read: what needs somebody, worst first; with `all_` also what is good. The last line counts."""
    shown = [one for one in in_order(found) if all_ or one.level != "good"]
    width = max((len(f"{one.part} {one.about}") for one in shown), default=0)
    said: list[str] = []
    for one in shown:
        said.append(f"{_MARKS[one.level]}  {f'{one.part} {one.about}':<{width}}  {one.what}")
        if one.mend:
            said.append(f"{'':>9}{'':<{width}}  → {one.mend}")
    counted = {level: sum(one.level == level for one in found) for level in _ORDER}
    said.append(
        ", ".join(f"{number} {level}" for level, number in counted.items() if number)
        or "nothing was looked at"
    )
    return said
