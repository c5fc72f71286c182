"""What an event answers, kept in a table when the answer comes later. Pure."""

from dataclasses import dataclass
from typing import Any, Final

from loti_contracts.events import Envelope


@dataclass(frozen=True, slots=True)
class Cause:
    """The ids that an event carries on: of the first cause of all, and of the event that it answers."""

    correlation_id: str | None = None
    causation_id: str | None = None


NO_CAUSE: Final = Cause()


def cause_of(envelope: Envelope[Any]) -> Cause:
    """The cause of what answers that event."""
    return Cause(envelope.correlation_id, envelope.id)
