"""Searches for new jobs as they stand in an address: `/subscribe?role=Data+analyst&borough=E09000007`. Pure.

The names are those of the jobs board, so that a search there becomes a subscription here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast, get_args
from urllib.parse import urlencode

from loti_contracts.choices import NotTyped, yearly_pay
from loti_contracts.events import Frequency, Subscription, SubscriptionTopic
from loti_contracts.vocabulary import FAMILIES, LEVELS, Area, authorities, standard_roles
from services.portal.own.topics import ROLES, TOPICS

FIELDS: Final[Mapping[str, str]] = {
    "family": "families",
    "role": "standard_roles",
    "level": "levels",
    "borough": "boroughs",
    "area": "areas",
}
"""Filters: by their name in an address, the field of a subscription."""

_BEYOND: Final = {
    "words": "words",
    "contract": "kinds of contract",
    "pay_to": "a highest pay",
    "since": "dates",
}
_LONGEST: Final = 1_900


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks to hear of. `filters` narrow new jobs; `left_out` says what emails cannot be narrowed by."""

    topics: tuple[SubscriptionTopic, ...] = ()
    often: Frequency | None = None
    filters: Mapping[str, tuple[str, ...]] | None = None
    pay_from: int | None = None
    left_out: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether new jobs are asked for that fit something."""
        return bool(self.filters) or self.pay_from is not None

    @property
    def jobs(self) -> Subscription | None:
        """The search for new jobs, where there is one."""
        if not self.narrows and ROLES not in self.topics:
            return None
        facts: dict[str, Any] = {FIELDS[name]: values for name, values in (self.filters or {}).items()}
        return Subscription(
            topic=ROLES, frequency=self.often or "at once", minimum_pay=self.pay_from, **facts
        )

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The same, as an address has it."""
        yield from (("topic", topic) for topic in self.topics)
        if self.often:
            yield "often", self.often
        yield from ((name, value) for name, values in (self.filters or {}).items() for value in values)
        if self.pay_from is not None:
            yield "pay_from", f"{self.pay_from // 100}"

    def address(self, path: str) -> str:
        """The address of a page that takes it; of the page alone, where it would be too long."""
        query = urlencode(list(self.pairs()))
        return f"{path}?{query}" if query and len(query) <= _LONGEST else path


def read_asked(pairs: Iterable[tuple[str, str]]) -> Asked:
    """What an address, or a form, asks for. What is not understood is left out."""
    known = _known()
    topics: dict[SubscriptionTopic, None] = {}
    filters: dict[str, dict[str, None]] = {}
    left_out: dict[str, None] = {}
    often: Frequency | None = None
    pay_from: int | None = None
    for name, raw in pairs:
        value = raw.strip()
        if name == "topic" and value in known["topic"]:
            topics[cast(SubscriptionTopic, value)] = None
        elif name == "often" and value in get_args(Frequency):
            often = cast(Frequency, value)
        elif name in FIELDS and value in known[name]:
            filters.setdefault(name, {})[value] = None
        elif name == "pay_from" and value:
            pay_from = _pay(value) or pay_from
        elif name in _BEYOND and value:
            left_out[_BEYOND[name]] = None
    chosen = {name: tuple(filters[name]) for name in FIELDS if name in filters}
    return Asked(tuple(topics), often, chosen, pay_from, tuple(left_out))


def _pay(text: str) -> int | None:
    try:
        return yearly_pay(text)
    except NotTyped:
        return None


def _known() -> Mapping[str, Iterable[str]]:
    return {
        "topic": {ROLES, *(one.topic for one in TOPICS)},
        "family": FAMILIES,
        "role": standard_roles(),
        "level": LEVELS,
        "borough": authorities(),
        "area": get_args(Area),
    }
