"""Every event there is, by its CloudEvents type."""

from collections.abc import Mapping
from types import MappingProxyType

from loti_contracts.events.answers import AnswerStated
from loti_contracts.events.base import Event
from loti_contracts.events.benchmarks import BenchmarkUpdated
from loti_contracts.events.contacts import ContactErased, ContactStated
from loti_contracts.events.dead_letters import MessageParked
from loti_contracts.events.matches import MatchAnswered, MatchProposed
from loti_contracts.events.notifications import NotificationSent
from loti_contracts.events.requests import RequestStated
from loti_contracts.events.roles import RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from loti_contracts.events.sources import SourceFailing, SourceRecovered
from loti_contracts.events.supporters import SupporterStated

_ALL: tuple[type[Event], ...] = (
    RoleDiscovered,
    RoleReadvertised,
    RoleChanged,
    RoleClosed,
    SourceFailing,
    SourceRecovered,
    BenchmarkUpdated,
    RequestStated,
    SupporterStated,
    AnswerStated,
    MatchProposed,
    MatchAnswered,
    NotificationSent,
    ContactStated,
    ContactErased,
    MessageParked,
)

EVENTS: Mapping[str, type[Event]] = MappingProxyType({event.type: event for event in _ALL})


def event_class(type_: str) -> type[Event] | None:
    """The model of that CloudEvents type, or None where this version does not know it."""
    return EVENTS.get(type_)
