"""Who reads the topics, and how far behind each is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from loti_contracts.delivery.lag import PREFIX, Lag


@dataclass(frozen=True, slots=True)
class Reader:
    """One subscriber or service: how many messages it has still to read, since when the oldest waits, and on which
    topics; `members`: how many of its processes are connected now."""

    name: str
    behind: int
    oldest: datetime | None
    members: int
    topics: tuple[Lag, ...]


def readers(lags: Sequence[Lag]) -> list[Reader]:
    """By who is furthest behind, then by name."""
    found: dict[str, list[Lag]] = {}
    for lag in lags:
        found.setdefault(lag.group.removeprefix(PREFIX), []).append(lag)
    return sorted(
        (_reader(name, some) for name, some in found.items()), key=lambda one: (-one.behind, one.name)
    )


def _reader(name: str, lags: Iterable[Lag]) -> Reader:
    some = tuple(lags)
    return Reader(
        name=name,
        behind=sum(lag.behind for lag in some),
        oldest=min((lag.oldest for lag in some if lag.oldest is not None), default=None),
        members=max(lag.members for lag in some),
        topics=tuple(lag for lag in some if lag.behind),
    )
