"""What somebody looks for on the jobs board, and how it stands in an address.

A search is a value: the same address is always the same search, so it can be kept, sent to a colleague, heard of by
email and read as a feed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal
from urllib.parse import urlencode

Status = Literal["open", "closed", "all"]
Sort = Literal["newest", "closing", "pay"]
PayPeriod = Literal["year", "day"]

STATUSES: Final[Mapping[Status, str]] = {"open": "Open", "closed": "Closed", "all": "Open and closed"}
SORTS: Final[Mapping[Sort, str]] = {
    "newest": "Newest first",
    "closing": "Closing soonest first",
    "pay": "Highest pay first",
}
CONTRACTS: Final[Mapping[str, str]] = {
    "permanent": "Permanent",
    "fixed term": "Fixed term or secondment",
    "temporary": "Temporary or interim",
    "apprenticeship": "Apprenticeship",
}
"""The kinds of contract that the read model tells apart (migrations/0003_jobs.sql)."""
SINCE_DAYS: Final[Mapping[int, str]] = {
    1: "The last day",
    7: "The last week",
    14: "The last two weeks",
    30: "The last 30 days",
    90: "The last 90 days",
}

PER_PAGE: Final = 20
MOST_PAGES: Final = 50
"""Nobody reads a thousandth role; whoever would should look for less."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search. Empty lists and None let everything through. `pay_from` and `pay_to` are in pounds of `pay_period`:
    an offer is in where its range touches theirs. `since`: posted within so many days, or since a date."""

    words: str = ""
    roles: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    pay_from: int | None = None
    pay_to: int | None = None
    pay_period: PayPeriod = "year"
    status: Status = "open"
    since: int | date | None = None
    sort: Sort | None = None
    page: int = 1

    @property
    def order(self) -> Sort | Literal["match"]:
        """How the roles are sorted; where nothing was chosen: by match where there are words, else newest first."""
        return self.sort or ("match" if self.words else "newest")

    @property
    def pay_counts(self) -> bool:
        """Whether pay is looked for, so that adverts that say no pay are out."""
        return self.pay_from is not None or self.pay_to is not None

    def posted_from(self, today: date) -> date | None:
        """The first day of posting that counts."""
        if isinstance(self.since, int):
            return today - timedelta(days=min(self.since, today.toordinal() - 1))
        return self.since

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The search as an address has it; what is as always is left out."""
        if self.words:
            yield "words", self.words
        for name, values in self._lists():
            yield from ((name, value) for value in values)
        if self.pay_from is not None:
            yield "pay_from", str(self.pay_from)
        if self.pay_to is not None:
            yield "pay_to", str(self.pay_to)
        if self.pay_counts and self.pay_period != "year":
            yield "pay_period", self.pay_period
        if self.status != "open":
            yield "status", self.status
        if self.since is not None:
            yield "since", self.since.isoformat() if isinstance(self.since, date) else str(self.since)
        if self.sort:
            yield "sort", self.sort
        if self.page > 1:
            yield "page", str(self.page)

    def address(self, path: str = "/jobs") -> str:
        """The address of this search on one of the pages that take one."""
        query = urlencode(list(self.pairs()))
        return f"{path}?{query}" if query else path

    def on_page(self, page: int) -> "Asked":
        """The same search, further on."""
        return replace(self, page=page)

    def for_good(self) -> "Asked":
        """The search without what belongs to one look at it: the page and the order."""
        return replace(self, page=1, sort=None)

    def without(self, name: str, value: str) -> "Asked":
        """The search without one of the things that `pairs` names, from its first page on."""
        lists = dict(self._lists())
        less: dict[str, Any] = (
            {_FIELDS[name]: tuple(one for one in lists[name] if one != value)}
            if name in lists
            else {name: _AS_ALWAYS[name]}
        )
        return replace(self, page=1, **less)

    def _lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple((name, getattr(self, field)) for name, field in _FIELDS.items())


_FIELDS: Final = {
    "role": "roles",
    "family": "families",
    "level": "levels",
    "borough": "boroughs",
    "area": "areas",
    "contract": "contracts",
}
"""Lists, by their name in an address."""

_AS_ALWAYS: Final = {
    "words": "",
    "pay_from": None,
    "pay_to": None,
    "pay_period": "year",
    "status": "open",
    "since": None,
    "sort": None,
    "page": 1,
}
