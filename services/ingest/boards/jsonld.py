"""schema.org JobPosting in web pages: a list that carries its postings or links to them, or one posting's own page.

One broken block does not lose the page: it is refused and the rest is read.
"""

from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.jobposting import posting_from
from services.ingest.boards.jsonld_blocks import (
    MAX_NESTING,
    Found,
    block_of,
    decoded,
    nesting,
    scripts_of,
    walk,
)
from services.ingest.boards.jsonld_scripts import may_name_a_next_page, scripts_in
from services.ingest.boards.microdata_items import Items
from services.ingest.boards.posting import (
    MAX_BODY,
    BoardPage,
    NotABoard,
    Posting,
    Refused,
    distinct,
    unreadable,
    why_incomplete,
)
from services.ingest.boards.text import plain, web_address

MAX_DETAILS = 2_000
"""Links to postings that one list page may name."""
_EXPECTED = "a web page with schema.org JobPosting data"


def read_jsonld(body: bytes, *, base_url: str, content_type: str | None) -> BoardPage:
    """Read the JobPostings of a page, and the links by which its list goes on.

    Args:
        body: HTML, or a JSON-LD document of its own, after decompression.
        base_url: the address it came from; a posting that names no address of its own is taken to live there.
        content_type: the header as received, for its charset.

    Raises:
        NotABoard: the body is empty, too large, or has neither JobPostings nor a list of them.
    """
    text = page_text(body, content_type, _EXPECTED)
    bare_json = text.lstrip()[:1] in ("{", "[")
    page = _Page(text, bare_json=bare_json)
    blocks = [block_of(each) for each in page.scripts]
    found = Found()
    refused: list[Refused] = []
    broken = 0
    for place, block in enumerate(blocks, start=1):
        if block.why is not None:
            broken += block.may_hold_postings
            refused.append(Refused("JSON-LD block", f"block {place}", block.why))
        else:
            walk(block.data, found)
    if not found.postings and not found.lists and not broken and not bare_json:
        items = Items(page.tree)  # microdata stands in where no block holds a posting
        found.postings += items.postings
        found.too_deep |= not items.whole
    if not found.postings and not found.lists and not broken:
        raise NotABoard(_EXPECTED, _instead(page.tree, len(blocks), bare_json))
    postings, bad_postings = postings_of(found.postings, base_url)
    details, bad_links = _details(found, base_url)
    lost = tuple(bad_postings + bad_links)
    why = why_incomplete(
        [
            "the page stops before </html>" if not bare_json and cut(text) else None,
            f"{broken} JSON-LD block{'s' if broken > 1 else ''} could not be read" if broken else None,
            f"the list names more than {MAX_DETAILS:,} postings" if len(details) > MAX_DETAILS else None,
            "the data is nested too deeply to be read whole" if found.too_deep else None,
            unreadable(lost),
        ]
    )
    return BoardPage(
        postings=distinct(postings),
        refused=(*refused, *lost),
        complete=why is None,
        next_url=following(page.tree, base_url) if page.may_go_on else None,
        detail_urls=tuple(details[:MAX_DETAILS]),
        why_incomplete=why,
    )


class _Page:
    """A page's scripts, and the page itself as a tree, which is built only where it is needed."""

    def __init__(self, text: str, *, bare_json: bool) -> None:
        self._text = "" if bare_json else text
        self.may_go_on = False
        self.scripts = [text]
        if not bare_json:
            written = text.encode("utf-8", "surrogatepass")
            self.may_go_on = may_name_a_next_page(written)
            found = scripts_in(written)
            self.scripts = (
                list(scripts_of(self.tree))
                if found is None
                else [script for each in found if (script := each.decode("utf-8", "surrogatepass")).strip()]
            )

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return parsed(self._text, _EXPECTED)


def page_text(body: bytes, content_type: str | None, expected: str) -> str:
    """The text of a page. Raises NotABoard if it is empty or too large."""
    if len(body) > MAX_BODY:
        raise NotABoard(expected, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    text = decoded(body, content_type)
    if not text.strip():
        raise NotABoard(expected, "an empty body")
    return text


def parsed(text: str, expected: str) -> LexborHTMLParser:
    """The page as a tree. Raises NotABoard if it is nested so deeply that it was made to exhaust a parser."""
    if (depth := nesting(text)) > MAX_NESTING:
        raise NotABoard(expected, f"elements nested {depth:,} deep; at most {MAX_NESTING:,} are read")
    return LexborHTMLParser(text)


def postings_of(found: list[dict[str, object]], base_url: str) -> tuple[list[Posting], list[Refused]]:
    """The postings in JobPosting objects, and those that could not be read."""
    postings: list[Posting] = []
    refused: list[Refused] = []
    alone = len(found) == 1
    for place, data in enumerate(found, start=1):
        read = posting_from(data, where=f"posting {place}", base_url=base_url, alone=alone)
        if isinstance(read, Posting):
            postings.append(read)
        else:
            refused.append(read)
    return postings, refused


def _details(found: Found, base_url: str) -> tuple[list[str], list[Refused]]:
    """The addresses of postings that are only linked, each once."""
    addresses: dict[str, None] = {}
    refused: list[Refused] = []
    for place, link in enumerate(found.links, start=1):
        address = web_address(link, base_url)
        if address is None:
            shown = plain(link, 80)
            why = f"its link {shown!r} is not an http or https address; the board must correct it"
            refused.append(Refused("link to a posting", f"list entry {place}", why))
        else:
            addresses.setdefault(address)
    return list(addresses), refused


def following(page: LexborHTMLParser, base_url: str) -> str | None:
    """The list's next page, where the page names one."""
    for node in page.css("link[rel~='next' i], a[rel~='next' i]"):
        address = web_address(node.attributes.get("href"), base_url)
        if address is not None and address != web_address(base_url, base_url):
            return address
    return None


def cut(text: str) -> bool:
    """A page that opens with <html and never closes it was cut off on its way."""
    return "<html" in text[:5_000].lower() and "</html" not in text[-2_000:].lower()


def _instead(page: LexborHTMLParser, blocks: int, bare_json: bool) -> str:
    if bare_json:
        return "JSON without a JobPosting in it"
    heading = page.css_first("title")
    title = plain(heading.text()) if heading is not None else None
    what = f"a page titled {title!r}" if title else "a page without a title"
    return what + (f" whose {blocks} JSON-LD blocks hold no JobPosting" if blocks else " without JSON-LD")
