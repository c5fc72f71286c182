"""The sample people: they state who they are, what they offer and what they need, answer what is proposed, review what
is offered to the library, and say yes to the emails that they asked for.

`python -m deploy.local.people --kafka HOST:PORT --mails http://HOST:PORT/`; a guarded Kafka lets them in by the settings that a
service has (LOTI_KAFKA_SECURITY and what follows). Everything they say has a fixed id, so that
starting again says nothing new. They speak for themselves alone: what somebody does on the portal is that person's to answer,
to review and to confirm. In `people.jsonl`, `<last month>` and
`<next month>` stand for the first day of those months, so that a yes has not run out and an event is still to come.
"""

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local.reading_mail import say_yes
from deploy.statements import read_statements, say
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import (
    TOPICS,
    Answer,
    AnswerStated,
    ContactStated,
    ContributionStated,
    Draft,
    Event,
    Match,
    RequestStated,
    Review,
    ReviewStated,
    Unknown,
    decode,
)
from loti_contracts.events.topics import DRAFTS, MATCHES

STAFF = "contact-loti"
LEFT_OPEN = "request-round-"
"""So begin the requests that nobody answers: they wait for the round that LOTI's staff runs."""
PEOPLE = Path(__file__).with_name("people.jsonl")
READING_TIME = 4.0
"""Seconds without a better shortlist, or a newer draft, before it is answered."""


def statements(today: date) -> Iterator[Event]:
    """What the sample people state, as of that day."""
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    next_ = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    text = PEOPLE.read_text(encoding="utf-8")
    text = text.replace("<last month>", last.isoformat()).replace("<next month>", next_.isoformat())
    return read_statements(text.splitlines())


def addresses() -> frozenset[str]:
    """Where the sample people read their mail."""
    stated = statements(datetime.now(UTC).date())
    return frozenset(one.contact.email for one in stated if isinstance(one, ContactStated))


async def live(kafka: str | Broker, stopping: asyncio.Event) -> None:
    """State everything; then answer every proposal with its best candidate and publish what people offered to the
    library, until `stopping`. What the library assembled itself is left for whoever looks."""
    kafka = Broker(kafka) if isinstance(kafka, str) else kafka
    stated = list(statements(datetime.now(UTC).date()))
    backoff = Backoff(first=0.2, most=2.0)
    while not stopping.is_set():
        try:
            await ensure_topics(kafka, TOPICS, replication=1)
            await say(kafka, stated)
            await _answer(kafka, _own(stated), stopping)
        except (KafkaError, OSError) as error:
            print(f"waiting for Kafka: {error}", flush=True)  # noqa: T201 - this process's log
            await backoff.wait(stopping)


def _own(stated: Iterable[Event]) -> frozenset[str]:
    """The ids of the requests and contributions that they stated themselves, and see to."""
    theirs = (one for one in stated if isinstance(one, RequestStated | ContributionStated))
    return frozenset(one.subject for one in theirs if not one.subject.startswith(LEFT_OPEN))


async def _answer(kafka: Broker, own: Collection[str], stopping: asyncio.Event) -> None:
    consumer = AIOKafkaConsumer(
        **kafka.client(), auto_offset_reset="earliest", isolation_level="read_committed"
    )
    try:
        await consumer.start()
        consumer.assign(
            [TopicPartition(topic.name, n) for topic in (MATCHES, DRAFTS) for n in range(topic.partitions)]
        )
        await consumer.seek_to_beginning()
        open_: dict[str, tuple[Match | Draft, float]] = {}
        now = asyncio.get_running_loop().time
        while not stopping.is_set():
            for records in (await consumer.getmany(timeout_ms=250)).values():
                for record in records:
                    read = decode(record.key, record.value, record.headers)
                    if not isinstance(read, Unknown):
                        _note(open_, own, read.event, now())
            ready = [thing for thing, since in open_.values() if now() - since > READING_TIME]
            if ready:
                await say(
                    kafka, [_acceptance(one) if isinstance(one, Match) else _review(one) for one in ready]
                )
                for thing in ready:
                    del open_[thing.id]
    finally:
        await consumer.stop()


def _note(
    open_: dict[str, tuple[Match | Draft, float]], own: Collection[str], event: Event, now: float
) -> None:
    match event.state:
        case Match(request_id=about, status="proposed") as thing if about in own:
            open_[thing.id] = (thing, now)
        case Draft(status="waiting") as thing if thing.id in own:
            open_[thing.id] = (thing, now)
        case thing:
            open_.pop(thing.id, None)


def _review(draft: Draft) -> ReviewStated:
    return ReviewStated(
        review=Review(
            id=f"review-{draft.id}-{draft.revision}",
            revision=1,
            draft_id=draft.id,
            draft_revision=draft.revision,
            verdict="publish",
            contact_id=STAFF,
            stated_at=draft.made_at.astimezone(UTC),
        )
    )


def _acceptance(match: Match) -> AnswerStated:
    return AnswerStated(
        answer=Answer(
            id=match.id,
            revision=1,
            answer="accepted",
            supporter_id=match.shortlist[0].supporter_id,
            stated_at=match.proposed_at.astimezone(UTC),
        )
    )


async def _main(kafka: Broker, mails: str, pages: str | None) -> None:
    stopping = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stopping.set)
    living = [
        asyncio.create_task(live(kafka, stopping)),
        asyncio.create_task(say_yes(mails, pages, addresses(), stopping)),
    ]
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({*living, stop}, return_when=asyncio.FIRST_COMPLETED)  # one that died ends the process
    stopping.set()
    await stop
    _, late = await asyncio.wait(living, timeout=5)
    for task in late:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*living)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--mails", required=True, help="The mail catcher's page.")
    parser.add_argument(
        "--pages", help="Where notify's pages are reached from here, if not where its links say."
    )
    print(f"{datetime.now(UTC):%H:%M:%S} the sample people are here", flush=True)  # noqa: T201
    given = parser.parse_args()
    broker = Broker.of(ServiceSettings().model_copy(update={"kafka": given.kafka}))
    asyncio.run(_main(broker, given.mails, given.pages))
