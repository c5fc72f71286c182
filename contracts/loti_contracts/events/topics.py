"""Every topic in one place: its key, partitions, retention and owner.

The broker, the AsyncAPI document and docker-compose are made from this table; change it here.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic.

    A topic without `keep_for` is compacted: it is the current table of its things, for ever. A topic with
    `keep_for` is a record that is deleted after that time. A `restricted` topic carries personal data and is
    readable only by the services that need it.
    """

    name: str
    key: str
    owner: str
    what: str
    heard_by: tuple[str, ...] = ()
    partitions: int = 6
    keep_for: timedelta | None = None
    restricted: bool = False

    @property
    def compacted(self) -> bool:
        """Whether the topic keeps the newest message of every key for ever."""
        return self.keep_for is None

    def settings(self) -> dict[str, str]:
        """Kafka's own settings for this topic."""
        if self.keep_for is not None:
            return {
                "cleanup.policy": "delete",
                "retention.ms": str(int(self.keep_for.total_seconds() * 1000)),
            }
        # A tombstone stays for thirty days, so that a subscriber that was away learns of an erasure.
        return {"cleanup.policy": "compact", "delete.retention.ms": str(30 * 24 * 3600 * 1000)}


ROLES = Topic(
    "loti.roles.v1",
    "role id",
    "ingest",
    "every digital role the boroughs advertise",
    ("salaries", "matching", "notify"),
)
SOURCES = Topic(
    "loti.sources.v1",
    "source id",
    "ingest",
    "how each board that stopped being readable does: failing, or recovered",
    partitions=1,
)
BENCHMARKS = Topic(
    "loti.benchmarks.v1", "benchmark id", "salaries", "what each standard role is offered", ("matching",)
)
PAY_SIGNALS = Topic(
    "loti.pay-signals.v1",
    "signal id",
    "salaries",
    "offers out of their market, benchmarks that moved, ranges over two levels; each with its sentence",
    keep_for=timedelta(days=400),
)
REQUESTS = Topic("loti.requests.v1", "request id", "portal", "what boroughs ask help for", ("matching",))
SUPPORTERS = Topic(
    "loti.supporters.v1", "supporter id", "portal", "who can help, with what and when", ("matching",)
)
ANSWERS = Topic(
    "loti.answers.v1", "match id", "portal", "what a borough answers to a proposed match", ("matching",)
)
OUTCOMES = Topic(
    "loti.outcomes.v1", "match id", "portal", "what people say came of an introduction", ("matching",)
)
MATCHES = Topic("loti.matches.v1", "match id", "matching", "who is proposed to whom, and why", ("notify",))
DEMAND = Topic(
    "loti.demand.v1",
    "standard role",
    "matching",
    "standard roles that several boroughs look for at once, and what they could do together",
    partitions=1,
)
NOVEL_ROLES = Topic(
    "loti.novel-roles.v1", "role id", "matching", "roles of a kind that was seen nowhere before", partitions=1
)
HARD_ROLES = Topic(
    "loti.hard-roles.v1", "role id", "matching", "open roles that are hard to recruit, and why", partitions=1
)
CONTACTS = Topic(
    "loti.contacts.v1",
    "contact id",
    "portal",
    "names and addresses of people, and what they subscribed to; a tombstone is an erasure",
    ("notify",),
    restricted=True,
)
NOTIFICATIONS = Topic(
    "loti.notifications.v1",
    "notification id",
    "notify",
    "what was sent, to which contact and why; no addresses",
    ("matching",),
    keep_for=timedelta(days=400),
)
DEAD_LETTERS = Topic(
    "loti.dead-letters.v1",
    "dead letter id",
    "every service",
    "messages that a service could not handle, with the reason",
    partitions=1,
    keep_for=timedelta(days=30),
    restricted=True,
)

TOPICS = (
    ROLES,
    SOURCES,
    BENCHMARKS,
    PAY_SIGNALS,
    REQUESTS,
    SUPPORTERS,
    ANSWERS,
    OUTCOMES,
    MATCHES,
    DEMAND,
    NOVEL_ROLES,
    HARD_ROLES,
    CONTACTS,
    NOTIFICATIONS,
    DEAD_LETTERS,
)


def topic_named(name: str) -> Topic:
    """The topic of that name; KeyError where there is none."""
    return {topic.name: topic for topic in TOPICS}[name]
