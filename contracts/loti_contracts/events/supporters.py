"""Supporters: recruiters, mentors, universities and training providers, without their names."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, GssCode, Identifier, Model, Moment, State
from loti_contracts.events.requests import HelpKind, Purpose
from loti_contracts.events.topics import SUPPORTERS
from loti_contracts.vocabulary import Level


class Available(Model):
    """A span of days on which somebody can help, both ends included."""

    first: Annotated[Day | None, Field(description="Null: there already.")] = None
    last: Annotated[Day | None, Field(description="Null: until further notice.")] = None
    capacity: Annotated[
        int | None, Field(ge=0, description="How many requests at a time then; null: as at any other time.")
    ] = None


class Preferences(Model):
    """What somebody would rather do. Whatever else they could do is still proposed, with less weight."""

    boroughs: tuple[GssCode, ...] = ()
    families: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


class Evidence(Model):
    """Past cases, as the supporter states them: of so many, so many ended well."""

    what: Annotated[str, Field(min_length=1, max_length=200, description="Such as: roles filled in 2025.")]
    good: Annotated[int, Field(ge=0)]
    of: Annotated[int, Field(ge=1)]


class Department(Model):
    """A university department that takes part."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    specialisms: tuple[str, ...] = ()
    phd_students: Annotated[
        int | None, Field(ge=0, description="How many could be placed; null: not said.")
    ] = None


class Rating(Model):
    """What others say of a training provider: a share of the best that they could have said."""

    by: Annotated[
        str, Field(min_length=1, max_length=200, description="Who rates: employers, apprentices, …")
    ]
    score: Annotated[float, Field(ge=0, le=1, description="3 of 4 stars are 0.75.")]
    reviews: Annotated[int, Field(ge=1)] = 1


class Supporter(State):
    """Somebody who can help, with what, and when. The person's name and address are a contact."""

    kind: HelpKind
    status: Literal["listed", "withdrawn"] = "listed"
    contact_id: Annotated[Identifier, Field(description="How to reach them.")]
    offers: Annotated[
        tuple[Purpose, ...], Field(description="What for; empty: whatever is asked of their kind.")
    ] = ()
    roles: Annotated[tuple[str, ...], Field(description="Standard roles they know best.")] = ()
    families: Annotated[tuple[str, ...], Field(description="Role families they cover.")] = ()
    skills: tuple[str, ...] = ()
    level: Annotated[Level | None, Field(description="How senior they are themselves.")] = None
    languages: Annotated[tuple[str, ...], Field(description="Languages they speak, as far as they say.")] = ()
    departments: Annotated[
        tuple[Department, ...], Field(description="Of a university; their specialisms count as skills.")
    ] = ()
    standards: Annotated[
        tuple[str, ...], Field(description="Apprenticeship standards offered, by name or reference.")
    ] = ()
    ratings: tuple[Rating, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    capacity: Annotated[int, Field(ge=0, description="How many requests at a time.")] = 1
    available: Annotated[
        tuple[Available, ...],
        Field(max_length=24, description="Spans of days; they stand in the place of the two fields below."),
    ] = ()
    available_from: Day | None = None
    available_until: Day | None = None
    own_borough: Annotated[GssCode | None, Field(description="Where they work, if they work for one.")] = None
    not_for: Annotated[tuple[GssCode, ...], Field(description="Boroughs they cannot or will not serve.")] = ()
    prefers: Preferences | None = None
    stated_at: Annotated[
        Moment | None, Field(description="When they said so; null: when the event was said. It goes stale.")
    ] = None


class SupporterStated(Event):
    """A supporter was listed, changed or renewed what they offer, or withdrew."""

    type: ClassVar[str] = "london.loti.supporter.stated.v1"
    topic: ClassVar[str] = SUPPORTERS.name
    about: ClassVar[str] = "supporter"
    supporter: Supporter
