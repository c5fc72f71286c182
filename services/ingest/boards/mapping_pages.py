"""One page of a mapped list: opened as its format says, its adverts found, and what a mapping makes of each."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.adapter import Page, Reading
from services.ingest.boards.jsonld_blocks import MAX_NESTING, decoded, nesting
from services.ingest.boards.mapping_config import Plan
from services.ingest.boards.mapping_paths import Path, XmlPath, raw
from services.ingest.boards.mapping_values import Value
from services.ingest.boards.mapping_xml import Element, XmlRefused, read_xml
from services.ingest.boards.posting import MAX_BODY, NotABoard, Posting, Refused
from services.ingest.boards.text import MAX_DESCRIPTION, plain, web_address

MAX_ITEMS = 5_000
"""Adverts on one page."""

_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}encoding\s*=\s*["']([\w.-]{1,40})""")


@dataclass(slots=True)
class Draft:
    """An advert as far as it is known; `base_url` is where its address was written."""

    where: str
    base_url: str
    fields: dict[str, str | None]
    link: str | None = None


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


def list_page(plan: Plan, page: Page, reading: Reading, number: int) -> tuple[Any, list[Draft]]:
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
        fields = read_fields(plan.fields, item)
        drafts.append(Draft(where, page.url, fields, link and web_address(link, page.url)))
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


def total_of(plan: Plan, tree: Any, reading: Reading) -> int | None:
    total = _number(plan.count, tree)
    if plan.count is not None and total is None:
        reading.miss("the board does not say how many adverts it has where `count` expects it")
    return total


def read_fields(fields: Mapping[str, Value], item: Any) -> dict[str, str | None]:
    return {name: _field(name, value(item)) for name, value in fields.items()}


def _field(name: str, texts: list[str]) -> str | None:
    if name == "url":
        return _one(texts)
    limit = MAX_DESCRIPTION if name == "description" else 500
    told = dict.fromkeys(part for text in texts if (part := plain(text, limit)))
    return (" " if name == "description" else ", ").join(told)[:limit] or None


def _one(texts: list[str]) -> str | None:
    return next((text.strip() for text in texts if text.strip()), None)


def posting_of(draft: Draft) -> Posting | Refused:
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
