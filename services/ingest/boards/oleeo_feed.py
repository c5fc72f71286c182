"""Oleeo's feeds: Atom entries whose content is lines "Closing Date:30 Oct 2026", or `<span itemprop="…">` pairs.

The pairs arrive escaped once or twice over (`&amp;amp;`), and what is absent reads "Item not found".
"""

import re
from dataclasses import replace
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.adapter import Page
from services.ingest.boards.council_feed import read_council_feed
from services.ingest.boards.feed_items import Feed
from services.ingest.boards.html_fields import (
    CLOSES,
    DEPARTMENT,
    EMPLOYER,
    LOCATION,
    POSTED,
    TYPE,
    labelled_in,
    pay_of,
    value_of,
)
from services.ingest.boards.posting import BoardPage, Posting, distinct
from services.ingest.boards.text import MAX_DESCRIPTION, plain, web_address

_OPPORTUNITY = re.compile(r"/opp/(\d{1,12})(?=[-/?#]|$)")
_VISIT = re.compile(r"/xf-[0-9A-Za-z]+(?=/)")
_SPAN = re.compile(r"<span[^<>]*\bitemprop\s*=", re.IGNORECASE)


def opportunity(link: str) -> str | None:
    """The vacancy's number in an address; None if it is not a vacancy's."""
    found = _OPPORTUNITY.search(link)
    return found.group(1) if found else None


def visitless(link: str) -> str:
    """The address without what belongs to one visit (`xf-…`) or to the button it came from (`instant=apply`)."""
    return re.sub(r"\?instant=\w+$", "", _VISIT.sub("", link))


def read_feed(answer: Page) -> BoardPage:
    """Read a feed whole; every posting's identity is its vacancy number. Raises NotABoard as read_rss does."""
    page, feed = read_council_feed(answer, ("feed", "rss", "rdf"), "an Oleeo feed")
    contents = _contents(feed, answer.url)
    postings = distinct(_completed(posting, contents.get(posting.url, "")) for posting in page.postings)
    return replace(page, postings=postings)


def _contents(feed: Feed, base_url: str) -> dict[str, str]:
    """The content of each entry, as written, by its address."""
    contents: dict[str, str] = {}
    for item in feed.items:
        parts = [*item.contents, item.values.get("summary")]
        written = next((part for part in parts if isinstance(part, str) and part.strip()), "")
        if address := web_address(item.values.get("link"), base_url):
            contents.setdefault(address, written)
    return contents


def _completed(posting: Posting, written: str) -> Posting:
    url = visitless(posting.url)
    posting = replace(posting, key=opportunity(url) or posting.key, url=url)
    pairs = _pairs(written)
    if not pairs:
        return _from_lines(posting, written)
    return replace(
        posting,
        title=pairs.get("job_title") or posting.title,
        employer=pairs.get("organisation") or posting.employer,
        location=pairs.get("location") or pairs.get("job_location") or posting.location,
        pay_text=pairs.get("salary_range") or pairs.get("salary"),
        closes=pairs.get("closing_date"),
        description=pairs.get("job_description"),
        department=pairs.get("directorate") or pairs.get("service_area"),
        employment_type=", ".join(
            dict.fromkeys(
                pairs[name] for name in ("contract_type", "position_type", "job_type") if name in pairs
            )
        )
        or None,
    )


def _pairs(written: str) -> dict[str, str]:
    """The text of each span by its itemprop in lower case; what is absent is left out."""
    for _ in range(3):
        if _SPAN.search(written):
            break
        written = unescape(written)
    else:
        return {}
    pairs: dict[str, str] = {}
    for node in LexborHTMLParser(written).css("span[itemprop]")[:200]:
        name = (node.attributes.get("itemprop") or "").strip().lower()
        limit = MAX_DESCRIPTION if name == "job_description" else 500
        if name and (text := plain(node.html or "", limit)):
            pairs.setdefault(name, text)
    return pairs


def _from_lines(posting: Posting, written: str) -> Posting:
    found = labelled_in(written)
    return replace(
        posting,
        employer=posting.employer or value_of(found, EMPLOYER),
        location=posting.location or value_of(found, LOCATION),
        pay_text=posting.pay_text or pay_of(found),
        posted=posting.posted or value_of(found, POSTED),
        closes=posting.closes or value_of(found, CLOSES),
        department=posting.department or value_of(found, DEPARTMENT),
        employment_type=posting.employment_type or value_of(found, TYPE),
    )
