"""Roles: the digital, data, technology and innovation jobs that boroughs advertise."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, GssCode, Identifier, Model, Moment, Pence, State
from loti_contracts.events.topics import ROLES

Area = Literal["inner", "outer"]
Period = Literal["year", "month", "week", "day", "hour"]


class AuthorityNamed(Model):
    """One of the 33 London authorities."""

    gss: GssCode
    name: str
    area: Annotated[Area, Field(description="Inner or outer London as the ONS draws it.")]


class StandardRoleNamed(Model):
    """A role of the Government Digital and Data Profession Capability Framework."""

    name: str
    family: str
    soc2020: Annotated[str | None, Field(description="SOC 2020 unit group, where one is clear.")] = None


class Pay(Model):
    """What the advert offers, as it was read. A bound is null where the advert gives none."""

    text: Annotated[str, Field(description="As printed.")]
    minimum: Pence | None = None
    maximum: Pence | None = None
    period: Period | None = None
    basis: Annotated[
        Literal["fte", "actual"] | None,
        Field(description="Full-time equivalent, already reduced to the actual hours, or not said."),
    ] = None
    scp_minimum: Annotated[int | None, Field(description="Spinal column point.")] = None
    scp_maximum: int | None = None
    grade: Annotated[str | None, Field(description="As printed: PO3, Grade 12.")] = None
    why_not: Annotated[str | None, Field(description="Why there are no amounts, where there are none.")] = (
        None
    )


class Role(State):
    """A job on a borough's board, from the day it is found until it is closed."""

    status: Literal["open", "closed"]
    closed_because: Annotated[
        Literal["expired", "withdrawn", "gone"] | None,
        Field(
            description="Its closing date passed; its own page says that it is closed, or no digital job any more; or "
            "it left its boards, and nothing tells why."
        ),
    ] = None
    source: Annotated[
        str, Field(description="The board that shows it; of several, the one nearest to the employer.")
    ]
    title: str
    employer: str | None = None
    authorities: Annotated[
        tuple[AuthorityNamed, ...], Field(description="Several for a shared service, none where not known.")
    ]
    links: Annotated[
        tuple[str, ...],
        Field(description="Its adverts: one on each board that shows it, the leading one first."),
    ]
    boards: Annotated[
        tuple[str, ...],
        Field(description="The board of each of its links, in their order; empty where it is not told."),
    ] = ()
    location: str | None = None
    standard_role: Annotated[
        StandardRoleNamed | None, Field(description="Null where no standard role fits: it is never guessed.")
    ] = None
    level: Annotated[
        Literal["trainee", "associate", "practitioner", "senior", "lead", "principal", "head", "chief"]
        | None,
        Field(description="In rising order of seniority."),
    ] = None
    relevance: Literal["yes", "borderline"]
    confidence: Annotated[float, Field(ge=0, le=1)]
    why: Annotated[str, Field(description="The evidence for the relevance and the standard role, in words.")]
    pay: Pay | None = None
    posted_on: Day | None = None
    closes_on: Day | None = None
    contract: str | None = None
    description: Annotated[str | None, Field(max_length=20_000, description="Plain text.")] = None
    found_at: Moment
    closed_at: Moment | None = None
    readvertises: Annotated[
        Identifier | None,
        Field(description="The id of the earlier, closed role of the same title, employer and text."),
    ] = None


class _AboutRole(Event):
    topic: ClassVar[str] = ROLES.name
    about: ClassVar[str] = "role"
    role: Role


class RoleDiscovered(_AboutRole):
    """A role was found on a board for the first time."""

    type: ClassVar[str] = "london.loti.role.discovered.v1"


class RoleReadvertised(_AboutRole):
    """A role was found for the first time that says what a role closed within the last twelve months said; its
    `readvertises` is the earlier one's id. It is said in the place of discovered."""

    type: ClassVar[str] = "london.loti.role.readvertised.v1"


class RoleChanged(_AboutRole):
    """A known role is advertised differently; `changed` names the fields."""

    type: ClassVar[str] = "london.loti.role.changed.v1"


class RoleClosed(_AboutRole):
    """A role is no longer open: its closing date passed, or it left all its boards, each of which was read completely."""

    type: ClassVar[str] = "london.loti.role.closed.v1"
