"""What a new round changes in an earlier one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """A person who has another supporter than before."""

    demand: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A person who had a supporter and has none now, or has withdrawn."""

    demand: str
    before: str
    why: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Two results side by side, by demand id."""

    kept: tuple[str, ...]
    changed: tuple[Changed, ...]
    new: tuple[str, ...]
    """People who have a supporter and had none."""
    lost: tuple[Lost, ...]


def changes(
    earlier: Iterable[tuple[str, str]], now: Mapping[str, str], left_out: Mapping[str, str]
) -> Changes:
    """Compare earlier pairs (demand id, supply id) with pairs of now. `left_out` has the reason of everybody who
    takes part and is not matched now; whoever is in neither has withdrawn."""
    before = dict(earlier)
    both = [one for one in sorted(before) if one in now]
    gone = [one for one in sorted(before) if one not in now]
    return Changes(
        kept=tuple(one for one in both if now[one] == before[one]),
        changed=tuple(Changed(one, before[one], now[one]) for one in both if now[one] != before[one]),
        new=tuple(one for one in sorted(now) if one not in before),
        lost=tuple(Lost(one, before[one], left_out.get(one, "Has withdrawn.")) for one in gone),
    )
