"""Mutated documents: what every kind of board answers, damaged in one place, and what becomes of its good postings.

`python -m tests.ingest.mutations [DOCUMENTS] [SEED]` reads so many (10,000 unless said) and prints what came of them, a
line a kind. Exit code 1: something but NotABoard was raised, or a good posting was lost or changed without a word.

A good posting of a damaged document is one whose neighbourhood, from the posting before to the one after, was not
touched. It must be read as before, or the reading must say why nothing may be concluded from it.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from deploy.local.boards.adverts import load
from deploy.local.boards.faces import FACES, Asked, Shown
from deploy.local.boards.feeds import feed
from deploy.local.boards.jsonld import list_blocks
from deploy.local.boards.listed import PLAIN, address
from deploy.local.boards.pages import list_page
from services.ingest.boards import KINDS, Ask, Board, NotABoard, Page, Posting, Reading
from tests.ingest.asking import converse, named, told

BASE = "https://boards.example"
TODAY = date(2027, 1, 6)
SCRAPS = (
    b"<", b">", b'"', b"'", b"&", b"&#0;", b"\x00", b"\xff", b"\xc3", b"</div>", b"<b>", b"</b>", b"{", b"}", b"[", b"]", b",",
    b"NaN", b"1e999", b"\\u0000", b"\\ud800", b"javascript:x", b"]]", b"\n\n", b"<br/>", b"\x1b[2J",
)  # fmt: skip


@dataclass(frozen=True)
class Recorded:
    """A conversation with a board that is as it should be: its pages by question, and what was read of them."""

    kind: str
    board: Board
    pages: Mapping[str, bytes]
    postings: tuple[Posting, ...]

    def read(self, pages: Mapping[str, bytes]) -> Reading | None:
        """What the adapter makes of these pages; None if it says that they are no board."""
        try:
            return converse(KINDS[self.kind], self.board, told(pages))
        except NotABoard:
            return None


@cache
def recorded() -> tuple[Recorded, ...]:
    """One conversation of every kind that is served, made once."""
    return tuple(_record(kind) for kind in [*PLAIN, *sorted(FACES.keys() & KINDS.keys())])


def _record(kind: str) -> Recorded:
    boards, adverts = load()
    board = next(
        one for one in boards if one.id == ("north-west-london" if kind == "jsonld" else "southwark")
    )
    shown = Shown(
        board, [a for a in adverts if a.board == board.id], BASE, f"{BASE}/{board.id}/as/{kind}", TODAY
    )
    options = FACES[kind].options_of(board) if kind in FACES else {}
    entry = Board(address(board, kind, BASE), options)
    pages: dict[str, bytes] = {}

    def answer(ask: Ask) -> Page:
        pages[named(ask)] = _page(kind, shown, ask).encode()
        return Page(ask.url, pages[named(ask)], None)

    reading = converse(KINDS[kind], entry, answer)
    assert (reading.gaps, reading.refused) == ([], []), kind
    return Recorded(kind, entry, pages, tuple(reading.postings))


def _page(kind: str, shown: Shown, ask: Ask) -> str:
    if kind == "rss":
        return feed(shown.board, shown.adverts, BASE)
    if kind == "jsonld":
        blocks, many = list_blocks(shown.board, shown.adverts, BASE), len(shown.adverts)
        return list_page(shown.board, shown.adverts, blocks, total=many, page=1, pages=1)
    parts = urlsplit(ask.url)
    path = parts.path.removeprefix(urlsplit(shown.here).path).strip("/")
    sent = {name.lower(): value for name, value in ask.headers}
    asked = Asked(
        path, dict(parse_qsl(parts.query, keep_blank_values=True)), ask.method, ask.body or b"", sent
    )
    content = FACES[kind].answer(asked, shown)
    assert content is not None, ask.url
    return content.text


def damaged(body: bytes, chance: random.Random) -> tuple[bytes, int, int]:
    """The document with one thing wrong, and from where to where it was touched."""
    start = chance.randrange(len(body))
    end = min(len(body), start + chance.choice((1, 3, 20, 300)))
    scrap = chance.choice(SCRAPS)
    match chance.randrange(5):
        case 0:
            return body[:start], start, len(body)
        case 1:
            return body[:start] + body[end:], start, end
        case 2:
            return body[:end] + body[start:], start, end
        case 3:
            return body[:start] + scrap + body[end:], start, end
        case _:
            return body[:start] + scrap + body[start:], start, start


def good(one: Recorded, body: bytes, start: int, end: int) -> list[Posting]:
    """The postings of a document that were not touched: neither they nor their neighbours stand where it was."""
    marks = sorted(
        (found.start(), posting.key)
        for posting in one.postings
        for mark in {posting.key.encode(), posting.url.encode()}
        for found in re.finditer(re.escape(mark), body)
    )
    if len({key for _, key in marks}) < len(one.postings):
        return []  # the page of one posting
    if start < marks[0][0]:
        return []  # what is said at the head is said of all
    before = [key for place, key in marks if place < start][-1:]
    after = [key for place, key in marks if place > end][:1]
    touched = {*before, *after, *(key for place, key in marks if start - 300 <= place <= end)}
    return [posting for posting in one.postings if posting.key not in touched]


def judge(one: Recorded, chance: random.Random) -> tuple[str, list[str]]:
    """Damage one document of a conversation: what came of it, and the good postings that were lost without a word."""
    name = chance.choice(list(one.pages))
    body, start, end = damaged(one.pages[name], chance)
    reading = one.read({**one.pages, name: body})
    if reading is None:
        return "no board", []
    if reading.gaps:
        return "in part", []
    now = {posting.key: posting for posting in reading.postings}
    lost = [p.title for p in good(one, one.pages[name], start, end) if now.get(p.key) != p]
    return "whole", [
        f"{one.kind} {name} {start}-{end}: {title!r} near {body[max(0, start - 60) : start + 80]!r}"
        for title in lost
    ]


def main() -> int:
    """Read as many documents as the command says."""
    many, seed = int((sys.argv[1:] or ["10000"])[0]), int((sys.argv[2:] or ["0"])[0])
    chance, came, wrongs = random.Random(seed), dict[str, Counter[str]](), list[str]()
    for number in range(many):
        one = recorded()[number % len(recorded())]
        word, lost = judge(one, chance)
        came.setdefault(one.kind, Counter())[word] += 1
        wrongs += lost
    rows = [
        f"{kind:16} {words['whole']:6} whole {words['in part']:6} in part {words['no board']:6} no board"
        for kind, words in came.items()
    ]
    total = f"{many:,} documents, {len(wrongs)} good postings lost or changed without a word"
    sys.stdout.write("\n".join([*rows, total, *wrongs[:20]]) + "\n")
    return 1 if wrongs else 0


if __name__ == "__main__":
    raise SystemExit(main())
