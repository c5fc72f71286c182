"""Supporters: recruiters, mentors, universities and training providers, without their names."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, GssCode, Identifier, State
from loti_contracts.events.requests import HelpKind
from loti_contracts.events.topics import SUPPORTERS


class Supporter(State):
    """Somebody who can help, with what, and when. The person's name and address are a contact."""

    kind: HelpKind
    status: Literal["listed", "withdrawn"] = "listed"
    contact_id: Annotated[Identifier, Field(description="How to reach them.")]
    roles: Annotated[tuple[str, ...], Field(description="Standard roles they know best.")] = ()
    families: Annotated[tuple[str, ...], Field(description="Role families they cover.")] = ()
    skills: tuple[str, ...] = ()
    capacity: Annotated[int, Field(ge=0, description="How many requests at a time.")] = 1
    available_from: date | None = None
    available_until: date | None = None
    own_borough: Annotated[GssCode | None, Field(description="Where they work, if they work for one.")] = None
    not_for: Annotated[tuple[GssCode, ...], Field(description="Boroughs they cannot or will not serve.")] = ()


class SupporterStated(Event):
    """A supporter was listed, changed what they offer, or withdrew."""

    type: ClassVar[str] = "london.loti.supporter.stated.v1"
    topic: ClassVar[str] = SUPPORTERS.name
    about: ClassVar[str] = "supporter"
    supporter: Supporter
