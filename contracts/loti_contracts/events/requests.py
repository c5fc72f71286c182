"""Requests: what a borough asks help for. People are not named here; `contact_id` points to them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Day, Event, GssCode, Identifier, Moment, State
from loti_contracts.events.topics import REQUESTS
from loti_contracts.vocabulary import Level

HelpKind = Literal["recruiter", "mentor", "university", "training"]
Purpose = Literal["recruitment", "mentoring", "placement", "secondment", "training", "advice"]


class Request(State):
    """A borough's request for help, open until somebody accepts, it lapses, or it is withdrawn."""

    kind: Annotated[HelpKind, Field(description="Who is asked for.")]
    purpose: Annotated[
        Purpose | None,
        Field(
            description="What for: advice may be asked of anybody, a placement or a secondment of a university. "
            "Null: what that kind of supporter usually does."
        ),
    ] = None
    status: Literal["open", "withdrawn"] = "open"
    borough: GssCode
    contact_id: Annotated[Identifier, Field(description="Who asks.")]
    standard_role: Annotated[str | None, Field(description="The standard role it is about.")] = None
    level: Annotated[
        str | None,
        Field(description="Of the role; of the person to be mentored where a mentor is asked for."),
    ] = None
    skills: tuple[str, ...] = ()
    apprenticeship_standard: Annotated[
        str | None, Field(max_length=200, description="Its name or reference, such as ST0118.")
    ] = None
    start: Annotated[Day | None, Field(description="The first day on which help is wanted.")] = None
    weeks: Annotated[int | None, Field(ge=1, le=260, description="For how long from then on.")] = None
    need_by: Annotated[
        Day | None, Field(description="After this day help is no use: the request lapses.")
    ] = None
    languages: Annotated[tuple[str, ...], Field(description="Languages that the supporter must speak.")] = ()
    minimum_level: Annotated[Level | None, Field(description="The supporter is at least this senior.")] = None
    not_boroughs: Annotated[
        tuple[GssCode, ...], Field(description="Whoever works for one of these cannot help.")
    ] = ()
    not_supporters: Annotated[
        tuple[Identifier, ...], Field(description="Never these: a line manager, an earlier pair.")
    ] = ()
    note: Annotated[str | None, Field(max_length=2_000)] = None
    stated_at: Moment


class RequestStated(Event):
    """A borough asked for help, or changed or withdrew what it asked for."""

    type: ClassVar[str] = "london.loti.request.stated.v1"
    topic: ClassVar[str] = REQUESTS.name
    about: ClassVar[str] = "request"
    request: Request
