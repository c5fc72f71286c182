"""What every event and every state has in common."""

from datetime import UTC, date, datetime
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

Pence = Annotated[int, Field(ge=0, description="Money in whole pence; the period stands beside it.")]
GssCode = Annotated[
    str, Field(pattern=r"^E\d{8}$", description="ONS GSS code of a London authority, such as E09000012.")
]
Identifier = Annotated[
    str, Field(min_length=1, max_length=200, description="Stable for ever; the Kafka key of its topic.")
]


def _as_utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""What is said of people's work happens between these. Beyond them are slips, and the first and the last day that there are:
databases take those for infinity, and nothing can be added to them."""

Day = Annotated[date, Field(ge=EARLIEST, le=LATEST)]
Moment = Annotated[
    AwareDatetime,
    PlainSerializer(_as_utc, return_type=str, when_used="json"),
    Field(
        ge=datetime(EARLIEST.year, 1, 1, tzinfo=UTC),
        lt=datetime(LATEST.year + 1, 1, 1, tzinfo=UTC),
        description="RFC 3339, UTC.",
    ),
]


class Model(BaseModel):
    """A value that cannot be changed. Fields that a reader does not know are ignored, never refused."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class State(Model):
    """The whole of a thing after an event.

    `revision` counts up by one with every event about that thing: a consumer drops what is not newer
    than what it has.
    """

    id: Identifier
    revision: Annotated[int, Field(ge=1)]


class Event(Model):
    """Something that happened, in the past tense, with the whole state after it.

    `changed` names the fields of the state that differ from the revision before; it is empty for a first
    revision. Subclasses name their `type` (CloudEvents), their `topic`, and the field that holds the state.
    """

    type: ClassVar[str]
    topic: ClassVar[str]
    about: ClassVar[str]

    changed: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The whole state after this event."""
        state = getattr(self, self.about)
        assert isinstance(state, State)  # noqa: S101 - a subclass without its state field is a bug here
        return state

    @property
    def subject(self) -> str:
        """The key: the id of the thing spoken of."""
        return self.state.id


class Erasure(Event):
    """A thing is forgotten. On Kafka it is a tombstone: the key alone, with an empty value."""

    contact_id: Identifier

    @property
    def subject(self) -> str:
        """The id of the contact that is erased."""
        return self.contact_id
