"""One attempt: a POST to an address out on the internet, and the first words of its answer.

Redirects are not followed, and private addresses are not reached, whatever a name leads to when it is asked.
"""

import asyncio
import http.cookiejar
import ipaddress
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx2

from loti_contracts.delivery.guarded_http import GuardedTransport, RefusedAddress, is_public
from services.webhooks.cloud_events import ONE
from services.webhooks.push.schedule import Answer

_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_SHOWN = 200
_READ = 1_024
_WORDS_WITHIN = 1.0
"""Seconds for the first words of an answer whose status is known already: it decides, they only explain."""


class NotAnEndpoint(ValueError):
    """Nothing can be sent to that address; the text says why."""


def checked_url(url: str, *, allow_http: bool, allow_private: bool) -> str:
    """An address that events may be pushed to, as far as can be seen from it. Raises NotAnEndpoint."""
    try:
        address = httpx2.URL(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise NotAnEndpoint(f"{url!r} is not an address ({error})") from error
    if address.scheme not in (("https", "http") if allow_http else ("https",)) or not address.host:
        hint = "" if allow_http else " (LOTI_ALLOW_HTTP=true lets http in, for local use)"
        raise NotAnEndpoint(f"{url!r}: an endpoint's address begins with https://{hint}")
    if address.userinfo or address.fragment:
        raise NotAnEndpoint(f"{url!r}: no user name, password or #fragment can be in an endpoint's address")
    if not _HOST.fullmatch(address.raw_host.decode("ascii")):
        raise NotAnEndpoint(f"{url!r}: {address.host!r} is not the name of a host")
    if not allow_private and (address.host == "localhost" or _is_private(address.host)):
        raise NotAnEndpoint(
            f"{address.host} is a private or reserved address, which is not reached unless LOTI_ALLOW_PRIVATE allows it"
        )
    return url


def _is_private(host: str) -> bool:
    """Of a host that is written as an address; a name is judged when it is asked."""
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        return False


class Sender:
    """Pushes to one endpoint. It has connections of its own, so that a slow one takes none from another."""

    def __init__(self, *, timeout: float, allow_private: bool) -> None:
        self._timeout = timeout
        no_cookies = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx2.AsyncClient(
            transport=GuardedTransport(allow_private=allow_private),
            headers={"User-Agent": "LOTI-Webhooks/1", "Accept-Encoding": "identity", "Content-Type": ONE},
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
        await self._client.aclose()

    async def send(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What came of it; it never raises for what the other side does."""
        began = time.monotonic()

        def answer(status: int | None, said: str, retry_after: float | None = None) -> Answer:
            return Answer(status, said, time.monotonic() - began, retry_after)

        try:
            async with asyncio.timeout(self._timeout):
                request = self._client.build_request("POST", url, content=body, headers=dict(headers))
                response = await self._client.send(request, stream=True)
        except (TimeoutError, httpx2.TimeoutException):
            return answer(None, f"no answer within {self._timeout:g} seconds")
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            return answer(None, _why(error))
        try:
            wait = seconds_to_wait(response.headers.get("retry-after"), now=datetime.now(UTC))
            return answer(response.status_code, await _first_words(response), wait)
        finally:
            await response.aclose()


async def _first_words(response: httpx2.Response) -> str:
    """At most a kilobyte is read, and only what comes at once; a redirect says where it wanted to lead."""
    if 300 <= response.status_code < 400:
        return f"redirects are not followed; it leads to {_text(response.headers.get('location', ''))}"
    read = b""
    try:
        async with asyncio.timeout(_WORDS_WITHIN):
            async for piece in response.aiter_raw():
                read += piece
                if len(read) >= _READ:
                    break
    except (TimeoutError, httpx2.HTTPError):
        return _text(read.decode(errors="replace")) + " [not complete]"
    return _text(read[:_READ].decode(errors="replace"))


def _text(said: str) -> str:
    """On one line, without what a terminal or PostgreSQL would take amiss."""
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:_SHOWN]


def seconds_to_wait(said: str | None, *, now: datetime) -> float | None:
    """Retry-After, given in seconds or as a date; None where it is not said or not readable."""
    if not said:
        return None
    if said.strip().isdecimal():
        return float(said.strip()[:9])
    try:
        at = parsedate_to_datetime(said)
        return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())
    except (ValueError, OverflowError):
        return None


def _why(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RefusedAddress):
            return _text(str(cause))
        cause = cause.__cause__
    return _text(f"{type(error).__name__}: {error}")
