"""Dead letters: messages that a service could never handle, kept with the reason."""

from typing import Annotated, ClassVar

from pydantic import Field

from loti_contracts.events.base import Event, Moment, State
from loti_contracts.events.topics import DEAD_LETTERS


class DeadLetter(State):
    """One parked message. Original bytes are base64; they stay in the service's own table alone (null here)
    when they come from a restricted topic."""

    service: str
    topic: str
    partition: int
    offset: int
    reason: Annotated[str, Field(description="What is wrong and what to do, in words.")]
    attempts: int
    key: Annotated[str | None, Field(description="base64")] = None
    value: Annotated[str | None, Field(description="base64")] = None
    headers: Annotated[tuple[tuple[str, str], ...], Field(description="name, base64")] = ()
    parked_at: Moment


class MessageParked(Event):
    """A service set a message aside and went on."""

    type: ClassVar[str] = "london.loti.message.parked.v1"
    topic: ClassVar[str] = DEAD_LETTERS.name
    about: ClassVar[str] = "dead_letter"
    dead_letter: DeadLetter
