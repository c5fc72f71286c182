"""Looking at a careers page: what in it points to a jobs board, of what kind, and how surely. Pure: no network."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from services.ingest.boards.jsonld_blocks import MAX_NESTING, decoded, nesting
from services.ingest.boards.posting import MAX_BODY, NotABoard
from services.ingest.boards.text import clean, plain, web_address
from services.ingest.fingerprints import LINKS, VENDORS, Vendor
from services.ingest.proposals import Confidence, Proposal

MOST_LINKS = 3_000

_ORDER = ("high", "medium", "low")

_EXPECTED = "a web page, a feed or a list of jobs"

_JOB_WORDS = re.compile(r"job|vacanc|career|recruit|opportunit", re.IGNORECASE)

_JOB_ADDRESS = re.compile(r"(/(?:jobs?|vacanc(?:y|ies)|opp|roles?|careers?)/)[^/?#]*[\w-]{3,}", re.IGNORECASE)


def discover(body: bytes, *, url: str, headers: Mapping[str, str]) -> list[Proposal]:
    """What a page proposes, surest first; nothing where nothing points to a board.

    Args:
        body: the page (or feed, or sitemap) as fetched.
        url: where it was found.
        headers: as received, by lower-case name; `content-type` and `link` are looked at.

    Raises:
        NotABoard: it is empty, too large, or nested too deeply to be looked at.
    """
    if len(body) > MAX_BODY:
        raise NotABoard(_EXPECTED, f"a body of {len(body):,} bytes; at most {MAX_BODY:,} are read")
    text = decoded(body, headers.get("content-type"))
    start = text.lstrip()[:2_000]
    if not start:
        raise NotABoard(_EXPECTED, "an empty body")
    found = list(_itself(start, text, url))
    if not found and start[:1] not in "{[" and not re.match(r"<(?:\?xml|urlset|sitemapindex)", start):
        if (depth := nesting(text)) > MAX_NESTING:
            raise NotABoard(_EXPECTED, f"elements nested {depth:,} deep; at most {MAX_NESTING:,} are read")
        found = [*_announced(headers.get("link", ""), url), *_page(LexborHTMLParser(text), text, url)]
    kept: dict[tuple[str, str], Proposal] = {}
    for one in sorted(found, key=lambda one: (_ORDER.index(one.confidence), not one.here)):
        kept.setdefault((one.kind, json.dumps([one.url, dict(one.options)], default=str)), one)
    return list(kept.values())


def _itself(start: str, text: str, url: str) -> Iterator[Proposal]:
    """What the body is, where it is data rather than a page."""
    low = re.sub(r"<!--.*?-->|<\?[^>]*>|<!doctype[^>]*>", "", start.lower(), flags=re.DOTALL).lstrip()
    if re.match(r"<vacancies\b", low):
        yield Proposal("eploy", url, {}, "high", "it is a <Vacancies> list as Eploy prints it", here=True)
    elif re.match(r"<(?:rss|feed|rdf:rdf|channel)\b", low):
        links = "<link" in text.lower()
        surely: Confidence = "high" if links else "low"
        yield Proposal("rss", url, {}, surely, "it is an RSS or Atom feed", here=True)
    elif re.match(r"<(?:urlset|sitemapindex)\b", low):
        yield from _sitemap(text, url)
    elif start[:1] in "{[" and re.search(r'"@type"\s*:\s*"(?:https?://schema\.org/)?JobPosting"', text):
        yield Proposal("jsonld", url, {}, "high", "it is JSON-LD with a JobPosting in it", here=True)
    elif re.search(r'"jobs"\s*:\s*\[', text) and "boards.greenhouse.io" in text:
        yield from _by_link(
            url, "the body is a list of jobs as Greenhouse prints it, and its address is", "high"
        )
    elif start[:1] in "{[":
        needs = "options: format json, items and fields"
        yield Proposal("mapping", url, {}, "low", "it is JSON of no known vendor", here=True, needs=needs)


def _sitemap(text: str, url: str) -> Iterator[Proposal]:
    addresses = re.findall(r"<loc>\s*([^<\s]{1,2000})\s*</loc>", text[:5_000_000], re.IGNORECASE)
    jobs = [address for address in addresses if _JOB_ADDRESS.search(address)]
    if jobs:
        said = f"a sitemap names {len(jobs)} pages that look like adverts, the first {clean(jobs[0])[:200]}"
        parts = Counter(hit.group(1) for job in jobs if (hit := _JOB_ADDRESS.search(job)))
        match = {"match": parts.most_common(1)[0][0]}
        yield Proposal("sitemap", url, match, "medium" if len(jobs) > 2 else "low", said, here=True)


def _announced(header: str, url: str) -> Iterator[Proposal]:
    for link, rest in re.findall(r"<([^<>]{1,2000})>([^<]{0,500})", header[:20_000]):
        is_feed = "alternate" in rest and re.search(r"application/(?:rss|atom)\+xml", rest)
        if is_feed and (address := web_address(link, url)):
            yield Proposal("rss", address, {}, "medium", "the Link header announces a feed")


def _page(page: LexborHTMLParser, text: str, url: str) -> Iterator[Proposal]:
    if re.search(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?JobPosting"', text):
        yield Proposal("jsonld", url, {}, "high", "the page holds JSON-LD of the type JobPosting", here=True)
    elif listed := _JOB_ADDRESS.findall(" ".join(_listed(page))):
        said = f"the page holds a JSON-LD list of {len(listed)} pages that look like adverts"
        yield Proposal("jsonld", url, {}, "medium", said, here=True)
    if page.css_first("[itemtype*='schema.org/JobPosting' i]") is not None:
        yield Proposal(
            "jsonld", url, {}, "high", "the page holds microdata of the type JobPosting", here=True
        )
    for node in page.css("link[rel~='alternate' i][href][type*='rss' i], link[rel~='alternate' i][href][type*='atom' i]"):  # fmt: skip
        title = plain(node.attributes.get("title")) or ""
        href = node.attributes.get("href")
        if address := web_address(href, url):
            about_jobs = bool(_JOB_WORDS.search(f"{title} {address}"))
            named = f"announces a feed titled {title!r}" if title else "announces a feed"
            yield Proposal("rss", address, {}, "high" if about_jobs else "low", f"the page's head {named}")
    for node in page.css("link[rel='sitemap' i][href]"):
        if address := web_address(node.attributes.get("href"), url):
            yield Proposal(
                "jsonld", address, {}, "low", "the page names a sitemap; look whether it lists adverts"
            )
    linked = list(_linked(page, url))
    yield from linked
    for vendor in VENDORS:
        if vendor.markup and not any(f" of {vendor.name}: " in one.evidence for one in linked):
            hit = re.search(vendor.markup, text, re.IGNORECASE)
            here = vendor.kind != "unknown" and vendor.url == "{link}"
            if hit is not None:
                said = f"the page's markup says {hit.group()[:60]!r}"
                yield _propose(vendor, url, {}, "low", said, here=here)


def _listed(page: LexborHTMLParser) -> Iterator[str]:
    """The JSON-LD blocks of a page that list something."""
    for node in page.css("script[type='application/ld+json' i]")[:50]:
        text = node.text()
        if re.search(r'"@type"\s*:\s*"(?:https?://schema\.org/)?ItemList"', text):
            yield text[:200_000]


def _linked(page: LexborHTMLParser, url: str) -> Iterator[Proposal]:
    """Vendors whose addresses the page has, or is at. What it embeds is surer than what it links to."""
    yield from _by_link(url, "the page's own address is", "high")
    seen = {url}
    for node in page.css("a[href], iframe[src], script[src], form[action], link[href], embed[src]")[
        :MOST_LINKS
    ]:
        said = node.attributes.get("href") or node.attributes.get("src") or node.attributes.get("action")
        address = web_address(said, url)
        if address is not None and address not in seen:
            seen.add(address)
            sure: Confidence = "high" if node.tag in ("iframe", "script", "form") else "medium"
            yield from _by_link(address, f"the page has <{node.tag}> with an address", sure)


def _by_link(address: str, said: str, confidence: Confidence) -> Iterator[Proposal]:
    for vendor, pattern in LINKS:
        if (hit := pattern.search(address)) is not None:
            groups = {name: unquote(text) for name, text in hit.groupdict().items() if text}
            own = "own address" in said
            evidence = f"{said} of {vendor.name}: {address[:200]}"
            yield _propose(vendor, address, groups, confidence, evidence, here=own and vendor.url == "{link}")
            return


def _propose(
    vendor: Vendor,
    link: str,
    groups: Mapping[str, str],
    confidence: Confidence,
    evidence: str,
    *,
    here: bool,
) -> Proposal:
    parts = urlsplit(link)
    origin = f"{parts.scheme}://{parts.netloc}"
    given = parse_qs(parts.query).get("for", [""])[0]
    options = {name: groups.get(name) or given for name in vendor.options}
    return Proposal(
        kind=vendor.kind,
        url=vendor.url.format(link=link, origin=origin, host=origin, **groups) if groups or "{" in vendor.url else vendor.url,
        options={name: value for name, value in options.items() if value} | dict(vendor.fixed),
        confidence=confidence if vendor.needs is None else "low",
        evidence=evidence if vendor.name in evidence else f"{evidence}, as {vendor.name} prints it",
        here=here,
        needs=vendor.needs,
    )  # fmt: skip
