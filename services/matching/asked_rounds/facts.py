"""What a round is decided from, as one value that can be handed to another process."""

from datetime import date
from typing import Annotated

from pydantic import Field

from loti_contracts.events import Request, Round, RoundResult, Supporter
from loti_contracts.events.base import Model, Moment
from services.matching.supporter_now import SupporterNow


class Asking(Model):
    """A request that is to take part."""

    request: Request
    not_now: Annotated[str | None, Field(description="Why it cannot, in words.")] = None


class Offering(Model):
    """A supporter who is to take part, as they are now."""

    supporter: Supporter
    load: int = 0
    good: int = 0
    ended: int = 0
    stated_on: date | None = None
    kept: int = 0

    @classmethod
    def of(cls, now: SupporterNow) -> "Offering":
        """The same as a value that can be handed on."""
        return cls(
            supporter=now.supporter,
            load=now.load,
            good=now.good,
            ended=now.ended,
            stated_on=now.stated_on,
            kept=now.kept,
        )

    def now(self) -> SupporterNow:
        """The supporter as matching knows them."""
        return SupporterNow(self.supporter, self.load, self.good, self.ended, self.stated_on, self.kept)


class Asked(Model):
    """A round with everybody who may take part in it."""

    round: Round
    asking: tuple[Asking, ...]
    offering: tuple[Offering, ...]
    unknown: Annotated[
        tuple[str, ...], Field(description="Requests and supporters named that nobody has stated.")
    ] = ()
    fresh_for: Annotated[int, Field(description="Months for which what a supporter states holds.")]
    before: Annotated[
        RoundResult | None, Field(description="The last result with pairs, that this one is compared with.")
    ] = None
    revision: Annotated[int, Field(description="Of the result.")]
    now: Moment
