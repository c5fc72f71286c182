"""The pipeline bench compares like with like: every side comes to the same benchmark table."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loti_contracts.events import RoleDiscovered, decode
from services.salaries.handlers import Salaries
from tests.bench.pipeline.adverts import events
from tests.bench.pipeline.beside import TablesDiffer, same
from tests.bench.pipeline.by_hand import Table
from tests.bench.pipeline.sides import save_one
from tests.bench.pipeline.stage import messages
from tests.databases import bring_up_to_date, connected
from tests.servers import Postgres


async def test_every_side_comes_to_the_same_table(postgres: Postgres) -> None:
    """The service, the limit by hand and one transaction a message, each in batches of its own size."""
    loaded = messages(80, seed=4)
    tables = []
    for side in (_service, _by_hand, _one_by_one):
        async with connected(await postgres.create_database()) as db:
            await bring_up_to_date("salaries", db)
            await side(db, loaded)
            rows = await db.fetch("SELECT id, benchmark FROM benchmarks WHERE benchmark IS NOT NULL")
            tables.append({row["id"]: json.loads(row["benchmark"]) | {"revision": 0} for row in rows})
    assert len(tables[0]) > 100
    assert tables[0] == tables[1] == tables[2]


async def _service(db: Any, loaded: Any) -> None:
    salaries = Salaries()
    heard: Any = [decode(*message) for message in loaded]
    for first in range(0, len(heard), 50):
        async with db.transaction():
            await salaries.on_roles(heard[first : first + 50], db)


async def _by_hand(db: Any, loaded: Any) -> None:
    table = Table()
    for first in range(0, len(loaded), 70):
        await table.fold_in([message[1:] for message in loaded[first : first + 70]], db)


async def _one_by_one(db: Any, loaded: Any) -> None:
    for message in loaded:
        said: Any = decode(*message)
        async with db.transaction():
            await save_one(RoleDiscovered(role=said.event.role), db)


def test_another_table_is_told_with_its_cell() -> None:
    """A comparison of speeds between sides that differ ends with an error."""
    tables: dict[int, Any] = {}
    same(tables, 3, {"a": {"adverts": 1}}, "one")
    same(tables, 3, {"a": {"adverts": 1}}, "two")
    with pytest.raises(TablesDiffer, match="three has a as"):
        same(tables, 3, {"a": {"adverts": 2}}, "three")


@settings(max_examples=5)
@given(st.integers(0, 2**32))
def test_the_stream_is_like_a_real_one(seed: int) -> None:
    """Each role is said in rising revisions, found first; many boroughs and standard roles; the same seed says the same."""
    said: Any = list(events(150, seed=seed))
    roles: dict[str, int] = {}
    for one in said:
        assert one.event.role.revision == roles.get(one.subject, 0) + 1
        roles[one.subject] = one.event.role.revision
    assert len(roles) == 150 < len(said) == len({one.id for one in said})
    assert len({gss.gss for one in said for gss in one.event.role.authorities}) > 25
    assert said == list(events(150, seed=seed))
