"""Boards that fail, shrink or go away under polling, with a real database: nothing is closed that is not gone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.ingest import visiting
from services.ingest.fetch import Fetched, FetchFailed
from services.ingest.sources import Source
from tests.ingest.polling_world import (
    ADVERTS,
    DIGITAL,
    EVERY,
    NOW,
    Fetching,
    World,
)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"status": 500}, "status 500"),
        ({"status": 404}, "status 404"),
        ({"body": "empty"}, "an empty body"),
        ("login", "Sign in"),
    ],
)
async def test_a_board_that_cannot_be_read_closes_nothing(world: World, fault: Any, told: str) -> None:
    """An error, an empty body or a login page: nothing is said, the failure is kept, the next poll is later and
    later, at most a day away; when the board is back all is as it was."""
    before = await world.stored()
    if fault == "login":
        world.door.login = True
    else:
        await world.change({"answer": fault})
    waits = []
    for number in range(1, 9):
        assert await world.poll() == []
        source = await world.source()
        assert source["failures"] == number
        assert source["last_outcome"].startswith("failed: ")
        assert told in source["last_outcome"]
        waits.append(source["wait"])
    assert waits[0] > 1.5 * EVERY
    assert all(later > 1.2 * sooner for sooner, later in pairwise(waits[:5]))
    assert 12 * 3600 < waits[-1] <= 24 * 3600
    ((kind, state, _),) = await world.told_of_sources()
    assert (kind, state.status, state.failures) == ("failing", "failing", 3)
    assert "127.0.0.1" not in state.why
    assert await world.stored() == before
    world.door.login = False
    await world.change({"answer": None})
    assert await world.poll() == []
    source = await world.source()
    assert (source["failures"], source["wait"] < 1.3 * EVERY) == (0, True)
    *_, (kind, state, changed) = await world.told_of_sources()
    assert (kind, state.status, state.failures, state.revision) == ("recovered", "working", 0, 2)
    assert set(changed) == {"status", "last_good_at", "failures", "why"}


async def test_a_board_cut_in_half_closes_nothing(world: World) -> None:
    """A truncated page may leave out any advert: nothing is said however often it comes."""
    await world.change({"answer": {"body": "truncated"}})
    for _ in range(6):
        assert await world.poll() == []
        assert "stops before" in (await world.source())["last_outcome"] or (await world.source())["failures"]
    await world.change({"answer": None})
    assert await world.poll() == []


async def test_an_emptied_board_is_doubted_before_it_is_believed(world: World) -> None:
    """A well-formed list with nothing in it, and adverts' pages that tell nothing: doubted twice, believed the third
    time, closed the fourth; back in between, nothing had happened."""
    every = [advert.id for advert in ADVERTS if advert.board == "camden"]
    fetch = world.polling.fetcher.fetch

    async def telling_nothing(url: str, **conditions: Any) -> Any:
        try:
            return await fetch(url, **conditions)
        except FetchFailed:
            return Fetched(url, b"<h1>Jobs with us</h1>", "text/html", None, None)

    blind = replace(world.polling, fetcher=Fetching(telling_nothing))
    for _ in range(2):
        await world.change({"remove": every})
        assert await world.poll(blind) == []
        assert await world.poll(blind) == []
        await world.change({"reset": True})
        assert await world.poll(blind) == []
    await world.change({"remove": every})
    for _ in range(3):
        assert await world.poll(blind) == []
    told = await world.poll(blind)
    assert {kind for kind, _, _ in told} == {"closed"}
    assert {role.id for _, role, _ in told} == set(await world.stored())


async def test_what_the_adverts_own_pages_say_counts(world: World) -> None:
    """Gone from the list, a role stays open while its own page shows it; once that answers 404 it is closed at the
    second look, even when the whole list is empty."""
    every = [advert.id for advert in ADVERTS if advert.board == "camden"]
    pages = {role.links[0]: role.title for role in (await world.stored()).values()}
    fetch = world.polling.fetcher.fetch

    async def still_there(url: str, **conditions: Any) -> Any:
        if url in pages:
            return Fetched(url, f"<h1>{pages[url]}</h1>".encode(), "text/html", None, None)
        return await fetch(url, **conditions)

    await world.change({"remove": every})
    for _ in range(5):
        assert await world.poll(replace(world.polling, fetcher=Fetching(still_there))) == []
    told = await world.poll()
    assert {(kind, role.closed_because) for kind, role, _ in told} == {("closed", "withdrawn")}
    assert {role.id for _, role, _ in told} == set(await world.stored())


@pytest.mark.parametrize("fault", [{"status": 500}, None])
async def test_a_closing_date_passes_whatever_the_board_says(world: World, fault: Any) -> None:
    """The day after its closing date a role is closed as expired, though the board is away or unchanged."""
    name = next(iter(DIGITAL))
    await world.change({"replace": [{"id": name, "closes": "2026-08-28"}]})
    ((kind, role, _),) = await world.poll(replace(world.polling, whole_every=0))
    assert kind == "changed"
    assert role.closes_on is not None
    await world.change({"answer": fault})
    kinds = []
    for day in (role.closes_on, role.closes_on + timedelta(days=1), role.closes_on + timedelta(days=2)):
        then = datetime.combine(day, time(12), tzinfo=UTC)
        told = await world.poll(replace(world.polling, clock=lambda then=then: then))
        kinds.append([(kind, said.closed_because) for kind, said, _ in told if said.id == role.id])
    assert kinds == [[], [("closed", "expired")], []]
    assert await world.stored() == await world.last_said()


async def test_a_board_that_brings_a_bug_to_light_stops_no_other(
    everything: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one board's content cannot be handled at all, that is its failure; the others are said."""
    real = visiting.read_snapshot

    def stumbling(snapshot: Any, source: Source, **given: Any) -> Any:
        if source.id == "camden":
            raise ZeroDivisionError("a bug")
        return real(snapshot, source, **given)

    monkeypatch.setattr(visiting, "read_snapshot", stumbling)
    told = await everything.poll()
    assert {role.source for _, role, _ in told} >= {"hackney", "southwark", "westminster"}
    source = await everything.source()
    assert (source["failures"], source["last_outcome"]) == (1, "failed: a bug")


async def test_what_changes_back_is_noticed(world: World) -> None:
    """An advert that was seen changed on a half-read board and is as before on the next reading is said as before:
    what the board said when it was last whole does not pass for known."""
    name = "research-data-manager"
    await world.change({"replace": [{"id": name, "title": "Lead research data manager"}]})
    last = [advert.id for advert in ADVERTS if advert.board == "camden"][-1]
    fetch = world.polling.fetcher.fetch

    async def losing_one(url: str, **conditions: Any) -> Any:
        if url.endswith(last):
            return await fetch(f"{url}-gone")
        return await fetch(url, **conditions)

    lossy = replace(world.polling, fetcher=Fetching(losing_one), whole_every=0)
    assert [(kind, role.title) for kind, role, _ in await world.poll(lossy)] == [
        ("changed", "Lead research data manager")
    ]
    assert "incomplete" in (await world.source())["last_outcome"]
    await world.change({"reset": True})
    told = await world.poll()
    assert [(kind, role.title) for kind, role, _ in told] == [("changed", DIGITAL[name].title)]


async def test_a_board_off_the_list_loses_its_roles_by_the_calendar(world: World) -> None:
    """Nothing polls it any more: its roles stay until their closing dates, and are closed then, once."""
    dated = {id_: role for id_, role in (await world.stored()).items() if role.closes_on}
    assert dated
    off = replace(world.polling, sources={}, clock=lambda: NOW + timedelta(days=400))
    for expected in (set(dated), set()):
        await off.turn_the_calendar(world.pool)
        told = await world.said()
        assert {role.id for _, role, _ in told} == expected
        assert {role.closed_because for _, role, _ in told} <= {"expired"}
    assert await world.stored() == await world.last_said()
