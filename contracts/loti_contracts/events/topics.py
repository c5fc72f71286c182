"""Every topic in one place: its key, partitions, retention and owner.

The broker, the AsyncAPI document and docker-compose are made from this table; change it here.
"""

from dataclasses import dataclass
from datetime import timedelta

_HOUR = str(3600 * 1000)
_ERASES = {"segment.ms": _HOUR, "max.compaction.lag.ms": _HOUR, "min.cleanable.dirty.ratio": "0.01"}


@dataclass(frozen=True, slots=True)
class Topic:
    """One Kafka topic.

    A topic without `keep_for` is compacted: it is the current table of its things, for ever. A topic with
    `keep_for` is a record that is deleted after that time. A `restricted` topic carries personal data and is
    readable only by the services that need it. A topic with `words` carries what people wrote in sentences of their
    own, and may take back.
    """

    name: str
    key: str
    owner: str
    what: str
    heard_by: tuple[str, ...] = ()
    partitions: int = 6
    keep_for: timedelta | None = None
    restricted: bool = False
    words: bool = False

    @property
    def forgets(self) -> bool:
        """Whether what is superseded on it must leave the broker's disk soon."""
        return self.compacted and (self.restricted or self.words)

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
        compact = {"cleanup.policy": "compact", "delete.retention.ms": str(30 * 24 * 3600 * 1000)}
        # What a tombstone erases leaves the disk: whatever is older than an hour is compacted, however little it is.
        # The broker never compacts the segment that it writes to, and begins a new one only when something is
        # appended after this time.
        return compact | (_ERASES if self.forgets else {})


ROLES = Topic(
    "loti.roles.v1",
    "role id",
    "ingest",
    "every digital role the boroughs advertise",
    ("salaries", "matching", "notify", "library", "portal", "webhooks"),
)
SOURCES = Topic(
    "loti.sources.v1",
    "source id",
    "ingest",
    "how each board that stopped being readable does: failing, or recovered",
    ("notify", "portal", "webhooks"),
    partitions=1,
)
BENCHMARKS = Topic(
    "loti.benchmarks.v1",
    "benchmark id",
    "salaries",
    "what each standard role is offered",
    ("matching", "portal", "webhooks"),
)
PAY_SIGNALS = Topic(
    "loti.pay-signals.v1",
    "signal id",
    "salaries",
    "offers out of their market, benchmarks that moved, ranges over two levels; each with its sentence",
    ("notify", "portal", "webhooks"),
    keep_for=timedelta(days=400),
)
LIBRARY = Topic(
    "loti.library.v1",
    "item id",
    "library",
    "what boroughs can read and come to: job descriptions, team structures, case studies, training, events",
    ("library", "notify", "portal", "webhooks"),
    partitions=1,
    words=True,
)
CONTRIBUTIONS = Topic(
    "loti.contributions.v1",
    "contribution id",
    "portal",
    "what people offer to the library, for review",
    ("library", "portal", "webhooks"),
    partitions=1,
    words=True,
)
REVIEWS = Topic(
    "loti.reviews.v1",
    "review id",
    "portal",
    "what reviewers say to drafts, and which items they retire",
    ("library", "portal", "webhooks"),
    partitions=1,
    words=True,
)
DRAFTS = Topic(
    "loti.drafts.v1",
    "draft id",
    "library",
    "what waits to be reviewed before it is in the library, and what became of it",
    ("portal", "webhooks"),
    partitions=1,
    words=True,
)
EXEMPLAR_GAPS = Topic(
    "loti.exemplar-gaps.v1",
    "gap id",
    "library",
    "standard roles and levels that are advertised without an exemplar job description, or with an old one",
    ("portal", "webhooks"),
    partitions=1,
)
REQUESTS = Topic(
    "loti.requests.v1",
    "request id",
    "portal",
    "what boroughs ask help for",
    ("matching", "portal", "webhooks"),
    words=True,
)
SUPPORTERS = Topic(
    "loti.supporters.v1",
    "supporter id",
    "portal",
    "who can help, with what and when",
    ("matching", "portal", "webhooks"),
    words=True,
)
ANSWERS = Topic(
    "loti.answers.v1",
    "match id",
    "portal",
    "what a borough answers to a proposed match",
    ("matching", "notify", "portal", "webhooks"),
)
OUTCOMES = Topic(
    "loti.outcomes.v1",
    "match id",
    "portal",
    "what people say came of an introduction",
    ("matching", "notify", "portal", "webhooks"),
    words=True,
)
MATCHES = Topic(
    "loti.matches.v1",
    "match id",
    "matching",
    "who is proposed to whom, and why",
    ("notify", "portal", "webhooks"),
    words=True,
)
ROUNDS = Topic(
    "loti.rounds.v1",
    "round id",
    "portal",
    "rounds in which many requests and supporters are to be brought together at once",
    ("matching", "portal", "webhooks"),
    partitions=1,
)
ROUND_RESULTS = Topic(
    "loti.round-results.v1",
    "round id",
    "matching",
    "how a round comes out: pairs, who is left out and why, and how fair it is",
    ("portal", "webhooks"),
    partitions=1,
)
DEMAND = Topic(
    "loti.demand.v1",
    "standard role",
    "matching",
    "standard roles that several boroughs look for at once, and what they could do together",
    ("notify", "portal", "webhooks"),
    partitions=1,
)
NOVEL_ROLES = Topic(
    "loti.novel-roles.v1",
    "role id",
    "matching",
    "roles of a kind that was seen nowhere before",
    ("notify", "portal", "webhooks"),
    partitions=1,
)
HARD_ROLES = Topic(
    "loti.hard-roles.v1",
    "role id",
    "matching",
    "open roles that are hard to recruit, and why",
    ("portal", "webhooks"),
    partitions=1,
)
CONTACTS = Topic(
    "loti.contacts.v1",
    "contact id",
    "portal",
    "names and addresses of people, and what they subscribed to; a tombstone is an erasure",
    ("notify", "portal"),
    restricted=True,
)
SUBSCRIPTIONS = Topic(
    "loti.subscriptions.v1",
    "contact id",
    "notify",
    "what each contact chose to hear of and consented to; no names, no addresses; a tombstone is an erasure",
    ("portal",),
    restricted=True,
)
EDITIONS = Topic(
    "loti.editions.v1",
    "edition id",
    "notify",
    "the newsletters that were sent",
    ("portal", "webhooks"),
    partitions=1,
)
NOTIFICATIONS = Topic(
    "loti.notifications.v1",
    "notification id",
    "notify",
    "what was told, to which contact and why, or why not; no addresses",
    ("matching", "portal", "webhooks"),
    keep_for=timedelta(days=400),
)
REPLAYS = Topic(
    "loti.replays.v1",
    "dead letter id",
    "portal",
    "which dead letters somebody wants to be handled again",
    ("every service", "webhooks"),
    partitions=1,
    keep_for=timedelta(days=30),
)
DEAD_LETTERS = Topic(
    "loti.dead-letters.v1",
    "dead letter id, or a service's name",
    "every service",
    "messages that a service could not handle, with the reason; services that stopped over too many of them",
    ("portal",),
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
    ROUNDS,
    ROUND_RESULTS,
    DEMAND,
    NOVEL_ROLES,
    HARD_ROLES,
    LIBRARY,
    CONTRIBUTIONS,
    REVIEWS,
    DRAFTS,
    EXEMPLAR_GAPS,
    CONTACTS,
    SUBSCRIPTIONS,
    EDITIONS,
    NOTIFICATIONS,
    REPLAYS,
    DEAD_LETTERS,
)


def topic_named(name: str) -> Topic:
    """The topic of that name; KeyError where there is none."""
    return {topic.name: topic for topic in TOPICS}[name]
