"""The sample boards: real facts, read completely by the adapters, alive on any day, changeable while they run."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.boards.adverts import SNAPSHOT, as_of, load, weeks_since_snapshot
from deploy.local.boards.faces import FACES
from deploy.local.boards.feeds import vacancy_number
from deploy.local.boards.listed import PLAIN, address, sources
from deploy.local.boards.server import create_app, serving
from services.ingest.boards import KINDS, READERS, BoardPage, NotABoard, Posting
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified

BOARDS, ADVERTS = load()
TODAY = date(2027, 1, 6)


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """The boards as they look on TODAY."""
    async with serving(create_app(TODAY)) as address:
        yield address


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A client that may reach this machine."""
    async with Fetcher(user_agent="tests", timeout=10, max_bytes=5_000_000, allow_private=True) as client:
        yield client


def plain(server: str) -> dict[str, dict[str, str]]:
    """Every board's plain face, by board id: what is listed where no vendor's kind is read."""
    return {source["id"]: source for source in sources(BOARDS, server, PLAIN)}


async def change(server: str, board: str, wish: object) -> int:
    """Change a board; gives the status."""
    async with httpx2.AsyncClient(verify=False) as client:
        return (await client.put(f"{server}/control/{board}", json=wish)).status_code


async def read(fetcher: Fetcher, kind: str, url: str) -> BoardPage:
    """One page as its adapter reads it."""
    found = await fetcher.fetch(url)
    assert isinstance(found, Fetched)
    return READERS[kind](found.body, base_url=found.url, content_type=found.content_type)


async def read_all(fetcher: Fetcher, kind: str, url: str) -> list[Posting]:
    """A board's postings over all its pages, each of which must be complete."""
    postings: list[Posting] = []
    following: str | None = url
    while following:
        page = await read(fetcher, kind, following)
        assert page.complete, page.why_incomplete
        postings += page.postings
        for detail in page.detail_urls:
            alone = await read(fetcher, kind, detail)
            assert alone.complete, alone.why_incomplete
            postings += alone.postings
        following = page.next_url
    return postings


async def test_every_board_is_read_completely(server: str, fetcher: Fetcher) -> None:
    """Each board, whatever its look, gives exactly its adverts: title, employer, place, pay, dates and text."""
    listed = plain(server)
    for board in BOARDS:
        postings = await read_all(fetcher, listed[board.id]["kind"], listed[board.id]["url"])
        expected = {a.id: as_of(a, TODAY) for a in ADVERTS if a.board == board.id}
        assert Counter(p.url.rpartition("/")[2] for p in postings) == Counter(expected.keys())
        for posting in postings:
            advert = expected[posting.url.rpartition("/")[2]]
            assert (posting.title, posting.employer) == (advert.title, advert.employer)
            assert set(re.findall(r"\w+", advert.location)) == set(re.findall(r"\w+", posting.location or ""))
            assert advert.description in (posting.description or "")
            assert bool(posting.closes) == bool(advert.closes and board.look != "eploy"), posting
            assert bool(posting.posted) == bool(advert.posted)
            told = posting.pay_text or str(posting.pay_structured or "")
            assert [float(n) for n in _figures(told)] == [float(n) for n in _figures(advert.pay or "")], (
                posting
            )
            assert re.search(rf"\b{vacancy_number(advert)}$", posting.key), (
                "the key holds on any host and port"
            )


async def test_a_board_is_listed_once_under_a_kind_that_is_read(server: str) -> None:
    """/sources.json names only registered kinds; a vendor's face is listed once its kind is read, and not before."""
    async with httpx2.AsyncClient(verify=False) as client:
        listed = (await client.get(f"{server}/sources.json")).json()
    assert [source["id"] for source in listed] == [board.id for board in BOARDS]
    assert {source["kind"] for source in listed} <= set(KINDS)
    for source, board in zip(listed, BOARDS, strict=True):
        assert source["kind"] == (board.face if board.face in KINDS else board.kind)
        assert source["url"] == address(board, source["kind"], server)
    assert {source["kind"] for source in plain(server).values()} == set(PLAIN)
    every = sources(BOARDS, server, {*PLAIN, *FACES})
    assert len({source["kind"] for source in every}) >= 9, "the boards differ from one another"


def _figures(pay: str) -> list[str]:
    return [figure.replace(",", "").rstrip(".") for figure in re.findall(r"\d[\d,]*(?:\.\d+)?", pay)]


def test_the_adverts_are_enough_and_honest() -> None:
    """At least 25 digital and 30 other London jobs on ten boards, both kinds, each row with its source and borough."""
    assert len(BOARDS) == 10
    assert Counter(board.kind for board in BOARDS) == {"rss": 5, "jsonld": 5}
    assert sum(advert.digital is True for advert in ADVERTS) >= 25
    assert sum(advert.digital is False for advert in ADVERTS) >= 30
    where = {board.id: set(board.authorities) for board in BOARDS}
    for advert in ADVERTS:
        assert advert.seen_at, advert.id
        assert advert.authority in where[advert.board], advert.id
        assert len(advert.description) > 40, advert.id
    numbers = Counter(vacancy_number(advert) for advert in ADVERTS)
    assert max(numbers.values()) == 1


def test_several_boroughs_look_for_the_same_standard_role() -> None:
    """Database people and chief digital officers are wanted in at least three boroughs, with pay printed."""
    for words in (r"\b(DBA|Database)\b", r"\b(Chief Digital|CDIO|Chief Clinical Information)\b"):
        wanted = {
            advert.authority
            for advert in ADVERTS
            if re.search(words, advert.title) and re.search(r"\d", advert.pay or "")
        }
        assert len(wanted) >= 3, words


@given(st.dates(date(2026, 8, 22), date(2040, 1, 1)))
def test_dates_move_by_whole_weeks(today: date) -> None:
    """On any day all dates have moved by one number of whole weeks: weekdays stay, nothing is posted in the future."""
    weeks = timedelta(weeks=weeks_since_snapshot(today))
    assert timedelta(0) <= today - (SNAPSHOT + weeks) < timedelta(days=7)
    for advert in ADVERTS:
        moved = as_of(advert, today)
        for before, after in ((advert.posted, moved.posted), (advert.closes, moved.closes)):
            assert (before is None) == (after is None)
            if before is not None and after is not None:
                assert datetime.fromisoformat(after) - datetime.fromisoformat(before) == weeks
        if moved.posted:
            assert date.fromisoformat(moved.posted) <= today


def test_on_the_snapshot_day_nothing_moves() -> None:
    """As printed is as printed; earlier days move nothing back."""
    assert [as_of(advert, SNAPSHOT) for advert in ADVERTS] == list(ADVERTS)
    assert weeks_since_snapshot(date(2020, 1, 1)) == 0


async def test_pages_answer_304_until_they_change(server: str, fetcher: Fetcher) -> None:
    """ETag and Last-Modified hold for list, feed and detail pages until an advert changes."""
    listed = plain(server)
    pages = [
        listed["southwark"]["url"],
        listed["camden"]["url"],
        f"{server}/camden/jobs/research-data-manager",
    ]
    for url in pages:
        first = await fetcher.fetch(url)
        assert isinstance(first, Fetched)
        assert isinstance(await fetcher.fetch(url, etag=first.etag), NotModified)
        assert isinstance(await fetcher.fetch(url, last_modified=first.last_modified), NotModified)
    first = await fetcher.fetch(pages[0])
    assert isinstance(first, Fetched)
    assert await change(server, "southwark", {"remove": ["hr-officer"]}) == 204
    assert isinstance(await fetcher.fetch(pages[0], etag=first.etag), Fetched)
    assert isinstance(await fetcher.fetch(pages[0], last_modified=first.last_modified), Fetched)


@pytest.mark.parametrize("board", ["hackney", "richmond-wandsworth"])
async def test_a_board_can_be_changed_while_it_runs(server: str, fetcher: Fetcher, board: str) -> None:
    """Adverts can be added, replaced and removed; reset brings the file back."""
    source = plain(server)[board]
    before = await read_all(fetcher, source["kind"], source["url"])
    victim = before[0].url.rpartition("/")[2]
    extra = {
        "id": "service-designer", "title": "Service Designer <b>& co</b>", "employer": "E", "location": "London, E8 1EA",
        "authority": "E09000012", "description": "You will design.", "pay": "£50,000", "closes": "2026-09-01",
    }  # fmt: skip
    wish = {
        "add": [extra],
        "replace": [{"id": before[1].url.rpartition("/")[2], "pay": "£1"}],
        "remove": [victim],
    }
    assert await change(server, board, wish) == 204
    after = await read_all(fetcher, source["kind"], source["url"])
    assert {p.title for p in after} == {p.title for p in before[1:]} | {"Service Designer & co"}
    assert next(p.pay_text for p in after if p.key == before[1].key) == "£1"
    assert await change(server, board, {"reset": True}) == 204
    assert await read_all(fetcher, source["kind"], source["url"]) == before


async def test_wishes_that_make_no_sense_change_nothing(server: str) -> None:
    """A bad wish is answered 400 and nothing of it is done."""
    first = next(advert for advert in ADVERTS if advert.board == "hackney")
    wishes: tuple[object, ...] = (
        [], {"delete": []}, {"add": [{"id": "x"}]}, {"remove": "x"}, {"remove": [first.id, "x"]}, {"answer": {"status": 5}},
        {"answer": {"fault": "fire"}},
        {"answer": {"fault": "empty", "share": 2}}, {"answer": {"times": -1}}, {"answer": {"when": "now"}},
        {"replace": [{"id": first.id, "closes": "soon"}]}, {"replace": [{"id": first.id, "wages": "1"}]}, {"add": [{"id": first.id}]},
    )  # fmt: skip
    for wish in wishes:
        assert await change(server, "hackney", wish) == 400, wish
    assert await change(server, "nowhere", {}) == 404
    async with httpx2.AsyncClient(verify=False) as client:
        assert (await client.get(f"{server}/hackney/jobs/{first.id}")).status_code == 200


@pytest.mark.parametrize("board", ["southwark", "westminster"])
async def test_faults_come_on_request(server: str, fetcher: Fetcher, board: str) -> None:
    """A 500, an empty body and a truncated one: each is noticed for what it is, none looks like an empty board."""
    source = plain(server)[board]
    await change(server, board, {"answer": {"status": 500}})
    with pytest.raises(FetchFailed, match="status 500"):
        await fetcher.fetch(source["url"])
    await change(server, board, {"answer": {"body": "empty"}})
    with pytest.raises(NotABoard, match="an empty body"):
        await read(fetcher, source["kind"], source["url"])
    await change(server, board, {"answer": {"body": "truncated"}})
    assert not (await read(fetcher, source["kind"], source["url"])).complete
    await change(server, board, {"answer": None})
    assert (await read(fetcher, source["kind"], source["url"])).complete


async def test_the_log_tells_who_asked_for_what(server: str, fetcher: Fetcher) -> None:
    """Path, headers of interest and status of each request, without the control requests; it can be emptied."""
    await fetcher.fetch(f"{server}/hackney/feed.xml", etag='"x"')
    await change(server, "hackney", {})
    async with httpx2.AsyncClient(verify=False) as client:
        (entry,) = (await client.get(f"{server}/control/log")).json()
        assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/hackney/feed.xml", 200)
        assert entry["headers"]["if-none-match"] == '"x"'
        assert entry["headers"]["user-agent"] == "tests"
        await client.delete(f"{server}/control/log")
        assert (await client.get(f"{server}/control/log")).json() == []


async def test_people_see_what_the_boards_are(server: str) -> None:
    """Every page says that it is a sample; the index links to all boards; unknown pages are 404."""
    async with httpx2.AsyncClient(verify=False) as client:
        index = (await client.get(f"{server}/")).text
        for board in BOARDS:
            assert f'href="/{board.id}/"' in index
            shown = (await client.get(f"{server}/{board.id}/")).text
            assert (
                "Sample board with public facts of real adverts as at August 2026; not the council&#39;s own site"
                in shown
            )
        assert (await client.get(f"{server}/health")).json() == {"status": "ok", "boards": 10}
        for path in (
            "/nowhere/",
            "/camden/feed.xml",
            "/camden/?page=99",
            "/camden/?page=x",
            "/camden/jobs/none",
            "/camden/as/nothing/",
            "/camden/as/eploy/none",
        ):
            assert (await client.get(server + path)).status_code == 404, path
