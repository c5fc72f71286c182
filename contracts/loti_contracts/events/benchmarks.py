"""Benchmarks: what each standard role is offered, by level and area."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Model, Pence, State
from loti_contracts.events.topics import BENCHMARKS


class Quantiles(Model):
    """Percentiles in pence a year, interpolated between the two nearest offers, rounded to the penny."""

    p10: Pence
    p25: Pence
    p50: Pence
    p75: Pence
    p90: Pence


class Benchmark(State):
    """One cell of the table standard role × level × area, in pence a year, full-time equivalent.

    The quantiles are null in a cell that has no comparable offer (any more).
    """

    standard_role: str
    family: str
    level: Annotated[str, Field(description="A level, or `all`.")]
    area: Annotated[Literal["inner", "outer", "london"], Field(description="`london` is inner and outer.")]
    period: Literal["year"] = "year"
    bottom: Annotated[Quantiles | None, Field(description="Of the lower ends of the offered ranges.")] = None
    middle: Annotated[Quantiles | None, Field(description="Of the middles of the offered ranges.")] = None
    top: Annotated[Quantiles | None, Field(description="Of the upper ends of the offered ranges.")] = None
    adverts: Annotated[int, Field(ge=0, description="How many offers are in it.")]
    boroughs: Annotated[int, Field(ge=0, description="How many authorities made them.")]
    oldest: date | None = None
    freshest: date | None = None


class BenchmarkUpdated(Event):
    """A cell's figures are different from before."""

    type: ClassVar[str] = "london.loti.benchmark.updated.v1"
    topic: ClassVar[str] = BENCHMARKS.name
    about: ClassVar[str] = "benchmark"
    benchmark: Benchmark
