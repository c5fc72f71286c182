"""Figures: what is shown is what is so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx2
from aiokafka import TopicPartition
from prometheus_client import REGISTRY

from loti_contracts.delivery.health import health_app
from loti_contracts.delivery.standing import Standing
from services.notify import app as notify
from services.salaries import app as salaries
from services.webhooks.figures import figures as webhooks_figures
from tests.databases import database_of
from tests.salaries.hearing import a_role, hear
from tests.servers import Postgres


def value(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(name, labels)


@asynccontextmanager
async def pool_of(service: str, postgres: Postgres) -> "AsyncIterator[asyncpg.Pool[Any]]":
    async with asyncpg.create_pool(await database_of(service, postgres), min_size=0, max_size=2) as pool:
        yield pool


async def test_what_the_health_page_says_is_shown() -> None:
    """Whether a service is well, leads and consumes, at each scrape; what never happened is 0, so that it rises when it
    does; and a service that is starting shows that it is not well."""
    found: dict[str, Any] = {"service": "shown", "healthy": False, "state": "starting"}

    async def report() -> dict[str, Any]:
        return found

    asked = httpx2.ASGITransport(health_app(report))
    async with httpx2.AsyncClient(transport=asked, base_url="http://shown") as client:
        assert (await client.get("/metrics")).status_code == 200
        assert value("loti_healthy", service="shown") == 0
        assert value("loti_relay_leads", service="shown") is None, "it has no relay yet"
        found |= {"healthy": True, "relay": {"state": "leading"}, "consumer": {"state": "consuming"}}
        await client.get("/metrics")
        assert value("loti_healthy", service="shown") == 1
        assert value("loti_relay_leads", service="shown") == 1
        assert value("loti_consuming", service="shown") == 1
        assert value("loti_consumer_reconnected_total", service="shown") == 0
        found |= {"relay": {"state": "standby"}, "consumer": {"state": "stopped by its breaker"}}
        await client.get("/metrics")
        assert value("loti_relay_leads", service="shown") == 0
        assert value("loti_consuming", service="shown") == 0


def test_a_partition_that_went_to_another_process_is_not_shown_twice() -> None:
    """What was behind when it went away would stand there for ever, and be added to what the other shows."""
    one, other = TopicPartition("loti.roles.v1", 0), TopicPartition("loti.roles.v1", 1)
    standing = Standing("moving")
    standing._show({one: 7, other: 2})
    standing._show({other: 3})
    at = {"service": "moving", "topic": "loti.roles.v1"}
    assert value("loti_consumer_lag", partition="0", **at) is None
    assert value("loti_consumer_lag", partition="1", **at) == 3


async def test_how_fresh_benchmarks_are(postgres: Postgres) -> None:
    """Cells with offers, those without one of the last half year, and the freshest day; nothing, where there is none."""
    today = datetime.now(UTC).date()
    async with pool_of("salaries", postgres) as pool:
        assert await salaries.figures(pool) == {"benchmarks": 0, "old": 0, "freshest_seconds": None}
        assert value("loti_benchmark_freshest_seconds") == 0
        fresh = a_role(id="fresh", posted_on=today - timedelta(days=2), found_at=datetime.now(UTC))
        old = a_role(id="old", posted_on=today - timedelta(days=300), standard_role="Service designer")
        async with pool.acquire() as tx, tx.transaction():
            await hear(tx, [fresh, old])
        found = await salaries.figures(pool)
        cells = found["benchmarks"]
        assert found["old"] == cells / 2
        assert value("loti_benchmarks") == cells
        assert value("loti_benchmarks_old") == cells / 2
        seconds = value("loti_benchmark_freshest_seconds")
        assert seconds is not None
        assert 1 <= seconds / 86_400 <= 3


async def test_what_waits_to_be_pushed(postgres: Postgres) -> None:
    """How long the first has waited, of endpoints that are pushed to; of a disabled one nobody waits for it."""
    async with pool_of("webhooks", postgres) as pool:
        await webhooks_figures(pool)
        assert value("loti_webhook_oldest_waiting_seconds") == 0
        for name, hours in (("slow", 2), ("disabled", 50)):
            await pool.execute(
                "INSERT INTO endpoints (name, url, types, authorities, secret) VALUES ($1, 'https://a', '{}', '{}', '')",
                name,
            )
            await pool.execute(
                "INSERT INTO deliveries (endpoint, position, event_id, type, topic, key, state, made_at) "
                "VALUES ($1, 1, 'e', 't', 't', 'k', 'waiting', now() - make_interval(hours => $2))",
                name,
                hours,
            )
        await pool.execute("UPDATE endpoints SET disabled_at = now() WHERE name = 'disabled'")
        await webhooks_figures(pool)
        assert 7_100 < (value("loti_webhook_oldest_waiting_seconds") or 0) < 7_300
        assert value("loti_webhook_waiting") == 2
        assert value("loti_webhook_endpoints_disabled") == 1


async def test_what_mail_waits(postgres: Postgres) -> None:
    """Mails by where they stand, and how long the first that may leave has waited."""
    async with pool_of("notify", postgres) as pool:
        await pool.execute(
            "INSERT INTO mail (id, kind, status, due_at) VALUES "
            "(gen_random_uuid(), 'digest', 'due', now() - interval '9 minutes'), "
            "(gen_random_uuid(), 'digest', 'due', now() + interval '9 minutes'), "
            "(gen_random_uuid(), 'digest', 'returned', now())"
        )
        found = await notify.figures(pool)
    assert found["asked"] == 0
    assert value("loti_mails_standing", status="due") == 2
    assert value("loti_mails_standing", status="returned") == 1
    assert 530 < (value("loti_mails_oldest_due_seconds") or 0) < 600
