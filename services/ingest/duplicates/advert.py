"""What is compared: one advert as one board has it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from loti_contracts.events import Role

CERTAIN: Final = 0.6
"""The score from which two adverts are taken for one job."""


@dataclass(frozen=True, slots=True)
class Advert:
    """The facts of one advert on one board. Text may still hold markup; amounts are pence a `period`.

    `source` is the board, `id` is the advert's own among all boards, `authorities` are GSS codes, `reference` is
    the employer's vacancy number where the board prints it apart from the text.
    """

    id: str
    source: str
    title: str
    employer: str | None
    authorities: frozenset[str]
    pay_minimum: int | None
    pay_maximum: int | None
    period: str | None
    """year, month, week, day or hour."""
    posted_on: date | None
    closes_on: date | None
    location: str | None
    description: str | None
    links: tuple[str, ...]
    reference: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether two adverts are one job, how sure that is from 0 to 1, and why, in words.

    A score of 0 says that a fact speaks against it, so that nothing else may join them; a score below CERTAIN
    that too little speaks for it. `again` marks a job that is advertised anew after its first advert had closed:
    not one role, but to be linked as readvertised.
    """

    same: bool
    score: float
    why: str
    again: bool = False


def of_role(role: Role, *, reference: str | None = None) -> Advert:
    """The advert that a role was read from."""
    pay = role.pay
    return Advert(
        id=role.id,
        source=role.source,
        title=role.title,
        employer=role.employer,
        authorities=frozenset(one.gss for one in role.authorities),
        pay_minimum=pay.minimum if pay else None,
        pay_maximum=pay.maximum if pay else None,
        period=pay.period if pay else None,
        posted_on=role.posted_on,
        closes_on=role.closes_on,
        location=role.location,
        description=role.description,
        links=role.links,
        reference=reference,
    )


def listed(words: Iterable[str]) -> str:
    """Words as people list them: "a, b and c"."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last
