"""What is held on a person is found in every service and on every topic."""

import json
import re
import secrets
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from deploy.cli import app
from deploy.person_export import held_by_services, said_on_topics, terms_of
from loti_contracts.delivery.about_people import pattern_of, plain
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import Topic
from tests.privacy.lives import helps, live
from tests.privacy.person import Person
from tests.privacy.test_erasure import by_a_tombstone
from tests.privacy.test_holdings import SERVICES
from tests.privacy.town import living
from tests.servers import Kafka, Postgres

_WORD = st.from_regex(r"[a-z0-9]([a-z0-9.+@-]{0,20}[a-z0-9])?", fullmatch=True)


async def test_an_address_finds_every_table(postgres: Postgres) -> None:
    """From the address alone the id follows, and from both every table that has rows on the person, with the holdings'
    words; of other people's rows there are those alone that name it. Hashes of sessions are not shown. After the erasure
    nothing is left but rows by id."""
    async with living(postgres) as town:
        who, other = Person("held"), Person("other")
        await helps(town, other)
        await live(town, who, other)
        databases = town.dsns
        terms = await terms_of(databases, who.email.upper())
        assert terms == [who.email.upper(), who.id, who.email]
        found = await held_by_services(databases, terms)
        tables = {f"{service}.{table}" for service, some in found.items() for table in some}
        assert tables >= {
            "portal.contact", "portal.subscriptions", "portal.request", "portal.supporter", "portal.match", "portal.draft",
            "portal.contribution", "portal.review", "portal.notification", "portal.audit", "portal.portal_session",
            "portal.sign_in_link", "portal.sign_in_post", "portal.dead_letters", "notify.contact", "notify.choice",
            "notify.notification", "notify.suppression", "notify.soft_bounce", "notify.thing", "notify.dead_letters",
            "matching.requests", "matching.supporters", "matching.matches", "matching.dead_letters", "library.drafts",
            "webhooks.events",
        }  # fmt: skip
        text = json.dumps(found)
        assert "id_hash" not in text
        assert "token_hash" not in text
        assert not [row for row in found["portal"]["contact"]["rows"] if row["id"] != who.id]
        assert who.word("wish") in text
        await by_a_tombstone(town, who)
        left = json.dumps(await held_by_services(databases, [who.id, who.email]))
        assert not [mark for mark in who.marks if mark in left]


@given(term=_WORD, around=st.text(alphabet=" \n\"':,{}()<>/", max_size=3))
def test_a_term_is_found_as_a_word_and_not_within_one(term: str, around: str) -> None:
    """An id is found wherever it stands by itself, and not in a longer id."""
    found = re.compile(pattern_of([term]), re.IGNORECASE)
    assert found.search(f"{around}{term}{around}")
    assert not found.search(f"x{term}")
    assert not found.search(f"{term}2")
    assert not found.search(f"{term}-other")


@given(st.binary())
def test_bytes_are_shown_as_text_or_base64(value: bytes) -> None:
    """Whatever bytes a table holds, they can be written as JSON."""
    json.dumps(plain(value))


async def test_what_topics_say_is_found(kafka: Kafka) -> None:
    """The newest message of every key that names the person, by its key or in its value; what a newer one replaced, or a
    tombstone took away, is not there."""
    topic = Topic(f"test-person-{secrets.token_hex(4)}", "id", "portal", "for a test", partitions=2)
    await ensure_topics(kafka.bootstrap, [topic], replication=kafka.replication)
    sent: list[tuple[str, Any]] = [
        ("contact-1", {"email": "a@b.example"}), ("request-1", {"contact_id": "contact-1", "n": 1}),
        ("request-1", {"contact_id": "contact-1", "n": 2}), ("request-2", {"contact_id": "contact-12"}),
        ("request-3", {"contact_id": "contact-1"}), ("request-3", None),
    ]  # fmt: skip
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for key, value in sent:
            await producer.send_and_wait(
                topic.name, None if value is None else json.dumps(value).encode(), key.encode()
            )
    assert await said_on_topics(kafka.bootstrap, ["contact-1"], [topic]) == {
        topic.name: {"contact-1": sent[0][1], "request-1": sent[2][1]}
    }


@pytest.mark.parametrize(
    ("asked", "environment", "says"),
    [
        ("x", {}, "neither a contact's id nor an address"),
        ("contact-1", {}, "is not the data folder of a `loti up`"),
        ("contact-1", {"LOTI_DATABASE_PORTAL": "postgresql://x"}, "set LOTI_DATABASE_INGEST"),
        (
            "contact-1",
            {f"LOTI_DATABASE_{name.upper()}": "postgresql://127.0.0.1:1/x" for name in SERVICES}
            | {"LOTI_KAFKA": "x:1"},
            "not everything could be read, so nothing is shown",
        ),
    ],
)
def test_what_cannot_be_exported_is_said(asked: str, environment: dict[str, str], says: str) -> None:
    """Half of what is held would look like all of it: it is refused, with what to do."""
    answer = CliRunner().invoke(app, ["person", "export", asked, "--data", "/nowhere"], env=environment)
    assert answer.exit_code in (1, 2)
    assert says in answer.output
