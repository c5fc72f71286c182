"""Demand: what several boroughs look for at once, what nobody has looked for before, and what is hard to find."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, GssCode, Identifier, Model, Moment, State
from loti_contracts.events.roles import AuthorityNamed
from loti_contracts.events.topics import DEMAND, HARD_ROLES, NOVEL_ROLES

JointStep = Literal["pay review", "shared recruiter", "joint advert", "shared talent pool"]


class BoroughInDemand(Model):
    """What one borough has in the window, alone or with others."""

    gss: GssCode
    name: str
    adverts: Annotated[int, Field(ge=0)]
    readvertised: Annotated[int, Field(ge=0, description="How many of the adverts were advertised before.")]
    requests: Annotated[int, Field(ge=0, description="Requests for help to recruit.")]


class RoleInDemand(Model):
    """An advert in the window."""

    id: Identifier
    title: str
    links: tuple[str, ...]
    boroughs: Annotated[tuple[GssCode, ...], Field(description="Several for a shared service.")]
    level: str | None = None
    status: Literal["open", "closed"]
    readvertises: Identifier | None = None


class RequestInDemand(Model):
    """A request for help to recruit, in the window."""

    id: Identifier
    borough: GssCode
    level: str | None = None
    need_by: Day | None = None


class SharedDemand(State):
    """A standard role that several boroughs look for within one window. The id is the standard role's name.

    An advert counts while it is open and for `window_days` after it closed; a request for `window_days` after it was
    stated, unless it is withdrawn. `borough_count` is what `least` is compared with: a borough counts once, and an
    advert that several boroughs share counts for one of them. One that ended names no borough, role or request.
    """

    status: Literal["current", "ended"]
    standard_role: str
    family: str
    borough_count: Annotated[int, Field(ge=0)]
    least: Annotated[int, Field(ge=2, description="From how many boroughs on a demand is shared.")]
    window_days: Annotated[int, Field(ge=1)]
    boroughs: tuple[BoroughInDemand, ...] = ()
    roles: tuple[RoleInDemand, ...] = ()
    requests: tuple[RequestInDemand, ...] = ()
    sentence: Annotated[str, Field(description="What is shared, in words.")]
    step: Annotated[JointStep | None, Field(description="What they could do together; null when ended.")] = (
        None
    )
    step_why: Annotated[str | None, Field(description="Why that step, in words.")] = None
    since: Annotated[Moment, Field(description="When it was first seen to be shared, this time.")]
    ended_at: Moment | None = None


class Near(Model):
    """A title or standard role that is near. Nearness says how alike the words look; it decides nothing."""

    title: str
    role_id: Annotated[
        Identifier | None, Field(description="The role that bore it; null for a standard role.")
    ]
    nearness: Annotated[float, Field(ge=0, le=1)]


class NovelRole(State):
    """A role whose kind of work no standard role names and no role found before it. The id is the role's id."""

    status: Literal["novel", "withdrawn"]
    title: str
    boroughs: tuple[AuthorityNamed, ...]
    links: tuple[str, ...]
    kind: Annotated[str, Field(description="The words of the title that say what work it is.")]
    new_words: Annotated[tuple[str, ...], Field(description="Those of them that nobody used before.")]
    nearest_titles: tuple[Near, ...] = ()
    nearest_standard_roles: tuple[Near, ...] = ()
    why: Annotated[
        str, Field(description="Why it is unlike the known ones; or why it is not novel after all.")
    ]
    found_at: Moment


class UsualTime(Model):
    """How long adverts usually stand until they close."""

    days: Annotated[int, Field(ge=0, description="Nine in ten closed within so many days.")]
    adverts: Annotated[int, Field(ge=1, description="From how many adverts, the latest that closed.")]
    of: Annotated[str | None, Field(description="Of which standard role; null for all roles.")]


class HardRole(State):
    """An open role that is hard to recruit: advertised again, or open beyond the usual time. The id is the role's."""

    status: Literal["hard", "over"]
    title: str
    standard_role: str | None
    boroughs: tuple[AuthorityNamed, ...]
    links: tuple[str, ...]
    readvertises: Identifier | None = None
    open_since: Moment
    usual: Annotated[
        UsualTime | None,
        Field(description="As it was when the role was found; null where too few had closed."),
    ] = None
    beyond_usual: bool
    why: str


class _AboutDemand(Event):
    topic: ClassVar[str] = DEMAND.name
    about: ClassVar[str] = "demand"
    demand: SharedDemand


class DemandShared(_AboutDemand):
    """Several boroughs look for the same standard role, or what they look for changed."""

    type: ClassVar[str] = "london.loti.demand.shared.v1"


class DemandEnded(_AboutDemand):
    """A standard role is no longer looked for by enough boroughs at once."""

    type: ClassVar[str] = "london.loti.demand.ended.v1"


class _AboutNovel(Event):
    topic: ClassVar[str] = NOVEL_ROLES.name
    about: ClassVar[str] = "novel"
    novel: NovelRole


class RoleNovel(_AboutNovel):
    """A role's kind of work was seen nowhere before, or what is said of it changed."""

    type: ClassVar[str] = "london.loti.role.novel.v1"


class RoleNoLongerNovel(_AboutNovel):
    """A role that was said to be novel is not: its title was corrected, or an earlier role turned up."""

    type: ClassVar[str] = "london.loti.role.no-longer-novel.v1"


class _AboutHard(Event):
    topic: ClassVar[str] = HARD_ROLES.name
    about: ClassVar[str] = "hard"
    hard: HardRole


class RoleHardToRecruit(_AboutHard):
    """An open role was advertised again or is open beyond the usual time, or what is said of it changed."""

    type: ClassVar[str] = "london.loti.role.hard-to-recruit.v1"


class RoleNoLongerHard(_AboutHard):
    """A role that was hard to recruit closed, or was not hard after all."""

    type: ClassVar[str] = "london.loti.role.no-longer-hard.v1"
