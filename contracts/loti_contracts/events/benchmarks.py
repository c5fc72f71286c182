"""Benchmarks: what each standard role is offered, by level and area."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, Model, Pence, State
from loti_contracts.events.contributed import ContributedPay
from loti_contracts.events.topics import BENCHMARKS

Confidence = Literal["none", "low", "medium", "high"]


class Quantiles(Model):
    """Percentiles in pence of the cell's period, interpolated between offers, rounded to the penny.

    The weighted type 7 of Akinshin (arXiv 2304.07265): with equal weights it is Hyndman and Fan's type 7, the
    default of numpy and PostgreSQL.
    """

    p10: Pence
    p25: Pence
    p50: Pence
    p75: Pence
    p90: Pence


class Between(Model):
    """Two amounts in pence, the lower first."""

    low: Pence
    high: Pence


class Month(Model):
    """One month's offers in a cell."""

    month: Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="Such as 2026-11.")]
    adverts: Annotated[int, Field(ge=1, description="How many offers have a middle.")]
    middle: Annotated[Pence, Field(description="The median of the middles, rounded to the penny.")]


class Trend(Model):
    """The twelve months that end with the month of the cell's freshest offer."""

    months: Annotated[
        tuple[Month, ...],
        Field(max_length=12, description="Oldest first; a month without offers is not in it."),
    ] = ()
    change: Annotated[
        int | None,
        Field(
            description="In basis points: the later six months' middle over the earlier six months'; null where "
            "either half has fewer than five offers."
        ),
    ] = None


class Benchmark(State):
    """One cell of the table standard role × level × area, full-time equivalent, in pence a year or a day.

    The quantiles are null in a cell that has no comparable offer (any more). Offers weigh half as much for every
    `half_life_months` that they are older. The proportions of such weights do not change as time passes, so a
    cell's figures hold until its next event.
    """

    standard_role: str
    family: str
    level: Annotated[str, Field(description="A level, or `all`.")]
    area: Annotated[Literal["inner", "outer", "london"], Field(description="`london` is inner and outer.")]
    period: Annotated[
        Literal["year", "day"],
        Field(description="Salaries by the year; day rates are cells of their own, their ids end in `.day`."),
    ] = "year"
    bottom: Annotated[Quantiles | None, Field(description="Of the lower ends of the offered ranges.")] = None
    middle: Annotated[Quantiles | None, Field(description="Of the middles of the offered ranges.")] = None
    top: Annotated[Quantiles | None, Field(description="Of the upper ends of the offered ranges.")] = None
    adverts: Annotated[int, Field(ge=0, description="How many offers are in it.")]
    boroughs: Annotated[int, Field(ge=0, description="How many authorities made them.")]
    oldest: Day | None = None
    freshest: Day | None = None
    half_life_months: Annotated[
        int | None,
        Field(ge=1, description="After how many months an offer weighs half; null where none is weighed."),
    ] = None
    effective: Annotated[
        float | None,
        Field(
            ge=0,
            description="To how many offers of equal weight the middles amount (Kish 1965); null where not counted.",
        ),
    ] = None
    confidence: Annotated[
        Confidence | None,
        Field(
            description="How far the figures carry, by effective offers and boroughs; null where not judged."
        ),
    ] = None
    likely: Annotated[
        Between | None,
        Field(
            description="The 95% confidence interval of the middle's median; null below six effective offers."
        ),
    ] = None
    trend: Trend | None = None
    contributed: Annotated[
        ContributedPay | None,
        Field(description="What boroughs say they really pay; null where none has said anything."),
    ] = None


class BenchmarkUpdated(Event):
    """A cell's figures are different from before."""

    type: ClassVar[str] = "london.loti.benchmark.updated.v1"
    topic: ClassVar[str] = BENCHMARKS.name
    about: ClassVar[str] = "benchmark"
    benchmark: Benchmark
