"""Contributed pay: what boroughs said in confidence that they really pay, as far as it may be published."""

from typing import Annotated

from pydantic import Field

from loti_contracts.events.base import Day, Model, Pence


class PaidQuantiles(Model):
    """Percentiles in pence of what is really paid, rounded. The outer two are null where they are left out."""

    p10: Pence | None = None
    p25: Pence
    p50: Pence
    p75: Pence
    p90: Pence | None = None


class ContributedPay(Model):
    """Figures that contain contributed pay, or the reason why there are none. Never both."""

    paid: PaidQuantiles | None = None
    suppressed: Annotated[
        str | None, Field(description="Why the figures are withheld; null where they are not.")
    ] = None
    held_back: Annotated[
        str | None,
        Field(description="Why the figures are not newer; null where they are the newest there are."),
    ] = None
    tails: Annotated[
        str | None, Field(description="Why p10 and p90 are left out; null where they are not.")
    ] = None
    boroughs: Annotated[int | None, Field(ge=0, description="How many contributed; null if withheld.")] = None
    posts: Annotated[
        int | None,
        Field(ge=0, description="How many posts, to the nearest five; null below ten or if withheld."),
    ] = None
    rounded_to: Annotated[Pence | None, Field(description="What the figures are rounded to.")] = None
    as_of: Annotated[Day | None, Field(description="The day on which these figures were published.")] = None
