"""One client for every board: polite, conditional, bounded in time and size, and unable to reach inside the house.

Each hop of each fetch asks the host's robots.txt for permission and waits for its turn at the host's gate.
"""

import asyncio
import http.cookiejar
import math
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urljoin

import httpx2
import structlog

from services.ingest.fetch_guard import GuardedTransport, RefusedAddress
from services.ingest.politeness import (
    AT_HOME,
    DAY,
    MOST_CRAWL_DELAY,
    Clock,
    Host,
    Hosts,
    Politeness,
    Resting,
    Sleep,
)
from services.ingest.robots import LARGEST, Robots, read_robots
from services.ingest.schedule import fresh_for, retry_after

_log = structlog.get_logger("fetch")

What = Literal[
    "address", "refused_address", "connection", "timeout", "too_large", "redirects", "status", "protocol", "robots", "resting"
]  # fmt: skip
"""Why a fetch failed, for counting: a bad address, one that may not be reached, no connection, too slow, too large,
too many redirects, a status other than 200 or 304, an answer that breaks HTTP, forbidden by robots.txt, not asked
because the host is given a rest."""

_NO_RULES = Robots()
_ROBOTS_AGAIN = 300.0
_UNSAID_PAUSE = 60.0
"""Seconds that a host is left alone after 429 when it does not say for how long."""
_MANY = 5_000
_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_THAT_KEEP_THE_METHOD = {307, 308}
_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml, text/xml, text/html, application/ld+json, application/json, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, whole. `url` is where it was found after redirects; `etag` and `last_modified` belong to the next request.

    `fresh_for`: seconds, up to a day, before which the board does not expect to be asked again; None if it does not say.
    """

    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None
    fresh_for: float | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The board has not changed since the given ETag or date. `fresh_for` as in Fetched."""

    url: str
    etag: str | None
    last_modified: str | None
    fresh_for: float | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    headers: dict[str, str]
    body: bytes | None
    conditional: bool
    is_robots: bool = False


_ROBOTS_QUESTION = _Question(
    "GET", {"Accept": "text/plain, */*;q=0.5"}, None, conditional=False, is_robots=True
)


@dataclass(frozen=True, slots=True)
class _Moved:
    to: str
    keeps_method: bool


class FetchFailed(Exception):
    """Nothing was learned about the board.

    `retry_after`: seconds before which asking again is of no use, as far as is known. `status`: of the answer, where
    that is the reason.
    """

    def __init__(
        self, what: What, url: str, why: str, retry_after: float | None = None, status: int | None = None
    ) -> None:
        super().__init__(f"{url}: {why}")
        self.what = what
        self.url = url
        self.why = why
        self.retry_after = retry_after
        self.status = status

    @property
    def is_the_hosts(self) -> bool:
        """Whether the host did not answer, or only to say that it is unwell."""
        return self.what in ("connection", "timeout") or (self.status or 0) >= 500


@dataclass(slots=True)
class _Permission:
    """What an origin's robots.txt said, until when that holds; or why it could not be had."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = -math.inf
    robots: Robots = _NO_RULES
    failed: FetchFailed | None = None


class Fetcher:
    """The polite client. Build it once, use it for everything, close it at the end (it is an async context manager).

    Args:
        user_agent: who asks, with an address where the owner can be reached. Its first word is our name in robots.txt.
        timeout: seconds for one fetch altogether: names, connections, redirects and body, but not waiting for turns.
        max_bytes: size of a body after decompression.
        allow_private: whether private, loopback and link-local addresses may be reached (tests and sample boards only).
        max_redirects: hops that are followed; each is checked like the first.
        politeness: how hosts are treated. Without: as Politeness() says, or with `allow_private` as AT_HOME says.
        clock, sleep: seconds that only ever grow, and waiting for some of them.

    A robots.txt is kept for a day. Where there is none (4xx, or redirects without end) everything is allowed; while it
    cannot be had (no answer, 5xx, 429) nothing is, and it is asked for again after five minutes.
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
        politeness: Politeness | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._user_agent = user_agent
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
        self._politeness = politeness or (AT_HOME if allow_private else Politeness())
        self._clock = clock
        self._hosts = Hosts(self._politeness, clock, sleep)
        self._permissions: dict[str, _Permission] = {}
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
        return await self._follow(url, _Question(method, honest | conditional, body, bool(conditional)))

    async def _follow(self, start: str, question: _Question) -> Fetched | NotModified:
        url, left = start, self._timeout
        for _ in range(self._max_redirects + 1):
            address = _checked(url)
            if self._politeness.robots and not question.is_robots:
                await self._permit(url, address)
            try:
                host = self._hosts.of(address.host, address.port)
                async with host.turn():
                    began = time.monotonic()
                    answer = await self._judged(host, self._ask(url, address, question, left))
            except Resting as rest:
                why = f"the host is left alone for {rest.left:.0f} s ({rest.why})"
                raise FetchFailed("resting", url, why, rest.left) from rest
            left -= time.monotonic() - began
            if not isinstance(answer, _Moved):
                return answer
            url = answer.to
            if not answer.keeps_method:
                question = replace(question, method="GET", body=None)
            if _origin(answer.to) != _origin(start):
                # What an adapter sends may be a key, and is for the host it was written for alone.
                kept = {name: value for name, value in question.headers.items() if name in _CONDITIONS}
                question = replace(question, headers=kept)
        raise FetchFailed("redirects", start, f"more than {self._max_redirects} redirects")

    async def _judged(
        self, host: Host, asking: Awaitable[Fetched | NotModified | _Moved]
    ) -> Fetched | NotModified | _Moved:
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
        self, url: str, address: httpx2.URL, question: _Question, left: float
    ) -> Fetched | NotModified | _Moved:
        """One request and its answer, within `left` seconds. Raises FetchFailed."""
        try:
            async with (
                asyncio.timeout(left),
                self._client.stream(
                    question.method, address, headers=question.headers, content=question.body
                ) as response,
            ):
                if response.status_code not in _REDIRECTS:
                    return await self._answer(url, response, question)
                location = response.headers.get("location")
                if not location:
                    raise FetchFailed("protocol", url, f"status {response.status_code} without a Location")
                return _Moved(urljoin(url, location), response.status_code in _REDIRECTS_THAT_KEEP_THE_METHOD)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise FetchFailed(
                "timeout", url, f"no complete answer within {self._timeout:g} seconds"
            ) from error
        except httpx2.TransportError as error:
            raise _failure(url, error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FetchFailed("protocol", url, f"the answer could not be read ({error})") from error

    async def _answer(
        self, url: str, response: httpx2.Response, question: _Question
    ) -> Fetched | NotModified:
        now, headers = datetime.now(UTC), response.headers
        etag, last_modified = headers.get("etag"), headers.get("last-modified")
        if response.status_code == 304 and question.conditional:
            return NotModified(url, etag, last_modified, fresh_for(headers, b"", now))
        if response.status_code != 200:
            pause = retry_after(headers.get("retry-after"), now)
            said = f"status {response.status_code} {response.reason_phrase}".strip()
            raise FetchFailed("status", url, said, pause, response.status_code)
        most = LARGEST if question.is_robots else self._max_bytes
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > most and question.is_robots:
                break
            if len(body) > most:
                raise FetchFailed("too_large", url, f"more than {most:,} bytes after decompression")
        whole = bytes(body)
        content_type = headers.get("content-type")
        return Fetched(url, whole, content_type, etag, last_modified, fresh_for(headers, whole, now))

    async def _permit(self, url: str, address: httpx2.URL) -> None:
        """Raises FetchFailed when robots.txt forbids the address, or while it cannot be had."""
        if len(self._permissions) >= _MANY:
            now = self._clock()
            self._permissions = {
                origin: each for origin, each in self._permissions.items() if each.until > now
            }
        origin = f"{address.scheme}://{address.netloc.decode('ascii')}"
        permission = self._permissions.setdefault(origin, _Permission())
        async with permission.asking:
            if permission.until <= self._clock():
                try:
                    await self._learn(permission, self._hosts.of(address.host, address.port), origin)
                except FetchFailed as rest:
                    raise FetchFailed(rest.what, url, rest.why, rest.retry_after) from rest
        if failed := permission.failed:
            left = max(0.0, permission.until - self._clock())
            why = f"robots.txt could not be had ({failed.why}); until it can, nothing is fetched"
            raise FetchFailed(
                "robots" if failed.what == "status" else failed.what, url, why, left
            ) from failed
        if rule := permission.robots.refusal(address.raw_path.decode("ascii")):
            raise FetchFailed("robots", url, f"robots.txt refuses it: {rule}")

    async def _learn(self, permission: _Permission, host: Host, origin: str) -> None:
        """Ask an origin's robots.txt. Raises FetchFailed when the host rests, and nothing was asked."""
        robots, failure, kept = Robots(), None, DAY
        try:
            found = await self._follow(f"{origin}/robots.txt", _ROBOTS_QUESTION)
            if isinstance(found, Fetched):
                robots = await asyncio.to_thread(read_robots, found.body, self._user_agent)
        except FetchFailed as failed:
            if failed.what == "resting":
                raise
            if not _means_no_robots(failed):
                _log.warning("robots_not_read", origin=origin, why=failed.why)
                failure, kept = failed, min(DAY, max(_ROBOTS_AGAIN, failed.retry_after or 0.0))
        permission.robots, permission.failed, permission.until = robots, failure, self._clock() + kept
        if host.slow_down(robots.crawl_delay):
            _log.warning(
                "crawl_delay_capped", origin=origin, asked=robots.crawl_delay, obeyed=MOST_CRAWL_DELAY
            )


def _means_no_robots(failed: FetchFailed) -> bool:
    """Whether an origin without a robots.txt answers so (RFC 9309, 2.3.1.2 and 2.3.1.3)."""
    absent = failed.status is not None and 200 <= failed.status < 500 and failed.status not in (304, 429)
    return absent or failed.what == "redirects"


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = _checked(url)
    return parts.scheme, parts.host, parts.port


def _checked(url: str) -> httpx2.URL:
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise FetchFailed("address", url, f"not an address ({error})") from error
    if address.scheme not in ("http", "https") or not address.host:
        raise FetchFailed("address", url, "only http and https addresses are fetched")
    if address.userinfo:
        raise FetchFailed("address", url, "addresses with a user name or password are not fetched")
    return address


def _failure(url: str, error: httpx2.TransportError) -> FetchFailed:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedAddress):
            return FetchFailed("refused_address", url, str(cause))
        cause = cause.__cause__
    if isinstance(error, httpx2.NetworkError):
        return FetchFailed("connection", url, f"no connection ({str(error) or type(error).__name__})")
    return FetchFailed("protocol", url, f"the answer breaks HTTP ({str(error) or type(error).__name__})")
