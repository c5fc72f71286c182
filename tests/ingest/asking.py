"""Conversations with a board's adapter: its questions are answered from a table, without a network."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from services.ingest.boards import Adapter, Ask, Board, Missed, Page, Reading
from services.ingest.boards.adapter import Answer

PAGES = Path(__file__).parent / "ats_pages"


def named(ask: Ask) -> str:
    """What a question is called in a table: its address, and where a search is posted, the page that it wants."""
    if ask.method == "GET":
        return ask.url
    wanted = json.loads(ask.body or b"{}")
    return f"{ask.url}#{wanted.get('offset', wanted.get('pageNo'))}"


def converse(
    adapter: Adapter, board: Board, answer: Callable[[Ask], Answer], asked: list[Ask] | None = None
) -> Reading:
    """Let the adapter ask until it has learned all it can. Whatever it raises comes through."""
    reading = Reading()
    steps = adapter(board, reading)
    asks = next(steps)
    assert len(asks) == 1, "the first question stands alone: it is the conditional one"
    while True:
        for ask in asks:
            assert ask.url.startswith(("http://", "https://"))
            ask.url.encode()  # no lone surrogates
        if asked is not None:
            asked.extend(asks)
        try:
            asks = steps.send(tuple(answer(ask) for ask in asks))
        except StopIteration:
            return reading


def told(pages: Mapping[str, bytes]) -> Callable[[Ask], Answer]:
    """Answers from a table; what is not in it is missed."""

    def answer(ask: Ask) -> Answer:
        body = pages.get(named(ask))
        if body is None:
            return Missed(ask.url, f"{ask.url}: status 404", 404)
        return Page(ask.url, body, None)

    return answer


def fixture(name: str) -> bytes:
    """A recorded shape from ats_pages."""
    return (PAGES / name).read_bytes()
