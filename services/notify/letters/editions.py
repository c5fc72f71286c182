"""Editions: a newsletter as a letter. Pure.

All readers of an edition get the same words but for their own links and their own reason. So it is rendered once, with
gaps, and each reader's letter fills them: the last editions' forms are kept by all that went into them.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from loti_contracts.events import Edition
from services.notify.letters import in_words
from services.notify.letters.blocks import Heading, Link, Page, Paragraph, Text, paragraph
from services.notify.letters.filling import fill, gap
from services.notify.letters.foot import why_and_ways
from services.notify.letters.letter import Form, Letter, Site
from services.notify.letters.render import form
from services.notify.letters.wording import is_web, one_line
from services.notify.links import Links
from services.notify.mails import Item
from services.notify.newsletter.markdown import blocks

OWN: Final = ("why", "preferences", "ledger", "unsubscribe")


class NoEdition(ValueError):
    """A newsletter without an edition. The text names no person."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What a form is made of, by which it is found again."""

    id: str
    title: str
    summary: str
    markdown: str
    link: str
    site: Site
    edition: Edition = field(compare=False)


def newsletter(item: Item, links: Links, site: Site) -> Letter:
    """The letter of one reader. Raises NoEdition."""
    edition = item.about
    if not isinstance(edition, Edition):
        raise NoEdition(f"a newsletter is about a {type(edition).__name__}")
    made = _form(
        _Made(edition.id, edition.title, edition.summary, edition.markdown, edition.link, site, edition)
    )
    return fill(
        made,
        {
            "why": one_line(item.why, 400),
            "preferences": links.preferences(item.contact_id),
            "ledger": links.ledger(item.contact_id),
            "unsubscribe": links.unsubscribe(item.contact_id),
        },
    )


def page(edition: Edition) -> Page:
    """The edition as a page whose foot has gaps."""
    title = one_line(edition.title)
    summary = one_line(edition.summary, 500)
    period = f"{in_words.day(edition.since)} to {in_words.day(edition.until)}"
    read = (Link("Read it as a page", edition.link),) if is_web(edition.link) else ()
    apart = (Text(" · ", quiet=True),) if read else ()
    return Page(
        subject=title,
        preview=summary or period,
        blocks=(
            Heading(title, 1),
            *([paragraph(summary, "lead")] if summary else []),
            Paragraph((Text(period, quiet=True), *apart, *read), "note"),
            *blocks(edition.markdown),
        ),
        foot=why_and_ways(*map(gap, OWN)),
    )


@lru_cache(maxsize=16)
def _form(made: _Made) -> Form:
    return form(page(made.edition), made.site)
