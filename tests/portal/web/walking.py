"""Walks a site as its visitors do: from the first page along every link."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx2
from fastapi import FastAPI
from selectolax.lexbor import LexborHTMLParser

from tests.portal.portal import Portal

_QUERIES: Final = 2
"""So many addresses at most that differ in their query alone: filters can be combined without end."""
_SHOWN: Final = (200, 403)
"""A link may lead to a page that says whom it is for."""


@dataclass(frozen=True)
class Seen:
    """A page that was opened. `kind` is the template of its address."""

    path: str
    kind: str | None
    status: int
    media_type: str
    title: str
    problems: tuple[str, ...]

    @property
    def is_page(self) -> bool:
        """Whether it is HTML that was shown."""
        return self.status == 200 and self.media_type == "text/html"


@dataclass
class Walk:
    """What came of one: each address that was opened, once."""

    seen: dict[str, Seen] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """All that is wrong, a line each."""
        titles: dict[str, set[str | None]] = defaultdict(set)
        for one in self.seen.values():
            if one.is_page:
                titles[one.title].add(one.kind)
        doubled = [f"{kinds} have one title: {title}" for title, kinds in titles.items() if len(kinds) > 1]
        return [
            *doubled,
            *(f"{one.path}: {problem}" for one in self.seen.values() for problem in one.problems),
        ]


async def walk(portal: Portal, *, most: int) -> Walk:
    """Open the first page and all that it leads to, as whoever is signed in; of one kind, such as `/jobs/{id}`, at most
    so many."""
    done, queries, kinds = Walk(), defaultdict[str, int](int), defaultdict[str | None, int](int)
    waiting = [("/", "")]
    while waiting:
        address, found_on = waiting.pop(0)
        path, _ = urldefrag(address)
        bare = urlsplit(path).path
        if path in done.seen or bare == "/live" or (queries[bare] >= _QUERIES and "?" in path):
            continue
        kind = template_of(portal.app, path)
        if kind is not None and kinds[kind] >= most * (_QUERIES if kind == bare else 1):
            continue
        queries[bare] += 1
        kinds[kind] += 1
        answer = await portal.get(path)
        page = LexborHTMLParser(answer.text) if _is_html(answer) else None
        done.seen[path] = _seen(path, kind, found_on, answer, page)
        if page is not None:
            waiting += [(link, path) for link in _links(page, path)]
        elif answer.is_redirect:
            waiting.append((urljoin(path, answer.headers["location"]), path))
    return done


def addresses(app: FastAPI) -> Sequence[str]:
    """The templates of all addresses that a browser can open: `/jobs/{id}`."""
    return sorted({route.path for route in _routes(app.router) if "GET" in (route.methods or ())})


def template_of(app: FastAPI, path: str) -> str | None:
    """The first that fits an address, as the site itself finds it."""
    bare = urlsplit(path).path
    for route in _routes(app.router):
        if "GET" in (route.methods or ()) and route.path_regex.match(bare):
            return str(route.path)
    return None


def _routes(router: Any) -> Iterator[Any]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner)
        elif hasattr(route, "methods"):
            yield route


def _is_html(answer: httpx2.Response) -> bool:
    return answer.headers.get("content-type", "").startswith("text/html")


def _links(page: LexborHTMLParser, path: str) -> Iterator[str]:
    for link in page.css("a[href]"):
        href = link.attributes["href"] or ""
        whole = urljoin(path, href)
        if not urlsplit(whole).scheme and whole.startswith("/"):
            yield whole


def _seen(
    path: str, kind: str | None, found_on: str, answer: httpx2.Response, page: LexborHTMLParser | None
) -> Seen:
    problems = []
    if not (answer.status_code in _SHOWN or answer.is_redirect):
        problems.append(f"answers {answer.status_code}; linked on {found_on}")
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    title = ""
    if page is not None:
        title = page.css_first("title").text() if page.css_first("title") else ""
        problems += _faults(page, title)
    return Seen(path, kind, answer.status_code, media_type, title, tuple(problems))


def _faults(page: LexborHTMLParser, title: str) -> Iterator[str]:
    if not title.strip():
        yield "has no title"
    if (headings := len(page.css("h1"))) != 1:
        yield f"has {headings} headings of the first level"
    ids = [one.attributes["id"] for one in page.css("[id]")]
    for link in page.css('a[href^="#"]'):
        target = (link.attributes["href"] or "")[1:]
        if target and target not in ids:
            yield f"links to #{target}, which it does not have"
    for one in page.css("[hx-select]"):
        if (wanted := one.attributes["hx-select"]) and page.css_first(wanted) is None:
            yield f"refreshes itself by {wanted}, which it does not have"
    for one in page.css("[style], style, [onclick], script:not([src]):not([type])"):
        yield f"has what the policy refuses: {(one.html or '')[:80]}"
    page.strip_tags(["script"], recursive=True)
    if found := re.search(
        r".{0,40}(\{\{|\{%|built-in method|object at 0x|datetime\.).{0,40}",
        page.root.text() if page.root else "",
    ):
        yield f"shows what only a program says: {found[0]}"
