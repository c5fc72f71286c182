"""schema.org JobPosting as microdata, for pages whose JSON-LD is wrong or says less.

Pages without JSON-LD are read by the kind `jsonld` as well.
"""

from services.ingest.boards.adapter import Board, Reading, Steps
from services.ingest.boards.ats_options import options_of
from services.ingest.boards.jsonld import cut, following, page_text, parsed, postings_of
from services.ingest.boards.microdata_items import Items
from services.ingest.boards.paged import paged
from services.ingest.boards.posting import BoardPage, NotABoard, distinct, unreadable, why_incomplete
from services.ingest.boards.text import plain

_EXPECTED = "a web page with schema.org JobPosting microdata"


def microdata(board: Board, reading: Reading) -> Steps:
    """Read a list whose pages carry postings and name the next page. Raises NotABoard, and ValueError for options."""
    options_of(board, "microdata")
    yield from paged(read_microdata)(board, reading)


def read_microdata(body: bytes, *, base_url: str, content_type: str | None) -> BoardPage:
    """Read the postings of a page; see read_jsonld, whose page this is with other markup. Raises NotABoard."""
    text = page_text(body, content_type, _EXPECTED)
    page = parsed(text, _EXPECTED)
    items = Items(page)
    if not items.postings:
        heading = page.css_first("title")
        title = plain(heading.text()) if heading is not None else None
        what = f"a page titled {title!r}" if title else "a page without a title"
        raise NotABoard(_EXPECTED, f"{what} without a JobPosting")
    postings, refused = postings_of(items.postings, base_url)
    why = why_incomplete(
        [
            "the page stops before </html>" if cut(text) else None,
            None if items.whole else "the page has more microdata than is read",
            unreadable(tuple(refused)),
        ]
    )
    return BoardPage(
        postings=distinct(postings),
        refused=tuple(refused),
        complete=why is None,
        next_url=following(page, base_url),
        detail_urls=(),
        why_incomplete=why,
    )
