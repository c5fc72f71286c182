"""The story: what happens on the topics, followed as it happens, and counted. (Its lines are in `telling`.)"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local.telling import line_of
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import (
    TOPICS,
    BenchmarkUpdated,
    Draft,
    DraftChanged,
    Envelope,
    Event,
    FollowUpDue,
    Match,
    MatchAnswered,
    MatchIntroduced,
    MatchLapsed,
    MatchProposed,
    MatchUnmatched,
    MatchWithdrawn,
    Notification,
    NotificationSent,
    NotReadable,
    OutcomeRecorded,
    Role,
    RoleChanged,
    RoleClosed,
    RoleDiscovered,
    RoleReadvertised,
    Unknown,
    decode,
)
from loti_contracts.events.topics import DEAD_LETTERS


class Story:
    """Reads every topic but the people's from its start and keeps the newest state of each thing."""

    def __init__(self, *, since: datetime, tell: Callable[[str], None]) -> None:
        self._since = since
        self._tell = tell
        self._revisions: dict[tuple[str, str], int] = {}
        self.roles: dict[str, Role] = {}
        self.benchmarks: set[str] = set()
        self.matches: dict[str, Match] = {}
        self.drafts: dict[str, Draft] = {}
        self.notifications: set[str] = set()
        self._mails: dict[str, list[Notification]] = {}
        self.heard = 0

    async def follow(self, kafka: str, stopping: asyncio.Event) -> None:
        """Follow until `stopping`; a broker that is away is waited for."""
        backoff = Backoff(first=0.2, most=2.0)
        while not stopping.is_set():
            try:
                await self._follow(kafka, stopping)
            except (KafkaError, OSError):
                await backoff.wait(stopping)

    async def _follow(self, kafka: str, stopping: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka, auto_offset_reset="earliest", isolation_level="read_committed"
        )
        try:
            await consumer.start()
            there = await consumer.topics()
            wanted = [topic for topic in TOPICS if not topic.restricted or topic == DEAD_LETTERS]
            if any(topic.name not in there for topic in wanted):
                await asyncio.sleep(0.2)
                return
            consumer.assign([TopicPartition(t.name, n) for t in wanted for n in range(t.partitions)])
            await consumer.seek_to_beginning()
            while not stopping.is_set():
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        self._hear(record.key, record.value, record.headers)
                self._tell_mails()
        finally:
            await consumer.stop()

    def _hear(self, key: bytes, value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
        try:
            said = decode(key, value, headers)
        except NotReadable:
            return
        if isinstance(said, Unknown) or self._known(said):
            return
        self.heard += 1
        self._keep(said.event)
        if said.time < self._since:
            return
        if isinstance(said.event, NotificationSent):
            sent = said.event.notification
            self._mails.setdefault(sent.mail_id or sent.id, []).append(sent)
        elif line := line_of(said.event):
            self._tell(line)

    def _tell_mails(self) -> None:
        """A line for each mail, not for each thing that it tells."""
        for told in self._mails.values():
            to = " and ".join(dict.fromkeys(one.contact_id for one in told))
            self._tell(f"mail sent     {_in_short(told)} to {to}")
        self._mails.clear()

    def _known(self, said: Envelope[Event]) -> bool:
        place = (said.event.topic, said.subject)
        if said.event.state.revision <= self._revisions.get(place, 0):
            return True
        self._revisions[place] = said.event.state.revision
        return False

    def _keep(self, event: Event) -> None:
        match event:
            case RoleDiscovered() | RoleReadvertised() | RoleChanged() | RoleClosed():
                self.roles[event.role.id] = event.role
            case BenchmarkUpdated():
                self.benchmarks.add(event.benchmark.id)
            case (
                MatchProposed()
                | MatchUnmatched()
                | MatchAnswered()
                | MatchWithdrawn()
                | MatchLapsed()
                | MatchIntroduced()
                | FollowUpDue()
                | OutcomeRecorded()
            ):
                self.matches[event.match.id] = event.match
            case DraftChanged():
                self.drafts[event.draft.id] = event.draft
            case NotificationSent():
                self.notifications.add(event.notification.id)


def _in_short(told: Sequence[Notification]) -> str:
    """`17 new roles and 1 shared demand`; an introduction, which tells two of one match, by its name."""
    counts = Counter(one.kind for one in told)
    if counts.keys() == {"introduction"}:
        return "introduction"
    if len(told) == 1:
        return told[0].kind
    return " and ".join(f"{n} {kind}{'s' * (n > 1 and kind[-1] != 's')}" for kind, n in counts.items())
