"""What a run measured: of each alert, the moments on its way; percentiles of what lies between. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

PERCENTILES: Final = (50.0, 99.0, 99.9)


@dataclass(frozen=True, slots=True)
class Alert:
    """One notification about one posting, by way of the role's event alone or of its benchmark. Moments in seconds since
    1970: the posting `appeared` on its board, was `shown` to a poll, the role's event was `said`, and the relay had `taken`
    the mail."""

    way: Literal["role", "benchmark"]
    appeared: float
    shown: float
    said: float
    taken: float


def percentile(values: Iterable[float], percent: float) -> float:
    """The smallest value that is not below so many per cent of all (nearest rank). Raises ValueError where there is none."""
    ranked = sorted(values)
    if not ranked:
        raise ValueError("there is no percentile of nothing")
    return ranked[min(len(ranked) - 1, max(0, -int(-len(ranked) * percent // 100) - 1))]


def alerts(
    notifications: Iterable[tuple[str, str, str]],
    *,
    appeared: Mapping[str, float],
    shown: Mapping[str, float],
    said: Mapping[str, float],
    taken: Mapping[str, float],
) -> list[Alert]:
    """Of each notification (its kind, the posting's link, its mail), as far as the posting is one of those that appeared."""
    return [
        Alert(
            "role" if kind == "new role" else "benchmark",
            appeared[link],
            shown[link],
            said[link],
            taken[mail],
        )
        for kind, link, mail in notifications
        if link in appeared and mail in taken
    ]


def lags(found: Sequence[Alert], way: str, since: Literal["appeared", "shown", "said"]) -> list[float]:
    """Milliseconds from that moment to the relay's yes, of the alerts that went that way."""
    return [(one.taken - float(getattr(one, since))) * 1000 for one in found if one.way == way]
