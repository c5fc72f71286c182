"""What is too old goes, what is not stays, and how long is one table that everybody can read."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from typer.testing import CliRunner

from deploy.cli import app
from loti_contracts.delivery.database import open_pool
from loti_contracts.delivery.holdings import OF_DELIVERY, Holding
from loti_contracts.delivery.retention import forget
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import TOPICS
from services.webhooks.holdings import HOLDINGS as OF_WEBHOOKS
from tests.databases import connected, database_of
from tests.privacy.test_holdings import SERVICES, holdings_of
from tests.servers import Postgres

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DOCUMENT = Path("docs/data-protection.md")


async def test_what_is_too_old_goes_and_nothing_else(postgres: Postgres) -> None:
    """Event ids and dead letters go when they are older than their settings say, not before; a table of more rows than one
    short transaction deletes is done to the end; tables without a time, and those that something else deletes, keep
    everything."""
    dsn = await database_of("webhooks", postgres)
    settings = ServiceSettings(inbox_days=10, dead_letter_days=20)
    async with connected(dsn) as connection:
        await connection.execute(
            "INSERT INTO inbox (event_id, handled_at) SELECT 'old ' || n, $1::timestamptz FROM generate_series(1, 5001) n"
            " UNION ALL SELECT 'young', $2::timestamptz",
            NOW - timedelta(days=10, seconds=1),
            NOW - timedelta(days=10),
        )
        await connection.executemany(
            "INSERT INTO dead_letters (id, topic, partition, message_offset, headers, reason, attempts, parked_at)"
            " VALUES (gen_random_uuid(), 'loti.roles.v1', 0, $1, '[]', 'unreadable', 1, $2)",
            [(days, NOW - timedelta(days=days)) for days in (5, 19, 21)],
        )
        await connection.execute(
            "INSERT INTO events (id, type, topic, key, concerns, body, said_at, heard_at)"
            " VALUES ('1', 't', 'loti.roles.v1', 'r', '{}', '{}', $1, $1)",
            NOW - timedelta(days=3_000),
        )
    async with await open_pool(dsn, most=1) as pool:
        assert await forget(pool, (*OF_WEBHOOKS, *OF_DELIVERY), settings, now=NOW) == {
            "inbox": 5001,
            "dead_letters": 1,
        }
        assert await pool.fetchval("SELECT array_agg(event_id) FROM inbox") == ["young"]
        assert await pool.fetchval("SELECT array_agg(message_offset ORDER BY 1) FROM dead_letters") == [5, 19]
        assert await pool.fetchval("SELECT count(*) FROM events") == 1
        assert await forget(pool, (*OF_WEBHOOKS, *OF_DELIVERY), settings, now=NOW) == {}


async def test_every_query_of_it_can_be_run(postgres: Postgres) -> None:
    """Whatever any service's holdings say that the loop deletes can be deleted by it."""
    for service in SERVICES:
        mine = [
            one for one in holdings_of(service) if one.setting in (None, "inbox_days", "dead_letter_days")
        ]
        plain = [Holding(one.table, one.what, one.comes_from, one.kept, one.age) for one in mine]
        async with await open_pool(await database_of(service, postgres), most=1) as pool:
            assert await forget(pool, plain, ServiceSettings(), now=NOW) == {}


def test_the_whole_table_is_printed() -> None:
    """`loti retention` tells of every table of every service and of every topic; as JSON a line each, too."""
    whole = CliRunner().invoke(app, ["retention", "--json"])
    assert whole.exit_code == 0
    rows = [json.loads(line) for line in whole.output.splitlines()]
    tables = {(row["where"], row["name"]) for row in rows}
    assert tables == {(service, one.table) for service in SERVICES for one in holdings_of(service)} | {
        ("topic", topic.name) for topic in TOPICS
    }
    assert {"kept": "90 days", "setting": "LOTI_INBOX_DAYS"}.items() <= next(
        row for row in rows if row["name"] == "inbox"
    ).items()
    text = CliRunner().invoke(app, ["retention"]).output
    assert all(name in text for _, name in tables)


def test_the_document_says_the_same() -> None:
    """The table in docs/data-protection.md is what the command prints."""
    printed = CliRunner().invoke(app, ["retention", "--markdown"]).output.strip()
    [written] = re.findall(
        r"<!-- loti retention --markdown -->\n(.*?)\n<!-- end -->", DOCUMENT.read_text(), re.S
    )
    assert written.strip() == printed, "write the table anew: loti retention --markdown"
