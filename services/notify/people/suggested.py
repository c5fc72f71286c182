"""Suggested: what somebody in a role usually wants to hear of. It is asked for, never assumed. Pure."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from loti_contracts.events import ContactRole, Frequency, Subscription

_OFTEN: Final[tuple[Frequency, ...]] = ("at once", "daily", "weekly")

SUGGESTED: Final[Mapping[ContactRole, tuple[Subscription, ...]]] = MappingProxyType(
    {
        "chief digital officer": (
            Subscription(topic="shared demand"),
            Subscription(topic="benchmark moved", frequency="weekly"),
            Subscription(topic="novel role", frequency="weekly"),
            Subscription(topic="newsletter"),
        ),
        "HR director": (
            Subscription(topic="offer below market", frequency="daily"),
            Subscription(topic="benchmark moved", frequency="weekly"),
            Subscription(topic="shared demand", frequency="weekly"),
            Subscription(topic="newsletter"),
        ),
        "hiring manager": (
            Subscription(topic="new role", frequency="weekly"),
            Subscription(topic="offer below market", frequency="daily"),
            Subscription(topic="library news", frequency="weekly"),
        ),
        "apprenticeship lead": (
            Subscription(topic="new role", frequency="weekly", levels=("trainee",)),
            Subscription(topic="event", frequency="weekly"),
            Subscription(topic="library news", frequency="weekly"),
        ),
        "newsletter reader": (Subscription(topic="newsletter"),),
        "supporter": (),
        "LOTI staff": (
            Subscription(topic="source failing", frequency="daily"),
            Subscription(topic="offer below market", frequency="daily"),
            Subscription(topic="benchmark moved", frequency="daily"),
            Subscription(topic="shared demand"),
            Subscription(topic="novel role", frequency="daily"),
            Subscription(topic="newsletter"),
        ),
    }
)
"""Matches, introductions and follow-ups need no subscription: whoever is part of one hears of it."""


def suggested(roles: Iterable[ContactRole]) -> tuple[Subscription, ...]:
    """What these roles want together: each topic once, as often as the most eager role, and without a filter that one
    of them does not have."""
    found: dict[str, Subscription] = {}
    for subscription in (one for role in roles for one in SUGGESTED[role]):
        other = found.get(subscription.topic)
        found[subscription.topic] = _together(subscription, other) if other else subscription
    return tuple(found.values())


def _together(one: Subscription, other: Subscription) -> Subscription:
    often = min(one.frequency, other.frequency, key=_OFTEN.index)
    both = one.levels and other.levels
    return one.model_copy(
        update={"frequency": often, "levels": tuple(dict.fromkeys(other.levels + one.levels)) if both else ()}
    )
