"""The sample boards under every vendor's face: each is read with its own adapter, and says what adverts.json says."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import httpx2
import pytest

from deploy.local.boards.adverts import Advert, Board, as_of, load
from deploy.local.boards.faces import FACES
from deploy.local.boards.feeds import id_of, vacancy_number
from deploy.local.boards.listed import PLAIN, address
from deploy.local.boards.server import create_app, serving
from services.ingest.boards import KINDS, Posting
from services.ingest.boards.snapshot import Snapshot, Unchanged
from services.ingest.dates import read_closing, read_date
from services.ingest.fetch import Fetched, Fetcher
from services.ingest.snapshot import take_snapshot
from services.ingest.sources import Source

BOARDS, ADVERTS = load()
BY_ID = {board.id: board for board in BOARDS}
NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)
READ = sorted(FACES.keys() & KINDS.keys())
"""Faces whose kind is registered; the others cannot be read yet."""
NOT_SAID = {
    "eploy": {"closes"},
    "itrent": {"employer", "posted"},
    "jobsgopublic": {"closes", "description"},
    "lever": {"employer", "closes"},
    "oracle": {"employer", "pay"},
    "smartrecruiters": {"pay", "closes"},
    "taleo": {"employer", "pay", "description"},
    "teamtailor": {"employer", "closes"},
    "tribepad": {"employer"},
    "workable": {"employer", "pay", "closes"},
    "workday": {"pay"},
}
"""What a vendor's pages do not say, or only people can find in them."""
POSTED = {"taleo", "workday"}
"""A search that is posted never passes for unchanged."""


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """The boards as they look on that day."""
    async with serving(create_app(NOW.date())) as base:
        yield base


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    """A client that may reach this machine."""
    async with Fetcher(user_agent="tests", timeout=20, max_bytes=5_000_000, allow_private=True) as client:
        yield client


def source(board: Board, kind: str, server: str) -> Source:
    """A board's entry under a face."""
    options = FACES[kind].options_of(board) if kind in FACES else {}
    entry = {"id": board.id, "name": board.name, "kind": kind, "url": address(board, kind, server)}
    return Source.model_validate(entry | {"options": options, "authorities": board.authorities})


async def read(fetcher: Fetcher, board: Board, kind: str, server: str) -> Snapshot:
    """The board, whole."""
    found = await take_snapshot(fetcher, source(board, kind, server), etag=None, last_modified=None)
    assert isinstance(found, Snapshot)
    assert (found.why_incomplete, found.refused) == (None, ())
    return found


def test_every_vendor_s_face_is_served_by_somebody() -> None:
    """The formats that are promised are there, and each board names a face that exists."""
    promised = (
        "csv eploy greenhouse itrent jobsgopublic jobtrain lever mapping microdata oleeo oracle sitemap"
        " smartrecruiters successfactors talentlink taleo teamtailor tribepad workable workday"
    )
    assert set(FACES) >= set(promised.split())
    assert {board.face for board in BOARDS} - {""} <= set(FACES)
    assert {board.kind for board in BOARDS} == set(PLAIN)


@pytest.mark.parametrize("kind", READ)
async def test_a_face_says_what_the_file_says(server: str, fetcher: Fetcher, kind: str) -> None:
    """Every advert of every board: number, title, employer, place, pay, dates and text, as far as the vendor says."""
    for board in BOARDS:
        expected = {vacancy_number(a): as_of(a, NOW.date()) for a in ADVERTS if a.board == board.id}
        postings = {
            number(posting): posting for posting in (await read(fetcher, board, kind, server)).postings
        }
        assert postings.keys() == expected.keys()
        for each, advert in expected.items():
            _same(kind, postings[each], advert)
            assert id_of(postings[each].url, ADVERTS) == advert.id


def number(posting: Posting) -> str:
    """The vacancy number in its key, which holds on any host and port."""
    found = re.fullmatch(r"(?!https?:).*?\b(\d{6})", posting.key)
    assert found is not None, posting.key
    return found.group(1)


def _same(kind: str, posting: Posting, advert: Advert) -> None:
    not_said = NOT_SAID.get(kind, set())
    assert posting.title == advert.title
    assert _words(posting.location) == _words(advert.location)
    boards = {None, BY_ID[advert.board].name} if "employer" in not_said else {advert.employer}
    assert posting.employer in boards
    assert advert.description in (posting.description or "") or "description" in not_said
    closing = read_closing(posting.closes, now=NOW) if posting.closes else None
    assert (closing and closing.day) == (None if "closes" in not_said else _day(advert.closes)), (
        posting.closes
    )
    posted = read_date(posting.posted, now=NOW) if posting.posted else None
    assert posted == (None if "posted" in not_said else _day(advert.posted))
    if kind in ("jobsgopublic", "teamtailor"):
        assert _figures(str(posting.pay_structured or ""))[:2] == (_pounds(advert.pay) * 2)[:2]
    elif "pay" not in not_said:
        assert posting.pay_text == advert.pay


def _words(text: str | None) -> set[str]:
    return set(re.findall(r"\w+", text or ""))


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None


def _figures(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def _pounds(pay: str | None) -> list[float]:
    return [figure for part in re.findall(r"£[\d,.]*\d", pay or "")[:2] for figure in _figures(part)]


@pytest.mark.parametrize("kind", READ)
async def test_long_lists_are_read_over_all_their_pages(server: str, fetcher: Fetcher, kind: str) -> None:
    """Sixty adverts more: every vendor's paging leads to all of them."""
    await add(server, 60)
    postings = (await read(fetcher, BOARDS[0], kind, server)).postings
    assert len(postings) == 60 + sum(advert.board == BOARDS[0].id for advert in ADVERTS)


async def add(server: str, many: int) -> None:
    """More adverts on the first board."""
    extra = [
        {
            "id": f"extra-{place}",
            "title": f"Data Engineer {place}",
            "employer": "London Borough of Hackney",
            "authority": "E09000012",
            "location": "Hackney",
            "description": "You will keep the council's data flowing.",
            "pay": "£50,000 to £60,000",
        }
        for place in range(many)
    ]
    async with httpx2.AsyncClient(verify=False) as client:
        answer = await client.put(f"{server}/control/{BOARDS[0].id}", json={"add": extra})
        assert answer.status_code == 204


@pytest.mark.parametrize("kind", READ)
async def test_an_unchanged_face_costs_one_request(server: str, fetcher: Fetcher, kind: str) -> None:
    """Known validators are answered with 304 until any advert of the board changes; a session comes before them."""
    entry = source(BOARDS[0], kind, server)
    first = await read(fetcher, BOARDS[0], kind, server)
    again = await take_snapshot(fetcher, entry, etag=first.etag, last_modified=first.last_modified)
    assert isinstance(again, Snapshot if kind in POSTED else Unchanged)
    await add(server, 1)
    changed = await take_snapshot(fetcher, entry, etag=first.etag, last_modified=first.last_modified)
    assert isinstance(changed, Snapshot)
    assert len(changed.postings) == len(first.postings) + 1


@pytest.mark.parametrize("kind", READ)
async def test_people_can_follow_a_posting_s_link(server: str, fetcher: Fetcher, kind: str) -> None:
    """The address of a posting is a page that says that it is a sample, with the advert's title and text."""
    posting = (await read(fetcher, BOARDS[0], kind, server)).postings[0]
    found = await fetcher.fetch(posting.url)
    assert isinstance(found, Fetched)
    page = found.body.decode()
    advert = next(a for a in ADVERTS if a.board == BOARDS[0].id and a.title == posting.title)
    assert "Sample board with public facts" in page
    assert advert.title in page
    assert advert.description[:30] in page


async def test_itrent_answers_only_within_a_session(server: str) -> None:
    """Without a session of ours the list is a page for people; each visit is given another session."""
    run = address(BOARDS[0], "itrent", server).rpartition("/")[0]
    async with httpx2.AsyncClient(verify=False) as client:
        first, second = [(await client.get(f"{run}/ETREC179GF.open?WVID=2301")).text for _ in range(2)]
        sessions = {match for page in (first, second) for match in re.findall(r"USESSION=(\w+)", page)}
        assert len(sessions) == 2
        for session in sessions:
            found = await client.get(f"{run}/ETREC106GF.json?WVID=2301&USESSION={session}")
            assert found.json()["search"]["total_rec"] == 5
        refused = await client.get(f"{run}/ETREC106GF.json?WVID=2301&USESSION={'0' * 32}")
        assert "session has ended" in refused.text


async def test_workday_s_search_must_be_posted(server: str) -> None:
    """A GET, or more rows than Workday gives at once, is refused as Workday refuses it."""
    url = address(BOARDS[0], "workday", server)
    async with httpx2.AsyncClient(verify=False) as client:
        assert (await client.get(url)).status_code == 400
        assert (await client.post(url, json={"limit": 100, "offset": 0})).status_code == 400
        assert (await client.post(url, json={"limit": 2, "offset": 4})).json()["total"] == 5


async def test_a_list_of_sources_under_one_face_is_there_on_request(server: str) -> None:
    """The ten boards as their usual vendors', or all as one's, each an entry that the service accepts."""
    async with httpx2.AsyncClient(verify=False) as client:
        usual = (await client.get(f"{server}/sources.json")).json()
        assert len({entry["kind"] for entry in usual}) >= 9
        for kind in READ:
            entries = (await client.get(f"{server}/sources.json?face={kind}")).json()
            assert [Source.model_validate(entry).kind for entry in entries] == [kind] * len(BOARDS)
        assert (await client.get(f"{server}/sources.json?face=none")).status_code == 404
