"""Whether two adverts offer the same pay: exact, rounded, one bound only, as a band, or by another period."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

A_YEAR: Final = {"year": 1.0, "month": 12.0, "week": 52.143, "day": 250.0, "hour": 1_877.0}
"""Of each period in a year of full-time work (36 hours a week)."""

_ROUNDED: Final = 0.02
_OTHER_PERIOD: Final = {"hour": 0.09, "day": 0.14, "week": 0.02, "month": 0.02, "year": 0.0}
"""How far a year of the period may differ: full time is 35 to 39 hours a week, 220 to 260 days a year."""

_POUND: Final = 100
_ROUND: Final = 1_000_00
_STEP: Final = 5_000_00
_AMOUNT: Final = re.compile(r"£\s?(\d[\d,]*(?:\.\d\d?)?)\s?(k\b)?", re.IGNORECASE)

Agreement = Literal["same", "close", "compatible", "unknown", "different"]


@dataclass(frozen=True, slots=True)
class Money:
    """What an advert offers, in pence a year of full-time work; a bound is None where the advert gives none."""

    minimum: float | None
    maximum: float | None
    period: str

    @property
    def is_band(self) -> bool:
        """Whether it looks like a board's salary filter ("£30,001 - £40,000") rather than a grade."""
        if self.minimum is None or self.maximum is None:
            return False
        if self.minimum % _ROUND == _POUND or self.maximum % _ROUND == _ROUND - _POUND:
            return self.maximum % _ROUND in (0, _ROUND - _POUND)
        return self.maximum > self.minimum and self.minimum % _STEP == self.maximum % _STEP == 0


def read_money(minimum: int | None, maximum: int | None, period: str | None) -> Money | None:
    """None where no amount or no period is known, or where the amounts make no sense."""
    times = A_YEAR.get(period or "")
    if times is None or (minimum is None and maximum is None):
        return None
    if any(bound is not None and not 0 < bound < 10**12 for bound in (minimum, maximum)):
        return None
    low = None if minimum is None else minimum * times
    high = None if maximum is None else maximum * times
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Money(low, high, period or "")


def compare_pay(one: Money | None, other: Money | None) -> Agreement:
    """How two offers agree."""
    if one is None or other is None:
        return "unknown"
    if one.period == other.period and (one.minimum, one.maximum) == (other.minimum, other.maximum):
        return "same"
    within = _ROUNDED
    if one.period != other.period:
        within = max(_OTHER_PERIOD[one.period], _OTHER_PERIOD[other.period])
    bounds = ((one.minimum, other.minimum), (one.maximum, other.maximum))
    told = [_near(a, b, within) for a, b in bounds if a is not None and b is not None]
    if told and all(told):
        return "close" if len(told) == 2 else "compatible"
    if _one_bound(one, other, within) or _one_bound(other, one, within):
        return "compatible"
    if _inside(one, other) or _inside(other, one):
        return "compatible"
    return "different"


def printed_in(money: Money, text: str) -> bool:
    """Whether a text prints an amount of this pay, as an advert does that names both full-time and actual pay."""
    wanted = [bound / A_YEAR[money.period] for bound in (money.minimum, money.maximum) if bound is not None]
    return any(abs(amount - bound) <= 100 for amount in _amounts(text) for bound in wanted)


@lru_cache(maxsize=20_000)
def _amounts(text: str) -> tuple[float, ...]:
    """In pence."""
    found = (match for match, _ in zip(_AMOUNT.finditer(text), range(40), strict=False))
    return tuple(
        float(match[1].replace(",", "")) * (100_000 if match[2] else 100)
        for match in found
        if len(match[1]) < 12
    )


def _near(one: float, other: float, within: float) -> bool:
    return abs(one - other) <= within * max(one, other)


def _one_bound(single: Money, other: Money, within: float) -> bool:
    """A single amount that is one of the other's bounds."""
    amount = single.minimum if single.minimum is not None else single.maximum
    if amount is None or (single.maximum is not None and single.maximum != amount):
        return False
    return any(bound is not None and _near(amount, bound, within) for bound in (other.minimum, other.maximum))


def _inside(offer: Money, band: Money) -> bool:
    """Whether a band of a board's salary filter is the one that the offer begins in."""
    start = offer.minimum if offer.minimum is not None else offer.maximum
    if offer.is_band or not band.is_band or start is None or band.minimum is None or band.maximum is None:
        return False
    return band.minimum <= start < band.maximum
