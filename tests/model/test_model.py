"""The model of outbox, relay, inbox and consumer, in short: the code as it is, and a few bugs that it must find.

`make model` runs it at length, with every bug.
"""

import asyncio

import pytest

from tests.model.checking import Said, findings
from tests.model.mutants import MUTANTS
from tests.model.trying import copy_with, run_with
from tests.servers import Kafka, Postgres

SAID = {"a1": Said("a", 1, False), "a2": Said("a", 2, False), "b1": Said("b", 1, True)}
TOPIC = [("a", "a1"), ("b", "b1"), ("a", "a2")]
EFFECTS = [("a1", "a", 1), ("a2", "a", 2)]

pytestmark = pytest.mark.xdist_group("servers")


async def test_whoever_is_killed_paused_or_replaced_each_event_has_its_effect_once_and_in_order(
    kafka: Kafka, postgres: Postgres
) -> None:
    """A few runs over the real code, a real broker and a real database."""
    servers = {"LOTI_TEST_KAFKA": kafka.bootstrap, "LOTI_TEST_POSTGRES": postgres.dsn}
    found = await asyncio.to_thread(run_with, None, examples=4, steps=12, seed=1, servers=servers)
    assert found["found"] is None
    assert found["steps"] >= 20


@pytest.mark.parametrize("what", ["publishes without leading"])
async def test_a_bug_is_found(kafka: Kafka, postgres: Postgres, what: str) -> None:
    """The same runs over a copy of the code with that bug."""
    (mutant,) = [one for one in MUTANTS if one.what == what]
    servers = {"LOTI_TEST_KAFKA": kafka.bootstrap, "LOTI_TEST_POSTGRES": postgres.dsn}
    found = await asyncio.to_thread(run_with, mutant, examples=30, steps=15, seed=1, servers=servers)
    assert found["found"] is not None


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.part} {one.what}")
def test_every_bug_still_has_its_place(mutant: object) -> None:
    """The code that it changes is there, exactly once: a bug that changes nothing proves nothing."""
    with copy_with(mutant) as code:  # type: ignore[arg-type]
        assert (code / "loti_contracts" / mutant.file).read_text().count(mutant.after)  # type: ignore[attr-defined]


def test_a_right_end_has_no_findings() -> None:
    """Also where a relay that was killed said the same once more."""
    again = [*TOPIC, *TOPIC]
    assert findings(committed=SAID, on_topic=again, effects=EFFECTS, parked=["b1"]) == []


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"on_topic": TOPIC[:2]}, "lost on its way"),
        ({"on_topic": [*TOPIC, ("c", "c1")]}, "rolled back"),
        ({"on_topic": [TOPIC[2], TOPIC[1], TOPIC[0]]}, "is said after"),
        ({"on_topic": [*TOPIC, TOPIC[0]]}, "ends with revision 1"),
        ({"effects": EFFECTS[:1]}, "without its effect"),
        ({"effects": [*EFFECTS, EFFECTS[1]]}, "twice"),
        ({"effects": EFFECTS[::-1]}, "is handled after"),
        ({"effects": [*EFFECTS, ("x", "x", 1)]}, "nobody said it"),
        ({"effects": [*EFFECTS, ("b1", "b", 1)]}, "though it is poison"),
        ({"parked": []}, "not set aside"),
        ({"parked": ["b1", "b1"]}, "set aside twice"),
        ({"parked": ["b1", "a1"]}, "without need"),
    ],
)
def test_each_kind_of_wrong_end_is_found(wrong: dict[str, list[object]], what: str) -> None:
    """The checker sees a seeded fault of each kind."""
    right = {"on_topic": TOPIC, "effects": EFFECTS, "parked": ["b1"]}
    found = findings(committed=SAID, **right | wrong)  # type: ignore[arg-type]
    assert any(what in one for one in found), found
