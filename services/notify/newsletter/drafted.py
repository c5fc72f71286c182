"""Pieces of a draft: words from outside become Markdown that says them and nothing else. Pure."""

import re
from datetime import date, timedelta
from typing import Final

from services.notify.letters.wording import is_web, one_line

_MARKUP: Final = re.compile(r"[\\`*_\[\]<]|&(?=#?\w+;)")
_AT_START: Final = re.compile(r"^(?:[#+\-=>~|](?!\w)|[#>~|])")
_NUMBER: Final = re.compile(r"^(\d+)([.)])(?=\s|$)")


def plain(text: str, longest: int = 200) -> str:
    """The words on one line, with nothing in them that Markdown reads."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text, longest))


def line(text: str, longest: int = 1_000) -> str:
    """The same at the start of a line, where a # or a number would mean something."""
    words = plain(text, longest)
    return _NUMBER.sub(r"\1\\\2", _AT_START.sub(r"\\\g<0>", words))


def link(words: str, url: str | None, longest: int = 120, *, label: str = "") -> str:
    """The words, leading to the address if that can be linked. `label` says where, if the words alone do not."""
    said = plain(words, longest)
    if url is None or not is_web(url) or not said:
        return said
    safe = url.replace("(", "%28").replace(")", "%29")
    title = f' "{plain(label, 300).replace(chr(34), "&quot;")}"' if label else ""
    return f"[{said}]({re.sub(r'&(?=#?[A-Za-z0-9]+;)', '&amp;', safe)}{title})"


def bullet(*words: str) -> str:
    """- words"""
    return "- " + "".join(words)


def period(since: date, until: date) -> str:
    """November 2026; 1 to 15 November 2026; 20 November to 3 December 2026."""
    if (
        since.day == 1
        and (until + timedelta(days=1)).day == 1
        and (since.year, since.month)
        == (
            until.year,
            until.month,
        )
    ):
        return f"{since:%B %Y}"
    if since == until:
        return f"{since.day} {since:%B %Y}"
    if (since.year, since.month) == (until.year, until.month):
        return f"{since.day} to {until.day} {until:%B %Y}"
    year = "" if since.year == until.year else f" {since.year}"
    return f"{since.day} {since:%B}{year} to {until.day} {until:%B %Y}"
