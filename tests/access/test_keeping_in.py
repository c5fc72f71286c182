"""Everybody who has a password is let in, and what is right already is left alone: the step of docker-compose's secure form."""

import secrets
from pathlib import Path

import pytest
from aiokafka.errors import KafkaConnectionError

from deploy.access.administration import Administration
from deploy.access.grants import of_service, of_subscriber, topics_named
from deploy.compose.letting_in import PEOPLE, let_in
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from loti_contracts.events.topics import ROLES
from tests.access.conftest import Guarded

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(300)]


def with_passwords(folder: Path, *names: str) -> dict[str, str]:
    """As the step `access` leaves them."""
    found = {name: secrets.token_urlsafe(32) for name in names}
    for name, password in found.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "kafka-password").write_text(password)
    return found


async def test_they_are_let_in_by_the_passwords_that_were_drawn(
    guarded: Guarded, administration: Administration, tmp_path: Path
) -> None:
    """Whoever has one, services and the sample people, by it and by nothing else; with what the table grants."""
    drawn = with_passwords(tmp_path, "library", PEOPLE)
    assert let_in(administration, tmp_path) == ["library", PEOPLE]
    for name, password in drawn.items():
        assert await ensure_topics(guarded.broker(name, password), TOPICS, replication=1) == []
    with pytest.raises(KafkaConnectionError):
        await ensure_topics(guarded.broker("library", drawn[PEOPLE]), TOPICS, replication=1)
    hears = {
        grant.name
        for grant in of_service("library")
        if (grant.resource, grant.operation) == ("topic", "read")
    }
    assert set(administration.topics_of("library")) == hears


def test_again_it_changes_nothing_that_is_right(
    administration: Administration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Services at work are not held up: grants that are right are not taken, not even for a moment; others are put right."""
    name, password = f"dashboard-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    grants = of_subscriber(name, [ROLES])
    administration.keep_in(name, grants, password)
    with monkeypatch.context() as patching:
        patching.setattr(administration, "_take_grants", lambda _: pytest.fail("taken away"))
        administration.keep_in(name, grants, password)
    more = of_subscriber(name, topics_named(["benchmarks", "demand"]))
    administration.keep_in(name, more, password)
    assert administration.topics_of(name) == ["loti.benchmarks.v1", "loti.demand.v1"]
    assert administration.shut_out(name)
