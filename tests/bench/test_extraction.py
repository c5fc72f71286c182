"""What is compared in the benches of reading boards gives equal results, or better ones."""

import pytest

from tests.bench.extraction import feeds, pages, pay
from tests.bench.extraction.inputs import FEEDS, adverts


@pytest.mark.parametrize("kind", FEEDS)
def test_every_feed_is_read_as_feedparser_reads_it(kind: str) -> None:
    """Every item, and every value of it that is used."""
    feeds.same_as_feedparser(FEEDS[kind](adverts(6)))


@pytest.mark.parametrize("kind", pages.PAGES)
def test_every_page_gives_what_extruct_gives(kind: str) -> None:
    """The same objects in the same order."""
    body = pages.PAGES[kind]()
    assert pages.ours(body) == pages.extructs(body) != []


@pytest.mark.parametrize("name", pay.SETS)
def test_pay_is_read_better_than_by_a_reader_of_prices(name: str) -> None:
    """On every labelled set, of texts with a sure label."""
    rows = pay.texts(pay.SETS[name])
    assert pay.right(pay.SIDES["ours"], rows) > pay.right(pay.SIDES["price-parser"], rows)
