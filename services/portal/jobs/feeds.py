"""A search as a feed: RSS 2.0 (https://www.rssboard.org/rss-specification) and JSON Feed 1.1
(https://www.jsonfeed.org/version/1.1/)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from loti_contracts.events import Role
from services.portal.jobs.cards import kind_in_words, pay_in_words, where
from services.portal.web.words import day

MOST: Final = 50
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
register_namespace("atom", _ATOM)


@dataclass(frozen=True, slots=True)
class Feed:
    """A search, as a feed names it. All addresses are whole ones."""

    title: str
    page: str
    itself: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A role, and the address of its page here."""

    role: Role
    url: str


def rss(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """RSS 2.0, newest first."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", f"{feed.title}, newest first")
    _add(channel, "language", "en-GB")
    _add(channel, "ttl", "15")
    SubElement(
        channel, f"{{{_ATOM}}}link", {"href": feed.itself, "rel": "self", "type": "application/rss+xml"}
    )
    if entries:
        _add(channel, "lastBuildDate", format_datetime(max(one.role.found_at for one in entries)))
    for one in entries:
        item = SubElement(channel, "item")
        _add(item, "title", one.role.title)
        _add(item, "link", one.url)
        _add(item, "guid", one.url)
        _add(item, "pubDate", format_datetime(one.role.found_at))
        _add(item, "description", "\n".join(_facts(one.role)))
        for name in _tags(one.role):
            _add(item, "category", name)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def json_feed(feed: Feed, entries: Sequence[Entry]) -> dict[str, Any]:
    """JSON Feed 1.1, newest first. `_role` is the whole role, as the topic has it."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.itself,
        "language": "en-GB",
        "items": [
            {
                "id": one.url,
                "url": one.url,
                **({"external_url": one.role.links[0]} if one.role.links else {}),
                "title": one.role.title,
                "content_text": "\n".join(_facts(one.role)),
                "date_published": _moment(one.role.found_at),
                "tags": _tags(one.role),
                "_role": one.role.model_dump(mode="json"),
            }
            for one in entries
        ],
    }


def _facts(role: Role) -> list[str]:
    closes = f"Closes {day(role.closes_on)}" if role.closes_on and role.status == "open" else None
    closed = "Closed" if role.status == "closed" else None
    return [
        fact for fact in (where(role), kind_in_words(role), pay_in_words(role.pay), closes, closed) if fact
    ]


def _tags(role: Role) -> list[str]:
    named = [role.standard_role.name, role.standard_role.family] if role.standard_role else []
    return [*named, *([role.level] if role.level else []), *(one.name for one in role.authorities)]


def _moment(when: datetime) -> str:
    return when.isoformat(timespec="seconds")


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_IN_XML.sub("", text)
