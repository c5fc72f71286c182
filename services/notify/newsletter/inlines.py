"""Inlines: words, emphasis and links within one paragraph of Markdown. Pure."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from markdown_it.tree import SyntaxTreeNode

from services.notify.letters.blocks import Inline, Inlines, Link, Text

_BREAK: Final = "\n"


def is_web_or_mail(url: str) -> bool:
    """Whether it is an absolute http(s) address with a host and no password, or a mailto."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "mailto":
            return "@" in parts.path
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def on_one_line(node: SyntaxTreeNode) -> Inlines:
    """All inlines of a heading or a paragraph, on one line."""
    return merged([Text(" ") if _is_break(one) else one for one in _flat(node.children)])


def lines(node: SyntaxTreeNode) -> Iterator[Inlines]:
    """The inlines of a paragraph, anew after each hard break."""
    yield from (line for line in _lines(_flat(node.children)) if line)


def _is_break(one: Inline) -> bool:
    return isinstance(one, Text) and one.text == _BREAK


def _lines(inlines: Iterable[Inline]) -> Iterator[Inlines]:
    line: list[Inline] = []
    for one in inlines:
        if _is_break(one):
            yield merged(line)
            line = []
        else:
            line.append(one)
    yield merged(line)


def merged(inlines: Sequence[Inline]) -> Inlines:
    """Neighbours that look alike are one; no space at either end."""
    made: list[Inline] = []
    for one in inlines:
        last = made[-1] if made else None
        if (
            isinstance(one, Text)
            and isinstance(last, Text)
            and (one.strong, one.emphasis) == (last.strong, last.emphasis)
        ):
            made[-1] = Text(last.text + one.text, one.strong, one.emphasis)
        else:
            made.append(one)
    while made and isinstance(made[0], Text) and not made[0].text.strip():
        made.pop(0)
    while made and isinstance(made[-1], Text) and not made[-1].text.strip():
        made.pop()
    if made and isinstance(made[0], Text):
        made[0] = replace(made[0], text=made[0].text.lstrip())
    if made and isinstance(made[-1], Text):
        made[-1] = replace(made[-1], text=made[-1].text.rstrip())
    return tuple(made)


def _flat(
    nodes: Sequence[SyntaxTreeNode], *, strong: bool = False, emphasis: bool = False
) -> Iterator[Inline]:
    for node in nodes:
        match node.type:
            case "inline":
                yield from _flat(node.children, strong=strong, emphasis=emphasis)
            case "strong":
                yield from _flat(node.children, strong=True, emphasis=emphasis)
            case "em":
                yield from _flat(node.children, strong=strong, emphasis=True)
            case "softbreak":
                yield Text(" ", strong, emphasis)
            case "hardbreak":
                yield Text(_BREAK)
            case "link":
                yield _link(node, str(node.attrs.get("href", "")), _plain(node.children), strong, emphasis)
            case "image":
                yield _link(node, str(node.attrs.get("src", "")), _plain(node.children), strong, emphasis)
            case _:
                if told := harmless(node.content):
                    yield Text(told, strong, emphasis)


def _link(node: SyntaxTreeNode, url: str, told: str, strong: bool, emphasis: bool) -> Inline:
    told = " ".join(told.split())
    if not is_web_or_mail(url):
        return Text(told or url, strong, emphasis)
    label = " ".join(harmless(str(node.attrs.get("title", ""))).split()) or None
    return Link(told or url, url, label)


def _plain(nodes: Sequence[SyntaxTreeNode]) -> str:
    """The words within a link or an image."""
    return "".join(
        " "
        if node.type in ("softbreak", "hardbreak")
        else harmless(node.content)
        if node.type in ("text", "code_inline")
        else _plain(node.children)
        for node in nodes
    )


def words(inlines: Inlines) -> str:
    """The words alone."""
    return " ".join("".join(one.text for one in inlines).split())


def harmless(text: str) -> str:
    """Without control, direction or invisible characters; line ends are spaces."""
    return "".join(
        " "
        if character.isspace() or unicodedata.category(character) == "Cc"
        else ""
        if unicodedata.category(character) in ("Cf", "Cs", "Co") and character not in "\u200c\u200d"
        else character
        for character in text
    )
