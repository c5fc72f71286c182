"""The address at which one subscribes to a search."""

from typing import Final
from urllib.parse import urlencode

from services.portal.jobs.asked import Asked

_OF_A_LOOK: Final = frozenset({"status", "sort", "page"})
_OF_PAY: Final = frozenset({"pay_from", "pay_to", "pay_period"})


def subscribe_address(asked: Asked) -> str:
    """`/subscribe` with the search, under the names of the jobs board; there it is said what emails cannot be narrowed
    by. Pay by the day is left out, since a subscription counts by the year."""
    out = _OF_A_LOOK if asked.pay_period == "year" else _OF_A_LOOK | _OF_PAY
    pairs = [("topic", "new role"), *((name, value) for name, value in asked.pairs() if name not in out)]
    return f"/subscribe?{urlencode(pairs)}"
