"""Limits: how many mails at once to one domain, how many in a time, and which domain rests. Pure; `now` is in seconds.

They hold in one process: whoever runs several divides `per_domain` and `rate` among them.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

TURN = math.inf
"""Wait for a mail to the same domain to end."""


@dataclass(slots=True)
class _Domain:
    under_way: int = 0
    refusals: int = 0
    rests_until: float = -math.inf


@dataclass(slots=True)
class Limits:
    """`rate` mails at most in any `rate_seconds`; `per_domain` at a time to one domain, one while it recovers.

    A domain that refuses for now rests `rest_first` seconds, twice as long after each refusal in a row, `rest_most`
    at most; then one mail tries it, and the first that is taken ends it.
    """

    per_domain: int
    rate: int | None
    rate_seconds: float
    rest_first: float
    rest_most: float
    _domains: dict[str, _Domain] = field(default_factory=dict)
    _begun: deque[float] = field(default_factory=deque)

    def begin(self, domains: Sequence[str], now: float) -> float:
        """0: a mail to these domains has begun. Otherwise it has not: seconds to wait, or TURN."""
        rest = max(
            (known.rests_until - now for one in domains if (known := self._domains.get(one))), default=0.0
        )
        if (wait := max(rest, self.paused(now))) > 0:
            return wait
        if any(self._full(one) for one in domains):
            return TURN
        for one in domains:
            self._domains.setdefault(one, _Domain()).under_way += 1
        if self.rate is not None:
            self._begun.append(now)
        return 0.0

    def end(self, domains: Sequence[str], now: float, *, rests: bool | None) -> None:
        """It ended. `rests`: refused for now because of the domain; False: taken; None: nothing was learned."""
        for one in domains:
            known = self._domains[one]
            known.under_way -= 1
            if rests is False:
                known.refusals, known.rests_until = 0, -math.inf
            elif rests and now >= known.rests_until:  # those under way when the rest began say nothing new
                known.refusals += 1
                known.rests_until = now + min(
                    self.rest_first * 2.0 ** min(known.refusals - 1, 60), self.rest_most
                )
            if not known.under_way and not known.refusals:
                del self._domains[one]

    def paused(self, now: float) -> float:
        """Seconds until the rate lets another mail go."""
        if self.rate is None:
            return 0.0
        while self._begun and self._begun[0] + self.rate_seconds <= now:
            self._begun.popleft()
        return self._begun[0] + self.rate_seconds - now if len(self._begun) >= self.rate else 0.0

    def _full(self, domain: str) -> bool:
        known = self._domains.get(domain)
        return known is not None and known.under_way >= (1 if known.refusals else self.per_domain)
