"""Dead letters: messages that a service could never handle, kept with the reason."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, Identifier, Moment, State
from loti_contracts.events.topics import DEAD_LETTERS, REPLAYS


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
    status: Annotated[
        Literal["parked", "replayed"] | None,
        Field(
            description="Replayed: it was handled after all. Null in what was said before replays: parked."
        ),
    ] = None
    replayed_at: Moment | None = None


class Replay(State):
    """A wish to have a dead letter handled again. The id is the dead letter's."""

    service: Annotated[str, Field(description="Whose dead letter it is.")]
    contact_id: Annotated[Identifier | None, Field(description="Who wants it; null: an operator.")] = None
    stated_at: Moment


class MessageParked(Event):
    """A service set a message aside and went on."""

    type: ClassVar[str] = "london.loti.message.parked.v1"
    topic: ClassVar[str] = DEAD_LETTERS.name
    about: ClassVar[str] = "dead_letter"
    dead_letter: DeadLetter


class MessageReplayed(Event):
    """A service handled a message that it had set aside; or tried to, and set it aside again with a new reason."""

    type: ClassVar[str] = "london.loti.message.replayed.v1"
    topic: ClassVar[str] = DEAD_LETTERS.name
    about: ClassVar[str] = "dead_letter"
    dead_letter: DeadLetter


class ReplayAsked(Event):
    """Somebody wants a dead letter to be handled again, now that its cause is mended."""

    type: ClassVar[str] = "london.loti.replay.asked.v1"
    topic: ClassVar[str] = REPLAYS.name
    about: ClassVar[str] = "replay"
    replay: Replay
