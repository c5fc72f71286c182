"""Fixtures that every test may ask for, how hard hypothesis tries, and the run's beginning and end."""

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

from tests import one_run
from tests.browser import browser
from tests.cluster import REPLICATION
from tests.databases import connected
from tests.named_clients import name_clients
from tests.servers import _say, kafka, on_a_cluster, own_kafka, own_postgres, postgres

_UNHURRIED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("suite", max_examples=25, derandomize=True, **_UNHURRIED)
settings.register_profile("thorough", max_examples=1_000, **_UNHURRIED)
settings.load_profile(os.environ.get("LOTI_TEST_EXAMPLES", "suite"))

__all__ = ["_say", "browser", "kafka", "own_kafka", "own_postgres", "postgres"]


@pytest.fixture
async def db(dsn: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """A connection to the test's own database; which that is, `dsn` in each folder's conftest.py says."""
    async with connected(dsn) as connection:
        yield connection


def pytest_configure(config: pytest.Config) -> None:
    # Where no loop was ever set, pytest-asyncio's look at the present one makes one, which nobody closes.
    asyncio.set_event_loop(None)
    name_clients()
    if on_a_cluster():
        os.environ["LOTI_REPLICATION"] = str(
            REPLICATION
        )  # the services that tests start make their topics so
    one_run.begin(config)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a cluster, those alone that ask for a Kafka: the others know no difference."""
    if not on_a_cluster():
        return
    asking = [one for one in items if {"kafka", "own_kafka"} & set(getattr(one, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[one for one in items if one not in asking])
    items[:] = asking


def pytest_sessionstart(session: pytest.Session) -> None:
    one_run.share_servers(session.config)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    one_run.note_failures(session.config, exitstatus)
