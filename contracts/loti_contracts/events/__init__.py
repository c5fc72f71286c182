"""What is said. Import events from here; the modules behind it are one for each thing spoken of."""

from loti_contracts.events.answers import Answer, AnswerStated
from loti_contracts.events.base import Event, State
from loti_contracts.events.benchmarks import Benchmark, BenchmarkUpdated, Quantiles
from loti_contracts.events.catalogue import EVENTS, event_class
from loti_contracts.events.contacts import Contact, ContactErased, ContactStated, Subscription
from loti_contracts.events.dead_letters import DeadLetter, MessageParked
from loti_contracts.events.envelope import Envelope, NotReadable, Unknown, decode, encode, envelop
from loti_contracts.events.matches import (
    BenchmarkInBrief,
    Candidate,
    LeftOut,
    Match,
    MatchAnswered,
    MatchProposed,
    Reason,
)
from loti_contracts.events.notifications import Notification, NotificationSent
from loti_contracts.events.requests import Request, RequestStated
from loti_contracts.events.roles import (
    AuthorityNamed,
    Pay,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
    StandardRoleNamed,
)
from loti_contracts.events.sources import SourceFailing, SourceRecovered, SourceState
from loti_contracts.events.supporters import Supporter, SupporterStated
from loti_contracts.events.topics import TOPICS, Topic, topic_named

__all__ = [
    "EVENTS",
    "TOPICS",
    "Answer",
    "AnswerStated",
    "AuthorityNamed",
    "Benchmark",
    "BenchmarkInBrief",
    "BenchmarkUpdated",
    "Candidate",
    "Contact",
    "ContactErased",
    "ContactStated",
    "DeadLetter",
    "Envelope",
    "Event",
    "LeftOut",
    "Match",
    "MatchAnswered",
    "MatchProposed",
    "MessageParked",
    "NotReadable",
    "Notification",
    "NotificationSent",
    "Pay",
    "Quantiles",
    "Reason",
    "Request",
    "RequestStated",
    "Role",
    "RoleChanged",
    "RoleClosed",
    "RoleDiscovered",
    "RoleReadvertised",
    "SourceFailing",
    "SourceRecovered",
    "SourceState",
    "StandardRoleNamed",
    "State",
    "Subscription",
    "Supporter",
    "SupporterStated",
    "Topic",
    "Unknown",
    "decode",
    "encode",
    "envelop",
    "event_class",
    "topic_named",
]
