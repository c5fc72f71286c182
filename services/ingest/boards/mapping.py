"""Any list in XML, JSON or HTML, as a source's `options` describe it: a new vendor is configuration, not code.

format: html                       # or xml, json
items: "ul.jobs > li"              # where the adverts are: a CSS selector, or a path
empty: "ul.jobs"                   # what is there even when there is no advert; without it, none is no answer
count: ".total"                    # how many the board says it has
fields:
  key: "@data-id"
  title: h3 a
  url: h3 a@href
  pay_text: [.salary, {path: p.line, after: "Salary:", until: "Closing"}]
  employer: {constant: London Borough of Examples}
next: {parameter: page, start: 1, size: 25}   # or a path, or {url: "https://…/page/{page}/", missing_ends: true}
detail: {link: h3 a@href, fields: {description: "#advert"}}
"""

import json
import math
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.adapter import (
    MOST_DETAILS,
    MOST_PAGES,
    Answer,
    Ask,
    Board,
    Missed,
    Page,
    Reading,
    Steps,
)
from services.ingest.boards.jsonld_blocks import MAX_NESTING, decoded, nesting
from services.ingest.boards.mapping_config import Details, Following, Plan, Value, plan_of
from services.ingest.boards.mapping_paths import Element, Path, XmlPath, XmlRefused, raw, read_xml
from services.ingest.boards.posting import MAX_BODY, NotABoard, Posting, Refused, distinct
from services.ingest.boards.text import MAX_DESCRIPTION, plain, web_address

MAX_ITEMS = 5_000
"""Adverts on one page."""
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.-]{1,40})""")


@dataclass(slots=True)
class _Draft:
    """An advert as far as it is known; `base_url` is where its address was written."""

    where: str
    base_url: str
    fields: dict[str, str | None]
    link: str | None = None


def read_mapping(board: Board, reading: Reading) -> Steps:
    """Converse with a board as its options say.

    Raises MappingRefused (a ValueError) where they cannot be used: a list of sources is checked for it when it is read.
    """
    plan = plan_of(board.options)
    drafts: list[_Draft] = []
    seen: set[str] = set()
    known: set[tuple[str | None, ...]] = set()
    asked, total = board.url, None
    for number in range(1, MOST_PAGES + 1):
        (answer,) = yield (Ask(asked),)
        if isinstance(answer, Missed):
            ends = number > 1 and plan.next and plan.next.missing_ends and "status 404" in answer.why
            if not ends:
                reading.miss(answer.why)
            break
        if number > 1 and answer.url in seen:
            reading.miss(f"{asked}: leads back to {answer.url}")
            break
        seen |= {asked, answer.url}
        try:
            tree, found = _list_page(plan, answer, reading, number)
        except NotABoard as error:
            if number == 1:
                raise
            reading.miss(f"{answer.url}: {error}")
            break
        total = _total(plan, tree, reading) if number == 1 else total
        if _repeats(found, known):
            if number == 2 and total is None:
                reading.miss(
                    f"{asked}: shows the first page again; say `count`, `next.total` or `next.size` to know the end"
                )
            break
        drafts += found
        following = _following(plan, board.url, answer, tree, number, len(found), len(drafts), total)
        if following == "":
            reading.miss(f"{answer.url}: its next page is not an http or https address")
        if not following or following in seen:
            break
        if number == MOST_PAGES:
            reading.miss(f"more than {MOST_PAGES} pages")
        asked = following
    if total is not None and total != len(drafts):
        reading.miss(f"the board counts {total} adverts, {len(drafts)} are listed")
    if plan.detail is not None:
        drafts = yield from _details(plan.detail, drafts, reading)
    built = [_posting(draft) for draft in drafts]
    reading.postings.extend(distinct(one for one in built if isinstance(one, Posting)))
    refused = [one for one in built if isinstance(one, Refused)]
    reading.refused.extend(refused)
    if refused:
        reading.miss(f"{len(refused)} posting{'s' * (len(refused) > 1)} could not be read")


def opened(format_: str, page: Page) -> tuple[Any, list[str]]:
    """A body as a tree that paths lead through, and what is wrong with it though it can be read. Raises NotABoard."""
    expected = f"{format_.upper()} with a list of jobs"
    body = page.body
    if len(body) > MAX_BODY:
        raise NotABoard(expected, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    named = _ENCODING.match(body) if format_ == "xml" and "charset" not in (page.content_type or "") else None
    text = decoded(body, f"text/xml; charset={named.group(1).decode()}" if named else page.content_type)
    if not text.strip():
        raise NotABoard(expected, "an empty body")
    try:
        if format_ == "json":
            return json.loads(text, strict=False, parse_constant=lambda _: None, parse_float=_finite), []
        if format_ == "xml":
            return read_xml(text)
    except (ValueError, RecursionError, XmlRefused) as error:
        raise NotABoard(expected, _instead(text, error)) from error
    if (depth := nesting(text)) > MAX_NESTING:
        raise NotABoard(expected, f"elements nested {depth:,} deep; at most {MAX_NESTING:,} are read")
    root = LexborHTMLParser(text).root
    if root is None:
        raise NotABoard(expected, "nothing that is HTML")
    cut = "<html" in text[:5_000].lower() and "</html" not in text[-2_000:].lower()
    return root, ["the page stops before </html>"] if cut else []


def _instead(text: str, error: Exception) -> str:
    if re.match(r"\s*<(?:!doctype\s+html|html)\b", text, re.IGNORECASE):
        title = re.search(r"<title[^>]{0,200}>([^<]{0,200})", text[:20_000], re.IGNORECASE)
        return f"an HTML page titled {plain(title.group(1))!r}" if title else "an HTML page"
    if isinstance(error, json.JSONDecodeError):
        return f"text that is not JSON (line {error.lineno}: {error.msg})"
    return str(error) if isinstance(error, XmlRefused) else f"text that is not JSON ({type(error).__name__})"


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _list_page(plan: Plan, page: Page, reading: Reading, number: int) -> tuple[Any, list[_Draft]]:
    """The adverts of one page of the list; NotABoard where there is no list, which is not the same as an empty one."""
    tree, faults = opened(plan.format, page)
    items = _items(plan, tree)
    if items is None:
        found = f"nothing at {plan.items_as_written}"
        if plan.format == "html":
            heading = tree.css_first("title")
            title = plain(heading.text()) if heading is not None else None
            found += f" on a page titled {title!r}" if title else " on a page without a title"
        raise NotABoard(f"{plan.format.upper()} with a list of jobs at {plan.items_as_written}", found)
    for fault in faults[:3]:
        reading.miss(f"{page.url}: {fault}")
    if len(items) > MAX_ITEMS:
        reading.miss(f"{page.url}: more than {MAX_ITEMS:,} adverts")
    drafts = []
    for place, item in enumerate(items[:MAX_ITEMS], start=1):
        where = f"page {number}, item {place}" if number > 1 else f"item {place}"
        if isinstance(item, Element) and item.cut:
            why = "the text is cut off inside it; fetch it again"
            reading.refused.append(Refused("posting", where, why))
            continue
        link = _one(plan.detail.link(item)) if plan.detail else None
        fields = _read(plan.fields, item)
        drafts.append(_Draft(where, page.url, fields, link and web_address(link, page.url)))
    return tree, drafts


def _items(plan: Plan, tree: Any) -> list[Any] | None:
    found = plan.items.find(tree)
    if plan.format == "json":
        listed = [
            list(value.values()) if isinstance(value, dict) and plan.items_as_written.endswith("[*]") else value
            for value in found or ()
        ]  # fmt: skip
        if found is not None and all(isinstance(value, list) for value in listed):
            return [item for value in listed for item in value]
        return [] if _number(plan.count, tree) == 0 else None
    if found:
        return found
    place = plan.items.parent() if isinstance(plan.items, XmlPath) else None
    proofs = [proof for proof in (plan.empty, place) if proof is not None]
    is_empty = any(proof.find(tree) for proof in proofs) or _number(plan.count, tree) == 0
    return [] if is_empty else None


def _number(path: Path | None, tree: Any) -> int | None:
    found = path.find(tree) if path else None
    digits = re.search(r"\d[\d,]{0,8}", plain(raw(found[0])) or "") if found else None
    return int(digits.group().replace(",", "")) if digits else None


def _total(plan: Plan, tree: Any, reading: Reading) -> int | None:
    total = _number(plan.count, tree)
    if plan.count is not None and total is None:
        reading.miss("the board does not say how many adverts it has where `count` expects it")
    return total


def _repeats(found: list[_Draft], known: set[tuple[str | None, ...]]) -> bool:
    """Whether a page shows nothing that an earlier page did not show, word for word. Remembers what it shows."""
    shown = {tuple(draft.fields.values()) for draft in found}
    repeats = bool(shown) and shown <= known
    known |= shown
    return repeats


def _following(
    plan: Plan, start: str, page: Page, tree: Any, number: int, here: int, so_far: int, total: int | None
) -> str | None:
    """The address of the next page; None when there is none, empty when what is said is no address."""
    way = plan.next
    if way is None:
        return None
    if way.path is not None:
        text = raw((way.path.find(tree) or [None])[0])
        return (web_address(text, page.url) or "") if text and text.strip() else None
    if not here or (total is not None and so_far >= total) or (way.size is not None and here < way.size):
        return None
    return _numbered(way, start, way.start + number * way.step)


def _numbered(way: Following, start: str, value: int) -> str:
    if way.url is not None:
        return web_address(way.url.replace("{page}", str(value)), start) or start
    parts = urlsplit(start)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != way.parameter]
    return urlunsplit(parts._replace(query=urlencode([*query, (str(way.parameter), str(value))])))


def _details(
    detail: Details, drafts: list[_Draft], reading: Reading
) -> Generator[tuple[Ask, ...], tuple[Answer, ...], list[_Draft]]:
    """The adverts with what their own pages say. One whose page cannot be had is refused, not told by half."""
    if len(drafts) > MOST_DETAILS:
        reading.miss(f"more than {MOST_DETAILS} adverts have pages of their own")
    linked = [draft for draft in drafts[:MOST_DETAILS] if draft.link]
    if unlinked := min(len(drafts), MOST_DETAILS) - len(linked):
        reading.miss(f"{unlinked} adverts have no link where `detail.link` expects it")
    asks = tuple(Ask(draft.link or "") for draft in linked)
    whole = []
    for draft, answer in zip(linked, (yield asks) if asks else (), strict=True):
        try:
            said = _own_page(detail, answer)
        except NotABoard as error:
            why = f"its page {draft.link} could not be read: {error.found}"
            reading.refused.append(Refused("posting", draft.where, why))
            reading.miss(f"{draft.where}: {why}")
        else:
            base = answer.url if "url" in said else draft.base_url
            whole.append(_Draft(draft.where, base, draft.fields | said, draft.link))
    return whole


def _own_page(detail: Details, answer: Answer) -> dict[str, str | None]:
    expected = "the page of an advert"
    if isinstance(answer, Missed):
        raise NotABoard(expected, answer.why)
    tree, faults = opened(detail.format, answer)
    said: dict[str, str | None] = {name: text for name, text in _read(detail.fields, tree).items() if text}
    if faults or not said:
        raise NotABoard(expected, faults[0] if faults else "nothing of what the mapping expects")
    return said


def _read(fields: Mapping[str, Value], item: Any) -> dict[str, str | None]:
    return {name: _field(name, value(item)) for name, value in fields.items()}


def _field(name: str, texts: list[str]) -> str | None:
    if name == "url":
        return _one(texts)
    limit = MAX_DESCRIPTION if name == "description" else 500
    told = dict.fromkeys(part for text in texts if (part := plain(text, limit)))
    return (" " if name == "description" else ", ").join(told)[:limit] or None


def _one(texts: list[str]) -> str | None:
    return next((text.strip() for text in texts if text.strip()), None)


def _posting(draft: _Draft) -> Posting | Refused:
    fields = draft.fields
    title = fields.get("title")
    where = draft.where + (f", “{title[:80]}”" if title else "")
    if title is None:
        return Refused("posting", where, "it has no title where the mapping expects it")
    link = fields.get("url") or draft.link
    url = web_address(link, draft.base_url)
    if url is None:
        said = f"its link {plain(link, 80)!r} is not an http or https address" if link else "it has no link"
        return Refused("posting", where, f"{said}; the board or the mapping must be corrected")
    key = fields.get("key")
    if key is None:
        return Refused("posting", where, "it has no key where the mapping expects it")
    rest = (
        "employer",
        "location",
        "pay_text",
        "posted",
        "closes",
        "description",
        "department",
        "employment_type",
    )
    said_ = {name: fields.get(name) for name in rest}
    return Posting(key=key, title=title, url=url, pay_structured=None, **said_)
