"""Requests: what a borough asks help for. People are not named here; `contact_id` points to them."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, GssCode, Identifier, Moment, State
from loti_contracts.events.topics import REQUESTS

HelpKind = Literal["recruiter", "mentor", "university", "training"]


class Request(State):
    """A borough's request for help, open until somebody accepts or it is withdrawn."""

    kind: Annotated[HelpKind, Field(description="Who is asked for.")]
    status: Literal["open", "withdrawn"] = "open"
    borough: GssCode
    contact_id: Annotated[Identifier, Field(description="Who asks.")]
    standard_role: Annotated[str | None, Field(description="The standard role it is about.")] = None
    level: str | None = None
    skills: tuple[str, ...] = ()
    need_by: date | None = None
    note: Annotated[str | None, Field(max_length=2_000)] = None
    stated_at: Moment


class RequestStated(Event):
    """A borough asked for help, or changed or withdrew what it asked for."""

    type: ClassVar[str] = "london.loti.request.stated.v1"
    topic: ClassVar[str] = REQUESTS.name
    about: ClassVar[str] = "request"
    request: Request
