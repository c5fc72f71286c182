"""From a posting on a board to the email that tells of it: percentiles at 10, 50 and 200 postings a second, and where the
milliseconds go.

    python -m tests.bench latency
    python -m tests.bench.latency.bench --rates 50 --seconds 20 --traces     (one run, in words)

The posting's clock starts when the board serves it to a poll: how often boards are asked is a setting (a quarter of an
hour, usually), no matter of speed. It stops when the mail relay has taken the alert.
"""

import argparse
import asyncio
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from loti_contracts.delivery.traced_work import step
from tests.bench.latency import where
from tests.bench.latency.adverts import AT_FIRST, adverts
from tests.bench.latency.measured import PERCENTILES, lags, percentile
from tests.bench.latency.phase import Phase, phase, spans_of
from tests.bench.latency.system import system
from tests.bench.measuring import timed
from tests.bench.results import Reach, Result, Scale, Series

CONTACTS: Final = 250
POLL_EVERY: Final = 8.0
"""A board that changes at every look is asked four times as often."""

_WAYS: Final = {"benchmark": "offer below the market", "role": "new role"}
_REACHED: Final = "50/s, offer below the market, p99"


@dataclass(frozen=True, slots=True)
class Rate:
    """Postings a second, for so many seconds."""

    a_second: float
    seconds: float

    @property
    def count(self) -> int:
        """How many postings that makes."""
        return round(self.a_second * self.seconds)


RATES: Final = (Rate(10, 12), Rate(50, 12), Rate(200, 6))


async def run(
    rates: Sequence[Rate], *, warm_up: float = 2.0, traces: bool = False, seed: int = 1
) -> tuple[list[Phase], list[dict[str, Any]]]:
    """Start everything, a phase for each rate, end everything; the spans of what was counted, where traces are wanted."""
    made = adverts(sum(rate.count for rate in rates), seed)
    phases = []
    async with system(poll_every=POLL_EVERY, contacts=CONTACTS, seed=seed, traces=traces) as (
        running,
        folder,
    ):
        running.boards.put_up(made[:AT_FIRST])
        await running.until_told(done := AT_FIRST)
        for rate in rates:
            postings = made[done : done + rate.count]
            phases.append(await phase(running, postings, rate.a_second, before=done, warm_up=warm_up))
            done += rate.count
        for program in running.programs.values():
            await program.stop()
        counted = set().union(*(one.traces for one in phases))
        return phases, spans_of(folder, counted) if traces else []


async def bench(scale: Scale) -> Result:
    """Rounds of two runs each: one that times, and one with traces on."""
    rates = (Rate(20, 3),) if scale.quick else RATES
    traced = Rate(20, 3) if scale.quick else Rate(50, 12)
    warm_up = 0.0 if scale.quick else 2.0
    figures: dict[str, list[float]] = defaultdict(list)
    for turn in range(1 if scale.quick else scale.rounds):
        phases, _ = await run(rates, warm_up=warm_up, seed=turn)
        for rate, one in zip(rates, phases, strict=True):
            _note(figures, f"{rate.a_second:g}/s", one)
        [one], spans = await run([traced], warm_up=warm_up, traces=True, seed=turn)
        _note(figures, f"{traced.a_second:g}/s with traces", one, percentiles=(50.0, 99.0))
        for name, average in _where(spans):
            figures[f"where: {name}"].append(average)
    series = [Series(name, "ms", tuple(values), "less") for name, values in figures.items()]
    off = tuple(timed(lambda: step("nothing").__enter__(), 0.05) * 1e9 for _ in range(3))
    series.append(Series("a step of work while tracing is off", "ns", off, "less"))
    reach = Reach(_REACHED, at_most=1_000, says="end to end p99 below a second at 50 postings a second")
    return Result(
        name="latency",
        says=(
            "Real processes of ingest, salaries and notify on Apache Kafka and PostgreSQL, 33 boards, 250 contacts, a mail "
            "relay over SMTP. From the moment a board serves a posting to a poll until the relay has taken the alert: of a "
            "new role (role event → mail), and of an offer below the market (role event → benchmark → signal → mail)."
        ),
        series=tuple(series),
        reaches=(reach,) if _REACHED in figures else (),
        notes=(
            "`said` counts from the role's event instead: the same without fetching and reading the board. How long a "
            "posting stands on its board until it is polled comes on top: `LOTI_POLL_EVERY`, 900 s unless set, less "
            "for boards that change often.",
            "`where` is the way of the alerts about offers below the market, from traces: the mean of each step, in its "
            "order; they add up to all of it.",
        ),
    )


def _note(
    figures: dict[str, list[float]], name: str, found: Phase, percentiles: Sequence[float] = PERCENTILES
) -> None:
    for way, words in _WAYS.items():
        took = lags(found.alerts, way, "shown")
        for percent in percentiles:
            figures[f"{name}, {words}, p{percent:g}"].append(percentile(took, percent))
    said = lags(found.alerts, "benchmark", "said")
    figures[f"{name}, {_WAYS['benchmark']}, since said, p99"].append(percentile(said, 99))


def _where(spans: Sequence[dict[str, Any]]) -> list[tuple[str, float]]:
    by_benchmark = [way for way in where.ways(spans) if any(name.startswith("salaries") for name, _ in way)]
    return [(name, average) for name, average, _, _ in where.table(by_benchmark)]


def _in_words(found: Phase) -> list[str]:
    lines = [f"{found.rate:.1f} postings a second, {len(found.alerts):,} alerts"]
    for way, words in _WAYS.items():
        for since in ("appeared", "shown", "said"):
            took = lags(found.alerts, way, since)  # type: ignore[arg-type]
            told = ", ".join(f"p{percent:g} {percentile(took, percent):,.0f}" for percent in PERCENTILES)
            lines.append(
                f"  {words:22} since {since:8} {told}, mean {sum(took) / len(took):,.0f} ms of {len(took):,}"
            )
    return [
        *lines,
        "  processor seconds: " + ", ".join(f"{name} {spent:.1f}" for name, spent in found.cpu.items()),
    ]


def main() -> None:
    """One run, in words."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rates", type=float, nargs="+", default=[50.0], help="postings a second")
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--traces", action="store_true", help="and where the milliseconds went")
    parser.add_argument("--keep", type=Path, help="a file for the spans, as JSON Lines")
    given = parser.parse_args()
    rates = [Rate(rate, given.seconds) for rate in given.rates]
    phases, spans = asyncio.run(run(rates, traces=given.traces, seed=given.seed))
    for found in phases:
        print("\n".join(_in_words(found)))  # noqa: T201
    if given.traces:
        ways = where.ways(spans)
        for through, words in ((True, "offer below the market"), (False, "new role")):
            chosen = [way for way in ways if any(name.startswith("salaries") for name, _ in way) == through]
            print(f"{words}: {len(chosen):,} mails; mean, p50 and p99 ms of each step")  # noqa: T201
            for name, average, median, most in where.table(chosen):
                print(f"  {name:20} {average:7.1f} {median:7.1f} {most:7.1f}  {where.meaning(name)}")  # noqa: T201
    if given.keep:
        given.keep.write_text("".join(json.dumps(span) + "\n" for span in spans), encoding="utf-8")


if __name__ == "__main__":
    main()
