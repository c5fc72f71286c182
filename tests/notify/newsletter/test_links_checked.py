"""Whether links are real, asked of a real server."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from loti_contracts.delivery import guarded_http
from services.notify.newsletter.checked_words import WrittenLink
from services.notify.newsletter.links_checked import dead_links, event_of, own_page

_ANSWERS = {
    "/there": "200 OK",
    "/moved": "301 Moved\r\nLocation: /there",
    "/circle": "302 Found\r\nLocation: /circle",
    "/gone": "410 Gone",
    "/never": "404 Not Found",
    "/busy": "429 Too Many Requests",
    "/broken": "500 Oops",
}


class Site:
    """A web site that answers as told, knows no HEAD at /no-head, and stays silent at /silent."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while line := (await reader.readuntil(b"\r\n\r\n")).decode():
                method, path, _ = line.split(" ", 2)
                self.asked.append(f"{method} {path}")
                if path == "/silent":
                    await reader.read()
                    return
                head = "405 No" if (method, path) == ("HEAD", "/no-head") else _ANSWERS.get(path, "200 OK")
                writer.write(f"HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A site that listens."""
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield site
    server.close()


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/there", None),
        ("/moved", None),
        ("/no-head", None),
        ("/busy", None),
        ("/gone", "answers 410"),
        ("/never", "answers 404"),
        ("/broken", "answers 500"),
        ("/circle", "leads in a circle"),
        ("/silent", "does not answer"),
    ],
)
async def test_what_is_real(site: Site, path: str, why: str | None) -> None:
    """An address is real if it answers below 400, wherever it leads and whatever it thinks of HEAD, or is only busy."""
    found = await dead_links([WrittenLink(site.address + path, 7)], wait=0.3, allow_private=True)
    assert [(one.line, one.what) for one in found] == ([(7, f"{site.address}{path} {why}.")] if why else [])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://nowhere.invalid/", "http://[::1", "http://a..b/"]
)
async def test_what_cannot_be_asked(url: str) -> None:
    """A host that is not there, or an address that is none, is a dead link and no crash."""
    [one] = await dead_links([WrittenLink(url, 3)], wait=1, allow_private=True)
    assert (one.line, one.serious) == (3, True)
    assert one.what.startswith(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
async def test_nothing_inside_is_asked(site: Site, host: str) -> None:
    """A link that others wrote does not reach a private address, however it is written; the draft is told why."""
    [one] = await dead_links([WrittenLink(site.address.replace("127.0.0.1", host) + "/there", 3)], wait=1)
    assert "private or reserved" in one.what
    assert site.asked == []


async def test_no_redirect_leads_inside(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page out there (here: 127.0.0.1 declared public) that leads on to one in here is not followed."""
    _ANSWERS["/inwards"] = f"302 Found\r\nLocation: {site.address.replace('127.0.0.1', '127.0.0.2')}/there"
    monkeypatch.setattr(guarded_http, "is_public", lambda address: address == "127.0.0.1")
    [one] = await dead_links([WrittenLink(f"{site.address}/inwards", 3)], wait=1)
    assert "private or reserved" in one.what
    assert site.asked == ["HEAD /inwards"]


async def test_each_address_is_asked_once(site: Site) -> None:
    """However often it stands in the text; every line that has it is named, and progress counts addresses."""
    links = [WrittenLink(f"{site.address}/gone", line) for line in (9, 2, 5)] + [
        WrittenLink(f"{site.address}/there", 4)
    ]
    done: list[None] = []
    found = await dead_links(links, allow_private=True, done=lambda: done.append(None))
    assert [one.line for one in found] == [2, 5, 9]
    assert site.asked.count("HEAD /gone") == 1
    assert len(done) == 2


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://talent.example/site/newsletters", "/newsletters"),
        ("https://TALENT.example/site/newsletters/a-b", "/newsletters/a-b"),
        ("https://talent.example/site/events/a%2Fb.ics", "/events/a%2Fb.ics"),
        ("https://talent.example/site/elsewhere", None),
        ("https://talent.example/newsletters", None),
        ("https://talent.example.evil.example/site/newsletters", None),
        ("http://talent.example/site/newsletters", None),
        ("http://[::1", None),
    ],
)
def test_our_own_pages(url: str, path: str | None) -> None:
    """What is below our address and of a kind that we serve is ours; nothing else."""
    assert own_page(url, "https://talent.example/site/") == path


def test_the_event_behind_an_entry() -> None:
    """An entry's address holds the item's id."""
    assert event_of("/events/a%2Fb.ics") == "a/b"
    assert event_of("/newsletters/a.ics") is None
