"""Microdata, sitemaps and tables: whatever the bytes, a reason and never a crash."""

import json
import random

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.boards import Board, NotABoard
from services.ingest.boards.csv_upload import csv_upload
from services.ingest.boards.microdata import microdata
from services.ingest.boards.sitemap import sitemap
from tests.ingest.asking import converse, fixture, told
from tests.ingest.unvended import BASE, JOB, MAP, table, urls

# ---------------------------------------------------------------- anything at all

_MICRO = fixture("microdata.html")
_MAP = urls(JOB.format(1), "https://a.example/?a=1&b=2", JOB.format(2))
_TABLE = 'id,title,url,pay\n1,"A ""b""",https://a.example/1,£1\n2,B,https://a.example/2,"x\ny"\n'.encode()
_PIECES = [
    b"<",
    b'"',
    b"\n",
    b",",
    b"&#xD800;",
    b"\x00",
    b"\xff\xfe",
    b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>",
    b"<loc>",
    b"itemscope ",
    b"javascript:",
]


def _mutated(whole: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(whole) + 1)
        whole = whole[:at] + chance.choice(_PIECES) * chance.randrange(2) + whole[at + chance.randrange(12) :]
    return whole


@given(seed=st.integers(0, 2**32), raw=st.none() | st.binary(max_size=200))
def test_nothing_but_not_a_board_is_ever_raised(seed: int, raw: bytes | None) -> None:
    """Whatever the bytes, each of these readers gives postings that can be stored, or NotABoard."""
    chance = random.Random(seed)
    pages = {
        MAP: raw or _mutated(_MAP, chance),
        JOB.format(1): _mutated(_MICRO, chance),
        BASE: raw or _mutated(_MICRO, chance),
    }
    pages["https://a.example/v.csv"] = raw or _mutated(_TABLE, chance)
    for adapter, board in (
        (sitemap, Board(MAP, {"match": "."})),
        (microdata, Board(BASE)),
        (csv_upload, Board("https://a.example/v.csv")),
    ):
        try:
            reading = converse(adapter, board, told(pages))
        except NotABoard as refusal:
            assert str(refusal).startswith("expected ")  # noqa: PT017
            continue
        for posting in reading.postings:
            assert posting.url.startswith(("http://", "https://"))
            assert "\x00" not in repr(posting).encode().decode()
            json.dumps(posting.pay_structured, allow_nan=False)


def test_a_lost_character_never_loses_a_good_row() -> None:
    """Wherever one byte of a table is dropped within a row, the row after it is still read."""
    for at in range(_TABLE.index(b"1,"), _TABLE.index(b"2,B") - 1):
        page = table(_TABLE[:at] + _TABLE[at + 1 :])
        assert "B" in [posting.title for posting in page.postings], at
