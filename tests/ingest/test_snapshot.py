"""Taking a snapshot over real sockets: pages and details are followed, every gap is noted, and it always ends."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from deploy.local.boards.server import serving
from services.ingest.boards import NotABoard
from services.ingest.boards.adapter import MOST_PAGES
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.fetch import Fetcher, FetchFailed
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source

LOGIN = "<html><head><title>Sign in</title></head><body><form>Password</form></body></html>"


class Site:
    """Pages by path with query; each is text, or a whole response. Anything else is 404."""

    def __init__(self) -> None:
        self.pages: dict[str, str | Response] = {}
        self.asked: list[str] = []
        self.address = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        self.asked.append(path)
        page = self.pages.get(path)
        if page is None:
            page = PlainTextResponse("not here", status_code=404)
        elif isinstance(page, str) and request.headers.get("if-none-match") == '"same"':
            page = Response(status_code=304)
        elif isinstance(page, str):
            page = Response(page, media_type="text/html", headers={"ETag": '"same"'})
        await page(scope, receive, send)


def jobs(*numbers: int, next_page: str | None = None, links: Sequence[str] | None = None) -> str:
    """A page of a board: its postings by number, or links to their pages, and the next page."""
    blocks = [job(number) for number in numbers]
    if links is not None or not numbers:
        blocks.append({"@type": "ItemList", "itemListElement": [{"url": link} for link in links or ()]})
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    link = f'<link rel="next" href="{next_page}">' if next_page else ""
    return f"<html><head>{link}{scripts}</head><body></body></html>"


def job(number: int) -> dict[str, Any]:
    """One posting."""
    return {
        "@type": "JobPosting",
        "title": f"Data engineer {number}",
        "url": f"/jobs/{number}",
        "identifier": {"@type": "PropertyValue", "value": f"REF{number}"},
    }


@pytest.fixture
async def board() -> AsyncIterator[tuple[Site, Fetcher]]:
    """A site whose list is at /list, and a client."""
    site = Site()
    async with (
        serving(site) as address,
        Fetcher(user_agent="tests", timeout=10, max_bytes=5_000_000, allow_private=True) as fetcher,
    ):
        site.address = address
        yield site, fetcher


async def look(board: tuple[Site, Fetcher], *, etag: str | None = None) -> Snapshot | Unchanged:
    """One snapshot of the list."""
    site, fetcher = board
    source = Source.model_validate(
        {"id": "site", "name": "Site", "kind": "jsonld", "url": f"{site.address}/list"}
    )
    return await take_snapshot(fetcher, source, etag=etag, last_modified=None)


async def snapshot(board: tuple[Site, Fetcher]) -> Snapshot:
    """One that is not unchanged."""
    found = await look(board)
    assert isinstance(found, Snapshot)
    return found


def keys(found: Snapshot) -> list[str]:
    """Which postings it holds."""
    return [posting.key for posting in found.postings]


async def test_pages_and_details_are_followed(board: tuple[Site, Fetcher]) -> None:
    """All pages of the list and all postings that they link to are read, each once."""
    site, _ = board
    site.pages = {
        "/list": jobs(links=["/jobs/1", "/jobs/2"], next_page="/list?page=2"),
        "/list?page=2": jobs(links=["/jobs/2", "/jobs/3"]),
        **{f"/jobs/{number}": jobs(number) for number in (1, 2, 3)},
    }
    found = await snapshot(board)
    assert found.why_incomplete is None
    assert keys(found) == ["REF1", "REF2", "REF3"]
    assert found.etag == '"same"'
    assert sorted(site.asked) == sorted(site.pages)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (None, "status 404"),
        (Response("", 500), "status 500"),
        (Response("", 200), "an empty body"),
        (Response(LOGIN, 200), "Sign in"),
        (RedirectResponse("/login"), "Sign in"),
        (Response(jobs(2)[:-20], 200), "the page stops before </html>"),
        (jobs(links=[]), "holds no posting"),
        (RedirectResponse("/list"), "holds no posting"),
        (Response("", 304), "status 304"),
    ],
)
async def test_a_detail_that_fails_leaves_the_snapshot_incomplete(
    board: tuple[Site, Fetcher], fault: Response | str | None, told: str
) -> None:
    """Whatever is wrong with one posting's page, the others are read, and nothing may follow from its absence."""
    site, _ = board
    site.pages = {"/list": jobs(links=["/jobs/1", "/jobs/2"]), "/jobs/1": jobs(1), "/login": LOGIN}
    if fault is not None:
        site.pages["/jobs/2"] = fault
    found = await snapshot(board)
    assert found.why_incomplete is not None
    assert told in found.why_incomplete
    assert "REF1" in keys(found)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (None, "status 404"),
        (Response("", 500), "status 500"),
        (Response("", 200), "an empty body"),
        (LOGIN, "Sign in"),
        (Response(jobs(3)[:-20], 200), "the page stops before </html>"),
        (RedirectResponse("/list"), "leads back to"),
    ],
)
async def test_a_further_page_that_fails_leaves_the_snapshot_incomplete(
    board: tuple[Site, Fetcher], fault: Response | str | None, told: str
) -> None:
    """What the first page said is kept, but it is not all: a login page in the middle closes no role."""
    site, _ = board
    site.pages = {"/list": jobs(1, 2, next_page="/list?page=2")}
    if fault is not None:
        site.pages["/list?page=2"] = fault
    found = await snapshot(board)
    assert found.why_incomplete is not None
    assert told in found.why_incomplete
    assert keys(found)[:2] == ["REF1", "REF2"]


@pytest.mark.parametrize(
    "fault", [Response("", 500), Response("", 200), Response(LOGIN, 200), RedirectResponse("/list")]
)
async def test_without_a_first_page_nothing_is_learned(board: tuple[Site, Fetcher], fault: Response) -> None:
    """A first page that fails, is empty, asks for a password or leads to itself is an error, not an empty board."""
    site, _ = board
    site.pages = {"/list": fault}
    with pytest.raises((FetchFailed, NotABoard)):
        await look(board)


async def test_a_list_without_postings_is_an_empty_board(board: tuple[Site, Fetcher]) -> None:
    """A list that says it is empty is complete, and has no postings."""
    site, _ = board
    site.pages = {"/list": jobs()}
    found = await snapshot(board)
    assert (found.postings, found.why_incomplete) == ((), None)


async def test_pages_in_a_ring_are_read_once(board: tuple[Site, Fetcher]) -> None:
    """A last page whose next is the first ends the list; all of it was read."""
    site, _ = board
    site.pages = {
        "/list": jobs(1, next_page="/list?page=2"),
        "/list?page=2": jobs(2, next_page="/list?page=3"),
        "/list?page=3": jobs(3, next_page="/list"),
    }
    found = await snapshot(board)
    assert found.why_incomplete is None
    assert keys(found) == ["REF1", "REF2", "REF3"]
    assert len(site.asked) == 3


async def test_pages_without_end_are_cut_off(board: tuple[Site, Fetcher]) -> None:
    """A board that always names one more page is read up to the limit, and called incomplete."""
    site, _ = board
    site.pages = {"/list": jobs(1, next_page="/list?page=2")}
    for number in range(2, MOST_PAGES + 9):
        site.pages[f"/list?page={number}"] = jobs(number, next_page=f"/list?page={number + 1}")
    found = await snapshot(board)
    assert found.why_incomplete == f"more than {MOST_PAGES} pages"
    assert len(site.asked) == len(found.postings) == MOST_PAGES


async def test_as_many_pages_as_the_limit_are_complete(board: tuple[Site, Fetcher]) -> None:
    """The limit itself is no gap."""
    site, _ = board
    site.pages = {"/list": jobs(1, next_page="/list?page=2")}
    for number in range(2, MOST_PAGES + 1):
        following = f"/list?page={number + 1}" if number < MOST_PAGES else None
        site.pages[f"/list?page={number}"] = jobs(number, next_page=following)
    found = await snapshot(board)
    assert found.why_incomplete is None
    assert len(found.postings) == MOST_PAGES


async def test_what_has_not_changed_is_not_read(board: tuple[Site, Fetcher]) -> None:
    """With the last ETag one request is made, and the answer 304 is no snapshot; without it the page is read."""
    site, _ = board
    site.pages = {"/list": jobs(1, next_page="/list?page=2"), "/list?page=2": jobs(2)}
    first = await snapshot(board)
    site.asked.clear()
    assert await look(board, etag=first.etag) == Unchanged()
    assert site.asked == ["/list"]
    assert isinstance(await look(board, etag='"other"'), Snapshot)


async def test_an_identifier_that_all_postings_share_is_none(board: tuple[Site, Fetcher]) -> None:
    """Where a vendor prints one identifier on every posting, on pages of their own, each is still itself."""
    site, _ = board
    site.pages = {"/list": jobs(links=["/jobs/1", "/jobs/2"])}
    for number in (1, 2):
        site.pages[f"/jobs/{number}"] = jobs(number).replace(f"REF{number}", "Camden Council")
    found = await snapshot(board)
    assert keys(found) == [f"{site.address}/jobs/{number}" for number in (1, 2)]


async def test_a_posting_on_two_pages_is_one(board: tuple[Site, Fetcher]) -> None:
    """An advert that slips to the next page while the list is read is there once."""
    site, _ = board
    site.pages = {"/list": jobs(1, 2, next_page="/list?page=2"), "/list?page=2": jobs(2, 3)}
    assert keys(await snapshot(board)) == ["REF1", "REF2", "REF3"]


class Itrent:
    """An iTrent tenant: a page that mints a session and never changes, and a list that does. Both have ETags."""

    def __init__(self) -> None:
        self.jobs = 1
        self.conditions: list[tuple[str, str | None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        name, known = request.url.path.rpartition("/")[2], request.headers.get("if-none-match")
        self.conditions.append((name, known))
        body, etag = "<html>mhr.USESSION=ABCDEF0123456789</html>", '"page"'
        if name.endswith(".json"):
            rows = [{"vacancy_id": str(n), "job_title": f"Data engineer {n}"} for n in range(self.jobs)]
            body, etag = (
                json.dumps({"search": {"total_rec": str(self.jobs)}, "results": rows}),
                f'"list {self.jobs}"',
            )
        page = Response(status_code=304) if known == etag else Response(body, headers={"ETag": etag})
        await page(scope, receive, send)


async def test_a_page_that_opens_a_session_never_says_that_nothing_has_changed() -> None:
    """Its ETag is not remembered; the list's is, and a list that changed is read."""
    tenant = Itrent()
    async with (
        serving(tenant) as address,
        Fetcher(user_agent="tests", timeout=10, max_bytes=5_000_000, allow_private=True) as fetcher,
    ):
        entry = {"id": "itrent", "name": "Tenant", "kind": "itrent", "options": {"wvid": "23"}}
        source = Source.model_validate(entry | {"url": f"{address}/tenant_webrecruitment"})
        first = await take_snapshot(fetcher, source, etag=None, last_modified=None)
        assert isinstance(first, Snapshot)
        assert (len(first.postings), first.why_incomplete, first.etag) == (1, None, '"list 1"')
        tenant.conditions.clear()
        again = await take_snapshot(fetcher, source, etag=first.etag, last_modified=None)
        assert isinstance(again, Unchanged)
        assert tenant.conditions == [("ETREC179GF.open", None), ("ETREC106GF.json", '"list 1"')]
        tenant.jobs = 2
        changed = await take_snapshot(fetcher, source, etag=first.etag, last_modified=None)
        assert isinstance(changed, Snapshot)
        assert (len(changed.postings), changed.etag) == (2, '"list 2"')


async def test_only_one_question_of_a_conversation_is_conditional(board: tuple[Site, Fetcher]) -> None:
    """A single advert's page that is the same as ever does not make a changed list an unchanged one."""
    site, _ = board
    site.pages = {
        "/list": Response(jobs(links=["/jobs/1"]), headers={"ETag": '"new"'}),
        "/jobs/1": jobs(1),
    }
    found = await look(board, etag='"same"')
    assert isinstance(found, Snapshot)
    assert (keys(found), found.etag) == (["REF1"], '"new"')


class Silent(Response):
    """An answer that never comes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


@pytest.mark.parametrize("first", [True, False])
async def test_a_conversation_has_an_end(first: bool) -> None:
    """When the time for a board is over, what was had is kept and the rest is a gap with that reason; a board that
    has not answered at all has failed."""
    site, seconds = Site(), 0.25 if first else 2.0
    async with (
        serving(site) as site.address,
        Fetcher(
            user_agent="tests", timeout=60, max_bytes=5_000_000, allow_private=True, board_seconds=seconds
        ) as fetcher,
    ):
        site.pages = {"/list": jobs(links=["/jobs/1", "/jobs/2"], next_page="/list?page=2")}
        site.pages |= {"/list?page=2": jobs(3), "/jobs/1": jobs(1), "/jobs/2": Silent()}
        if first:
            site.pages["/list"] = Silent()
            with pytest.raises(FetchFailed, match=r"reading it took longer than 0\.25 seconds") as caught:
                await look((site, fetcher))
            assert caught.value.what == "timeout"
            return
        found = await look((site, fetcher))
        assert isinstance(found, Snapshot)
        assert sorted(keys(found)) == ["REF1", "REF3"]
        assert found.why_incomplete is not None
        assert found.why_incomplete.startswith("reading it took longer than 2 seconds; ")
        assert f"{site.address}/jobs/2: was not had in time" in found.why_incomplete
