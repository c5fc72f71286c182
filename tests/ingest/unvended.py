"""Microdata, sitemaps and tables as they are printed."""

import json

from services.ingest.boards import Board, BoardPage, Reading
from services.ingest.boards.csv_upload import read_csv
from services.ingest.boards.microdata import read_microdata
from services.ingest.boards.sitemap import sitemap
from tests.ingest.asking import converse, told

BASE = "https://jobs.example.gov.uk/jobs/"
MAP = "https://jobs.example.gov.uk/sitemap.xml"
JOB = "https://jobs.example.gov.uk/vacancy/{}/data-analyst"


def items(body: bytes) -> BoardPage:
    return read_microdata(body, base_url=BASE, content_type="text/html")


def urls(*addresses: str, root: str = "urlset", entry: str = "url") -> bytes:
    each = "".join(f"<{entry}><loc>{address}</loc></{entry}>" for address in addresses)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{each}</{root}>'.encode()


def job(number: int) -> bytes:
    block = {"@type": "JobPosting", "title": f"Data Analyst {number}", "identifier": str(number)}
    return f'<html><script type="application/ld+json">{json.dumps(block)}</script></html>'.encode()


def mapped(pages: dict[str, bytes], match: object = "/vacancy/") -> Reading:
    return converse(sitemap, Board(MAP, {"match": match}), told(pages))


def table(text: str | bytes) -> BoardPage:
    return read_csv(
        text if isinstance(text, bytes) else text.encode(), base_url="https://jobs.example.gov.uk/v.csv"
    )
