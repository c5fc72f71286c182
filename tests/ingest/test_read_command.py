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

from deploy.local.boards.server import serving
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


async def loti(*words: str) -> tuple[int, str, str]:
    """Run `loti ingest …`: exit code, output, what is said beside it. No database is configured."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli", "ingest", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, cwd=ROOT,
        env={name: text for name, text in os.environ.items() if not name.startswith("LOTI_")} | {"LOTI_ALLOW_PRIVATE": "true"},
    )  # fmt: skip
    out, said = await process.communicate()
    assert process.returncode is not None
    assert b"Traceback" not in said
    return process.returncode, out.decode(), said.decode()


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
        (("discover", f"{site}/missing"), 3, ("status 404",)),
    )  # fmt: skip
    results = [await loti(*words) for words, _, _ in cases]
    for (words, expected, told), (code, out, said) in zip(cases, results, strict=True):
        assert (code, out) == (expected, ""), (words, said)
        for part in told:
            assert part in said, (words, said)


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
