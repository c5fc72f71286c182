"""The fetcher, over real sockets: it learns what there is to learn, gives up in time, and reaches nothing inside."""

import asyncio
import gzip
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local.boards.server import serving
from loti_contracts.delivery import guarded_http
from loti_contracts.delivery.guarded_http import is_public
from services.ingest.fetch import Fetched, Fetcher, FetchFailed, NotModified
from services.ingest.politeness import AT_HOME
from services.ingest.schedule import retry_after

AGENT = "TalentExchangeTests/1 (+mailto:tests@example.org)"
BOMB = gzip.compress(bytes(50_000_000))


async def _page(request: Request) -> Response:
    """A page with validators; it shows in headers what it was asked with."""
    seen = {
        f"x-{name}": request.headers[name] for name in ("user-agent", "cookie") if name in request.headers
    }
    if request.headers.get("if-none-match") == '"v1"' or "if-modified-since" in request.headers:
        return Response(status_code=304, headers={"ETag": '"v1"'})
    return Response(
        repr(seen),
        headers={"ETag": '"v1"', "Last-Modified": "Sat, 22 Aug 2026 00:00:00 GMT", "Set-Cookie": "id=1"},
    )


async def _fresh(request: Request) -> Response:
    status = 304 if "if-none-match" in request.headers else 200
    return Response(status_code=status, headers={"Cache-Control": "public, max-age=700", "Age": "100"})


async def _hop(request: Request) -> Response:
    """Redirects `left` times, then to the page."""
    left = int(request.path_params["left"])
    return RedirectResponse(f"/hop/{left - 1}" if left > 1 else "/page", status_code=302)


async def _slow_hop(request: Request) -> Response:
    """Redirects for ever, a little late each time."""
    await asyncio.sleep(0.15)
    return RedirectResponse("/slow-hop", status_code=302)


async def _to(request: Request) -> Response:
    return RedirectResponse(request.query_params["url"], status_code=307)


async def _status(request: Request) -> Response:
    pause = request.query_params.get("pause")
    return Response(
        status_code=int(request.path_params["status"]), headers={"Retry-After": pause} if pause else {}
    )


async def _large(request: Request) -> Response:
    return Response(bytes(int(request.path_params["size"])))


async def _bomb(request: Request) -> Response:
    twice = request.query_params.get("twice")
    body = gzip.compress(BOMB) if twice else BOMB
    return Response(body, headers={"Content-Encoding": "gzip, gzip" if twice else "gzip"})


async def _bad_gzip(request: Request) -> Response:
    return Response(b"this is not gzip", headers={"Content-Encoding": "gzip"})


async def _drip(request: Request) -> Response:
    async def drops() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await asyncio.sleep(0.05)

    return StreamingResponse(drops())


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """A host with every habit."""
    routes = [
        Route("/page", _page),
        Route("/fresh", _fresh),
        Route("/hop/{left}", _hop),
        Route("/slow-hop", _slow_hop),
        Route("/to", _to),
        Route("/status/{status}", _status),
        Route("/large/{size}", _large),
        Route("/bomb", _bomb),
        Route("/bad-gzip", _bad_gzip),
        Route("/drip", _drip),
    ]
    async with serving(Starlette(routes=routes)) as address:
        yield address


def fetcher(**settings: Any) -> Fetcher:
    """A fetcher that may reach this machine, unless told otherwise."""
    usual = {
        "user_agent": AGENT,
        "timeout": 10.0,
        "max_bytes": 1_000_000,
        "allow_private": True,
        "politeness": AT_HOME,
    }
    return Fetcher(**{**usual, **settings})


async def failure(url: str, **settings: Any) -> FetchFailed:
    """How fetching `url` fails."""
    async with fetcher(**settings) as client:
        with pytest.raises(FetchFailed) as caught:
            await client.fetch(url)
    return caught.value


async def test_a_page_comes_whole_and_unchanged_costs_no_body(server: str) -> None:
    """The first fetch brings body and validators; with them, the second learns that nothing changed. No cookies stay."""
    async with fetcher() as client:
        first = await client.fetch(f"{server}/page")
        assert isinstance(first, Fetched)
        assert (first.etag, first.last_modified) == ('"v1"', "Sat, 22 Aug 2026 00:00:00 GMT")
        assert isinstance(await client.fetch(f"{server}/page", etag=first.etag), NotModified)
        assert isinstance(
            await client.fetch(f"{server}/page", last_modified=first.last_modified), NotModified
        )
        again = await client.fetch(f"{server}/page")
    assert isinstance(again, Fetched)
    assert again.body.decode() == repr({"x-user-agent": AGENT})


async def test_what_an_adapter_sends_stays_with_its_host(server: str) -> None:
    """A key in a question's headers is not handed to the host that a redirect leads to."""
    async with serving(Starlette(routes=[Route("/show", _show)])) as elsewhere, fetcher() as client:
        for url in (f"{server}/to?url={elsewhere}/show", f"{elsewhere}/show"):
            answer = await client.fetch(url, headers=[("Authorization", "Token abc")])
            assert isinstance(answer, Fetched)
            assert (b"abc" in answer.body) == url.startswith(elsewhere)


async def _show(request: Request) -> Response:
    return Response(repr(dict(request.headers)))


async def test_five_redirects_are_followed_and_no_more(server: str) -> None:
    """The fifth redirect still arrives, and the answer knows where it was found; the sixth does not."""
    async with fetcher() as client:
        found = await client.fetch(f"{server}/hop/5")
    assert isinstance(found, Fetched)
    assert found.url == f"{server}/page"
    assert (await failure(f"{server}/hop/6")).what == "redirects"
    assert (await failure(f"{server}/to?url=/to?url=/to")).what in ("redirects", "status")


@pytest.mark.parametrize(
    "inside",
    [
        "http://127.0.0.2:{port}/page",
        "http://2130706434:{port}/page",
        "http://0x7f000002:{port}/page",
        "http://0177.0.0.2:{port}/page",
        "http://127.2:{port}/page",
        "http://[::ffff:127.0.0.2]:{port}/page",
        "http://[::1]:{port}/page",
        "http://0.0.0.0:{port}/page",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:2]:{port}/",
    ],
)
async def test_no_redirect_leads_inside(server: str, inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A board out there (here: 127.0.0.1 declared public) cannot send the client to an address in here, however written."""
    judge = is_public
    monkeypatch.setattr(guarded_http, "is_public", lambda address: address == "127.0.0.1" or judge(address))
    target = inside.format(port=server.rpartition(":")[2])
    failed = await failure(f"{server}/to?url={target}", allow_private=False)
    assert failed.what in ("refused_address", "address"), failed.why


async def test_local_names_are_refused(server: str) -> None:
    """localhost is a name for an address in here; so is the server's own address."""
    port = server.rpartition(":")[2]
    for host in ("localhost", "127.0.0.1", "[::1]"):
        assert (await failure(f"http://{host}:{port}/page", allow_private=False)).what == "refused_address"


async def test_a_name_is_resolved_once_and_the_judged_address_is_used(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that points elsewhere when asked again (DNS rebinding) gains nothing: it is not asked again."""
    port = int(server.rpartition(":")[2])
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]]

    async def resolve(host: str, *_: object, **__: object) -> list[Any]:
        assert host == "rebind.example"
        return answers.pop()

    monkeypatch.setattr(guarded_http, "is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", resolve)
    async with fetcher(allow_private=False) as client:
        assert isinstance(await client.fetch(f"http://rebind.example:{port}/page"), Fetched)
    assert answers == []


def test_what_counts_as_public() -> None:
    """Ordinary addresses are public; private, shared, multicast, reserved and embedded private ones are not."""
    for address in ("8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"):
        assert is_public(address), address
    for address in (
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "127.0.0.1", "169.254.1.1", "0.0.0.0", "224.0.0.1", "240.0.0.1",  # noqa: S104
        "255.255.255.255", "::", "::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "::127.0.0.1",
    ):  # fmt: skip
        assert not is_public(address), address


@pytest.mark.parametrize("path", ["large/1000001", "bomb"])
async def test_size_is_capped_after_decompression(server: str, path: str) -> None:
    """A body is given up when it grows past the cap, counted after decompression."""
    failed = await failure(f"{server}/{path}")
    assert failed.what == "too_large"
    assert "1,000,000 bytes" in failed.why


async def test_what_is_compressed_twice_over_is_not_unpacked(server: str) -> None:
    """A bomb within a bomb could work for ever without growing past any cap; nobody asked for it."""
    failed = await failure(f"{server}/bomb?twice=1")
    assert (failed.what, failed.is_the_hosts) == ("protocol", False)
    assert "compressed more than once over" in failed.why


async def test_a_body_of_just_the_cap_is_taken(server: str) -> None:
    """The cap is the largest size that is taken."""
    async with fetcher() as client:
        found = await client.fetch(f"{server}/large/1000000")
    assert isinstance(found, Fetched)
    assert len(found.body) == 1_000_000


async def test_a_slow_drip_ends_at_the_deadline(server: str) -> None:
    """The deadline is for the whole fetch: a body that always sends a little more does not extend it."""
    assert (await failure(f"{server}/drip", timeout=0.4)).what == "timeout"


async def test_the_deadline_is_for_all_hops_together(server: str) -> None:
    """Redirects that are each in time are too slow when all of them are not."""
    assert (await failure(f"{server}/slow-hop", timeout=0.4)).what == "timeout"


async def test_statuses_are_failures_and_say_when_to_come_back(server: str) -> None:
    """Any status but 200 teaches nothing; Retry-After is passed on in seconds. An unasked 304 is a failure, too."""
    limited = await failure(f"{server}/status/429?pause=120")
    assert (limited.what, limited.retry_after) == ("status", 120.0)
    assert "429" in limited.why
    later = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    closed = await failure(f"{server}/status/503?pause={later.replace(' ', '%20')}")
    assert closed.retry_after is not None
    assert 580 < closed.retry_after <= 600
    for status in (204, 206, 304, 404, 500):
        failed = await failure(f"{server}/status/{status}")
        assert (failed.what, failed.retry_after) == ("status", None)


def test_retry_after_is_read_as_number_or_date() -> None:
    """Numbers, dates, dates gone by; nonsense is nothing."""
    now = datetime(2026, 8, 22, 12, tzinfo=UTC)
    assert retry_after("30", now) == 30
    assert retry_after("Sat, 22 Aug 2026 12:01:00 GMT", now) == 60
    assert retry_after("Sat, 22 Aug 2026 11:00:00 GMT", now) == 0
    assert [retry_after(text, now) for text in (None, "", "soon", "-5", "9" * 400)] == [
        None,
        None,
        None,
        None,
        31_536_000,
    ]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://",
        "http://user:pw@example.org/",
        "nonsense",
    ],
)
async def test_other_addresses_are_not_fetched(url: str) -> None:
    """Only http and https, with a host and without a password."""
    assert (await failure(url)).what == "address"


async def test_nobody_else_s_name_is_used(server: str) -> None:
    """Headers that a board's adapter asks for do not change who we say we are."""
    async with fetcher() as client:
        found = await client.fetch(f"{server}/page", headers=[("USER-AGENT", "Mozilla/5.0"), ("X-A", "b")])
    assert isinstance(found, Fetched)
    assert found.body.decode() == repr({"x-user-agent": AGENT})


async def test_how_long_an_answer_is_good_comes_with_it(server: str) -> None:
    """From its headers, unchanged pages included; a page that does not say has none."""
    async with fetcher() as client:
        first = await client.fetch(f"{server}/fresh")
        again = await client.fetch(f"{server}/fresh", etag='"v1"')
        unsaid = await client.fetch(f"{server}/page")
    assert isinstance(again, NotModified)
    assert (first.fresh_for, again.fresh_for, unsaid.fresh_for) == (600, 600, None)


async def test_broken_answers_are_failures(server: str) -> None:
    """No listener, an unknown name, a body that is not what its header says, a redirect to nowhere."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()[1]
    assert (await failure(f"http://127.0.0.1:{closed}/")).what == "connection"
    assert (await failure("http://no-such-host.invalid/")).what == "connection"
    assert (await failure(f"{server}/bad-gzip")).what == "protocol"
    assert (await failure(f"{server}/status/302")).what == "protocol"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
async def test_certificates_are_verified(tmp_path: Path) -> None:
    """A server whose certificate nobody vouches for is not spoken to."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)  # noqa: ASYNC221
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        failed = await failure(f"https://localhost:{port}/")
    assert failed.what == "connection"
    assert "certificate" in failed.why.lower()
