"""Killed at any moment, the service loses no event."""

from pathlib import Path

from tests.servers import Kafka, Postgres
from tests.webhooks.killed_while_pushing import killed_while_pushing


async def test_every_event_comes_at_least_once_with_its_id(
    kafka: Kafka, postgres: Postgres, tmp_path: Path
) -> None:
    """kill -9 while it hears and pushes: none is missed, none comes under another id, none is overtaken by a later state
    of its thing. `python -m tests.webhooks.killed_while_pushing --kills 50` does it at length."""
    counted = await killed_while_pushing(kafka=kafka, postgres=postgres, kills=2, seed=7, folder=tmp_path)
    assert counted.events == 180
    assert (counted.missed, counted.overtaken, counted.forged, counted.strangers) == (0, 0, 0, 0)
