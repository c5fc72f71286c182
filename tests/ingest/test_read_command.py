"""`loti ingest read`, `discover` and `sources`: by hand, over real sockets and files, and nothing is stored."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from typer.testing import CliRunner

from deploy.local.boards.server import serving
from services.ingest.commands import app
from tests.path.running import ROOT

ITEM = "<item><title>{title}</title><link>/jobs/{n}</link><guid>{n}</guid></item>"
FEED = (
    "<rss version='2.0'><channel><title>Jobs</title>"
    + ITEM.format(title="Data engineer", n=1)
    + ITEM.format(title="Gardener", n=2)
    + "</channel></rss>"
)
JOBS = '{"jobs": [{"id": 7, "name": "Data analyst", "link": "/7"}, {"id": 8, "name": "Planner", "link": "javascript:x"}]}'
PAGES = {
    "/feed": FEED,
    "/careers": "<html><head><link rel='alternate' type='application/rss+xml' title='Jobs' href='/feed'></head></html>",
    "/tribepad": "<html><body>Our jobs are on tribepad, one day.</body></html>",
    "/news": "<html><body>No jobs here.</body></html>",
    "/jobs.json": JOBS,
    "/sitemap.xml": "<urlset>"
    + "".join(f"<url><loc>https://c.example/vacancy/10{n}/a</loc></url>" for n in range(3))
    + "</urlset>",
}
WORDS = "format: json\nitems: jobs\nfields: {key: id, title: name, url: link}\n"


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A council's site."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        found = PAGES.get(scope["path"]) if scope["type"] == "http" else None
        await Response(found or "", status_code=200 if found else 404)(scope, receive, send)

    async with serving(answer) as address:
        yield address.rstrip("/")


USUAL = {"LOTI_ALLOW_PRIVATE": "true", "LOTI_HOST_INTERVAL": "0"}


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No database is configured, and hosts on this machine need no sparing."""
    for name in [name for name in os.environ if name.startswith("LOTI_")]:
        monkeypatch.delenv(name)
    for name, text in USUAL.items():
        monkeypatch.setenv(name, text)


async def loti(*words: str) -> tuple[int, str, str]:
    """`loti ingest …` in a thread of this process: exit code, output, what is said beside it."""
    ran = await asyncio.to_thread(CliRunner().invoke, app, words)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.exit_code, ran.stdout, ran.stderr


async def test_the_program_itself_reads_a_board(site: str) -> None:
    """`python -m deploy.cli ingest read`, as a shell runs it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli", "ingest", "read", f"{site}/feed", "--kind", "rss",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    out, said = await process.communicate()
    assert (process.returncode, said) == (0, b"")
    assert [json.loads(line)["posting"]["key"] for line in out.splitlines()] == ["1", "2"]


async def test_a_board_is_read_over_the_network_with_its_kind_guessed(site: str) -> None:
    """From a careers page to the feed it announces: each posting a line, with the role it would be."""
    code, out, said = await loti("read", f"{site}/careers")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0, said
    assert [row["posting"]["title"] for row in rows] == ["Data engineer", "Gardener"]
    assert rows[0]["posting"]["url"] == f"{site}/jobs/1"
    assert rows[0]["role"]["title"] == "Data engineer"
    assert rows[1]["role"] is None
    assert f"reading {site}/feed as rss: the page's head announces a feed titled 'Jobs'" in said


async def test_a_file_is_read_as_what_it_is(tmp_path: Path) -> None:
    """One body is enough; links are completed with the address that is given."""
    file = tmp_path / "feed.xml"
    file.write_text(FEED, encoding="utf-8")
    code, out, said = await loti("read", str(file), "--url", "https://jobs.example/feed")
    assert code == 0, said
    assert json.loads(out.splitlines()[0])["posting"]["url"] == "https://jobs.example/jobs/1"


async def test_a_described_board_is_read_and_what_is_refused_is_said(site: str, tmp_path: Path) -> None:
    """Options come from a file; a refused posting and the gap it leaves are on standard error, and exit with 1."""
    options = tmp_path / "options.yaml"
    options.write_text(WORDS, encoding="utf-8")
    code, out, said = await loti("read", f"{site}/jobs.json", "--kind", "mapping", "--options", str(options))
    assert code == 1
    assert [json.loads(line)["posting"]["key"] for line in out.splitlines()] == ["7"]
    assert "refused: posting at item 2, “Planner”: its link 'javascript:x' is not" in said
    assert "not read whole: 1 posting could not be read" in said


async def test_what_cannot_be_read_is_refused_with_what_to_do(site: str, tmp_path: Path) -> None:
    """Mistakes in the command exit with 2, boards that cannot be had or are none with 3; each says what and where."""
    bad = tmp_path / "bad.yaml"
    bad.write_text(WORDS.replace("title:", "titel:"), encoding="utf-8")
    cases = (
        (("read", str(tmp_path / "none.xml")), 2, ("none.xml: cannot be read", "name a file")),
        (("read", str(tmp_path)), 2, ("cannot be read",)),
        (("read", f"{site}/feed", "--kind", "atom"), 2, ("kind", "no such kind", "rss")),
        (("read", f"{site}/feed", "--kind", "unknown"), 2, ("kind unknown", "rss")),
        (("read", f"{site}/feed", "--kind", "mapping", "--options", str(bad)), 2, ("fields.titel", "allowed are")),
        (("read", f"{site}/feed", "--kind", "rss", "--options", str(tmp_path / "no")), 2, ("cannot be read",)),
        (("read", f"{site}/news"), 2, ("kind cannot be guessed", "--kind")),
        (("read", f"{site}/careers", "--kind", "rss"), 3, ("as rss: expected an RSS", "HTML")),
        (("read", f"{site}/missing", "--kind", "rss"), 3, ("status 404",)),
        (("read", "ftp://jobs.example/feed"), 2, ("only http and https", "name a file")),
        (("read", f"{site}/tribepad"), 2, ("cannot be guessed", "Tribepad", "--kind")),
        (("read", "http://127.0.0.1:1/feed", "--kind", "rss"), 3, ("no connection",)),
        (("discover", f"{site}/missing"), 3, ("status 404",)),
    )  # fmt: skip
    results = [await loti(*words) for words, _, _ in cases]
    for (words, expected, told), (code, out, said) in zip(cases, results, strict=True):
        assert (code, out) == (expected, ""), (words, said)
        for part in told:
            assert part in said, (words, said)


@pytest.mark.parametrize("command", [("read", "page.html"), ("discover", "page.html"), ("sources",)])
async def test_a_setting_that_cannot_be_used_is_named(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """We do not ask anybody without saying where our owner can be reached."""
    monkeypatch.setenv("LOTI_USER_AGENT", "TalentExchange/0.1")
    code, out, said = await loti(*command)
    assert (code, out) == (2, "")
    assert "LOTI_USER_AGENT: must name an address" in said


async def test_an_address_of_our_own_house_is_refused_with_the_setting_that_allows_it(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but JSON Lines is ever on standard output, what is noted on the way neither."""
    monkeypatch.delenv("LOTI_ALLOW_PRIVATE")
    code, out, said = await loti("read", f"{site}/feed", "--kind", "rss")
    assert (code, out) == (3, "")
    assert "robots_not_read" in said
    assert "127.0.0.1 is a private or reserved address, which is not asked unless LOTI_ALLOW_PRIVATE" in said


async def test_a_careers_page_proposes_entries(site: str) -> None:
    """Discover prints YAML with its evidence, the site's own sitemap included."""
    code, out, _ = await loti("discover", f"{site}/careers")
    assert code == 0
    assert "# high confidence: the page's head announces a feed titled 'Jobs'" in out
    assert f"url: {site}/feed" in out
    assert "a sitemap names 3 pages that look like adverts" in out


async def test_coverage_of_the_33_is_printed() -> None:
    """Without a list of one's own the list that comes along is shown, a line an authority and the totals."""
    code, out, _ = await loti("sources", "--coverage", "--json")
    assert code == 0
    *rows, totals = (json.loads(line) for line in out.splitlines())
    assert len(rows) == 33
    assert {row["status"] for row in rows} == {"known", "unknown"}
    assert totals["totals"]["known"] + totals["totals"]["unknown"] == 33
    code, out, _ = await loti("sources")
    assert code == 0
    assert "no address known, never polled" in out
