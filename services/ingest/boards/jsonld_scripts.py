"""The JSON-LD scripts of a page whose markup is in order, found without building the page.

A page is in order if what hides markup (comments, scripts, styles, titles …) is closed, and every other `<` has its `>`
before the next one, with its quotations closed. Of any other page nothing is said, and an HTML parser finds its scripts.
"""

import re
from typing import Final

_HIDING: Final = re.compile(
    rb"<(?:!--|(script|style|title|textarea|xmp|iframe|noembed|noframes|noscript|svg|math|template|plaintext|select|frameset)"
    rb"(?=[\s/>]))"
)
_HAVE_ENDS: Final = frozenset(
    (b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes", b"noscript", b"svg", b"math")
)  # fmt: skip
_SCRIPT: Final = re.compile(
    rb"""<script((?:\s++[^\s"'<>/=]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'=<>`/]++))?+)*+)\s*+>"""
)
_TYPE: Final = re.compile(rb"""\stype\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_NEXT: Final = re.compile(rb"""rel\s{0,9}=\s{0,9}["']?[^"'<>=]{0,100}(?:next|&)""")
_ALL_BUT_MARKS: Final = bytes(set(range(256)) - set(b"<>\"'"))
_IN_ORDER: Final = re.compile(rb"""[^<>]*+(?:<(?:"[^"<>]*+"|'[^'<>]*+')*+>[^<>]*+)*+""")
"""Angles and quotation marks of a page: within each tag its quotations are closed."""
_JSON_LD: Final = b"application/ld+json"


class Doubt(Exception):
    """The page's markup is not in order."""


def scripts_in(page: bytes) -> list[bytes] | None:
    """The texts of the JSON-LD scripts of a page in UTF-8, in order; None where an HTML parser must say."""
    try:
        return _scripts_in(page)
    except Doubt:
        return None


def may_name_a_next_page(page: bytes) -> bool:
    """Whether there may be a link that calls itself the next page's."""
    return _NEXT.search(page.lower()) is not None


def _scripts_in(page: bytes) -> list[bytes]:
    told = page.lower()
    found: list[bytes] = []
    around: list[bytes] = []
    at, has_tables, tables = 0, b"<table" in told, 0
    while (hiding := _HIDING.search(told, at)) is not None:
        start = hiding.start()
        before = told[at:start]
        around += (before, b"<>")
        if has_tables:
            tables += before.count(b"<table") - before.count(b"</table")
            if tables < 0:
                raise Doubt("a table that was never begun")
        if hiding[1] == b"script":
            opened, end, at = _script(told, start)
            if _is_json_ld(opened):
                if tables != 0:
                    raise Doubt("a script in a table, which moves what is in it")
                text = page[opened.end() : end]
                if b"<!--" in text or b"\x00" in text:
                    raise Doubt("a script that hides a script")
                found.append(text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        else:
            at = _behind(told, start, hiding[1])
            if hiding[1] and b"<script" in told[start:at]:
                raise Doubt("a script within something else")
    around.append(told[at:])
    if not _IN_ORDER.fullmatch(b"".join(around).translate(None, _ALL_BUT_MARKS)):
        raise Doubt("a tag within a tag, or a quotation without its end")
    return found


def _script(told: bytes, start: int) -> tuple[re.Match[bytes], int, int]:
    """A script's opening tag, where its text ends, and where the page goes on."""
    opened = _SCRIPT.match(told, start)
    if opened is None:
        raise Doubt("a script unlike others")
    return opened, *_ended(told, opened.end(), b"script")


def _ended(told: bytes, start: int, name: bytes) -> tuple[int, int]:
    """Where an element ends, and where the page goes on behind its closing tag."""
    closed = told.find(b"</" + name, start)
    end = told.find(b">", closed) if closed >= 0 else -1
    if end < 0 or told[closed + len(name) + 2] not in b" \t\n\r\f/>":
        raise Doubt("an element without its end")
    return closed, end + 1


def _is_json_ld(opened: re.Match[bytes]) -> bool:
    named = _TYPE.search(opened[1])
    type_ = (named[1] or named[2] or named[3] or b"") if named else b""
    if b"&" in type_:
        raise Doubt("a type in other letters")
    return type_.strip().startswith(_JSON_LD)


def _behind(told: bytes, start: int, name: bytes | None) -> int:
    """Where the page goes on behind a comment, or behind an element that hides what is in it."""
    if name is None:
        end = told.find(b"-->", start + 4)
        comment = told[start : end + 3]
        if end < 0 or comment.startswith((b"<!-->", b"<!--->")) or b"--!>" in comment:
            raise Doubt("a comment unlike others")
        return end + 3
    if name not in _HAVE_ENDS:
        raise Doubt(name.decode())
    closed, end = _ended(told, start, name)
    if name == b"noscript":  # what is in it is markup, and may hide its end
        inside = _HIDING.search(told, start + 1, closed)
        while inside is not None:
            if inside[1] == name:
                raise Doubt("one within another")
            inner = _behind(told, inside.start(), inside[1])
            if inner > closed:
                raise Doubt("an end within something else")
            inside = _HIDING.search(told, inner, closed)
    return end
