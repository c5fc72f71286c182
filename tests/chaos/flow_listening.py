"""People who read what the system says: they answer what is proposed, tell what came of it, review what is offered, and
know which adverts were found."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from loti_contracts.delivery.waiting import wait_for_any
from loti_contracts.events import (
    Answer,
    AnswerStated,
    Draft,
    Event,
    Match,
    NotReadable,
    Outcome,
    OutcomeStated,
    Review,
    ReviewStated,
    Role,
    Unknown,
    decode,
)
from loti_contracts.events.topics import DRAFTS, MATCHES, ROLES
from services.matching.course import SUCCESSES
from tests.chaos.flow_people import STAFF, People
from tests.chaos.flow_saying import Speaker, id_of
from tests.chaos.ledger import Ledger, Posting

READING_TIME: Final = 3.0
"""Seconds after which a proposal is answered."""
FLOW_ID: Final = re.compile(r"flow-\d{6}")


def posting_of(role: Role) -> str | None:
    """The id of the flow's posting that a role was read from."""
    found = (FLOW_ID.search(link) for link in role.links)
    return next((one.group() for one in found if one), None)


@dataclass(slots=True)
class Listening:
    """`seen` are the postings that are known as they are on their boards now."""

    people: People
    postings: dict[str, Posting]
    random: Random
    seen: set[str] = field(default_factory=set)
    _matches: dict[str, tuple[Match, float]] = field(default_factory=dict)
    _drafts: dict[str, Draft] = field(default_factory=dict)
    _answers: dict[str, int] = field(default_factory=dict)
    _under_way: dict[str, str] = field(default_factory=dict)
    """Answers that were not answered: only who is told, by the answer to theirs, that the one they chose cannot help any more
    chooses again. A second choice beside a first one that is taken is a mistake, and is parked as one."""
    _ended: set[str] = field(default_factory=set)
    _reviewed: set[tuple[str, int]] = field(default_factory=set)
    _read: dict[TopicPartition, int] = field(default_factory=dict)

    async def listen(self, kafka: str, ledger: Ledger, stopping: asyncio.Event) -> None:
        """Until `stopping`; what cannot be read is read when it can be."""
        speaker = Speaker(kafka, ledger)
        while not stopping.is_set():
            try:
                await self._listen(kafka, speaker, stopping)
            except (KafkaError, OSError, TimeoutError) as error:
                ledger.note(f"Kafka: {error!r}")
                await wait_for_any(stopping, timeout=1)
        await speaker.close()

    async def _listen(self, kafka: str, speaker: Speaker, stopping: asyncio.Event) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka, auto_offset_reset="earliest", isolation_level="read_committed"
        )
        try:
            async with asyncio.timeout(30):
                await consumer.start()
            places = [
                TopicPartition(topic.name, n)
                for topic in (ROLES, MATCHES, DRAFTS)
                for n in range(topic.partitions)
            ]
            consumer.assign(places)
            for place in places:
                consumer.seek(place, self._read.get(place, 0))
            while not stopping.is_set():
                for place, records in (await consumer.getmany(timeout_ms=250)).items():
                    for record in records:
                        self._hear(record.key, record.value, record.headers)
                        self._read[place] = record.offset + 1
                await speaker.state(list(self._answered(asyncio.get_running_loop().time())))
        finally:
            await consumer.stop()

    def _hear(self, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        try:
            read = decode(key, value, headers)
        except NotReadable:
            return  # the checker reads every message, and says which cannot be read
        if isinstance(read, Unknown):
            return
        match read.event.state:
            case Role() as role:
                self.note_role(role)
            case Match() as match_:
                self._matches[match_.id] = (match_, asyncio.get_running_loop().time())
                if match_.status == "proposed" and read.causation_id == self._under_way.get(match_.id):
                    self._under_way.pop(match_.id, None)
            case Draft() as draft:
                self._drafts[draft.id] = draft

    def note_role(self, role: Role) -> None:
        """Know whether an advert was found as it is now."""
        posting = self.postings.get(posting_of(role) or "")
        if posting is None:
            return
        as_it_is = role.status == "open" and role.pay is not None and role.pay.text == posting.pay
        (self.seen.add if as_it_is else self.seen.discard)(posting.id)

    def _answered(self, now: float) -> Iterator[Event]:
        for match, heard in list(self._matches.values()):
            if now - heard < READING_TIME:
                continue
            del self._matches[match.id]
            if match.status == "proposed":
                yield from self._answer(match)
            elif match.stage == "introduced" and match.id not in self._ended:
                yield from self._tell(match)
        for draft in list(self._drafts.values()):
            del self._drafts[draft.id]
            yield from self._review(draft)

    def _answer(self, match: Match) -> Iterator[Event]:
        """Three in four accept the best; some decline; the others never answer."""
        request = self.people.requests.get(match.request_id)
        chance = self.random.random()
        if request is None or request.status != "open" or chance > 0.9 or match.id in self._under_way:
            return
        self.people.answered.add(request.id)
        revision = self._answers[match.id] = self._answers.get(match.id, 0) + 1
        accepted = chance < 0.75
        answer = AnswerStated(
            answer=Answer(
                id=match.id,
                revision=revision,
                answer="accepted" if accepted else "declined",
                supporter_id=match.shortlist[0].supporter_id if accepted else None,
                match_revision=match.revision,
                stated_at=datetime.now(UTC),
            )
        )
        self._under_way[match.id] = id_of(answer)
        yield answer

    def _tell(self, match: Match) -> Iterator[Event]:
        self._ended.add(match.id)
        result = self.random.choice([*SUCCESSES[match.kind], "nothing"])
        yield OutcomeStated(
            outcome=Outcome(id=match.id, revision=1, result=result, stated_at=datetime.now(UTC))
        )

    def _review(self, draft: Draft) -> Iterator[Event]:
        """What was offered is published; what the library assembled is left."""
        if (
            draft.status != "waiting"
            or not draft.id.startswith("contribution-flow")
            or (draft.id, draft.revision) in self._reviewed
        ):
            return
        self._reviewed.add((draft.id, draft.revision))
        yield ReviewStated(
            review=Review(
                id=f"review-{draft.id}-{draft.revision}",
                revision=1,
                draft_id=draft.id,
                draft_revision=draft.revision,
                verdict="publish",
                contact_id=STAFF,
                stated_at=datetime.now(UTC),
            )
        )
