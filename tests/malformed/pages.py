"""Malformed requests to pages: what each site answers. 5xx, an error that comes through, and a refusal without a word are
crashes; so is a refusal that shows what only a program says."""

import re
from collections.abc import Sequence
from random import Random
from typing import Any, Final
from urllib.parse import quote, quote_plus, urlsplit

import httpx2

from tests.malformed.damage import SCRAPS, damaged_bytes
from tests.malformed.outcomes import Boundary, Outcome, crashed
from tests.malformed.sites import Form, Visit

_HEADERS: Final = (
    "accept", "accept-language", "accept-encoding", "content-type", "cookie", "hx-request", "if-none-match", "last-event-id", "origin", "range",
    "referer", "authorization", "x-forwarded-for", "host", "sec-fetch-site", "content-length",
)  # fmt: skip
_PROGRAM = re.compile(r"Traceback|asyncpg|File \"/|line \d+, in |object at 0x|sqlstate", re.IGNORECASE)
_SHARES: Final = {"the event API": 2}


def boundaries(visits: Sequence[Visit]) -> list[Boundary]:
    """One of each kind of visitor at each site."""
    return [Boundary(one.name, _SHARES.get(one.name, 3), _sending(one)) for one in visits]


def _sending(visit: Visit) -> Any:
    async def send(chance: Random) -> tuple[Outcome, bytes]:
        if visit.forms and chance.random() < 0.6:
            request = _form(visit, chance.choice(visit.forms), chance)
        else:
            request = _page(visit, chance)
        shown = f"{request.method} {request.url} {dict(request.headers)} ".encode()
        kept = dict(visit.client.cookies)
        try:
            answer = await visit.client.send(request)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            return crashed(error), shown + request.content[:300]
        finally:
            visit.client.cookies.clear()
            visit.client.cookies.update(kept)
        return _outcome(answer), shown + request.content[:300]

    return send


def _outcome(answer: httpx2.Response) -> Outcome:
    if answer.status_code >= 500 or _PROGRAM.search(answer.text):
        return Outcome("crashed", f"{answer.status_code} {answer.text[:300]}")
    if answer.status_code < 400:
        return Outcome("taken")
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.text)).strip()
    if not said and answer.request.method != "HEAD":
        return Outcome("crashed", f"{answer.status_code} without a word")
    return Outcome("refused", f"{answer.status_code} {said[:200]}")


def _page(visit: Visit, chance: Random) -> httpx2.Request:
    path = chance.choice(visit.pages)
    match chance.randrange(5):
        case 0:
            path = "/" + quote(damaged_bytes(path.encode(), chance)[:3_000], safe="/?=&%")[1:]
        case 1:
            where = chance.choice(path.split("/")) or "x"
            path = path.replace(where, quote(chance.choice(SCRAPS)[:400]), 1)
        case 2 | 3:
            asked = urlsplit(path).query or chance.choice(
                ("q=a", "page=1", "years=all", "after=1", "since=2026", "family=Data")
            )
            name, _, _ = chance.choice(asked.split("&")).partition("=")
            path = f"{urlsplit(path).path}?{name}={quote_plus(chance.choice(SCRAPS)[:500])}&{asked}"
        case _:
            pass
    if not path.startswith("/"):
        path = f"/{path}"
    method = chance.choices(
        ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"), (80, 5, 8, 2, 2, 2, 1)
    )[0]
    return _request(visit, method, path, _headers(visit, chance, often=0.5), b"")


def _form(visit: Visit, form: Form, chance: Random) -> httpx2.Request:
    """As the page shows it, its fields damaged; its token mostly whole, else nothing else would be looked at."""
    pairs = list(form.fields) or [("", "")]
    for _ in range(chance.choice((1, 1, 2, 4))):
        place = chance.randrange(len(pairs))
        name, value = pairs[place]
        if name == "csrf" and chance.random() < 0.9:
            continue
        match chance.randrange(6):
            case 0:
                pairs.append((name, value))
            case 1 if name != "csrf":
                pairs[place] = ("", "")
            case 2:
                pairs[place] = (name, "é\u202e\u0000 \ud7ff" * chance.choice((1, 700)))
            case _:
                pairs[place] = (name, chance.choice(SCRAPS).decode("latin-1"))
    body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs).encode()
    headers = {"content-type": "application/x-www-form-urlencoded", **_headers(visit, chance, often=0.15)}
    if chance.random() < 0.15:
        body = damaged_bytes(body, chance)
    if chance.random() < 0.05:
        headers["content-type"] = chance.choice(
            ("multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/x")
        )
    return _request(visit, "POST", form.path, headers, body)


def _headers(visit: Visit, chance: Random, *, often: float) -> dict[str, str]:
    found = dict(visit.headers)
    if chance.random() < often:
        odd = chance.choice(SCRAPS).translate(None, b"\r\n\x00")[:2_000].decode("latin-1")
        found[chance.choice(_HEADERS)] = odd
    return found


def _request(visit: Visit, method: str, path: str, headers: dict[str, str], body: bytes) -> httpx2.Request:
    listed = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    path = path if path.isascii() else quote(path, safe="/?=&%#")
    return visit.client.build_request(method, path.replace("//", "/", 1), headers=listed, content=body)
