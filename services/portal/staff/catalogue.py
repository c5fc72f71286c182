"""The catalogue of events as pages: made by the contract itself as Markdown, shown here as HTML. Pure."""

from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from loti_contracts.events import EVENTS, Erasure, State, topic_named
from loti_contracts.pages import page, pages

_CLASSES: Final = {
    "h2": "govuk-heading-m",
    "p": "govuk-body",
    "ul": "govuk-list govuk-list--bullet",
    "a": "govuk-link",
    "table": "govuk-table govuk-table--small-text-until-tablet",
    "thead": "govuk-table__head",
    "tbody": "govuk-table__body",
    "tr": "govuk-table__row",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
    "pre": "app-code",
}
_TAGS: Final = {*_CLASSES, "li", "code", "em", "strong", "div"}
_ATTRIBUTES: Final = {tag: {"class"} for tag in _TAGS} | {
    "a": {"class", "href"},
    "div": {"class", "tabindex", "role", "aria-label"},
}
_SHOWN_TO_ALL: Final = frozenset(
    {
        "loti.roles.v1",
        "loti.benchmarks.v1",
        "loti.pay-signals.v1",
        "loti.library.v1",
        "loti.exemplar-gaps.v1",
        "loti.editions.v1",
        "loti.sources.v1",
        "loti.demand.v1",
        "loti.novel-roles.v1",
        "loti.hard-roles.v1",
    }
)
"""Topics whose things anybody may see on this site, and so the newest of them as an example."""


@cache
def index() -> Markup:
    """Every event, by its topic."""
    text = (
        pages({}, {}, {})["README.md"]
        .replace(".md)", ")")
        .replace("](london.", "](/events-catalogue/london.")
    )
    return as_html(text)


@cache
def described(type_: str) -> Markup | None:
    """What an event means, where it is said, and its fields; None for one that there is not."""
    event = EVENTS.get(type_)
    return None if event is None else as_html(page(event, None, (), ()))


def example_of(type_: str) -> type[State] | None:
    """The kind of thing that an event is about, where anybody may see such things; else None."""
    event = EVENTS.get(type_)
    if event is None or issubclass(event, Erasure) or event.topic not in _SHOWN_TO_ALL:
        return None
    kind = event.model_fields[event.about].annotation
    return kind if isinstance(kind, type) and issubclass(kind, State) else None


def restricted(type_: str) -> bool:
    """Whether only the services that need it may read it."""
    return topic_named(EVENTS[type_].topic).restricted


def as_html(text: str) -> Markup:
    """Without the title, which the page has; tables scroll by themselves."""
    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = _with_heads(
        made.parse(text.partition("\n")[2].replace("always there | |", "always there | meaning |"))
    )
    for token in tokens:
        for one in (token, *(token.children or ())):
            if one.nesting >= 0 and one.tag in _CLASSES:
                one.attrSet("class", _CLASSES[one.tag])
    html = made.renderer.render(tokens, made.options, {})
    for table in ("where it is said", "fields"):
        opened = f'<div class="app-scroll" tabindex="0" role="region" aria-label="Table: {table}"><Table'
        html = html.replace("<table", opened, 1)
    html = html.replace("<Table", "<table").replace("</table>", "</table></div>")
    return Markup(nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None))  # noqa: S704 - cleaned


def _with_heads(tokens: list[Token]) -> list[Token]:
    """Without the heads of tables that have no words in them."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        if token.type == "thead_close":
            start = max(place for place, one in enumerate(kept) if one.type == "thead_open")
            if not any(one.content for one in kept[start:]):
                del kept[start:]
    return kept
