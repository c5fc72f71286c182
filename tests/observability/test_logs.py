"""Logs: what is said of one event says which, and by which thread it is followed from its posting to its email."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import structlog
from structlog.testing import capture_logs

from loti_contracts.delivery import replaying
from loti_contracts.delivery.batch import BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.letters import thread_of
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.parking import Received
from loti_contracts.events import Envelope, RequestStated, encode
from services.notify.mails import Item, Mail, MailKind
from services.notify.sending import endings
from services.notify.sending.ledger import Claimed
from services.notify.sending.outgoing import Accepted, InDoubt, NotNow, Refused
from services.notify.sending.writing_down import Result, Withheld
from tests.databases import connected, database_of
from tests.delivery.counting import request
from tests.library.hearing import Library
from tests.library.making import an_offer
from tests.notify.making import contact, role
from tests.servers import Postgres

THREADED = [structlog.contextvars.merge_contextvars]
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture
async def handling(postgres: Postgres) -> AsyncIterator[BatchHandling]:
    """A service that hears of requests: it takes some, and refuses those of odd numbers."""

    async def hear(said: Envelope[Any], _: Connection) -> None:
        structlog.get_logger("test").info("request_heard")
        if int(said.subject.removeprefix("request-")) % 2:
            raise Park("odd")

    async with asyncpg.create_pool(await postgres.create_database(), min_size=0, max_size=4) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
        yield BatchHandling(
            service="one",
            pool=pool,
            handle=each({RequestStated: hear}),
            handles=frozenset({RequestStated}),
            breaker=Breaker(service="one", pool=pool, limit=100),
            hold=0.0,
            bug_attempts=1,
            stopping=asyncio.Event(),
        )


def message(number: int) -> tuple[Received, dict[str, str]]:
    """A request as it comes, and what every line about it must carry."""
    said = replace(request(number), correlation_id=f"thread-{number}")
    about = {"correlation_id": said.correlation_id, "event_id": said.id}
    return Received("one", 0, number, 1, *encode(said)), about


async def test_every_line_about_an_event_names_it(handling: BatchHandling) -> None:
    """A handler's own lines, and that a message was set aside, was tried again, or has unreadable words in it: each with
    the event and its thread; and none of them on what is said next."""
    (good, of_good), (odd, of_odd), (torn, of_torn) = message(2), message(3), message(4)
    with capture_logs(processors=THREADED) as logs:
        await handling.process([good, odd, replace(torn, value=b"{")])
        structlog.get_logger("test").info("afterwards")
    said = {(line["event"], *_about(line)) for line in logs}
    assert ("request_heard", *of_good.values()) in said
    assert ("request_heard", *of_odd.values()) in said
    assert ("message_parked", *of_odd.values()) in said
    assert ("message_parked", *of_torn.values()) in said, "what cannot be read can still be followed"
    assert ("afterwards", None, None) in said
    await handling.pool.execute("UPDATE dead_letters SET replay_asked_at = now()")
    with capture_logs(processors=THREADED) as logs:
        assert await replaying.replay_asked(handling)
    again = {(line["event"], *_about(line)) for line in logs}
    assert {("request_heard", *of_odd.values()), ("message_parked_again", *of_odd.values())} <= again


def _about(line: Any) -> tuple[str | None, str | None]:
    return line.get("correlation_id"), line.get("event_id")


def test_a_thread_is_read_from_whatever_headers() -> None:
    """Bytes that are no text, none at all, far too long, or missing: what can be had of it, and no error."""
    odd = Received("one", 0, 0, 1, None, None, [("ce_id", b"\xff\xfe"), ("ce_correlationid", b"x" * 9_999)])
    assert thread_of(odd) == {"event_id": "\ufffd\ufffd", "correlation_id": "x" * 100}
    assert thread_of(replace(odd, headers=[])) == {}
    assert thread_of(replace(odd, headers=[("ce_id", b"")])) == {}


async def test_the_library_names_the_offer_that_it_heard(postgres: Postgres) -> None:
    """Of a handler that takes many at once, too."""
    async with connected(await database_of("library", postgres)) as db:
        with capture_logs(processors=THREADED) as logs:
            await Library(db).hear(an_offer())
    [line] = [line for line in logs if line["event"] == "draft_changed"]
    assert all(_about(line))


def test_a_mails_end_names_all_its_threads() -> None:
    """However it ended: the threads of all that it tells of, each once, beside its id; a newsletter's thousands in one line."""
    outcomes = (Accepted("250 taken"), NotNow("421"), Refused("550"), InDoubt("gone"), Withheld("nobody"))
    with capture_logs() as logs:
        endings.note([Result(_claimed("digest", "b", "a", "b"), outcome) for outcome in outcomes], Counter())
        newsletters = [Result(_claimed("newsletter", "c"), Accepted("250")) for _ in range(3)]
        endings.note(newsletters, Counter())
    assert [line["event"] for line in logs] == [
        "mail_sent",
        "mail_deferred",
        "mail_refused",
        "mail_in_doubt",
        "mail_withheld",
        "newsletters_sent",
    ]
    assert all(line["correlation_ids"] == ["a", "b"] for line in logs[:5])
    assert logs[5]["count"] == 3


def _claimed(kind: MailKind, *threads: str) -> Claimed:
    items = tuple(
        Item(
            id=UUID(int=n),
            kind="new role",
            contact_id="contact-1",
            contact=contact(),
            about=role(),
            why="You asked.",
            caused_by=f"event-{n}",
            correlation_id=thread,
        )
        for n, thread in enumerate(threads)
    )
    return Claimed(Mail(UUID(int=99), kind, 1, 0, items), NOW, NOW)
