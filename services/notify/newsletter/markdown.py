"""Markdown: what a person wrote becomes blocks. CommonMark with HTML off: a tag is shown as it was typed. Pure.

Two walls stand between what is typed and a mailbox: the parser knows no HTML and no address but http(s) and mailto, and
what it makes are plain texts that renderers escape.

| Markdown                             | block                                                                    |
|--------------------------------------|--------------------------------------------------------------------------|
| `## Heading`, `### Heading`          | Heading; the title is the only one of level 1                            |
| a paragraph                          | Paragraph; with hard breaks, Lines                                       |
| `> quoted`                           | Paragraph, said in passing                                               |
| `- item`, `1. item`                  | Bullets; nested ones are flattened                                       |
| `**[Words](address)**` on its own    | Button, for the first two of a letter                                    |
| `![what it shows](address)`          | Link: mails carry no pictures                                            |
| `---`                                | Rule                                                                     |
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from services.notify.letters.blocks import (
    Block,
    Bullets,
    Button,
    Heading,
    Inline,
    Inlines,
    Lines,
    Link,
    Paragraph,
    Rule,
    Text,
    Tone,
)
from services.notify.newsletter.inlines import harmless, lines, merged, on_one_line, words

BUTTONS: Final = 2
"""So many at most in a letter; what comes after is an ordinary link."""


@cache
def parser(*, joined: bool = True) -> MarkdownIt:
    """CommonMark without HTML. Not `joined`: what was escaped is a token of its own, `text_special`."""
    made = MarkdownIt("commonmark", {"html": False})
    return made if joined else made.disable("text_join")


def blocks(markdown: str) -> tuple[Block, ...]:
    """What a letter or a page shows of it. Takes the text below the front matter; any text will do."""
    made: list[Block] = []
    for block in _blocks(SyntaxTreeNode(parser().parse(markdown)).children):
        pressed = sum(isinstance(one, Button) for one in made)
        if isinstance(block, Button) and pressed >= BUTTONS:
            made.append(Paragraph((Link(block.text, block.url, block.label),)))
        else:
            made.append(block)
    return tuple(made)


def _blocks(nodes: Sequence[SyntaxTreeNode], tone: Tone = "normal") -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                inlines = on_one_line(node)
                links = [one for one in inlines if isinstance(one, Link)]
                url = links[0].url if len(links) == len(inlines) == 1 else None
                if told := words(inlines):
                    yield Heading(told, 2 if node.tag in ("h1", "h2") else 3, url)
                if url is None:
                    yield from (Paragraph((link,)) for link in links)
            case "paragraph":
                yield from _paragraphs(node, tone)
            case "blockquote":
                yield from _blocks(node.children, "note")
            case "bullet_list":
                yield from _bullets(node, ordered=False)
            case "ordered_list" if node.attrs.get("start", 1) == 1:
                yield from _bullets(node, ordered=True)
            case "ordered_list":  # "2026. What a year" begins a list for CommonMark; its number is text here
                yield from _numbered(node, tone)
            case "hr":
                yield Rule()
            case _:
                yield from _code(node, tone)


def _paragraphs(node: SyntaxTreeNode, tone: Tone) -> Iterator[Block]:
    if button := _button(node):
        yield button
        return
    told = tuple(lines(node))
    if len(told) > 1 and tone == "normal":
        yield Lines(told)
    else:
        yield from (Paragraph(line, tone) for line in told)


def _button(node: SyntaxTreeNode) -> Button | None:
    """Of a paragraph that is one strong link."""
    inline = [one for one in node.children[0].children if one.type != "text" or one.content]
    if len(inline) != 1 or inline[0].type != "strong":
        return None
    match on_one_line(node):
        case (Link(text, url, label),):
            return Button(text, url, label)
    return None


def _bullets(node: SyntaxTreeNode, *, ordered: bool) -> Iterator[Block]:
    if items := tuple(item for item in _items(node) if item):
        yield Bullets(items, ordered)


def _items(node: SyntaxTreeNode) -> Iterator[Inlines]:
    """Each item on its own; those of a list in an item follow it, with what stood below them."""
    for item, number in zip(node.children, _numbers(node), strict=False):
        first, *others = _item(item)
        yield _prefixed(first, number)
        yield from others


def _item(item: SyntaxTreeNode) -> Iterator[Inlines]:
    told: list[Inline] = []
    for part in item.children:
        if part.type in ("bullet_list", "ordered_list"):
            yield merged(told)
            told = []
            yield from _items(part)
        else:
            said = _said(tuple(_blocks([part])))
            told += [Text(" "), *said] if told and said else said
    yield merged(told)


def _said(made: Sequence[Block]) -> Inlines:
    """The words of blocks in one line."""
    told: list[Inline] = []
    for block in made:
        match block:
            case Heading(text, _, url):
                said: Inlines = (Link(text, url),) if url else (Text(text, strong=True),)
            case Button(text, url, label):
                said = (Link(text, url, label),)
            case Paragraph(inlines, _):
                said = inlines
            case Lines(rows):
                said = tuple(one for row in rows for one in (*row, Text(" ")))
            case Bullets(items, _):
                said = tuple(one for item in items for one in (*item, Text(" ")))
            case _:
                said = ()
        told += [Text(" "), *said] if told and said else said
    return tuple(told)


def _numbered(node: SyntaxTreeNode, tone: Tone) -> Iterator[Block]:
    for item, number in zip(node.children, _numbers(node), strict=False):
        made = tuple(_blocks(item.children, tone))
        if made and isinstance(made[0], Lines):
            first, *others = made[0].lines
            yield Lines((_prefixed(first, number), *others))
            yield from made[1:]
        elif made and isinstance(made[0], Paragraph):
            yield Paragraph(_prefixed(made[0].inlines, number), tone)
            yield from made[1:]
        else:
            yield Paragraph((Text(number.strip()),), tone)
            yield from made


def _numbers(node: SyntaxTreeNode) -> Iterator[str]:
    """The numbers that stand before the items of a list that does not begin with 1, as text."""
    start = node.attrs.get("start", 1) if node.type == "ordered_list" else 1
    plain = start == 1
    for number in range(int(start), int(start) + 1_000_000):
        yield "" if plain else f"{number}. "


def _prefixed(inlines: Inlines, number: str) -> Inlines:
    return merged([Text(number), *inlines]) if number else inlines


def _code(node: SyntaxTreeNode, tone: Tone) -> Iterator[Block]:
    """Code is words like any other: nobody programs in a newsletter."""
    for line in (node.info if node.type == "fence" else "", *node.content.splitlines()):
        if told := " ".join(harmless(line).split()):
            yield Paragraph((Text(told),), tone)
