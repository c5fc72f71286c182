"""Exemplar gaps: what is advertised while the library has no job description for it to start from."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, GssCode, Identifier, Model, Moment, State
from loti_contracts.events.topics import EXEMPLAR_GAPS
from loti_contracts.vocabulary import Level


class LiveAdvert(Model):
    """An open advert that could serve as a start."""

    role_id: Identifier
    title: str
    authorities: tuple[GssCode, ...] = ()
    link: str | None = None
    words: Annotated[int, Field(ge=0, description="How long its description is; 0: it has none.")]
    closes_on: Day | None = None


class ExemplarGap(State):
    """A standard role at one level, and whether the library has an exemplar job description for it."""

    status: Annotated[
        Literal["missing", "old", "covered"],
        Field(description="Old: the newest exemplar is older than it may be. Covered: no gap any more."),
    ]
    standard_role: str
    family: str
    level: Annotated[Level | None, Field(description="Null: of adverts whose level is not known.")] = None
    adverts: Annotated[
        tuple[LiveAdvert, ...], Field(description="Open ones, the longest description first.")
    ] = ()
    item_id: Annotated[Identifier | None, Field(description="The exemplar; null while it is missing.")] = None
    draft_id: Annotated[Identifier | None, Field(description="A draft that was assembled for it.")] = None
    sentence: Annotated[str, Field(description="What is missing, in words.")]
    since: Annotated[Moment, Field(description="When it became so.")]


class _AboutGap(Event):
    topic: ClassVar[str] = EXEMPLAR_GAPS.name
    about: ClassVar[str] = "gap"
    gap: ExemplarGap


class ExemplarMissing(_AboutGap):
    """A role is advertised for which there is no exemplar, or only an old one; or its live adverts changed."""

    type: ClassVar[str] = "london.loti.exemplar.missing.v1"


class ExemplarFound(_AboutGap):
    """There is a good exemplar now, or nobody advertises the role any more."""

    type: ClassVar[str] = "london.loti.exemplar.found.v1"
