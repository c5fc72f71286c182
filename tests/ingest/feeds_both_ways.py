"""Feeds read both ways, by the compiled parser and by feedparser, and what differs.

`python -m tests.ingest.feeds_both_ways [DOCUMENTS] [SEED]` reads so many (5,000 unless said) and prints how many the
compiled parser vouched for. Exit code 1: it vouched for a page that feedparser reads otherwise.
"""

import random
import sys

from services.ingest.boards import BoardPage, NotABoard
from services.ingest.boards.feed_sound import read_sound
from services.ingest.boards.feed_tolerant import read_tolerant
from services.ingest.boards.rss import page_of
from tests.ingest.feed_documents import document

BASE = "https://jobs.example.gov.uk/feed.xml"


def fast(body: bytes, content_type: str | None) -> BoardPage | None:
    """What the compiled parser vouches for; None if nothing."""
    feed = read_sound(body, content_type)
    return page_of(feed, BASE) if feed else None


def slow(body: bytes, content_type: str | None) -> BoardPage | None:
    """What feedparser makes of it; None if it says that it is no feed."""
    try:
        return page_of(read_tolerant(body, content_type), BASE)
    except NotABoard:
        return None


def differs(body: bytes, content_type: str | None) -> tuple[bool, list[str]]:
    """Whether the compiled parser vouches for a page, and where it is not the one that feedparser reads."""
    page = fast(body, content_type)
    if page is None:
        return False, []
    other = slow(body, content_type)
    if page == other:
        return True, []
    if other is None:
        return True, ["feedparser reads no feed"]
    found = [
        f"{mine}\n  not {its}"
        for mine, its in zip(page.postings, other.postings, strict=False)
        if mine != its
    ]
    return True, found or [f"{page}\n  not {other}"]


def main() -> int:
    """Read as many documents as the command says."""
    many, seed = int((sys.argv[1:] or ["5000"])[0]), int((sys.argv[2:] or ["0"])[0])
    chance, vouched, wrongs = random.Random(seed), 0, list[str]()
    for _ in range(many):
        body, content_type = document(chance)
        sure, lost = differs(body, content_type)
        vouched += sure
        wrongs += [f"{content_type} {body!r}:\n  {one}" for one in lost]
    sys.stdout.write(
        f"{many:,} documents, {vouched:,} vouched for, {len(wrongs)} read otherwise than by feedparser\n"
    )
    sys.stdout.write("\n".join(wrongs[:8]) + "\n" if wrongs else "")
    return 1 if wrongs else 0


if __name__ == "__main__":
    raise SystemExit(main())
