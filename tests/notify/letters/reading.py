"""Letters as a mail client, a mail scanner and a screen reader find them."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt

from services.notify.letters.compose import compose
from services.notify.letters.examples_people import ExampleLinks
from services.notify.letters.examples_roles import NOW
from services.notify.letters.letter import Letter, Site
from services.notify.mails import Mail

SITE = Site("Talent Exchange")
LINKS = ExampleLinks()


def letter_of(mail: Mail) -> Letter:
    """What the examples' moment makes of a mail."""
    return compose(mail, links=LINKS, site=SITE, now=NOW)


class Seen(HTMLParser):
    """What a mail client finds in the HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.headings: list[int] = []
        self.language: str | None = None
        self.words: list[str] = []
        self._silent = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        facts = dict(attrs)
        self._silent += tag in ("style", "title")
        if tag == "html":
            self.language = facts.get("lang")
        if tag == "a":
            self.links.append(facts.get("href") or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)

    @property
    def text(self) -> str:
        """The words, with what only mailboxes heed taken out."""
        return " ".join(" ".join(self.words).replace("\u200b", "").split())


def in_markdown(markdown: str) -> tuple[list[str], list[str]]:
    """The tags of the tokens, in order, and where its links lead, as CommonMark reads it (with HTML on, to see any)."""
    tags: list[str] = []
    links: list[str] = []
    for token in MarkdownIt("commonmark", {"html": True}).parse(markdown):
        tags.append(token.type)
        for child in token.children or ():
            if child.type not in ("text", "softbreak", "text_special"):
                tags.append(child.type)
            if child.type == "link_open":
                links.append(str(child.attrs["href"]))
    return tags, links


def linked_unasked(text: str) -> list[str]:
    """What mailboxes make links of by themselves: addresses with a scheme, domains, mail addresses."""
    return re.findall(
        r"(?:https?://|www\.)[^\s<>\u200b]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}",
        text,
    )
