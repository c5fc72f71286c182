"""The page of an edition: its blocks as HTML. Every text is escaped, and what comes out passes a sanitiser. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

import nh3
from markupsafe import Markup, escape

from services.notify.letters.blocks import (
    Block,
    Bullets,
    Button,
    Card,
    Facts,
    Heading,
    Inlines,
    Lines,
    Link,
    Paragraph,
    Rule,
)

_ALLOWED: Final[Mapping[str, set[str]]] = {
    "a": {"href", "aria-label", "class"},
    "p": {"class"},
    "div": {"class"},
    "table": {"class"},
    "th": {"scope"},
    "hr": {"class"},
    **{tag: set() for tag in ("h2", "h3", "ul", "ol", "li", "strong", "em", "br", "tbody", "tr", "td")},
}


def fragment(blocks: Sequence[Block]) -> Markup:
    """What stands below the title of a page."""
    made = Markup("\n").join(_block(block) for block in blocks)
    clean = nh3.clean(
        str(made),
        tags=set(_ALLOWED),
        attributes={tag: allowed for tag, allowed in _ALLOWED.items() if allowed},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return Markup(clean)  # noqa: S704 - that is what the sanitiser is for


def _block(block: Block) -> Markup:
    match block:
        case Heading(text, level, url):
            tag = Markup("h2") if level < 3 else Markup("h3")
            words = _link(Link(text, url)) if url else escape(text)
            return Markup("<{0}>{1}</{0}>").format(tag, words)
        case Paragraph(inlines, tone):
            styled = Markup("<p>") if tone == "normal" else Markup('<p class="{}">').format(tone)
            return Markup("{}{}</p>").format(styled, _inlines(inlines))
        case Lines(lines):
            return Markup("<p>{}</p>").format(_stacked(lines))
        case Bullets(items, ordered):
            tag = Markup("ol") if ordered else Markup("ul")
            listed = Markup("").join(Markup("<li>{}</li>").format(_inlines(item)) for item in items)
            return Markup("<{0}>{1}</{0}>").format(tag, listed)
        case Facts(rows):
            told = Markup("").join(
                Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(name, _inlines(value))
                for name, value in rows
            )
            return Markup("<table><tbody>{}</tbody></table>").format(told)
        case Card(lines):
            return Markup('<div class="card"><p>{}</p></div>').format(_stacked(lines))
        case Button(text, url, label):
            return Markup("<p>{}</p>").format(_link(Link(text, url, label), css="button"))
        case Rule():
            return Markup('<hr class="rule">')


def _stacked(lines: Sequence[Inlines]) -> Markup:
    return Markup("<br>").join(_inlines(line) for line in lines)


def _inlines(inlines: Inlines) -> Markup:
    made = Markup("")
    for one in inlines:
        if isinstance(one, Link):
            made += _link(one)
        elif one.strong:
            made += Markup("<strong>{}</strong>").format(one.text)
        elif one.emphasis:
            made += Markup("<em>{}</em>").format(one.text)
        else:
            made += escape(one.text)
    return made


def _link(link: Link, css: str = "") -> Markup:
    styled = Markup(' class="{}"').format(css) if css else Markup("")
    label = Markup(' aria-label="{}"').format(link.label) if link.label else Markup("")
    return Markup('<a href="{}"{}{}>{}</a>').format(link.url, styled, label, link.text)
