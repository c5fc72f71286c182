import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loti_contracts.events import Role, Subscription
from services.notify.telling.audience import Reader, wanting
from services.notify.telling.keys import keys
from services.notify.telling.news import news
from services.notify.things import Thing
from tests.notify.making import CAMDEN, role
from tests.notify.telling.drawn import roles, subscriptions, things


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.lists(subscriptions(), max_size=2), min_size=6, max_size=6),
    st.lists(things(), min_size=4),
    roles(),
)
async def test_whoever_wants_a_thing_is_found_by_its_keys(
    tx: Any, chosen: list[list[Subscription]], found: list[Thing], of: Role
) -> None:
    """The database's keys of a choice meet the keys of everything that the choice wants: looking for readers by key loses
    none of those whom the pure rule tells."""
    dumped = [json.dumps([one.model_dump(mode="json") for one in each]) for each in chosen]
    its_keys = await tx.fetch("SELECT wanted_keys(one) AS keys FROM unnest($1::jsonb[]) AS one", dumped)
    for each, row in zip(chosen, its_keys, strict=True):
        reader = Reader("contact-1", tuple(each), True, CAMDEN, ("LOTI staff",))
        for thing in found:
            one = news(thing, of)
            assert one is not None
            assert not wanting(reader, one) or set(keys(one)) & set(row["keys"])


async def test_a_key_finds_few_of_many(tx: Any) -> None:
    """Who asked for certain roles is not looked at for another role: that is what keys are for."""
    narrow = [Subscription(topic="new role", standard_roles=("User researcher",), boroughs=(CAMDEN,))]
    its_keys = await tx.fetchval(
        "SELECT wanted_keys($1)", json.dumps([one.model_dump(mode="json") for one in narrow])
    )
    one = news(role())
    assert one is not None
    assert its_keys == ["new role|standard_roles|User researcher"]
    assert not set(its_keys) & set(keys(one))
    assert await tx.fetchval("SELECT wanted_keys('[]')") == []
    assert await tx.fetchval("""SELECT wanted_keys('[{"topic": "new role"}]')""") == ["new role|*"]
