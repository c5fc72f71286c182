"""Every fault that the sample boards can be made to have, over real sockets, with the real fetcher and readers: a clear
reason for what could not be read, everything else read, and nobody hurt."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest

from deploy.local.boards.faults import BOMB, FAULTS, NOWHERE
from deploy.local.boards.server import create_app, serving
from loti_contracts.delivery import guarded_http
from services.ingest.boards.snapshot import Snapshot
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.politeness import Politeness
from services.ingest.reading import read_role
from services.ingest.snapshot import take_snapshot
from tests.ingest.faulty_world import LINKLESS, NOW, PAGED, READ, Outcome, World, nothing_follows, titles


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """The boards as they look on that day."""
    async with (
        serving(create_app(NOW.date())) as base,
        Fetcher(user_agent="tests", timeout=3, max_bytes=5_000_000, allow_private=True) as fetcher,
    ):
        yield World(base, fetcher)


async def test_every_fault_says_what_it_does(world: World) -> None:
    """The table is served as it stands, so that nobody need read the source to use it."""
    async with httpx2.AsyncClient(verify=False) as client:
        told = (await client.get(f"{world.base}/control/faults")).json()
        page = (await client.get(f"{world.base}/")).text
    assert told == {name: fault.what for name, fault in FAULTS.items()}
    assert all(f"<code>{name}</code>" in page for name in told)


@pytest.mark.parametrize("kind", READ)
async def test_nothing_that_hides_a_board_passes_for_an_empty_one(world: World, kind: str) -> None:
    """An empty body, half a page, a login page, an error: each has its reason, and no reading that is whole."""
    for fault in ("empty", "truncated", "login"):
        nothing_follows(await world.read(kind, fault))
    assert "Sign in" in nothing_follows(await world.read(kind, "login"))
    for status in (404, 429, 500, 503):
        assert f"status {status}" in nothing_follows(await world.read(kind, status=status))
    await world.whole(kind)


@pytest.mark.parametrize("kind", READ)
async def test_bombs_are_not_set_off(world: World, kind: str) -> None:
    """Tags 200,000 deep, entities that name one another, 100 MB in 100 kB: a reason, or the rest read; nothing leaks."""
    before = titles(await world.whole(kind))
    assert "after decompression" in nothing_follows(await world.read(kind, "bomb"))
    for fault in ("nested", "entities"):
        found = await world.read(kind, fault)
        if isinstance(found, Snapshot):
            assert len(found.postings) <= len(before)
            text = " ".join(f"{posting.title} {posting.description}" for posting in found.postings)
            assert "haha" not in text
            assert "root:" not in text
            assert found.why_incomplete or len(found.postings) == len(before)
    assert titles(await world.whole(kind)) == before


async def test_the_bomb_is_small_on_the_wire(world: World) -> None:
    """What is sent is a thousandth of what it becomes."""
    source = world.source("rss")
    await world.put({"answer": {"fault": "bomb"}}, source.id)
    async with httpx2.AsyncClient(verify=False) as client, client.stream("GET", str(source.url)) as answer:
        sent = sum([len(part) async for part in answer.aiter_raw()])
    assert sent < BOMB / 500


@pytest.mark.parametrize("kind", READ)
async def test_another_charset_than_declared_loses_no_advert(world: World, kind: str) -> None:
    """Windows-1252 that says it is UTF-8: every advert is there, or it is said why not."""
    before = await world.whole(kind)
    found = await world.read(kind, "charset")
    if isinstance(found, Snapshot) and found.why_incomplete is None:
        assert {posting.key for posting in found.postings} == {posting.key for posting in before}
    else:
        nothing_follows(found)


@pytest.mark.parametrize("kind", READ)
async def test_an_advert_that_is_there_twice_is_one(world: World, kind: str) -> None:
    """Each key once, as without the fault."""
    before = await world.whole(kind)
    found = await world.read(kind, "duplicated")
    assert isinstance(found, Snapshot)
    assert sorted(posting.key for posting in found.postings) == sorted(posting.key for posting in before)


@pytest.mark.parametrize("kind", READ)
async def test_changed_ids_are_other_postings_with_the_same_titles(world: World, kind: str) -> None:
    """Every key and address is new; the adverts are all there."""
    before, after = await world.whole(kind), await world.whole(kind, "changed_ids")
    assert titles(after) == titles(before)
    assert not {posting.key for posting in after} & {posting.key for posting in before}


@pytest.mark.parametrize("kind", PAGED)
async def test_a_page_missing_from_the_middle_is_noticed(world: World, kind: str) -> None:
    """The second page of three is 404: what stands on the others is read, and the board is not whole."""
    board = world.source(kind).id
    row = {"employer": "E", "authority": "E09000001", "location": "London", "description": "You will work."}
    added = [{**row, "id": f"more-{place}", "title": f"Data Engineer {place}"} for place in range(110)]
    await world.put({"add": added}, board)
    everything = len(await world.whole(kind))
    found = await world.read(kind, "missing_page")
    assert isinstance(found, Snapshot)
    assert 0 < len(found.postings) < everything
    nothing_follows(found)


@pytest.mark.parametrize("kind", READ)
async def test_a_price_that_is_no_number_is_no_price(world: World, kind: str) -> None:
    """NaN stays on its own advert, which is a role without an amount; the others are as they were."""
    before = {posting.key: posting for posting in await world.whole(kind)}
    after = {posting.key: posting for posting in await world.whole(kind, "nan")}
    assert after.keys() == before.keys()
    assert sum(after[key] != before[key] for key in before) <= 1
    for key, posting in after.items():
        role = read_role(replace(posting, title="Data Engineer"), world.source(kind), now=NOW)
        assert role is not None
        if after[key] != before[key]:
            assert role.pay is None or role.pay.minimum is None


@pytest.mark.parametrize("kind", READ)
async def test_script_in_titles_is_only_text(world: World, kind: str) -> None:
    """No tag of it is left, and the rest of each title is."""
    before, after = await world.whole(kind), await world.read(kind, "script")
    if not isinstance(after, Snapshot):
        nothing_follows(after)
        return
    assert not [posting.title for posting in after.postings if "<" in posting.title]
    endings = [posting.title.removeprefix("alert(1)").strip() for posting in after.postings]
    if after.why_incomplete is None:
        assert sorted(endings) == titles(before)


@pytest.mark.parametrize("kind", [kind for kind in READ if kind not in LINKLESS])
async def test_a_javascript_link_is_refused_and_the_rest_is_read(world: World, kind: str) -> None:
    """One advert refused with what would put it right, or missed by the board's own count; the others are read."""
    before = await world.whole(kind)
    found = await world.read(kind, "javascript")
    assert isinstance(found, Snapshot)
    assert len(found.postings) == len(before) - 1
    assert [posting.url for posting in found.postings if not posting.url.startswith("http")] == []
    why = nothing_follows(found)
    refused = " ".join(refused.why for refused in found.refused)
    assert "not an http or https address" in refused or "counts" in why


@pytest.mark.parametrize("kind", ["rss", "jsonld"])
async def test_faults_on_the_way_have_their_names(world: World, kind: str) -> None:
    """A loop of redirects, a drip that does not end, a door to somewhere else in the house."""
    expected = {"redirect_loop": "redirects", "slow": "timeout", "redirect_private": "connection"}
    async with Fetcher(
        user_agent="tests", timeout=0.5, max_bytes=5_000_000, allow_private=True
    ) as in_a_hurry:
        for fault, what in expected.items():
            reader = World(world.base, in_a_hurry) if fault == "slow" else world
            found = await reader.read(kind, fault)
            assert isinstance(found, FetchFailed)
            assert found.what == what, found


async def test_a_redirect_to_a_private_address_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the boards' own address counted as public, the one that they redirect to is not reached."""
    monkeypatch.setattr(guarded_http, "is_public", lambda ip: ip == "127.0.0.1")
    manners = Politeness(interval=0, robots=False)
    async with Fetcher(
        user_agent="tests", timeout=3, max_bytes=5_000_000, allow_private=False, politeness=manners
    ) as careful:
        found = await World(world.base, careful).read("rss", "redirect_private")
    assert isinstance(found, FetchFailed)
    assert (found.what, found.url) == ("refused_address", NOWHERE)


async def test_retry_after_is_passed_on(world: World) -> None:
    """503 and 429 say when to come back."""
    for status in (429, 503):
        found = await world.read("rss", status=status, retry_after=120)
        assert isinstance(found, FetchFailed)
        assert (found.status, found.retry_after) == (status, 120)


async def test_robots_that_refuse_are_obeyed(world: World) -> None:
    """By one board, or by the whole server, while robots.txt can be had and while it cannot: not asked, and why."""
    manners = Politeness(interval=0, robots=True, rests=False)

    async def polite(kind: str = "rss") -> Outcome:
        async with Fetcher(
            user_agent="tests", timeout=3, max_bytes=5_000_000, allow_private=True, politeness=manners
        ) as fetcher:
            try:
                found = await take_snapshot(fetcher, world.source(kind), etag=None, last_modified=None)
            except FetchFailed as error:
                return error
            assert isinstance(found, Snapshot)
            return found

    assert isinstance(await polite(), Snapshot)
    await world.put({"answer": {"fault": "robots"}}, world.source("rss").id)
    found = await polite()
    assert isinstance(found, FetchFailed)
    assert found.what == "robots"
    assert isinstance(await polite("jsonld"), Snapshot), "the other boards are as they were"
    await world.put({"text": "User-agent: *\nDisallow: /\n"}, "robots")
    assert isinstance(await polite("jsonld"), FetchFailed)
    await world.put({"status": 503}, "robots")
    assert isinstance(await polite("jsonld"), FetchFailed)
    await world.put(None, "robots")
    assert isinstance(await polite("jsonld"), Snapshot)


async def test_a_fault_meets_whom_it_should(world: World) -> None:
    """The first few requests, a share that is the same each time, or those whose address says so."""
    board = world.source("jsonld").id
    url = str(world.source("jsonld").url)

    async def statuses(wish: object, urls: list[str]) -> list[int]:
        await world.put({"answer": wish}, board)
        async with httpx2.AsyncClient(verify=False) as client:
            return [(await client.get(each)).status_code for each in urls]

    assert await statuses({"status": 500, "times": 2}, [url] * 4) == [500, 500, 200, 200]
    assert await statuses({"status": 500, "path": "page=2"}, [url, url + "?page=2"]) == [200, 500]
    both = [{"status": 503, "times": 1}, {"status": 429, "path": "?page"}]
    assert await statuses(both, [url, url, url + "?page=2"]) == [503, 200, 429]
    some = await statuses({"status": 500, "share": 0.5, "seed": 7}, [url] * 40)
    assert 10 <= some.count(500) <= 30
    assert await statuses({"status": 500, "share": 0.5, "seed": 7}, [url] * 40) == some
    assert await statuses(None, [url]) == [200]


async def test_what_went_wrong_is_never_taken_for_known(world: World) -> None:
    """A faulty answer has no validators, whatever the asker knows: it is not 304, and leaves none behind."""
    url = str(world.source("rss").url)
    async with httpx2.AsyncClient(verify=False) as client:
        good = await client.get(url)
        await world.put({"answer": {"fault": "charset"}}, world.source("rss").id)
        bad = await client.get(url, headers={"If-None-Match": good.headers["etag"]})
    assert bad.status_code == 200
    assert "etag" not in bad.headers
    assert "last-modified" not in bad.headers
