"""Health: a board is said to be failing once, and to have recovered once, in words that anybody may read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from loti_contracts.events import SourceFailing, SourceRecovered
from services.ingest.health import INCOMPLETE_BEFORE_SAID, Standing, in_words, news
from services.ingest.sources import Source

NOW = datetime(2027, 1, 6, 12, tzinfo=UTC)
CAMDEN = Source.model_validate(
    {
        "id": "camden",
        "name": "Camden",
        "kind": "rss",
        "url": "https://jobs.camden.example/feed.xml",
        "authorities": ["E09000007"],
    }
)
WELL = Standing(said=None, failures=0, last_complete_at=NOW, incomplete_for=0)


def test_failing_is_said_at_the_third_failure_and_once() -> None:
    """Not at the second; then not again until it has recovered, which is said once, with what differs."""
    assert news(replace(WELL, failures=2), CAMDEN, complete=False, why="no answer", now=NOW) is None
    failing = news(replace(WELL, failures=3), CAMDEN, complete=False, why="no answer", now=NOW)
    assert isinstance(failing, SourceFailing)
    assert (failing.source.revision, failing.source.failures, failing.changed) == (1, 3, ())
    assert [authority.name for authority in failing.source.authorities] == ["Camden"]
    said = Standing(failing.source, 4, NOW, 0)
    assert news(said, CAMDEN, complete=False, why="no answer", now=NOW) is None
    recovered = news(replace(said, failures=0), CAMDEN, complete=True, why=None, now=NOW)
    assert isinstance(recovered, SourceRecovered)
    assert (recovered.source.revision, recovered.source.status) == (2, "working")
    assert set(recovered.changed) == {"status", "failures", "why"}
    assert news(replace(WELL, said=recovered.source), CAMDEN, complete=True, why=None, now=NOW) is None


def test_a_day_without_a_complete_reading_is_failing() -> None:
    """A board that answers, but never completely or believably, is told of after a day."""
    standing = replace(WELL, incomplete_for=INCOMPLETE_BEFORE_SAID)
    assert news(standing, CAMDEN, complete=False, why="page 2 is missing", now=NOW) is None
    told = news(replace(standing, incomplete_for=INCOMPLETE_BEFORE_SAID + 1), CAMDEN, complete=False, why="page 2 is missing", now=NOW)  # fmt: skip
    assert isinstance(told, SourceFailing)
    assert "page 2 is missing" in told.source.why


@pytest.mark.parametrize(
    "why",
    [
        "http://127.0.0.1:21020/camden/: status 500",
        "https://boards.internal:8080/x?y=1: timeout",
        "10.0.0.7 is a private address",
        "[fd00::1]:443 refused; localhost:99 too",
    ],
)
def test_words_hold_no_addresses(why: str) -> None:
    """Nobody outside learns an address from a reason; the rest of it is left."""
    words = in_words(why)
    assert not [part for part in ("127.0", "internal", "10.0", "fd00", "localhost", "://") if part in words]
    assert len(in_words(why * 100)) <= 300
