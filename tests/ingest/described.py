"""Described boards: their words in YAML, and a conversation with pages from a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from services.ingest.boards import Board, Missed, Page, Posting, Reading
from services.ingest.boards.mapping import read_mapping

BASE = "https://jobs.example.gov.uk/list"


def look(
    words: str, *bodies: str | bytes, more: Mapping[str, str | bytes] | None = None, url: str = BASE
) -> Reading:
    """Read a board: the first body answers the first question, the others the next ones; `more` is by address."""
    reading = Reading()
    steps = read_mapping(Board(url, yaml.safe_load(words)), reading)
    queue = list(bodies)
    asks: Sequence[Any] = next(steps)
    try:
        while True:
            answers: list[Page | Missed] = []
            for ask in asks:
                body = (more or {}).get(ask.url) or (queue.pop(0) if queue else None)
                if body is None:
                    answers.append(Missed(ask.url, f"{ask.url}: status 404 Not Found", 404))
                else:
                    answers.append(Page(ask.url, body if isinstance(body, bytes) else body.encode(), None))
            asks = steps.send(tuple(answers))
    except StopIteration:
        return reading


def only(reading: Reading) -> Posting:
    """The one posting of a board that was read whole."""
    assert reading.gaps == []
    assert reading.refused == []
    (posting,) = reading.postings
    return posting


EVERY = """
format: json
items: {items}
fields:
  key: reference
  title: jobTitle
  url: advertUrl
  pay_text: salary
  closes: expiresAt
  description: jobAdvert
  employment_type: {{join: [workingPatterns, contractType]}}
"""

TABLE = """
format: html
items: "table.jobs tr:has(td)"
empty: table.jobs
fields:
  key: "@data-id"
  title: td:nth-child(1) a
  url: td:nth-child(1) a@href
  pay_text: {path: td.line, until: "Closing date"}
  closes: {path: td.line, after: "closing date:"}
"""


def rows(*numbers: int, extra: str = "") -> str:
    inner = "".join(
        f'<tr data-id="{n}"><td><a href="/job/{n}">Officer {n}</a></td>'
        f'<td class="line">£37,509 to £41,637 – Closing date: {n} August</td></tr>'
        for n in numbers
    )
    return f'<html><body><table class="jobs"><tr><th>Job</th></tr>{inner}</table>{extra}</body></html>'
