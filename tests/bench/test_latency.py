"""What the bench of latency makes of moments and of traces."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.latency import where
from tests.bench.latency.adverts import AT_FIRST, adverts
from tests.bench.latency.measured import alerts, lags, percentile
from tests.bench.names import NAMES


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1), st.sampled_from((50.0, 99.0, 99.9)))
def test_a_percentile_is_one_of_the_values_and_as_many_are_not_above_it(
    values: list[float], percent: float
) -> None:
    """The nearest rank: so many per cent of all are not above it, and of any smaller value that is not so."""
    found = percentile(values, percent)
    share = percent * len(values) / 100
    assert found in values
    assert sum(value <= found for value in values) >= share - 1e-9
    assert sum(value < found for value in values) < share + 1e-9
    with pytest.raises(ValueError, match="nothing"):
        percentile([], percent)


def test_an_alert_is_timed_from_the_poll_that_was_shown_its_posting() -> None:
    """By its way; what was told of other postings, or not taken yet, is left out."""
    found = alerts(
        [
            ("new role", "a", "m1"),
            ("offer below market", "a", "m2"),
            ("new role", "old", "m1"),
            ("new role", "a", "m3"),
        ],
        appeared={"a": 1.0},
        shown={"a": 2.0, "old": 0.5},
        said={"a": 2.5, "old": 0.6},
        taken={"m1": 3.0, "m2": 4.0},
    )
    assert lags(found, "role", "shown") == [1000.0]
    assert lags(found, "benchmark", "shown") == [2000.0]
    assert lags(found, "benchmark", "appeared") == [3000.0]


def test_the_steps_of_a_way_add_up_to_all_of_it() -> None:
    """From the poll's beginning to the mail's end nothing is counted twice or left out: what lies between two spans is
    waiting, and what the next span interrupts counts until then."""
    spans = [
        _span("poll", "ingest", None, 0, 100),
        _span("fetch", "ingest", "poll", 5, 40),
        _span("conclude", "ingest", "poll", 50, 100),
        _span("send loti.roles.v1", "ingest", "poll", 80, 130),
        _span("outbox", "ingest", "send loti.roles.v1", 80, 110),
        _span("publish", "ingest", "send loti.roles.v1", 110, 130),
        _span("process loti.roles.v1", "notify", "send loti.roles.v1", 125, 150),
        _span("handle", "notify", "process loti.roles.v1", 125, 140),
        _span("commit", "notify", "process loti.roles.v1", 140, 150),
        _span("mail", "notify", "process loti.roles.v1", 160, 200),
        _span("judge", "notify", "mail", 160, 170),
        _span("send", "notify", "mail", 180, 200),
        _span("mail", "notify", "elsewhere", 160, 200) | {"span": "of no poll"},
    ]
    [way] = where.ways(spans)
    assert [(name, round(took * 1e6)) for name, took in way] == [
        ("other", 5), ("ingest fetch", 35), ("other", 10), ("ingest conclude", 30), ("ingest outbox", 30),
        ("ingest publish", 15), ("notify handle", 15), ("notify commit", 10), ("wait to be judged", 10), ("judge", 10),
        ("other", 10), ("send", 20),
    ]  # fmt: skip
    assert sum(average for _, average, _, _ in where.table([way, way])) * 1e6 == pytest.approx(200)


def test_no_two_adverts_are_alike_and_each_later_one_pays_less() -> None:
    """Else they would be one role, or no offer below the market."""
    made = adverts(300, seed=1)
    assert len({one.link for one in made}) == len({one.text for one in made}) == AT_FIRST + 300
    measured = [one.pounds for one in made[AT_FIRST:]]
    assert measured == sorted(set(measured), reverse=True)
    assert max(measured) < min(one.pounds for one in made[:AT_FIRST])


def test_it_is_one_of_the_benches() -> None:
    """`loti bench latency` finds it."""
    assert NAMES["latency"] == "tests.bench.latency.bench"


def _span(name: str, service: str, parent: str | None, began: int, ended: int) -> dict[str, Any]:
    return {
        "trace": "t",
        "span": name,
        "parent": parent,
        "service": service,
        "name": name,
        "began": began,
        "ended": ended,
    }
