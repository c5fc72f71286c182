"""When a board is asked again: never outside the bounds, sooner the more it changes, later the more it fails."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.schedule import DAY, fresh_for, next_ask

NOON = datetime(2026, 8, 22, 12, tzinfo=UTC)
EVERY = 900.0

_EVERY = st.floats(1, 100_000)
_RANDOM = st.floats(0, 1)
_HISTORY = st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=30).map(
    lambda looks: [(NOON + timedelta(seconds=at), changed) for at, changed in sorted(looks)]
)
_PAUSE = st.none() | st.floats(0, 1e9)


def looks(gap: float, *changed: bool) -> list[tuple[datetime, bool]]:
    """A history of looks, `gap` seconds apart."""
    return [(NOON + timedelta(seconds=gap * number), each) for number, each in enumerate(changed)]


def test_without_a_history_a_board_is_asked_every_so_often() -> None:
    """±20 % around `every`; one look teaches nothing yet."""
    for history in ([], looks(EVERY, True)):
        waits = [next_ask(history, every=EVERY, random=random) for random in (0, 0.5, 1)]
        assert waits == pytest.approx([720, 900, 1080])


def test_a_quiet_board_is_asked_less_and_a_busy_one_more() -> None:
    """A poller that keeps to the answer arrives at both bounds, and comes back from them."""
    history: list[tuple[datetime, bool]] = looks(EVERY, False)

    def live(times: int, changed: bool) -> float:
        wait = 0.0
        for _ in range(times):
            wait = next_ask(history, every=EVERY, random=0.5)
            history.append((history[-1][0] + timedelta(seconds=wait), changed))
        return wait

    assert live(12, False) == 8 * EVERY
    assert live(30, True) == pytest.approx(EVERY / 4)
    assert live(60, False) == 8 * EVERY


def test_back_off_doubles_up_to_a_day() -> None:
    """Twice `every` after the first failure, then twice that, never more than a day."""
    waits = [next_ask([], every=EVERY, random=0.5, failures=failures) for failures in range(1, 9)]
    assert waits == [1800, 3600, 7200, 14400, 28800, 57600, DAY, DAY]
    assert next_ask([], every=EVERY, random=1, failures=10**6) == DAY


@given(history=_HISTORY, every=_EVERY, random=_RANDOM)
def test_bounds_always_hold(history: list[tuple[datetime, bool]], every: float, random: float) -> None:
    """A quarter of `every` to 8 times `every`, whatever happened."""
    assert every / 4 <= next_ask(history, every=every, random=random) <= every * 8


@given(
    history=_HISTORY, every=_EVERY, random=_RANDOM, failures=st.integers(0, 2000), pause=_PAUSE, good=_PAUSE
)
def test_nobody_is_asked_before_he_wishes(
    history: list[tuple[datetime, bool]], every: float, random: float, failures: int, pause: float | None, good: float | None
) -> None:  # fmt: skip
    """Not before Retry-After and freshness (of which a day counts), and not later than all bounds allow."""
    wait = next_ask(history, every=every, random=random, failures=failures, retry_after=pause, fresh_for=good)
    asked = min(DAY, max(pause or 0, good or 0))
    assert asked <= wait <= max(every * 8, DAY * 1.2)
    assert wait >= every / 4


@given(history=_HISTORY, more=st.lists(st.booleans(), min_size=30, max_size=30), every=_EVERY, random=_RANDOM)
def test_more_changes_never_mean_later(
    history: list[tuple[datetime, bool]], more: list[bool], every: float, random: float
) -> None:
    """The same looks with some more changes among them: as soon or sooner."""
    busier = [(when, changed or extra) for (when, changed), extra in zip(history, more, strict=False)]
    assert next_ask(busier, every=every, random=random) <= next_ask(history, every=every, random=random)


@given(
    history=_HISTORY,
    every=_EVERY,
    random=_RANDOM,
    fewer=st.integers(0, 100),
    extra=st.integers(0, 100),
    pause=_PAUSE,
)
def test_failures_never_mean_sooner(
    history: list[tuple[datetime, bool]], every: float, random: float, fewer: int, extra: int, pause: float | None
) -> None:  # fmt: skip
    """One failure more: as late or later."""

    def wait(failures: int) -> float:
        return next_ask(history, every=every, random=random, failures=failures, retry_after=pause)

    assert wait(fewer) <= wait(fewer + extra)


@pytest.mark.parametrize(("every", "random"), [(0, 0.5), (-1, 0.5), (float("nan"), 0.5), (1, 1.1), (1, -0.1)])
def test_nonsense_is_refused(every: float, random: float) -> None:
    """A caller's mistake is not turned into a flood of requests."""
    with pytest.raises(ValueError, match="every must be positive"):
        next_ask([], every=every, random=random)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, b"", None),
        ({"cache-control": "max-age=60"}, b"", 60),
        ({"cache-control": 'public,  Max-Age="60"', "age": "20"}, b"", 40),
        ({"cache-control": "max-age=60", "age": "80"}, b"", None),
        ({"cache-control": "s-maxage=600"}, b"", None),
        ({"cache-control": "max-age=0"}, b"", None),
        ({"cache-control": "no-cache, max-age=60"}, b"", None),
        ({"cache-control": "no-store"}, b"", None),
        ({"cache-control": "max-age=31536000"}, b"", DAY),
        ({"cache-control": "max-age=soon", "expires": "Sat, 22 Aug 2026 12:01:00 GMT"}, b"", 60),
        ({"cache-control": "max-age=5", "expires": "Sat, 22 Aug 2026 12:01:00 GMT"}, b"", 5),
        (
            {
                "expires": "Sat, 22 Aug 2026 11:01:00 GMT",
                "date": "Sat, 22 Aug 2026 11:00:00 GMT",
            },
            b"",
            60,
        ),
        ({"expires": "0"}, b"", None),
        ({"expires": "Sat, 22 Aug 2026 11:59:00 GMT"}, b"", None),
        ({}, b"<?xml version='1.0'?><rss version='2.0'><channel><ttl> 15 </ttl><item/>", 900),
        ({"cache-control": "max-age=60"}, b"<rss><channel><ttl>15</ttl>", 900),
        ({"cache-control": "no-cache"}, b"<rss><channel><ttl>15</ttl>", 900),
        ({"cache-control": "max-age=60"}, b"<rss><channel><ttl>0</ttl>", 60),
        ({}, b"<rss><channel><item><ttl>15</ttl></item>", None),
        ({}, b"<html><ttl>15</ttl>", None),
        ({}, b"<rss><channel><ttl>9999999</ttl>", DAY),
        ({}, b"<rss><channel><ttl>-5</ttl>", None),
    ],
)
def test_how_long_an_answer_is_good(headers: dict[str, str], body: bytes, seconds: float | None) -> None:
    """max-age less Age before Expires less Date; an RSS channel's ttl in minutes; the longer counts, up to a day."""
    assert fresh_for(headers, body, NOON) == seconds


@given(headers=st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text()), body=st.binary())  # fmt: skip
def test_odd_headers_are_no_errors(headers: dict[str, str], body: bytes) -> None:
    """Whatever a host sends, there is a number up to a day or none."""
    seconds = fresh_for(headers, body, NOON)
    assert seconds is None or 0 < seconds <= DAY
