"""What the salaries service is told from outside."""

from decimal import Decimal
from fractions import Fraction

from pydantic import Field

from loti_contracts.delivery.settings import ServiceSettings
from services.salaries.rules import Rules

_USUAL = Rules()


class SalariesSettings(ServiceSettings):
    """How offers are compared and weighed, and when a signal is due. A change of the first three is followed by a
    count of all figures from nothing, by itself, when the service starts."""

    batch_size: int = Field(
        default=4_000,
        ge=1,
        description="Most roles handled in one transaction; each touched cell is counted and said once in it.",
    )
    half_life_months: int = Field(
        default=_USUAL.half_life_months, ge=1, le=1200, description="Months after which an offer weighs half."
    )
    week_hours: Decimal = Field(
        default=Decimal(36), gt=0, le=48, description="Hours of the full-time week in London."
    )
    year_weeks: Decimal = Field(
        default=Decimal("52.143"),
        ge=52,
        le=53,
        description="Weeks of pay in a year, for weekly and hourly pay.",
    )
    signal_adverts: int = Field(
        default=_USUAL.signal_adverts, ge=2, description="Other offers in a cell before it gives signals."
    )
    signal_percent: Decimal = Field(
        default=Decimal(5), gt=0, le=100, description="A benchmark's move, in per cent, that is a signal."
    )
    method_url: str | None = Field(
        default=None, description="Where METHOD.md is published; the page for a borough links to it."
    )
    corrections_to: str | None = Field(
        default=None, description="Whom a borough writes to about a mistake, as that page says it."
    )

    @property
    def rules(self) -> Rules:
        """The same, as what decides takes it."""
        return Rules(
            half_life_months=self.half_life_months,
            week_hours=Fraction(self.week_hours),
            year_weeks=Fraction(self.year_weeks),
            signal_adverts=self.signal_adverts,
            signal_percent=Fraction(self.signal_percent),
        )
