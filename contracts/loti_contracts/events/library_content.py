"""What an item of the library says, whether it is published, offered or a draft."""

from typing import Annotated, Literal

from pydantic import Field

from loti_contracts.events.base import Day, GssCode, Identifier, Model, Moment
from loti_contracts.vocabulary import Level

ItemKind = Literal[
    "job description",
    "team structure",
    "case study",
    "training",
    "apprenticeship",
    "challenge",
    "event",
]


class Happening(Model):
    """When and where an event takes place."""

    starts_at: Moment
    ends_at: Moment
    place: Annotated[str | None, Field(max_length=300, description="Null: online alone.")] = None
    online: Annotated[str | None, Field(max_length=2_000, description="The address to join at.")] = None


class Post(Model):
    """One box of a team structure: a post, or several alike."""

    id: Annotated[str, Field(min_length=1, max_length=60, description="Within its structure.")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    reports_to: Annotated[
        str | None, Field(max_length=60, description="The id of another post; null at the top.")
    ] = None
    standard_role: str | None = None
    level: Level | None = None
    count: Annotated[int, Field(ge=1, le=1_000, description="How many posts alike.")] = 1
    vacant: Annotated[int, Field(ge=0, le=1_000, description="How many of them are vacant.")] = 0
    team: Annotated[str | None, Field(max_length=200, description="The team that it belongs to.")] = None


class WorkingOn(Model):
    """Who works on a shared challenge."""

    borough: GssCode
    what: Annotated[str, Field(min_length=1, max_length=500)]
    since: Day | None = None


class MadeFrom(Model):
    """Something that a text was made from."""

    role_id: Annotated[Identifier | None, Field(description="The advert, where it is one.")] = None
    title: Annotated[str, Field(min_length=1, max_length=300)]
    authorities: tuple[GssCode, ...] = ()
    link: Annotated[str | None, Field(max_length=2_000)] = None


class Content(Model):
    """What an item says. Fields that its kind has no use for are empty."""

    title: Annotated[str, Field(min_length=1, max_length=300)]
    summary: Annotated[str, Field(max_length=2_000, description="Plain text, a paragraph or two.")]
    body: Annotated[str | None, Field(max_length=100_000, description="CommonMark without HTML.")] = None
    link: Annotated[str | None, Field(max_length=2_000, description="Where it can be read in full.")] = None
    licence: Annotated[
        str | None, Field(max_length=100, description="An SPDX identifier or a name; null: not said.")
    ] = None
    families: tuple[str, ...] = ()
    standard_roles: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    skills: tuple[str, ...] = ()
    boroughs: Annotated[
        tuple[GssCode, ...], Field(description="Whose it is, or who raised it; empty: everybody's.")
    ] = ()
    happening: Annotated[Happening | None, Field(description="Of an event; null for all else.")] = None
    posts: Annotated[
        tuple[Post, ...],
        Field(max_length=500, description="Of a team structure, each after whom it reports to."),
    ] = ()
    community: Annotated[
        str | None, Field(max_length=200, description="The community of practice that raised a challenge.")
    ] = None
    working_on: Annotated[tuple[WorkingOn, ...], Field(description="Of a challenge: who works on it.")] = ()
    provider: Annotated[str | None, Field(max_length=200, description="Of training.")] = None
    apprenticeship_standard: Annotated[
        str | None, Field(max_length=200, description="Its name or reference, such as ST0118.")
    ] = None
    made_from: Annotated[tuple[MadeFrom, ...], Field(description="Its sources, where it has any.")] = ()
