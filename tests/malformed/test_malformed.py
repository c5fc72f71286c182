"""Whatever comes in malformed is taken for what it is, passed over, refused or parked with a reason; nothing crashes.

`make malformed` sends a hundred thousand; here it is a part of them, with another seed.
"""

from tests.malformed.outcomes import Boundary, Outcome
from tests.malformed.sending import bad, boundaries, send, table
from tests.malformed.sweeping import sweep
from tests.malformed.worlds import hearing
from tests.servers import Postgres

_INPUTS = 1_500


async def test_nothing_malformed_crashes_anything(postgres: Postgres) -> None:
    """Over every boundary: messages, documents, files, mails, answers, requests."""
    async with boundaries(postgres) as all_:
        found = await send(all_, inputs=_INPUTS, seed=1)
    assert bad(found) == 0, table(found)
    assert all(sum(one.counts.values()) for one in found.values())
    for word in ("taken", "refused", "parked", "passed over"):
        assert any(one.counts[word] for one in found.values()), word


async def test_no_day_and_no_number_is_too_much(postgres: Postgres) -> None:
    """One in the place of every leaf of every example, the first and the last day that there are among them, which a database
    takes for infinity: taken, or parked with a reason that somebody thought of."""
    async with hearing(postgres) as all_:
        found = {
            one.service.name: await sweep(one, (10**30, "9999-12-31", "0001-01-01T00:00:00Z")) for one in all_
        }
    assert bad(found) == 0, table(found)


async def test_what_crashes_is_found() -> None:
    """An error that comes through, and one that nobody thought of, are counted and shown."""

    async def send_one(chance: object) -> tuple[Outcome, bytes]:
        return Outcome("crashed", "KeyError: x"), b"<input>"

    found = await send([Boundary("a door", 1, send_one)], inputs=3, seed=0)
    assert bad(found) == 3
    assert "KeyError: x" in table(found)
    assert "<input>" in table(found)
