"""Every event there is, by its CloudEvents type."""

from collections.abc import Mapping
from types import MappingProxyType

from loti_contracts.events.answers import AnswerStated
from loti_contracts.events.base import Event
from loti_contracts.events.benchmarks import BenchmarkUpdated
from loti_contracts.events.contacts import ContactErased, ContactStated
from loti_contracts.events.dead_letters import (
    ConsumerResumed,
    ConsumerStopped,
    MessageDiscarded,
    MessageParked,
    MessageReplayed,
    ReplayAsked,
)
from loti_contracts.events.demand import (
    DemandEnded,
    DemandShared,
    RoleHardToRecruit,
    RoleNoLongerHard,
    RoleNoLongerNovel,
    RoleNovel,
)
from loti_contracts.events.drafts import ContributionStated, DraftChanged, ReviewStated
from loti_contracts.events.editions import EditionPublished
from loti_contracts.events.exemplar_gaps import ExemplarFound, ExemplarMissing
from loti_contracts.events.library import ItemPublished, ItemRetired
from loti_contracts.events.matches import (
    FollowUpDue,
    MatchAnswered,
    MatchIntroduced,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    OutcomeRecorded,
)
from loti_contracts.events.notifications import NotificationFailed, NotificationSent, NotificationSuppressed
from loti_contracts.events.outcomes import OutcomeStated
from loti_contracts.events.requests import RequestStated
from loti_contracts.events.roles import RoleChanged, RoleClosed, RoleDiscovered, RoleReadvertised
from loti_contracts.events.rounds import RoundDecided, RoundStated
from loti_contracts.events.signals import PaySignalRaised
from loti_contracts.events.sources import SourceFailing, SourceRecovered
from loti_contracts.events.subscriptions import SubscriptionsChanged, SubscriptionsErased
from loti_contracts.events.supporters import SupporterStated

_ALL: tuple[type[Event], ...] = (
    RoleDiscovered,
    RoleReadvertised,
    RoleChanged,
    RoleClosed,
    SourceFailing,
    SourceRecovered,
    BenchmarkUpdated,
    PaySignalRaised,
    RequestStated,
    SupporterStated,
    AnswerStated,
    OutcomeStated,
    MatchProposed,
    MatchUnmatched,
    MatchAnswered,
    MatchWithdrawn,
    MatchLapsed,
    MatchIntroduced,
    FollowUpDue,
    OutcomeRecorded,
    RoundStated,
    RoundDecided,
    DemandShared,
    DemandEnded,
    RoleNovel,
    RoleNoLongerNovel,
    RoleHardToRecruit,
    RoleNoLongerHard,
    ItemPublished,
    ItemRetired,
    ContributionStated,
    ReviewStated,
    DraftChanged,
    ExemplarMissing,
    ExemplarFound,
    NotificationSent,
    NotificationSuppressed,
    NotificationFailed,
    EditionPublished,
    SubscriptionsChanged,
    SubscriptionsErased,
    ContactStated,
    ContactErased,
    MessageParked,
    MessageReplayed,
    MessageDiscarded,
    ConsumerStopped,
    ConsumerResumed,
    ReplayAsked,
)

EVENTS: Mapping[str, type[Event]] = MappingProxyType({event.type: event for event in _ALL})


def event_class(type_: str) -> type[Event] | None:
    """The model of that CloudEvents type, or None where this version does not know it."""
    return EVENTS.get(type_)
