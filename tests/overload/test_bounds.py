"""Memory is bounded by bytes, not by numbers of messages."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loti_contracts.delivery import relay
from loti_contracts.delivery.migrations import migrate_delivery
from tests.databases import connected
from tests.overload.fairness import out_of_order
from tests.servers import Postgres
from tests.webhooks.receiver import Taken


@pytest.fixture
async def outbox(postgres: Postgres) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A database with an outbox."""
    async with connected(await postgres.create_database()) as connection:
        await migrate_delivery(connection)
        yield connection


async def test_the_relay_takes_what_fits_and_one_at_least(outbox: "asyncpg.Connection[Any]") -> None:
    """In order, until the bytes are used up: never nothing, never a later one in the place of an earlier one; a tombstone
    has no bytes."""
    sizes = [3_000, 10, 1_000, 0, 2_500, 900_000, 5, 4_000]
    for n, size in enumerate(sizes):
        await outbox.execute(
            "INSERT INTO outbox (topic, key, value, headers) VALUES ('t', $1, $2, '{}')",
            str(n).encode(),
            b"x" * size or None,
        )
    taken = []
    while rows := [row async for row in relay._queries.next_to_publish(outbox, most=5, bytes=4_000)]:
        taken.append([int(row["key"]) for row in rows])
        await relay._queries.forget_published(outbox, positions=[row["position"] for row in rows])
    assert taken == [[0, 1, 2], [3, 4, 5], [6, 7]]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 5))))
def test_out_of_order_is_what_came_after_something_newer(came: list[tuple[str, int]]) -> None:
    """The same as looking at all that came before, of the same thing."""
    taken = [
        Taken("/", "id", 0, (), "", {"subject": who, "data": {"role": {"revision": revision}}})
        for who, revision in came
    ]
    wanted = sum(
        any(w == who and r > revision for w, r in came[:n]) for n, (who, revision) in enumerate(came)
    )
    assert out_of_order(taken) == wanted
