"""What a pay text says, once read."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Period = Literal["year", "month", "week", "day", "hour"]
Basis = Literal["fte", "actual"]

CREDIBLE: Final[dict[Period, tuple[Decimal, Decimal]]] = {
    "year": (Decimal(1_000), Decimal(400_000)),
    "month": (Decimal(100), Decimal(35_000)),
    "week": (Decimal(25), Decimal(8_000)),
    "day": (Decimal(20), Decimal(3_000)),
    "hour": (Decimal(3), Decimal(350)),
}
"""Pounds a UK employer could mean for each period, lowest and highest. Wide on purpose: a part-time clerk's year
and a chief executive's year are both true; 26,000 pounds an hour is not."""

WIDEST_RANGE: Final = 6
"""A top more than this many times the bottom is a slip or two different things, never one job's pay."""


@dataclass(frozen=True, slots=True)
class PayReading:
    """Basic pay for one job, in pounds a period, as a careful person reads it.

    `minimum` and `maximum` are equal for one amount; one of them is None for "up to" and "from". `ignored` says in
    words what was seen and left out, `why_not` why there is no amount. `plausible` is False where the amount cannot
    be true for its period: such a reading is shown to a person and never passed on as fact.
    """

    text: str
    minimum: Decimal | None
    maximum: Decimal | None
    period: Period | None
    basis: Basis | None
    scp_minimum: int | None
    scp_maximum: int | None
    grade: str | None
    ignored: tuple[str, ...]
    why_not: str | None
    plausible: bool

    @property
    def has_amount(self) -> bool:
        """Whether either bound was read."""
        return self.minimum is not None or self.maximum is not None


def is_plausible(minimum: Decimal | None, maximum: Decimal | None, period: Period | None) -> bool:
    """Whether pounds a period could be one job's pay. No amount at all is plausible: nothing is claimed."""
    lowest, highest = CREDIBLE[period] if period else (Decimal(1), CREDIBLE["year"][1])
    if any(bound is not None and not lowest <= bound <= highest for bound in (minimum, maximum)):
        return False
    return minimum is None or maximum is None or maximum <= minimum * WIDEST_RANGE


def in_words(amount: Decimal) -> str:
    """An amount as an advert prints it: £25,989 or £13.47."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def as_row(reading: PayReading) -> dict[str, str | int | float | None]:
    """A reading as one flat row: pounds as int where whole, else float."""
    return {
        "text": reading.text,
        "min": _number(reading.minimum),
        "max": _number(reading.maximum),
        "period": reading.period,
        "basis": reading.basis,
        "scp_min": reading.scp_minimum,
        "scp_max": reading.scp_maximum,
        "grade": reading.grade,
    }


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
