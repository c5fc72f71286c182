"""More partitions and more processes: wall time on the cores there are, and processor time an event, which no core adds to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.bench.measuring import interleaved
from tests.bench.pipeline.beside import NAMES
from tests.bench.pipeline.draining import Run, drain
from tests.bench.pipeline.stage import Message, Stage, messages, stage
from tests.bench.results import Comparison, Result, Scale, Series

_WAYS: Final = {
    1: (("service", 1), ("aiokafka", 1), ("faststream", 1), ("broker", 1)),
    2: (("service", 1), ("service", 2), ("aiokafka", 1), ("broker", 1)),
    4: (("service", 1), ("service", 2), ("service", 4), ("aiokafka", 1), ("faststream", 4), ("broker", 1)),
}
"""By partitions: who is run, with how many processes."""

_CPU: Final = ": processor time"


@dataclass(slots=True)
class _Side:
    """One side on so many partitions and processes, and its runs."""

    here: Stage
    name: str
    partitions: int
    processes: int
    loaded: Sequence[Message]
    runs: list[Run] = field(default_factory=list)

    async def __call__(self) -> float:
        run = await drain(
            self.here, self.name, self.loaded, partitions=self.partitions, processes=self.processes
        )
        self.runs.append(run)
        return run.rate


async def bench(scale: Scale) -> Result:
    """The service on 1, 2 and 4 of both, and beside it what others do on as many partitions."""
    loaded = messages(200 if scale.quick else 6_000, seed=1)
    few = loaded[: 100 if scale.quick else 500]
    series: list[Series] = []
    async with stage() as here:
        for partitions, ways in _WAYS.items():
            await here.roles_topic(partitions)
            sides = {
                _on(name, partitions, processes): _Side(
                    here, name, partitions, processes, few if name == "faststream" else loaded
                )
                for name, processes in ways
            }
            rates = await interleaved(sides, scale.rounds)
            for label, side in sides.items():
                series.append(Series(label, "events/s", rates[label], "more"))
                if side.name == "service":
                    spent = tuple(run.each for run in side.runs[-scale.rounds :])
                    series.append(Series(label + _CPU, "µs/event", spent, "less"))
    one, two, four = (_on("service", 4, processes) for processes in (1, 2, 4))
    return Result(
        name="pipeline-scaling",
        says=f"{len(loaded):,} role events on 1, 2 and 4 partitions, with 1, 2 and 4 processes. Processor time is the "
        "processes' and PostgreSQL's.",
        series=tuple(series),
        comparisons=(
            *(
                Comparison(
                    _on("service", n, 1), _on("aiokafka", n, 1), at_least=0.8, says="the limit by hand"
                )
                for n in _WAYS
            ),
            Comparison(_on("service", 1, 1), _on("faststream", 1, 1), at_least=10),
            Comparison(four, _on("faststream", 4, 4), at_least=10),
            Comparison(two + _CPU, one + _CPU, at_most=1.1, says="two processes for one"),
            Comparison(four + _CPU, one + _CPU, says="four for one"),
        ),
        notes=(
            "What is written by hand keeps its cells in the memory of one process, so it has no second one: it would "
            "overwrite the first's cells.",
            f"FastStream drains the first {len(few):,} events alone, which flatters it.",
        ),
    )


def _on(side: str, partitions: int, processes: int) -> str:
    many = f"{partitions} partition{'s' * (partitions > 1)}, {processes} process{'es' * (processes > 1)}"
    return f"{NAMES[side]}, {many}"
