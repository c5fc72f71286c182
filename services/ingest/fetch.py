"""One client for every board: polite, conditional, bounded in time and size, and unable to reach inside the house.

Each hop of each fetch asks the host's robots.txt for permission (fetch_permissions.py), waits for its turn at the
host's gate (politeness.py), and connects only where it may (loti_contracts.delivery.guarded_http).
"""

import asyncio
import http.cookiejar
import time
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urljoin

import httpx2
import structlog

from loti_contracts.delivery.guarded_http import GuardedTransport
from services.ingest.fetch_answers import (
    Fetched,
    FetchFailed,
    Moved,
    NotModified,
    Question,
    What,
    read_answer,
)
from services.ingest.fetch_guard import checked, failure_of, origin
from services.ingest.fetch_permissions import Permissions
from services.ingest.politeness import AT_HOME, Clock, Host, Hosts, Politeness, Resting, Sleep

__all__ = ["FetchFailed", "Fetched", "Fetcher", "NotModified", "What"]

_log = structlog.get_logger("fetch")

_UNSAID_PAUSE = 60.0
"""Seconds that a host is left alone after 429 when it does not say for how long."""
_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_THAT_KEEP_THE_METHOD = {307, 308}
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml, text/xml, text/html, application/ld+json, application/json, */*;q=0.5"
_ROBOTS = Question("GET", {"Accept": "text/plain, */*;q=0.5"}, None, conditional=False, is_robots=True)


class Fetcher:
    """The polite client. Build it once, use it for everything, close it at the end (it is an async context manager).

    Args:
        user_agent: who asks, with an address where the owner can be reached. Its first word is our name in robots.txt.
        timeout: seconds for one fetch altogether: names, connections, redirects and body, but not waiting for turns.
        max_bytes: size of a body after decompression.
        allow_private: whether private, loopback and link-local addresses may be reached (tests and sample boards only).
        max_redirects: hops that are followed; each is checked like the first.
        board_seconds: for all questions to one board, waiting included; see take_snapshot.
        politeness: how hosts are treated. Without: as Politeness() says, or with `allow_private` as AT_HOME says.
        clock, sleep: seconds that only ever grow, and waiting for some of them.

    Proxies and certificates named in the environment are not used: a proxy would resolve names outside the guard.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        timeout: float,
        max_bytes: int,
        allow_private: bool,
        max_redirects: int = 5,
        board_seconds: float = 1_800.0,
        politeness: Politeness | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self.board_seconds = board_seconds
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._politeness = politeness or (AT_HOME if allow_private else Politeness())
        self._hosts = Hosts(self._politeness, clock, sleep)
        self._permissions = Permissions(
            user_agent, self._hosts, clock, lambda url: self._follow(url, _ROBOTS)
        )
        no_cookies = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx2.AsyncClient(
            transport=GuardedTransport(allow_private=allow_private),
            headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"},
            timeout=timeout,
            follow_redirects=False,
            cookies=no_cookies,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def fetch(
        self,
        url: str,
        *,
        method: Literal["GET", "POST"] = "GET",
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Fetched | NotModified:
        """Get a page, or learn that it has not changed.

        Args:
            url: http or https.
            method, headers, body: of a search that must be posted; what is posted is never conditional.
            etag, last_modified: as the last Fetched gave them.

        Raises:
            FetchFailed: for every reason there is; see What.
        """
        conditions = dict(zip(_CONDITIONS, (etag, last_modified), strict=True)) if method == "GET" else {}
        conditional = {name: value for name, value in conditions.items() if value}
        honest = {name: value for name, value in headers if name.lower() != "user-agent"}
        return await self._follow(url, Question(method, honest | conditional, body, bool(conditional)))

    async def _follow(self, start: str, question: Question) -> Fetched | NotModified:
        url, left = start, self._timeout
        for _ in range(self._max_redirects + 1):
            address = checked(url)
            host = self._hosts.of(address.host, address.port)
            if self._politeness.robots and not question.is_robots:
                await self._permissions.permit(url, address)
            try:
                async with host.turn():  # in the order of asking: nobody reads a newer robots.txt before it
                    began = time.monotonic()
                    answer = await self._judged(host, self._ask(url, address, question, left))
            except Resting as rest:
                why = f"the host is left alone for {rest.left:.0f} s ({rest.why})"
                raise FetchFailed("resting", url, why, rest.left) from rest
            left -= time.monotonic() - began
            if not isinstance(answer, Moved):
                return answer
            url = answer.to
            if not answer.keeps_method:
                question = replace(question, method="GET", body=None)
            if origin(answer.to) != origin(start):
                # What an adapter sends may be a key, and is for the host it was written for alone.
                kept = {name: value for name, value in question.headers.items() if name in _CONDITIONS}
                question = replace(question, headers=kept)
        raise FetchFailed("redirects", start, f"more than {self._max_redirects} redirects")

    async def _judged(
        self, host: Host, asking: Awaitable[Fetched | NotModified | Moved]
    ) -> Fetched | NotModified | Moved:
        """The answer; what it means for the host's next turns is told to its gate."""
        try:
            answer = await asking
        except FetchFailed as failed:
            if not failed.is_the_hosts:
                host.answered()
            elif host.failed():
                _log.warning("host_rests", url=failed.url, why=failed.what)
            if failed.status == 429 or (failed.status == 503 and failed.retry_after is not None):
                host.hold(_UNSAID_PAUSE if failed.retry_after is None else failed.retry_after)
            raise
        host.answered()
        return answer

    async def _ask(
        self, url: str, address: httpx2.URL, question: Question, left: float
    ) -> Fetched | NotModified | Moved:
        """One request and its answer, within `left` seconds. Raises FetchFailed."""
        try:
            async with (
                asyncio.timeout(left),
                self._client.stream(
                    question.method, address, headers=question.headers, content=question.body
                ) as response,
            ):
                if response.status_code not in _REDIRECTS:
                    now = datetime.now(UTC)
                    return await read_answer(url, response, question, most=self._max_bytes, now=now)
                location = response.headers.get("location")
                if not location:
                    raise FetchFailed("protocol", url, f"status {response.status_code} without a Location")
                return Moved(urljoin(url, location), response.status_code in _REDIRECTS_THAT_KEEP_THE_METHOD)
        except (TimeoutError, httpx2.TimeoutException) as error:
            why = f"no complete answer within {self._timeout:g} seconds"
            raise FetchFailed("timeout", url, why) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise failure_of(url, error) from error
