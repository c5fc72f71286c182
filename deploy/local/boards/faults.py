"""What a board can be made to do wrong: one table, each fault with what it does.

A fault is asked for with `PUT /control/{board}` `{"answer": {"fault": NAME}}`; which requests it meets is said beside
it (see rules.py). It works in one of three places: it answers instead of the board, it changes the adverts before
they are printed, or it changes the page after. Everything is bounded and stays on this machine: at most 100 MB after
decompression, 60 seconds, 200,000 tags, and no address but loopback ones is ever named.
"""

import json
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType

from deploy.local.boards.adverts import Advert
from deploy.local.boards.hostile import entities, login_page, nested

SLOWEST = 60.0
"""Seconds that a dripping answer takes at most."""
DRIP = 0.25
"""Seconds between two of its bytes."""
BOMB = 100_000_000
"""Bytes of the compression bomb after decompression; about 100 kB on the wire."""
NOWHERE = "http://127.0.0.2:9/private"
"""Where a redirect inside the house leads: loopback, but not where the boards are, and nobody listens."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page on its way out. `headers` go with it; `drip` is sent a byte at a time; `status` may be a redirect's."""

    body: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    drip: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Which request is being answered: its address, and the page of a list that it asks for, counted from 1."""

    url: str
    number: int


@dataclass(frozen=True, slots=True)
class Fault:
    """`what` it does, for people; and the one place where it works. All None: it works in robots.txt."""

    what: str
    instead: Callable[[Place], Page | None] | None = None
    adverts: Callable[[Sequence[Advert]], list[Advert]] | None = None
    page: Callable[[Page], Page] | None = None


def _bodied(change: Callable[[bytes], bytes]) -> Callable[[Page], Page]:
    return lambda page: replace(page, body=change(page.body))


def _redirect(to: str) -> Page:
    return Page(b"", "text/plain; charset=utf-8", 302, {"Location": to})


def _missing(place: Place) -> Page | None:
    return Page(b"Not found.", "text/plain; charset=utf-8", 404) if place.number == 2 else None


def _wrong_charset(body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("cp1252", "replace")


@cache
def _bomb() -> bytes:
    """Compressed piece by piece, so that making it costs no memory."""
    press = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    pieces = [press.compress(b" " * (BOMB // 100)) for _ in range(100)]
    return b"".join(pieces) + press.flush()


def _bombed(page: Page) -> Page:
    return replace(page, body=_bomb(), headers={"Content-Encoding": "gzip"})


def _not_a_number(adverts: Sequence[Advert]) -> list[Advert]:
    return [replace(advert, pay="£NaN to £NaN") for advert in adverts[:1]] + list(adverts[1:])


def _unfollowable(adverts: Sequence[Advert]) -> list[Advert]:
    return [replace(advert, link="javascript:alert(1)") for advert in adverts[:1]] + list(adverts[1:])


def _scripted(adverts: Sequence[Advert]) -> list[Advert]:
    return [replace(advert, title=f"<script>alert(1)</script>{advert.title}") for advert in adverts]


def _renumbered(adverts: Sequence[Advert]) -> list[Advert]:
    return [replace(advert, id=f"{advert.id}-anew") for advert in adverts]


def _twice(adverts: Sequence[Advert]) -> list[Advert]:
    return [advert for each in adverts for advert in (each, each)]


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "empty": Fault("a body of no bytes, status 200", page=_bodied(lambda _: b"")),
        "truncated": Fault("the first half of the page", page=_bodied(lambda body: body[: len(body) // 2])),
        "login": Fault(
            "a login page instead, status 200",
            instead=lambda _: Page(login_page(), "text/html; charset=utf-8"),
        ),
        "redirect_loop": Fault("a redirect to itself", instead=lambda place: _redirect(place.url)),
        "redirect_private": Fault(
            "a redirect to another loopback address, where nobody listens",
            instead=lambda _: _redirect(NOWHERE),
        ),
        "slow": Fault(
            "a byte every quarter of a second, at most a minute", page=lambda page: replace(page, drip=True)
        ),
        "bomb": Fault("100 MB of blanks, compressed to about 100 kB", page=_bombed),
        "charset": Fault("the page in Windows-1252, declared as UTF-8", page=_bodied(_wrong_charset)),
        "robots": Fault("robots.txt forbids the board's pages"),
        "changed_ids": Fault("every advert stays, but under another number and address", adverts=_renumbered),
        "duplicated": Fault("every advert is there twice", adverts=_twice),
        "missing_page": Fault("the second page of every list is 404", instead=_missing),
        "nested": Fault(
            "200,000 tags, or brackets in JSON, one in the other",
            page=lambda page: replace(page, body=nested(page.body, page.media_type)),
        ),
        "entities": Fault(
            "XML with entities that would grow a billionfold, and one that names a local file",
            page=lambda page: entities_page(page),
        ),
        "nan": Fault("the first advert pays NaN", adverts=_not_a_number),
        "script": Fault("every title begins with a script element", adverts=_scripted),
        "javascript": Fault(
            "the first advert's link is a javascript: address",
            adverts=_unfollowable,
        ),
    }
)
"""By name; see `GET /control/faults`."""


def entities_page(page: Page) -> Page:
    """The page with an entity bomb in it if it is XML, else an XML document with one in the page's place."""
    return replace(
        page, body=entities(page.body, page.media_type), media_type="application/xml; charset=utf-8"
    )


def page_number(query: Mapping[str, str], posted: bytes) -> int:
    """Which page of a list is asked for, counted from 1, however its vendor says it; 1 where nothing says so."""
    for name in ("page", "pagenum", "page[number]"):
        if query.get(name, "").isdigit():
            return max(1, int(query[name]))
    for name, size in (("startrow", 25), ("start", 50)):
        if query.get(name, "").isdigit():
            return int(query[name]) // size + 1
    if query.get("offset", "").isdigit():
        return int(query["offset"]) // max(1, int(query.get("limit", "10"))) + 1
    if within := re.search(r"limit=(\d{1,4}),offset=(\d{1,6})", query.get("finder", "")):
        return int(within[2]) // max(1, int(within[1])) + 1
    try:
        wish = json.loads(posted) if posted else {}
        if "pageNo" in wish:
            return max(1, int(wish["pageNo"]))
        return int(wish.get("offset", 0)) // max(1, int(wish.get("limit", 20))) + 1
    except (ValueError, TypeError, AttributeError):
        return 1
