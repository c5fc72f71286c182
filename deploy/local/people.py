"""The sample people: they state who they are, what they offer and what they need, answer what is proposed, and say yes
to the emails that they asked for.

`python -m deploy.local.people --kafka HOST:PORT --mails http://HOST:PORT/`. Everything they say has a fixed id, so that
starting again says nothing new. They stand where the portal's forms will be. In `people.jsonl`, `<last month>` and
`<next month>` stand for the first day of those months, so that a yes has not run out and an event is still to come.
"""

import argparse
import asyncio
import contextlib
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from deploy.local.reading_mail import say_yes
from deploy.statements import read_statements, say
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import TOPICS, Answer, AnswerStated, Event, Match, Unknown, decode
from loti_contracts.events.topics import MATCHES

PEOPLE = Path(__file__).with_name("people.jsonl")
READING_TIME = 4.0
"""Seconds without a better shortlist before a sample borough answers."""


def statements(today: date) -> Iterator[Event]:
    """What the sample people state, as of that day."""
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    next_ = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    text = PEOPLE.read_text(encoding="utf-8")
    text = text.replace("<last month>", last.isoformat()).replace("<next month>", next_.isoformat())
    return read_statements(text.splitlines())


async def live(kafka: str, stopping: asyncio.Event) -> None:
    """State everything, then answer every proposal with its best candidate, until `stopping`."""
    stated = list(statements(datetime.now(UTC).date()))
    backoff = Backoff(first=0.2, most=2.0)
    while not stopping.is_set():
        try:
            await ensure_topics(kafka, TOPICS, replication=1)
            await say(kafka, stated)
            await _answer_proposals(kafka, stopping)
        except (KafkaError, OSError) as error:
            print(f"waiting for Kafka: {error}", flush=True)  # noqa: T201 - this process's log
            await backoff.wait(stopping)


async def _answer_proposals(kafka: str, stopping: asyncio.Event) -> None:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, auto_offset_reset="earliest", isolation_level="read_committed"
    )
    await consumer.start()
    try:
        consumer.assign([TopicPartition(MATCHES.name, n) for n in range(MATCHES.partitions)])
        await consumer.seek_to_beginning()
        open_: dict[str, tuple[Match, float]] = {}
        now = asyncio.get_running_loop().time
        while not stopping.is_set():
            for records in (await consumer.getmany(timeout_ms=250)).values():
                for record in records:
                    read = decode(record.key, record.value, record.headers)
                    if not isinstance(read, Unknown):
                        _note(open_, read.event, now())
            ready = [match for match, since in open_.values() if now() - since > READING_TIME]
            if ready:
                await say(kafka, [_acceptance(match) for match in ready])
                for match in ready:
                    del open_[match.id]
    finally:
        await consumer.stop()


def _note(open_: dict[str, tuple[Match, float]], event: Event, now: float) -> None:
    match = event.state
    if isinstance(match, Match):
        if match.status == "proposed":
            open_[match.id] = (match, now)
        else:
            open_.pop(match.id, None)


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


async def _main(kafka: str, mails: str, pages: str | None) -> None:
    stopping = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stopping.set)
    living = [
        asyncio.create_task(live(kafka, stopping)),
        asyncio.create_task(say_yes(mails, pages, stopping)),
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
    asyncio.run(_main(given.kafka, given.mails, given.pages))
