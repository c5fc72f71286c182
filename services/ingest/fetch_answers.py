"""What may come of a fetch: a page, the news that it has not changed, another address, or the reason for nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import httpx2

from services.ingest.robots import LARGEST
from services.ingest.schedule import fresh_for, retry_after

What = Literal[
    "address", "refused_address", "connection", "timeout", "too_large", "redirects", "status", "protocol", "robots", "resting"
]  # fmt: skip
"""Why a fetch failed, for counting: a bad address, one that may not be reached, no connection, too slow, too large,
too many redirects, a status other than 200 or 304, an answer that breaks HTTP, forbidden by robots.txt, not asked
because the host is given a rest."""


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
class Moved:
    """A redirect, and whether what was posted is posted again where it leads."""

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


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, at whatever address it ends up. `conditional` when 304 is an answer to it."""

    method: str
    headers: dict[str, str]
    body: bytes | None
    conditional: bool
    is_robots: bool = False


async def read_answer(
    url: str, response: httpx2.Response, question: Question, *, most: int, now: datetime
) -> Fetched | NotModified:
    """The answer in a response that is no redirect. Of a robots.txt that is too large its beginning is read.

    Args:
        most: bytes of a body after decompression.

    Raises:
        FetchFailed: another status than 200 and 304, a body too large, or compressed more than once over: undoing
            that can take for ever, and nobody was asked for it.
        httpx2.HTTPError: the connection broke, or the body is not what its headers say.
    """
    headers = response.headers
    etag, last_modified = headers.get("etag"), headers.get("last-modified")
    if response.status_code == 304 and question.conditional:
        return NotModified(url, etag, last_modified, fresh_for(headers, b"", now))
    if response.status_code != 200:
        pause = retry_after(headers.get("retry-after"), now)
        said = f"status {response.status_code} {response.reason_phrase}".strip()
        raise FetchFailed("status", url, said, pause, response.status_code)
    codings = headers.get("content-encoding", "").split(",")
    if sum(coding.strip().lower() not in ("", "identity") for coding in codings) > 1:
        raise FetchFailed("protocol", url, "the answer is compressed more than once over")
    body, most = bytearray(), LARGEST if question.is_robots else most
    async for part in response.aiter_bytes():
        body += part
        if len(body) > most and question.is_robots:
            break
        if len(body) > most:
            raise FetchFailed("too_large", url, f"more than {most:,} bytes after decompression")
    whole = bytes(body)
    content_type = headers.get("content-type")
    return Fetched(url, whole, content_type, etag, last_modified, fresh_for(headers, whole, now))
