"""When to ask a board again: as often as it changes, not sooner than it wishes, later the longer it fails.

How often it changes: changes are taken to come at random at a steady rate, and a look sees at most one of them. So the
number of changes behind `seen` of `n` looks is put at -n * log((n - seen + 0.5) / (n + 0.5)), which is the estimator
of Cho and Garcia-Molina ("Estimating frequency of change", ACM Transactions on Internet Technology 3(3), 2003), for
looks at even distances. To it one change in twice `every` is added, as if known before the first look. A board is
asked twice in the mean time between two changes: that is `every` without a history, 8 times `every` after 14 times
`every` without a change, and a fraction of the time between looks if each has seen a change.
"""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DAY = 86_400.0
JITTER = 0.2
LOOKS = 12
"""Of a history, so many of the latest looks count."""

_FASTEST, _SLOWEST = 1 / 4, 8.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,10})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"(?:^|[\s,])(?:no-store|no-cache)(?:$|[\s,=])", re.IGNORECASE)
_TTL = re.compile(rb"<ttl>\s*([0-9]{1,7})\s*</ttl>", re.IGNORECASE)


def next_ask(
    history: Sequence[tuple[datetime, bool]],
    *,
    every: float,
    random: float,
    failures: int = 0,
    retry_after: float | None = None,
    fresh_for: float | None = None,
) -> float:
    """Seconds from the latest look until the next.

    Args:
        history: looks that taught something, in order: when, and whether the board had changed since the one before.
        every: seconds; how often a board is asked of which nothing is known yet.
        random: from 0 to 1; spreads boards by ±20 %.
        failures: in a row, up to and with the latest.
        retry_after, fresh_for: seconds that the host asked for, or for which its answer is good. At most a day
            counts; never sooner than they say, whatever else holds.

    Gives:
        between `every`/4 and 8 times `every`; when it failed, not sooner than twice `every` (±20 %), doubling with
        each failure up to a day, or as long as a board that does not fail would wait, if that is longer.
    """
    if not (every > 0 and 0 <= random <= 1):
        raise ValueError("every must be positive and random from 0 to 1")
    wait = _between_looks(history[-LOOKS:], every)
    longest = _SLOWEST * every
    if failures > 0:
        wait = max(wait, min(DAY, every * 2.0 ** min(failures, 64)))
        longest = max(longest, DAY)
    spread = wait * (1 + JITTER * (2 * random - 1))
    wait = min(longest, max(_FASTEST * every, spread))
    asked = min(DAY, max(retry_after or 0.0, fresh_for or 0.0))
    return max(wait, asked + JITTER * random * min(asked, every))


def _between_looks(history: Sequence[tuple[datetime, bool]], every: float) -> float:
    changes, watched = 0.0, 0.0
    if history:
        seen = [changed for _, changed in history[1:]]  # the first look has none before it
        changes = -len(seen) * math.log((seen.count(False) + 0.5) / (len(seen) + 0.5))
        times = [when for when, _ in history]
        watched = (max(times) - min(times)).total_seconds()
    between_changes = (2 * every + watched) / (1 + changes)
    return min(_SLOWEST * every, max(_FASTEST * every, between_changes / 2))


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait that a Retry-After header asks for, as a number or a date; None if it says nothing sensible."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return min(float(header), 31_536_000.0)
    until = _date(header)
    return None if until is None else max(0.0, (until - now).total_seconds())


def fresh_for(headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
    """Seconds for which an answer is good by its own account, at most a day; None if it does not say, or not at all.

    The longer of two accounts: HTTP's (Cache-Control: max-age less Age, else Expires) and an RSS channel's <ttl>,
    which is in minutes. Header names are lower case.
    """
    ttl = _ttl(body)
    good = max(_http_fresh(headers, now), ttl)
    return min(good, DAY) if good > 0 else None


def _http_fresh(headers: Mapping[str, str], now: datetime) -> float:
    control = headers.get("cache-control", "")
    if _NOT_KEPT.search(control):
        return 0.0
    if max_age := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        passed = float(age) if age.isascii() and age.isdigit() else 0.0
        return float(max_age[1]) - passed
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return 0.0
    return (expires - (_date(headers.get("date", "")) or now)).total_seconds()


def _ttl(body: bytes) -> float:
    head = body[:65_536]
    if b"<rss" not in head[:4_096].lower():
        return 0.0
    found = _TTL.search(head.partition(b"<item")[0])
    return float(found[1]) * 60 if found else 0.0


def _date(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)
