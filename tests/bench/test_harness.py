"""The harness of benches: what it says of figures is what they were."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench import table
from tests.bench.__main__ import keep, main, missed
from tests.bench.measuring import interleaved, slope, timed
from tests.bench.names import NAMES
from tests.bench.results import Comparison, Reach, Result, Series

OURS = Series("ours", "events/s", (90.0, 120.0, 100.0), "more")
THEIRS = Series("theirs", "events/s", (100.0, 100.0, 50.0), "more")


def a_result(**given: object) -> Result:
    return Result(name="pipeline", says="What was measured.", series=(OURS, THEIRS), **given)  # type: ignore[arg-type]


def test_a_ratio_pairs_what_ran_in_the_same_round() -> None:
    """The median of 0.9, 1.2 and 2.0, and not that of the medians, which were of other moments."""
    assert Comparison("ours", "theirs").ratio(a_result()) == pytest.approx(1.2)


def test_what_is_not_reached_is_named() -> None:
    """Below the least and above the most; what asks for nothing is never missed."""
    asked = (
        Comparison("ours", "theirs", at_least=1.3),
        Comparison("theirs", "ours", at_most=0.9),
        Comparison("ours", "theirs"),
    )
    assert missed(a_result(comparisons=asked, reaches=(Reach("theirs", at_least=101),))) == ["ours", "theirs"]
    assert "**not reached**" in "\n".join(table.section(a_result(comparisons=asked)))


def test_a_slip_of_a_bench_is_told_where_it_is_made() -> None:
    """A comparison of what was not measured, and two series of one name."""
    with pytest.raises(KeyError, match="no series 'nobody'"):
        a_result(comparisons=(Comparison("ours", "nobody"),))
    with pytest.raises(ValueError, match="two series of one name"):
        Result(name="x", says="", series=(OURS, OURS))


async def test_sides_take_turns_and_each_begins_a_round() -> None:
    """The warm-up is not counted; every round begins with another side."""
    order: list[str] = []

    def side(name: str) -> "object":
        async def run() -> float:
            order.append(name)
            return float(len(order))

        return run

    found = await interleaved({"a": side("a"), "b": side("b")}, 2)  # type: ignore[dict-item]
    assert order == ["b", "a", "a", "b", "b", "a"]
    assert found == {"a": (3.0, 6.0), "b": (4.0, 5.0)}


@given(
    exponent=st.floats(0.0, 3.0),
    sizes=st.lists(st.integers(1, 10**6), min_size=2, max_size=5, unique=True),
)
def test_slope_is_the_power_by_which_a_figure_grows(exponent: float, sizes: list[int]) -> None:
    """Of figures that are sizes to a power, it is that power."""
    assert slope(sizes, [7.0 * size**exponent for size in sizes]) == pytest.approx(exponent, abs=1e-6)


def test_timed_counts_every_call() -> None:
    """Seconds a call, of as many as it took."""
    calls: list[int] = []
    assert timed(lambda: calls.append(1), least=0.001) * len(calls) >= 0.001


def test_what_is_kept_makes_the_page_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page is of the kept results alone, and a result read again is the one that was kept."""
    monkeypatch.setitem(NAMES, "pipeline", "tests.bench.test_harness")
    result = a_result(
        comparisons=(Comparison("ours", "theirs", at_least=0.8, says="ours by theirs"),),
        notes=("Read it so.",),
    )
    keep(result, 0.4, folder=tmp_path / "results", page=tmp_path / "BENCHMARKS.md")
    kept = json.loads((tmp_path / "results" / "pipeline.json").read_text())
    assert Result.from_json(kept["result"]) == result
    page = (tmp_path / "BENCHMARKS.md").read_text()
    assert "python -m tests.bench pipeline" in page
    assert "| ours ÷ theirs (ours by theirs) | 1.2 | ≥ 0.8 | reached |" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["nonsense"], "no bench is called nonsense"),
        (["--quick", "--write"], "are not kept"),
        (["--rounds", "0"], "at least one round"),
    ],
)
def test_a_wrong_call_is_told_what_to_do(
    asked: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2 and a sentence; nothing is measured."""
    assert main(asked) == 2
    assert said in capsys.readouterr().err


def test_every_name_has_its_bench() -> None:
    """A module that can be found, whose `bench` takes a scale."""
    import importlib
    import inspect

    for name, module in NAMES.items():
        bench = importlib.import_module(module).bench
        assert inspect.iscoroutinefunction(bench), f"{name}: {module}.bench is no coroutine"
