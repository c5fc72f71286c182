"""What ingest keeps. Nothing in it is about people: adverts are published, and hold what boroughs published."""

from datetime import timedelta
from typing import Final

from loti_contracts.delivery.holdings import Holding

_HISTORY: Final = timedelta(days=400)

HOLDINGS: Final = (
    # Rows go before what they refer to.
    Holding("sighting_keys", "by what adverts that may be the same job are found", "topics"),
    Holding("sightings", "each advert of a role, with what its board's readings say of it", "topics"),
    Holding("roles", "every digital role that was found, as it was last said", "topics"),
    Holding("sources", "the boards, and how polling them goes", "topics"),
    Holding(
        "runs",
        "every poll, and what it found",
        "own",
        kept=_HISTORY,
        age="last_at",
        because="To see how a board did over a year.",
    ),
    Holding(
        "decisions",
        "what became of each role, and why",
        "own",
        kept=_HISTORY,
        age="at",
        because="To answer why a role was shown, or was not, for a year.",
    ),
)
