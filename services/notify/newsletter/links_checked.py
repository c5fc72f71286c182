"""Whether every link of a newsletter is real: each is asked for, once, some at a time.

A draft has links that others wrote. None of them leads the asking into a private network, neither at once nor by a redirect.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

import httpx2

from loti_contracts.delivery.guarded_http import GuardedTransport, RefusedAddress
from services.notify.newsletter.checked_words import WrittenLink
from services.notify.newsletter.edition_file import Problem

_AT_ONCE: Final = 8
_WAIT: Final = 15.0
_NOT_HEAD: Final = frozenset((400, 403, 404, 405, 406, 409, 429, 500, 501, 502, 503))
_BUSY: Final = frozenset((429, 503))
_AGENT: Final = "Talent-Exchange link check (+https://loti.london)"
_OWN: Final = ("/newsletters", "/events")


def own_page(url: str, public_url: str) -> str | None:
    """The path of a page of ours, below `public_url`; None for everybody else's."""
    try:
        ours, theirs = urlsplit(public_url), urlsplit(url)
    except ValueError:
        return None
    if (ours.scheme, ours.netloc.lower()) != (theirs.scheme, theirs.netloc.lower()):
        return None
    base = ours.path.rstrip("/")
    if not theirs.path.startswith(f"{base}/"):
        return None
    path = theirs.path.removeprefix(base)
    return path if any(path == own or path.startswith(f"{own}/") for own in _OWN) else None


def event_of(path: str) -> str | None:
    """The id of the library item whose calendar entry is at that path of ours."""
    if path.startswith("/events/") and path.endswith(".ics"):
        return unquote(path.removeprefix("/events/").removesuffix(".ics"))
    return None


async def dead_links(
    links: Sequence[WrittenLink],
    *,
    wait: float = _WAIT,
    allow_private: bool = False,
    done: Callable[[], None] = lambda: None,
) -> list[Problem]:
    """The links that lead nowhere, in the order of lines. `done` is called once for each address that was asked."""
    lines: dict[str, list[int]] = {}
    for link in links:
        lines.setdefault(link.url, []).append(link.line)
    limit = asyncio.Semaphore(_AT_ONCE)
    async with httpx2.AsyncClient(
        transport=GuardedTransport(allow_private=allow_private),
        timeout=wait,
        follow_redirects=True,
        headers={"User-Agent": _AGENT},
        trust_env=False,
    ) as client:

        async def one(url: str) -> str | None:
            async with limit:
                why = await _why_dead(client, url)
            done()
            return why

        whys = await asyncio.gather(*(one(url) for url in lines))
    return sorted(
        (
            Problem(line, f"{url} {why}.", "Correct the address, or take the link out.")
            for (url, at), why in zip(lines.items(), whys, strict=True)
            if why
            for line in at
        ),
        key=lambda problem: problem.line,
    )


async def _why_dead(client: httpx2.AsyncClient, url: str) -> str | None:
    """What is wrong with an address; None where it answers below 400. A page that is busy is there."""
    try:
        status = (await client.head(url)).status_code
        if status in _NOT_HEAD:  # some know no HEAD, and say so in many ways
            async with client.stream("GET", url) as answer:
                status = answer.status_code
    except httpx2.TooManyRedirects:
        return "leads in a circle"
    except httpx2.TimeoutException:
        return "does not answer"
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError, ValueError) as error:
        if _is_refused(error):
            return "leads to a private or reserved address, which nobody who reads it can reach"
        return f"cannot be reached ({type(error).__name__})"
    return None if status < 400 or status in _BUSY else f"answers {status}"


def _is_refused(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, RefusedAddress):
        error = error.__cause__
    return error is not None
