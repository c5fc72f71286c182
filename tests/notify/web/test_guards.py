"""What stands before every page: privacy, limits, and plain words when something is wrong."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import httpx2
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from loti_contracts.delivery.page_guards import BodyLimit
from services.notify.settings import NotifySettings
from services.notify.signed_links import LASTS, SignedLinks
from services.notify.web.app import web_app
from services.notify.web.serving import pages
from tests.notify.making import match
from tests.notify.web.conftest import World
from tests.notify.web.gallery import RIGHT, ask_of, people, proposed
from tests.notify.web.gallery import pages as gallery


async def test_every_answer_is_private(world: World) -> None:
    """Pages, errors and refusals: never kept, never found, never told to another site, without cookies; only our own style
    is let in, and no script."""
    await people(world)
    links = world.links
    for url in (
        links.preferences("asks"),
        links.unsubscribe("asks"),
        links.ledger("asks"),
        links.answer(match(), "asks", None),
        f"{links.ledger('asks')}x",
        "/nothing",
    ):
        for answer in (
            await world.client.get(url),
            await world.client.post(url),
            await world.client.put(url),
        ):
            headers = answer.headers
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-robots-tag"] == "noindex, nofollow"
            assert headers["x-content-type-options"] == "nosniff"
            assert "default-src 'none'" in headers["content-security-policy"]
            assert "script-src" not in headers["content-security-policy"]
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert "set-cookie" not in headers


async def test_no_page_has_scripts_or_anything_from_elsewhere(world: World) -> None:
    """In every page and state: no script, no inline style, no address but of this site and of the sender's mailbox."""
    for name, html in (await gallery(world)).items():
        assert "<script" not in html, name
        assert " style=" not in html, name
        assert " on" not in html.partition("<body>")[0].partition("</style>")[2], name
        addresses = [rest.partition('"')[0] for rest in html.split('href="')[1:]]
        assert all(
            one.startswith(
                ("#", "?", "data:,", "mailto:", "https://jobs.camden.example", world.settings.public_url)
            )
            or one.endswith("/forget")
            for one in addresses
        ), (name, addresses)


async def test_only_its_own_host_is_served(world: World) -> None:
    """A Host header that is not the site's is refused: no link can be made to lead elsewhere."""
    for host, status in (
        ("talent.example", 200),
        ("talent.example:99", 200),
        ("evil.example", 400),
        ("", 400),
    ):
        answer = await world.client.get(world.links.unsubscribe("asks"), headers={"Host": host})
        assert answer.status_code == status, host


async def test_on_ones_own_machine_each_of_its_names_will_do(served: World) -> None:
    """localhost is 127.0.0.1, and nobody else is."""
    for host, status in (("localhost", 200), ("127.0.0.1:1", 200), ("[::1]:80", 200), ("evil.example", 400)):
        assert (await served.client.get("/robots.txt", headers={"Host": host})).status_code == status, host


@pytest.mark.parametrize("path", ["", "/notify"])
async def test_the_site_may_live_below_a_path(pool: "asyncpg.Pool[Any]", path: str) -> None:
    """Whether or not the proxy takes the path off, the page is there; over https it is never asked without it."""
    settings = NotifySettings(link_keys=SecretStr("k" * 32), public_url=f"https://talent.example{path}")
    app = web_app(pool, settings)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://talent.example") as client:
        for prefix in {"", path}:
            answer = await client.get(f"{prefix}/robots.txt")
            assert answer.status_code == 200
            assert "max-age" in answer.headers["strict-transport-security"]


async def test_too_much_is_refused(world: World) -> None:
    """More than 64 kB, too many fields, a file, or no form at all: refused in words, nothing done."""
    link = world.links.unsubscribe("asks")
    one_click = {"List-Unsubscribe": "One-Click"}
    for status, sent in (
        (413, {"data": one_click | {"more": "x" * 70_000}}),
        (400, {"data": {f"field-{at}": "x" for at in range(1_100)}}),
        (400, {"data": {"long": "x" * 30_000}}),
        (400, {"files": {"List-Unsubscribe": ("a.txt", b"One-Click")}}),
        (400, {"content": b"--x\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=y"}}),
        (400, {"content": b"\xff\xfe", "headers": {"Content-Type": "multipart/form-data"}}),
        (400, {"json": one_click}),
    ):
        answer = await world.client.post(link, **sent)  # type: ignore[arg-type]
        assert answer.status_code == status, (sent, answer.text)
        assert "<h1>" in answer.text


async def test_a_body_must_come_in_time_and_may_not_grow() -> None:
    """Without a length, what grows beyond the limit is cut off; what stops coming is given up."""

    async def read(request: Request) -> Response:
        return PlainTextResponse(str(len(await request.body())))

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1_000

    async def stalling() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.Event().wait()

    app = Starlette(routes=[Route("/", read, methods=["POST"])])
    transport = httpx2.ASGITransport(app=BodyLimit(app, most=5_000, seconds=0.05))
    async with httpx2.AsyncClient(transport=transport, base_url="http://x") as client:
        assert (await client.post("/", content=b"x" * 5_000)).text == "5000"
        assert (await client.post("/", content=endless())).status_code == 413
        assert (await client.post("/", content=stalling())).status_code == 408


async def test_a_database_that_is_away_is_said_so() -> None:
    """503, a time to come back, and that the link still works."""
    settings = NotifySettings(link_keys=SecretStr("k" * 32), public_url="http://talent.example")
    async with asyncpg.create_pool("postgresql://x@127.0.0.1:9/x", min_size=0) as nowhere:
        app = web_app(nowhere, settings)
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=settings.public_url) as client:
            answer = await client.get(SignedLinks(settings).preferences("asks"))
    assert (answer.status_code, "your link still works" in answer.text) == (503, True)
    assert answer.headers["retry-after"] == "120"


async def test_a_bug_is_a_page_and_a_log_without_secrets(world: World) -> None:
    """What breaks us gives a page with the usual headers; the log says where it broke, and neither whose page nor what was
    in it."""
    await people(world)
    state = match().model_dump_json().replace('"mentor"', '"Wilhelmina Featherstone"')
    await world.pool.execute(
        """INSERT INTO thing (kind, id, revision, current, state, event_id, correlation_id)
           VALUES ('match', 'match-1', 1, true, $1, '', '')""",
        state,
    )
    link = world.links.answer(match(), "asks", None)
    with capture_logs() as logs:
        answer = await world.client.get(link)
    assert (answer.status_code, "It is our fault" in answer.text) == (500, True)
    assert answer.headers["cache-control"] == "no-store"
    [failed] = [log for log in logs if log["event"] == "page_failed"]
    assert failed["error"] == "ValidationError"
    assert link.rpartition("/")[2] not in str(logs)
    assert "Featherstone" not in str(logs)


async def test_forged_tokens_do_nothing_anywhere(world: World) -> None:
    """Cut, changed, of another page, of another key, too old, with another's id: each refused at each page, with all that
    a button sends; nothing is chosen, said or forgotten."""
    await people(world)
    await world.heard(proposed())
    stranger = SignedLinks(world.settings.model_copy(update={"link_keys": SecretStr("s" * 32)}))
    old = SignedLinks(world.settings, clock=lambda: world.clock().timestamp() - 3 * 366 * 86_400)
    says = ("asks", await ask_of(world, "asks"), 1, "supporter-1")
    before = await everything_kept(world)
    for page in LASTS:
        good = world.links.token(page, *says)
        others = [world.links.token(other, *says) for other in LASTS if other != page]
        forged = [good[:-1], good[1:], good + "A", good.swapcase(), good.replace(".", "-", 1), *others]
        forged += [
            stranger.token(page, *says),
            old.token(page, *says),
            "x",
            "A" * 5_000,
            good + "%00",
            good + "%0a",
        ]
        for token in forged:
            body = RIGHT | {
                "List-Unsubscribe": "One-Click",
                "forget": "yes",
                "answer": "decline",
                "revision": "1",
            }
            for url in (f"/{page}/{token}", f"/{page}/{token}/forget"):
                answer = await world.client.post(url, data=body | {"result": "hired"})
                assert answer.status_code in (404, 405, 410), (page, token)
    assert await everything_kept(world) == before


async def everything_kept(world: World) -> list[str]:
    """All that a page could have changed."""
    rows = await world.pool.fetch(
        """SELECT choice::text FROM choice UNION ALL SELECT contact::text FROM contact
           UNION ALL SELECT thing::text FROM thing UNION ALL SELECT outbox::text FROM outbox ORDER BY 1"""
    )
    return [row[0] for row in rows]


@contextlib.contextmanager
def everything_logged() -> Iterator[list[logging.LogRecord]]:
    """What reaches the root logger, where the service's own handler is, however unimportant; and uvicorn's, which keeps
    to itself once another part of the process has set it up."""
    records = list[logging.LogRecord]()
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    loggers = [(one, one.level) for one in map(logging.getLogger, (None, "uvicorn", "uvicorn.error"))]
    for logger, _ in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield records
    for logger, level in loggers:
        logger.setLevel(level)
        logger.removeHandler(handler)


async def test_nothing_that_is_logged_holds_a_token_or_an_address(
    served: World,
) -> None:
    """Good links, forged ones, and bytes that are no HTTP, over a socket with every logger at its most talkative."""
    await people(served)
    links = [
        served.links.preferences("asks"),
        served.links.unsubscribe("asks"),
        served.links.ledger("asks") + "x",
    ]
    tokens = [link.rpartition("/")[2] for link in links]
    with capture_logs() as logs, everything_logged() as records:
        site = urlsplit(served.settings.public_url)
        for link in links:
            reader, writer = await asyncio.open_connection(site.hostname, site.port)
            path = urlsplit(link).path.encode()
            writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 ")
            writer.close()
        reader, writer = await asyncio.open_connection(site.hostname, site.port)
        writer.write(b"GET /ledger/" + tokens[0].encode() + b" \0\r\n\r\n")
        await reader.read()
        writer.close()
    assert [log["event"] for log in logs] == ["link_refused"]
    assert "Invalid HTTP request received." in [record.getMessage() for record in records]
    written = str(logs) + "".join(record.getMessage() for record in records)
    for secret in (*tokens, "featherstone"):
        assert secret not in written


async def test_pages_are_served_until_the_service_stops(pool: "asyncpg.Pool[Any]", served: World) -> None:
    """With a port they are there; with port 0 the loop only waits; a missing key ends it with what to do."""
    stopping = asyncio.Event()
    idle = asyncio.create_task(pages(NotifySettings(link_keys=SecretStr("k" * 32)))(pool, stopping))
    assert (await served.client.get("/robots.txt")).status_code == 200
    stopping.set()
    await idle
    with pytest.raises(ValueError, match="LOTI_LINK_KEYS"):
        await pages(NotifySettings(web_port=8027))(pool, asyncio.Event())
