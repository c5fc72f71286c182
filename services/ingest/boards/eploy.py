"""Eploy: one XML datafeed per tenant, `<Vacancies Count="30"><Item>…`, without paging and without closing dates.

Kind `eploy`; the address is the tenant's, or that of its datafeed. No options. Without `Format=xml` the same address
answers RSS with other identities, so that only the datafeed is read.
"""

from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from services.ingest.boards.adapter import Ask, Board, Missed, Reading, Steps
from services.ingest.boards.council_feed import read_council_feed
from services.ingest.boards.council_options import checked

_EXPECTED = "an Eploy datafeed (<Vacancies>)"


def read_eploy(board: Board, reading: Reading) -> Steps:
    """Read the datafeed; its own Count is held against its items. Raises NotABoard, ValueError for options."""
    checked(board, "eploy", {})
    (answer,) = yield (Ask(_feed(board.url)),)
    if isinstance(answer, Missed):
        reading.miss(answer.why)
        return
    page, feed = read_council_feed(answer, ("vacancies",), _EXPECTED)
    reading.add(page, answer.url)
    if feed.declared is None:
        reading.miss(f"{answer.url}: the datafeed does not say its Count")


def _feed(url: str) -> str:
    """The datafeed's address, as XML, whatever page of the tenant was named."""
    parts = urlsplit(url)
    if not parts.path.lower().endswith("datafeed.ashx"):
        parts = urlsplit(urljoin(url, "/feeds/datafeed.ashx"))
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() != "format"]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode([*query, ("Format", "xml")]), ""))
