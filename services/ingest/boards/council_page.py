"""A vendor's web page, opened with care: what is no page at all is told apart from a page that says "nothing here"."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.ingest.boards.adapter import Page
from services.ingest.boards.jsonld_blocks import MAX_NESTING, decoded, nesting
from services.ingest.boards.posting import NotABoard
from services.ingest.boards.text import clean, lines, plain, web_address, without

MAX_PAGE = 5_000_000
"""Bytes of one web page; lists of hundreds of vacancies have less than one million."""
_BALANCED = ("div", "ul", "ol", "table", "section", "article", "main")
_NUMBER = r"(\d{1,3}(?:,\d{3})+|\d{1,6})"
_RANGE = re.compile(
    rf"\b\d[\d,]{{0,6}}\s*(?:-|–|—|to)\s*\d[\d,]{{0,6}}\s+(?:out\s+)?of\s+{_NUMBER}\b", re.IGNORECASE
)
_COUNT = re.compile(
    rf"^(?:we (?:have )?found|found|showing|displaying|there (?:are|is))?(?: all)?\s*{_NUMBER}\s+"
    r"(?:(?:current|live|open|matching|search|job)\s+)?(?:results?|vacanc(?:y|ies)|jobs?|opportunit(?:y|ies)|roles?)\b",
    re.IGNORECASE,
)
_COUNTED = "h1, h2, h3, [class*='count' i], [class*='total' i], [class*='pagination' i], [class*='Lst-Nav' i]"
_MOST_HEADINGS = 200
_NONE = re.compile(
    r"\b(?:no|0)\s+(?:(?:current|live|open|matching|suitable|search|job|further)\s+){0,2}"
    r"(?:results?|vacanc(?:y|ies)|jobs?|opportunit(?:y|ies)|roles?|positions?)\b",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"\b(?:maintenance|unavailable|try again later|log ?in required|please (?:log|sign) in|session (?:has )?expired"
    r"|access denied|captcha|security (?:check|violation)|an error (?:has )?occurred)\b",
    re.IGNORECASE,
)
_WITHOUT_TEXT = "script, style, noscript, nav, header, footer, form, template, svg"
_MAIN = ("main", "[role=main]", "#content", "#main", ".main-content", "article", "body")


@dataclass(frozen=True)
class WebPage:
    """A page as parsed. `cut` says how it is recognised as cut off on its way; None if it is whole."""

    url: str
    text: str
    tree: LexborHTMLParser
    cut: str | None

    @cached_property
    def lines(self) -> list[str]:
        """The lines a reader sees."""
        return lines(without(without(self.text, "<script", "</script>"), "<style", "</style>"))

    @cached_property
    def title(self) -> str | None:
        """The page's title, else its first heading."""
        return text_of(self.tree.css_first("title")) or text_of(self.tree.css_first("h1"))

    def link(self, node: LexborNode | None, name: str = "href") -> str | None:
        """The address that an element names, absolute, http or https; None if it names none."""
        return None if node is None else web_address(node.attributes.get(name), self.url)

    def count(self, at_least: int = 0) -> int | None:
        """How many vacancies the board says it has ("1 to 25 of 68", "18 Search Results"); None if it does not say.

        A number below `at_least`, which have been seen, counts something else ("2 to 3 of 5 days").
        """
        headings = (text_of(node) or "" for node in self.tree.css(_COUNTED)[:_MOST_HEADINGS])
        said = chain(
            (found for line in self.lines for found in _RANGE.finditer(line)),
            (found for line in headings if (found := _COUNT.match(line))),
        )
        counts = (int(found.group(1).replace(",", "")) for found in said)
        return next((count for count in counts if count >= at_least), None)

    def says_none(self) -> bool:
        """Whether a list without entries says that there are none, and nothing hints at another reason."""
        if self.tree.css_first("input[type='password' i]") is not None or self._trouble():
            return False
        count = self.count()
        return count == 0 or (count is None and any(_NONE.search(line) for line in self.lines))

    def _trouble(self) -> bool:
        return any(_TROUBLE.search(line) for line in (self.title or "", *self.lines))

    def instead(self) -> str:
        """What this page is, for one who expected another."""
        what = f"a page titled {self.title!r}" if self.title else "a page without a title"
        return f"{what} that is cut off" if self.cut else what

    def main_text(self, *selectors: str) -> str | None:
        """The markup of the part that the selectors find first with text in it, else of the page's main part."""
        tree = LexborHTMLParser(self.text)
        for node in tree.css(_WITHOUT_TEXT):
            node.decompose()
        for selector in (*selectors, *_MAIN):
            found = [node.html or "" for node in tree.css(selector)[:20]]
            if any(lines(markup) for markup in found):
                return "\n".join(found)
        return None


def opened(page: Page, expected: str) -> WebPage:
    """Parse a page. Raises NotABoard if it is empty, too large or nested too deeply to be one."""
    if len(page.body) > MAX_PAGE:
        raise NotABoard(expected, f"a body of {len(page.body):,} bytes; at most {MAX_PAGE:,} are read")
    text = clean(decoded(page.body, page.content_type))
    if not text.strip():
        raise NotABoard(expected, "an empty body")
    if (depth := nesting(text)) > MAX_NESTING:
        raise NotABoard(expected, f"elements nested {depth:,} deep; at most {MAX_NESTING:,} are read")
    return WebPage(url=page.url, text=text, tree=LexborHTMLParser(text), cut=_cut(text))


def text_of(node: LexborNode | None, limit: int = 500) -> str | None:
    """An element's text as one plain line; None if it has none."""
    return None if node is None else plain(node.html or "", limit)


def _cut(text: str) -> str | None:
    """A whole page ends with </html>; a fragment ends with a tag and closes what it opens."""
    lowered = text.lower()
    if "<html" in lowered[:5_000]:
        return None if "</html" in lowered[-2_000:] else "the page stops before </html>"
    if lowered.rfind("<") > lowered.rfind(">"):
        return "the page stops inside a tag"
    bare = without(without(lowered, "<script", "</script"), "<!--", "-->")
    for tag in _BALANCED:
        if len(re.findall(rf"<{tag}\b", bare)) > bare.count(f"</{tag}"):
            return f"the page stops before </{tag}>"
    return None
