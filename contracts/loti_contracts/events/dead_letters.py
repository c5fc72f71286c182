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
        Literal["parked", "replayed", "discarded"] | None,
        Field(
            description="Replayed: it was handled after all. Discarded: it was given up. Null in what was said before "
            "replays: parked."
        ),
    ] = None
    replayed_at: Moment | None = None
    discarded_at: Moment | None = None
    discarded_why: Annotated[
        str | None, Field(description="Why it was given up, in an operator's words.")
    ] = None


class Replay(State):
    """A wish to have a dead letter handled again. The id is the dead letter's."""

    service: Annotated[str, Field(description="Whose dead letter it is.")]
    contact_id: Annotated[Identifier | None, Field(description="Who wants it; null: an operator.")] = None
    stated_at: Moment


class ConsumerState(State):
    """Whether a service goes on handling what it hears. The id is the service's name."""

    status: Literal["running", "stopped"]
    reason: Annotated[str | None, Field(description="Why it was stopped, in words; null while it runs.")] = (
        None
    )
    at: Annotated[Moment, Field(description="Since when it is so.")]


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


class MessageDiscarded(Event):
    """A message that a service had set aside was given up: it has no effect and is not handled again."""

    type: ClassVar[str] = "london.loti.message.discarded.v1"
    topic: ClassVar[str] = DEAD_LETTERS.name
    about: ClassVar[str] = "dead_letter"
    dead_letter: DeadLetter


class ReplayAsked(Event):
    """Somebody wants a dead letter to be handled again, now that its cause is mended."""

    type: ClassVar[str] = "london.loti.replay.asked.v1"
    topic: ClassVar[str] = REPLAYS.name
    about: ClassVar[str] = "replay"
    replay: Replay


class ConsumerStopped(Event):
    """Too many messages in a row were set aside: the service handles nothing until somebody mended the cause."""

    type: ClassVar[str] = "london.loti.consumer.stopped.v1"
    topic: ClassVar[str] = DEAD_LETTERS.name
    about: ClassVar[str] = "consumer"
    consumer: ConsumerState


class ConsumerResumed(Event):
    """Somebody let the service go on."""

    type: ClassVar[str] = "london.loti.consumer.resumed.v1"
    topic: ClassVar[str] = DEAD_LETTERS.name
    about: ClassVar[str] = "consumer"
    consumer: ConsumerState
