"""One client for every board: conditional, bounded in time and size, and unable to reach inside the house.

Where politeness towards hosts (robots.txt, rates, back-off) will live, too: every request passes through Fetcher.fetch.
"""

import asyncio
import http.cookiejar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urljoin

import httpx2

from services.ingest.fetch_guard import GuardedTransport, RefusedAddress

What = Literal[
    "address", "refused_address", "connection", "timeout", "too_large", "redirects", "status", "protocol"
]
"""Why a fetch failed, for counting: a bad address, one that may not be reached, no connection, too slow, too large,
too many redirects, a status other than 200 or 304, an answer that breaks HTTP."""

_REDIRECTS = {301, 302, 303, 307, 308}
_REDIRECTS_THAT_KEEP_THE_METHOD = {307, 308}
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml, text/xml, text/html, application/ld+json, application/json, */*;q=0.5"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, whole. `url` is where it was found after redirects; `etag` and `last_modified` belong to the next request."""

    url: str
    body: bytes
    content_type: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The board has not changed since the given ETag or date."""

    url: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class _Question:
    method: str
    headers: dict[str, str]
    body: bytes | None
    conditional: bool


class FetchFailed(Exception):
    """Nothing was learned about the board. `retry_after` is the pause in seconds that the server asked for, if any."""

    def __init__(self, what: What, url: str, why: str, retry_after: float | None = None) -> None:
        super().__init__(f"{url}: {why}")
        self.what = what
        self.url = url
        self.why = why
        self.retry_after = retry_after


class Fetcher:
    """The polite client. Build it once, use it for everything, close it at the end (it is an async context manager).

    Args:
        user_agent: who asks, with an address where the owner can be reached.
        timeout: seconds for one fetch altogether: names, connections, redirects and body.
        max_bytes: size of a body after decompression.
        allow_private: whether private, loopback and link-local addresses may be reached (tests and sample boards only).
        max_redirects: hops that are followed; each is checked like the first.

    Proxies and certificates named in the environment are not used: a proxy would resolve names outside the guard.
    """

    def __init__(
        self, *, user_agent: str, timeout: float, max_bytes: int, allow_private: bool, max_redirects: int = 5
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._max_redirects = max_redirects
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
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified} if method == "GET" else {}
        conditional = {name: value for name, value in conditions.items() if value}
        question = _Question(method, dict(headers) | conditional, body, bool(conditional))
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(url, question)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise FetchFailed(
                "timeout", url, f"no complete answer within {self._timeout:g} seconds"
            ) from error
        except httpx2.TransportError as error:
            raise _failure(url, error) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise FetchFailed("protocol", url, f"the answer could not be read ({error})") from error

    async def _follow(self, start: str, question: _Question) -> Fetched | NotModified:
        url = start
        for _ in range(self._max_redirects + 1):
            async with self._client.stream(
                question.method, _checked(url), headers=question.headers, content=question.body
            ) as response:
                if response.status_code not in _REDIRECTS:
                    return await self._answer(url, response, conditional=question.conditional)
                location = response.headers.get("location")
                if not location:
                    raise FetchFailed("protocol", url, f"status {response.status_code} without a Location")
                url = urljoin(url, location)
                if response.status_code not in _REDIRECTS_THAT_KEEP_THE_METHOD:
                    question = _Question("GET", question.headers, None, question.conditional)
        raise FetchFailed("redirects", start, f"more than {self._max_redirects} redirects")

    async def _answer(
        self, url: str, response: httpx2.Response, *, conditional: bool
    ) -> Fetched | NotModified:
        etag, last_modified = response.headers.get("etag"), response.headers.get("last-modified")
        if response.status_code == 304 and conditional:
            return NotModified(url, etag, last_modified)
        if response.status_code != 200:
            pause = retry_after(response.headers.get("retry-after"), datetime.now(UTC))
            said = f"status {response.status_code} {response.reason_phrase}".strip()
            raise FetchFailed("status", url, said, pause)
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > self._max_bytes:
                raise FetchFailed(
                    "too_large", url, f"more than {self._max_bytes:,} bytes after decompression"
                )
        return Fetched(url, bytes(body), response.headers.get("content-type"), etag, last_modified)


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait that a Retry-After header asks for, as a number or a date; None if it says nothing sensible."""
    if header is None:
        return None
    if header.strip().isascii() and header.strip().isdigit():
        return min(float(header), 31_536_000.0)
    try:
        until = parsedate_to_datetime(header)
        return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


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
