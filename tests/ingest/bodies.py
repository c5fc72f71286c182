"""Bodies as feeds and pages print them, and the two readers of those."""

import json

from services.ingest.boards import BoardPage, read_jsonld, read_rss

BASE = "https://jobs.example.gov.uk/feed.xml"


def rss(body: str | bytes, content_type: str | None = "text/xml") -> BoardPage:
    raw = body if isinstance(body, bytes) else body.encode()
    return read_rss(raw, base_url=BASE, content_type=content_type)


def jsonld(*blocks: object, head: str = "") -> BoardPage:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return page(f"<!doctype html><html><head><title>Jobs</title>{head}{scripts}</head><body></body></html>")


def page(html: str | bytes, content_type: str | None = "text/html") -> BoardPage:
    raw = html if isinstance(html, bytes) else html.encode()
    return read_jsonld(raw, base_url="https://jobs.example.gov.uk/jobs/", content_type=content_type)


def item(inner: str, *, title: str = "Data Analyst", link: str = "https://jobs.example.gov.uk/1") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{inner}</item>"


def channel(*items: str, namespaces: str = "") -> str:
    return f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel><title>Jobs</title>{"".join(items)}</channel></rss>'


POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Data Analyst",
    "url": "https://jobs.example.gov.uk/jobs/1",
    "hiringOrganization": {"@type": "Organization", "name": "London Borough of Examples"},
}
